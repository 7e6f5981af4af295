package churn

import (
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

func open(t *testing.T) *Writer {
	t.Helper()
	w, err := Open(&netlink.Options{Namespace: netlink.NamespaceFD(testenv.NewNetNS(t).FD())})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

// refused returns the kernel's first refusal, nil if there was none.
func (w *Writer) refused(t *testing.T) error {
	t.Helper()
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 64<<10)
	d, err := w.t.Receive(buf, false)
	if err == netlink.EAGAIN {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	_, err = netlink.ParseAck(wire.Message(buf[:d.N]), nil)
	return err
}

// TestRequests: every kind of request is one that the kernel takes.
func TestRequests(t *testing.T) {
	w := open(t)
	gateway, own := netip.MustParseAddr("10.1.0.2"), Own(false, false, 0)
	gateway6, own6 := netip.MustParseAddr("fd00:1::2"), Own(true, false, 0)
	hop := func(g netip.Addr) []Hop { return []Hop{{Link: 50, Gateway: g}} }
	two := []Hop{{50, gateway}, {51, netip.Addr{}}}
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"a bridge", func() error { return w.AddLink(50, "one", "bridge") }},
		{"another link", func() error { return w.AddLink(51, "two", "bridge") }},
		{"a third", func() error { return w.AddLink(52, "three", "ifb") }},
		{"up", func() error { return w.Up(50, true) }},
		{"up", func() error { return w.Up(51, true) }},
		{"mtu", func() error { return w.MTU(50, 1400) }},
		{"address", func() error { return w.AddAddr(50, own) }},
		{"address", func() error { return w.AddAddr(50, own6) }},
		{"route", func() error { return w.AddRoute(Add, Simple(false, 1, 50)) }},
		{"route", func() error { return w.AddRoute(Add, Simple(true, 1, 50)) }},
		{"gateway", func() error {
			return w.AddRoute(Add, Route{Dst: Host(false, 2), Table: 1000, Metric: 5, Hops: hop(gateway), PrefSrc: own.Addr()})
		}},
		{"gateway", func() error {
			return w.AddRoute(Add, Route{Dst: Host(true, 2), Table: 254, Hops: hop(gateway6), PrefSrc: own6.Addr()})
		}},
		{"legs", func() error { return w.AddRoute(Add, Route{Dst: Host(false, 3), Table: 254, Hops: two}) }},
		{"one more", func() error { return w.AddRoute(Append, Route{Dst: Host(false, 3), Table: 254, Hops: hop(gateway)}) }},
		{"neighbour", func() error { return w.AddNeigh(50, gateway, [6]byte{2}) }},
		{"rule", func() error { return w.AddRule(false, 1000, 1, 1000) }},
		{"rule", func() error { return w.AddRule(true, 1000, 1, 1000) }},
		{"nexthop", func() error { return w.AddNexthop(1, hop(gateway)[0]) }},
		{"nexthop", func() error { return w.AddNexthop(2, hop(gateway)[0]) }},
		{"group", func() error { return w.AddGroup(11, 1, 2) }},
		{"its route", func() error { return w.AddRoute(Add, Route{Dst: Host(false, 4), Table: 254, Nexthop: 11}) }},
		{"less group", func() error { return w.DelNexthop(11) }},
		{"less rule", func() error { return w.DelRule(true, 1000, 1, 1000) }},
		{"less neighbour", func() error { return w.DelNeigh(50, gateway) }},
		{"less route", func() error { return w.DelRoute(Simple(false, 1, 50)) }},
		{"less address", func() error { return w.DelAddr(50, own) }},
		{"port", func() error { return w.Master(52, 51) }},
		{"no port", func() error { return w.Master(52, 0) }},
		{"less link", func() error { return w.DelLink(52) }},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		if err := w.refused(t); err != nil {
			t.Errorf("%s: %v", step.name, err)
		}
	}
	if err := w.DelLink(52); err != nil {
		t.Fatal(err)
	}
	if w.refused(t) == nil {
		t.Error("a link that is not there was deleted")
	}
}

// TestPlan makes many changes, and tells how fast.
func TestPlan(t *testing.T) {
	w := open(t)
	for _, link := range []uint32{50, 51} {
		if err := w.AddLink(link, map[uint32]string{50: "one", 51: "two"}[link], "bridge"); err != nil {
			t.Fatal(err)
		}
		if err := w.Up(link, true); err != nil {
			t.Fatal(err)
		}
	}
	for _, kinds := range []Kind{Routes, Routes | Variants, All} {
		p := &Plan{Rand: rand.New(rand.NewPCG(1, 2)), Kinds: kinds, Size: 1000, Links: [2]uint32{50, 51}, Free: 200}
		before, began := w.Changes, time.Now()
		for range 10000 {
			if err := p.Step(w); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		n := w.Changes - before
		t.Logf("kinds %b: %d changes, %.0f/s", kinds, n, float64(n)/time.Since(began).Seconds())
		if n < 10000 {
			t.Errorf("%d changes of 10000 steps", n)
		}
	}
}
