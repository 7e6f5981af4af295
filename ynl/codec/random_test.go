package codec

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

// TestRandom gives every layout there is payloads that are mostly what its spec
// says, and now and then are not.
func TestRandom(t *testing.T) {
	rounds := 8
	if testing.Short() {
		rounds = 1
	}
	for i, l := range layouts() {
		g := grower{r: rand.New(rand.NewPCG(3, uint64(i)))}
		for range rounds {
			p := g.message(l)
			if err := checkPayload(l, p); err != nil {
				t.Fatalf("%s: %x: %v", nameOf(l), p, err)
			}
		}
	}
}

// grower makes payloads.
type grower struct {
	r     *rand.Rand
	b     wire.Builder
	kinds []string // selectors that were chosen, the innermost last
}

// odds is true once in n times.
func (g *grower) odds(n int) bool { return g.r.IntN(n) == 0 }

// some are bytes: any, small, or zeros.
func (g *grower) some(n int) []byte {
	p := make([]byte, n)
	switch g.r.IntN(3) {
	case 0:
		for i := range p {
			p[i] = byte(g.r.Uint32())
		}
	case 1:
		if n > 0 {
			p[g.r.IntN(n)] = byte(g.r.IntN(8))
		}
	}
	return p
}

func (g *grower) message(l Layout) []byte {
	g.b.Reset(nil)
	g.kinds = nil
	if l.Header != nil {
		p := g.some(l.Header.Size)
		if g.odds(20) {
			p = p[:g.r.IntN(len(p)+1)]
		}
		g.b.Raw(p)
	}
	g.attrs(l.Set, 0)
	if g.odds(20) {
		g.b.Raw(g.some(g.r.IntN(8)))
	}
	p, _ := g.b.Bytes()
	return p
}

func (g *grower) attrs(set *ynl.AttrSet, depth int) {
	if depth > 6 {
		return
	}
	defer func(n int) { g.kinds = g.kinds[:n] }(len(g.kinds))
	for range g.r.IntN(8) {
		var flags uint16
		if g.odds(4) {
			flags = wire.AttrNested
		}
		if set == nil || len(set.Attrs) == 0 || g.odds(10) {
			typ := uint16(g.r.IntN(700)) | flags
			if g.odds(3) {
				g.nest(typ, func() { g.attrs(nil, depth+1) })
			} else {
				g.b.Attr(typ, g.some(g.r.IntN(9)))
			}
			continue
		}
		a := set.Attrs[g.r.IntN(len(set.Attrs))]
		for range 1 + g.r.IntN(2) {
			g.attr(set, a, a.Type, a.ID|flags, depth)
		}
	}
}

// nest puts what fn appends into a nest, and sometimes spoils its end.
func (g *grower) nest(typ uint16, fn func()) {
	n := g.b.NestPlain(typ)
	fn()
	if g.odds(30) {
		g.b.Raw(g.some(4))
	}
	g.b.End(n)
}

func (g *grower) attr(set *ynl.AttrSet, a *ynl.Attr, t ynl.Type, typ uint16, depth int) {
	if g.odds(20) {
		g.b.Attr(typ, g.some(g.r.IntN(20)))
		return
	}
	switch t {
	case ynl.Flag, ynl.Pad:
		g.b.Flag(typ)
	case ynl.Uint, ynl.Sint:
		g.b.Attr(typ, g.some(4+4*g.r.IntN(2)))
	case ynl.Bitfield32:
		g.b.Attr(typ, g.some(8))
	case ynl.String:
		texts := []string{"", "eth0", "é\"\\", "vxlan", "a\x00b", "\xff"}
		if sub := selects(set, a); sub != nil && len(sub.Formats) > 0 {
			texts = []string{sub.Formats[g.r.IntN(len(sub.Formats))].Value}
			g.kinds = append(g.kinds, texts[0])
		}
		g.b.Attr(typ, append([]byte(texts[g.r.IntN(len(texts))]), make([]byte, g.r.IntN(3))...))
	case ynl.Binary:
		n := []int{0, 1, 4, 6, 8, 16, 33}[g.r.IntN(7)]
		if a.Struct != nil {
			n = a.Struct.Size
			if g.odds(4) {
				n = g.r.IntN(n + 3)
			}
		}
		g.b.Attr(typ, g.some(n))
	case ynl.Nested:
		g.nest(typ, func() { g.attrs(a.Nested, depth+1) })
	case ynl.IndexedArray:
		g.nest(typ, func() {
			from := g.r.IntN(3)
			for i := range g.r.IntN(4) {
				if depth < 6 {
					g.attr(set, a, a.Sub, uint16(from+i), depth+1)
				}
			}
		})
	case ynl.NestTypeValue:
		g.values(a, len(a.TypeValue), typ, depth)
	case ynl.SubMsg:
		var f *ynl.Format
		if len(g.kinds) > 0 {
			f = a.SubMsg.Format(g.kinds[len(g.kinds)-1])
		}
		switch {
		case f == nil:
			g.nest(typ, func() { g.attrs(nil, depth+1) })
		case f.Set == nil && f.Header != nil:
			g.b.Attr(typ, g.some(f.Header.Size+g.r.IntN(3)))
		default:
			g.nest(typ, func() {
				if f.Header != nil {
					g.b.Raw(g.some(f.Header.Size))
				}
				g.attrs(f.Set, depth+1)
			})
		}
	default:
		g.b.Attr(typ, g.some(t.Size()))
	}
}

// values puts nests by value in each other.
func (g *grower) values(a *ynl.Attr, left int, typ uint16, depth int) {
	g.nest(typ, func() {
		if left == 0 {
			g.attrs(a.Nested, depth+1)
			return
		}
		for range g.r.IntN(3) {
			g.values(a, left-1, uint16(g.r.IntN(9))|wire.AttrNested, depth)
		}
	})
}

// selects is the sub-message whose format an attribute of a set chooses.
func selects(set *ynl.AttrSet, a *ynl.Attr) *ynl.SubMessage {
	for _, sub := range set.Attrs {
		if sub.Type == ynl.SubMsg && sub.Selector == a.Name {
			return sub.SubMsg
		}
	}
	return nil
}

// TestSpoiledBytes puts any byte into any place of payloads that are whole.
func TestSpoiledBytes(t *testing.T) {
	for i, l := range layouts() {
		g := grower{r: rand.New(rand.NewPCG(4, uint64(i)))}
		p := bytes.Clone(g.message(l))
		for range min(len(p), 4) {
			p[g.r.IntN(len(p))] ^= 1 << g.r.IntN(8)
			if err := checkPayload(l, p); err != nil {
				t.Fatalf("%s: %x: %v", nameOf(l), p, err)
			}
		}
	}
}
