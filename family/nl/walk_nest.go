package nl

import (
	"bytes"
	"reflect"
	"strconv"
	"unicode/utf8"

	"github.com/nlkit/nlkit/wire"
)

// members tells the members of a C struct, and what stands behind them where t is
// not a header's. beside are the attributes that share the object with them.
func (w *walker) members(t, beside *structType, p []byte) {
	if t.err != nil && w.err == nil {
		w.err = t.err
	}
	if w.someMembers(t, beside, p) && beside == nil && len(p) > t.size {
		w.out.key(nameRest)
		w.out.bytes(p[t.size:], noHint)
	}
}

// someMembers tells those members that are there, and reports whether all are.
func (w *walker) someMembers(t, beside *structType, p []byte) bool {
	for _, m := range t.members {
		end := m.offset + m.size
		if end > len(p) {
			if m.offset < len(p) {
				w.out.key(nameRest)
				w.out.bytes(p[m.offset:], noHint)
			}
			w.out.key(nameLen)
			w.out.uint(uint64(len(p)))
			return false
		}
		v := p[m.offset:end]
		switch {
		case isZero(v) && (m.pad || w.brief):
			continue
		case m.pad:
			w.out.key(namePad + strconv.Itoa(m.offset))
			w.out.bytes(v, noHint)
			continue
		}
		name := m.name
		if beside.named(name) != nil {
			name = nameHeader + name
		}
		w.out.key(name)
		w.member(m, v)
	}
	return true
}

// member tells the value of a C struct's member.
func (w *walker) member(m *field, p []byte) {
	t := m.child()
	switch {
	case t != nil && len(t.members) > 0:
		w.out.begin()
		w.members(t, nil, p)
		w.out.end()
	case m.kind == kindNumber:
		w.number(m, m.form, p)
	case m.kind == kindString:
		text := p
		if i := bytes.IndexByte(p, 0); i >= 0 {
			text = p[:i]
		}
		switch {
		case !isZero(p[len(text):]):
			w.out.raw(p)
		case !utf8.Valid(text):
			w.out.raw(text)
		default:
			w.out.text(text)
		}
	default:
		w.blob(m.hint, p)
	}
}

// subMessage tells a payload whose format a selector chooses.
func (w *walker) subMessage(f *field, v reflect.Value, p []byte) {
	if len(w.scopes) >= maxDepth {
		w.out.raw(p)
		return
	}
	value, ok := w.selector(f)
	t := w.format(f, value, ok, v)
	if t == nil || t.isEmpty() && len(p) > 0 {
		// What is not known is most often attributes.
		if len(p) > 0 && areAttrs(p) {
			w.nest(nil, reflect.Value{}, p)
		} else {
			w.out.bytes(p, noHint)
		}
		return
	}
	if !v.IsValid() || v.Type() != t.typ {
		v = reflect.Value{}
	}
	w.out.begin()
	switch {
	case len(t.members) > 0:
		w.members(t, nil, p)
	case t.header != nil && len(t.attrs) == 0:
		w.members(t.header.child(), nil, p)
	default:
		w.both(t, v, p)
	}
	w.out.end()
}

// format finds the type of a sub-message: the field's own, where it can have no
// other, that of its selector's value, or that of the value it was made of. It is
// nil where nothing is known of it.
func (w *walker) format(f *field, value []byte, ok bool, v reflect.Value) *structType {
	if t := f.child(); t != nil {
		return t
	}
	if s := w.scopes[len(w.scopes)-1].typ; s != nil && s.kinds != nil {
		if !ok {
			return nil
		}
		t := reflect.TypeOf(s.kinds.SubMessage(f.number, string(value)))
		if t == nil || t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct {
			return nil
		}
		return typeOf(t.Elem())
	}
	if !v.IsValid() {
		return nil
	}
	if t := typeOf(v.Type()); !t.isEmpty() {
		return t
	}
	return nil
}

// selector finds the value that chooses a sub-message's format. It stands in the
// innermost level of attributes that knows it; of several the last one counts, as
// in the kernel.
func (w *walker) selector(f *field) (value []byte, ok bool) {
	for i := len(w.scopes) - 1; i >= 0; i-- {
		s := &w.scopes[i]
		sel := s.typ.named(f.selector)
		if sel == nil {
			continue
		}
		if s.found != sel {
			s.found = sel
			s.selector, _ = wire.FindAttr(s.data, sel.number)
		}
		if s.selector == nil {
			return nil, false
		}
		return selectorText(sel, s.selector), true
	}
	return nil, false
}

// selectorText is the value of a selector as formats name it.
func selectorText(sel *field, a wire.Attr) []byte {
	p := a.Data()
	if sel.size == 0 || len(p) < sel.size {
		return a.TextBytes()
	}
	v := readNumber(p[:sel.size], sel.order)
	if sel.isEnum {
		if name, ok := nameOf(sel.typ, v); ok {
			return []byte(name)
		}
	}
	return strconv.AppendUint(nil, v, 10)
}

// array tells the elements of an indexed array.
func (w *walker) array(f *field, v reflect.Value, p []byte) {
	if !areAttrs(p) || len(w.scopes) >= maxDepth {
		w.out.raw(p)
		return
	}
	// The index is shown with nests, as they can be many; with plain values only
	// where it says more than their order, or an element is not what it should be.
	show := f.sub.kind == kindNest
	next := uint16(1)
	for rest := p; len(rest) > 0 && !show; next++ {
		var e wire.Attr
		e, rest, _ = Cut(rest)
		show = e.Type() != next || isSpoiled(f.sub, e.Data())
	}
	w.out.list()
	i := 0
	for rest := p; len(rest) > 0; i++ {
		var e wire.Attr
		e, rest, _ = Cut(rest)
		w.out.elem(e.Type(), show)
		switch f.sub.kind {
		case kindArray, kindSubMessage, kindTypeValue:
			w.nameless(e)
		default:
			w.value(f, f.sub, elemAt(v, i), e)
		}
	}
	w.out.endList()
}

// typeValue tells nests whose types are values: for each of the innermost ones
// the values on the way, and its attributes.
func (w *walker) typeValue(f *field, v reflect.Value, p []byte) {
	t := f.child()
	depth := 0
	if t != nil {
		depth = len(t.values)
	}
	n, ok := leaves(p, depth)
	if !ok || depth > maxDepth || len(w.scopes) >= maxDepth {
		w.out.raw(p)
		return
	}
	l := leafWalk{w: w, t: t, v: v, isList: n != 1}
	if l.isList {
		w.out.list()
	}
	l.walk(p, depth, nil)
	if l.isList {
		w.out.endList()
	}
}

// leaves counts nests that lie in depth others.
func leaves(p []byte, depth int) (n int, ok bool) {
	if !areAttrs(p) {
		return 0, false
	}
	if depth == 0 {
		return 1, true
	}
	for rest := p; len(rest) > 0; {
		var a wire.Attr
		a, rest, _ = Cut(rest)
		in, ok := leaves(a.Data(), depth-1)
		if !ok {
			return 0, false
		}
		n += in
	}
	return n, true
}

// leafWalk tells the innermost nests of a nest-type-value.
type leafWalk struct {
	w      *walker
	t      *structType
	v      reflect.Value // the list they are kept in
	isList bool
	done   int
}

func (l *leafWalk) walk(p []byte, depth int, types []uint16) {
	if depth == 0 {
		if l.isList {
			l.w.out.item()
		}
		l.w.out.begin()
		for i, number := range types {
			l.w.out.key(l.t.values[i].name)
			l.w.out.uint(uint64(number))
		}
		l.w.attrs(l.t, elemAt(l.v, l.done), p)
		l.w.out.end()
		l.done++
		return
	}
	for rest := p; len(rest) > 0; {
		var a wire.Attr
		a, rest, _ = Cut(rest)
		l.walk(a.Data(), depth-1, append(types[:len(types):len(types)], a.Type()))
	}
}
