package family_test

import (
	"bytes"
	"runtime"
	"testing"
	"time"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/internal/catalogue"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

// typeAt chooses a type.
func typeAt(n uint16) *pair { return types()[int(n)%len(types())] }

// FuzzDecode gives every message of every family bytes of all kinds.
func FuzzDecode(f *testing.F) {
	for n := uint16(0); int(n) < len(types()); n += 16 {
		p := typeAt(n)
		g := newGrower(p, uint64(n))
		g.odd = true
		f.Add(n, g.message(p))
	}
	f.Fuzz(func(t *testing.T, n uint16, payload []byte) {
		if len(payload) > 1<<14 {
			return
		}
		p := typeAt(n)
		if err := p.checkAny(payload); err != nil {
			t.Fatalf("%s: %.3000v", p.TypeName(), err)
		}
	})
}

// FuzzEqual compares every message of every family with package codec, for
// payloads that are what the spec says.
func FuzzEqual(f *testing.F) {
	for n := uint16(0); int(n) < len(types()); n += 16 {
		f.Add(n, uint64(n))
	}
	f.Fuzz(func(t *testing.T, n uint16, seed uint64) {
		p := typeAt(n)
		payload := newGrower(p, seed).message(p)
		if err := p.Compare(payload); err != nil {
			t.Fatalf("%s: %x: %.3000v", p.TypeName(), payload, err)
		}
	})
}

// TestBombs gives every set payloads that are deep, or lists that are long: both
// cost no more than a bounded number of bytes for each byte received, and little
// time.
func TestBombs(t *testing.T) {
	const size = 1 << 14
	seen := map[*ynl.AttrSet]bool{}
	n := 0
	for _, p := range types() {
		set := p.Layout.Set
		if set == nil || p.Listed != nil || seen[set] {
			continue
		}
		seen[set] = true
		var head []byte
		if h := p.Layout.Header; h != nil {
			head = make([]byte, wire.Align(h.Size))
		}
		for _, a := range set.Attrs {
			bombs := map[string][]byte{"deep": deep(a.ID, size)}
			if a.Multi {
				bombs["empty ones"] = bytes.Repeat(attr(a.ID, nil), size/4)
				bombs["numbers"] = bytes.Repeat(attr(a.ID, make([]byte, 4)), size/8)
			}
			if a.Nested != nil || a.Type == ynl.IndexedArray || a.Type == ynl.Binary {
				for _, in := range []uint16{0, 1} {
					bombs["list"] = attr(a.ID, bytes.Repeat(attr(in, make([]byte, 4)), size/8))
				}
			}
			for kind, bomb := range bombs {
				n++
				p.defuse(t, a.Name+", "+kind, append(head[:len(head):len(head)], bomb...))
			}
		}
	}
	t.Logf("%d bombs", n)
}

// defuse decodes a payload and looks at what it costs.
func (p *pair) defuse(t *testing.T, name string, payload []byte) {
	t.Helper()
	var before, after runtime.MemStats
	begin := time.Now()
	runtime.ReadMemStats(&before)
	var d nl.Decoder
	m := p.Decode(&d, payload)
	_, err := catalogue.Encode(m)
	runtime.ReadMemStats(&after)
	if took := time.Since(begin); took > time.Second {
		t.Errorf("%s, %s: %v", p.TypeName(), name, took)
	}
	// A struct of the largest set, of devlink, is 2 kB, and an empty nest is 4 bytes.
	if used := after.TotalAlloc - before.TotalAlloc; used > uint64(2048*len(payload)) {
		t.Errorf("%s, %s: %d bytes for %d", p.TypeName(), name, used, len(payload))
	}
	if err != nil {
		t.Errorf("%s, %s: %v", p.TypeName(), name, err)
	}
}

// attr is an attribute with a payload of whole words.
func attr(typ uint16, value []byte) []byte {
	var b wire.Builder
	b.Attr(typ, value)
	p, _ := b.Bytes() // no payload here is too long
	return p
}

// deep is an attribute in itself, as often as goes into size bytes.
func deep(typ uint16, size int) []byte {
	p := make([]byte, size)
	for at := 0; at < size; at += 4 {
		copy(p[at:], attr(typ, nil))
		integerInto(p[at:at+2], uint64(size-at))
	}
	return p
}

// integerInto writes a number in the machine's byte order.
func integerInto(p []byte, n uint64) { copy(p, integer(n, len(p), ynl.Native)) }
