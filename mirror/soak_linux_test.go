package mirror

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/churn"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// soakTime is how long TestSoak takes where the environment does not say: about.
const soakTime = 2 * time.Second

// soakOdds are those of the simulated family.
var soakOdds = odds{drop: 4000, refuse: 30, interrupt: 20, broken: 30, pad: 5000, tardy: 100, reload: 20000, kill: 20000}

// soak is one long-lived mirror and what goes on around it.
type soak struct {
	*arena
	h    *harbour
	f    *frail
	m    *Mirror
	seed uint64

	changes, mishaps, opened, refused, calls atomic.Int64
}

// TestSoak keeps a mirror of a real namespace and of a simulated family under changes of
// all kinds, with faults on both sides, while others are opened and closed beside it and
// everything that can be called is called from many goroutines. Now and then all is
// quiet: then everything is equal, audits find nothing, what consumers were told leads
// to the same state, and memory has not grown.
func TestSoak(t *testing.T) {
	lasts := soakTime
	if text := os.Getenv("NLKIT_MIRROR_SOAK"); text != "" {
		var err error
		if lasts, err = time.ParseDuration(text); err != nil {
			t.Fatalf("NLKIT_MIRROR_SOAK=%s: want a duration such as 3m: %v", text, err)
		}
	}
	k := &soak{arena: newArena(t, 2000), h: newHarbour(t, 300), seed: uint64(envInt(t, "NLKIT_MIRROR_SEED", int(time.Now().UnixNano()&0xffffff)))}
	k.h.churn(rand.New(rand.NewPCG(k.seed, 10)), 500, odds{})
	k.f = &frail{via: map[wire.Protocol]netlink.Opener{wire.Generic: k.h.k}}
	k.m = k.open(k.soakOptions(), k.soakTables()...)
	stops := []func(){k.follow(k.m, k.m.Snapshot()), k.follow(k.m, nil, func() { time.Sleep(30 * time.Millisecond) })}

	began := time.Now()
	var base, most uint64
	phases := 0
	for ; time.Since(began) < lasts || phases < 2; phases++ {
		k.busy(uint64(phases), min(lasts/3, 6*time.Second))
		k.quiet(fmt.Sprintf("phase %d, NLKIT_MIRROR_SEED=%d", phases, k.seed))
		if t.Failed() {
			break
		}
		if now := heap(); phases == 0 {
			base, most = now, now
		} else {
			most = max(most, now)
		}
	}
	health := k.m.Health()
	t.Logf("%v in %d phases: %d changes, %d mishaps, %d mirrors opened beside and %d refused, %d calls; heap %d KiB at first, then at most %d KiB",
		time.Since(began).Round(time.Millisecond), phases, k.changes.Load(), k.mishaps.Load(), k.opened.Load(), k.refused.Load(), k.calls.Load(), base>>10, most>>10)
	for _, f := range health.Feeds {
		t.Logf("%s: %d events, %d dropped in %d overruns", f.Name, f.Events, f.Dropped, f.Overruns)
	}
	if most > 2*base+8<<20 {
		t.Errorf("the heap has grown from %d to %d KiB", base>>10, most>>10)
	}
	for _, stop := range stops {
		stop()
	}
	if err := k.m.Close(); err != nil {
		t.Error(err)
	}
	if n := len(k.f.sockets()); n > 0 {
		t.Errorf("%d sockets are left", n)
	}
}

func (k *soak) soakOptions() Options {
	o := k.options()
	o.Netlink.Via, o.Netlink.ReceiveBuffer = k.f, 256<<10
	o.AuditEvery = 500 * time.Millisecond
	return o
}

func (k *soak) soakTables() []Source {
	return append(append([]Source(nil), k.tables...), harbourTables()...)
}

// busy is a phase of changes, faults and calls.
func (k *soak) busy(phase uint64, lasts time.Duration) {
	k.Helper()
	ctx, cancel := context.WithTimeout(k.Context(), lasts)
	defer cancel()
	random := func(n uint64) *rand.Rand { return rand.New(rand.NewPCG(k.seed+phase, n)) }
	k.h.faults(soakOdds)
	var done sync.WaitGroup
	done.Go(func() { k.writes(ctx, k.seed+phase) })
	done.Go(func() {
		for r := random(11); ctx.Err() == nil; {
			k.h.churn(r, 200, soakOdds)
			k.changes.Add(200)
		}
	})
	done.Go(func() {
		for r := random(12); rest(ctx, r, 300*time.Millisecond); k.mishaps.Add(1) {
			if s := k.f.some(r); s != nil {
				mishaps[r.IntN(len(mishaps))].do(s, r)
			}
		}
	})
	for n := range uint64(2) {
		done.Go(func() { k.beside(ctx, random(13+n)) })
	}
	for n := range uint64(4) {
		done.Go(func() { k.call(ctx, random(20+n)) })
	}
	done.Wait()
}

// rest waits for some time, and reports whether ctx goes on.
func rest(ctx context.Context, r *rand.Rand, most time.Duration) bool {
	return pause(ctx, time.Duration(r.Int64N(int64(most))))
}

// writes changes the real namespace: bursts of all kinds, with rests between them.
func (k *soak) writes(ctx context.Context, seed uint64) {
	w, p := k.writer(), k.plan(seed, churn.All)
	for rest(ctx, p.Rand, 20*time.Millisecond) {
		for range 1 + p.Rand.IntN(100<<p.Rand.IntN(5)) {
			if err := p.Step(w); err != nil {
				k.Error(err)
				return
			}
		}
		if err := w.Flush(); err != nil {
			k.Error(err)
			return
		}
	}
	k.changes.Add(int64(w.Changes))
	if err := w.Close(); err != nil {
		k.Error(err)
	}
}

// beside opens and closes other mirrors, with consumers of their own. Under faults
// Open may fail.
func (k *soak) beside(ctx context.Context, r *rand.Rand) {
	for rest(ctx, r, 100*time.Millisecond) {
		all := k.soakTables()
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		opening, cancel := context.WithTimeout(ctx, time.Second)
		m, err := k.soakOptions().Open(opening, all[:1+r.IntN(len(all))]...)
		cancel()
		if err != nil {
			k.refused.Add(1)
			continue
		}
		k.opened.Add(1)
		stop := k.follow(m, m.Snapshot(), func() { time.Sleep(time.Millisecond) })
		rest(ctx, r, 300*time.Millisecond)
		if r.IntN(2) == 0 {
			m.Close() // under the consumer's feet
		}
		stop()
		m.Close()
	}
}

// call calls all that a mirror has to be called.
func (k *soak) call(ctx context.Context, r *rand.Rand) {
	m := k.m
	old := m.Snapshot()
	for rest(ctx, r, 30*time.Millisecond) {
		k.calls.Add(1)
		short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
		switch r.IntN(7) {
		case 0:
			h := m.Health()
			if len(h.Feeds) != 2 || m.Err() != nil {
				k.Errorf("%+v, %v", h, m.Err())
			}
		case 1:
			_, _ = m.Audit(short) // what it waits for may take longer
		case 2:
			_ = m.Sync(short)
		case 3:
			if r.IntN(4) == 0 {
				_ = m.Resync(short)
			}
		case 4:
			now := map[string]bool{}
			for record := range m.Snapshot().All() {
				id := fmt.Sprint(record.Table, record.Key)
				if now[id] {
					k.Errorf("%s is there twice", id)
				}
				now[id] = true
			}
		case 5:
			// From an old snapshot on, and an end under way.
			for d, err := range m.Changes(short, old) {
				if err != nil || r.IntN(3) == 0 {
					break
				}
				old = d.To
			}
		case 6:
			k.unchanged(ctx, r, m.Snapshot())
		}
		cancel()
	}
}

// unchanged reads a snapshot twice.
func (k *soak) unchanged(ctx context.Context, r *rand.Rand, s *Snapshot) {
	read := func() map[string]string {
		all := map[string]string{}
		for record := range s.All() {
			all[fmt.Sprint(record.Table, record.Key)] = string(record.Value)
		}
		return all
	}
	first := read()
	rest(ctx, r, 50*time.Millisecond)
	if !maps.Equal(first, read()) {
		k.Error("a snapshot has changed")
	}
}

// quiet has everything come to rest, and compares.
func (k *soak) quiet(what string) {
	k.Helper()
	k.h.quiet()
	if !k.equalWithin(slowest, k.m, what, k.defs...) || !k.h.equal(k.scene, k.m, what) {
		for _, r := range k.m.Health().Resyncs {
			k.Log(r)
		}
		return
	}
	report, err := k.m.Audit(k.Context())
	if err != nil || report.Drift > 0 || len(report.Tables) != len(k.soakTables()) {
		k.Errorf("%s: audit: %+v, %v", what, report, err)
	}
	if s := k.settled(k.m); !s.Synced() {
		k.Errorf("%s: not in sync", what)
	}
}
