package mirror

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/churn"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// dumping watches which dumps a mirror makes.
type dumping struct {
	mu     sync.Mutex
	begun  int
	active map[*dumpSocket]bool
	most   int // at once
}

// dumpSocket tells of the dumps made on a socket.
type dumpSocket struct {
	netlink.Transport
	d *dumping
}

func (d *dumping) Open(p wire.Protocol, o *netlink.Options) (netlink.Transport, error) {
	own := *o
	own.Via, own.Tap = nil, nil
	t, err := netlink.Open(p, &own)
	if err != nil {
		return nil, err
	}
	return &dumpSocket{t, d}, nil
}

func (s *dumpSocket) ReceiveBurst(buf []byte, list []netlink.Datagram) (int, error) {
	return receiveBurst(s.Transport, buf, list)
}

func (s *dumpSocket) Send(b []byte, to netlink.Address) error {
	if m := wire.Message(b); m.Flags().Has(wire.Dump) && m.Type() >= wire.TypeMin {
		s.d.mu.Lock()
		s.d.begun++
		s.d.active[s] = true
		s.d.most = max(s.d.most, len(s.d.active))
		s.d.mu.Unlock()
	}
	return s.Transport.Send(b, to)
}

func (s *dumpSocket) ended() {
	s.d.mu.Lock()
	defer s.d.mu.Unlock()
	delete(s.d.active, s)
}

func (s *dumpSocket) Receive(buf []byte, wait bool) (netlink.Datagram, error) {
	d, err := s.Transport.Receive(buf, wait)
	if err != nil {
		return d, err
	}
	for m, err := range wire.Messages(buf[:d.N]) {
		if err == nil && (m.Type() == wire.TypeDone || m.Type() == wire.TypeError) {
			s.ended()
		}
	}
	return d, nil
}

func (s *dumpSocket) Close() error {
	s.ended()
	return s.Transport.Close()
}

// TestStorm has a writer that is always faster than a tiny queue: dumps are few, one
// at a time, and memory does not grow. When the storm is over the mirror is soon equal.
func TestStorm(t *testing.T) {
	a := newArena(t, 20000)
	d := &dumping{active: map[*dumpSocket]bool{}}
	o := a.options()
	o.Netlink.Via, o.Netlink.ReceiveBuffer = d, 4<<10
	m := a.open(o, a.tables...)
	stop := a.follow(m, m.Snapshot(), func() { time.Sleep(20 * time.Millisecond) })
	w, p := a.writer(), a.plan(1, churn.Routes)
	ctx, cancel := context.WithTimeout(t.Context(), time.Duration(envInt(t, "NLKIT_MIRROR_STORM", 2))*time.Second)
	defer cancel()
	storm := func(until time.Time) {
		for time.Now().Before(until) {
			for range 500 {
				if err := p.Step(w); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	storm(time.Now().Add(time.Second))
	before, began := heap(), time.Now()
	d.mu.Lock()
	first := d.begun
	d.mu.Unlock()
	overruns := m.Health().Feeds[0].Overruns
	largest := uint64(0)
	for ctx.Err() == nil {
		storm(time.Now().Add(500 * time.Millisecond))
		largest = max(largest, heap())
	}
	took := time.Since(began)
	h := m.Health()
	d.mu.Lock()
	rate, most := float64(d.begun-first)/took.Seconds(), d.most
	d.mu.Unlock()
	overruns = h.Feeds[0].Overruns - overruns
	calm := time.Now()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	a.equalWithin(slowest, m, "after the storm", a.defs...)
	t.Logf("%d overruns in %v, %.1f dumps/s, at most %d at once; heap %d KiB, then at most %d KiB; equal after %v",
		overruns, took.Round(time.Millisecond), rate, most, before>>10, largest>>10, time.Since(calm).Round(time.Millisecond))
	// Each attempt is a dump or two for each table at most, after a pause of 250 ms.
	if limit := float64(5 * 2 * len(a.tables)); rate > limit {
		t.Errorf("%.1f dumps/s, want at most %.0f", rate, limit)
	}
	if most > 1 {
		t.Errorf("%d dumps at once", most)
	}
	if overruns < 10 {
		t.Errorf("%d overruns: this was no storm", overruns)
	}
	if largest > before+16<<20 {
		t.Errorf("the heap has grown from %d to %d KiB", before>>10, largest>>10)
	}
	stop()
}

// TestRestarts has a large table whose dumps are always interrupted or broken off:
// what they have shown until then does not pile up.
func TestRestarts(t *testing.T) {
	s := &scene{TB: t}
	h := newHarbour(t, 20000)
	r := rand.New(rand.NewPCG(1, 9))
	for range 12000 {
		h.step(r, 0)
	}
	m := s.open(Options{Netlink: netlink.Options{Via: h.k}, AuditEvery: -1}, Raw{def: &berthDefinition})
	size := m.Health().Memory
	o := odds{interrupt: 1, drop: 2000}
	for i := range 30 {
		if i == 15 {
			o = odds{broken: 20}
		}
		h.faults(o)
		// All is different, and the news of it is lost.
		h.mu.Lock()
		for i := range h.berths {
			h.version++
			h.berths[i].version = h.version
		}
		h.mu.Unlock()
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		_ = m.Resync(ctx) // it need not come to its end
		cancel()
	}
	h.quiet()
	s.settled(m)
	if err := m.Resync(t.Context()); err != nil {
		t.Fatal(err)
	}
	if now := m.Health().Memory; now > 3*size {
		t.Errorf("%d bytes for the same records as took %d before", now, size)
	}
}

// TestRefreshMemory: what a refresh remembers of a link is bounded, and what it cannot
// remember is read again.
func TestRefreshMemory(t *testing.T) {
	tab := looseTable(&routeDefinition)
	f := tab.feed
	tab.pass = f.newPass(Scope{})
	for range 100000 {
		tab.gone(7, overLink(7, true))
		tab.unsure(make([]byte, 40), nil)
	}
	if n := len(tab.pass.effects[7]); n > maxEffects {
		t.Errorf("%d effects are remembered", n)
	}
	if n := len(tab.pass.doubtful); n > maxScopes+1 {
		t.Errorf("%d groups are doubted one by one", n)
	}
	if n := len(f.jobs); n == 0 || n > 2 {
		t.Errorf("%d jobs", n)
	}
	route := append([]byte{afInet, 32, 0, 0, 254, 0, 0, 1, 0, 0, 0, 0}, putAttrU32(nil, rtaOIF, 7)...)
	key := routeKey(nil, route)
	if !tab.pass.inferred(tab, key, route, tab.pass.seen) {
		t.Error("a row of a link of which too much was inferred is believed")
	}
	other := append(route[:rtMsgLen:rtMsgLen], putAttrU32(nil, rtaOIF, 8)...)
	if tab.pass.inferred(tab, routeKey(nil, other), other, tab.pass.seen) {
		t.Error("a row of another link is not believed")
	}
}
