package wire

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
)

func build(t *testing.T, f func(*Builder)) []byte {
	t.Helper()
	var b Builder
	f(&b)
	p, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestBuilderAppenders compares every appender's bytes, header and padding
// included, with bytes made by hand.
func TestBuilderAppenders(t *testing.T) {
	const n = 5
	for _, c := range []struct {
		name string
		do   func(*Builder)
		want []byte
	}{
		{"Attr", func(b *Builder) { b.Attr(n, []byte{1, 2, 3, 4, 5}) }, attr(n, 1, 2, 3, 4, 5)},
		{"Attr nil", func(b *Builder) { b.Attr(n, nil) }, attr(n)},
		{"Attr with flag bits", func(b *Builder) { b.Attr(n|AttrNetByteOrder, []byte{1}) }, attr(n|0x4000, 1)},
		{"Flag", func(b *Builder) { b.Flag(n) }, attr(n)},
		{"Text", func(b *Builder) { b.Text(n, "eth0") }, attr(n, 'e', 't', 'h', '0', 0)},
		{"Text empty", func(b *Builder) { b.Text(n, "") }, attr(n, 0)},
		{"Text padded", func(b *Builder) { b.Text(n, "lo") }, cat(h16(7), h16(n), []byte{'l', 'o', 0, 0})},
		{"TextRaw", func(b *Builder) { b.TextRaw(n, "eth0") }, attr(n, 'e', 't', 'h', '0')},
		{"TextRaw empty", func(b *Builder) { b.TextRaw(n, "") }, attr(n)},
		{"Uint8", func(b *Builder) { b.Uint8(n, 0xfe) }, attr(n, 0xfe)},
		{"Uint16", func(b *Builder) { b.Uint16(n, 0xfedc) }, attr(n, h16(0xfedc)...)},
		{"Uint32", func(b *Builder) { b.Uint32(n, 0xfedcba98) }, attr(n, h32(0xfedcba98)...)},
		{"Uint64", func(b *Builder) { b.Uint64(n, 0xfedcba9876543210) }, attr(n, h64(0xfedcba9876543210)...)},
		{"Uint16BE", func(b *Builder) { b.Uint16BE(n, 0x0102) }, attr(n, 1, 2)},
		{"Uint32BE", func(b *Builder) { b.Uint32BE(n, 0x01020304) }, attr(n, 1, 2, 3, 4)},
		{"Uint64BE", func(b *Builder) { b.Uint64BE(n, 0x0102030405060708) }, attr(n, 1, 2, 3, 4, 5, 6, 7, 8)},
		{"Uint16LE", func(b *Builder) { b.Uint16LE(n, 0x0102) }, attr(n, 2, 1)},
		{"Uint32LE", func(b *Builder) { b.Uint32LE(n, 0x01020304) }, attr(n, 4, 3, 2, 1)},
		{"Uint64LE", func(b *Builder) { b.Uint64LE(n, 0x0102030405060708) }, attr(n, 8, 7, 6, 5, 4, 3, 2, 1)},
		{"Int8", func(b *Builder) { b.Int8(n, -2) }, attr(n, 0xfe)},
		{"Int16", func(b *Builder) { b.Int16(n, -2) }, attr(n, h16(0xfffe)...)},
		{"Int32", func(b *Builder) { b.Int32(n, math.MinInt32) }, attr(n, h32(0x80000000)...)},
		{"Int64", func(b *Builder) { b.Int64(n, -2) }, attr(n, h64(math.MaxUint64-1)...)},
		{"Uint 0", func(b *Builder) { b.Uint(n, 0) }, attr(n, h32(0)...)},
		{"Uint 32 bits", func(b *Builder) { b.Uint(n, math.MaxUint32) }, attr(n, h32(math.MaxUint32)...)},
		{"Uint 33 bits", func(b *Builder) { b.Uint(n, math.MaxUint32+1) }, attr(n, h64(1<<32)...)},
		{"Uint 64 bits", func(b *Builder) { b.Uint(n, math.MaxUint64) }, attr(n, h64(math.MaxUint64)...)},
		{"Sint -1", func(b *Builder) { b.Sint(n, -1) }, attr(n, h32(math.MaxUint32)...)},
		{"Sint greatest of 32", func(b *Builder) { b.Sint(n, math.MaxInt32) }, attr(n, h32(math.MaxInt32)...)},
		{"Sint one more", func(b *Builder) { b.Sint(n, math.MaxInt32+1) }, attr(n, h64(1<<31)...)},
		{"Sint least of 32", func(b *Builder) { b.Sint(n, math.MinInt32) }, attr(n, h32(1<<31)...)},
		{"Sint one less", func(b *Builder) { b.Sint(n, math.MinInt32-1) }, attr(n, h64(0xffffffff7fffffff)...)},
		{"Sint least of 64", func(b *Builder) { b.Sint(n, math.MinInt64) }, attr(n, h64(1<<63)...)},
		{"Bitfield32", func(b *Builder) { b.Bitfield32(n, Bitfield32{Value: 1, Selector: 0xfedcba98}) }, attr(n, cat(h32(1), h32(0xfedcba98))...)},
		{"Raw", func(b *Builder) { b.Raw([]byte{1, 2, 3, 4, 5}) }, []byte{1, 2, 3, 4, 5, 0, 0, 0}},
		{"Raw nothing", func(b *Builder) { b.Raw(nil) }, nil},
		{"Nest empty", func(b *Builder) { b.End(b.Nest(n)) }, nest(n)},
		{"Nest", func(b *Builder) { x := b.Nest(n); b.Uint8(1, 7); b.Flag(2); b.End(x) }, nest(n, attr(1, 7), attr(2))},
		{"NestPlain", func(b *Builder) { x := b.NestPlain(n); b.Uint8(1, 7); b.End(x) }, attr(n, attr(1, 7)...)},
		{"Nest in nest, then a sibling", func(b *Builder) {
			x := b.Nest(n)
			y := b.Nest(6)
			b.Text(1, "a")
			b.End(y)
			b.Uint8(2, 3)
			b.End(x)
			b.Flag(9)
		}, cat(nest(n, nest(6, attr(1, 'a', 0)), attr(2, 3)), attr(9))},
	} {
		got := build(t, c.do)
		if !bytes.Equal(got, c.want) {
			t.Errorf("%s: % x, want % x", c.name, got, c.want)
		}
		// The padding must hold after a buffer of old bytes too.
		dirty := bytes.Repeat([]byte{0xff}, 256)
		var b Builder
		b.Reset(dirty[:0])
		c.do(&b)
		if got, err := b.Bytes(); err != nil || !bytes.Equal(got, c.want) {
			t.Errorf("%s into a used buffer: % x, %v", c.name, got, err)
		}
	}
}

func TestBuilderMessages(t *testing.T) {
	got := build(t, func(b *Builder) {
		b.Message(Header{Len: 999, Type: 18, Flags: Request | Ack, Seq: 7, Port: 9})
		b.Raw([]byte{1, 2, 3, 4})
		b.Text(3, "lo")
		b.Message(Header{Type: 3, Flags: Multi, Seq: 7, Port: 9})
		b.Message(Header{Type: 20, Seq: 7, Port: 9})
		x := b.Nest(1)
		b.Uint64(2, 3)
		b.End(x)
	})
	want := cat(
		message(18, Request|Ack, []byte{1, 2, 3, 4}, attr(3, 'l', 'o', 0)),
		message(3, Multi),
		message(20, 0, nest(1, attr(2, h64(3)...))),
	)
	if !bytes.Equal(got, want) {
		t.Errorf("% x\nwant % x", got, want)
	}
}

func TestBuilderBytesIsNotTheEnd(t *testing.T) {
	var b Builder
	b.Message(Header{Type: 18, Seq: 7, Port: 9})
	b.Uint32(1, 5)
	first, err := b.Bytes()
	if err != nil || !bytes.Equal(first, message(18, 0, attr(1, h32(5)...))) || b.Len() != len(first) {
		t.Fatalf("% x, %v, Len %d", first, err, b.Len())
	}
	b.Uint32(2, 6)
	second, err := b.Bytes()
	if err != nil || !bytes.Equal(second, message(18, 0, attr(1, h32(5)...), attr(2, h32(6)...))) {
		t.Errorf("% x, %v", second, err)
	}
}

func TestBuilderReset(t *testing.T) {
	var b Builder
	b.Text(1, "\x00")
	if b.Err() == nil {
		t.Fatal("no error to forget")
	}
	buf := make([]byte, 0, 64)
	b.Reset(buf)
	b.Nest(1)
	b.Reset(buf) // forgets the open nest and the error
	b.Flag(2)
	p, err := b.Bytes()
	if err != nil || !bytes.Equal(p, attr(2)) {
		t.Fatalf("% x, %v", p, err)
	}
	if &p[0] != &buf[:1][0] {
		t.Error("the caller's buffer was not used")
	}

	// What the buffer holds stays, padded: all lengths below count from there.
	b.Reset([]byte{0xa, 0xb, 0xc, 0xd, 0xe})
	b.Message(Header{Type: 18, Seq: 7, Port: 9})
	b.Uint8(1, 2)
	p, err = b.Bytes()
	if err != nil || !bytes.Equal(p, cat([]byte{0xa, 0xb, 0xc, 0xd, 0xe, 0, 0, 0}, message(18, 0, attr(1, 2)))) {
		t.Errorf("% x, %v", p, err)
	}
	b.Reset([]byte{0xa})
	b.Uint8(1, 2)
	b.Uint16(3, 4)
	b.Text(5, "x")
	p, err = b.Bytes()
	if err != nil || !bytes.Equal(p, cat([]byte{0xa, 0, 0, 0}, attr(1, 2), attr(3, h16(4)...), attr(5, 'x', 0))) {
		t.Errorf("% x, %v", p, err)
	}

	// A buffer too small is left alone.
	small := make([]byte, 0, 8)
	b.Reset(small)
	b.Attr(1, make([]byte, 100))
	if p, err = b.Bytes(); err != nil || len(p) != 104 {
		t.Errorf("%d bytes, %v", len(p), err)
	}
}

func TestBuilderErrors(t *testing.T) {
	big := make([]byte, MaxAttrLen)
	limit := MaxAttrLen - AttrHeaderLen
	for _, c := range []struct {
		name string
		do   func(*Builder)
		err  error
		text string
	}{
		{"Attr too long", func(b *Builder) { b.Attr(5|AttrNested, big[:limit+1]) }, ErrTooLong,
			"attribute 5: value of 65532 bytes: longer than 65535 bytes"},
		{"Text too long", func(b *Builder) { b.Text(6, strings.Repeat("x", limit)) }, ErrTooLong,
			"attribute 6: value of 65532 bytes: longer than 65535 bytes"},
		{"TextRaw too long", func(b *Builder) { b.TextRaw(6, strings.Repeat("x", limit+1)) }, ErrTooLong,
			"attribute 6: value of 65532 bytes: longer than 65535 bytes"},
		{"Text with NUL", func(b *Builder) { b.Text(7, "a\x00b") }, ErrText, "attribute 7: string holds a NUL byte"},
		{"Text ending in NUL", func(b *Builder) { b.Text(7, "a\x00") }, ErrText, "attribute 7: string holds a NUL byte"},
		{"TextRaw with NUL", func(b *Builder) { b.TextRaw(7, "\x00") }, ErrText, "attribute 7: string holds a NUL byte"},
		{"nest too long", func(b *Builder) {
			x := b.Nest(8)
			b.Attr(1, big[:40000])
			b.Attr(2, big[:40000])
			b.End(x)
		}, ErrTooLong, "attribute 8: nest of 80012 bytes: longer than 65535 bytes"},
		{"nest 1 too long", func(b *Builder) { x := b.Nest(8); b.Attr(1, big[:limit]); b.End(x) }, ErrTooLong,
			"attribute 8: nest of 65540 bytes: longer than 65535 bytes"},
		{"outer nest too long", func(b *Builder) {
			x := b.Nest(8)
			for range 2 {
				y := b.Nest(9)
				b.Attr(1, big[:40000])
				b.End(y)
			}
			b.End(x)
		}, ErrTooLong, "attribute 8: nest of 80020 bytes: longer than 65535 bytes"},
		{"nest not ended", func(b *Builder) { b.Nest(8) }, ErrNest,
			"attribute 8: nest not ended: nests must be ended innermost first"},
		{"nest not ended at Message", func(b *Builder) { b.Nest(8); b.Message(Header{}) }, ErrNest,
			"attribute 8: nest not ended: nests must be ended innermost first"},
		{"outer before inner", func(b *Builder) { x := b.Nest(8); b.Nest(9); b.End(x) }, ErrNest,
			"attribute 9 is the innermost open nest, another was ended: nests must be ended innermost first"},
		{"ended twice", func(b *Builder) { x := b.Nest(8); b.End(x); b.End(x) }, ErrNest,
			"no nest is open: nests must be ended innermost first"},
		{"zero Nest", func(b *Builder) { b.End(Nest{}) }, ErrNest,
			"no nest is open: nests must be ended innermost first"},
		{"zero Nest in a nest", func(b *Builder) { b.Nest(8); b.End(Nest{}) }, ErrNest,
			"attribute 8 is the innermost open nest, another was ended: nests must be ended innermost first"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b Builder
			b.Message(Header{Type: 18})
			c.do(&b)
			p, err := b.Bytes()
			if p != nil || !errors.Is(err, c.err) || err.Error() != c.text {
				t.Fatalf("%d bytes, %v, want %q", len(p), err, c.text)
			}
			// The first error sticks, and nothing is appended any more.
			n := b.Len()
			b.Message(Header{})
			b.Raw([]byte{1})
			b.Uint8(1, 1)
			b.Text(1, "\x00")
			b.Attr(1, big)
			b.End(b.Nest(1))
			if _, again := b.Bytes(); again != err || b.Err() != err || b.Len() != n {
				t.Errorf("later: %v, %d bytes, want %v, %d bytes", again, b.Len(), err, n)
			}
		})
	}
}

func TestBuilderLongest(t *testing.T) {
	limit := MaxAttrLen - AttrHeaderLen
	p := build(t, func(b *Builder) {
		b.Attr(1, make([]byte, limit))
		b.Text(2, strings.Repeat("x", limit-1))
		x := b.Nest(3)
		b.Attr(4, make([]byte, limit-AttrHeaderLen-3)) // nests end aligned: 65532 is the longest
		b.End(x)
	})
	if err := CheckAttrs(p); err != nil {
		t.Fatal(err)
	}
	var lens []int
	for a := range Attrs(p) {
		lens = append(lens, len(a))
	}
	if len(lens) != 3 || lens[0] != MaxAttrLen || lens[1] != MaxAttrLen || lens[2] != MaxAttrLen-3 {
		t.Errorf("lengths %v, want 65535 65535 65532", lens)
	}
}

func TestBuilderZero(t *testing.T) {
	var b Builder
	if p, err := b.Bytes(); len(p) != 0 || err != nil || b.Len() != 0 || b.Err() != nil {
		t.Errorf("% x, %v, Len %d, Err %v", p, err, b.Len(), b.Err())
	}
}

// TestBuilderNestVerbatim ends a nest with bytes that are not padded: it is as long
// as they are, and what follows begins at a multiple of four.
func TestBuilderNestVerbatim(t *testing.T) {
	var b Builder
	n := b.NestPlain(1)
	b.Verbatim([]byte{0xaa})
	b.End(n)
	b.Attr(2, []byte{0xbb})
	p, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for a, err := range Attrs(p) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%d:%x", a.Type(), a.Data()))
	}
	if want := "[1:aa 2:bb]"; fmt.Sprint(got) != want || len(p) != 16 {
		t.Errorf("%x holds %v, want %s in 16 bytes", p, got, want)
	}
}

// TestBuilderVerbatim ends a message with bytes that are not padded.
func TestBuilderVerbatim(t *testing.T) {
	p := build(t, func(b *Builder) {
		b.Message(Header{Type: 20})
		b.Verbatim([]byte{8, 0, 1})
	})
	if want := []byte{8, 0, 1}; len(p) != HeaderLen+3 || Message(p).Header().Len != HeaderLen+3 || !bytes.Equal(p[HeaderLen:], want) {
		t.Errorf("% x, want a message that ends in % x", p, want)
	}
}
