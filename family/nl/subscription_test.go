package nl_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
)

func subscribe(t testing.TB, c *nl.Conn, sources ...nl.Source) *nl.Subscription {
	t.Helper()
	s, err := nl.Subscribe(soon(t), c, sources...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func next(t testing.TB, s *nl.Subscription) nl.Event {
	t.Helper()
	ev, err := s.Receive(soon(t))
	if err != nil {
		t.Fatal(err)
	}
	return ev
}

func TestSubscribeGeneric(t *testing.T) {
	k := newCrates(t)
	c := k.dial(t)
	s := subscribe(t, c, nl.NewSource(crateFamily, "changes"))
	want := []string{"changed label x", "msg-99 070000000600010078000000", "changed label y"}
	for _, m := range []struct {
		cmd   uint8
		label string
	}{{4, "x"}, {99, "x"}, {4, "y"}} {
		err := k.reg.Multicast("changes", m.cmd, func(b *wire.Builder) { b.Raw(u32(7)); b.Text(1, m.label) })
		if err != nil {
			t.Fatal(err)
		}
	}
	for ev, err := range s.Events(soon(t)) {
		if err != nil {
			t.Fatal(err)
		}
		if ev.Group != "changes" || ev.From != 0 || ev.String() != want[0] {
			t.Errorf("event %v of %s, want %s", ev, ev.Group, want[0])
		}
		if want = want[1:]; len(want) == 0 {
			break
		}
	}
	if err := k.reg.Unregister(); err != nil {
		t.Fatal(err)
	}
	if ev := next(t, s); ev.String() != "unloaded crate" {
		t.Errorf("%v, want unloaded", ev)
	}
	k.register(t)
	if ev, ok := next(t, s).Notification.(*nl.Loaded); !ok || ev.Err != nil || ev.Family.ID != k.reg.ID() || ev.String() != "crate" {
		t.Errorf("%+v, want loaded", ev)
	}
	if s.Port() == 0 || s.Stats().Overruns != 0 {
		t.Errorf("port %d, %+v", s.Port(), s.Stats())
	}
	_, err := nl.Subscribe(soon(t), c, nl.NewSource(crateFamily, "nope"))
	if _, ok := errors.AsType[*genetlink.UnknownGroupError](err); !ok {
		t.Errorf("a group nobody has: %v", err)
	}
	_, err = nl.Subscribe(soon(t), c, nl.NewSource(crateFamily), nl.NewSource(crateFamily))
	if err == nil || !strings.Contains(err.Error(), "cannot share a socket") {
		t.Errorf("two generic sources: %v", err)
	}
}

func multicast(t testing.TB, k *sim.Kernel, group uint32, typ wire.Type, label string) {
	t.Helper()
	var b wire.Builder
	b.Message(wire.Header{Type: typ})
	labelled(label).appendTo(&b)
	msg, err := b.Bytes()
	if err == nil {
		err = k.Multicast(wire.Netfilter, group, msg)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestSubscribeRaw(t *testing.T) {
	k := batchKernel(t, true)
	c := dial(t, wire.Netfilter, &netlink.Options{Via: k})
	all := subscribe(t, c, nl.NewSource(rawFamily))
	one := subscribe(t, c, nl.NewSource(rawFamily, "0x3", "7", "news"))
	both := subscribe(t, c, nl.NewSource(rawFamily, "news", "12"), nl.NewSource(otherFamily))
	multicast(t, k, 3, 0x24, "a")
	multicast(t, k, 40, 0x99, "b")
	multicast(t, k, 7, 0x24, "c")
	multicast(t, k, 7, 0x30, "d")
	multicast(t, k, 12, 0x30, "e")
	for _, tt := range []struct {
		s     *nl.Subscription
		group nl.Group
		want  string
	}{
		{all, "news", "changed label a"},
		{all, "far", "msg-153 07000000"},
		{one, "news", "changed label a"},
		{one, "7", "changed label c"},
		{one, "7", "msg-48 07000000"},
		{both, "news", "changed label a"},
		{both, "rest", "other-changed label c"}, // by the group, though both have the number
		{both, "rest", "other-changed label d"},
		{both, "12", "other-changed label e"}, // by the number
	} {
		if ev := next(t, tt.s); ev.Group != tt.group || !strings.HasPrefix(ev.String(), tt.want) {
			t.Errorf("%v of %q, want %s of %q", ev, ev.Group, tt.want, tt.group)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := one.Receive(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if one.Port() == 0 || one.Stats().Overruns != 0 {
		t.Errorf("port %d, %+v", one.Port(), one.Stats())
	}
	one.Close()
	if _, err := one.Receive(soon(t)); !errors.Is(err, os.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}

func TestSubscribeOverrun(t *testing.T) {
	k := batchKernel(t, true)
	c := dial(t, wire.Netfilter, &netlink.Options{Via: k, ReceiveBuffer: 4096})
	s := subscribe(t, c, nl.NewSource(rawFamily, "news"))
	const sent = 100
	for range sent {
		// ESRCH says that the queue was full, which is what is wanted.
		_ = k.Multicast(wire.Netfilter, 3, build(wire.Header{Type: 0x24}, u32(7)))
	}
	for seen := uint64(0); seen < sent; {
		switch n := next(t, s).Notification.(type) {
		case *nl.Overrun:
			if n.Lost == 0 || n.NetlinkName() != "overrun" || !strings.HasSuffix(n.String(), " messages lost") {
				t.Errorf("overrun %v", n)
			}
			seen += n.Lost
		case *CrateChanged:
			seen++
		default:
			t.Fatalf("%v", n)
		}
	}
}

func TestSubscribeErrors(t *testing.T) {
	c := dialRaw(t, true)
	for _, tt := range []struct {
		sources []nl.Source
		want    string
	}{
		{nil, "subscribe: no sources: give the Events of at least one family"},
		{[]nl.Source{nl.NewSource(rawFamily, "new")}, `rawcrate has no multicast group "new"; did you mean news? It has news, far`},
		{[]nl.Source{nl.NewSource(rawFamily, "0")}, `rawcrate has no multicast group "0". It has news, far`},
		{[]nl.Source{nl.NewSource(&nl.Family{Name: "dumb", Protocol: wire.Netfilter})}, "the spec of dumb names no multicast groups; give their numbers"},
		{[]nl.Source{nl.NewSource(&nl.Family{Name: "dumb", Protocol: wire.Netfilter}, "x")}, `the spec of dumb names no multicast groups, and so no "x"; give its number`},
		{[]nl.Source{nl.NewSource(rawFamily), nl.NewSource(crateFamily)}, "rawcrate: subscribe: crate is a family of NETLINK_GENERIC, and this Conn was opened for NETLINK_NETFILTER: dial another"},
	} {
		_, err := nl.Subscribe(soon(t), c, tt.sources...)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%v, want %s", err, tt.want)
		}
	}
	if _, err := nl.Subscribe(soon(t), c, nl.NewSource(rawFamily, "x")); !errors.Is(err, netlink.ENOENT) {
		t.Errorf("%v is no ENOENT", err)
	}
	c.Close()
	if _, err := nl.Subscribe(soon(t), c, nl.NewSource(rawFamily)); !errors.Is(err, os.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
	if s := (nl.Event{}).String(); s != "no event" {
		t.Errorf("an empty event is %q", s)
	}
}
