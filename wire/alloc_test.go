package wire

import "testing"

// TestAllocations holds the package to its word: reading borrows, and building
// stays in the caller's buffer.
func TestAllocations(t *testing.T) {
	link := linkAttrs()
	dump, _ := routeDump()
	nests := message(18, 0, nested(maxDepth))
	ack := Message(message(TypeError, Capped|AckTLVs, h32(0xffffffea), rawMessage(40, 18, 0), attr(AckMessage, 'n', 'o', 0)))
	scalar := Attr(attr(1, h64(1)...))
	text := Attr(attr(2, 'e', 't', 'h', '0', 0))
	buf, fixed := make([]byte, 0, 256), make([]byte, 16)
	var b Builder
	fail := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name string
		do   func()
	}{
		{"Attrs", func() { v, err := walk(link); fail(err); sink += v }},
		{"Messages and Attrs", func() {
			for m, err := range Messages(dump) {
				fail(err)
				h := m.Header()
				sink += uint64(h.Seq)
				v, err := walk(m.Data()[12:])
				fail(err)
				sink += v
			}
		}},
		{"Attr.Attrs", func() {
			for a, err := range Attr(nests[HeaderLen:]).Attrs() {
				fail(err)
				sink += uint64(len(a))
			}
		}},
		{"FindAttr", func() { a, _ := FindAttr(link, 39); sink += uint64(len(a)) }},
		{"Check", func() { fail(Check(dump, 12)) }},
		{"Check of nests", func() { fail(Check(nests, 0)) }},
		{"CheckAttrs", func() { fail(CheckAttrs(link)) }},
		{"Check of an ACK", func() { fail(Check(ack, 0)) }},
		{"ParseAck", func() { a, err := ParseAck(ack); fail(err); sink += uint64(len(a.TLVs)) }},
		{"getters", func() {
			u8, err := scalar.Uint8()
			fail(err)
			u16, err := scalar.Uint16BE()
			fail(err)
			u32, err := scalar.Uint32LE()
			fail(err)
			u64, err := scalar.Uint64()
			fail(err)
			s, err := scalar.Sint()
			fail(err)
			bits, err := scalar.Bitfield32()
			fail(err)
			sink += uint64(u8) + uint64(u16) + uint64(u32) + u64 + uint64(s) + uint64(bits.Value)
			sink += uint64(len(text.TextBytes())) + uint64(text.Type())
		}},
		{"setters", func() { ack.SetSeq(3); ack.SetPort(4); ack.SetFlags(Capped | AckTLVs) }},
		{"Builder", func() { p, err := buildRequest(&b, buf, fixed); fail(err); sink += uint64(len(p)) }},
		{"Builder on the stack", func() {
			var b Builder
			p, err := buildRequest(&b, buf, fixed)
			fail(err)
			sink += uint64(len(p))
		}},
	} {
		if n := testing.AllocsPerRun(100, c.do); n != 0 {
			t.Errorf("%s: %v allocations, want 0", c.name, n)
		}
	}
}
