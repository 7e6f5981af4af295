package codec

import (
	"bytes"
	"unicode/utf8"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

// array tells the elements of an indexed array.
func (w *walker) array(spec *ynl.Attr, p []byte) {
	if !areAttrs(p) || len(w.scopes) >= maxDepth {
		w.out.raw(p)
		return
	}
	// The index is shown with nests, as they can be many; with plain values only
	// where it says more than their order, or an element is told as it stands: a
	// list of such would be a list of arrays.
	show := spec.Sub == ynl.Nested || w.exact
	if !show && !w.python {
		at, next := 0, uint16(1)
		for at < len(p) && !show {
			e, _ := first(p[at:])
			show = e.Type() != next || isSpoiled(spec.Sub, e.Data())
			next++
			at += wire.Align(len(e))
		}
	}
	w.out.list()
	for at := 0; at < len(p); {
		e, _ := first(p[at:])
		at += wire.Align(len(e))
		var odd []byte
		if w.exact && isOdd(spec, spec.Sub, e) {
			odd = e.Data()
		}
		w.out.elem(e.Type(), show, e.RawType(), odd)
		if spec.Sub == ynl.IndexedArray || spec.Sub == ynl.SubMsg || spec.Sub == ynl.NestTypeValue {
			w.nameless(e)
			continue
		}
		w.typed(spec, spec.Sub, e)
	}
	w.out.endList()
}

// isSpoiled reports whether a plain element is not what its type says.
func isSpoiled(t ynl.Type, p []byte) bool {
	switch t {
	case ynl.Uint, ynl.Sint:
		return len(p) != 4 && len(p) != 8
	case ynl.Bitfield32:
		return len(p) != 8
	case ynl.String:
		text := bytes.TrimRight(p, "\x00")
		return !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0
	}
	return len(p) < t.Size()
}

// nestTypeValue tells nests whose types are values: for each of the innermost
// ones the values on the way, and its attributes.
func (w *walker) nestTypeValue(spec *ynl.Attr, p []byte) {
	n, ok := leaves(p, len(spec.TypeValue))
	if !ok || len(spec.TypeValue) > maxDepth || len(w.scopes) >= maxDepth {
		w.out.raw(p)
		return
	}
	var types [maxDepth]uint16
	switch {
	case n == 0 && w.python:
		w.out.begin()
		w.out.end()
		return
	case n == 1 || w.python: // Python's client tells the first one
		w.leaves(spec, p, types[:0], 1)
		return
	}
	w.out.list()
	w.leaves(spec, p, types[:0], -1)
	w.out.endList()
}

// leaves counts nests that lie in depth others.
func leaves(p []byte, depth int) (n int, ok bool) {
	if !areAttrs(p) {
		return 0, false
	}
	if depth == 0 {
		return 1, true
	}
	for at := 0; at < len(p); {
		a, _ := first(p[at:])
		at += wire.Align(len(a))
		in, ok := leaves(a.Data(), depth-1)
		if !ok {
			return 0, false
		}
		n += in
	}
	return n, true
}

// leaves tells the innermost nests, at most some of them if most is not
// negative. types are those on the way so far.
func (w *walker) leaves(spec *ynl.Attr, p []byte, types []uint16, most int) int {
	if len(types) == len(spec.TypeValue) {
		if most < 0 {
			w.out.item()
		}
		w.out.begin()
		for i, t := range types {
			w.out.key(spec.TypeValue[i], nil, nil, 0, nil)
			w.out.uint(uint64(t))
		}
		w.attrs(spec.Nested, p, nil)
		w.out.end()
		return 1
	}
	n := 0
	for at := 0; at < len(p) && (most < 0 || n < most); {
		a, _ := first(p[at:])
		at += wire.Align(len(a))
		n += w.leaves(spec, a.Data(), append(types, a.Type()), most)
	}
	return n
}
