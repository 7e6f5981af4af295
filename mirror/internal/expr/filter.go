package expr

import (
	"cmp"
	"slices"

	"github.com/nlkit/nlkit/ynl/codec"
)

// Names say what of a table goes beyond its spec.
type Names struct {
	// Otherwise are attributes whose value stands in a member of the header where the
	// attribute is not there: the table of a route.
	Otherwise map[string]string
	// Prefixes are attributes that are an address to which the header has the length
	// of the prefix. One that is not there is the whole of the address family.
	Prefixes map[string]Prefix
	// Kept makes of a record what is kept of it, nil of what is none. A filter by what
	// is not kept is refused. nil means that everything is.
	Kept func(record []byte) []byte
	// Absent tells of what is kept that it stands for no record; nil means never.
	Absent func(record []byte) bool
	// Sample are attributes, and Header is a header, without which a record is none.
	Sample, Header []byte
}

// Prefix are the members of the header that go with an address.
type Prefix struct{ Length, Family string }

// Filter is a condition on a record. It never changes.
type Filter struct {
	terms []node // all of which must hold
}

// Compile reads a text by the names of a layout. What is wrong with it is told by an
// [*Error].
func Compile(text string, l codec.Layout, names Names) (*Filter, error) {
	c := &compiler{text: text, layout: l, names: names}
	n, err := c.compile()
	if err != nil {
		return nil, err
	}
	if a, ok := n.(*all); ok {
		return &Filter{a.nodes}, nil
	}
	return &Filter{[]node{n}}, nil
}

// And is the filter of what matches both; either may be nil for one that says nothing,
// and so is what says nothing.
func And(a, b *Filter) *Filter {
	if a == nil || b == nil {
		return cmp.Or(a, b)
	}
	return &Filter{slices.Concat(a.terms, b.terms)}
}

// Match reports whether a record is one that the filter is for. It takes any bytes,
// and allocates nothing for a record that is one.
func (f *Filter) Match(record []byte) bool {
	for _, n := range f.terms {
		if !n.match(record) {
			return false
		}
	}
	return true
}

// Split divides a filter in two that together say the same: of the first all names
// are some that own reports true of. A part that says nothing is nil.
func (f *Filter) Split(own func(name string) bool) (of, rest *Filter) {
	of, rest = &Filter{}, &Filter{}
	for _, n := range f.terms {
		into := of
		for name := range n.names {
			if !own(name) {
				into = rest
			}
		}
		into.terms = append(into.terms, n)
	}
	if len(of.terms) == 0 {
		of = nil
	}
	if len(rest.terms) == 0 {
		rest = nil
	}
	return of, rest
}

// Numbers are the values that an attribute or member can have in a record that
// matches, in order, as far as the filter lists them; ok is false where it does not.
// Negative ones are in two's complement. None at all means that no record matches.
func (f *Filter) Numbers(name string) (values []uint64, ok bool) {
	for _, n := range f.terms {
		these, listed := numbers(n, name)
		switch {
		case !listed:
		case !ok:
			values, ok = these, true
		default:
			values = slices.DeleteFunc(values, func(v uint64) bool { return !slices.Contains(these, v) })
		}
	}
	slices.Sort(values)
	return slices.Compact(values), ok
}

// numbers are those of one condition. The list is the caller's own.
func numbers(n node, name string) ([]uint64, bool) {
	switch n := n.(type) {
	case *term:
		t, ok := n.test.(*numberTest)
		if !ok || n.field.name != name || t.op != opIn {
			return nil, false
		}
		return slices.Clone(t.list), true
	case *some:
		var list []uint64
		for _, one := range n.nodes {
			these, ok := numbers(one, name)
			if !ok {
				return nil, false
			}
			list = append(list, these...)
		}
		return list, true
	}
	return nil, false
}

// Text is the one text that an attribute has in every record that matches; ok is
// false where the filter names none, or several.
func (f *Filter) Text(name string) (text string, ok bool) {
	for _, n := range f.terms {
		if n, is := n.(*term); is && n.field.name == name {
			if t, is := n.test.(*textTest); is && !t.not && len(t.list) == 1 {
				return t.list[0], true
			}
		}
	}
	return "", false
}
