package mirror

import (
	"iter"
	"maps"
	"slices"
)

// View is what is known of a namespace while requests are made: for tables that have
// to be asked for link by link.
type View struct {
	sp *space
	t  *table // nil for one of nobody's
}

// Links yields the numbers of the links that are known: for tables that are read
// [Definition.PerLink].
func (v View) Links() iter.Seq[uint32] {
	if v.t != nil && !v.t.def.watches(&linkDefinition) {
		v.t.blind = true
	}
	return func(yield func(uint32) bool) {
		t := v.sp.unfiltered(&linkDefinition)
		if t == nil {
			for _, link := range slices.Sorted(maps.Keys(v.sp.links)) {
				if !yield(link) {
					return
				}
			}
			return
		}
		for r := range t.store.All() {
			if !yield(hostOrder.Uint32(t.store.Value(r)[ifInfoIndex:])) {
				return
			}
		}
	}
}

// link is what is known of a link, nil if there is none.
func (v View) link(index uint32) []byte {
	if t := v.sp.unfiltered(&linkDefinition); t != nil {
		return t.get(LinkKey(index))
	}
	return v.sp.links[index]
}
