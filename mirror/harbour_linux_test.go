package mirror

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
)

// The commands and attributes of a family of a simulated kernel: of two tables, with
// three commands each.
const (
	harbourFamily = "harbour"

	berthGet, berthNew, berthDel = 1, 2, 3
	craneGet, craneNew, craneDel = 4, 5, 6

	harbourID, harbourVersion, harbourNote, harbourPad = 1, 2, 3, 4
)

// Berths are dumped in the order of their numbers, cranes by their index in a list,
// with a generation that tells of changes meanwhile.
var (
	berthDefinition = harbourTable("berth", berthGet)
	craneDefinition = harbourTable("crane", craneGet)
)

// harbourTable is what a table of one's own takes.
func harbourTable(name string, get uint16) Definition {
	return Definition{
		Name: name, Protocol: wire.Generic, Family: harbourFamily,
		GroupNames: []string{"changes"}, Put: []uint16{get + 1}, Delete: []uint16{get + 2},
		Dump:  func(View, Scope) []Request { return []Request{{Type: get}} },
		Strip: []uint16{harbourPad},
		Key: func(dst, value []byte) []byte {
			id, _ := attrU32(value, harbourID)
			return appendU32(dst, id)
		},
	}
}

// berth is a record of either table.
type berth struct {
	id, version uint32
	note        string
}

func (b berth) fill(pad int) func(*wire.Builder) {
	return func(w *wire.Builder) {
		w.Uint32(harbourID, b.id)
		w.Uint32(harbourVersion, b.version)
		w.Text(harbourNote, b.note)
		for ; pad > 0; pad -= 30000 {
			w.Attr(harbourPad, make([]byte, min(pad, 30000)))
		}
	}
}

// harbour is the kernel's side, and changes it.
type harbour struct {
	testing.TB
	k *sim.Kernel

	mu         sync.Mutex
	fam        *sim.Registered // nil while it is not loaded
	berths     []berth         // by number
	cranes     []berth         // in no order
	generation uint32
	version    uint32
	size       int
	tardy      bool     // notifications come after the change, together
	held       []func() // those that are still to come

	fmu    sync.Mutex // guards the random numbers of faults
	frand  *rand.Rand
	active int // dumps going on, guarded by fmu
	most   int
	dumps  int
}

func newHarbour(t testing.TB, size int) *harbour {
	h := &harbour{TB: t, k: sim.NewKernel(), size: size, generation: 1, frand: rand.New(rand.NewPCG(1, 6))}
	t.Cleanup(func() { h.k.Close() })
	h.load()
	return h
}

// load loads the family, with what is in its tables.
func (h *harbour) load() {
	h.Helper()
	fam, err := h.k.Register(sim.Family{
		Name: harbourFamily, Version: 1, Policy: sim.Policy{},
		Groups: []sim.Group{{Name: "changes"}},
		Ops: []sim.Op{
			{Cmd: berthGet, Dump: h.dump(h.dumpBerths)},
			{Cmd: craneGet, Dump: h.dump(h.dumpCranes), DumpOptions: sim.DumpOptions{Generation: func() uint32 {
				h.mu.Lock()
				defer h.mu.Unlock()
				return h.generation
			}}},
		},
	})
	if err != nil {
		h.Fatal(err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.fam = fam
}

// unload takes the family away, and all that it had.
func (h *harbour) unload() {
	h.Helper()
	h.mu.Lock()
	fam := h.fam
	h.fam, h.berths, h.cranes, h.held = nil, nil, nil, nil
	h.mu.Unlock()
	if fam == nil {
		return
	}
	if err := fam.Unregister(); err != nil {
		h.Fatal(err)
	}
}

// dump counts the dumps that are going on at once.
func (h *harbour) dump(entries sim.Dumper) sim.Dumper {
	return func(r *sim.Request) iter.Seq2[sim.Entry, error] {
		return func(yield func(sim.Entry, error) bool) {
			h.fmu.Lock()
			h.dumps++
			h.active++
			h.most = max(h.most, h.active)
			h.fmu.Unlock()
			defer func() {
				h.fmu.Lock()
				h.active--
				h.fmu.Unlock()
			}()
			entries(r)(yield)
		}
	}
}

func (h *harbour) dumpBerths(*sim.Request) iter.Seq2[sim.Entry, error] {
	return func(yield func(sim.Entry, error) bool) {
		for next := uint32(0); ; {
			h.mu.Lock()
			i, _ := findBerth(h.berths, next)
			if i == len(h.berths) {
				h.mu.Unlock()
				return
			}
			b := h.berths[i]
			h.mu.Unlock()
			next = b.id + 1
			if !yield(b.fill(0), nil) {
				return
			}
		}
	}
}

func (h *harbour) dumpCranes(*sim.Request) iter.Seq2[sim.Entry, error] {
	return func(yield func(sim.Entry, error) bool) {
		for i := 0; ; i++ {
			h.mu.Lock()
			if i >= len(h.cranes) {
				h.mu.Unlock()
				return
			}
			b := h.cranes[i]
			h.mu.Unlock()
			if !yield(b.fill(0), nil) {
				return
			}
		}
	}
}

func findBerth(list []berth, id uint32) (int, bool) {
	return slices.BinarySearchFunc(list, id, func(b berth, id uint32) int { return cmp.Compare(b.id, id) })
}

// step makes one change, and announces it. pad is how much longer that gets.
func (h *harbour) step(r *rand.Rand, pad int) {
	h.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.fam == nil {
		return
	}
	h.version++
	b := berth{uint32(r.IntN(h.size)), h.version, strings.Repeat("x", r.IntN(40))}
	kind := r.IntN(3)
	if r.IntN(2) == 0 {
		i, there := findBerth(h.berths, b.id)
		switch {
		case there && kind == 0:
			b = h.berths[i]
			h.berths = slices.Delete(h.berths, i, i+1)
			h.announce(berthDel, b, pad)
			return
		case there:
			h.berths[i] = b
		default:
			h.berths = slices.Insert(h.berths, i, b)
		}
		h.announce(berthNew, b, pad)
		return
	}
	h.generation = max(h.generation+1, 1)
	i := slices.IndexFunc(h.cranes, func(c berth) bool { return c.id == b.id })
	switch {
	case i >= 0 && kind == 0:
		b = h.cranes[i]
		h.cranes = slices.Delete(h.cranes, i, i+1)
		h.announce(craneDel, b, pad)
		return
	case i >= 0:
		h.cranes[i] = b
	default:
		h.cranes = slices.Insert(h.cranes, r.IntN(len(h.cranes)+1), b)
	}
	h.announce(craneNew, b, pad)
}

// announce multicasts a change, now and then twice. h.mu is held, so that the order is
// that of the changes.
func (h *harbour) announce(cmd uint8, b berth, pad int) {
	fam := h.fam
	send := func() {
		if err := fam.Multicast("changes", cmd, b.fill(pad)); err != nil && err != netlink.ESRCH {
			h.Error(err)
		}
	}
	if h.tardy {
		if h.held = append(h.held, send); len(h.held) < 8 {
			return
		}
	} else {
		h.held = append(h.held, send)
	}
	h.flush()
	if b.version%16 == 0 {
		send()
	}
}

// flush sends what is still to come. h.mu is held.
func (h *harbour) flush() {
	for _, send := range h.held {
		send()
	}
	h.held = nil
}

// quiet ends the faults and has everything announced.
func (h *harbour) quiet() {
	h.k.SetFaults(nil)
	h.mu.Lock()
	loaded := h.fam != nil
	h.mu.Unlock()
	if !loaded {
		h.load()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tardy = false
	h.flush()
}

// odds are how often things go wrong: once in so many times, 0 for never.
type odds struct {
	drop, refuse, interrupt, broken int // see sim.Faults
	pad, tardy, reload, kill        int // in changes
}

// faults has the kernel go wrong.
func (h *harbour) faults(o odds) {
	chance := func(n int) bool {
		if n == 0 {
			return false
		}
		h.fmu.Lock()
		defer h.fmu.Unlock()
		return h.frand.IntN(n) == 0
	}
	var refused atomic.Bool
	pick := func(list ...netlink.Errno) netlink.Errno {
		h.fmu.Lock()
		defer h.fmu.Unlock()
		return list[h.frand.IntN(len(list))]
	}
	h.k.SetFaults(&sim.Faults{
		Drop: func(_, group uint32) bool { return (group != 0 || chance(4)) && chance(o.drop) },
		Refuse: func(*sim.Request) error {
			// The first is refused in any case: there may be few.
			if o.refuse > 0 && !refused.Swap(true) || chance(o.refuse) {
				return pick(netlink.EBUSY, netlink.ENOMEM, netlink.EINTR, netlink.ENOBUFS)
			}
			return nil
		},
		Interrupt: func(*sim.Request) bool { return chance(o.interrupt) },
		Break: func(*sim.Request) error {
			if chance(o.broken) {
				return pick(netlink.ENOMEM, netlink.EIO, netlink.EAGAIN)
			}
			return nil
		},
	})
}

// churn makes changes, with the faults that go by their number. It rests now and then,
// so that others come to work.
func (h *harbour) churn(r *rand.Rand, n int, o odds) {
	h.Helper()
	chance := func(n int) bool { return n > 0 && r.IntN(n) == 0 }
	for i := range n {
		// What can happen by the number does so at least once, in the middle.
		chance := func(odds int) bool { return chance(odds) || odds > 0 && i == n/2 }
		pad := 0
		if chance(o.pad) {
			pad = 70 << 10
		}
		h.step(r, pad)
		if chance(o.tardy) {
			h.mu.Lock()
			h.tardy = !h.tardy
			h.flush()
			h.mu.Unlock()
		}
		if chance(o.reload) {
			h.unload()
			time.Sleep(time.Duration(r.IntN(3000)) * time.Microsecond)
			h.load()
		}
		if ports := h.k.Ports(wire.Generic); chance(o.kill) && len(ports) > 0 {
			// It may be gone by now.
			_ = h.k.Kill(wire.Generic, ports[r.IntN(len(ports))], netlink.EIO)
		}
		if i%50 == 49 {
			time.Sleep(time.Duration(r.IntN(1000)) * time.Microsecond)
		}
	}
}

// equal compares a mirror's tables with what there is.
func (h *harbour) equal(s *scene, m *Mirror, what string) bool {
	h.Helper()
	deadline := time.Now().Add(slowest)
	for {
		snap := s.settled(m)
		var text strings.Builder
		for d, list := range map[*Definition][]berth{&berthDefinition: h.berths, &craneDefinition: h.cranes} {
			want := map[string]string{}
			for _, b := range list {
				var w wire.Builder
				b.fill(0)(&w)
				value, err := w.Bytes()
				if err != nil {
					h.Fatal(err)
				}
				want[string(binary.BigEndian.AppendUint32(nil, b.id))] = string(value)
			}
			if list := differences(d, s.mirrored(snap, d), want); len(list) > 0 {
				fmt.Fprintf(&text, "%s:\n%s\n", d.Name, strings.Join(list, "\n"))
			}
		}
		if text.Len() == 0 {
			return true
		}
		if time.Now().After(deadline) {
			h.Errorf("%s: %s", what, text.String())
			return false
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// harbourTables are the tables to mirror.
func harbourTables() []Source {
	return []Source{Raw{def: &berthDefinition}, Raw{def: &craneDefinition}}
}

// TestFaults has a family of a simulated kernel go wrong in every way while it is
// mirrored.
func TestFaults(t *testing.T) {
	seed := uint64(envInt(t, "NLKIT_MIRROR_SEED", int(time.Now().UnixNano()&0xffffff)))
	for _, c := range []struct {
		name string
		odds odds
		// seen tells what has to have happened for the test to mean anything.
		seen func(h Health) bool
	}{
		{"nothing", odds{}, func(h Health) bool { return h.Feeds[0].Overruns == 0 && len(h.Resyncs) == 1 }},
		{"queues that are full", odds{drop: 300}, func(h Health) bool { return h.Feeds[0].Dropped > 0 && len(h.Resyncs) > 1 }},
		{"requests that are refused", odds{drop: 300, refuse: 4}, func(h Health) bool { return h.Feeds[0].LastError != "" }},
		{"dumps that are interrupted", odds{drop: 300, interrupt: 3}, func(h Health) bool { return h.Tables[0].Reads > 1 }},
		{"dumps that fail at the end", odds{drop: 300, broken: 2}, func(h Health) bool { return h.Feeds[0].LastError != "" }},
		{"events longer than the buffer", odds{pad: 500}, func(h Health) bool { return h.Feeds[0].Dropped > 0 }},
		{"events that come late", odds{drop: 1000, tardy: 20}, func(h Health) bool { return h.Feeds[0].Dropped > 0 }},
		{"a module that is unloaded and loaded", odds{reload: 700}, func(h Health) bool { return len(h.Resyncs) > 1 }},
		{"sockets that die", odds{kill: 2500}, func(h Health) bool { return h.Feeds[0].LastError != "" }},
		{"all of it", odds{drop: 500, refuse: 8, interrupt: 6, broken: 8, pad: 1000, tardy: 50, reload: 2000, kill: 2500},
			func(h Health) bool { return len(h.Resyncs) > 1 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := &scene{TB: t}
			h := newHarbour(t, 300)
			r := rand.New(rand.NewPCG(seed, 7))
			h.churn(r, 500, odds{})
			m := s.open(Options{Netlink: netlink.Options{Via: h.k}, AuditEvery: -1}, harbourTables()...)
			first := m.Snapshot()
			stops := []func(){s.follow(m, first), s.follow(m, nil, func() { time.Sleep(5 * time.Millisecond) })}
			h.faults(c.odds)
			h.churn(r, 4000, c.odds)
			for range 4 {
				if c.odds == (odds{}) {
					break
				}
				if err := m.Resync(t.Context()); err != nil {
					t.Fatal(err)
				}
				h.churn(r, 200, c.odds)
			}
			stops = append(stops, s.follow(m, first))
			h.quiet()
			h.equal(s, m, fmt.Sprintf("NLKIT_MIRROR_SEED=%d", seed))
			health := m.Health()
			if !m.Snapshot().Synced() || !health.Synced || !c.seen(health) {
				t.Errorf("NLKIT_MIRROR_SEED=%d: this is not what it should be at the end: %+v", seed, health)
			}
			if report, err := m.Audit(t.Context()); err != nil || report.Drift > 0 {
				t.Errorf("NLKIT_MIRROR_SEED=%d: audit: %+v, %v", seed, report, err)
			}
			if h.most > 2 {
				t.Errorf("%d dumps at once", h.most)
			}
			for _, stop := range stops {
				stop()
			}
			if t.Failed() {
				for _, r := range health.Resyncs {
					t.Log(r)
				}
			}
		})
	}
}

// TestAsked: an audit and a resync that somebody waits for come to their end, whatever
// happens to the sockets meanwhile.
func TestAsked(t *testing.T) {
	s := &scene{TB: t}
	h := newHarbour(t, 300)
	r := rand.New(rand.NewPCG(1, 8))
	h.churn(r, 500, odds{})
	m := s.open(Options{Netlink: netlink.Options{Via: h.k}, AuditEvery: -1}, harbourTables()...)
	var done sync.WaitGroup
	failed := make(chan error, 1000)
	for range 8 {
		done.Go(func() {
			for range 5 {
				report, err := m.Audit(t.Context())
				if err == nil && len(report.Tables) != 2 {
					err = fmt.Errorf("an audit of %d tables", len(report.Tables))
				}
				failed <- errors.Join(err, m.Resync(t.Context()), m.Sync(t.Context()))
			}
		})
	}
	o := odds{kill: 100, drop: 200, broken: 10}
	h.faults(o)
	h.churn(r, 2000, o)
	h.quiet()
	done.Wait()
	close(failed)
	for err := range failed {
		if err != nil {
			t.Error(err)
		}
	}
	h.equal(s, m, "at the end")
	for _, table := range m.Health().Tables {
		if table.Drift > 0 {
			t.Errorf("audits have found %d records of %s wrong, which were known to be", table.Drift, table.Name)
		}
	}
}
