package codec

import (
	"slices"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

// repeats are the numbers of the attributes that stand more than once, as far as
// they are below 512: no family has higher ones.
type repeats struct {
	seen, again [8]uint64
	any         bool // some stand more than once, or have a higher number
}

// note reads over attributes and returns how many bytes of p are some.
func (r *repeats) note(p []byte) int {
	at := 0
	for at < len(p) {
		a, ok := first(p[at:])
		if !ok {
			return at
		}
		if t := a.Type(); t < 512 {
			i, bit := t/64, uint64(1)<<(t%64)
			r.again[i] |= r.seen[i] & bit
			r.seen[i] |= bit
			r.any = r.any || r.again[i]&bit != 0
		} else {
			r.any = true
		}
		at += wire.Align(len(a))
	}
	return min(at, len(p))
}

// has reports whether attributes of a number may stand more than once.
func (r *repeats) has(t uint16) bool {
	return t >= 512 || r.again[t/64]&(1<<(t%64)) != 0
}

// place is where an attribute stands: its number, and below that its offset. In
// their order, those of one number are next to each other.
type place uint64

func placeOf(t uint16, at int) place { return place(t)<<32 | place(at) }

func (p place) offset() int { return int(uint32(p)) }

// grouped tells attributes, those of one number together. Places are sorted, so
// that the time it takes does not grow with the square of their number.
func (w *walker) grouped(set *ynl.AttrSet, p []byte, hidden *ynl.Struct) {
	var r repeats
	good := r.note(p)
	base := len(w.places)
	if r.any {
		for at := 0; at < good; {
			a, _ := first(p[at:])
			if r.has(a.Type()) {
				w.places = append(w.places, placeOf(a.Type(), at))
			}
			at += wire.Align(len(a))
		}
		slices.Sort(w.places[base:])
	}
	end := len(w.places)
	for at := 0; at < good; {
		a, _ := first(p[at:])
		here := at
		at += wire.Align(len(a))
		spec := set.ByID(a.Type())
		if spec != nil && (spec.Type == ynl.Pad || hidden != nil && hidden.Member(spec.Name) != nil) {
			continue
		}
		from, to := 0, 1
		if r.has(a.Type()) {
			all := w.places[base:end]
			from, _ = slices.BinarySearch(all, placeOf(a.Type(), 0))
			if all[from].offset() != here {
				continue // told with the first one
			}
			to, _ = slices.BinarySearch(all, placeOf(a.Type()+1, 0))
		}
		w.field(spec, a)
		switch {
		case to-from == 1 && (spec == nil || !spec.Multi):
			w.value(spec, a)
		case to-from == 1:
			w.out.list()
			w.out.item()
			w.value(spec, a)
			w.out.endList()
		case w.python && spec != nil && !spec.Multi:
			last, _ := first(p[w.places[base+to-1].offset():])
			w.value(spec, last)
		default:
			w.out.list()
			for i := base + from; i < base+to; i++ {
				b, _ := first(p[w.places[i].offset():])
				w.out.item()
				w.value(spec, b)
			}
			w.out.endList()
		}
	}
	w.places = w.places[:base]
	if good < len(p) && !w.python {
		w.rest(p[good:])
	}
}
