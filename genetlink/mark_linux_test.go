package genetlink_test

import (
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// TestLiveMarkBarrier: all events of what was done before a mark come before it.
// What ethtool notifies of is done by the time its request is acknowledged
// (net/ethtool/features.c, ethnl_set_features).
func TestLiveMarkBarrier(t *testing.T) {
	o := &netlink.Options{Namespace: netlink.NamespaceFD(testenv.NewNetNS(t).FD())}
	c := dial(t, o)
	needFamily(t, c, "ethtool")
	ctx := testContext(t)
	s := subscribe(t, ctx, c, "ethtool", "monitor")
	on := true // what it is
	for round := range 1000 {
		want := 1 + round%3
		for range want {
			on = !on
			if _, err := c.Do(ctx, genetlink.Request{
				Family: "ethtool", Cmd: ethtoolFeaturesSet, Attrs: func(b *wire.Builder) { gro(b, on) },
			}, nil); err != nil {
				t.Fatal(err)
			}
		}
		seq := mark(t, s)
		for got := 0; ; got++ {
			ev, err := s.Receive(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if ev.Kind == genetlink.Notification {
				continue
			}
			if ev.Kind != genetlink.Marked || ev.Mark != seq || got != want {
				t.Fatalf("round %d: %+v after %d events, want mark %d after %d", round, ev, got, seq, want)
			}
			break
		}
	}
}

// Numbers of the family ethtool.
const (
	ethtoolFeaturesSet = 12
	ethtoolHeader      = 1
	ethtoolIndex       = 1
	ethtoolWanted      = 3
)

// gro builds what turns a feature of the link with number 1 on or off.
func gro(b *wire.Builder, on bool) {
	head := b.Nest(ethtoolHeader)
	b.Uint32(ethtoolIndex, 1)
	b.End(head)
	wanted := b.Nest(ethtoolWanted)
	bits := b.Nest(3)
	bit := b.Nest(1)
	b.Text(2, "rx-gro")
	if on {
		b.Flag(3)
	}
	b.End(bit)
	b.End(bits)
	b.End(wanted)
}
