package codec

import (
	"testing"
	"time"

	"github.com/nlkit/nlkit/wire"
)

// fill is 64 KiB of what fn appends, as far as it goes.
func fill(fn func(b *wire.Builder, i int)) []byte {
	var b wire.Builder
	for i := 0; b.Len() < 1<<16; i++ {
		fn(&b, i)
	}
	p, _ := b.Bytes()
	return p[:min(len(p), 1<<16)]
}

// TestTime gives the decoder 64 KiB of what might take time with the square of
// its length. What it takes is some milliseconds; the square would be seconds.
func TestTime(t *testing.T) {
	const most = 150 * time.Millisecond
	l := chest(t, "plain")
	id := func(name string) uint16 { return at(t, l, name) }
	// One payload that is attributes from the first to the last at many depths.
	deep := func(typ uint16) []byte {
		var b wire.Builder
		var nests []wire.Nest
		for range 40 {
			nests = append(nests, b.NestPlain(typ))
		}
		for i := 0; b.Len() < 1<<16-16; i++ {
			b.Attr(uint16(i), nil)
		}
		for i := len(nests) - 1; i >= 0; i-- {
			b.End(nests[i])
		}
		p, _ := b.Bytes()
		return p
	}
	for name, p := range map[string][]byte{
		"numbers that all differ":     fill(func(b *wire.Builder, i int) { b.Attr(uint16(i), nil) }),
		"numbers that come twice":     fill(func(b *wire.Builder, i int) { b.Attr(uint16(i%8192), nil) }),
		"low numbers that repeat":     fill(func(b *wire.Builder, i int) { b.Attr(uint16(i%512), nil) }),
		"one number":                  fill(func(b *wire.Builder, _ int) { b.Attr(id("multi"), nil) }),
		"sub-messages":                fill(func(b *wire.Builder, _ int) { b.Attr(id("data"), nil) }),
		"sub-messages of two kinds":   fill(func(b *wire.Builder, i int) { b.Attr(id([]string{"data", "numbered"}[i%2]), nil) }),
		"flags":                       fill(func(b *wire.Builder, _ int) { b.Uint32(id("bits"), 1<<32-1) }),
		"nests":                       fill(func(b *wire.Builder, _ int) { in(b, id("nest"), func() { b.Attr(4, nil) }) }),
		"unknown nests in each other": deep(600 | wire.AttrNested),
		"nests in each other":         deep(id("nest")),
		"nests by value":              deep(id("two")),
		"zeros":                       make([]byte, 1<<16),
	} {
		run := func(what string, fn func()) {
			var took time.Duration
			for range 5 { // another process may have had the processor
				begin := time.Now()
				fn()
				if took = time.Since(begin); took <= most {
					t.Logf("%s: %s took %v", name, what, took)
					return
				}
			}
			t.Errorf("%s: %s of %d bytes took %v, five times", name, what, len(p), took)
		}
		run("native JSON", func() { l.AppendJSON(nil, p, Options{}) })
		run("Python's JSON", func() { l.AppendJSON(nil, p, Options{Dialect: Python}) })
		var o Object
		run("decoding", func() { o = l.Decode(p, Options{}) })
		run("the object's JSON", func() { o.AppendJSON(nil) })
		run("encoding", func() {
			var b wire.Builder
			if err := l.Append(&b, o, Options{Unchecked: true}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
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
