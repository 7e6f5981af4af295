package trace

import (
	"bytes"
	"encoding/binary"
	"flag"
	"os"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/layers"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/specs"
)

var update = flag.Bool("update", false, "write the golden files anew")

func open(tb testing.TB, name string) *ynl.Spec {
	tb.Helper()
	s, err := specs.Open(name)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// link is a request to make a VLAN, and its answer.
func link(tb testing.TB) (request, answer []byte) {
	tb.Helper()
	var b wire.Builder
	b.Message(wire.Header{Type: 16, Flags: wire.Request | wire.Ack | wire.Create | wire.Excl, Seq: 7})
	b.Raw(make([]byte, 16))
	b.Text(3, "vlan5")
	b.Uint32(5, 2)
	info := b.Nest(18)
	b.Text(1, "vlan")
	data := b.Nest(2)
	b.Uint16(1, 5)
	b.End(data)
	b.End(info)
	b.Attr(0x3000, []byte{1, 2, 3}) // no attribute has that number
	request, err := b.Bytes()
	if err != nil {
		tb.Fatal(err)
	}
	request = bytes.Clone(request)
	b.Reset(nil)
	b.Message(wire.Header{Type: wire.TypeError, Flags: wire.Capped, Seq: 7, Port: 99})
	b.Raw(binary.NativeEndian.AppendUint32(nil, 0))
	b.Raw(request[:wire.HeaderLen])
	answer, err = b.Bytes()
	if err != nil {
		tb.Fatal(err)
	}
	return request, answer
}

// family is what nlctrl says of ethtool, then a request to it and the reply.
func family(tb testing.TB) (found, request, reply []byte) {
	tb.Helper()
	build := func(h wire.Header, g genetlink.Header, fill func(b *wire.Builder)) []byte {
		var b wire.Builder
		b.Message(h)
		b.Raw(g.Append(nil))
		fill(&b)
		msg, err := b.Bytes()
		if err != nil {
			tb.Fatal(err)
		}
		return bytes.Clone(msg)
	}
	found = build(wire.Header{Type: 16, Seq: 1, Port: 9}, genetlink.Header{Cmd: genetlink.CtrlNewFamily, Version: 2}, func(b *wire.Builder) {
		b.Text(genetlink.CtrlAttrFamilyName, "ethtool")
		b.Uint16(genetlink.CtrlAttrFamilyID, 21)
	})
	request = build(wire.Header{Type: 21, Flags: wire.Request | wire.Ack, Seq: 2}, genetlink.Header{Cmd: 15, Version: 1}, func(b *wire.Builder) {
		n := b.Nest(1)
		b.Text(2, "lo")
		b.End(n)
	})
	reply = build(wire.Header{Type: 21, Seq: 2, Port: 9}, genetlink.Header{Cmd: 16, Version: 1}, func(b *wire.Builder) {
		b.Uint32(2, 4096)
	})
	return found, request, reply
}

func TestTap(t *testing.T) {
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
		t.Skip("the bytes shown are little-endian")
	}
	request, answer := link(t)
	found, ask, reply := family(t)
	for _, tt := range []struct {
		name string
		run  func(tr *Tracer)
		spec string
	}{
		{"link", func(tr *Tracer) {
			tr.Tap(netlink.Sent, request)
			tr.Tap(netlink.Received, answer)
		}, "rt-link"},
		{"ethtool", func(tr *Tracer) {
			tr.Tap(netlink.Received, found)
			tr.Tap(netlink.Sent, ask)
			tr.Tap(netlink.Received, reply)
		}, "ethtool"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var b bytes.Buffer
			tt.run(New(&b, open(t, tt.spec), Options{Width: 80}))
			path := "testdata/" + tt.name + ".golden"
			if *update {
				if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(b.Bytes(), want) {
				t.Errorf("%s (rewrite with -update):\n%s", path, b.Bytes())
			}
		})
	}
}

// FuzzTap shows whatever comes: the parts still cover every byte.
func FuzzTap(f *testing.F) {
	request, answer := link(f)
	found, ask, reply := family(f)
	for _, b := range [][]byte{request, answer, found, ask, reply} {
		f.Add(b)
	}
	all := []*ynl.Spec{open(f, "rt-link"), open(f, "tc"), open(f, "nlctrl")}
	f.Fuzz(func(t *testing.T, datagram []byte) {
		for _, spec := range all {
			s := newSchema(spec)
			s.learn(netlink.Sent, datagram)
			s.learn(netlink.Received, datagram)
			at := 0
			for _, p := range layers.Parts(datagram, s) {
				if p.Offset != at {
					t.Fatalf("%s: a part at %d, want %d", spec.Name, p.Offset, at)
				}
				at += len(p.Bytes)
			}
			if at != len(datagram) {
				t.Fatalf("%s: the parts end at %d of %d", spec.Name, at, len(datagram))
			}
		}
	})
}
