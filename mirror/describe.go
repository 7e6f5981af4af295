package mirror

import (
	"fmt"

	"github.com/nlkit/nlkit/ynl/codec"
)

// Layout returns how the table's values are read by name; ok is false where nobody
// knows, and what can be shown is bytes.
func (t Raw) Layout() (l codec.Layout, ok bool) {
	if t.def == nil || t.def.Layout == nil {
		return l, false
	}
	return t.def.Layout(), true
}

// Spec returns the name of the spec that the layout is of, "" for none.
func (t Raw) Spec() string {
	if t.def == nil {
		return ""
	}
	return t.def.Spec
}

// Announced reports whether the kernel tells of changes. What it is silent about
// needs [Raw.Poll] to be mirrored.
func (t Raw) Announced() bool {
	return t.def != nil && len(t.def.Groups)+len(t.def.GroupNames) > 0
}

// Polled reports whether the table is read again and again.
func (t Raw) Polled() bool { return t.def != nil && t.def.Poll > 0 }

// FilterError says that a filter cannot be understood: [Open] returns it.
type FilterError struct {
	Table  string
	Filter string
	Err    error
}

func (e *FilterError) Error() string { return fmt.Sprintf("mirror %s: %v", e.Table, e.Err) }

// Unwrap returns the cause.
func (e *FilterError) Unwrap() error { return e.Err }
