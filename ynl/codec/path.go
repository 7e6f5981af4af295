package codec

import (
	"strconv"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

// Path finds the attribute that begins at an offset of a payload, and writes the
// way to it: ".linkinfo.data(vxlan).id". Offsets count from the payload's first
// byte, its fixed header.
//
// A sub-message that is entered has its selector's value behind it. An attribute
// that stands more than once in its nest has the number it stands at behind its
// name, from 0 on ("[1]"), and elements of arrays and of nest-type-values have
// their index or value so. An attribute without a name is "attr-60". The Python
// dialect has no numbers: it leaves indexes out, and knows no way to or through
// an attribute without a name.
//
// a is the attribute; nil if it is unknown, and that of the array for an
// element. ok is false, and the rest empty, where no attribute begins at the
// offset, or nothing on the way to it has a name.
func (l Layout) Path(payload []byte, offset int, o Options) (path string, a *ynl.Attr, ok bool) {
	f := newFinder(o)
	a, _, ok = f.find(l, payload, offset, false)
	if !ok || !f.named() {
		return "", nil, false
	}
	return string(f.path), a, true
}

// MissingPath writes the way to an attribute that is missing from the nest at an
// offset, or from the message itself if offset is negative. typ is the number of
// what is missing. Results are as those of [Layout.Path]; a is the missing
// attribute.
func (l Layout) MissingPath(payload []byte, offset int, typ uint16, o Options) (path string, a *ynl.Attr, ok bool) {
	f := newFinder(o)
	set := l.Set
	if offset >= 0 {
		if _, set, ok = f.find(l, payload, offset, true); !ok {
			return "", nil, false
		}
	}
	typ &= wire.AttrTypeMask
	a = set.ByID(typ)
	f.name(a, typ)
	if !f.named() {
		return "", nil, false
	}
	return string(f.path), a, true
}

// finder follows the one way through a payload that leads to an offset. Of the
// walker it has what chooses the format of a sub-message.
type finder struct {
	walker
	path     []byte
	names    int
	nameless int
}

func newFinder(o Options) *finder {
	f := &finder{}
	f.reset(nil, o, true)
	return f
}

// named reports whether what was found says something in the dialect.
func (f *finder) named() bool { return f.names > 0 && !(f.python && f.nameless > 0) }

// name appends an attribute's name.
func (f *finder) name(spec *ynl.Attr, typ uint16) {
	f.path = append(f.path, '.')
	if spec != nil {
		f.names++
		f.path = append(f.path, spec.Name...)
		return
	}
	f.nameless++
	f.path = append(f.path, "attr-"...)
	f.path = strconv.AppendUint(f.path, uint64(typ), 10)
}

// index appends the number of one of several.
func (f *finder) index(i int) {
	if f.python {
		return
	}
	f.path = append(f.path, '[')
	f.path = strconv.AppendInt(f.path, int64(i), 10)
	f.path = append(f.path, ']')
}

// level says what the attributes are that stand next to each other.
type level struct {
	set *ynl.AttrSet // of attributes
	// of is the array whose elements they are, or the nest-type-value whose nests
	// they are; nil for attributes of a set.
	of   *ynl.Attr
	left int // nest-type-value: how many values are still to come, with this one
}

// find follows the way to the attribute at an offset. With in it goes into the
// attribute and returns the set of what is in it; nil where that is not known.
func (f *finder) find(l Layout, p []byte, offset int, in bool) (spec *ynl.Attr, set *ynl.AttrSet, ok bool) {
	lv := level{set: l.Set}
	base := 0
	if l.Header != nil {
		base = wire.Align(l.Header.Size)
	}
	if offset < base || base > len(p) {
		return nil, nil, false
	}
	p = p[base:]
	for {
		if lv.of == nil {
			if len(f.scopes) >= maxDepth {
				return nil, nil, false
			}
			f.scopes = append(f.scopes, scope{set: lv.set, data: p})
		}
		at := locate(p, offset-base)
		if at < 0 {
			return nil, nil, false
		}
		a, _ := first(p[at:])
		if spec = lv.of; spec != nil {
			f.index(int(a.Type()))
		} else {
			spec = lv.set.ByID(a.Type())
			f.name(spec, a.Type())
			if i, again := position(p, at, a.Type()); again {
				f.index(i)
			}
		}
		found := at == offset-base
		if found && !in {
			return spec, nil, true
		}
		next, skip, ok := f.enter(lv, spec, a)
		if found {
			return spec, next.set, true
		}
		if !ok {
			return nil, nil, false
		}
		base += at + wire.AttrHeaderLen + skip
		lv, p = next, a.Data()[skip:]
	}
}

// locate returns where the attribute begins whose bytes have an offset among
// them; -1 where none has.
func locate(p []byte, offset int) int {
	for at := 0; at <= offset && at < len(p); {
		a, ok := first(p[at:])
		if !ok {
			return -1
		}
		if offset < at+len(a) {
			return at
		}
		at += wire.Align(len(a))
	}
	return -1
}

// position counts the attributes of a type in front of the one at an offset, and
// tells whether there is any other.
func position(p []byte, offset int, typ uint16) (i int, again bool) {
	for at := 0; at < len(p); {
		a, ok := first(p[at:])
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
		at += wire.Align(len(a))
	}
	return i, again
}

// enter says what the attributes in an attribute are, and how many bytes stand
// in front of them. ok is false where it has none.
func (f *finder) enter(lv level, spec *ynl.Attr, a wire.Attr) (next level, skip int, ok bool) {
	switch {
	case spec == nil:
		return level{}, 0, a.IsNested() && areAttrs(a.Data())
	case lv.left == 1:
		return level{set: spec.Nested}, 0, true
	case lv.left > 1:
		return level{of: spec, left: lv.left - 1}, 0, true
	}
	t := spec.Type
	if lv.of != nil {
		t = spec.Sub
		if t != ynl.Nested {
			return level{}, 0, a.IsNested() && areAttrs(a.Data())
		}
	}
	switch t {
	case ynl.Nested:
		return level{set: spec.Nested}, 0, true
	case ynl.IndexedArray:
		return level{of: spec}, 0, true
	case ynl.NestTypeValue:
		if len(spec.TypeValue) == 0 {
			return level{set: spec.Nested}, 0, true
		}
		return level{of: spec, left: len(spec.TypeValue)}, 0, true
	case ynl.SubMsg:
		return f.enterSubMessage(spec, a)
	case ynl.Pad, ynl.Unset, ynl.Unused:
		return level{}, 0, a.IsNested() && areAttrs(a.Data())
	}
	return level{}, 0, false
}

// enterSubMessage is enter for a sub-message; it appends the selector's value.
func (f *finder) enterSubMessage(spec *ynl.Attr, a wire.Attr) (next level, skip int, ok bool) {
	p := a.Data()
	value, ok := f.selector(spec)
	var format *ynl.Format
	if ok {
		f.path = append(f.path, '(')
		f.path = append(f.path, value...)
		f.path = append(f.path, ')')
		format = lookupFormat(spec.SubMsg, value, f.o)
	}
	switch {
	case format == nil || format.Header == nil && format.Set == nil:
		return level{}, 0, areAttrs(p)
	case format.Header == nil:
		return level{set: format.Set}, 0, true
	}
	skip = wire.Align(format.Header.Size)
	return level{set: format.Set}, skip, format.Set != nil && skip <= len(p)
}
