package mirror

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/churn"
	"github.com/nlkit/nlkit/netlink"
)

// envInt is a number of the environment, or what it is otherwise.
func envInt(t testing.TB, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%s: want a number from 1 on", name, text)
	}
	return n
}

// arena is a namespace in which writers change things.
type arena struct {
	*scene
	size   int // destinations
	tables []Source
	defs   []*Definition
}

// arenaTables are the tables that writers change, by name.
var arenaTables = []string{"link", "addr", "route", "nexthop", "neigh", "rule"}

// newArena makes two pairs of links and a bridge, with about half as many routes as
// there are destinations.
func newArena(t testing.TB, size int) *arena {
	t.Helper()
	a := &arena{scene: newScene(t), size: size}
	// A machine that answers to nothing has fewer surprises in store.
	a.ip("link set lo up",
		"link add va index 100 type veth peer name vb index 101", "link set va up", "link set vb up",
		"link add vc index 102 type veth peer name vd index 103", "link set vc up", "link set vd up",
		"link add bridge0 index 110 type bridge", "link set bridge0 up",
		"addr add 10.1.0.1/24 dev va", "addr add 10.2.0.1/24 dev vc",
		"addr add fd00:1::1/64 dev va nodad", "addr add fd00:2::1/64 dev vc nodad")
	w := a.writer()
	for i := 0; i < size; i += 2 {
		if err := w.AddRoute(churn.Add, churn.Simple(i%8 == 0, i, 100)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range arenaTables {
		if table, err := ByName(name); err == nil {
			a.tables = append(a.tables, table)
			a.defs = append(a.defs, table.def)
		}
	}
	return a
}

func (a *arena) writer() *churn.Writer {
	a.Helper()
	w, err := churn.Open(&netlink.Options{Namespace: netlink.NamespaceFD(a.ns.FD())})
	if err != nil {
		a.Fatal(err)
	}
	return w
}

func (a *arena) plan(seed uint64, kinds churn.Kind) *churn.Plan {
	return &churn.Plan{Rand: rand.New(rand.NewPCG(seed, 1)), Kinds: kinds, Size: a.size,
		Links: [2]uint32{100, 102}, Bridge: 110, Free: 200}
}

// writerPace is how many changes a writer makes in a second, if it can.
const writerPace = 40000

// write changes things until stop is called, which returns when all is done. made is
// how many changes there were until now.
func (a *arena) write(seed uint64, kinds churn.Kind) (made *atomic.Int64, stop func()) {
	a.Helper()
	w, p := a.writer(), a.plan(seed, kinds)
	made = new(atomic.Int64)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	began := time.Now()
	go func() {
		for ctx.Err() == nil {
			// Now one by one, now many at once.
			var err error
			for range 1 + p.Rand.IntN(100)*p.Rand.IntN(2) {
				if err = p.Step(w); err != nil {
					break
				}
			}
			if err == nil {
				err = w.Flush()
			}
			if err != nil {
				w.Close()
				done <- err
				return
			}
			made.Store(int64(w.Changes))
			// A writer that is faster than any reader for ever leaves no time for a
			// first reading.
			if ahead := time.Duration(w.Changes)*time.Second/writerPace - time.Since(began); ahead > 0 {
				time.Sleep(ahead)
			}
		}
		done <- w.Close()
	}()
	return made, func() {
		a.Helper()
		cancel()
		if err := <-done; err != nil {
			a.Fatal(err)
		}
	}
}

// copier is what keeps a copy of tables: the mirror, or something naive.
type copier interface {
	// settled waits until all that was announced is taken in, and returns the
	// table.
	settled(d *Definition) map[string]string
	Close() error
}

// mirrorCopier is the mirror as a copier.
type mirrorCopier struct {
	*Mirror
	a *arena
}

func (c mirrorCopier) settled(d *Definition) map[string]string {
	return c.a.mirrored(c.a.scene.settled(c.Mirror), d)
}

// round has a copy made while a writer is at work, which goes on for a while. It
// returns the differences between the copy and the kernel once the writer has
// stopped, and how long it took until there were none.
func (a *arena) round(seed uint64, kinds churn.Kind, defs []*Definition, patience time.Duration, open func() copier) (string, time.Duration) {
	a.Helper()
	made, stop := a.write(seed, kinds)
	r := rand.New(rand.NewPCG(seed, 2))
	most := min(a.size, 2000)
	began := int64(r.IntN(most))
	for made.Load() < began {
		time.Sleep(50 * time.Microsecond)
	}
	c := open()
	defer c.Close()
	more := made.Load() + int64(r.IntN(most))
	for made.Load() < more {
		time.Sleep(50 * time.Microsecond)
	}
	stop()
	stopped := time.Now()
	for {
		var text strings.Builder
		for _, d := range defs {
			if list := differences(d, c.settled(d), a.truth(d)); len(list) > 0 {
				fmt.Fprintf(&text, "%s:\n%s\n", d.Name, strings.Join(list, "\n"))
			}
		}
		took := time.Since(stopped)
		if text.Len() == 0 || took > patience {
			return text.String(), took
		}
		time.Sleep(time.Millisecond)
	}
}

// raceRounds are how many rounds TestRace makes where the environment does not
// say. One in largeEvery is with many routes.
const (
	raceRounds = 80
	largeEvery = 40
)

// TestRace opens mirrors under writers. When these have stopped, each is equal to
// what the kernel shows.
func TestRace(t *testing.T) {
	rounds := envInt(t, "NLKIT_MIRROR_ROUNDS", raceRounds)
	seed := uint64(envInt(t, "NLKIT_MIRROR_SEED", int(time.Now().UnixNano()&0xffffff)))
	small, large := newArena(t, 60), newArena(t, 20000)
	kinds := []churn.Kind{churn.Routes, churn.Routes | churn.Variants, churn.All &^ churn.Links, churn.All}
	wrong := 0
	took := make([][]time.Duration, len(kinds))
	began := time.Now()
	for i := range rounds {
		a, kind := small, i%len(kinds)
		if i%largeEvery == largeEvery-1 {
			a, kind = large, i/largeEvery%len(kinds)
		}
		var m *Mirror
		text, last := a.round(seed+uint64(i), kinds[kind], a.defs, patience, func() copier {
			var err error
			if m, err = a.options().Open(t.Context(), a.tables...); err != nil {
				t.Fatal(err)
			}
			return mirrorCopier{m, a}
		})
		took[kind] = append(took[kind], last)
		if text != "" {
			t.Errorf("round %d, NLKIT_MIRROR_SEED=%d, %d destinations, kinds %b: %s", i, seed, a.size, kinds[kind], text)
			if wrong++; wrong == 5 {
				t.Fatal("that is enough")
			}
		}
	}
	t.Logf("%d rounds of %d equal in %v", rounds-wrong, rounds, time.Since(began).Round(time.Millisecond))
	for i, list := range took {
		if slices.Sort(list); len(list) > 0 {
			n := len(list)
			t.Logf("kinds %07b: equal after %v (median), %v (99 %%), %v (last)", kinds[i], list[n/2], list[n*99/100], list[n-1])
		}
	}
}

// TestStepByStep makes one change after the other, and compares after each: what is
// wrong is easier to find here than in TestRace.
func TestStepByStep(t *testing.T) {
	steps := envInt(t, "NLKIT_MIRROR_STEPS", 300)
	seed := uint64(envInt(t, "NLKIT_MIRROR_SEED", int(time.Now().UnixNano()&0xffffff)))
	for _, kinds := range []churn.Kind{churn.Variants, churn.Variants | churn.Addrs | churn.Nexthops} {
		a := newArena(t, 60)
		m := a.open(a.options(), a.tables...)
		stop := a.follow(m, m.Snapshot())
		w, p := a.writer(), a.plan(seed, kinds)
		for i := range steps {
			before := a.truth(&routeDefinition)
			if err := p.Step(w); err != nil {
				t.Fatal(err)
			}
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
			after := a.truth(&routeDefinition)
			if !a.equalWithin(patience, m, fmt.Sprintf("step %d, NLKIT_MIRROR_SEED=%d, kinds %b", i, seed, kinds), a.defs...) {
				t.Logf("the step: %s", strings.Join(differences(&routeDefinition, before, after), "\n"))
				break
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		stop()
	}
}

// TestRaceNaive: the design that suggests itself, dump and events on one socket and
// applied as they come, does not pass the same test.
func TestRaceNaive(t *testing.T) {
	const most = 100
	a := newArena(t, 20000)
	for i := range most {
		text, _ := a.round(uint64(i), churn.Routes, []*Definition{&routeDefinition}, 0, func() copier { return newNaive(t, a, &routeDefinition) })
		if text != "" {
			t.Logf("round %d: %s", i, text)
			return
		}
	}
	t.Errorf("equal in %d rounds: either the kernel has changed or the race test finds nothing", most)
}
