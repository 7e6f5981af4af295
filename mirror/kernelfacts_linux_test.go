package mirror_test

import (
	"encoding/binary"
	"errors"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// The tests in this file observe what makes caches wrong that trust in events alone,
// beside those in testdata/facts and package netlink. docs/consistency.md has the list.

// hosts makes or deletes n routes over the link v0, a host each, by one datagram after
// the other.
func (w *world) hosts(typ wire.Type, flags wire.Flags, n int) {
	w.Helper()
	t, err := netlink.Open(wire.Route, w.options(0))
	if err != nil {
		w.Fatal(err)
	}
	defer t.Close()
	link := w.number("v0")
	var b []byte
	for i := range n {
		b = wire.Header{Len: 16 + unix.SizeofRtMsg + 16, Type: typ, Flags: wire.Request | flags, Seq: uint32(i + 1)}.Append(b)
		b = append(b, unix.AF_INET, 32, 0, 0, unix.RT_TABLE_MAIN, unix.RTPROT_STATIC, unix.RT_SCOPE_LINK, unix.RTN_UNICAST, 0, 0, 0, 0)
		b = binary.NativeEndian.AppendUint32(append(b, 8, 0, unix.RTA_OIF, 0), link)
		b = binary.BigEndian.AppendUint32(append(b, 8, 0, unix.RTA_DST, 0), 16<<24+uint32(i))
		if len(b) > 30000 || i == n-1 {
			if err := t.Send(b, netlink.Address{}); err != nil {
				w.Fatal(err)
			}
			b = b[:0]
		}
	}
}

func (w *world) options(buffer int) *netlink.Options {
	return &netlink.Options{Namespace: netlink.NamespaceFD(w.ns.FD()), ReceiveBuffer: buffer}
}

// number is that of a link.
func (w *world) number(name string) uint32 {
	w.Helper()
	w.dump("link")
	for index, n := range w.links {
		if n == name {
			return index
		}
	}
	w.Fatalf("there is no link %s", name)
	return 0
}

// pair are the lines that make a link v0 which is up and has an address.
var pair = []string{"link add v0 type veth peer name v1", "link set v0 up", "link set v1 up", "addr add 10.0.0.1/24 dev v0"}

// TestFactQueueCost: an event takes several times its size of the queue, so that a
// socket with the default buffer, 212,992 bytes, holds a few hundred routes and less
// than a hundred links.
func TestFactQueueCost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shortQuiet, "", pair...)
	link := w.number("v0")
	for _, k := range []struct {
		name        string
		group       uint32
		cost, holds int // on Linux 6.18
		write       func(n int)
	}{
		{"route", unix.RTNLGRP_IPV4_ROUTE, 832, 256, func(n int) { w.hosts(unix.RTM_NEWROUTE, wire.Create, n) }},
		{"link", unix.RTNLGRP_LINK, 2304, 92, func(n int) {
			for i := range n {
				fixed := make([]byte, unix.SizeofIfInfomsg)
				binary.NativeEndian.PutUint32(fixed[4:], link)
				if err := w.ask(unix.RTM_NEWLINK, fixed, binary.NativeEndian.AppendUint32([]byte{8, 0, unix.IFLA_MTU, 0}, uint32(1000+i))); err != nil {
					t.Fatal(err)
				}
			}
		}},
	} {
		s, err := netlink.Open(wire.Route, w.options(212992/2)) // the kernel doubles it
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if err := s.Join(k.group); err != nil {
			t.Fatal(err)
		}
		const sent = 400
		k.write(sent)
		info, err := s.MemInfo()
		if err != nil {
			t.Fatal(err)
		}
		held, buf := 0, make([]byte, 32<<10)
		for {
			if _, err := s.Receive(buf, false); err == nil {
				held++
			} else if !errors.Is(err, netlink.ENOBUFS) {
				break
			}
		}
		if held+int(info.Drops) != sent {
			t.Errorf("%d %ss announced: %d are queued and %d were dropped", sent, k.name, held, info.Drops)
		}
		if info.Limit != 212992 {
			t.Fatalf("the queue's limit is %d bytes", info.Limit)
		}
		cost := int(info.Queued) / held
		t.Logf("a %s takes %d bytes, and %d are queued", k.name, cost, held)
		// How the kernel rounds depends on its version: a third more or less is the
		// same fact.
		if cost < k.cost*2/3 || cost > k.cost*4/3 || held < k.holds*2/3 || held > k.holds*4/3 {
			t.Errorf("a %s takes %d bytes and %d are queued, want about %d and %d", k.name, cost, held, k.cost, k.holds)
		}
	}
}

// TestFactBurst: while 200,000 routes are made as fast as the kernel can, somebody who
// does nothing but read loses some with the default buffer, and none with one that has
// room for all of them. How many are lost with 8 MiB, none mostly, is a matter of who
// gets the processor, and is only told.
func TestFactBurst(t *testing.T) {
	const n = 200000
	t.Logf("buffer %d: %d of %d lost", 8<<20, burst(t, 8<<20, n), n)
	for _, buffer := range []int{0, 128 << 20} {
		var lost uint64
		for range 5 {
			lost = burst(t, buffer, n)
			t.Logf("buffer %d (0 is the default): %d of %d lost", buffer, lost, n)
			if (lost > 0) == (buffer == 0) {
				break // else again: the reader had a processor of its own
			}
		}
		if (lost > 0) != (buffer == 0) {
			t.Errorf("buffer %d: %d of %d lost", buffer, lost, n)
		}
	}
}

func burst(t *testing.T, buffer, n int) (lost uint64) {
	w := newWorld(t, shortQuiet, "", pair...)
	s, err := netlink.Subscribe(wire.Route, w.options(buffer), unix.RTNLGRP_IPV4_ROUTE)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	written := make(chan struct{})
	go func() {
		defer close(written)
		w.hosts(unix.RTM_NEWROUTE, wire.Create, n)
	}()
	got := 0
	for done := false; ; {
		ev, ok, err := s.TryReceive()
		switch {
		case err != nil:
			t.Fatal(err)
		case ev.Overrun:
			lost += ev.Lost
		case ok:
			got++
		case done:
			if got+int(lost) != n {
				t.Errorf("%d received and %d told lost, of %d", got, lost, n)
			}
			return lost
		default:
			select {
			case <-written:
				done = true
			case <-time.After(time.Millisecond):
			}
		}
	}
}

// TestFactSilentLoss: of 100,000 routes over a link that is set down not one is told
// of.
func TestFactSilentLoss(t *testing.T) {
	t.Parallel()
	const n = 100000
	w := newWorld(t, shortQuiet, "new_route4 del_route4 new_link_v0", pair...)
	w.hosts(unix.RTM_NEWROUTE, wire.Create, n)
	s, err := netlink.Subscribe(wire.Route, w.options(0), unix.RTNLGRP_IPV4_ROUTE)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := len(w.dump("route4")); got != n+1 {
		t.Fatalf("%d routes, want %d", got, n+1)
	}
	w.ip("link set v0 down")
	if ev, ok, err := s.TryReceive(); ok || err != nil {
		t.Errorf("told: %+v, %v", ev, err)
	}
	if got := w.dump("route4"); len(got) != 0 {
		t.Errorf("%d routes are left", len(got))
	}
}

// TestFactCarrierAsked: the carrier of a link that is no end of a tunnel, a bridge
// here, is told up to a second late (net/core/link_watch.c, linkwatch_urgent_event),
// though a dump shows it; whoever asks for that one link has it told at once
// (net/core/rtnetlink.c, rtnl_getlink).
func TestFactCarrierAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, longQuiet, "new_link_b0", "link add b0 type bridge", "link add v0 type veth peer name v1",
		"link set v0 master b0", "link set b0 up", "link set v0 up", "link set v1 up")
	link := w.number("b0")
	// The first one in a second may be told at once.
	late := false
	for i := range 4 {
		w.ip("link set v1 " + []string{"down", "up"}[i%2])
		before := w.events()
		w.tellCarriers()
		after := w.events()
		if late = len(before) == 0 && len(after) > 0; late {
			break
		}
	}
	if !late {
		t.Errorf("no carrier of link %d was late", link)
	}
}
