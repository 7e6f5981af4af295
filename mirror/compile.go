package mirror

import (
	"errors"
	"slices"

	"github.com/nlkit/nlkit/mirror/internal/expr"
)

// filter is a compiled filter, divided in two: what does not match kept is not kept
// at all, and of what is kept, what does not match shown is not shown. Either is nil
// where it says nothing.
//
// Most filters are all kept. But where an event about one record is understood only by
// what is known of others, or of the record before, these have to be there: which of
// several routes to one destination is replaced is a question of their order.
type filter struct{ kept, shown *expr.Filter }

// matcher is shown as an interface that is nil if it is.
func (f filter) matcher() matcher {
	if f.shown == nil {
		return nil
	}
	return f.shown
}

// and joins two filters.
func (f filter) and(g filter) filter {
	return filter{expr.And(f.kept, g.kept), expr.And(f.shown, g.shown)}
}

// compile makes a filter of its text.
func compile(d *Definition, text string) (filter, error) {
	if d.Layout == nil {
		return filter{}, errors.New("the table has no names to filter by: its Definition has no Layout")
	}
	names := d.names
	names.Kept = func(record []byte) []byte { return d.normalise(nil, record) }
	names.Absent = d.absent
	f, err := expr.Compile(text, d.Layout(), names)
	if err != nil {
		return filter{}, err
	}
	if d.apply == nil && d.groupLen == nil {
		return filter{kept: f}, nil
	}
	kept, shown := f.Split(func(name string) bool { return slices.Contains(d.identity, name) })
	return filter{kept, shown}, nil
}
