package nl

import (
	"reflect"
	"strconv"

	"github.com/nlkit/nlkit/wire"
)

// describePath finds the attribute that begins at an offset of a request's
// payload, and writes the way to it by the names of the spec, as package codec
// does: ".linkinfo.data(vxlan).id". req is the request that was encoded, which
// tells the types; the offset counts from the payload's first byte.
//
// A sub-message that is entered has its selector's value behind it. An attribute
// that stands more than once in its nest has the number it stands at behind its
// name, from 0 on, and elements of arrays have their index so. An attribute
// without a name is "attr-60". ok is false where no attribute begins at the
// offset, or nothing on the way to it has a name.
func describePath(req any, payload []byte, offset int) (path string, ok bool) {
	f, root, ok := newFinder(req)
	if !ok {
		return "", false
	}
	_, ok = f.find(root, payload, offset, false)
	if !ok || f.names == 0 {
		return "", false
	}
	return string(f.path), true
}

// missingPath writes the way to an attribute that is missing from the nest at an
// offset, or from the message itself if the offset is negative. typ is the number
// of what is missing. Otherwise it is as describePath.
func missingPath(req any, payload []byte, nest int, typ uint16) (path string, ok bool) {
	f, at, ok := newFinder(req)
	if !ok {
		return "", false
	}
	if nest >= 0 {
		if at, ok = f.find(at, payload, nest, true); !ok {
			return "", false
		}
	}
	f.name(at.typ.attr(typ&wire.AttrTypeMask), typ&wire.AttrTypeMask)
	if f.names == 0 {
		return "", false
	}
	return string(f.path), true
}

// finder follows the one way through a payload that leads to an offset. Of the
// walker it has what chooses the format of a sub-message.
type finder struct {
	walker
	path  []byte
	names int
}

// stage is where a finder has come to.
type stage struct {
	typ *structType   // of attributes; nil where nothing is known of them
	v   reflect.Value // the struct they were encoded from, or the list of such
	// of is the array whose elements they are, or the nest-type-value whose nests
	// they are; nil for attributes of a struct.
	of   *field
	left int // nest-type-value: how many values are still to come, with this one
}

func newFinder(req any) (*finder, stage, bool) {
	v := reflect.ValueOf(req)
	t := reflect.TypeOf(req)
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || t.Kind() != reflect.Struct {
		return nil, stage{}, false
	}
	return &finder{}, stage{typ: typeOf(t), v: structOf(v)}, true
}

// name appends an attribute's name.
func (f *finder) name(a *field, number uint16) {
	f.path = append(f.path, '.')
	if a != nil {
		f.names++
		f.path = append(f.path, a.name...)
		return
	}
	f.path = append(f.path, nameAttr...)
	f.path = strconv.AppendUint(f.path, uint64(number), 10)
}

// number appends the number of one of several.
func (f *finder) number(i int) {
	f.path = append(f.path, '[')
	f.path = strconv.AppendInt(f.path, int64(i), 10)
	f.path = append(f.path, ']')
}

// find follows the way to the attribute at an offset. With in it goes into the
// attribute, and returns what it found there.
func (f *finder) find(s stage, p []byte, offset int, in bool) (stage, bool) {
	base := 0
	if s.typ.header != nil {
		base = wire.Align(s.typ.header.child().size)
	}
	if offset < base || base > len(p) {
		return stage{}, false
	}
	p = p[base:]
	for {
		if s.of == nil {
			if len(f.scopes) >= maxDepth {
				return stage{}, false
			}
			f.scopes = append(f.scopes, scope{typ: s.typ, data: p})
		}
		at, nth := attrAt(p, offset-base)
		if at < 0 {
			return stage{}, false
		}
		a, _, _ := Cut(p[at:])
		spec, v := s.of, reflect.Value{}
		if spec != nil {
			f.number(int(a.Type()))
			v = s.v
			if s.left == 0 {
				v = elemAt(s.v, nth)
			}
		} else {
			spec = s.typ.attr(a.Type())
			f.name(spec, a.Type())
			i, again := rank(p, at, a.Type())
			if again {
				f.number(i)
			}
			if spec != nil {
				v = valueOf(s.v, spec, i)
			}
		}
		found := at == offset-base
		if found && !in {
			return stage{}, true
		}
		next, skip, ok := f.enter(s, spec, v, a)
		if found || !ok {
			return next, found
		}
		base += at + wire.AttrHeaderLen + skip
		s, p = next, a.Data()[skip:]
	}
}

// attrAt returns where the attribute begins whose bytes have an offset among
// them, and how many stand in front of it; -1 where none has.
func attrAt(p []byte, offset int) (at, nth int) {
	for at <= offset && at < len(p) {
		a, rest, ok := Cut(p[at:])
		if !ok {
			break
		}
		if offset < at+len(a) {
			return at, nth
		}
		at = len(p) - len(rest)
		nth++
	}
	return -1, 0
}

// rank counts the attributes of a type in front of the one at an offset, and
// tells whether there is any other.
func rank(p []byte, offset int, typ uint16) (i int, again bool) {
	for at := 0; at < len(p); {
		a, rest, ok := Cut(p[at:])
		if !ok {
			break
		}
		if a.Type() == typ && at != offset {
			again = true
			if at > offset {
				break
			}
			i++
		}
		at = len(p) - len(rest)
	}
	return i, again
}

// enter says what the attributes in an attribute are, and how many bytes stand in
// front of them. ok is false where it has none.
func (f *finder) enter(s stage, spec *field, v reflect.Value, a wire.Attr) (next stage, skip int, ok bool) {
	unknown := func() (stage, int, bool) { return stage{}, 0, a.IsNested() && areAttrs(a.Data()) }
	switch {
	case spec == nil:
		return unknown()
	case s.left == 1:
		return stage{typ: spec.child()}, 0, true
	case s.left > 1:
		return stage{of: spec, left: s.left - 1}, 0, true
	case s.of != nil && spec.sub.kind != kindNest:
		return unknown()
	case s.of != nil:
		return stage{typ: spec.child(), v: v}, 0, true
	}
	switch spec.kind {
	case kindNest:
		return stage{typ: spec.child(), v: v}, 0, true
	case kindArray:
		return stage{of: spec, v: v}, 0, true
	case kindTypeValue:
		t := spec.child()
		if t == nil || len(t.values) == 0 {
			return stage{typ: t}, 0, true
		}
		return stage{of: spec, left: len(t.values)}, 0, true
	case kindSubMessage:
		return f.enterSubMessage(spec, v, a.Data())
	case kindNone:
		return unknown()
	}
	return stage{}, 0, false
}

// enterSubMessage is enter for a sub-message; it appends the selector's value.
func (f *finder) enterSubMessage(spec *field, v reflect.Value, p []byte) (next stage, skip int, ok bool) {
	value, known := f.selector(spec)
	if known {
		f.path = append(f.path, '(')
		f.path = append(f.path, value...)
		f.path = append(f.path, ')')
	}
	t := f.format(spec, value, known, v)
	if v.IsValid() && t != nil && v.Type() != t.typ {
		v = reflect.Value{}
	}
	switch {
	case t == nil || t.isEmpty():
		return stage{}, 0, areAttrs(p)
	case t.header == nil:
		return stage{typ: t, v: v}, 0, len(t.attrs) > 0
	}
	skip = wire.Align(t.header.child().size)
	return stage{typ: t, v: v}, skip, len(t.attrs) > 0 && skip <= len(p)
}
