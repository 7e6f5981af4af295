package wire

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"testing"
)

// getter reads a value as any, so that one table holds all types.
type getter struct {
	kind string
	size int // the fewest bytes it takes
	get  func(Attr) (any, error)
	zero any
}

func anyOf[T any](get func(Attr) (T, error)) func(Attr) (any, error) {
	return func(a Attr) (any, error) { return get(a) }
}

var getters = map[string]getter{
	"Uint8":      {"u8", 1, anyOf(Attr.Uint8), uint8(0)},
	"Uint16":     {"u16", 2, anyOf(Attr.Uint16), uint16(0)},
	"Uint32":     {"u32", 4, anyOf(Attr.Uint32), uint32(0)},
	"Uint64":     {"u64", 8, anyOf(Attr.Uint64), uint64(0)},
	"Uint16BE":   {"be16", 2, anyOf(Attr.Uint16BE), uint16(0)},
	"Uint32BE":   {"be32", 4, anyOf(Attr.Uint32BE), uint32(0)},
	"Uint64BE":   {"be64", 8, anyOf(Attr.Uint64BE), uint64(0)},
	"Uint16LE":   {"le16", 2, anyOf(Attr.Uint16LE), uint16(0)},
	"Uint32LE":   {"le32", 4, anyOf(Attr.Uint32LE), uint32(0)},
	"Uint64LE":   {"le64", 8, anyOf(Attr.Uint64LE), uint64(0)},
	"Int8":       {"s8", 1, anyOf(Attr.Int8), int8(0)},
	"Int16":      {"s16", 2, anyOf(Attr.Int16), int16(0)},
	"Int32":      {"s32", 4, anyOf(Attr.Int32), int32(0)},
	"Int64":      {"s64", 8, anyOf(Attr.Int64), int64(0)},
	"Uint":       {"uint", 4, anyOf(Attr.Uint), uint64(0)},
	"Sint":       {"sint", 4, anyOf(Attr.Sint), int64(0)},
	"Bitfield32": {"bitfield32", 8, anyOf(Attr.Bitfield32), Bitfield32{}},
}

func TestGetters(t *testing.T) {
	eight := []byte{0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88}
	for _, c := range []struct {
		name  string
		value []byte
		want  any
	}{
		{"Uint8", []byte{0xfe}, uint8(0xfe)},
		{"Uint16", h16(0xfedc), uint16(0xfedc)},
		{"Uint32", h32(0xfedcba98), uint32(0xfedcba98)},
		{"Uint64", h64(0xfedcba9876543210), uint64(0xfedcba9876543210)},
		{"Uint16BE", eight[:2], uint16(0x8182)},
		{"Uint32BE", eight[:4], uint32(0x81828384)},
		{"Uint64BE", eight, uint64(0x8182838485868788)},
		{"Uint16LE", eight[:2], uint16(0x8281)},
		{"Uint32LE", eight[:4], uint32(0x84838281)},
		{"Uint64LE", eight, uint64(0x8887868584838281)},
		{"Int8", []byte{0x80}, int8(math.MinInt8)},
		{"Int16", h16(0x8000), int16(math.MinInt16)},
		{"Int32", h32(0x80000000), int32(math.MinInt32)},
		{"Int64", h64(1 << 63), int64(math.MinInt64)},
		{"Int64", h64(math.MaxUint64), int64(-1)},
		{"Uint", h32(math.MaxUint32), uint64(math.MaxUint32)},
		{"Uint", h64(math.MaxUint64), uint64(math.MaxUint64)},
		{"Uint", cat(h32(5), []byte{1, 2, 3}), uint64(5)},
		{"Sint", h32(math.MaxUint32), int64(-1)},
		{"Sint", h32(0x7fffffff), int64(math.MaxInt32)},
		{"Sint", h64(1 << 63), int64(math.MinInt64)},
		{"Sint", h64(math.MaxUint32), int64(math.MaxUint32)},
		{"Bitfield32", cat(h32(6), h32(0xfedcba98)), Bitfield32{Value: 6, Selector: 0xfedcba98}},
	} {
		// A value longer than the type is read from its start. Uint and Sint are
		// left out: with eight bytes they are another type.
		values := [][]byte{c.value}
		if c.name != "Uint" && c.name != "Sint" {
			values = append(values, cat(c.value, []byte{0xaa}), cat(c.value, bytes.Repeat([]byte{0xbb}, 100)))
		}
		for _, v := range values {
			got, err := getters[c.name].get(Attr(rawAttr(4+len(v), 3, v...)))
			if err != nil || got != c.want {
				t.Errorf("%s of % x = %v, %v, want %v", c.name, v, got, err, c.want)
			}
		}
	}
}

// TestGettersShort calls every getter with every value too short for it, and
// with slices too short for an attribute.
func TestGettersShort(t *testing.T) {
	for name, g := range getters {
		for n := range g.size {
			a := Attr(rawAttr(4+n, 77|AttrNested, make([]byte, n)...))
			got, err := g.get(a)
			var bad *ValueError
			if !errors.As(err, &bad) {
				t.Fatalf("%s of %d bytes: %v, %v, want a *ValueError", name, n, got, err)
			}
			if want := (ValueError{Attr: 77, Kind: g.kind, Want: g.size, Have: n}); *bad != want {
				t.Errorf("%s of %d bytes: %+v, want %+v", name, n, *bad, want)
			}
			text := fmt.Sprintf("attribute 77: value too short for %s (need %d bytes, have %d)", g.kind, g.size, n)
			if bad.Error() != text {
				t.Errorf("message %q, want %q", bad, text)
			}
			if got != g.zero {
				t.Errorf("%s of %d bytes: value %v beside the error", name, n, got)
			}
		}
		for n := range AttrHeaderLen {
			if got, err := g.get(make(Attr, n)); err == nil || got != g.zero {
				t.Errorf("%s of a slice of %d bytes: %v, %v", name, n, got, err)
			}
		}
	}
}

// TestUnaligned64 reads a 64-bit value from every address modulo 8.
func TestUnaligned64(t *testing.T) {
	const want = 0x0102030405060708
	a := rawAttr(12, 1, h64(want)...)
	for shift := range 8 {
		b := append(make([]byte, shift), a...)
		if got, err := Attr(b[shift:]).Uint64(); err != nil || got != want {
			t.Errorf("shifted by %d: %#x, %v", shift, got, err)
		}
		if got, err := Attr(b[shift:]).Uint(); err != nil || got != want {
			t.Errorf("shifted by %d: Uint %#x, %v", shift, got, err)
		}
	}
}

func TestText(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""}, {"\x00", ""}, {"lo\x00", "lo"}, {"lo", "lo"}, {"lo\x00\x00\x00", "lo"},
		{"a\x00b\x00", "a"}, {"\x00a", ""}, {"é\x00", "é"}, {"\xff\xfe\x00", "\xff\xfe"},
	} {
		a := Attr(rawAttr(4+len(c.in), 3, []byte(c.in)...))
		if got := a.Text(); got != c.want {
			t.Errorf("Text of %q = %q, want %q", c.in, got, c.want)
		}
		p := a.TextBytes()
		if string(p) != c.want {
			t.Errorf("TextBytes of %q = %q, want %q", c.in, p, c.want)
		}
		if cap(p) > len(a)-AttrHeaderLen || (len(p) < len(c.in) && cap(p) != len(p)) {
			t.Errorf("TextBytes of %q has capacity %d: an append would write on", c.in, cap(p))
		}
	}
	for n := range AttrHeaderLen {
		if a := make(Attr, n); a.Text() != "" || len(a.TextBytes()) != 0 {
			t.Errorf("text of a slice of %d bytes", n)
		}
	}
	a := Attr(rawAttr(7, 3, 'l', 'o', 0))
	s, p := a.Text(), a.TextBytes()
	a[4] = 'x'
	if s != "lo" || string(p) != "xo" {
		t.Errorf("Text %q must be a copy, TextBytes %q a view", s, p)
	}
}
