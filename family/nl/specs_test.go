package nl

import (
	"fmt"
	"net/netip"
	"reflect"
	"strconv"
	"testing"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/codec"
	"github.com/nlkit/nlkit/ynl/specs"
)

// specTypes makes Go types of specs, as generated packages have them: with the
// same tags, though without names of values, which need methods. What lies in
// itself is cut off in the spec and in the types alike.
type specTypes struct {
	t     testing.TB
	sets  map[*ynl.AttrSet]reflect.Type
	stack map[*ynl.AttrSet]bool
	heads map[headed]reflect.Type
}

// headed is a set with a fixed header in front.
type headed struct {
	header *ynl.Struct
	set    *ynl.AttrSet
}

// layout is a payload's layout in both worlds.
type layout struct {
	name string
	of   codec.Layout
	typ  reflect.Type
}

// layouts are those of all operations in the catalogue, once each.
func layouts(t testing.TB) []layout {
	var out []layout
	for _, name := range specs.Names() {
		s, err := specs.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		st := &specTypes{t: t, sets: map[*ynl.AttrSet]reflect.Type{}, stack: map[*ynl.AttrSet]bool{}, heads: map[headed]reflect.Type{}}
		for _, x := range s.Structs {
			for _, m := range x.Members {
				m.Enum = nil
			}
		}
		for _, x := range s.Sets {
			for _, a := range x.Attrs {
				a.Enum = nil
			}
		}
		seen := map[headed]bool{}
		for _, op := range s.Ops {
			l := codec.Of(op)
			k := headed{l.Header, l.Set}
			if l.Set == nil || seen[k] {
				continue
			}
			seen[k] = true
			out = append(out, layout{name + " " + op.Name, l, st.message(k)})
		}
	}
	return out
}

func blank(t reflect.Type, tag string) reflect.StructField {
	return reflect.StructField{Name: "_", PkgPath: "nl", Type: t, Tag: reflect.StructTag(tag)}
}

func tagged(i int, t reflect.Type, tag string) reflect.StructField {
	return reflect.StructField{Name: "F" + strconv.Itoa(i), Type: t, Tag: reflect.StructTag(`nl:"` + tag + `"`)}
}

// message is the type of a header and a set, or of one of them.
func (s *specTypes) message(k headed) reflect.Type {
	if t, ok := s.heads[k]; ok {
		return t
	}
	var fields []reflect.StructField
	if k.header != nil {
		fields = append(fields, reflect.StructField{Name: "Header", Type: s.structure(k.header), Tag: `nl:"header"`})
	}
	if k.set != nil {
		fields = append(fields, s.attrs(k.set)...)
	}
	t := reflect.StructOf(fields)
	s.heads[k] = t
	d := typeOf(t)
	if d.err != nil {
		s.t.Fatal(d.err)
	}
	if k.set != nil {
		d.kinds = kindsOf{s, k.set}
	}
	return t
}

// set is the type of a nest's attributes; nil where nothing is known of them.
func (s *specTypes) set(set *ynl.AttrSet, values []string) reflect.Type {
	var fields []reflect.StructField
	for i, v := range values {
		fields = append(fields, reflect.StructField{Name: "V" + strconv.Itoa(i), Type: reflect.TypeFor[uint16](), Tag: reflect.StructTag(`nl:"type-value,` + v + `"`)})
	}
	if len(values) == 0 {
		if t, ok := s.sets[set]; ok {
			return t
		}
	}
	s.stack[set] = true
	fields = append(fields, s.attrs(set)...)
	delete(s.stack, set)
	// The name keeps sets with the same attributes apart.
	fields = append(fields, blank(reflect.TypeFor[struct{}](), `set:"`+set.Name+`"`))
	t := reflect.StructOf(fields)
	d := typeOf(t)
	if d.err != nil {
		s.t.Fatal(d.err)
	}
	d.kinds = kindsOf{s, set}
	if len(values) == 0 {
		s.sets[set] = t
	}
	return t
}

// kindsOf tells the types of a set's sub-messages.
type kindsOf struct {
	s   *specTypes
	set *ynl.AttrSet
}

func (k kindsOf) SubMessage(number uint16, selector string) any {
	f := k.set.ByID(number).SubMsg.Format(selector)
	switch {
	case f == nil:
		return nil
	case f.Set == nil && f.Header != nil:
		return reflect.Zero(reflect.PointerTo(k.s.structure(f.Header))).Interface()
	}
	return reflect.Zero(reflect.PointerTo(k.s.message(headed{f.Header, f.Set}))).Interface()
}

func tagType(t ynl.Type, by ynl.ByteOrder) string {
	switch s := t.String(); {
	case !t.IsInt() || by == ynl.Native || t.Size() == 1:
		return s
	case by == ynl.BigEndian:
		return s + "be"
	default:
		return s + "le"
	}
}

var goTypes = map[ynl.Type]reflect.Type{
	ynl.U8: reflect.TypeFor[uint8](), ynl.U16: reflect.TypeFor[uint16](), ynl.U32: reflect.TypeFor[uint32](), ynl.U64: reflect.TypeFor[uint64](),
	ynl.S8: reflect.TypeFor[int8](), ynl.S16: reflect.TypeFor[int16](), ynl.S32: reflect.TypeFor[int32](), ynl.S64: reflect.TypeFor[int64](),
	ynl.Uint: reflect.TypeFor[Opt[uint64]](), ynl.Sint: reflect.TypeFor[Opt[int64]](), ynl.Flag: reflect.TypeFor[bool](),
	ynl.String: reflect.TypeFor[Opt[string]](), ynl.Bitfield32: reflect.TypeFor[Opt[wire.Bitfield32]](),
}

func (s *specTypes) attrs(set *ynl.AttrSet) []reflect.StructField {
	var fields []reflect.StructField
	for i, a := range set.Attrs {
		if set.ByID(a.ID) != a {
			continue
		}
		tag := fmt.Sprintf("%d,%s,%s", a.ID, a.Name, tagType(a.Type, a.ByteOrder))
		if a.Multi {
			tag += ",multi"
		}
		if a.Sub != ynl.Unset {
			tag += ",sub=" + tagType(a.Sub, a.ByteOrder)
		}
		if a.Selector != "" {
			tag += ",selector=" + a.Selector
		}
		if a.Hint != ynl.NoHint {
			tag += "," + a.Hint.String()
		}
		if a.Nested != nil && s.stack[a.Nested] {
			a.Nested, a.TypeValue = nil, nil
		}
		t := goTypes[a.Type]
		switch {
		case a.Type == ynl.Pad || a.Type == ynl.Unused || a.Type == ynl.Unset:
			fields = append(fields, blank(reflect.TypeFor[struct{}](), `nl:"`+tag+`"`))
			continue
		case a.Nested != nil:
			t = reflect.PointerTo(s.set(a.Nested, a.TypeValue))
		case a.Struct != nil:
			t = reflect.PointerTo(s.structure(a.Struct))
		case a.Type == ynl.SubMsg:
			t = reflect.TypeFor[any]()
		case a.Hint == ynl.HintIP || a.Hint == ynl.HintIPv4 || a.Hint == ynl.HintIPv6:
			t = reflect.TypeFor[netip.Addr]()
		case t == nil:
			t = reflect.TypeFor[[]byte]()
		}
		if a.Multi || a.Type == ynl.NestTypeValue {
			t = reflect.SliceOf(t)
		}
		fields = append(fields, tagged(i, t, tag))
	}
	return fields
}

func (s *specTypes) structure(x *ynl.Struct) reflect.Type {
	var fields []reflect.StructField
	for i, m := range x.Members {
		t := goTypes[m.Type]
		tag := "," + m.Name + "," + tagType(m.Type, m.ByteOrder)
		if m.Hint != ynl.NoHint {
			tag += "," + m.Hint.String()
		}
		switch {
		case m.Type == ynl.Pad:
			fields = append(fields, blank(reflect.ArrayOf(m.Size, reflect.TypeFor[byte]()), ""))
			continue
		case m.Struct != nil:
			t = s.structure(m.Struct)
		case m.Type == ynl.String:
			tag += fmt.Sprintf(",len=%d", m.Size)
		case t == nil && m.Hint == ynl.HintMAC:
			t = reflect.TypeFor[HardwareAddr]()
		case t == nil && m.Hint != ynl.NoHint:
			t = reflect.TypeFor[netip.Addr]()
		case t == nil:
			t = reflect.ArrayOf(m.Size, reflect.TypeFor[byte]())
		}
		fields = append(fields, tagged(i, t, tag))
	}
	t := reflect.StructOf(fields)
	if d := typeOf(t); d.err != nil || d.size != x.Size {
		s.t.Fatalf("%s: %d bytes, want %d (%v)", x.Name, d.size, x.Size, d.err)
	}
	return t
}
