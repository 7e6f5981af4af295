package family_test

import (
	"math/rand/v2"
	"slices"
	"strconv"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

// maxGrown is how deep nests lie in each other in payloads that are grown.
const maxGrown = 6

// grower makes payloads that are what a spec says: values of any kind in any
// order, each attribute once if it is not a multi-attr.
type grower struct {
	r      *rand.Rand
	b      wire.Builder
	spec   *ynl.Spec
	listed map[*ynl.Attr]bool // of the message itself; nil for all
	odd    bool               // with attributes that the spec does not know, and values that do not fit
	scopes []selectors        // around what is made, the innermost last
}

// selectors are the values in one level that choose the formats of sub-messages.
type selectors struct {
	set    *ynl.AttrSet
	values map[string]string
}

func newGrower(p *pair, seed uint64) *grower {
	return &grower{r: rand.New(rand.NewPCG(seed, 1)), spec: p.Spec, listed: p.Listed}
}

// message makes a payload. It is the caller's own.
func (g *grower) message(p *pair) []byte {
	g.b.Reset(nil)
	g.scopes = g.scopes[:0]
	if h := p.Layout.Header; h != nil {
		head := g.structure(h)
		if g.odd && g.odds(20) {
			return head[:g.r.IntN(len(head)+3)/4*4] // it is sent again in whole words
		}
		g.b.Raw(head)
	}
	if p.Layout.Set != nil {
		g.attrs(p.Layout.Set, 0)
	}
	payload, err := g.b.Bytes()
	if err != nil {
		return nil // a nest became too long
	}
	return payload
}

func (g *grower) odds(n int) bool { return g.r.IntN(n) == 0 }

// some are bytes: any, mostly zeros, or zeros.
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

var texts = []string{"", "eth0", "é\"\\", "vxlan", "a longer text with spaces", "\t<&>\u2028"}

func (g *grower) text() string { return texts[g.r.IntN(len(texts))] }

// structure makes the bytes of a C struct.
func (g *grower) structure(s *ynl.Struct) []byte {
	p := make([]byte, s.Size)
	for _, m := range s.Members {
		at := p[m.Offset:][:m.Size]
		switch {
		case m.Type == ynl.Pad:
		case m.Struct != nil:
			copy(at, g.structure(m.Struct))
		case m.Type == ynl.String:
			copy(at, texts[g.r.IntN(2)])
		default:
			copy(at, g.some(m.Size))
		}
	}
	return p
}

// attrs makes some attributes of a set.
func (g *grower) attrs(set *ynl.AttrSet, depth int) {
	if depth > maxGrown {
		return
	}
	var chosen []*ynl.Attr
	for _, a := range set.Attrs {
		if set.ByID(a.ID) == a && (depth > 0 || g.listed == nil || g.listed[a]) {
			chosen = append(chosen, a)
		}
	}
	g.r.Shuffle(len(chosen), func(i, j int) { chosen[i], chosen[j] = chosen[j], chosen[i] })
	chosen = chosen[:g.r.IntN(min(len(chosen), 9)+1)]
	values := map[string]string{}
	for _, a := range set.Attrs {
		// A sub-message mostly has its selector with it.
		if sel := set.Attr(a.Selector); a.SubMsg != nil && sel != nil && slices.Contains(chosen, a) && !slices.Contains(chosen, sel) && !g.odds(8) &&
			(depth > 0 || g.listed == nil || g.listed[sel]) {
			chosen = append(chosen, sel)
		}
	}
	for _, a := range chosen {
		if value, ok := g.selects(a); ok {
			values[a.Name] = value
		}
	}
	g.scopes = append(g.scopes, selectors{set, values})
	for _, a := range chosen {
		n := 1
		if a.Multi {
			n += g.r.IntN(3)
		}
		for range n {
			typ := a.ID
			if a.Type != ynl.Unused && a.Type != ynl.Unset {
				typ |= g.mark()
			}
			g.attr(a, a.Type, typ, depth)
		}
	}
	if g.odd && g.odds(3) {
		g.unknown(set)
	}
	g.scopes = g.scopes[:len(g.scopes)-1]
}

// unknown makes an attribute that a set does not have.
func (g *grower) unknown(set *ynl.AttrSet) {
	typ := uint16(g.r.IntN(700))
	switch {
	case set.ByID(typ) != nil:
	case g.odds(2):
		g.nest(typ|wire.AttrNested, func() { g.b.Attr(uint16(g.r.IntN(9)), g.some(g.r.IntN(9))) })
	default:
		g.b.Attr(typ, g.some(g.r.IntN(9)))
	}
}

// mark is the mark of a nest, which older families do not set.
func (g *grower) mark() uint16 {
	if g.odds(4) {
		return wire.AttrNested
	}
	return 0
}

// selects chooses the value of an attribute that is a selector, so that it is one
// for which there is a format.
func (g *grower) selects(a *ynl.Attr) (string, bool) {
	if a.Multi || a.Type != ynl.String && !a.Type.IsInt() || g.odds(8) {
		return "", false
	}
	for _, set := range g.spec.Sets {
		for _, sub := range set.Attrs {
			if sub.SubMsg == nil || sub.Selector != a.Name || len(sub.SubMsg.Formats) == 0 || g.odds(3) {
				continue
			}
			value := sub.SubMsg.Formats[g.r.IntN(len(sub.SubMsg.Formats))].Value
			if a.Type == ynl.String {
				return value, true
			}
			if _, ok := number(a, value); ok {
				return value, true
			}
		}
	}
	return "", false
}

// number is the number that a selector's value stands for.
func number(a *ynl.Attr, value string) (uint64, bool) {
	if a.Enum != nil {
		if e := a.Enum.Entry(value); e != nil {
			return e.Value, true
		}
	}
	n, err := strconv.ParseUint(value, 10, 64)
	return n, err == nil
}

// format is what the attributes around a sub-message choose.
func (g *grower) format(a *ynl.Attr) *ynl.Format {
	for _, s := range slices.Backward(g.scopes) {
		if s.set.Attr(a.Selector) != nil {
			if value, ok := s.values[a.Selector]; ok {
				return a.SubMsg.Format(value)
			}
			return nil
		}
	}
	return nil
}

func (g *grower) nest(typ uint16, fn func()) {
	n := g.b.NestPlain(typ)
	fn()
	g.b.End(n)
}

func (g *grower) attr(a *ynl.Attr, t ynl.Type, typ uint16, depth int) {
	if g.odd && g.odds(10) && g.misfit(a, t, typ) {
		return
	}
	value, chosen := g.scopes[len(g.scopes)-1].values[a.Name]
	switch t {
	case ynl.Flag, ynl.Pad:
		g.b.Attr(typ, nil)
	case ynl.Uint, ynl.Sint:
		g.b.Attr(typ, g.some(4+4*g.r.IntN(2)))
	case ynl.Bitfield32:
		g.b.Attr(typ, g.some(8))
	case ynl.String:
		if !chosen {
			value = g.text()
		}
		g.b.Attr(typ, append([]byte(value), make([]byte, g.r.IntN(3))...))
	case ynl.Binary:
		g.b.Attr(typ, g.binary(a))
	case ynl.Nested:
		g.nest(typ, func() {
			if a.Nested != nil {
				g.attrs(a.Nested, depth+1)
			}
		})
	case ynl.IndexedArray:
		g.nest(typ, func() {
			from := g.r.IntN(3)
			for i := range g.r.IntN(4) {
				if depth < maxGrown {
					g.attr(a, a.Sub, uint16(from+i)|g.mark(), depth+1)
				}
			}
		})
	case ynl.NestTypeValue:
		g.values(a, len(a.TypeValue), typ, depth)
	case ynl.SubMsg:
		g.subMessage(a, typ, depth)
	case ynl.Unused, ynl.Unset:
		g.b.Attr(typ, g.some(g.r.IntN(9)))
	default:
		p := g.some(t.Size())
		if n, ok := number(a, value); chosen && ok {
			p = integer(n, t.Size(), a.ByteOrder)
		} else if g.isSelector(a) {
			p = integer(noFormat, t.Size(), a.ByteOrder)
		}
		g.b.Attr(typ, p)
	}
}

// noFormat is a number that chooses no format.
const noFormat = 0xfd

// isSelector reports whether an attribute of that name chooses formats.
func (g *grower) isSelector(a *ynl.Attr) bool {
	return slices.ContainsFunc(g.spec.Sets, func(s *ynl.AttrSet) bool {
		return slices.ContainsFunc(s.Attrs, func(sub *ynl.Attr) bool { return sub.SubMsg != nil && sub.Selector == a.Name })
	})
}

// misfit makes a value that is not of the attribute's type, and reports whether
// there is one that is kept as it is. There is none for three: elements of a list
// that do not fit are behind those that do; a string, even if it is no UTF-8, is
// sent with one NUL behind it; and padding in a struct is zeros.
func (g *grower) misfit(a *ynl.Attr, t ynl.Type, typ uint16) bool {
	switch {
	case a.Multi, a.Struct != nil, t == ynl.SubMsg:
		return false
	case t == ynl.String:
		g.b.Attr(typ, [][]byte{[]byte("\xff\xfe\x00"), []byte("a\x00b"), []byte("a\x00b\x00")}[g.r.IntN(3)])
	case t == ynl.NestTypeValue:
		g.b.Attr(typ, append([]byte{0xff, 0xff}, g.some(g.r.IntN(12))...)) // no attribute begins so
	default:
		g.b.Attr(typ, g.some(g.r.IntN(20)))
	}
	return true
}

// integer makes the bytes of a number.
func integer(n uint64, size int, order ynl.ByteOrder) []byte {
	p := make([]byte, size)
	for i := range p {
		at := i
		if order == ynl.BigEndian || order == ynl.Native && nativeIsBig {
			at = size - 1 - i
		}
		p[at] = byte(n >> (8 * i))
	}
	return p
}

// binary makes bytes of a length that the attribute can have.
func (g *grower) binary(a *ynl.Attr) []byte {
	lengths := []int{0, 1, 4, 6, 8, 16, 33}
	switch {
	case a.Struct != nil:
		p := g.structure(a.Struct)
		switch {
		case a.Multi:
		case g.odds(6):
			return append(p, g.some(g.r.IntN(9))...)
		case g.odds(6):
			return p[:g.r.IntN(len(p)+1)]
		}
		return p
	case a.Sub.Size() > 0:
		return g.some(a.Sub.Size() * g.r.IntN(4))
	case a.Hint == ynl.HintMAC || a.Hint == ynl.HintFDDI:
		lengths = []int{1, 6, 8, 20, 32}
	case a.Hint == ynl.HintIPv4:
		lengths = []int{4}
	case a.Hint == ynl.HintIPv6:
		lengths = []int{16}
	case a.Hint == ynl.HintIP:
		lengths = []int{4, 16}
	case a.Hint == ynl.HintUUID:
		lengths = []int{16}
	}
	return g.some(lengths[g.r.IntN(len(lengths))])
}

func (g *grower) subMessage(a *ynl.Attr, typ uint16, depth int) {
	f := g.format(a)
	switch {
	case f == nil && g.odds(2):
		// Bytes that no attribute begins with.
		g.b.Attr(typ, append([]byte{0xff, 0xff}, g.some(g.r.IntN(12))...))
	case f == nil:
		g.nest(typ, func() { g.b.Attr(uint16(g.r.IntN(9)), g.some(4)) })
	case f.Set == nil && f.Header != nil:
		g.b.Attr(typ, g.structure(f.Header))
	default:
		g.nest(typ, func() {
			if f.Header != nil {
				g.b.Raw(g.structure(f.Header))
			}
			if f.Set != nil {
				g.attrs(f.Set, depth+1)
			}
		})
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
			g.values(a, left-1, uint16(g.r.IntN(9))|g.mark(), depth)
		}
	})
}
