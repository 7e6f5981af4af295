package mirror

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/churn"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// chaosEpisodes are how many episodes TestChaos makes where the environment does not
// say.
const chaosEpisodes = 6

// slowest is how long a mirror may need until it is equal: after many losses in a row
// it waits up to maxBackoff before it reads again.
const slowest = maxBackoff + 20*time.Second

// episode is what happens to one mirror.
type episode struct {
	seed   uint64
	buffer int        // of the events socket, as asked for
	bursts []int      // how many changes each has; those of 50,000 and more are floods
	kinds  churn.Kind // of the changes
	harm   int        // mishaps meanwhile

	dropped, overruns uint64
	restarts          int
	resyncs           []Resync
	took, equal       time.Duration
}

func (e *episode) String() string {
	return fmt.Sprintf("NLKIT_MIRROR_SEED=%d: buffer %d, bursts %d of kinds %b, %d mishaps; %d dropped in %d overruns, %d resyncs begun again, %v, %v until equal",
		e.seed, e.buffer, e.bursts, e.kinds, e.harm, e.dropped, e.overruns, e.restarts, e.took.Round(time.Millisecond), e.equal.Round(time.Millisecond))
}

// draw makes an episode of a seed.
func draw(seed uint64, most int) (*episode, *rand.Rand) {
	r := rand.New(rand.NewPCG(seed, 3))
	e := &episode{seed: seed, buffer: 4 << 10 << min(r.IntN(12), r.IntN(16)), kinds: churn.Routes}
	switch r.IntN(10) {
	case 0:
		e.kinds = churn.All
	case 1:
		e.kinds = churn.All &^ churn.Links
	case 2, 3, 4:
		e.kinds |= churn.Variants
	}
	for range 1 + r.IntN(3) {
		size := 100 << r.IntN(8) // to 12,800
		switch r.IntN(40) {
		case 0, 1:
			size = 50000
		case 2:
			size = 200000
		}
		e.bursts = append(e.bursts, min(size, most))
	}
	if r.IntN(3) > 0 {
		e.harm = 1 + r.IntN(8)
	}
	return e, r
}

// TestChaos: whatever the size of the buffer and of the bursts, however slow who reads
// and whatever happens to the sockets, the mirror is equal in the end, and what its
// consumers were told leads to the same state.
func TestChaos(t *testing.T) {
	episodes := envInt(t, "NLKIT_MIRROR_EPISODES", chaosEpisodes)
	seed := uint64(envInt(t, "NLKIT_MIRROR_SEED", int(time.Now().UnixNano()&0xffffff)))
	most := 200000
	if episodes == chaosEpisodes || raceDetector {
		most = 5000
	}
	small, large := newArena(t, 60), newArena(t, 20000)
	began := time.Now()
	wrong, largest, lossy := 0, 0, 0
	var dropped, restarts uint64
	var waits []time.Duration
	for i := range episodes {
		e, r := draw(seed+uint64(i), most)
		a := small
		if r.IntN(4) == 0 {
			a = large
		}
		if i == 0 {
			e.buffer, e.bursts[0] = 4<<10, most // so that something is lost for certain
		}
		ok := a.chaos(e, r)
		if testing.Verbose() && (!ok || i < 10 || episodes > 100 && i%100 == 0) {
			t.Log(e)
		}
		largest = max(largest, slices.Max(e.bursts))
		dropped += e.dropped
		restarts += uint64(e.restarts)
		waits = append(waits, e.equal)
		if e.overruns > 0 {
			lossy++
		}
		if !ok {
			for _, r := range e.resyncs {
				t.Log(r)
			}
			t.Errorf("episode %d went wrong: %v", i, e)
			if wrong++; wrong == 3 {
				t.Fatal("that is enough")
			}
		}
	}
	slices.Sort(waits)
	t.Logf("%d episodes of %d equal in the end, in %v: bursts up to %d; %d lost %d messages, %d resyncs begun again; equal after %v (median), %v (99 %%), %v (last)",
		episodes-wrong, episodes, time.Since(began).Round(time.Millisecond), largest, lossy, dropped, restarts,
		waits[len(waits)/2], waits[len(waits)*99/100], waits[len(waits)-1])
	if lossy == 0 {
		t.Error("nothing was lost: this tests nothing")
	}
}

// chaos plays an episode.
func (a *arena) chaos(e *episode, r *rand.Rand) bool {
	a.Helper()
	began := time.Now()
	f := &frail{}
	o := a.options()
	o.Netlink.ReceiveBuffer, o.Netlink.Via = e.buffer, f
	m, err := o.Open(a.Context(), a.tables...)
	if err != nil {
		a.Errorf("%v: %v", e, err)
		return false
	}
	defer m.Close()

	// One consumer that keeps up, one that does not, and one that begins with what
	// the first snapshot shows when it is long outdated.
	first := m.Snapshot()
	pace := func(most int) func() {
		r := rand.New(rand.NewPCG(e.seed, uint64(most)))
		return func() { time.Sleep(time.Duration(r.IntN(most)) * time.Microsecond) }
	}
	stops := []func(){a.follow(m, first), a.follow(m, nil, pace(20000))}

	harmed := a.harm(f, e.harm, rand.New(rand.NewPCG(e.seed, 4)))
	w, p := a.writer(), a.plan(e.seed, e.kinds)
	for i, size := range e.bursts {
		if size >= floodFrom {
			a.flood(w, size, r)
		} else {
			for end := w.Changes + size; w.Changes < end; {
				if err := p.Step(w); err != nil {
					a.Fatal(err)
				}
			}
		}
		if err := w.Flush(); err != nil {
			a.Fatal(err)
		}
		if i == 0 {
			stops = append(stops, a.follow(m, first, pace(3000)))
		}
		time.Sleep(time.Duration(r.IntN(20000)) * time.Microsecond)
	}
	if err := w.Close(); err != nil {
		a.Fatal(err)
	}
	harmed()
	quiet := time.Now()
	ok := a.equalWithin(slowest, m, e.String(), a.defs...)
	e.equal = time.Since(quiet)
	if s := m.Snapshot(); !s.Synced() {
		a.Errorf("%v: not in sync after Sync", e)
		ok = false
	}
	if why := a.plausible(e, m); why != "" {
		a.Errorf("%v: %s", e, why)
		ok = false
	}
	failed := a.Failed()
	for _, stop := range stops {
		stop()
	}
	e.took = time.Since(began)
	return ok && a.Failed() == failed
}

// floodFrom is the size from which on all changes of a burst are real ones: routes
// are made, most of them replaced, and nearly all deleted.
const floodFrom = 50000

func (a *arena) flood(w *churn.Writer, size int, r *rand.Rand) {
	a.Helper()
	n := size * 2 / 5
	base := 1<<22 + r.IntN(4)<<18
	step := func(flags wire.Flags, i int, link uint32) {
		route := churn.Simple(false, base+i, link)
		err := error(nil)
		if flags == 0 {
			err = w.DelRoute(route)
		} else {
			err = w.AddRoute(flags, route)
		}
		if err != nil {
			a.Fatal(err)
		}
	}
	for _, link := range []uint32{100, 102} { // episodes before may have set them down
		if err := w.Up(link, true); err != nil {
			a.Fatal(err)
		}
	}
	for i := range n {
		step(churn.Add, i, 100)
	}
	for i := range size - 2*n {
		step(churn.Replace, i, 102)
	}
	for i := range n - 50 {
		link := uint32(100)
		if i < size-2*n {
			link = 102
		}
		step(0, i, link)
	}
}

// harm does things to the sockets, until the returned function is called, which
// returns when it is done.
func (a *arena) harm(f *frail, n int, r *rand.Rand) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() {
		for range n {
			select {
			case <-ctx.Done():
				return
			case <-time.After(time.Duration(r.IntN(15000)) * time.Microsecond):
			}
			if s := f.some(r); s != nil {
				mishaps[r.IntN(len(mishaps))].do(s, r)
			}
		}
	})
	return func() {
		done.Wait()
		cancel()
	}
}

// plausible says what is wrong with the counters of a mirror at the end of an episode.
func (a *arena) plausible(e *episode, m *Mirror) string {
	h := m.Health()
	feed := h.Feeds[0]
	e.dropped, e.overruns = feed.Dropped, feed.Overruns
	e.resyncs = h.Resyncs
	for _, r := range h.Resyncs {
		e.restarts += r.Restarts
	}
	if e.harm == 0 {
		// The socket is still the first one. A writer that is about to drop what is
		// already known to be lost counts it a moment later: for each overrun one
		// may be told of with the next.
		info, err := m.feeds[0].shared.source.MemInfo()
		if late := uint64(info.Drops) - feed.Dropped; err != nil || late > uint64(runtime.NumCPU()) {
			return fmt.Sprintf("the kernel has dropped %d, told were %d (%v)", info.Drops, feed.Dropped, err)
		}
	}
	switch {
	case !h.Synced || !feed.Synced || feed.Lag != 0:
		return fmt.Sprintf("in sync, and yet: %+v", feed)
	case feed.Dropped > 0 && feed.Overruns == 0:
		return fmt.Sprintf("%d messages were dropped in no overrun", feed.Dropped)
	case e.buffer <= 16<<10 && e.harm == 0 && slices.Max(e.bursts) >= 50000 && feed.Dropped == 0:
		return "nothing was dropped, which cannot be"
	case feed.Overruns > 0 && len(h.Resyncs) < 2:
		return fmt.Sprintf("%d overruns and no resync", feed.Overruns)
	}
	for _, t := range h.Tables {
		if t.Drift > 0 || !t.Synced {
			return fmt.Sprintf("table %+v", t)
		}
	}
	return ""
}

// TestChaosOpen: a mirror that is opened while its sockets fail says so, or is equal.
func TestChaosOpen(t *testing.T) {
	seed := uint64(envInt(t, "NLKIT_MIRROR_SEED", int(time.Now().UnixNano()&0xffffff)))
	a := newArena(t, 2000)
	const opens = 10
	opened := 0
	for i := range opens {
		f := &frail{}
		o := a.options()
		o.Netlink.Via = f
		stop := a.harm(f, 5, rand.New(rand.NewPCG(seed+uint64(i), 5)))
		m, err := o.Open(t.Context(), a.tables...)
		stop()
		if err != nil {
			if n := len(f.sockets()); n > 0 {
				t.Errorf("%v, and %d sockets are left", err, n)
			}
			continue
		}
		opened++
		a.equalWithin(slowest, m, fmt.Sprintf("NLKIT_MIRROR_SEED=%d", seed+uint64(i)), a.defs...)
		m.Close()
		if n := len(f.sockets()); n > 0 {
			t.Errorf("%d sockets are left", n)
		}
	}
	t.Logf("%d of %d opened", opened, opens)
}

// TestRefused: no socket can be had for a while after all have failed.
func TestRefused(t *testing.T) {
	a := newArena(t, 60)
	f := &frail{}
	o := a.options()
	o.Netlink.Via = f
	m := a.open(o, a.tables...)
	stop := a.follow(m, m.Snapshot())
	f.refusing(true)
	for _, s := range f.sockets() {
		s.kill(netlink.EIO)
	}
	a.fill(100, 50, 0x600, rtmNewRoute)
	deadline := time.Now().Add(patience)
	for m.Snapshot().Synced() {
		if time.Now().After(deadline) {
			t.Fatal("the snapshot claims to be in sync although there is no socket")
		}
		time.Sleep(time.Millisecond)
	}
	if h := m.Health(); h.Synced || h.Feeds[0].LastError == "" {
		t.Errorf("without a socket: %+v", h)
	}
	f.refusing(false)
	a.equalWithin(slowest, m, "with sockets again", a.defs...)
	stop()
}
