package sim

import (
	"errors"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// FuzzSend sends any datagram: whatever it holds, the answers are well-formed, and
// the socket still works afterwards.
func FuzzSend(f *testing.F) {
	name := func(b *wire.Builder) { b.Text(genetlink.CtrlAttrFamilyName, "nlctrl") }
	f.Add([]byte{}, true)
	f.Add(make([]byte, 16), false)
	f.Add(genl(f, ctrlID, wire.Request|wire.Ack, genetlink.CtrlGetFamily, name), true)
	f.Add(genl(f, ctrlID, dumpFlags, genetlink.CtrlGetFamily, nil), true)
	f.Add(genl(f, ctrlID, dumpFlags, genetlink.CtrlGetPolicy, name), false)
	f.Add(genl(f, firstFamilyID, wire.Request, 1, func(b *wire.Builder) {
		b.Raw([]byte{1, 2, 3, 4})
		n := b.Nest(3)
		b.Uint32(1, 1)
		m := b.Nest(4)
		b.Text(2, "x")
		b.End(m)
		b.End(n)
	}), true)
	f.Add(append(genl(f, 0x99, wire.Request, 1, nil), genl(f, ctrlID, wire.Ack, 1, nil)...), false)
	inner := Policy{1: {Kind: U32}, 2: {Kind: NulString, Len: 4}, 3: {Kind: Nested}, 4: {Kind: NestedArray}, 5: {Kind: Bitfield32, Mask: 1}, 6: {Kind: Reject}}
	inner[3].Nested, inner[4].Nested = inner, inner
	f.Fuzz(func(t *testing.T, datagram []byte, plain bool) {
		k := NewKernel()
		defer k.Close()
		_, err := k.Register(Family{Name: "f", HeaderLen: 4, Policy: inner, Groups: []Group{{Name: "g"}}, Ops: []Op{
			{Cmd: 1, Do: func(r *Request) error {
				for a := range r.Attrs() {
					r.SetBadAttr(a)
				}
				return r.Reply(func(b *wire.Builder) { b.Raw(r.UserHeader()); b.Raw(r.Data()) })
			}},
			{Cmd: 2, Dump: table(3, 40), LiberalDump: true},
		}})
		if err != nil {
			t.Fatal(err)
		}
		o := &netlink.Options{NoCapAck: plain, NoExtAck: plain}
		s, err := k.Open(wire.Generic, o)
		if err != nil {
			t.Fatal(err)
		}
		sendErr := s.Send(datagram, netlink.Address{})
		if (sendErr != nil) != (len(datagram) == 0 || len(datagram) > defaultBuffer-sendOverhead) {
			t.Fatalf("send of %d bytes: %v", len(datagram), sendErr)
		}
		buf := make([]byte, 1<<20)
		for {
			d, err := s.Receive(buf, false)
			if errors.Is(err, netlink.EAGAIN) {
				break
			}
			if errors.Is(err, netlink.ENOBUFS) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			for m, err := range wire.Messages(buf[:d.N]) {
				if err != nil {
					t.Fatalf("answer % x: %v", buf[:d.N], err)
				}
				if m.Port() != s.Port() {
					t.Fatalf("answer for port %d, want %d", m.Port(), s.Port())
				}
				if m.Type() == wire.TypeError {
					if _, err := wire.ParseAck(m); err != nil {
						t.Fatalf("answer % x: %v", []byte(m), err)
					}
				}
			}
		}
		send(t, s, genl(t, ctrlID, wire.Request, genetlink.CtrlGetFamily, name))
		if m := wire.Message(receive(t, s)); m.Type() != ctrlID {
			t.Fatalf("afterwards: %v", m.Header())
		}
	})
}

// FuzzValidate checks any attributes against a policy with every kind of rule.
func FuzzValidate(f *testing.F) {
	p := Policy{}
	for kind := Unspec; kind <= Reject; kind++ {
		p = append(p, Rule{Kind: kind, Len: int(kind) % 5, Mask: 7})
	}
	for i := range p {
		if p[i].Kind == Nested || p[i].Kind == NestedArray {
			p[i].Nested = p
		}
	}
	f.Add([]byte{8, 0, 1, 0, 1, 2, 3, 4}, true)
	f.Add([]byte{12, 0, byte(Nested), 0x80, 8, 0, 3, 0, 1, 2, 3, 4}, false)
	f.Add([]byte{3, 0, 1, 0}, false)
	f.Fuzz(func(t *testing.T, attrs []byte, strict bool) {
		msg := append(make([]byte, 20), attrs...)
		r := &Request{msg: msg, payload: 20}
		err := r.validate(p, strict)
		for _, bad := range wire.Attrs(attrs) {
			// What is missing at the very end is padding only.
			if bad != nil && err == nil && strict {
				t.Fatalf("strict checks passed % x: %v", attrs, bad)
			}
		}
		if r.ext.HasOffset && (r.ext.Offset < 20 || r.ext.Offset+wire.AttrHeaderLen > len(msg)) {
			t.Fatalf("offset %d of a message of %d bytes", r.ext.Offset, len(msg))
		}
	})
}
