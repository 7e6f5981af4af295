package lint

import (
	"fmt"

	"github.com/nlkit/nlkit/ynl"
)

// rules checks what needs no header: what the model finds by itself, and what
// takes knowledge of the wire or of a family.
func (c *checker) rules() {
	for _, p := range c.spec.Findings() {
		c.find(p.Pos, "%s", p.Text)
	}
	for _, s := range c.spec.Sets {
		for _, a := range s.Attrs {
			if inherited(a) {
				continue
			}
			what := fmt.Sprintf("attribute %s.%s", s.Name, a.Name)
			c.limits(a, what)
			c.values(a, what)
			c.byteOrder(a, what)
			c.payload(a, what)
			c.selector(a, what)
		}
	}
	for _, s := range c.spec.Structs {
		for _, m := range s.Members {
			// Older headers have room for the first flags only.
			if m.Enum != nil && m.Type.Size() > 0 && !m.IsBits() {
				c.fit(m.Pos, fmt.Sprintf("%s.%s", s.Name, m.Name), m.Enum, false, m.Type)
			}
		}
	}
}

// inherited reports whether all that a subset says of an attribute is said by its
// parent, where it is checked.
func inherited(a *ynl.Attr) bool {
	if a.Set.Parent == nil {
		return false
	}
	p := a.Set.Parent.Attr(a.Name)
	return p != nil && p.Type == a.Type && p.Checks == a.Checks && p.Enum == a.Enum && p.Struct == a.Struct &&
		p.ByteOrder == a.ByteOrder && p.Hint == a.Hint && p.SubMsg == a.SubMsg && p.Selector == a.Selector
}

// limits looks for limits that no value of the type reaches.
func (c *checker) limits(a *ynl.Attr, what string) {
	element := a.Type
	if a.Sub != ynl.Unset {
		element = a.Sub
	}
	for _, l := range []ynl.Limit{a.Checks.Min, a.Checks.Max} {
		if l.Set && element.IsInt() && !holds(element, l) {
			c.find(a.Pos, "%s: the limit %s is outside the range of %s", what, l, element)
		}
	}
}

// above reports whether one limit is known to be above another.
func above(a, b ynl.Limit) bool {
	return a.Set && b.Set && a.Known && b.Known && b.Cmp(a.Neg, a.Abs) > 0
}

// holds reports whether a type has room for a number.
func holds(t ynl.Type, l ynl.Limit) bool {
	bits := 8 * t.Size()
	switch {
	case !l.Known:
		return true
	case bits == 0:
		bits = 64
	}
	if !t.IsSigned() {
		return (!l.Neg || l.Abs == 0) && (bits == 64 || l.Abs>>bits == 0)
	}
	most := uint64(1) << (bits - 1)
	return l.Abs < most || l.Neg && l.Abs == most
}

// values looks for names of values that a type has no room for.
func (c *checker) values(a *ynl.Attr, what string) {
	if a.Enum == nil {
		return
	}
	t := a.Type
	switch {
	case a.Sub != ynl.Unset:
		t = a.Sub
	case t == ynl.Bitfield32:
		t = ynl.U32
	}
	if t.IsInt() {
		c.fit(a.Pos, what, a.Enum, a.IsBits(), t)
	}
}

func (c *checker) fit(at ynl.Pos, what string, e *ynl.Enum, bits bool, t ynl.Type) {
	width := uint64(8 * t.Size())
	if width == 0 {
		width = 64
	}
	for _, n := range e.Entries {
		v := n.Value
		if bits && v >= width {
			c.find(at, "%s: %s.%s is bit %d, and a %s has %d", what, e.Name, n.Name, v, t, width)
			return
		}
		if !bits && !room(t, v) {
			c.find(at, "%s: %s.%s is %s, which a %s has no room for", what, e.Name, n.Name, show(v), t)
			return
		}
	}
}

// room reports whether an enum's value fits into a type. One below zero may be
// that of an unsigned type, written with a sign.
func room(t ynl.Type, v uint64) bool {
	width := 8 * t.Size()
	switch {
	case width == 0 || width == 64:
		return true
	case int64(v) < 0:
		return int64(v) >= -1<<(width-1)
	case t.IsSigned():
		return v>>(width-1) == 0
	}
	return v>>width == 0
}

// payload looks for lengths that contradict the struct that is the payload.
func (c *checker) payload(a *ynl.Attr, what string) {
	if a.Struct == nil || a.Multi || a.Sub != ynl.Unset {
		return
	}
	size := ynl.Limit{Set: true, Known: true, Abs: uint64(a.Struct.Size)}
	for _, l := range []struct {
		name  string
		limit ynl.Limit
		wrong bool
	}{
		{"exact", a.Checks.ExactLen, above(a.Checks.ExactLen, size) || above(size, a.Checks.ExactLen)},
		{"least", a.Checks.MinLen, above(a.Checks.MinLen, size)},
		{"largest", a.Checks.MaxLen, above(size, a.Checks.MaxLen)},
	} {
		if l.wrong {
			c.find(a.Pos, "%s: the %s length is %s, but struct %s has %d bytes", what, l.name, l.limit, a.Struct.Name, a.Struct.Size)
		}
	}
}

// byteOrder looks for integers whose order cannot be the machine's.
func (c *checker) byteOrder(a *ynl.Attr, what string) {
	t := a.Type
	if a.Sub != ynl.Unset && t == ynl.Binary {
		t = a.Sub
	}
	if a.ByteOrder == ynl.BigEndian || t.Size() < 2 {
		return
	}
	key := c.spec.Name + "/" + a.Set.Name
	switch {
	case a.Hint == ynl.HintIPv4 || a.Hint == ynl.HintIPv6 || a.Hint == ynl.HintIP:
		c.find(a.Pos, "%s is an address (%s) in the machine's byte order; the network's is big-endian", what, a.Hint)
	case c.spec.IsRaw() && c.spec.Protocol == netfilter && a.Type.IsInt() && !native[key] && !native[key+"/"+a.Name]:
		c.find(a.Pos, "%s is a %s in the machine's byte order; netfilter's integers are big-endian", what, t)
	}
}

// netfilter is the protocol of nfnetlink, whose integers are in the network's order.
const netfilter = 12
