package sim

import (
	"bytes"
	"errors"
	"testing"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

func TestHandleProtocolRefuses(t *testing.T) {
	k := newKernel(t)
	for _, p := range []wire.Protocol{-1, 32} {
		if err := k.HandleProtocol(p, Protocol{}); err == nil {
			t.Errorf("protocol %d was accepted", int(p))
		}
	}
	for _, p := range []wire.Protocol{wire.Generic, wire.UserSock} {
		if err := k.HandleProtocol(p, Protocol{}); !errors.Is(err, netlink.EEXIST) {
			t.Errorf("%v: %v, want EEXIST", p, err)
		}
	}
}

// TestDatagrams: a protocol that reads datagrams itself, as a module's input
// function does: one-way, and two-way to the port the sender has.
func TestDatagrams(t *testing.T) {
	k := newKernel(t)
	var got [][]byte
	err := k.HandleProtocol(20, Protocol{Datagram: func(from uint32, b []byte) {
		got = append(got, bytes.Clone(b))
		if wire.Message(b).Type() == wire.TypeMin {
			if err := k.Unicast(20, from, b); err != nil {
				t.Errorf("unicast: %v", err)
			}
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, k, 20, nil)
	oneWay := build(t, wire.Header{}, func(b *wire.Builder) { b.Raw([]byte("hello\x00")) })
	twoWay := build(t, wire.Header{Type: wire.TypeMin, Flags: wire.Ack}, nil)
	send(t, s, oneWay)
	send(t, s, twoWay)
	send(t, s, []byte{1, 2, 3}) // not even a message
	if len(got) != 3 || !bytes.Equal(got[0], oneWay) || !bytes.Equal(got[1], twoWay) {
		t.Errorf("the kernel got %x", got)
	}
	if all := drain(t, s); len(all) != 1 || !bytes.Equal(all[0], twoWay) {
		t.Errorf("came back: %x, want one message and no acknowledgement", all)
	}
}

func TestClassicRequests(t *testing.T) {
	k := newKernel(t)
	const get, list = 0x12, 0x14
	var strict []bool
	err := k.HandleProtocol(wire.Route, Protocol{
		Groups: 39, UnprivilegedReceive: true,
		Do: func(r *Request) error {
			strict = append(strict, r.Strict())
			if r.Header().Type != get {
				return netlink.EOPNOTSUPP
			}
			return r.ReplyMessage(0x10, 0, func(b *wire.Builder) { b.Raw(r.Data()) })
		},
		Dump: func(r *Request) *DumpOp {
			if r.Header().Type != list {
				return nil
			}
			return &DumpOp{Type: 0x10, Entries: table(3, 0), DumpOptions: DumpOptions{DoneWithData: true}}
		},
		Join: func(group uint32, privileged bool) error {
			if group == 39 && !privileged {
				return netlink.EPERM
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, k.Unprivileged(), wire.Route, &netlink.Options{NoStrict: true})
	send(t, s, build(t, wire.Header{Type: get, Flags: wire.Request}, func(b *wire.Builder) { b.Raw([]byte{1, 2, 3, 4}) }))
	if m := wire.Message(receive(t, s)); m.Type() != 0x10 || !bytes.Equal(m.Data(), []byte{1, 2, 3, 4}) {
		t.Errorf("reply % x", []byte(m))
	}
	send(t, s, build(t, wire.Header{Type: list, Flags: dumpFlags}, nil))
	if messages, lengths := readDump(t, s, 4096); len(messages) != 4 || len(lengths) != 1 {
		t.Errorf("%d messages in %v bytes, want three and the end in one datagram", len(messages), lengths)
	}
	// A dump the protocol does not have goes to Do.
	send(t, s, build(t, wire.Header{Type: 0x99, Flags: dumpFlags}, nil))
	if errno, _ := ackOf(t, receive(t, s)); errno != netlink.EOPNOTSUPP {
		t.Errorf("unknown dump: %v, want EOPNOTSUPP", errno.Name())
	}
	if len(strict) != 2 || strict[0] || strict[1] {
		t.Errorf("strict %v, want false twice", strict)
	}
	for group, want := range map[uint32]error{1: nil, 38: nil, 39: netlink.EPERM, 40: netlink.EINVAL} {
		if err := s.Join(group); !errors.Is(err, want) {
			t.Errorf("join %d: %v, want %v", group, err, want)
		}
	}
}
