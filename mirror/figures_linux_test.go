package mirror

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/nlkit/nlkit/family/rtroute"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// figureRoutes is how many routes the figures are measured with. Only with a
// million do they count: NLKIT_MIRROR_ROUTES=1000000.
func figureRoutes(t *testing.T) (n int, count bool) {
	n, _ = strconv.Atoi(os.Getenv("NLKIT_MIRROR_ROUTES"))
	if n == 0 {
		return 20000, false
	}
	return n, n >= 1000000 && !raceDetector
}

// fill asks for n IPv4 routes over a link to be made, or deleted: a host each from
// 16.0.0.0 plus from on, many to a datagram, and pace in a second at most if it is not
// 0.
func fill(o *netlink.Options, link uint32, from, n, pace int, flags wire.Flags, typ wire.Type) error {
	t, err := netlink.Open(wire.Route, o)
	if err != nil {
		return err
	}
	defer t.Close()
	var b []byte
	began := time.Now()
	for i := range n {
		b = wire.Header{Len: 16 + rtMsgLen + 16, Type: typ, Flags: wire.Request | flags, Seq: uint32(i + 1)}.Append(b)
		b = append(b, afInet, 32, 0, 0, 254, 4, 253, 1, 0, 0, 0, 0)
		b = putAttrU32(b, rtaOIF, link)
		b = putAttrU32(b, rtaDst, 0)
		binary.BigEndian.PutUint32(b[len(b)-4:], 16<<24+uint32(from+i))
		if len(b) > 30000 || i == n-1 {
			if err := t.Send(b, netlink.Address{}); err != nil {
				return err
			}
			b = b[:0]
			if pace > 0 {
				time.Sleep(time.Duration(i)*time.Second/time.Duration(pace) - time.Since(began))
			}
		}
	}
	return nil
}

func (s *scene) fill(link uint32, n int, flags wire.Flags, typ wire.Type) {
	s.Helper()
	if err := fill(&netlink.Options{Namespace: netlink.NamespaceFD(s.ns.FD())}, link, 0, n, 0, flags, typ); err != nil {
		s.Fatal(err)
	}
}

// pairUp makes two links that are each other's end, and returns the number of the
// first, which has an address.
func (s *scene) pairUp() uint32 {
	s.Helper()
	s.ip("link add va index 100 type veth peer name vb", "link set va up", "link set vb up", "addr add 10.1.0.1/24 dev va")
	return 100
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestFirstReading compares the first reading of many routes with a bare typed dump
// of the same: at most 2.5 times its time, and 300 bytes a route.
func TestFirstReading(t *testing.T) {
	n, count := figureRoutes(t)
	s := newScene(t)
	s.fill(s.pairUp(), n, wire.Create|wire.Excl, rtmNewRoute)
	c, err := rtroute.Dial(t.Context(), &netlink.Options{Namespace: netlink.NamespaceFD(s.ns.FD())})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	best := 1e9
	for range 5 {
		began := time.Now()
		rows := 0
		for r, err := range c.RouteGetDump(t.Context(), nil) {
			if err != nil {
				t.Fatal(err)
			}
			if r.Dst.IsValid() {
				rows++
			}
		}
		bare := time.Since(began)
		before := heap()
		began = time.Now()
		m := s.open(s.options(), Routes)
		took := time.Since(began)
		size := float64(heap()-before) / float64(rows)
		ratio := float64(took) / float64(bare)
		best = min(best, ratio)
		t.Logf("%d routes: bare typed dump %v, mirror %v, %.2f times; %.0f bytes a route", rows, bare, took, ratio, size)
		if Routes.Len(m.Snapshot()) < n {
			t.Errorf("%d routes of %d", Routes.Len(m.Snapshot()), n)
		}
		if count && size > 300 {
			t.Errorf("%.0f bytes a route, want at most 300", size)
		}
		m.Close()
	}
	if count && best > 2.5 {
		t.Errorf("at best %.2f times the bare dump, want at most 2.5", best)
	}
}

// TestFlap sets the link of half a million routes down: no more than 2 s until the
// mirror is equal.
func TestFlap(t *testing.T) {
	n, count := figureRoutes(t)
	n /= 2
	s := newScene(t)
	s.fill(s.pairUp(), n, wire.Create|wire.Excl, rtmNewRoute)
	m := s.open(s.options(), Routes)
	began := time.Now()
	s.ip("link set va down")
	done := time.Since(began)
	s.settled(m)
	took := time.Since(began)
	h := m.Health().Tables[0]
	t.Logf("%d routes: the kernel took %v, the mirror %v more; %d inferred", n, done, took-done, h.Changes[Inferred])
	if count && took-done > 2*time.Second {
		t.Errorf("%v, want at most 2 s", took-done)
	}
	if h.Changes[Inferred] < uint64(n) {
		t.Errorf("%d routes inferred to be gone, want %d", h.Changes[Inferred], n)
	}
	s.ip("link set va up")
	s.equal(m, "after the flap", &routeDefinition)
}

// Variables of the environment of TestWriter.
const (
	writerFrom   = "NLKIT_TEST_WRITER_FROM"
	writerRoutes = "NLKIT_TEST_WRITER_ROUTES"
	writerRounds = "NLKIT_TEST_WRITER_ROUNDS"
)

// steadyPace is how many events a second have to be kept up with.
const steadyPace = 200_000

// TestWriter is no test: run by TestSteady in a process of its own, it makes and
// deletes routes in the namespace that is its descriptor 3.
func TestWriter(t *testing.T) {
	from, _ := strconv.Atoi(os.Getenv(writerFrom))
	n, _ := strconv.Atoi(os.Getenv(writerRoutes))
	rounds, _ := strconv.Atoi(os.Getenv(writerRounds))
	for range rounds {
		o := &netlink.Options{Namespace: netlink.NamespaceFD(3)}
		if err := fill(o, 100, from, n, steadyPace, wire.Create|wire.Excl, rtmNewRoute); err != nil {
			t.Fatal(err)
		}
		if err := fill(o, 100, from, n, steadyPace, 0, rtmDelRoute); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSteady has another process make and delete routes, 200,000 changes a second,
// beside those that there are already, while the mirror has one processor: nothing is
// lost at the default buffer.
func TestSteady(t *testing.T) {
	base, count := figureRoutes(t)
	n, rounds := base/10, 5
	s := newScene(t)
	s.fill(s.pairUp(), base, wire.Create|wire.Excl, rtmNewRoute)
	m := s.open(s.options(), Routes)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	cmd := exec.Command(os.Args[0], "-test.run=^TestWriter$")
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1", fmt.Sprintf("%s=%d", writerFrom, base),
		fmt.Sprintf("%s=%d", writerRoutes, n), fmt.Sprintf("%s=%d", writerRounds, rounds))
	cmd.ExtraFiles = []*os.File{s.ns.File}
	first := m.Health().Feeds[0].Events
	before := cpuTime()
	began := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	made := time.Since(began)
	s.settled(m)
	took := time.Since(began)
	used := cpuTime() - before
	h := m.Health().Feeds[0]
	events := float64(2 * n * rounds)
	t.Logf("%d routes: %.0f events made in %v (%.0f/s), mirrored %v later with %v of a processor's time (%.2f us each); %d dropped",
		base, events, made, events/made.Seconds(), took-made, used, used.Seconds()/events*1e6, h.Dropped)
	if float64(h.Events-first) < events {
		t.Errorf("%d events, want %.0f", h.Events-first, events)
	}
	if h.Dropped > 0 {
		t.Errorf("%d events dropped", h.Dropped)
	}
	if each := used.Seconds() / events; count && each > 1.0/steadyPace {
		t.Errorf("%.2f us of a processor's time each: not %d a second", each*1e6, steadyPace)
	}
	s.equal(m, "at the end", &routeDefinition)
}

// cpuTime is the processor's time that this process has used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
