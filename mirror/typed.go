package mirror

import (
	"iter"
	"slices"

	"github.com/nlkit/nlkit/family/nl"
)

// Table is a table whose records are of a generated type: T of a family's package.
// It is a description, not a copy: what [Open] mirrors, and what a [Snapshot] is
// read by. It may be used from many goroutines.
type Table[T any, P nl.Reply[T]] struct {
	def   *Definition
	where *clause
}

// NewTable makes a table of a definition. T is what its values are decoded as.
func NewTable[T any, P nl.Reply[T]](d Definition) Table[T, P] { return Table[T, P]{def: d.prepared()} }

// Name returns the table's name.
func (t Table[T, P]) Name() string { return t.def.Name }

// Where returns the table with a filter: only the records that match are mirrored.
// One that matches no more is deleted, one that begins to match is added. What the
// filter says is told by [Open] if it is wrong; docs/mirror.md has the language.
func (t Table[T, P]) Where(filter string) Table[T, P] {
	t.where = &clause{t.where, filter}
	return t
}

// clause is one filter of those that a table was given, one after the other: all of them
// hold.
type clause struct {
	before *clause
	text   string
}

// all yields the filters in the order in which they were given.
func (c *clause) all() iter.Seq[string] {
	var list []string
	for ; c != nil; c = c.before {
		list = append(list, c.text)
	}
	slices.Reverse(list)
	return slices.Values(list)
}

func (t Table[T, P]) source() wanted { return wanted{def: t.def, where: t.where} }

// All yields the records of the own namespace in the order of their keys. A record
// is borrowed: it is valid until the next step; its method Clone makes a copy.
func (t Table[T, P]) All(s *Snapshot) iter.Seq[P] { return t.In(s, Own) }

// In is All for the namespace of an id.
func (t Table[T, P]) In(s *Snapshot, nsid int32) iter.Seq[P] {
	return func(yield func(P) bool) {
		v := s.find(t.def, nsid)
		if v == nil {
			return
		}
		decode(v.all(), yield)
	}
}

// ByLink yields the records that belong to a link, by its number.
func (t Table[T, P]) ByLink(s *Snapshot, link uint32) iter.Seq[P] {
	return func(yield func(P) bool) {
		v := s.find(t.def, Own)
		if v == nil || t.def.Links == nil {
			return
		}
		decode(v.only(v.store.Tagged(link)), yield)
	}
}

// Get returns the record of a key, which is the caller's own.
func (t Table[T, P]) Get(s *Snapshot, key []byte) (P, bool) {
	v := s.find(t.def, Own)
	if v == nil {
		return nil, false
	}
	value, ok := v.get(key)
	if !ok {
		return nil, false
	}
	return own[T, P](value), true
}

// Len returns the number of records in the own namespace.
func (t Table[T, P]) Len(s *Snapshot) int {
	if v := s.find(t.def, Own); v != nil {
		return v.visible
	}
	return 0
}

// Step is a change of a record. Old is nil where it was added, New where it was
// deleted. Both are the receiver's own.
type Step[P any] struct {
	Kind     Kind
	NSID     int32
	Key      []byte
	Old, New P
	Reasons  Reasons // as [Change] has them
}

// Changes yields what a delta says of this table, in the order of namespaces and
// keys.
func (t Table[T, P]) Changes(d *Delta) iter.Seq[Step[P]] {
	return func(yield func(Step[P]) bool) {
		for _, nsid := range d.namespaces(t.def) {
			ok := d.table(t.def, nsid, func(c Change) bool {
				step := Step[P]{Kind: c.Kind, NSID: nsid, Key: c.Key, Reasons: c.Reasons}
				if c.Old != nil {
					step.Old = own[T, P](c.Old)
				}
				if c.New != nil {
					step.New = own[T, P](c.New)
				}
				return yield(step)
			})
			if !ok {
				return
			}
		}
	}
}

// decode yields values decoded into the same memory again.
func decode[T any, P nl.Reply[T]](records iter.Seq2[[]byte, []byte], yield func(P) bool) {
	var d nl.Decoder
	v := P(new(T))
	for _, value := range records {
		d.Reset()
		v.DecodeNetlink(&d, value)
		if !yield(v) {
			return
		}
	}
}

// own decodes a value into memory of its own.
func own[T any, P nl.Reply[T]](value []byte) P {
	var d nl.Decoder
	v := P(new(T))
	v.DecodeNetlink(&d, value)
	v.Own()
	return v
}

// Raw is a table whose records are read by bytes, or by the names of a spec.
type Raw struct {
	def   *Definition
	where *clause
	err   error
}

// NewRaw makes a table of a definition.
func NewRaw(d Definition) Raw { return Raw{def: d.prepared()} }

// Name returns the table's name.
func (t Raw) Name() string {
	if t.def == nil {
		return ""
	}
	return t.def.Name
}

// Where returns the table with a filter: see [Table.Where].
func (t Raw) Where(filter string) Raw {
	t.where = &clause{t.where, filter}
	return t
}

func (t Raw) source() wanted { return wanted(t) }

// All yields the records of the own namespace in the order of their keys.
func (t Raw) All(s *Snapshot) iter.Seq[Record] {
	return func(yield func(Record) bool) {
		v := s.find(t.def, Own)
		if v == nil {
			return
		}
		for key, value := range v.all() {
			if !yield(Record{v.def.Name, v.nsid, key, value, v.def}) {
				return
			}
		}
	}
}
