//go:build !race

package genetlink_test

import (
	"context"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
)

// The race detector makes sync.Pool forget at random, so that nothing can be
// said about allocations under it.

func TestDoAllocatesNothing(t *testing.T) {
	k := newKernel(t)
	register(t, k, sim.Family{Name: "quick", Ops: []sim.Op{{Cmd: 1, Do: func(r *sim.Request) error { return nil }}}})
	ctx := context.Background()
	bare, err := netlink.Dial(wire.Generic, &netlink.Options{Via: k})
	if err != nil {
		t.Fatal(err)
	}
	defer bare.Close()
	c := dial(t, &netlink.Options{Via: k})
	f, err := c.Family(ctx, "quick")
	if err != nil {
		t.Fatal(err)
	}
	var b wire.Builder
	genetlink.Begin(&b, f.ID, 0, genetlink.Header{Cmd: 1}, nil)
	req, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	// What the kernel's side allocates, simulated as it is, counts for both.
	below := testing.AllocsPerRun(200, func() {
		if _, err := bare.Do(ctx, req, nil); err != nil {
			t.Fatal(err)
		}
	})
	attrs := func(*wire.Builder) {}
	each := func(genetlink.Message) error { return nil }
	here := testing.AllocsPerRun(200, func() {
		if _, err := c.Do(ctx, genetlink.Request{Family: "quick", Cmd: 1, Attrs: attrs}, each); err != nil {
			t.Fatal(err)
		}
	})
	if here > below {
		t.Errorf("%v allocations, %v of them in the layers below", here, below)
	}
}
