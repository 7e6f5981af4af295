package mirror

import (
	"iter"
)

// View is what is known of a namespace while requests are made: for tables that have
// to be asked for link by link.
type View struct{ sp *space }

// Links yields the numbers of the links that are known.
func (v View) Links() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		t := v.sp.unfiltered(&linkDefinition)
		if t == nil {
			return
		}
		for r := range t.store.All() {
			if !yield(hostOrder.Uint32(t.store.Value(r)[ifInfoIndex:])) {
				return
			}
		}
	}
}
