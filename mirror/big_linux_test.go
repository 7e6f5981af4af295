package mirror

import (
	"encoding/binary"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/nlkit/nlkit/family/rtroute"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// fill adds n IPv4 routes over a link, a host each from 16.0.0.0 on, many to a datagram.
func (s *scene) fill(link uint32, n int, flags wire.Flags, typ wire.Type) {
	s.Helper()
	c, err := netlink.Dial(wire.Route, &netlink.Options{Namespace: netlink.NamespaceFD(s.ns.FD())})
	if err != nil {
		s.Fatal(err)
	}
	defer c.Close()
	var b []byte
	for i := range n {
		m := wire.Header{Len: 16 + 12 + 8 + 8, Type: typ, Flags: wire.Request | flags, Seq: uint32(i + 1)}.Append(nil)
		m = append(m, afInet, 32, 0, 0, 254, 4, 253, 1, 0, 0, 0, 0)
		m = putAttrU32(m, rtaOIF, link)
		m = append(m, 8, 0, rtaDst, 0)
		m = binary.BigEndian.AppendUint32(m, 16<<24+uint32(i))
		b = append(b, m...)
		if len(b) > 30000 || i == n-1 {
			if err := c.Send(s.Context(), b, netlink.Address{}); err != nil {
				s.Fatal(err)
			}
			b = b[:0]
		}
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestMillion measures the first reading of many routes against a bare typed dump.
func TestMillion(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("NLKIT_MIRROR_ROUTES"))
	if n == 0 {
		n = 20000
	}
	s := newScene(t)
	s.ip("link add va type veth peer name vb", "link set va up", "link set vb up", "addr add 10.1.0.1/24 dev va")
	began := time.Now()
	s.fill(3, n, wire.Create|wire.Excl, rtmNewRoute)
	t.Logf("made in %v", time.Since(began))
	c, err := rtroute.Dial(t.Context(), &netlink.Options{Namespace: netlink.NamespaceFD(s.ns.FD())})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for range 3 {
		count := 0
		began = time.Now()
		for r, err := range c.RouteGetDump(t.Context(), nil) {
			if err != nil {
				t.Fatal(err)
			}
			if r.Dst.IsValid() {
				count++
			}
		}
		bare := time.Since(began)
		before := heap()
		began = time.Now()
		m := s.open(s.options(), Routes)
		took := time.Since(began)
		after := heap()
		t.Logf("%d routes: bare %v, mirror %v, ratio %.2f; %.0f bytes a route; health %v", count, bare, took, float64(took)/float64(bare), float64(after-before)/float64(count), m.Health().Tables)
		if Routes.Len(m.Snapshot()) < n {
			t.Errorf("%d routes of %d", Routes.Len(m.Snapshot()), n)
		}
		m.Close()
	}
}

// TestSteady has routes come and go as fast as the kernel takes them.
func TestSteady(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("NLKIT_MIRROR_ROUTES"))
	if n == 0 {
		n = 20000
	}
	s := newScene(t)
	s.ip("link add va type veth peer name vb", "link set va up", "link set vb up", "addr add 10.1.0.1/24 dev va")
	m := s.open(s.options(), Routes)
	for _, typ := range []wire.Type{rtmNewRoute, rtmDelRoute} {
		began := time.Now()
		s.fill(3, n, (wire.Create|wire.Excl)*wire.Flags(rtmDelRoute-typ), typ)
		made := time.Since(began)
		s.settled(m)
		took := time.Since(began)
		t.Logf("%d changes made in %v (%.0f/s), mirrored in %v; %v", n, made, float64(n)/made.Seconds(), took, m.Health().Feeds)
	}
	s.equal(m, "at the end", &routeDefinition)
	s.fill(3, n, wire.Create|wire.Excl, rtmNewRoute)
	s.settled(m)
	for _, step := range []string{"link set va down", "link set va up"} {
		began := time.Now()
		s.ip(step)
		done := time.Since(began)
		s.settled(m)
		t.Logf("%s: %v, and %v until mirrored", step, done, time.Since(began)-done)
	}
	s.equal(m, "after the flap", &routeDefinition)
	t.Log(m.Health().Tables)
}
