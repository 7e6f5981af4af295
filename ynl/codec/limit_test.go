package codec

import (
	"testing"
	"time"

	"github.com/nlkit/nlkit/wire"
)

// filled is size bytes of what fn appends, as far as it goes.
func filled(size int, fn func(b *wire.Builder, i int)) []byte {
	var b wire.Builder
	for i := 0; b.Len() < size; i++ {
		fn(&b, i)
	}
	p, _ := b.Bytes()
	return p[:min(len(p), size)]
}

// TestTime gives the decoder 64 KiB of what might take time with the square of
// its length. What it takes is some milliseconds; the square would be seconds.
// Where the processor is slow, or has others to serve, it is compared with a sixteenth of
// the bytes: the square is 256 times as much, and what is linear, with the garbage it
// makes, less than 100 times.
func TestTime(t *testing.T) {
	const (
		size = 1 << 16
		most = 100 * time.Millisecond
	)
	l := chest(t, "plain")
	id := func(name string) uint16 { return at(t, l, name) }
	fill := func(fn func(b *wire.Builder, i int)) func(int) []byte {
		return func(size int) []byte { return filled(size, fn) }
	}
	// One payload that is attributes from the first to the last at many depths.
	deep := func(typ uint16) func(int) []byte {
		return func(size int) []byte {
			var b wire.Builder
			var nests []wire.Nest
			for range 40 {
				nests = append(nests, b.NestPlain(typ))
			}
			for i := 0; b.Len() < size-16; i++ {
				b.Attr(uint16(i), nil)
			}
			for i := len(nests) - 1; i >= 0; i-- {
				b.End(nests[i])
			}
			p, _ := b.Bytes()
			return p
		}
	}
	timed := func(fn func()) time.Duration {
		begin := time.Now()
		fn()
		return time.Since(begin)
	}
	work := map[string]func(t *testing.T, p []byte) func(){
		"native JSON":   func(_ *testing.T, p []byte) func() { return func() { l.AppendJSON(nil, p, Options{}) } },
		"Python's JSON": func(_ *testing.T, p []byte) func() { return func() { l.AppendJSON(nil, p, Options{Dialect: Python}) } },
		"decoding":      func(_ *testing.T, p []byte) func() { return func() { l.Decode(p, Options{}) } },
		"the object's JSON": func(_ *testing.T, p []byte) func() {
			o := l.Decode(p, Options{})
			return func() { o.AppendJSON(nil) }
		},
		"encoding": func(t *testing.T, p []byte) func() {
			o := l.Decode(p, Options{})
			return func() {
				var b wire.Builder
				if err := l.Append(&b, o, Options{Unchecked: true}); err != nil {
					t.Error(err)
				}
			}
		},
	}
	for name, bytes := range map[string]func(size int) []byte{
		"numbers that all differ": fill(func(b *wire.Builder, i int) { b.Attr(uint16(i), nil) }),
		"numbers that come twice": func(size int) []byte {
			return filled(size, func(b *wire.Builder, i int) { b.Attr(uint16(i%(size/8)), nil) })
		},
		"low numbers that repeat":     fill(func(b *wire.Builder, i int) { b.Attr(uint16(i%512), nil) }),
		"one number":                  fill(func(b *wire.Builder, _ int) { b.Attr(id("multi"), nil) }),
		"sub-messages":                fill(func(b *wire.Builder, _ int) { b.Attr(id("data"), nil) }),
		"sub-messages of two kinds":   fill(func(b *wire.Builder, i int) { b.Attr(id([]string{"data", "numbered"}[i%2]), nil) }),
		"flags":                       fill(func(b *wire.Builder, _ int) { b.Uint32(id("bits"), 1<<32-1) }),
		"nests":                       fill(func(b *wire.Builder, _ int) { in(b, id("nest"), func() { b.Attr(4, nil) }) }),
		"unknown nests in each other": deep(600 | wire.AttrNested),
		"nests in each other":         deep(id("nest")),
		"nests by value":              deep(id("two")),
		"zeros":                       func(size int) []byte { return make([]byte, size) },
	} {
		for what, do := range work {
			t.Run(name+"/"+what, func(t *testing.T) {
				whole, part := do(t, bytes(size)), do(t, bytes(size/16))
				took, less := time.Hour, time.Hour
				for range 20 {
					less = min(less, timed(part))
				}
				for range 10 { // another process may have had the processor
					if took = min(took, timed(whole)); took <= max(most, 128*less) {
						return
					}
				}
				t.Errorf("%d bytes took %v, and a sixteenth of them %v", size, took, less)
			})
		}
	}
}

// TestDepth keeps what lies deeper than nests are followed, as bytes.
func TestDepth(t *testing.T) {
	l := chest(t, "plain")
	var b wire.Builder
	nests := []wire.Nest{b.NestPlain(at(t, l, "nest"))}
	for range 60 {
		nests = append(nests, b.NestPlain(4))
	}
	b.Uint32(1, 7)
	for i := len(nests) - 1; i >= 0; i-- {
		b.End(nests[i])
	}
	p, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if err := checkPayload(l, p); err != nil {
		t.Error(err)
	}
}

// TestFlagsOf names bits, and keeps those without a name.
func TestFlagsOf(t *testing.T) {
	e := chest(t, "plain").Set.Attr("bits").Enum
	for v, want := range map[uint64][]string{
		0:         {},
		3:         {"one", "two"},
		1<<63 | 1: {"one", "0x8000000000000000"},
		1 << 31:   {"top"},
	} {
		got := FlagsOf(e, v)
		if len(got) != len(want) {
			t.Errorf("%#x: %q, want %q", v, got, want)
			continue
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%#x: %q, want %q", v, got, want)
			}
		}
	}
}
