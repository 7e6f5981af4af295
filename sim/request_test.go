package sim

import (
	"bytes"
	"errors"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// answers registers a family whose op 1 answers with the error of fn.
func answers(t *testing.T, k *Kernel, fn func(*Request) error) uint16 {
	t.Helper()
	fam, err := k.Register(Family{Name: "answers", Policy: Policy{1: {Kind: U32}, 2: {Kind: Nested}, 3: {Kind: Flag}}, Ops: []Op{{Cmd: 1, Do: fn}}})
	if err != nil {
		t.Fatal(err)
	}
	return fam.ID()
}

func TestHandlerErrors(t *testing.T) {
	var fn func(*Request) error
	k := newKernel(t)
	id := answers(t, k, func(r *Request) error { return fn(r) })
	s := open(t, k, wire.Generic, nil)
	fill := func(b *wire.Builder) {
		b.Uint32(1, 7)
		n := b.Nest(2)
		b.Flag(9)
		b.End(n)
	}
	tests := []struct {
		name  string
		fn    func(*Request) error
		errno netlink.Errno
		tlvs  map[uint16][]byte
	}{
		{"success", func(*Request) error { return nil }, 0, nil},
		{"number", func(*Request) error { return netlink.EEXIST }, netlink.EEXIST, nil},
		{"warning", func(r *Request) error { r.SetText("mind the %s", "gap"); return nil }, 0,
			map[uint16][]byte{wire.AckMessage: []byte("mind the gap\x00")}},
		{"cookie", func(r *Request) error { r.SetCookie(bytes.Repeat([]byte{7}, 30)); return nil }, 0,
			map[uint16][]byte{wire.AckCookie: bytes.Repeat([]byte{7}, 20)}},
		{"attribute", func(r *Request) error {
			a, _ := r.Attr(1)
			r.SetBadAttr(a)
			r.SetText("too small")
			return netlink.ERANGE
		}, netlink.ERANGE, map[uint16][]byte{wire.AckMessage: []byte("too small\x00"), wire.AckOffset: wireU32(20)}},
		{"offsets are for errors only", func(r *Request) error {
			a, _ := r.Attr(1)
			r.SetBadAttr(a)
			r.SetMissing(4, nil)
			return nil
		}, 0, nil},
		{"missing", func(r *Request) error { r.SetMissing(4, nil); return netlink.EINVAL }, netlink.EINVAL,
			map[uint16][]byte{wire.AckMissingType: wireU32(4)}},
		{"missing in a nest", func(r *Request) error {
			nest, _ := r.Attr(2)
			r.SetMissing(3, nest)
			return netlink.EINVAL
		}, netlink.EINVAL, map[uint16][]byte{wire.AckMissingType: wireU32(3), wire.AckMissingNest: wireU32(28)}},
		{"attribute in a nest", func(r *Request) error {
			nest, _ := r.Attr(2)
			for a := range nest.Attrs() {
				r.SetBadAttr(a)
			}
			return netlink.EINVAL
		}, netlink.EINVAL, map[uint16][]byte{wire.AckOffset: wireU32(32)}},
		{"another's attribute", func(r *Request) error { r.SetBadAttr(wire.Attr{4, 0, 1, 0}); return netlink.EINVAL }, netlink.EINVAL, nil},
		{"netlink.Error", func(*Request) error {
			return &netlink.Error{Errno: netlink.EBUSY, ExtAck: netlink.ExtAck{Text: "later"}}
		}, netlink.EBUSY, map[uint16][]byte{wire.AckMessage: []byte("later\x00")}},
		{"any error", func(*Request) error { return errors.New("broken") }, netlink.EIO,
			map[uint16][]byte{wire.AckMessage: []byte("broken\x00")}},
		{"text with a NUL", func(r *Request) error { r.SetText("a\x00b"); return netlink.EINVAL }, netlink.EINVAL, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fn = tt.fn
			send(t, s, genl(t, id, wire.Request|wire.Ack, 1, fill))
			b := receive(t, s)
			errno, tlvs := ackOf(t, b)
			if errno != tt.errno {
				t.Errorf("errno %v, want %v", errno.Name(), tt.errno.Name())
			}
			if len(tlvs) != len(tt.tlvs) || wire.Message(b).Flags().Has(wire.AckTLVs) != (len(tt.tlvs) > 0) {
				t.Errorf("%d TLVs, flags %v, want %d", len(tlvs), wire.Message(b).Flags(), len(tt.tlvs))
			}
			for typ, want := range tt.tlvs {
				if !bytes.Equal(tlvs[typ].Data(), want) {
					t.Errorf("TLV %d: % x, want % x", typ, tlvs[typ].Data(), want)
				}
			}
		})
	}
}

// TestAckBytes holds acknowledgements as Linux 6.18 sent them.
func TestAckBytes(t *testing.T) {
	if hostIsBig() {
		t.Skip("the bytes were recorded on a little-endian machine")
	}
	k := newKernel(t)
	tests := []struct {
		name string
		o    *netlink.Options
		req  []byte
		want string
	}{
		{"capped, text and offset", nil, genl(t, ctrlID, wire.Request|wire.Dump, genetlink.CtrlGetPolicy, func(b *wire.Builder) { b.Uint32(99, 1) }),
			"48000000 0200 0003 01000000 00000000 eaffffff 1c000000 1000 0103 01000000 00000000" +
				"1b000100 556e6b6e6f776e20617474726962757465207479706500 00 08000200 14000000"},
		{"the whole request", &netlink.Options{NoCapAck: true}, genl(t, ctrlID, wire.Request|wire.Dump, genetlink.CtrlGetPolicy, func(b *wire.Builder) { b.Uint32(99, 1) }),
			"54000000 0200 0002 01000000 00000000 eaffffff 1c000000 1000 0103 01000000 00000000 0a010000 08006300 01000000" +
				"1b000100 556e6b6e6f776e20617474726962757465207479706500 00 08000200 14000000"},
		{"no extended ACK", &netlink.Options{NoCapAck: true, NoExtAck: true}, genl(t, ctrlID, wire.Request|wire.Dump, genetlink.CtrlGetPolicy, func(b *wire.Builder) { b.Uint32(99, 1) }),
			"30000000 0200 0000 01000000 00000000 eaffffff 1c000000 1000 0103 01000000 00000000 0a010000 08006300 01000000"},
		{"success is capped all the same", &netlink.Options{NoCapAck: true}, build(t, wire.Header{Type: wire.TypeNoop, Flags: wire.Request | wire.Ack, Seq: 1}, func(b *wire.Builder) { b.Raw(make([]byte, 8)) }),
			"24000000 0200 0001 01000000 00000000 00000000 18000000 0100 0500 01000000 00000000"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := open(t, k, wire.Generic, tt.o)
			send(t, s, tt.req)
			got := wire.Message(receive(t, s))
			if got.Port() != s.Port() {
				t.Errorf("port %d, want %d", got.Port(), s.Port())
			}
			got.SetPort(0)
			if want := unhex(t, tt.want); !bytes.Equal(got, want) {
				t.Errorf("\n got  % x\n want % x", []byte(got), want)
			}
		})
	}
}

func TestRepliesAndUserHeader(t *testing.T) {
	k := newKernel(t)
	fam, err := k.Register(Family{
		Name: "headers", Version: 3, HeaderLen: 8, Groups: []Group{{Name: "g"}},
		Policy: Policy{1: {Kind: NulString}},
		Ops: []Op{{Cmd: 5, ReplyCmd: 6, Do: func(r *Request) error {
			if !bytes.Equal(r.UserHeader(), []byte("userhead")) {
				t.Errorf("user header %q", r.UserHeader())
			}
			a, ok := r.Attr(1)
			if !ok || a.Text() != "hello" {
				t.Errorf("attribute %q, %v", a.Text(), ok)
			}
			if r.Command() != 5 || r.Version() != 1 || r.Port() == 0 || !r.Privileged() || r.Kernel() != k {
				t.Errorf("request %+v", r)
			}
			for i := range 3 {
				if err := r.ReplyCommand(6, wire.Multi, func(b *wire.Builder) {
					b.Raw([]byte("replhead"))
					b.Uint32(2, uint32(i))
				}); err != nil {
					return err
				}
			}
			return r.Reply(func(b *wire.Builder) { b.Raw([]byte("replhead")) })
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, k, wire.Generic, nil)
	req := build(t, wire.Header{Type: wire.Type(fam.ID()), Flags: wire.Request | wire.Ack, Seq: 77}, func(b *wire.Builder) {
		b.Raw([]byte{5, 1, 0, 0})
		b.Raw([]byte("userhead"))
		b.Text(1, "hello")
	})
	send(t, s, req)
	all := drain(t, s)
	if len(all) != 5 {
		t.Fatalf("%d datagrams, want 4 replies and the ACK", len(all))
	}
	for i, b := range all[:4] {
		m := wire.Message(b)
		flags := wire.Multi
		if i == 3 {
			flags = 0
		}
		if m.Type() != wire.Type(fam.ID()) || m.Flags() != flags || m.Seq() != 77 || m.Port() != s.Port() {
			t.Errorf("reply %d: %v", i, m.Header())
		}
		if !bytes.Equal(m.Data()[:12], append([]byte{6, 3, 0, 0}, "replhead"...)) {
			t.Errorf("reply %d: % x", i, m.Data())
		}
	}
	if errno, _ := ackOf(t, all[4]); errno != 0 {
		t.Errorf("acknowledged with %v", errno)
	}
	// Cut in the user header.
	short := bytes.Clone(req[:24])
	copy(short, wireU32(24))
	send(t, s, short)
	if errno, _ := ackOf(t, receive(t, s)); errno != netlink.EINVAL {
		t.Errorf("short user header: %v, want EINVAL", errno.Name())
	}
}

func TestReplyLost(t *testing.T) {
	k := newKernel(t)
	var last error
	id := answers(t, k, func(r *Request) error {
		for range 5 {
			last = r.Reply(nil)
		}
		return nil
	})
	s := open(t, k, wire.Generic, &netlink.Options{ReceiveBuffer: 1})
	send(t, s, genl(t, id, wire.Request|wire.Ack, 1, nil))
	if !errors.Is(last, netlink.EAGAIN) {
		t.Errorf("the handler's last reply: %v, want EAGAIN", last)
	}
	if _, err := s.Receive(nil, false); !errors.Is(err, netlink.ENOBUFS) {
		t.Errorf("receive: %v, want ENOBUFS", err)
	}
	if m, _ := s.MemInfo(); m.Drops != 4 { // three replies and the ACK
		t.Errorf("%d drops, want 4", m.Drops)
	}
}

func TestMultiPartWithoutDone(t *testing.T) {
	k := newKernel(t)
	k.HandleProtocol(wire.Netfilter, Protocol{Do: func(r *Request) error {
		if err := r.Reply(nil); !errors.Is(err, netlink.EINVAL) {
			t.Errorf("Reply in a classic protocol: %v, want EINVAL", err)
		}
		for i := range 2 {
			if err := r.ReplyMessage(0x102, wire.Multi, func(b *wire.Builder) { b.Raw([]byte{byte(i)}) }); err != nil {
				return err
			}
		}
		return nil
	}})
	s := open(t, k, wire.Netfilter, nil)
	send(t, s, build(t, wire.Header{Type: 0x101, Flags: wire.Request | wire.Ack, Seq: 5}, nil))
	all := drain(t, s)
	if len(all) != 3 || wire.Message(all[0]).Flags() != wire.Multi || wire.Message(all[2]).Type() != wire.TypeError {
		t.Errorf("got %x, want two MULTI messages and the ACK", all)
	}
}
