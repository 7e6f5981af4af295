//go:build linux

package copies

import (
	"errors"
	"iter"
	"net"
	"net/netip"
	"slices"
	"sync"

	vishvananda "github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// vishKeeper is the recipe for a table with vishvananda: subscribe, then list, then
// apply what comes. The flags of an update tell which of several IPv4 routes to a
// destination it is about. A subscription ends with the first loss: everything is
// begun anew then, which is the best that can be done.
type vishKeeper struct {
	buffer int
	done   chan struct{} // closed to end
	ended  chan struct{}

	mu       sync.Mutex
	table    map[Key][]vishvananda.Route
	overruns int
	resyncs  int
	behind   bool
}

func openVishvananda(buffer int) (keeper, error) {
	k := &vishKeeper{buffer: buffer, done: make(chan struct{}), ended: make(chan struct{})}
	s, err := k.begin()
	if err != nil {
		return nil, err
	}
	go k.run(s)
	return k, nil
}

// vishStream is one subscription.
type vishStream struct {
	updates chan vishvananda.RouteUpdate
	done    chan struct{}
}

// begin subscribes and lists. What is announced meanwhile waits in the channel and in
// the kernel's queue.
func (k *vishKeeper) begin() (vishStream, error) {
	s := vishStream{make(chan vishvananda.RouteUpdate, 1024), make(chan struct{})}
	err := vishvananda.RouteSubscribeWithOptions(s.updates, s.done, vishvananda.RouteSubscribeOptions{
		ErrorCallback:     func(error) {}, // the channel is closed then
		ReceiveBufferSize: k.buffer, ReceiveBufferForceSize: k.buffer > 0,
	})
	if err != nil {
		return s, err
	}
	routes, err := vishvananda.RouteListFiltered(unix.AF_UNSPEC, &vishvananda.Route{Table: unix.RT_TABLE_UNSPEC}, vishvananda.RT_FILTER_TABLE)
	if err != nil {
		close(s.done)
		return s, err
	}
	table := map[Key][]vishvananda.Route{}
	for _, r := range routes {
		key := vishKey(&r)
		table[key] = append(table[key], r)
	}
	k.mu.Lock()
	k.table, k.behind = table, false
	k.mu.Unlock()
	return s, nil
}

func (k *vishKeeper) run(s vishStream) {
	defer close(k.ended)
	for {
		for lost := false; !lost; {
			select {
			case u, ok := <-s.updates:
				if lost = !ok; ok {
					k.apply(&u)
				}
			case <-k.done:
				close(s.done)
				return
			}
		}
		close(s.done)
		k.mu.Lock()
		k.overruns++
		k.behind = true
		k.mu.Unlock()
		for {
			next, err := k.begin()
			if err == nil {
				s = next
				break
			}
			if !errors.Is(err, vishvananda.ErrDumpInterrupted) {
				return // and stays behind
			}
		}
		k.mu.Lock()
		k.resyncs++
		k.mu.Unlock()
	}
}

// apply takes in an update. Without NLM_F_APPEND the kernel puts a route in front of
// the others of its key, and it replaces the first one (fib_table_insert).
func (k *vishKeeper) apply(u *vishvananda.RouteUpdate) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key := vishKey(&u.Route)
	list := k.table[key]
	switch {
	case u.Type == unix.RTM_DELROUTE:
		way := vishRoute(&u.Route).way()
		if i := slices.IndexFunc(list, func(r vishvananda.Route) bool { return vishRoute(&r).way() == way }); i >= 0 {
			list = slices.Delete(list, i, i+1)
		}
	case u.NlFlags&unix.NLM_F_REPLACE != 0 && len(list) > 0:
		list[0] = u.Route
	case u.NlFlags&unix.NLM_F_APPEND != 0:
		list = append(list, u.Route)
	default:
		list = slices.Insert(list, 0, u.Route)
	}
	if len(list) == 0 {
		delete(k.table, key)
		return
	}
	k.table[key] = list
}

func (k *vishKeeper) close() error {
	close(k.done)
	// Its goroutine waits in a system call, and ends with the process.
	return nil
}

func (k *vishKeeper) standing() Standing {
	k.mu.Lock()
	defer k.mu.Unlock()
	lost := 0
	if k.overruns > 0 {
		lost = -1 // the socket that counted them is closed
	}
	return Standing{Overruns: k.overruns, Lost: lost, Resyncs: k.resyncs, Behind: k.behind}
}

func (k *vishKeeper) routes() iter.Seq[Route] {
	return func(yield func(Route) bool) {
		k.mu.Lock()
		defer k.mu.Unlock()
		for _, list := range k.table {
			for i := range list {
				if !yield(vishRoute(&list[i])) {
					return
				}
			}
		}
	}
}

func vishKey(r *vishvananda.Route) Key {
	k := Key{Table: uint32(r.Table), Priority: uint32(r.Priority), TOS: uint8(r.Tos)}
	if r.Dst == nil {
		k.Dst = netip.PrefixFrom(unspecified(uint8(r.Family)), 0)
		return k
	}
	bits, _ := r.Dst.Mask.Size()
	k.Dst = netip.PrefixFrom(addrOf(r.Dst.IP), bits)
	return k
}

func vishRoute(r *vishvananda.Route) Route {
	out := Route{Key: vishKey(r), Type: uint8(r.Type)}
	if len(r.MultiPath) == 0 && r.LinkIndex != 0 {
		out.Legs = []Leg{{addrOf(r.Gw), uint32(r.LinkIndex)}}
	}
	for _, hop := range r.MultiPath {
		out.Legs = append(out.Legs, Leg{addrOf(hop.Gw), uint32(hop.LinkIndex)})
	}
	return out
}

// addrOf is the zero Addr where there is none.
func addrOf(ip net.IP) netip.Addr {
	a, _ := netip.AddrFromSlice(ip)
	return a.Unmap()
}
