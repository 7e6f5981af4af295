package client_test

import (
	"context"
	"errors"
	"os"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
)

func subscribe(t *testing.T, c *client.Client, groups ...string) *client.Subscription {
	t.Helper()
	s, err := c.Subscribe(soon(t), groups...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestSubscribeGeneric(t *testing.T) {
	k, r := boxKernel(t)
	c := dial(t, parse(t, genericText), k)
	s := subscribe(t, c, "changes")
	for _, cmd := range []uint8{4, 99} {
		if err := r.Multicast("changes", cmd, func(b *wire.Builder) { b.Raw(u32(7)); b.Text(1, "x") }); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"changed", "msg-99"}
	for ev, err := range s.Events(soon(t)) {
		if err != nil {
			t.Fatal(err)
		}
		o := ev.Message.Object(codec.Options{})
		if ev.Kind != genetlink.Notification || ev.Group != "changes" || ev.Message.Name != want[0] || o.Get("shelf") != uint64(7) {
			t.Errorf("event %+v: %v, want %s", ev, o, want[0])
		}
		if want = want[1:]; len(want) == 0 {
			break
		}
	}
	if err := r.Unregister(); err != nil {
		t.Fatal(err)
	}
	if ev, err := s.Receive(soon(t)); err != nil || ev.Kind != genetlink.Unloaded {
		t.Errorf("%v, %v, want unloaded", ev.Kind, err)
	}
	if s.Port() == 0 || s.Stats().Overruns != 0 {
		t.Errorf("port %d, %+v", s.Port(), s.Stats())
	}
	if _, err := c.Subscribe(soon(t), "nope"); err == nil {
		t.Error("a group nobody has was joined")
	}
}

func TestSubscribeRaw(t *testing.T) {
	k := batchKernel(t, true)
	c := dial(t, parse(t, rawText), k)
	all := subscribe(t, c)
	send := func(group uint32, typ wire.Type) {
		t.Helper()
		if err := k.Multicast(wire.Netfilter, group, build(t, wire.Header{Type: typ}, append([]byte{9, 0, 0, 0}, 6, 0, 1, 0, 'x', 0, 0, 0))); err != nil {
			t.Fatal(err)
		}
	}
	one := subscribe(t, c, "0x3", "7")
	send(3, 0x21)
	send(40, 0x99)
	send(7, 0x11)
	check := func(s *client.Subscription, group, name string) {
		t.Helper()
		ev, err := s.Receive(soon(t))
		if err != nil || ev.Group != group || ev.Message.Name != name || ev.Message.Object(codec.Options{}).Get("kind") != uint64(9) {
			t.Errorf("%+v, %v, want %s of %s", ev, err, name, group)
		}
	}
	check(all, "news", "put")
	check(all, "far", "msg-153")
	check(one, "news", "put")
	check(one, "7", "end") // known by its request alone
	if s := one.Port(); s == 0 || one.Stats().Overruns != 0 {
		t.Errorf("port %d, %+v", s, one.Stats())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := one.Receive(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	one.Close()
	if _, err := one.Receive(soon(t)); !errors.Is(err, os.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}

func TestSubscribeOverrun(t *testing.T) {
	k := batchKernel(t, true)
	c, err := client.Dial(parse(t, rawText), &netlink.Options{Via: k, ReceiveBuffer: 4096})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s := subscribe(t, c, "news")
	const sent = 100
	for range sent {
		// ESRCH says that the queue was full, which is what is wanted.
		_ = k.Multicast(wire.Netfilter, 3, build(t, wire.Header{Type: 0x21}, []byte{9, 0, 0, 0}))
	}
	seen := uint64(0)
	for seen < sent {
		ev, err := s.Receive(soon(t))
		switch {
		case err != nil:
			t.Fatal(err)
		case ev.Kind == genetlink.Overrun:
			if ev.Lost == 0 {
				t.Error("an overrun without a loss")
			}
			seen += ev.Lost
		default:
			seen++
		}
	}
	if seen != sent || s.Stats().Overruns == 0 {
		t.Errorf("%d messages accounted for, want %d; %+v", seen, sent, s.Stats())
	}
}

func TestSubscribeErrors(t *testing.T) {
	k := batchKernel(t, true)
	c := dial(t, parse(t, rawText), k)
	_, err := c.Subscribe(soon(t), "olds")
	if e, ok := errors.AsType[*client.GroupError](err); !ok || err.Error() != `rawbox has no multicast group "olds"; it has news, far` || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v (%+v)", err, e)
	}
	spec := parse(t, rawText)
	spec.Groups = nil
	none := dial(t, spec, k)
	if _, err := none.Subscribe(soon(t)); err == nil || err.Error() != "the spec of rawbox names no multicast groups; give their numbers" {
		t.Errorf("no groups: %v", err)
	}
	nl, err := netlink.Dial(wire.Netfilter, &netlink.Options{Via: k})
	if err != nil {
		t.Fatal(err)
	}
	alone := client.New(parse(t, rawText), nl, nil)
	defer alone.Close()
	if _, err := alone.Subscribe(soon(t), "news"); err == nil {
		t.Error("subscribed without options for another socket")
	}
}

// TestSubscribeEnded: neither kind of family opens a socket in vain.
func TestSubscribeEnded(t *testing.T) {
	box, _ := boxKernel(t)
	for _, tc := range []struct {
		text  string
		k     netlink.Opener
		group string
	}{
		{genericText, box, "changes"},
		{rawText, batchKernel(t, true), "news"},
	} {
		c := dial(t, parse(t, tc.text), tc.k)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if s, err := c.Subscribe(ctx, tc.group); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: context ended: %v, %v", c.Spec().Name, s, err)
		}
		c.Close()
		if s, err := c.Subscribe(soon(t), tc.group); !errors.Is(err, os.ErrClosed) {
			t.Errorf("%s: closed: %v, %v", c.Spec().Name, s, err)
		}
	}
}
