package golang

import "slices"

// writeSlabs writes the numbers of the decoders' memory, after all that uses it.
func (p *plan) writeSlabs(w *printer) {
	slices.Sort(p.slabs)
	if len(p.slabs) == 0 {
		return
	}
	w.p("// The decoder's memory has a number for each type.\nconst (")
	for i, t := range p.slabs {
		if i == 0 {
			w.p("%s = nl.FirstSlab + iota", slabName(t))
		} else {
			w.p("%s", slabName(t))
		}
	}
	w.p(")\n")
}
