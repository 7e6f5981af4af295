package sim

import (
	"bytes"
	"math"
	"reflect"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

func TestPolicyOf(t *testing.T) {
	m := make(policyMaker)
	got := m.of(reflect.TypeFor[*shipGet]())
	in := m[reflect.TypeFor[cargo]()]
	want := Policy{
		1: {Kind: U32}, 2: {Kind: NulString}, 3: {Kind: Nested, Nested: in}, 4: {Kind: Nested, Nested: in},
		5: {Kind: NestedArray, Nested: in}, 6: {Kind: Flag}, 7: {Kind: BE16},
		9: {Kind: Bitfield32, Mask: math.MaxUint32}, 10: {Kind: Binary}, 11: {Kind: Uint},
		12: {Kind: NestedArray}, 13: {Kind: U64}, 14: {Kind: Nested},
	}
	if len(got) != len(want) {
		t.Fatalf("%d rules, want %d", len(got), len(want))
	}
	for i := range want {
		// Not with DeepEqual: the policies lie in themselves.
		g, w := got[i], want[i]
		if !g.Nested.same(w.Nested) {
			t.Errorf("%d: another nested policy", i)
		}
		g.Nested, w.Nested = nil, nil
		if !reflect.DeepEqual(g, w) {
			t.Errorf("%d: %+v, want %+v", i, g, w)
		}
	}
	if len(in) != 3 || in[1].Kind != U32 || !in[2].Nested.same(in) {
		t.Errorf("cargo: a policy of %d rules", len(in))
	}
	if p := m.of(reflect.TypeFor[struct{ nl.Extra }]()); p == nil || len(p) != 1 {
		t.Errorf("no attributes: %v, want one that refuses all", p)
	}
}

func TestKindOf(t *testing.T) {
	for typ, want := range map[string]Kind{
		"u8": U8, "u16": U16, "u32": U32, "u64": U64, "s8": S8, "s16": S16, "s32": S32, "s64": S64,
		"u16be": BE16, "s16be": BE16, "u32be": BE32, "s32be": BE32, "u64be": U64, "s64be": S64,
		"u16le": U16, "u32le": U32, "u64le": U64, "uint": Uint, "sint": Sint, "flag": Flag,
		"string": NulString, "binary": Binary, "struct": Binary, "bitfield32": Bitfield32,
		"nest": Nested, "nest-type-value": Nested, "sub-message": Nested, "indexed-array": NestedArray,
		"pad": Unspec, "unused": Unspec,
	} {
		if got := kindOf(typ); got != want {
			t.Errorf("%s: kind %d, want %d", typ, got, want)
		}
	}
}

// TestServePolicy sends what the kernel's checks refuse: none of it comes to the
// handler.
func TestServePolicy(t *testing.T) {
	s := serveHarbour(t, false)
	conn := open(t, s.kernel, wire.Generic, nil)
	id := s.kernel.genl.byName["harbour"].id
	for _, c := range []struct {
		name  string
		fill  func(b *wire.Builder)
		errno netlink.Errno
		text  string
	}{
		{"good", func(b *wire.Builder) { b.Uint32(1, 1) }, 0, ""},
		{"short number", func(b *wire.Builder) { b.Uint16(1, 1) }, netlink.EINVAL, textLength},
		{"text without NUL", func(b *wire.Builder) { b.TextRaw(2, "x") }, netlink.EINVAL, textFailed},
		{"no nest", func(b *wire.Builder) { b.Attr(3, nil) }, netlink.EINVAL, textNeedNested},
		{"unknown", func(b *wire.Builder) { b.Uint32(15, 1) }, netlink.EINVAL, textUnknown},
		{"gap", func(b *wire.Builder) { b.Uint32(8, 1) }, netlink.EINVAL, textUnspec},
		{"unknown in a nest", func(b *wire.Builder) { n := b.Nest(3); b.Uint32(3, 1); b.End(n) }, netlink.EINVAL, textUnknown},
		{"in an array", func(b *wire.Builder) {
			n := b.Nest(5)
			e := b.Nest(1)
			b.Uint8(1, 1)
			b.End(e)
			b.End(n)
		}, netlink.EINVAL, textLength},
		{"too deep", func(b *wire.Builder) {
			nests := []wire.Nest{b.Nest(3)}
			for range maxNesting {
				nests = append(nests, b.Nest(2))
			}
			b.Uint32(1, 1)
			for i := range nests {
				b.End(nests[len(nests)-1-i])
			}
		}, netlink.EINVAL, textDepth},
	} {
		s.port.kept = nil
		send(t, conn, genl(t, id, wire.Request|wire.Ack, cmdShipSet, func(b *wire.Builder) {
			b.Raw(make([]byte, 4))
			c.fill(b)
		}))
		errno, tlvs := ackOf(t, receive(t, conn))
		text := ""
		if a, ok := tlvs[wire.AckMessage]; ok {
			text = a.Text()
		}
		if errno != c.errno || text != c.text || (len(s.port.kept) > 0) != (errno == 0) {
			t.Errorf("%s: %v, %q, %d handled; want %v, %q", c.name, errno, text, len(s.port.kept), c.errno, c.text)
		}
	}
	// The header of the family is asked for.
	send(t, conn, genl(t, id, wire.Request|wire.Ack, cmdShipSet, nil))
	if errno, _ := ackOf(t, receive(t, conn)); errno != netlink.EINVAL {
		t.Errorf("without its header: %v", errno)
	}
}

// TestServeLenient checks what the spec says of a family that is less strict.
func TestServeLenient(t *testing.T) {
	h := newHarbour(wire.Generic)
	h.family.Legacy = true
	h.set.Liberal = true
	h.list.Unvalidated = true
	p := newPort(false)
	k := newKernel(t)
	var err error
	if p.served, err = Serve(k, h.service(p)); err != nil {
		t.Fatal(err)
	}
	conn := open(t, k, wire.Generic, nil)
	id := k.genl.byName["harbour"].id
	ask := func(flags wire.Flags, cmd uint8, fill func(b *wire.Builder)) []byte {
		send(t, conn, genl(t, id, wire.Request|wire.Ack|flags, cmd, func(b *wire.Builder) {
			b.Raw(make([]byte, 4))
			fill(b)
		}))
		return bytes.Join(drain(t, conn), nil)
	}
	for _, c := range []struct {
		name string
		got  []byte
		want netlink.Errno
	}{
		{"unknown attribute and flag", ask(wire.Create, cmdShipSet, func(b *wire.Builder) { b.Uint32(99, 1) }), 0},
		{"unknown attribute, strict", ask(0, cmdShipGet, func(b *wire.Builder) { b.Uint32(1, 1); b.Uint32(99, 1) }), netlink.EINVAL},
		{"short attribute", ask(0, cmdShipSet, func(b *wire.Builder) { b.Uint8(1, 1) }), netlink.ERANGE},
		{"dump with any attribute", ask(wire.Dump, cmdShipGet, func(b *wire.Builder) { b.Uint8(1, 1) }), 0},
	} {
		if errno, _ := ackOf(t, c.got); errno != c.want {
			t.Errorf("%s: %v, want %v", c.name, errno, c.want)
		}
	}
}

// TestServePolicyTold reads the policies as clients do, at nlctrl.
func TestServePolicyTold(t *testing.T) {
	s := serveHarbour(t, false)
	c, err := genetlink.Dial(&netlink.Options{Via: s.kernel})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	p, err := c.Policies(patient(t), "harbour")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(p.Ops); n != 2 {
		t.Errorf("%d ops with policies, want 2", n)
	}
	f, err := c.Family(patient(t), "harbour")
	if err != nil {
		t.Fatal(err)
	}
	if f.HeaderLen != 4 || f.Version != 3 || len(f.Ops) != 2 || len(f.Groups) != 1 {
		t.Errorf("%+v", f)
	}
}
