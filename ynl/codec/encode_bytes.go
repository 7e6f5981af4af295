package codec

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

// describe says what a value is, for people.
func describe(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case string:
		if len(v) > 40 {
			v = v[:40] + "..."
		}
		return strconv.Quote(v)
	case Object, map[string]any:
		return "an object"
	case bool:
		return strconv.FormatBool(v)
	}
	if n, ok := plainNumber(v); ok {
		return n.String()
	}
	if _, ok := listOf(v); ok {
		return "a list"
	}
	if s, ok := v.(fmt.Stringer); ok {
		return s.String()
	}
	return fmt.Sprintf("a %T", v)
}

// truth reads a value where a flag is wanted.
func (e *encoder) truth(v any) (on, ok bool) {
	switch v := v.(type) {
	case bool:
		return v, true
	case nil:
		return false, e.python
	case string:
		switch v {
		case "true", "1", "on", "yes":
			return true, true
		case "false", "0", "off", "no":
			return false, true
		}
		return v != "", e.python
	}
	if n, ok := plainNumber(v); ok && (e.python || n.Abs <= 1) {
		return n.Abs != 0, true
	}
	return e.python, e.python
}

// blobOf is a value that gives bytes: as they are, or in hexadecimal.
func (e *encoder) blobOf(v any) ([]byte, bool) {
	switch v := v.(type) {
	case []byte:
		return v, true
	case Raw:
		return v, true
	case net.HardwareAddr:
		return v, true
	case netip.Addr:
		return v.AsSlice(), true
	case net.IP:
		return v, true
	case UUID:
		return v[:], true
	case string:
		return parseHex(v)
	}
	return rawOf(v)
}

// text encodes a string and the NUL behind it.
func (e *encoder) text(a *ynl.Attr, typ uint16, v any) error {
	var s string
	switch v := v.(type) {
	case string:
		s = v
	case []byte:
		s = string(v)
	default:
		n, ok := plainNumber(v)
		if _, isBool := v.(bool); !ok || isBool {
			return e.wrong("must be text, not %s", describe(v))
		}
		s = n.String()
	}
	if i := strings.IndexByte(s, 0); i >= 0 && !e.python {
		return e.wrong("has a NUL at byte %d, where the kernel would cut it", i)
	}
	if err := e.lengths(a, len(s), "text"); err != nil {
		return err
	}
	e.b.Attr(typ, append([]byte(s), 0))
	return nil
}

// lengths checks the length of text or bytes as the kernel will.
func (e *encoder) lengths(a *ynl.Attr, n int, what string) error {
	if e.python || e.o.Unchecked {
		return nil
	}
	c := &a.Checks
	switch {
	case c.ExactLen.Set && c.ExactLen.Cmp(false, uint64(n)) != 0:
		return e.wrong("the %s has %d bytes; it must have %s", what, n, c.ExactLen)
	case c.MinLen.Set && c.MinLen.Cmp(false, uint64(n)) < 0:
		return e.wrong("the %s has %d bytes; it must have at least %s", what, n, c.MinLen)
	case c.MaxLen.Set && c.MaxLen.Cmp(false, uint64(n)) > 0:
		return e.wrong("the %s has %d bytes; it may have at most %s", what, n, c.MaxLen)
	}
	return nil
}

// binary makes the payload of a binary attribute.
func (e *encoder) binary(a *ynl.Attr, v any) ([]byte, error) {
	p, err := e.binaryValue(a, v)
	if err != nil {
		return nil, err
	}
	return p, e.lengths(a, len(p), "value")
}

func (e *encoder) binaryValue(a *ynl.Attr, v any) ([]byte, error) {
	if a.Struct != nil {
		if fields, ok := e.fields(nil, v); ok && v != nil {
			return e.whole(a.Struct, fields)
		}
	}
	if size := a.Sub.Size(); size > 0 {
		if list, ok := listOf(v); ok {
			p := []byte{}
			for _, item := range list {
				n, err := e.number(item, meaning{enum: a.Enum, bits: a.IsBits(), hint: a.Hint, attr: a})
				if err != nil {
					return nil, err
				}
				bits, err := e.fit(n, a.Sub, size)
				if err != nil {
					return nil, err
				}
				p = appendInt(p, bits, size, a.ByteOrder)
			}
			return p, nil
		}
	}
	return e.hinted(a.Hint, v)
}

// hinted reads bytes as people write them.
func (e *encoder) hinted(hint ynl.Hint, v any) ([]byte, error) {
	s, isText := v.(string)
	if !isText {
		p, ok := e.blobOf(v)
		if !ok {
			return nil, e.wrong("must be %s, not %s", hintText(hint), describe(v))
		}
		return p, nil
	}
	switch hint {
	case ynl.HintIPv4, ynl.HintIPv6, ynl.HintIP:
		if a, err := netip.ParseAddr(s); err == nil {
			if hint == ynl.HintIPv4 && !a.Is4() || hint == ynl.HintIPv6 && !a.Is6() {
				return nil, e.wrong("must be %s, not %q", hintText(hint), s)
			}
			if a.Zone() == "" {
				return a.AsSlice(), nil
			}
		}
	case ynl.HintMAC, ynl.HintFDDI:
		if m, err := net.ParseMAC(s); err == nil {
			return m, nil
		}
	case ynl.HintUUID:
		if p, ok := parseHex(strings.ReplaceAll(s, "-", "")); ok && len(p) == 16 {
			return p, nil
		}
	}
	p, ok := parseHex(s)
	if !ok {
		return nil, e.wrong("must be %s, not %s", hintText(hint), describe(v))
	}
	return p, nil
}

// hintText says how a value of bytes is written.
func hintText(h ynl.Hint) string {
	switch h {
	case ynl.HintIPv4:
		return "an IPv4 address such as 192.0.2.1"
	case ynl.HintIPv6:
		return "an IPv6 address such as 2001:db8::1"
	case ynl.HintIP:
		return "an IP address such as 192.0.2.1 or 2001:db8::1"
	case ynl.HintMAC, ynl.HintFDDI:
		return "an address such as 02:00:00:00:00:01"
	case ynl.HintUUID:
		return "a UUID"
	}
	return "bytes in hexadecimal such as 0a0b0c"
}

// bitfield encodes a value and the bits of it that count. A value alone is its
// own selector.
func (e *encoder) bitfield(a *ynl.Attr, typ uint16, v any) error {
	m := meaning{enum: a.Enum, bits: a.Enum != nil, hint: a.Hint, attr: a}
	half := func(v any) (uint32, error) {
		n, err := e.number(v, m)
		if err != nil {
			return 0, err
		}
		bits, err := e.fit(n, ynl.U32, 4)
		return uint32(bits), err
	}
	fields, ok := e.fields(nil, v)
	if !ok {
		value, err := half(v)
		if err != nil {
			return err
		}
		e.b.Bitfield32(typ, wire.Bitfield32{Value: value, Selector: value})
		return nil
	}
	var out wire.Bitfield32
	for i := range fields {
		f := &fields[i]
		into := &out.Value
		switch f.Name {
		case "value":
		case "selector":
			into = &out.Selector
		default:
			return e.wrong("has \"value\" and \"selector\", no %q", f.Name)
		}
		err := e.at("."+f.Name, func() (err error) {
			*into, err = half(f.Value)
			return err
		})
		if err != nil {
			return err
		}
	}
	e.b.Bitfield32(typ, out)
	return nil
}

// whole makes a struct's bytes of fields that are all its own.
func (e *encoder) whole(s *ynl.Struct, fields []Field) ([]byte, error) {
	p, rest, err := e.structure(s, nil, fields)
	if err != nil {
		return nil, err
	}
	for i := range rest {
		if rest[i].Name != keyRest {
			err := e.wrong("struct %s has no member %q", s.Name, rest[i].Name)
			err.Near = near.Names(rest[i].Name, names(s, nil))
			return nil, err
		}
		more, ok := e.blobOf(rest[i].Value)
		if !ok {
			return nil, e.wrong("%q must be bytes in hexadecimal, not %s", keyRest, describe(rest[i].Value))
		}
		p = append(p, more...)
	}
	return p, nil
}

// structure makes a struct's bytes, and returns the fields that are none of its
// members. set has the attributes that share the object with them, if any.
func (e *encoder) structure(s *ynl.Struct, set *ynl.AttrSet, fields []Field) ([]byte, []Field, error) {
	p := make([]byte, s.Size)
	var rest []Field
	length := -1
	for i := range fields {
		f := &fields[i]
		if f.Name == keyLen {
			n, ok := plainNumber(f.Value)
			if !ok || n.Neg || n.Abs > uint64(s.Size) {
				return nil, nil, e.wrong("%q must be a number up to %d, not %s", keyLen, s.Size, describe(f.Value))
			}
			length = int(n.Abs)
			continue
		}
		if f.Type == 0 && f.Name == keyPad+strconv.Itoa(s.Size) {
			// What stands between a fixed header and the attributes.
			gap, ok := e.blobOf(f.Value)
			if !ok || len(gap) > wire.Align(s.Size)-s.Size {
				return nil, nil, e.wrong("%q must be at most %d bytes in hexadecimal, not %s", f.Name, wire.Align(s.Size)-s.Size, describe(f.Value))
			}
			p = append(p[:s.Size], gap...)
			continue
		}
		m := e.memberOf(s, set, f)
		if m == nil {
			rest = append(rest, *f)
			continue
		}
		err := e.at("."+f.Name, func() error { return e.member(p[m.Offset:m.Offset+m.Size], m, f.Value) })
		if err != nil {
			return nil, nil, err
		}
	}
	if length >= 0 {
		// A struct that was cut short: what stood in its last member is the rest.
		p = p[:length]
		for i := range rest {
			if tail, ok := e.blobOf(rest[i].Value); ok && rest[i].Name == keyRest && len(tail) <= length {
				copy(p[length-len(tail):], tail)
				rest = append(rest[:i:i], rest[i+1:]...)
				break
			}
		}
	}
	return p, rest, nil
}

// memberOf finds the member a field names. A name that an attribute has too is
// the attribute's, and the member's with "header:" before it; in the Python
// client's dialect it is the member's.
func (e *encoder) memberOf(s *ynl.Struct, set *ynl.AttrSet, f *Field) *ynl.Member {
	if f.Type != 0 {
		return nil
	}
	name, ok := strings.CutPrefix(f.Name, keyHeader)
	if ok {
		return s.Member(name)
	}
	if at, ok := strings.CutPrefix(name, keyPad); ok {
		for _, m := range s.Members {
			if m.Type == ynl.Pad && strconv.Itoa(m.Offset) == at {
				return m
			}
		}
		return nil
	}
	m := s.Member(name)
	if m != nil && !e.python && set.Attr(name) != nil {
		return nil
	}
	return m
}

// member encodes a struct's member into p.
func (e *encoder) member(p []byte, m *ynl.Member, v any) error {
	if raw, ok := rawOf(v); ok {
		return e.fill(p, raw, m)
	}
	switch {
	case m.Struct != nil:
		fields, ok := e.fields(nil, v)
		if !ok {
			raw, ok := e.blobOf(v)
			if !ok {
				return e.wrong("is a struct: an object of its members, not %s", describe(v))
			}
			return e.fill(p, raw, m)
		}
		in, err := e.whole(m.Struct, fields)
		if err != nil {
			return err
		}
		return e.fill(p, in, m)
	case m.Type.Size() > 0:
		n, err := e.number(v, meaning{enum: m.Enum, bits: m.IsBits(), hint: m.Hint, member: m})
		if err != nil {
			return err
		}
		bits, err := e.fit(n, m.Type, m.Size)
		if err != nil {
			return err
		}
		appendInt(p[:0], bits, m.Size, m.ByteOrder)
		return nil
	case m.Type == ynl.String:
		s, ok := v.(string)
		if !ok || len(s) > m.Size {
			return e.wrong("must be text of at most %d bytes, not %s", m.Size, describe(v))
		}
		copy(p, s)
		return nil
	}
	raw, err := e.hinted(m.Hint, v)
	if err != nil {
		return err
	}
	return e.fill(p, raw, m)
}

// fill copies a member's bytes. Fewer than it has are followed by zeros.
func (e *encoder) fill(p, from []byte, m *ynl.Member) error {
	if len(from) > len(p) {
		return e.wrong("has %d bytes; a %s of %d fit", len(from), m.Type, len(p))
	}
	copy(p, from)
	return nil
}
