//go:build !race

package nl_test

import (
	"context"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// The race detector makes sync.Pool forget at random, so that nothing can be
// said about allocations under it.

func TestDumpAllocatesNothing(t *testing.T) {
	ctx := context.Background()
	req := &RawGetDump{}
	perDump := func(times int) float64 {
		c := newPlayer(times, 0x23, "a", "bb", "ccc").dial(t)
		return testing.AllocsPerRun(20, func() {
			n := 0
			for r, err := range nl.Dump[Crate](ctx, c, req) {
				if err != nil || r.Inner == nil || len(r.Unknown()) != 1 {
					t.Fatal(r, err)
				}
				n++
			}
			if n != 3*times {
				t.Fatalf("%d entries, want %d", n, 3*times)
			}
		})
	}
	few, many := perDump(10), perDump(1000)
	if many > few {
		t.Errorf("%v allocations for 3,000 entries, %v for 30", many, few)
	}
	if few > 12 {
		t.Errorf("%v allocations for a dump", few)
	}
}

func TestDoAllocatesNothing(t *testing.T) {
	ctx := context.Background()
	p := newPlayer(1, 0x21, "a")
	c := p.dial(t)
	req := &RawPut{labelled("a")}
	here := testing.AllocsPerRun(200, func() {
		if err := nl.Do(ctx, c, req, nl.Create, nl.Excl); err != nil {
			t.Fatal(err)
		}
	})
	if here > 0 {
		t.Errorf("%v allocations for a request", here)
	}
	// One for the reply, one for the nest in it, and three for what is unknown.
	reply := testing.AllocsPerRun(200, func() {
		if r, err := nl.DoReply[Crate](ctx, c, req); err != nil || r.Inner.Level.Value() != 1 {
			t.Fatal(r, err)
		}
	})
	if reply > 5 {
		t.Errorf("%v allocations for a request and its reply", reply)
	}
}

func TestDoGenericAllocatesNothing(t *testing.T) {
	k := newCrates(t)
	c := k.dial(t)
	ctx := context.Background()
	req := &CrateSet{labelled("a")}
	if err := nl.Do(ctx, c, req); err != nil { // the family is known from then on
		t.Fatal(err)
	}
	f, err := c.Genetlink().Family(ctx, "crate")
	if err != nil {
		t.Fatal(err)
	}
	var b wire.Builder
	b.Message(wire.Header{Type: wire.Type(f.ID)})
	b.Raw([]byte{2, 1, 0, 0})
	req.AppendNetlink(&b)
	msg, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	below := testing.AllocsPerRun(200, func() {
		if _, err := c.Netlink().Do(ctx, msg, nil); err != nil {
			t.Fatal(err)
		}
	})
	here := testing.AllocsPerRun(200, func() {
		if err := nl.Do(ctx, c, req); err != nil {
			t.Fatal(err)
		}
	})
	if here > below {
		t.Errorf("%v allocations, %v of them in the layers below", here, below)
	}
}

func TestEventAllocatesNothing(t *testing.T) {
	p := newPlayer(0, 0x24, "a", "bb")
	p.group = 3
	c := dial(t, wire.Netfilter, &netlink.Options{Via: p})
	s := subscribe(t, c, nl.NewSource(otherFamily), nl.NewSource(rawFamily))
	ctx := context.Background()
	n := testing.AllocsPerRun(1000, func() {
		ev, err := s.Receive(ctx)
		if n, ok := ev.Notification.(*CrateChanged); err != nil || !ok || ev.Group != "news" || n.Inner == nil {
			t.Fatal(ev, err)
		}
	})
	if n > 0 {
		t.Errorf("%v allocations for an event", n)
	}
}
