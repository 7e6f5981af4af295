package sim

import (
	"context"
	"errors"
	"iter"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// TestCall: one family asks another while it works off a request.
func TestCall(t *testing.T) {
	k := newKernel(t)
	back, err := k.Register(Family{Name: "back", Policy: Policy{1: {Kind: U32}}, Ops: []Op{
		{Cmd: 1, AdminPerm: true, Do: func(r *Request) error {
			if r.Port() != 0 || !r.Privileged() {
				t.Errorf("port %d, privileged %v, want the kernel itself", r.Port(), r.Privileged())
			}
			a, ok := r.Attr(1)
			if !ok {
				r.SetMissing(1, nil)
				return netlink.EINVAL
			}
			v, _ := a.Uint32()
			return r.Reply(func(b *wire.Builder) { b.Uint32(1, v+1) })
		}},
		{Cmd: 2, Dump: table(1000, 100)},
		{Cmd: 3, Dump: func(*Request) iter.Seq2[Entry, error] {
			return func(yield func(Entry, error) bool) { yield(nil, netlink.EIO) }
		}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	front, err := k.Register(Family{Name: "front", Ops: []Op{{Cmd: 1, Do: func(r *Request) error {
		replies, err := r.Kernel().CallFamily(r.Context(), "back", 1, 0, func(b *wire.Builder) { b.Uint32(1, 41) })
		if err != nil {
			return err
		}
		return r.Reply(func(b *wire.Builder) { b.Raw(replies[0].Data()[genetlink.HeaderLen:]) })
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, k.Unprivileged(), wire.Generic, nil)
	send(t, s, genl(t, front.ID(), wire.Request, 1, nil))
	a, _ := wire.FindAttr(receive(t, s)[20:], 1)
	if v, err := a.Uint32(); v != 42 || err != nil {
		t.Errorf("answer %d, %v, want 42", v, err)
	}
	ctx := context.Background()
	replies, err := k.CallFamily(ctx, "back", 2, wire.Dump, nil)
	if err != nil || len(replies) != 1001 || replies[1000].Type() != wire.TypeDone {
		t.Errorf("dump: %d messages, %v, want 1000 and the end", len(replies), err)
	}
	_, err = k.CallFamily(ctx, "back", 1, 0, nil)
	if e, ok := errors.AsType[*netlink.Error](err); !ok || e.Errno != netlink.EINVAL || !e.HasMissingType || e.MissingType != 1 {
		t.Errorf("missing attribute: %v", err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	tests := []struct {
		name string
		err  error
		want error
	}{
		{"dump fails", second(k.CallFamily(ctx, "back", 3, wire.Dump, nil)), netlink.EIO},
		{"no family", second(k.CallFamily(ctx, "nosuch", 1, 0, nil)), netlink.ENOENT},
		{"no op", second(k.CallFamily(ctx, "back", 9, 0, nil)), netlink.EOPNOTSUPP},
		{"policy", second(k.CallFamily(ctx, "back", 1, 0, func(b *wire.Builder) { b.Flag(1) })), netlink.EINVAL},
		{"cannot be built", second(k.CallFamily(ctx, "back", 1, 0, func(b *wire.Builder) { b.Attr(1, make([]byte, 1<<16)) })), wire.ErrTooLong},
		{"cancelled", second(k.CallFamily(cancelled, "back", 1, 0, nil)), context.Canceled},
		{"no protocol", second(k.Call(ctx, wire.Route, nil)), netlink.EPROTONOSUPPORT},
		{"no kernel side", second(k.Call(ctx, wire.UserSock, nil)), netlink.ECONNREFUSED},
		{"no message", second(k.Call(ctx, wire.Generic, make([]byte, 20))), netlink.EINVAL},
	}
	for _, tt := range tests {
		if !errors.Is(tt.err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, tt.err, tt.want)
		}
	}
	if err := back.Unregister(); err != nil {
		t.Fatal(err)
	}
	send(t, s, genl(t, front.ID(), wire.Request, 1, nil))
	if errno, _ := ackOf(t, receive(t, s)); errno != netlink.ENOENT {
		t.Errorf("back is gone: %v, want ENOENT", errno.Name())
	}
}

func second[T any](_ T, err error) error { return err }

// TestHandlersMayDoAnything: a handler multicasts to its own caller, registers,
// opens and closes sockets, and calls itself.
func TestHandlersMayDoAnything(t *testing.T) {
	k := newKernel(t)
	var fam *Registered
	var s netlink.Transport
	fam, err := k.Register(Family{Name: "f", Groups: []Group{{Name: "g"}}, Ops: []Op{
		{Cmd: 1, Do: func(r *Request) error {
			if err := fam.Multicast("g", 9, nil); err != nil {
				return err
			}
			other, err := k.Register(Family{Name: "other"})
			if err != nil {
				return err
			}
			if err := other.Unregister(); err != nil {
				return err
			}
			own, err := k.Open(wire.Generic, nil)
			if err != nil {
				return err
			}
			defer own.Close()
			if err := own.Send(genl(t, fam.ID(), dumpFlags, 2, nil), netlink.Address{}); err != nil {
				return err
			}
			_, err = k.CallFamily(r.Context(), "f", 2, wire.Dump, nil)
			return err
		}},
		{Cmd: 2, Dump: func(*Request) iter.Seq2[Entry, error] {
			return func(yield func(Entry, error) bool) {
				fam.Multicast("g", 9, nil)
				yield(func(b *wire.Builder) { k.Multicast(wire.Generic, 1, []byte{1}) }, nil)
			}
		}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	s = open(t, k, wire.Generic, nil)
	group, _ := fam.GroupID("g")
	if err := s.Join(group); err != nil {
		t.Fatal(err)
	}
	send(t, s, genl(t, fam.ID(), wire.Request|wire.Ack, 1, nil))
	all := drain(t, s)
	if len(all) != 4 {
		t.Fatalf("%d datagrams, want three notifications and the ACK", len(all))
	}
	if errno, _ := ackOf(t, all[3]); errno != 0 {
		t.Errorf("acknowledged with %v", errno)
	}
}
