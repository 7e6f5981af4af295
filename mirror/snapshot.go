package mirror

import (
	"fmt"
	"iter"
	"time"

	"github.com/nlkit/nlkit/mirror/internal/store"
)

// Own is the number that stands for the mirror's own namespace, which has no
// namespace id.
const Own int32 = -1

// Snapshot is the state of all tables at one point of the mirror's time. It never
// changes; reading takes no locks and may be done from many goroutines. It holds
// memory as long as it is referred to: what it shares with other snapshots once.
//
// The tables of one protocol are from the same point of the kernel's stream of
// events. Those of different protocols have different streams.
type Snapshot struct {
	of      *Mirror
	version uint64
	tables  [][]view // by the mirror's tables; one for each namespace, the own first
	counts  [reasons]uint64
	resyncs []Resync // the last ones
	resync  uint64   // how many there were
}

// view is one table of one namespace.
type view struct {
	def     *Definition
	nsid    int32
	store   *store.Snapshot
	synced  bool
	changes [reasons]uint64 // of the table's records until then, by reason
	// shown tells which records are shown, nil for all; visible is how many.
	shown   matcher
	visible int
}

// all yields the records that are shown.
func (v *view) all() iter.Seq2[[]byte, []byte] { return v.only(v.store.All()) }

// only leaves out what is not shown.
func (v *view) only(records iter.Seq2[[]byte, []byte]) iter.Seq2[[]byte, []byte] {
	if v.shown == nil {
		return records
	}
	return func(yield func(key, value []byte) bool) {
		for key, value := range records {
			if v.shown.Match(value) && !yield(key, value) {
				return
			}
		}
	}
}

// get finds a record that is shown.
func (v *view) get(key []byte) (value []byte, ok bool) {
	value, ok = v.store.Get(key)
	if !ok || v.shown != nil && !v.shown.Match(value) {
		return nil, false
	}
	return value, true
}

// Version counts the snapshots of a mirror: it grows with each change.
func (s *Snapshot) Version() uint64 { return s.version }

// Synced reports whether all tables are what the kernel has, as far as it has told.
// It is false between the news that messages were lost and the end of the reading
// that makes up for it: the snapshot is then the state before the loss.
func (s *Snapshot) Synced() bool {
	for _, views := range s.tables {
		for _, v := range views {
			if !v.synced {
				return false
			}
		}
	}
	return true
}

// Tables lists the tables that were asked for.
func (s *Snapshot) Tables() []string {
	var names []string
	for _, views := range s.tables {
		if len(views) > 0 {
			names = append(names, views[0].def.Name)
		}
	}
	return names
}

// Namespaces lists the ids of the namespaces, Own first.
func (s *Snapshot) Namespaces() []int32 {
	var ids []int32
	for _, views := range s.tables {
		for _, v := range views {
			ids = append(ids, v.nsid)
		}
		if len(ids) > 0 {
			break
		}
	}
	return ids
}

// Record is a record of a table, by bytes.
type Record struct {
	Table string
	NSID  int32 // Own, or the id of the namespace
	Key   []byte
	Value []byte // the fixed header and the attributes
	def   *Definition
}

// AppendJSON appends the record as a JSON object, by the names of its spec.
func (r Record) AppendJSON(dst []byte) []byte { return r.def.appendJSON(dst, r.Value) }

// All yields every record of every table, in the order of tables, namespaces and
// keys. The bytes must not be changed.
func (s *Snapshot) All() iter.Seq[Record] {
	return func(yield func(Record) bool) {
		for _, views := range s.tables {
			for _, v := range views {
				for key, value := range v.all() {
					if !yield(Record{v.def.Name, v.nsid, key, value, v.def}) {
						return
					}
				}
			}
		}
	}
}

// find returns the table of a definition in a namespace; nil if it is not there.
func (s *Snapshot) find(d *Definition, nsid int32) *view {
	for _, views := range s.tables {
		if len(views) == 0 || views[0].def != d {
			continue
		}
		for i := range views {
			if views[i].nsid == nsid {
				return &views[i]
			}
		}
	}
	return nil
}

// Resync tells how a loss was made good.
type Resync struct {
	Number   uint64 // counts them
	Feed     string // the protocol, or the generic netlink family
	Kind     ResyncKind
	Cause    string // what it was in full: for an error of the socket, its text
	Lost     uint64 // messages, as far as the kernel counts them
	Restarts int    // losses meanwhile, for each of which it began again
	Changes  uint64 // records that turned out to have changed
	Began    time.Time
	Took     time.Duration
}

// String says it in one line.
func (r Resync) String() string {
	return fmt.Sprintf("%s: %s, %d lost, %d restarts, %d changes, %v", r.Feed, r.Cause, r.Lost, r.Restarts, r.Changes, r.Took.Round(time.Microsecond))
}

func (s *Snapshot) namespaces(d *Definition) []int32 {
	var ids []int32
	for _, views := range s.tables {
		for _, v := range views {
			if v.def == d {
				ids = append(ids, v.nsid)
			}
		}
	}
	return ids
}
