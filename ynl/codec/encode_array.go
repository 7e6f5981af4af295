package codec

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

// array encodes an indexed array. Elements without an index of their own are
// counted: from 1, since some families take index 0 for none, and from 0 in the
// Python client's dialect.
func (e *encoder) array(a *ynl.Attr, typ uint16, v any) error {
	next := 1
	if e.python {
		next = 0
	}
	var elems []Element
	if list, ok := v.(Array); ok {
		elems = list
	} else {
		list, ok := listOf(v)
		if !ok {
			return e.wrong("is an array: a list, not %s", describe(v))
		}
		for _, item := range list {
			el := Element{Index: uint16(next), Value: item}
			if f, ok := indexOf(item); ok {
				n, _ := strconv.ParseUint(f.Name, 10, 14)
				el.Index, el.Value = uint16(n), f.Value
			}
			next = int(el.Index) + 1
			elems = append(elems, el)
		}
	}
	n := e.b.NestPlain(typ)
	for i := range elems {
		el := &elems[i]
		t, given := el.Type, el.Type != 0
		if !given {
			t = el.Index
		}
		err := e.at("["+strconv.Itoa(int(el.Index))+"]", func() error {
			switch {
			case el.Index > wire.AttrTypeMask:
				return e.wrong("an index is at most %d", wire.AttrTypeMask)
			case el.Payload != nil:
				e.b.Attr(t, el.Payload)
				return nil
			case a.Sub == ynl.IndexedArray || a.Sub == ynl.SubMsg || a.Sub == ynl.NestTypeValue || a.Sub == ynl.Unset:
				return e.nameless(t, given, el.Value)
			}
			return e.typed(a, a.Sub, t, given, el.Value)
		})
		if err != nil {
			return err
		}
	}
	e.b.End(n)
	return nil
}

// indexOf is the only field of an object whose name is an index.
func indexOf(v any) (Field, bool) {
	var f Field
	switch v := v.(type) {
	case Object:
		if len(v) != 1 {
			return f, false
		}
		f = v[0]
	case map[string]any:
		if len(v) != 1 {
			return f, false
		}
		for name, value := range v {
			f = Field{Name: name, Value: value}
		}
	default:
		return f, false
	}
	_, err := strconv.ParseUint(f.Name, 10, 14)
	return f, err == nil
}

// nestTypeValue encodes nests whose types are values.
func (e *encoder) nestTypeValue(a *ynl.Attr, typ uint16, v any) error {
	list, ok := listOf(v)
	if !ok {
		list = []any{v}
	}
	outer := e.b.NestPlain(typ)
	for _, item := range list {
		fields, ok := e.fields(a.Nested, item)
		if !ok {
			return e.wrong("is nests by value: an object with %s, not %s", strings.Join(a.TypeValue, ", "), describe(item))
		}
		var nests []wire.Nest
		for _, name := range a.TypeValue {
			i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == name })
			if i < 0 {
				return e.wrong("needs %q, the type of a nest", name)
			}
			n, ok := plainNumber(fields[i].Value)
			if !ok || n.Neg || n.Abs > uint64(wire.AttrTypeMask) {
				return e.wrong("%q must be a number up to %d, not %s", name, wire.AttrTypeMask, describe(fields[i].Value))
			}
			nests = append(nests, e.b.Nest(uint16(n.Abs)))
			fields = slices.Delete(slices.Clone(fields), i, i+1)
		}
		if err := e.both(nil, a.Nested, fields); err != nil {
			return err
		}
		for i := len(nests) - 1; i >= 0; i-- {
			e.b.End(nests[i])
		}
	}
	e.b.End(outer)
	return nil
}
