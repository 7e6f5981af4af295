package layers

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/wire"
)

// exampleFamily is DOC_EXMPL.
var exampleFamily = Family{
	Name:     "DOC_EXMPL",
	Commands: map[uint8]string{1: "ECHO"},
	Set:      &Set{Attrs: map[uint16]Attr{1: {Name: "MSG", Kind: Text}}},
}

// enoent is -ENOENT as an error message has it.
var enoent = binary.NativeEndian.AppendUint32(nil, 0xfffffffe)

func build(t testing.TB, f func(b *wire.Builder)) []byte {
	t.Helper()
	var b wire.Builder
	f(&b)
	p, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func echo(t testing.TB) []byte {
	return build(t, func(b *wire.Builder) {
		b.Message(wire.Header{Type: 28, Flags: wire.Request | wire.Ack, Seq: 7, Port: 4242})
		b.Raw([]byte{1, 1, 0, 0})
		b.Text(1, "Hello World from user space!")
	})
}

// covers checks that the parts lie side by side and cover all of b.
func covers(t *testing.T, b []byte, parts []Part) {
	t.Helper()
	off := 0
	for i, p := range parts {
		if p.Offset != off {
			t.Fatalf("part %d (%v) starts at %d, the one before ends at %d", i, p.Layer, p.Offset, off)
		}
		if len(p.Bytes) == 0 {
			t.Fatalf("part %d (%v) at %d is empty", i, p.Layer, p.Offset)
		}
		if !bytes.Equal(p.Bytes, b[off:off+len(p.Bytes)]) {
			t.Fatalf("part %d (%v) at %d has other bytes than the datagram", i, p.Layer, p.Offset)
		}
		if p.Pad < 0 || p.Pad > len(p.Bytes) || p.Pad > 3 {
			t.Fatalf("part %d (%v) at %d: %d bytes of padding", i, p.Layer, p.Offset, p.Pad)
		}
		off += len(p.Bytes)
	}
	if off != len(b) {
		t.Fatalf("parts end at %d, the datagram at %d", off, len(b))
	}
}

func TestParts(t *testing.T) {
	g := NewGeneric()
	g.Add(28, exampleFamily)
	withUser := NewGeneric()
	withUser.Add(28, Family{Name: "ovs", HeaderLen: 4, Set: exampleFamily.Set})

	type want struct {
		layer Layer
		n     int
		text  string // occurs in Head or Value
	}
	header := want{MessageHeader, 16, "len "}
	tests := []struct {
		name   string
		schema Schema
		bytes  []byte
		want   []want
	}{
		{"nothing", g, nil, nil},
		{"echo", g, echo(t), []want{
			{MessageHeader, 16, "nlmsg_len 56, type 28 DOC_EXMPL, REQUEST|ACK, seq 7, port 4242"},
			{GenericHeader, 4, "cmd 1 ECHO, version 1"},
			{Attribute, 36, `"Hello World from user space!" NUL`},
		}},
		{"user header", withUser, build(t, func(b *wire.Builder) {
			b.Message(wire.Header{Type: 28})
			b.Raw([]byte{1, 1, 0, 0})
			b.Raw([]byte{9, 9, 9, 9})
			b.Text(1, "x")
		}), []want{header, {GenericHeader, 4, "cmd 1"}, {UserHeader, 4, "4 bytes"}, {Attribute, 8, `"x"`}}},
		{"user header cut short", withUser, build(t, func(b *wire.Builder) {
			b.Message(wire.Header{Type: 28})
			b.Raw([]byte{1, 1, 0, 0})
		}), []want{header, {GenericHeader, 4, "user header: cut short (need 4 bytes, have 0)"}}},
		{"unknown family", nil, echo(t), []want{
			{MessageHeader, 16, "type 28, REQUEST|ACK"},
			{Bad, 40, "attribute: length field runs past the end"},
		}},
		{"plain text", Plain{Body: Text}, build(t, func(b *wire.Builder) {
			b.Message(wire.Header{Type: 16})
			b.Raw([]byte("hello\x00"))
		}), []want{header, {Payload, 8, `"hello" NUL and 2 bytes more`}}},
		{"ack", g, build(t, func(b *wire.Builder) {
			b.Message(wire.Header{Type: wire.TypeError, Flags: wire.Capped, Seq: 7})
			b.Raw(make([]byte, 4))
			b.Raw(echo(t)[:16])
		}), []want{
			{MessageHeader, 16, "type 2 NLMSG_ERROR, CAPPED"},
			{ErrorNumber, 4, "ACK"},
			{MessageHeader, 16, "type 28 DOC_EXMPL"},
		}},
		{"error with the whole request and an extended ACK", g, build(t, func(b *wire.Builder) {
			b.Message(wire.Header{Type: wire.TypeError, Flags: wire.AckTLVs, Seq: 7})
			b.Raw(enoent)
			b.Raw(echo(t))
			b.Text(wire.AckMessage, "no such thing")
			b.Uint32(wire.AckOffset, 20)
		}), []want{
			{MessageHeader, 16, "NLMSG_ERROR"},
			{ErrorNumber, 4, "-ENOENT"},
			{MessageHeader, 16, "DOC_EXMPL"}, {GenericHeader, 4, "ECHO"}, {Attribute, 36, "Hello World"},
			{Attribute, 20, `"no such thing"`}, {Attribute, 8, "20"},
		}},
		{"done", g, build(t, func(b *wire.Builder) {
			b.Message(wire.Header{Type: wire.TypeDone, Flags: wire.Multi})
			b.Raw(make([]byte, 4))
		}), []want{header, {ErrorNumber, 4, "end of the dump"}}},
		{"nlctrl with nests", g, build(t, func(b *wire.Builder) {
			b.Message(wire.Header{Type: 16})
			b.Raw([]byte{1, 2, 0, 0})
			b.Uint16(1, 28)
			groups := b.Nest(7)
			one := b.NestPlain(1)
			b.Uint32(2, 5)
			b.Text(1, "DOC_EXMPL_GRP")
			b.End(one)
			b.End(groups)
		}), []want{
			header, {GenericHeader, 4, "cmd 1 NEWFAMILY"},
			{Attribute, 8, "28"},
			{Attribute, 4, "attr 7 MCAST_GROUPS, nla_len 36, NESTED"}, {Attribute, 4, "attr 1 list entry"},
			{Attribute, 8, "5"}, {Attribute, 20, `"DOC_EXMPL_GRP"`},
		}},
		{"datagram cut short", g, echo(t)[:30], []want{{Bad, 30, "runs past the"}}},
		{"two messages and rubbish", Plain{Body: Bytes}, append(append(make([]byte, 0, 40),
			build(t, func(b *wire.Builder) { b.Message(wire.Header{Type: 1}); b.Message(wire.Header{Type: 99}) })...), 1, 2, 3),
			[]want{header, header, {Bad, 3, "cut short"}}},
		{"number of the wrong size", g, build(t, func(b *wire.Builder) {
			b.Message(wire.Header{Type: 16})
			b.Raw([]byte{1, 2, 0, 0})
			b.Uint8(1, 3)
		}), []want{header, {GenericHeader, 4, ""}, {Attribute, 8, "1 byte (a 2-byte number was expected)"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			parts := Parts(tt.bytes, tt.schema)
			covers(t, tt.bytes, parts)
			if len(parts) != len(tt.want) {
				t.Fatalf("%d parts, want %d: %+v", len(parts), len(tt.want), parts)
			}
			for i, w := range tt.want {
				p := parts[i]
				if p.Layer != w.layer || len(p.Bytes) != w.n || !strings.Contains(p.Head+" "+p.Value, w.text) {
					t.Errorf("part %d: %v of %d bytes %q %q, want %v of %d bytes with %q", i, p.Layer, len(p.Bytes), p.Head, p.Value, w.layer, w.n, w.text)
				}
			}
		})
	}
}

func TestPartsDeepNest(t *testing.T) {
	b := build(t, func(b *wire.Builder) {
		b.Message(wire.Header{Type: 99})
		var open []wire.Nest
		for range 200 {
			open = append(open, b.Nest(1))
		}
		for i := len(open) - 1; i >= 0; i-- {
			b.End(open[i])
		}
	})
	parts := Parts(b, nil)
	covers(t, b, parts)
	last := parts[len(parts)-1]
	if last.Layer != Bad || !strings.Contains(last.Head, "too deep") {
		t.Fatalf("last part %v %q, want it to say that the nests are too deep", last.Layer, last.Head)
	}
}

func FuzzRender(f *testing.F) {
	f.Add(echo(f))
	f.Add(echo(f)[:31])
	f.Add(append(echo(f), echo(f)...))
	f.Add(build(f, func(b *wire.Builder) {
		b.Message(wire.Header{Type: wire.TypeError, Flags: wire.AckTLVs})
		b.Raw(enoent)
		b.Raw(echo(f))
		b.Text(wire.AckMessage, "no")
	}))
	f.Add(build(f, func(b *wire.Builder) {
		b.Message(wire.Header{Type: 16})
		b.Raw([]byte{1, 2, 0, 0})
		n := b.Nest(6)
		m := b.NestPlain(1)
		b.Uint32(1, 2)
		b.End(m)
		b.End(n)
	}))
	g := NewGeneric()
	g.Add(28, exampleFamily)
	g.Add(29, Family{Name: "user", HeaderLen: 7, Set: exampleFamily.Set})
	schemas := []Schema{nil, g, Plain{Body: Text}, Plain{HeaderLen: 16, Verb: wire.VerbNew}}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, s := range schemas {
			covers(t, b, Parts(b, s))
			var out bytes.Buffer
			if err := Render(&out, b, s, Style{Indent: "  ", Color: len(b)%2 == 0}); err != nil {
				t.Fatal(err)
			}
			if len(b) > 0 && out.Len() == 0 {
				t.Fatal("nothing printed")
			}
			if bytes.IndexByte(out.Bytes(), 0) >= 0 {
				t.Fatal("a raw NUL was printed")
			}
		}
	})
}
