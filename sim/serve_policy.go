package sim

import (
	"iter"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// attrTag is what a field's tag says of an attribute: `nl:"4,mtu,u32,multi"`.
type attrTag struct {
	number int
	typ    string
	multi  bool
	policy string // what the second tag says of the values: "min=1,max=7"
}

// attrTags yields the attributes of a struct type, those of the structs that are
// embedded in it included.
func attrTags(t reflect.Type) iter.Seq2[attrTag, reflect.Type] {
	return func(yield func(attrTag, reflect.Type) bool) {
		for _, f := range reflect.VisibleFields(t) {
			parts := strings.Split(f.Tag.Get("nl"), ",")
			n, err := strconv.ParseUint(parts[0], 10, 14)
			if err != nil || len(parts) < 3 || f.Name == "_" {
				continue // the fixed header, what is not to be used, or no attribute at all
			}
			if !yield(attrTag{int(n), parts[2], slices.Contains(parts[3:], "multi"), f.Tag.Get("policy")}, f.Type) {
				return
			}
		}
	}
}

// policyMaker makes the policies of typed messages of the tags of their fields,
// one for each struct type: structs may lie in themselves, and so may policies.
type policyMaker map[reflect.Type]Policy

// of returns the policy of a struct, or of a pointer to one. It is not nil: without
// attributes it refuses all.
func (m policyMaker) of(t reflect.Type) Policy {
	t = pointedTo(t)
	if p, ok := m[t]; ok {
		return p
	}
	highest := 0
	for tag := range attrTags(t) {
		highest = max(highest, tag.number)
	}
	p := make(Policy, highest+1)
	m[t] = p // before its fields, which may be of the same type
	for tag, typ := range attrTags(t) {
		p[tag.number] = m.rule(tag, typ)
	}
	return p
}

// rule is what the kernel's code that is generated of specs has for an attribute.
func (m policyMaker) rule(tag attrTag, t reflect.Type) Rule {
	switch kind := kindOf(tag.typ); kind {
	case Bitfield32:
		r := Rule{Kind: kind, Mask: math.MaxUint32}
		r.limit(tag)
		return r
	case Nested, NestedArray:
		r := Rule{Kind: kind}
		if s, ok := nestedIn(tag, t); ok {
			r.Nested = m.of(s)
		}
		return r
	default:
		r := Rule{Kind: kind}
		r.limit(tag)
		return r
	}
}

// nestedIn returns the struct type of what lies in a nest, or in each entry of an
// array. There is none where the format is not told by the type alone.
func nestedIn(tag attrTag, t reflect.Type) (reflect.Type, bool) {
	switch tag.typ {
	case "nest":
		if tag.multi && t.Kind() == reflect.Slice {
			t = t.Elem()
		}
	case "indexed-array":
		if t.Kind() != reflect.Slice || t.Elem().Kind() != reflect.Struct {
			return nil, false
		}
		value, ok := t.Elem().FieldByName("Value")
		if !ok {
			return nil, false
		}
		t = value.Type
	default:
		return nil, false
	}
	t = pointedTo(t)
	return t, t.Kind() == reflect.Struct && attributes(t)
}

// attributes reports whether a struct is one of attributes.
func attributes(t reflect.Type) bool {
	for range attrTags(t) {
		return true
	}
	return false
}

func pointedTo(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// kindOf is the kind of a spec's type. Byte orders have kinds of their own at two
// sizes only, and only that of the network.
func kindOf(typ string) Kind {
	switch typ {
	case "u16be", "s16be":
		return BE16
	case "u32be", "s32be":
		return BE32
	}
	if t, ok := strings.CutSuffix(typ, "be"); ok {
		typ = t
	} else if t, ok := strings.CutSuffix(typ, "le"); ok {
		typ = t
	}
	switch typ {
	case "u8":
		return U8
	case "u16":
		return U16
	case "u32":
		return U32
	case "u64":
		return U64
	case "s8":
		return S8
	case "s16":
		return S16
	case "s32":
		return S32
	case "s64":
		return S64
	case "uint":
		return Uint
	case "sint":
		return Sint
	case "flag":
		return Flag
	case "string":
		return NulString
	case "bitfield32":
		return Bitfield32
	case "nest", "nest-type-value", "sub-message":
		return Nested
	case "indexed-array":
		return NestedArray
	case "pad", "unused":
		return Unspec
	}
	return Binary
}
