package netlink

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/wire"
)

// await reads events until one is of the given type and fits.
func awaitEvent(t *testing.T, s *Subscription, typ wire.Type, fits func(m wire.Message) bool) Event {
	t.Helper()
	for ev, err := range s.Events(patience(t)) {
		if err != nil {
			t.Fatalf("no %v came: %v", wire.Route.TypeName(typ), err)
		}
		if ev.Message.Type() == typ && (fits == nil || fits(ev.Message)) {
			return ev
		}
	}
	return Event{}
}

func TestLiveEvents(t *testing.T) {
	o := inNew(t)
	c := dialTest(t, o)
	s := subscribeTest(t, o, groupLink, groupAddr, groupRoute, groupNH, groupVLAN)
	do(t, c, newVeth(t, "v0", "v1"))
	isV0 := func(m wire.Message) bool { return linkName(m) == "v0" }
	if ev := awaitEvent(t, s, rtmNewLink, isV0); ev.Group != groupLink || ev.From != 0 || ev.HasNSID {
		t.Errorf("link: %+v", ev)
	}
	do(t, c, setLinkUp(t, 1))
	do(t, c, newAddr(t, 1, [4]byte{10, 0, 0, 1}))
	if ev := awaitEvent(t, s, rtmNewAddr, nil); ev.Group != groupAddr {
		t.Errorf("address: %+v", ev)
	}
	do(t, c, addRoute(t, 77))
	if ev := awaitEvent(t, s, rtmNewRoute, func(m wire.Message) bool { return routeNumber(m) == 77 }); ev.Group != groupRoute {
		t.Errorf("route: %+v", ev)
	}
	// The highest group that the address of a socket could name, and one above.
	do(t, c, build(t, rtmNewNH, wire.Create, func(b *wire.Builder) {
		b.Raw([]byte{2, 0, 0, 0, 0, 0, 0, 0})
		b.Uint32(1, 5)
		b.Flag(4)
	}))
	if ev := awaitEvent(t, s, rtmNewNH, nil); ev.Group != groupNH {
		t.Errorf("nexthop: %+v", ev)
	}
	// Only a bridge with VLANs multicasts to a group that high, and a kernel may
	// be built without them; that the group is joined can always be seen.
	switch _, err := c.Do(patience(t), newBridge(t, "br0"), nil); {
	case errors.Is(err, EOPNOTSUPP):
		t.Log("this kernel's bridges have no VLANs")
	case err != nil:
		t.Errorf("bridge: %v", err)
	default:
		if ev := awaitEvent(t, s, rtmNewVLAN, nil); ev.Group != groupVLAN {
			t.Errorf("VLAN of a bridge: %+v", ev)
		}
	}
	if !memberships(t, s)[groupVLAN] {
		t.Errorf("group %d is not joined", groupVLAN)
	}
	do(t, c, delRoute(t, 77))
	if ev := awaitEvent(t, s, rtmDelRoute, nil); ev.Group != groupRoute || routeNumber(ev.Message) != 77 {
		t.Errorf("route gone: %+v", ev)
	}
	if st := s.Stats(); st != (Stats{}) {
		t.Errorf("counted %+v", st)
	}
}

func TestLiveJoinLeave(t *testing.T) {
	o := inNew(t)
	c := dialTest(t, o)
	s := subscribeTest(t, o)
	next := func(want uint32) {
		t.Helper()
		ev, ok, err := s.TryReceive() // the kernel queues before it answers
		if err != nil || ok != (want != 0) || ok && routeNumber(ev.Message) != want {
			t.Errorf("%+v, %v, %v, want route %d", ev, ok, err, want)
		}
	}
	do(t, c, addRoute(t, 1))
	next(0)
	for range 2 { // joining twice is fine
		if err := s.Join(groupRoute); err != nil {
			t.Fatal(err)
		}
	}
	do(t, c, addRoute(t, 2))
	next(2)
	next(0)
	do(t, c, addRoute(t, 3))
	if err := s.Leave(groupRoute); err != nil {
		t.Fatal(err)
	}
	do(t, c, addRoute(t, 4))
	next(3)
	next(0)
	for _, g := range []uint32{0, 1 << 20, 1<<32 - 1} {
		if err := s.Join(g); !errors.Is(err, EINVAL) {
			t.Errorf("join group %d: %v, want EINVAL", g, err)
		}
	}
	if _, err := Subscribe(wire.Route, o, groupRoute, 1<<20); !errors.Is(err, EINVAL) {
		t.Errorf("Subscribe: %v, want EINVAL", err)
	}
	if _, err := Subscribe(31, nil); !errors.Is(err, EPROTONOSUPPORT) {
		t.Errorf("Subscribe: %v, want EPROTONOSUPPORT", err)
	}
}

// TestLiveReceiveCancel ends contexts while events come.
func TestLiveReceiveCancel(t *testing.T) {
	o := inNew(t)
	c := dialTest(t, o)
	s := subscribeTest(t, o, groupRoute)
	ctx := patience(t)
	got, ended := uint32(0), 0
	for n := range uint32(300) {
		if n%3 > 0 {
			do(t, c, addRoute(t, n))
		}
		for {
			short, cancel := context.WithTimeout(ctx, time.Duration(n%50)*time.Microsecond)
			ev, err := s.Receive(short)
			cancel()
			if err != nil {
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Fatal(err)
				}
				ended++
				break
			}
			if ev.Overrun {
				t.Fatal("overrun")
			}
			got++
		}
	}
	do(t, c, addRoute(t, 1000))
	for ev, err := range s.Events(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		if routeNumber(ev.Message) == 1000 {
			break
		}
		got++
	}
	if got != 200 || ended != 300 {
		t.Errorf("%d events, %d ends, want all 200, and 300", got, ended)
	}
}

// TestLiveOverrun floods a small queue in episodes: the sum of what is received
// and what is told lost is what was sent, and every loss lies behind what was
// queued before it.
func TestLiveOverrun(t *testing.T) {
	for _, silent := range []bool{false, true} {
		t.Run(fmt.Sprintf("NoENOBUFS %v", silent), func(t *testing.T) {
			o := inNew(t)
			c := dialTest(t, o)
			s := subscribeTest(t, with(o, func(o *Options) { o.ReceiveBuffer, o.NoENOBUFS = 8192, silent }), groupRoute)
			n, total := uint32(0), uint64(0)
			for episode := range 20 {
				first := n
				n += uint32(10 + 30*(episode%4))
				addRoutes(t, c, first, n)
				var got, lost uint64
				var overruns []uint64
				for {
					ev, ok, err := s.TryReceive()
					if err != nil {
						t.Fatal(err)
					}
					if !ok {
						break
					}
					if ev.Overrun {
						lost += ev.Lost
						overruns = append(overruns, got)
						continue
					}
					if routeNumber(ev.Message) != first+uint32(got) {
						t.Fatalf("episode %d: route %d, want %d: a loss was not told in its place", episode, routeNumber(ev.Message), first+uint32(got))
					}
					got++
				}
				total += lost
				if got+lost != uint64(n-first) {
					t.Errorf("episode %d: %d sent, %d received, %d told lost", episode, n-first, got, lost)
				}
				if want := n-first > 30; want != (len(overruns) == 1) || want && (lost == 0 || overruns[0] != got) {
					t.Errorf("episode %d: %d sent, overruns at %v of %d, %d lost", episode, n-first, overruns, got, lost)
				}
			}
			if st := s.Stats(); st.Lost != total || (st.Overruns == 0) != silent {
				t.Errorf("counted %+v, want %d lost", st, total)
			}
			if info, err := s.MemInfo(); err != nil || uint64(info.Drops) != total {
				t.Errorf("the kernel counts %+v, %v, want %d drops", info, err, total)
			}
		})
	}
}

// TestLiveOverrunRace has a writer and a reader at full speed: the sums agree
// when the writer has stopped.
func TestLiveOverrunRace(t *testing.T) {
	o := inNew(t)
	c := dialTest(t, o)
	s := subscribeTest(t, with(o, func(o *Options) { o.ReceiveBuffer = 4096 }), groupRoute)
	const n = 20_000
	written := make(chan error, 1)
	go func() {
		b := c.Batch(context.Background(), BatchOptions{ElideAcks: true})
		for i := range uint32(n) {
			if err := b.Add(addRoute(t, i)); err != nil {
				written <- err
				return
			}
		}
		written <- b.Flush()
	}()
	ctx, cancel := context.WithCancel(patience(t))
	defer cancel()
	var got, lost, overruns uint64
	var last, before uint32
	told := false // an Overrun since the last route
	count := func(ev Event) {
		if ev.Overrun {
			lost += ev.Lost
			overruns++
			told = true
			return
		}
		if r := routeNumber(ev.Message); r < last {
			t.Errorf("route %d after %d", r, last)
		} else {
			last = r
		}
		// A loss is told of in its place, or is known to be told of later.
		if told = told || s.Congested(); got > 0 && last != before+1 && !told {
			t.Errorf("route %d comes after %d: nothing tells that some were lost between", last, before)
		}
		before, told = last, false
		got++
	}
	for got+lost < n {
		// Slowly, so that the queue overflows.
		for range 20_000 {
		}
		ev, ok, err := s.TryReceive()
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			count(ev)
			continue
		}
		select {
		case err := <-written:
			if err != nil {
				t.Fatal(err)
			}
			written = nil
			for {
				ev, ok, err := s.TryReceive()
				if err != nil {
					t.Fatal(err)
				}
				if !ok {
					break
				}
				count(ev)
			}
			if got+lost != n {
				t.Fatalf("%d sent, %d received, %d told lost", n, got, lost)
			}
		default:
			if ctx.Err() != nil {
				t.Fatalf("%d received, %d lost", got, lost)
			}
		}
	}
	if got+lost != n {
		t.Errorf("%d sent, %d received, %d told lost", n, got, lost)
	}
	if written != nil {
		if err := <-written; err != nil {
			t.Error(err)
		}
	}
	t.Logf("%d received, %d lost in %d overruns", got, lost, overruns)
}

// TestLiveEventAllocs: an event allocates nothing, with a context that can be
// cancelled.
func TestLiveEventAllocs(t *testing.T) {
	o := inNew(t)
	c := dialTest(t, o)
	s := subscribeTest(t, with(o, func(o *Options) { o.ReceiveBuffer = 1 << 20 }), groupRoute)
	addRoutes(t, c, 0, 1000)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if n := testing.AllocsPerRun(900, func() {
		if ev, err := s.Receive(ctx); err != nil || ev.Overrun {
			t.Fatal(ev, err)
		}
	}); n != 0 {
		t.Errorf("%v allocations per event", n)
	}
}

// memberships asks the kernel which groups a subscription has joined.
func memberships(t *testing.T, s *Subscription) map[uint32]bool {
	t.Helper()
	var groups map[uint32]bool
	err := s.t.(*socket).conn.Control(func(fd uintptr) { groups = membershipsOf(t, fd) })
	if err != nil {
		t.Fatal(err)
	}
	return groups
}

func membershipsOf(t *testing.T, fd uintptr) map[uint32]bool {
	t.Helper()
	words := make([]uint32, 8)
	size := uint32(len(words) * 4)
	_, _, errno := unix.Syscall6(unix.SYS_GETSOCKOPT, fd, unix.SOL_NETLINK, unix.NETLINK_LIST_MEMBERSHIPS,
		uintptr(unsafe.Pointer(&words[0])), uintptr(unsafe.Pointer(&size)), 0)
	if errno != 0 {
		t.Fatalf("memberships: %v", errno)
	}
	groups := map[uint32]bool{}
	for i := range uint32(len(words) * 32) {
		groups[i+1] = words[i/32]>>(i%32)&1 != 0
	}
	return groups
}

// TestKernelBindMask: the mask that bind takes is of the groups 1 to 32; those behind
// it are joined by NETLINK_ADD_MEMBERSHIP alone.
func TestKernelBindMask(t *testing.T) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, int(wire.Route))
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	// Groups that not everybody may join are left out.
	const first, last, beyond = 1, 32, 33 // links, nexthops, VLANs of bridges
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: 1<<(first-1) | 1<<(last-1)}); err != nil {
		t.Fatal(err)
	}
	if got := membershipsOf(t, uintptr(fd)); !got[first] || !got[last] || got[beyond] {
		t.Errorf("after bind: %v", got)
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_NETLINK, unix.NETLINK_ADD_MEMBERSHIP, beyond); err != nil {
		t.Fatal(err)
	}
	if got := membershipsOf(t, uintptr(fd)); !got[first] || !got[last] || !got[beyond] {
		t.Errorf("after NETLINK_ADD_MEMBERSHIP: %v", got)
	}
}
