package lint

import (
	"fmt"
	"strings"

	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/lint/internal/uapi"
)

// structs compares sizes and the places of members.
func (c *checker) structs() {
	for _, s := range c.spec.Structs {
		names := c.structNames(s)
		var h *uapi.Struct
		for _, tag := range names {
			if h = c.unit.Struct(tag); h != nil {
				break
			}
		}
		if h == nil {
			c.unknown(s.Pos, "struct "+s.Name, "struct "+names[0])
			continue
		}
		c.layout(s, h)
	}
}

// layout compares one struct. Where a member is missing in the spec, all that
// follow have moved: only the first of them is a finding.
func (c *checker) layout(s *ynl.Struct, h *uapi.Struct) {
	if c.newer(s, h) {
		c.unknown(s.Pos, "struct "+s.Name, "struct "+h.Name+" with all members")
		return
	}
	c.report.Checked++
	if s.Size != h.Size {
		c.differ(s.Pos, h.Place, "struct %s has %s, but struct %s has %d", s.Name, bytes(s.Size), h.Name, h.Size)
	}
	moved := 0
	for _, m := range s.Members {
		if m.Type == ynl.Pad {
			continue
		}
		what := fmt.Sprintf("%s.%s", s.Name, m.Name)
		hm := c.member(s, m, h)
		if hm == nil {
			c.boundary(s, m, h, what)
			continue
		}
		if hm.BitField {
			continue
		}
		c.report.Checked++
		by := m.Offset - hm.Offset
		if by != moved && by != 0 {
			c.differ(m.Pos, hm.Place, "%s is at offset %d, but %s.%s is at %d", what, m.Offset, h.Name, hm.Name, hm.Offset)
		}
		moved = by
		c.memberType(m, hm, h, what)
	}
}

// newer reports whether a struct agrees with the header as far as that goes, and
// has members behind it that the header does not know: structs grow at the end.
func (c *checker) newer(s *ynl.Struct, h *uapi.Struct) bool {
	added := false
	for _, m := range s.Members {
		hm := c.member(s, m, h)
		switch {
		case m.Type == ynl.Pad:
		case m.Offset >= h.Size:
			if hm != nil {
				return false
			}
			added = true
		case hm != nil && (hm.Offset != m.Offset || hm.Size != m.Size):
			return false
		}
	}
	return added
}

// memberType compares a member's size, sign and order of bytes.
func (c *checker) memberType(m *ynl.Member, hm *uapi.Member, h *uapi.Struct, what string) {
	name := h.Name + "." + hm.Name
	c.report.Checked++
	switch {
	case hm.Flexible:
		c.differ(m.Pos, hm.Place, "%s has %s, but %s is an array without a fixed length: the struct ends before it", what, bytes(m.Size), name)
		return
	case m.Size != hm.Size:
		c.differ(m.Pos, hm.Place, "%s has %s, but %s has %d", what, bytes(m.Size), name, hm.Size)
		return
	case m.Type.Size() == 0 || !hm.Integer:
		return
	}
	c.report.Checked++
	if m.Type.IsSigned() != hm.Signed {
		c.differ(m.Pos, hm.Place, "%s is %s, but %s is %s", what, m.Type, name, signed(hm.Signed))
	}
	if m.Size > 1 {
		c.report.Checked++
		if want := order(hm.Order); m.ByteOrder != want {
			c.differ(m.Pos, hm.Place, "%s is %s, but %s is %s", what, orderName(m.ByteOrder), name, orderName(want))
		}
	}
}

func bytes(n int) string {
	if n == 1 {
		return "1 byte"
	}
	return fmt.Sprintf("%d bytes", n)
}

func signed(is bool) string {
	if is {
		return "signed"
	}
	return "unsigned"
}

func order(o uapi.Order) ynl.ByteOrder {
	return [...]ynl.ByteOrder{uapi.Native: ynl.Native, uapi.BigEndian: ynl.BigEndian, uapi.LittleEndian: ynl.LittleEndian}[o]
}

func orderName(o ynl.ByteOrder) string {
	if o == ynl.Native {
		return "in the machine's byte order"
	}
	return o.String()
}

// member finds the member of a C struct that a spec's is meant to be: by its
// name, with or without a prefix that the members have in C.
func (c *checker) member(s *ynl.Struct, m *ynl.Member, h *uapi.Struct) *uapi.Member {
	name := snake(m.Name)
	if own, ok := exceptions[c.spec.Name+"/"+s.Name+"/"+m.Name]; ok {
		name = own
	}
	if hm := h.Member(name); hm != nil {
		return hm
	}
	members := deep(h, 0)
	var found *uapi.Member
	for i := range members {
		hm := &members[i]
		if strings.HasSuffix(hm.Name, "_"+name) || strings.HasSuffix(hm.Name, "."+name) || strings.EqualFold(plain(hm.Name), plain(name)) {
			if found != nil {
				return nil // which of them is meant is not known
			}
			found = hm
		}
	}
	return found
}

// deep lists the members of a struct and of the structs in it, which a spec may
// have instead.
func deep(h *uapi.Struct, depth int) []uapi.Member {
	var out []uapi.Member
	for _, m := range h.Members {
		out = append(out, m)
		if m.Struct != nil && m.Elements == 0 && depth < 4 {
			for _, in := range deep(m.Struct, depth+1) {
				in.Offset += m.Offset
				in.Name = m.Name + "." + in.Name
				out = append(out, in)
			}
		}
	}
	return out
}

// plain leaves out what names differ in.
func plain(name string) string { return strings.ReplaceAll(name, "_", "") }

// boundary checks a member whose name the header does not have: it must at least
// begin and end where members do. What is where none is stands for padding.
func (c *checker) boundary(s *ynl.Struct, m *ynl.Member, h *uapi.Struct, what string) {
	end := m.Offset + m.Size
	padding := end <= h.Size
	for i := range h.Members {
		hm := &h.Members[i]
		hend := hm.Offset + hm.Size
		if m.Offset >= hend || hm.Offset >= end {
			continue
		}
		padding = false
		inside := m.Offset > hm.Offset || end < hend
		if inside && !hm.InUnion && !hm.BitField && hm.Struct == nil && hm.Elements == 0 && s.Size == h.Size {
			c.differ(m.Pos, hm.Place, "%s has the bytes %d to %d, which are part of %s.%s", what, m.Offset, end-1, h.Name, hm.Name)
			break
		}
	}
	if padding {
		c.report.Checked++
		return
	}
	c.unknown(m.Pos, what, "struct "+h.Name+"."+snake(m.Name))
}
