package mirror

import (
	"iter"
	"slices"
	"time"

	"github.com/nlkit/nlkit/mirror/internal/expr"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/codec"
)

// Definition says how a table is read, how its changes are announced, and what
// tells its records apart. It is what [NewTable] and [NewRaw] make a table of;
// those of this package are made in the same way.
//
// A Definition must not be changed once a table was made of it.
type Definition struct {
	// Name is the table's name: lower case, as on the command line.
	Name string
	// Protocol is that of a raw family, and Family the name of a generic netlink
	// family, whose Protocol is wire.Generic.
	Protocol wire.Protocol
	Family   string

	// Groups are the multicast groups that announce changes: by number those of a
	// raw family, by name those of a generic netlink one.
	Groups     []uint32
	GroupNames []string
	// Put and Delete are the message types, or commands, of a record that is there
	// and of one that is gone. A message of another type is none of the table's.
	Put, Delete []uint16

	// Dump returns the requests that read a scope. They may read more than that:
	// what lies outside is disregarded.
	Dump func(v View, s Scope) []Request
	// Unsteady tells that the kernel's place in a dump is an index into a list, so
	// that a dump can miss a record when others come or go meanwhile.
	Unsteady bool
	// Poll is how often the table is read besides, for what is never announced. It
	// has to be set where there are no groups. A slow reading makes the next one later:
	// they take a quarter of the time at most.
	Poll time.Duration

	// Normalise appends a message's payload to dst without what changes unannounced
	// (counters, ages), so that the same state is always the same bytes. It returns
	// nil for what is no record of this table. Where it is nil the payload is taken
	// without the attributes listed in Strip, behind HeaderLen bytes of header. It is
	// shown records that are made up as well, to find out what it keeps.
	Normalise func(dst, payload []byte) []byte
	HeaderLen int
	Strip     []uint16
	// Key appends to dst what tells a record apart, so that the order of keys is
	// the order of records: numbers are big-endian. It returns nil for what is no
	// record of this table.
	Key func(dst, value []byte) []byte
	// Links, if set, tells the numbers of the links that a record belongs to.
	Links func(key, value []byte, add func(link uint32))

	// PerLink tells that Dump asks link by link, for those that View.Links yields: the
	// links are mirrored too then, a new one is read, and the records of one that is gone
	// are deleted. It takes Links.
	PerLink bool

	// Layout, if set, is how values are decoded by name: for filters and JSON.
	Layout func() codec.Layout
	// Spec is the name of the layout's spec, for words on the table; may be empty.
	Spec string

	// given tells that the definition is none of this package's tables, which may have
	// been thought of less.
	given bool
	// groupLen is how many bytes of a key are common to records whose changes
	// depend on each other; 0 means that they do not. The rest is a position.
	groupLen func(key []byte) int
	// sameButState tells of two values of one group whether they are the same record,
	// whose state alone has changed. A table that has groups has it.
	sameButState func(a, b []byte) bool
	// runLen is how many bytes of a key are common to rows that a dump yields one
	// behind the other, in whatever order; nil means those of groupLen.
	runLen func(key []byte) int
	// grain is how many bytes of a key a reading can be narrowed to.
	grain int
	// leafLen is how many bytes of a key are common to the records among which the
	// kernel's place in a dump is a number: what comes and goes there can hide or repeat
	// others of them, but none elsewhere. 0, or nil, means all. A table that has it has
	// groups.
	leafLen func(key []byte) int
	// repeats tells of a key whose place may stem from a row that a dump has shown
	// twice, because other records came and went meanwhile. Such a row is not merged:
	// it is read again.
	repeats func(key []byte) bool
	// apply takes an event in where it is more than a record put or deleted.
	apply func(t *table, v verb, flags wire.Flags, key, value []byte)
	// aside is shown the messages that are no record of this table.
	aside func(t *table, payload []byte)
	// absent tells of a value that it stands for no record: what is announced is
	// that there is none any more, or what is dumped is none yet.
	absent func(value []byte) bool
	// records makes the payloads of records of those of messages, where a message is
	// not just one record: of all that one dump yields, or of one event.
	records func(messages iter.Seq2[[]byte, error]) iter.Seq2[[]byte, error]
	// elsewhere tells where a record may be that a reading of its link has not shown,
	// because it may have left the link without a word; the empty scope means nowhere.
	elsewhere func(s Scope, value []byte) Scope
	// rules infer from other tables what the kernel does not announce of this.
	rules []rule
	// names are what filters may say beyond the names of the spec.
	names expr.Names
	// identity are the names of what never changes of a record, nor differs between
	// records that apply has to know to take in an event about one of them. Where
	// there is apply, only a filter of these decides what is kept: see compile.
	identity []string
	// linkName is the name of the number of the link that all records belong to that
	// Dump yields for a link; "" where records may belong to none or several.
	linkName string
	// narrow makes of requests those that ask for what a filter lets pass, or for
	// more. Those that cannot yield any of it are left out.
	narrow func(list []Request, f *expr.Filter) []Request
	// told are the fields by which the kernel may drop events: see eventField.
	told []eventField
	// parts divides the table for audits; nil means that it is read in one piece.
	parts func(t *table) []Scope
}

// Scope is the part of a table that is read.
type Scope struct {
	// Link is the number of a link, 0 for all.
	Link uint32
	// Prefix is what the keys begin with.
	Prefix string
}

// Request is a question to the kernel.
type Request struct {
	Type    uint16 // the message type, or the command
	Payload []byte // the fixed header and the attributes
	// HeaderLen is how much of Payload is the header of a generic netlink family
	// that has one of its own.
	HeaderLen int
	// One tells that this is no dump: one record is asked for, and that it is not
	// there (ENODEV, ENOENT, ENXIO, ESRCH, of generic netlink EOPNOTSUPP as well) is an
	// answer.
	One bool
}

// verb is what a message says of a record.
type verb uint8

const (
	verbPut verb = iota + 1
	verbDelete
)

// rule infers changes of its own table from those of another one.
type rule struct {
	// on is the table that is watched. It is mirrored where the rule's own table
	// is, whether or not it was asked for.
	on *Definition
	// infer is told of a record of it that was added (old nil), changed or deleted
	// (new nil), and of the table that it may change. Old and new are borrowed.
	infer func(t *table, old, new []byte)
}

// watches reports whether a rule watches a table.
func (d *Definition) watches(on *Definition) bool {
	return slices.ContainsFunc(d.rules, func(r rule) bool { return r.on == on })
}

// prepared is a copy of a definition with the rules that follow from what it says.
func (d Definition) prepared() *Definition {
	if d.PerLink && !d.watches(&linkDefinition) {
		d.rules = append(slices.Clone(d.rules), rule{&linkDefinition, recordsOfLink})
	}
	d.given = true
	return &d
}

// recordsOfLink: records come and go with their link.
func recordsOfLink(t *table, old, new []byte) {
	if new == nil {
		goneWithLink(t, old, nil)
	} else if old == nil {
		t.confirm(Scope{Link: hostOrder.Uint32(new[ifInfoIndex:])})
	}
}
