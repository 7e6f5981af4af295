package expr

import (
	"encoding/hex"
	"math"
	"net"
	"net/netip"
	"strings"

	"github.com/nlkit/nlkit/internal/integer"
	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/internal/rtnames"
	"github.com/nlkit/nlkit/internal/tchandle"
	"github.com/nlkit/nlkit/ynl"
)

// wordDefault is the prefix of a default route, of either address family.
const wordDefault = "default"

// meaning is what words stand for numbers.
type meaning struct {
	enum   *ynl.Enum
	bits   bool // of the enum
	names  *rtnames.Table
	handle bool // of traffic control
	link   bool // the number of a link
	addr   bool // an address is one
}

// number reads a number, or bits with | between them.
func (c *compiler) number(f *field, t token) (uint64, error) {
	v, err := c.oneNumber(f, t)
	if err != nil {
		return 0, err
	}
	for bar := c.peek(); c.accept("|"); bar = c.peek() {
		w := &f.words
		if f.signed || w.enum != nil && !w.bits || w.names != nil && !w.names.Bits || w.link || w.handle || w.addr {
			return 0, c.errorf(bar, "%s is no set of bits: write in (a, b) for one of several values, and || between comparisons", f.name)
		}
		if t, err = c.literal(bar); err != nil {
			return 0, err
		}
		bits, err := c.oneNumber(f, t)
		if err != nil {
			return 0, err
		}
		v |= bits
	}
	return v, nil
}

// oneNumber reads a number or the word for one: the same words as on the command line.
func (c *compiler) oneNumber(f *field, t token) (uint64, error) {
	w := &f.words
	if w.enum != nil {
		if e := w.enum.Entry(t.text); e != nil {
			if w.bits {
				return f.wrap(e.Bit()), nil
			}
			return f.wrap(e.Value), nil
		}
	}
	if n, ok := w.names.Number(t.text); ok {
		return n, nil
	}
	if neg, abs, _, ok := integer.Parse(t.text); ok {
		return c.fit(f, t, neg, abs)
	}
	if w.handle {
		if n, ok := tchandle.Number(t.text); ok {
			return uint64(n), nil
		}
	}
	if w.addr {
		if a, err := netip.ParseAddr(t.text); err == nil && a.Is4() {
			b := a.As4()
			return uint64(b[0])<<24 | uint64(b[1])<<16 | uint64(b[2])<<8 | uint64(b[3]), nil
		}
	}
	return 0, c.noNumber(f, t)
}

// noNumber says that a text stands for no number, and what would.
func (c *compiler) noNumber(f *field, t token) error {
	w := &f.words
	var what string
	var names []string
	switch {
	case w.enum != nil:
		what = w.enum.Name
		for _, e := range w.enum.Entries {
			names = append(names, e.Name)
		}
		err := c.errorf(t, "%s has no %s; write its number, or one of %s", what, show(t.text), list(names))
		err.Near = near.Names(t.text, names)
		return err
	case w.names != nil:
		names = w.names.Names()
		err := c.errorf(t, "there is no %s %s; write its number, or one of %s", w.names.What, show(t.text), list(names))
		err.Near = near.Names(t.text, names)
		return err
	case w.link:
		return c.errorf(t, "%s is the number of a link, not %s: a record has no names of links, and these may change while it does not; write the number, which `ip link show %s` tells", f.name, show(t.text), shellWord(t.text))
	case w.handle:
		return c.errorf(t, "%s is a handle such as 1:, 1:a, root or ingress, not %s", f.name, show(t.text))
	}
	return c.errorf(t, "%s is %s: expected a number, not %s", f.name, f.what(), show(t.text))
}

// shellWord is a word to be typed, where it can be as it is.
func shellWord(text string) string {
	for _, r := range text {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-_.@:", r) {
			return "NAME"
		}
	}
	if text == "" || len(text) > 15 {
		return "NAME"
	}
	return text
}

// wrap makes the number of an entry one of the field's size.
func (f *field) wrap(v uint64) uint64 {
	if f.bytes == 0 || f.bytes == 8 {
		return v
	}
	shift := 64 - 8*f.bytes
	if f.signed {
		return uint64(int64(v<<shift) >> shift)
	}
	return v << shift >> shift
}

// fit checks that a number is one that the field can have.
func (c *compiler) fit(f *field, t token, neg bool, abs uint64) (uint64, error) {
	size := f.bytes
	if size == 0 {
		size = 8
	}
	most := uint64(math.MaxUint64) >> (64 - 8*size)
	if !f.signed {
		if neg || abs > most {
			return 0, c.errorf(t, "%s does not fit: %s is %s, from 0 to %d", show(t.text), f.name, f.what(), most)
		}
		return abs, nil
	}
	half := most>>1 + 1
	if neg && abs > half || !neg && abs >= half {
		return 0, c.errorf(t, "%s does not fit: %s is %s, from -%d to %d", show(t.text), f.name, f.what(), half, half-1)
	}
	if neg {
		return -abs, nil
	}
	return abs, nil
}

// prefix reads an address, or where in is set a prefix.
func (c *compiler) prefix(f *field, t token, in bool) (netip.Prefix, error) {
	var p netip.Prefix
	if addr, err := netip.ParseAddr(t.text); err == nil && addr.Zone() == "" {
		p = netip.PrefixFrom(addr, addr.BitLen())
	} else if p, err = netip.ParsePrefix(t.text); err != nil {
		return p, c.errorf(t, "%s is %s: expected %s, not %s", f.name, f.what(), f.addresses(), show(t.text))
	} else if !in {
		return p, c.errorf(t, "%s is an address, and %s a prefix: write %s in %s", f.name, t.text, f.name, t.text)
	}
	if m := p.Masked(); m != p {
		return p, c.errorf(t, "%s has bits behind its prefix: write %s, or %s for the address", t.text, m, p.Addr())
	}
	if f.hint == ynl.HintIPv4 && !p.Addr().Is4() || f.hint == ynl.HintIPv6 && p.Addr().Is4() {
		return p, c.errorf(t, "%s can be %s only, not %s", f.name, f.addresses(), t.text)
	}
	return p, nil
}

// addresses are those that a field can have, for a person.
func (f *field) addresses() string {
	switch {
	case f.kind == kindPrefix:
		return "one such as 10.0.0.0/8 or fd00::/8, or default"
	case f.hint == ynl.HintIPv4:
		return "an IPv4 address such as 192.0.2.1"
	case f.hint == ynl.HintIPv6:
		return "an IPv6 address such as 2001:db8::1"
	}
	return "one such as 192.0.2.1 or 2001:db8::1"
}

// bytes reads bytes as people write them.
func (c *compiler) bytes(f *field, t token) ([]byte, error) {
	text := t.text
	switch f.hint {
	case ynl.HintMAC, ynl.HintFDDI:
		if m, err := net.ParseMAC(text); err == nil {
			return m, nil
		}
	case ynl.HintUUID:
		if b, err := hex.DecodeString(strings.ReplaceAll(text, "-", "")); err == nil && len(b) == 16 {
			return b, nil
		}
	}
	digits := strings.TrimPrefix(strings.ReplaceAll(text, ":", ""), "0x")
	if b, err := hex.DecodeString(digits); err == nil && !strings.Contains(text, "::") {
		return b, nil
	}
	if a, err := netip.ParseAddr(text); err == nil && a.Zone() == "" {
		return a.AsSlice(), nil
	}
	example := "bytes in hexadecimal such as 0a0b0c"
	if f.hint == ynl.HintMAC || f.hint == ynl.HintFDDI {
		example = "one such as 02:00:00:00:00:01"
	}
	return nil, c.errorf(t, "%s is %s: expected %s, not %s", f.name, f.what(), example, show(text))
}
