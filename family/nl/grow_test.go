package nl

import (
	"math/rand/v2"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/codec"
)

// grower makes payloads that are mostly what a spec says, and now and then are
// not.
type grower struct {
	r     *rand.Rand
	b     wire.Builder
	kinds map[string]string // selectors that were chosen last, by name
}

func (g *grower) odds(n int) bool { return g.r.IntN(n) == 0 }

// some are bytes: zeros, or any.
func (g *grower) some(n int) []byte {
	p := make([]byte, n)
	if g.odds(4) {
		return p
	}
	for i := range p {
		p[i] = byte(g.r.Uint32())
	}
	return p
}

func (g *grower) message(l codec.Layout) []byte {
	g.b.Reset(nil)
	g.kinds = map[string]string{}
	if l.Header != nil {
		p := g.some(l.Header.Size)
		if g.odds(20) {
			p = p[:g.r.IntN(len(p)+1)]
		}
		g.b.Raw(p)
	}
	g.attrs(l.Set, 0)
	if g.odds(20) {
		g.b.Verbatim(g.some(g.r.IntN(8)))
	}
	p, _ := g.b.Bytes()
	return p
}

func (g *grower) attrs(set *ynl.AttrSet, depth int) {
	if depth > 6 {
		return
	}
	for range g.r.IntN(8) {
		var flags uint16
		if g.odds(3) {
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
		if g.odds(3) {
			for _, s := range set.Attrs {
				if s.Type == ynl.SubMsg {
					a = s
				}
			}
		}
		if sel := set.Attr(a.Selector); sel != nil && len(a.SubMsg.Formats) > 0 {
			kind := a.SubMsg.Formats[g.r.IntN(len(a.SubMsg.Formats))].Value
			g.kinds[sel.Name] = kind
			if sel.Type == ynl.String {
				g.b.Text(sel.ID, kind)
			} else {
				g.b.Attr(sel.ID, g.some(sel.Type.Size()))
			}
		}
		for range 1 + g.r.IntN(2) {
			g.attr(a, a.Type, a.ID|flags, depth)
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

func (g *grower) attr(a *ynl.Attr, t ynl.Type, typ uint16, depth int) {
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
		texts := []string{"", "eth0", "é\"\\", "vxlan", "a\x00b", "\xff", "\x01\x7f\u2028"}
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
					g.attr(a, a.Sub, uint16(from+i), depth+1)
				}
			}
		})
	case ynl.NestTypeValue:
		g.values(a, len(a.TypeValue), typ, depth)
	case ynl.SubMsg:
		f := a.SubMsg.Format(g.kinds[a.Selector])
		g.nest(typ, func() {
			if f != nil && f.Header != nil {
				g.b.Raw(g.some(f.Header.Size))
			}
			if f != nil && f.Set != nil || f == nil {
				g.attrs(ofFormat(f), depth+1)
			}
		})
	default:
		g.b.Attr(typ, g.some(t.Size()))
	}
}

func ofFormat(f *ynl.Format) *ynl.AttrSet {
	if f == nil {
		return nil
	}
	return f.Set
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
