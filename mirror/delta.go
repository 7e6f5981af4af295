package mirror

import (
	"context"
	"iter"
	"slices"

	"github.com/nlkit/nlkit/mirror/internal/store"
)

// Kind says what became of a record.
type Kind uint8

// The kinds of changes.
const (
	Added Kind = iota + 1
	Changed
	Deleted
)

// String returns "added", "changed" or "deleted".
func (k Kind) String() string {
	switch k {
	case Added:
		return "added"
	case Changed:
		return "changed"
	case Deleted:
		return "deleted"
	}
	return "no kind"
}

// MarshalText writes the kind as String does.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Change is what became of a record, by bytes.
type Change struct {
	Kind  Kind
	Table string
	NSID  int32
	Key   []byte
	Old   []byte // the value before, nil where it was added
	New   []byte // the value now, nil where it was deleted
	// Reasons are those of all changes of the table, in that namespace, on the way from
	// one snapshot to the other: mostly one.
	Reasons Reasons
	def     *Definition
}

// AppendOldJSON and AppendNewJSON append a value as a JSON object, by the names of
// the table's spec.
func (c Change) AppendOldJSON(dst []byte) []byte { return c.def.appendJSON(dst, c.Old) }

// AppendNewJSON is AppendOldJSON for the value now.
func (c Change) AppendNewJSON(dst []byte) []byte { return c.def.appendJSON(dst, c.New) }

// Delta is the way from one snapshot to a later one.
type Delta struct {
	From, To *Snapshot // From may be nil: nothing
	// Reasons are those of all changes in it; each change has those of its table's.
	Reasons Reasons
	// Coalesced is how many versions between the two were passed over, because the
	// consumer was slower than the kernel: of what changed more than once only the
	// last state is told, and of what came and went nothing.
	Coalesced uint64
	// Resyncs are those that ended on the way: the last 16 of them, if there were
	// more.
	Resyncs []Resync
}

// delta makes the step from one snapshot to another.
func delta(from, to *Snapshot) *Delta {
	d := &Delta{From: from, To: to}
	if from == nil || from.of != to.of { // nothing, or another mirror's
		from = &Snapshot{}
	} else {
		d.Coalesced = to.version - from.version - 1
	}
	d.Reasons = reasonsOf(from.counts, to.counts)
	for _, r := range to.resyncs {
		if r.Number > from.resync {
			d.Resyncs = append(d.Resyncs, r)
		}
	}
	return d
}

// reasonsOf are the reasons that were counted between two times.
func reasonsOf(from, to [reasons]uint64) (set Reasons) {
	for r := range reasons {
		if from[r] != to[r] {
			set |= 1 << r
		}
	}
	return set
}

// Changes yields what is different, in the order of tables, namespaces and keys.
// Finding it costs as much as there is changed, not as much as there is. The bytes
// must not be changed.
func (d *Delta) Changes() iter.Seq[Change] {
	return func(yield func(Change) bool) {
		for _, views := range d.To.tables {
			for _, to := range views {
				if !d.table(to.def, to.nsid, yield) {
					return
				}
			}
		}
		if d.From == nil {
			return
		}
		for _, views := range d.From.tables {
			for _, from := range views {
				// A namespace that has gone, with everything in it.
				if d.To.find(from.def, from.nsid) == nil && !d.table(from.def, from.nsid, yield) {
					return
				}
			}
		}
	}
}

// table yields what is different in one table of one namespace.
func (d *Delta) table(def *Definition, nsid int32, yield func(Change) bool) bool {
	var from, to *store.Snapshot
	var shown matcher
	var before [reasons]uint64
	if d.From != nil {
		if v := d.From.find(def, nsid); v != nil {
			from, shown, before = v.store, v.shown, v.changes
		}
	}
	why := Reasons(1 << Announced) // that the namespace has gone
	if v := d.To.find(def, nsid); v != nil {
		to, shown, why = v.store, v.shown, reasonsOf(before, v.changes)
	}
	if from == to {
		return true
	}
	for c := range store.Diff(from, to) {
		if shown != nil {
			// What begins to be shown is added, what ceases to be deleted.
			if c.Old != nil && !shown.Match(c.Old) {
				c.Old = nil
			}
			if c.New != nil && !shown.Match(c.New) {
				c.New = nil
			}
		}
		kind := Changed
		switch {
		case c.Old == nil && c.New == nil:
			continue
		case c.Old == nil:
			kind = Added
		case c.New == nil:
			kind = Deleted
		}
		if !yield(Change{kind, def.Name, nsid, c.Key, c.Old, c.New, why, def}) {
			return false
		}
	}
	return true
}

// Changes yields what changes from a snapshot on, nil being the empty one: a step
// for each version, or for several where the consumer is slow. Nothing is
// queued for it, so that it may be as slow as it likes: each step is the exact
// difference between two snapshots, and the last state of everything always comes.
//
// The iteration ends with an error: ctx's, or the mirror's end. Any number of
// consumers may iterate at once.
func (m *Mirror) Changes(ctx context.Context, from *Snapshot) iter.Seq2[*Delta, error] {
	return func(yield func(*Delta, error) bool) {
		for {
			base, to, err := m.after(ctx, from)
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(delta(base, to), nil) {
				return
			}
			from = to
		}
	}
}

// namespaces are those that a table was or is mirrored in.
func (d *Delta) namespaces(def *Definition) []int32 {
	ids := d.To.namespaces(def)
	if d.From != nil {
		for _, id := range d.From.namespaces(def) {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}
