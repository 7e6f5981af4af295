package mirror

import (
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// unannounced is a change of which the kernel tells less than it does.
type unannounced struct {
	name    string
	prepare []string // lines of `ip`
	// routes over the link 100 are made besides, as many as figures are measured with.
	routes bool
	change func(s *scene) request
}

// lagLimit is how long after the kernel the mirror has to be equal.
const lagLimit = 100 * time.Millisecond

// The links of these tests are va (100) and vb (101), vc (102) and vd (103).
var unannouncedPrepared = []string{"link set lo up",
	"link add va index 100 type veth peer name vb index 101", "link set va up", "link set vb up",
	"link add vc index 102 type veth peer name vd index 103", "link set vc up", "link set vd up",
	"addr add 10.1.0.1/24 dev va", "addr add 10.2.0.1/24 dev vc",
	"addr add fd00:1::1/64 dev va nodad", "addr add fd00:2::1/64 dev vc nodad",
	"route add 10.20.0.0/16 via 10.1.0.2", "route add 10.21.0.0/16 via 10.2.0.2",
	"route add 10.22.0.0/16 nexthop via 10.1.0.2 nexthop via 10.2.0.2",
	// Several routes to one destination, over both links.
	"route add 10.60.0.0/16 via 10.2.0.2", "route append 10.60.0.0/16 via 10.1.0.2", "route append 10.60.0.0/16 via 10.2.0.3",
	"route append 10.60.0.0/16 via 10.1.0.3", "route append 10.60.0.0/16 nexthop via 10.1.0.2 nexthop via 10.2.0.4",
	"route add fd00:20::/64 via fd00:1::2", "route add fd00:22::/64 nexthop via fd00:1::2 nexthop via fd00:2::2"}

// withNexthops are objects over both links, groups of them, and routes.
var withNexthops = []string{
	"nexthop add id 1 via 10.1.0.9 dev va", "nexthop add id 2 via 10.2.0.9 dev vc",
	"nexthop add id 3 via fd00:1::9 dev va", "nexthop add id 4 via fd00:2::9 dev vc",
	"nexthop add id 10 group 1/2", "nexthop add id 11 group 1", "nexthop add id 12 group 3/4", "nexthop add id 13 group 3",
	"route add 10.30.0.0/16 nhid 1", "route add 10.31.0.0/16 nhid 10", "route add 10.32.0.0/16 nhid 11", "route add 10.33.0.0/16 nhid 2 table 77",
	"route add fd00:30::/64 nhid 3", "route add fd00:31::/64 nhid 12", "route add fd00:32::/64 nhid 13"}

// withSources are routes that prefer a source address.
var withSources = []string{
	"addr add 10.3.0.1/24 dev va", "addr add fd00:3::1/64 dev va nodad",
	"route add 10.40.0.0/16 via 10.2.0.2 src 10.3.0.1", "route add 10.41.0.0/16 via 10.1.0.2 src 10.3.0.1",
	"route add 10.42.0.0/16 via 10.2.0.2 src 10.1.0.1 table 77",
	"route add fd00:40::/64 via fd00:2::2 src fd00:3::1", "route add fd00:41::/64 via fd00:1::2 src fd00:3::1",
	"route add fd00:42::/64 via fd00:2::2 src fd00:1::1"}

var unannouncedCases = []unannounced{
	{name: "link down", routes: true, prepare: withNexthops, change: func(*scene) request { return linkUp(100, false) }},
	{name: "link deleted", routes: true, prepare: withNexthops, change: func(*scene) request { return linkDelete(100) }},
	{name: "its other end down", prepare: withNexthops, change: func(*scene) request { return linkUp(101, false) }},
	{name: "nexthop deleted", prepare: withNexthops, change: func(*scene) request { return nexthopDelete(1) }},
	{name: "nexthop deleted, ipv6", prepare: withNexthops, change: func(*scene) request { return nexthopDelete(3) }},
	{name: "nexthop group deleted", prepare: withNexthops, change: func(*scene) request { return nexthopDelete(10) }},
	{name: "last address deleted", routes: true, prepare: withNexthops, change: func(*scene) request { return addrDelete(100, "10.1.0.1/24") }},
	{name: "one of two addresses deleted", prepare: withSources, change: func(*scene) request { return addrDelete(100, "10.3.0.1/24") }},
	{name: "the other one deleted", prepare: withSources, change: func(*scene) request { return addrDelete(100, "10.1.0.1/24") }},
	{name: "ipv6 address deleted", prepare: withSources, change: func(*scene) request { return addrDelete(100, "fd00:3::1/64") }},
	{name: "last ipv6 address deleted", change: func(*scene) request { return addrDelete(100, "fd00:1::1/64") }},
	{name: "link to another namespace", routes: true, prepare: withNexthops, change: func(s *scene) request {
		return linkSet(100, iflaNetNSFD, uint32(newScene(s).ns.FD()))
	}},
	{name: "port leaves bridge", prepare: []string{"link add b0 index 110 type bridge", "link set b0 up", "addr add 10.5.0.1/24 dev b0", "link set vb master b0"},
		change: func(*scene) request { return linkSet(101, iflaMaster, 0) }},
	{name: "bridge deleted", prepare: []string{"link add b0 index 110 type bridge", "link set b0 up", "addr add 10.5.0.1/24 dev b0", "route add 10.50.0.0/16 via 10.5.0.2", "link set vb master b0"},
		change: func(*scene) request { return linkDelete(110) }},
}

// TestUnannounced: what the kernel does not tell of a change is known within 100 ms, no
// table is read whole for it, nothing is deleted that is there and nothing comes again
// that has gone. What takes a kernel with VRFs is in internal/vmtest/mirrors.
func TestUnannounced(t *testing.T) {
	n, count := figureRoutes(t)
	if !count {
		n /= 4
	}
	for _, c := range unannouncedCases {
		t.Run(c.name, func(t *testing.T) {
			// On a busy machine a process may have to wait for as long.
			for try := 1; ; try++ {
				lag, log := c.run(newScene(t), n)
				t.Logf("equal %v after the kernel; read: %s", lag.Round(10*time.Microsecond), log)
				if lag <= lagLimit || t.Failed() || raceDetector { // with which all takes ten times as long
					return
				}
				if try == 5 {
					t.Fatalf("%v, want at most %v", lag, lagLimit)
				}
			}
		})
	}
}

// run makes the change and returns how long after its request had returned the mirror
// has become equal to the kernel, and what was read for that.
func (c *unannounced) run(s *scene, n int) (lag time.Duration, read string) {
	s.Helper()
	s.ip(append(slices.Clone(unannouncedPrepared), c.prepare...)...)
	if c.routes {
		s.fill(100, n, wire.Create|wire.Excl, rtmNewRoute)
	}
	o := s.options()
	log := &readLog{}
	o.Netlink.Tap = log.tap
	tables := []Source{Links, Addrs, Routes, Nexthops, Neighbours, FDB}
	defs := []*Definition{&linkDefinition, &addrDefinition, &routeDefinition, &nexthopDefinition, &neighbourDefinition, &fdbDefinition}
	m := s.open(o, tables...)
	s.equal(m, "at first", defs...)
	s.settled(m)
	before := m.Snapshot()
	seen := watch(m, before)
	change := c.change(s)
	log.begin()
	s.request(change)
	done := time.Now()
	s.becomesEqual(m, c.name, defs...)
	read = log.end()
	deltas, last := seen()
	for _, line := range log.whole {
		s.Errorf("a whole table was read: %s", line)
	}
	c.check(s, before, m.Snapshot(), deltas)
	m.Close()
	return max(0, last.Sub(done)), read
}

// becomesEqual waits until the mirror is equal by itself: nobody asks it to hasten.
func (s *scene) becomesEqual(m *Mirror, what string, defs ...*Definition) {
	s.Helper()
	deadline := time.Now().Add(patience)
	for {
		version, equal := m.Snapshot().Version(), true
		for _, d := range defs {
			equal = equal && maps.Equal(s.mirrored(m.Snapshot(), d), s.truth(d))
		}
		switch {
		case equal && m.Snapshot().Version() == version:
			return
		case time.Now().After(deadline):
			s.equalWithin(0, m, what, defs...)
			s.Errorf("%s: not equal in %v by itself", what, patience)
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// watch keeps all steps of a mirror, and notes when the last one came. They are looked
// at later, so as not to be in the way.
func watch(m *Mirror, from *Snapshot) (stop func() (deltas []*Delta, last time.Time)) {
	ctx, cancel := context.WithCancel(context.Background())
	var deltas []*Delta
	var last time.Time
	var reached atomic.Uint64
	reached.Store(from.Version())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for d, err := range m.Changes(ctx, from) {
			if err != nil {
				return
			}
			last = time.Now()
			deltas = append(deltas, d)
			reached.Store(d.To.Version())
		}
	}()
	return func() ([]*Delta, time.Time) {
		version := m.Snapshot().Version()
		for until := time.Now().Add(patience); reached.Load() < version && time.Now().Before(until); {
			time.Sleep(time.Millisecond)
		}
		cancel()
		<-done
		return deltas, last
	}
}

// check replays what a consumer was told: it leads to the last state, what is there
// before and after is never gone between, and what goes does not come again.
func (c *unannounced) check(s *scene, before, after *Snapshot, deltas []*Delta) {
	s.Helper()
	records := func(snap *Snapshot) map[string]string {
		all := map[string]string{}
		for r := range snap.All() {
			all[r.Table+string(r.Key)] = string(r.Value)
		}
		return all
	}
	was, is := records(before), records(after)
	state := maps.Clone(was)
	for _, d := range deltas {
		for ch := range d.Changes() {
			id := ch.Table + string(ch.Key)
			_, wasThere := was[id]
			_, isThere := is[id]
			switch {
			case state[id] != string(ch.Old):
				s.Errorf("%v of %x: it was another one before", ch.Kind, id)
			case ch.Kind == Deleted && wasThere && isThere:
				s.Errorf("%x was deleted although it is there", id)
			case ch.Kind == Added && wasThere:
				s.Errorf("%x has come again", id)
			}
			if state[id] = string(ch.New); ch.New == nil {
				delete(state, id)
			}
		}
	}
	if !maps.Equal(state, is) {
		s.Errorf("what was told leads to %d records, the last snapshot has %d", len(state), len(is))
	}
}

// request is one that changes something.
type request struct {
	typ     wire.Type
	payload []byte
}

// iflaNetNSFD moves a link to the namespace of a descriptor.
const iflaNetNSFD = 28

func linkMessage(index uint32) []byte {
	b := make([]byte, ifInfoLen)
	hostOrder.PutUint32(b[ifInfoIndex:], index)
	return b
}

func linkUp(index uint32, up bool) request {
	b := linkMessage(index)
	if up {
		hostOrder.PutUint32(b[ifInfoFlags:], iffUp)
	}
	hostOrder.PutUint32(b[ifInfoChange:], iffUp)
	return request{rtmNewLink, b}
}

func linkSet(index uint32, attr uint16, v uint32) request {
	return request{rtmNewLink, putAttrU32(linkMessage(index), attr, v)}
}

func linkDelete(index uint32) request { return request{rtmDelLink, linkMessage(index)} }

func nexthopDelete(id uint32) request {
	return request{rtmDelNexthop, putAttrU32(make([]byte, nhMsgLen), nhaID, id)}
}

func addrDelete(index uint32, prefix string) request {
	p := netip.MustParsePrefix(prefix)
	b := make([]byte, ifAddrLen)
	if b[0] = afInet; p.Addr().Is6() {
		b[0] = afInet6
	}
	b[1] = byte(p.Bits())
	hostOrder.PutUint32(b[4:], index)
	addr := p.Addr().AsSlice()
	b = hostOrder.AppendUint16(b, uint16(wire.AttrHeaderLen+len(addr)))
	b = hostOrder.AppendUint16(b, ifaLocal)
	return request{rtmDelAddr, append(b, addr...)}
}

// request makes a request and returns when the kernel has answered.
func (s *scene) request(r request) {
	s.Helper()
	o := s.options().Netlink
	c, err := netlink.Dial(wire.Route, &o)
	if err != nil {
		s.Fatal(err)
	}
	defer c.Close()
	var b wire.Builder
	b.Message(wire.Header{Type: r.typ})
	b.Raw(r.payload)
	req, err := b.Bytes()
	if err == nil {
		_, err = c.Do(s.Context(), req, nil)
	}
	if err != nil {
		s.Fatal(err)
	}
}

// readLog is what a mirror asks the kernel for.
type readLog struct {
	mu       sync.Mutex
	on       bool
	requests map[string]int
	rows     int
	whole    []string // dumps without any filter
}

func (l *readLog) begin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.on, l.requests = true, map[string]int{}
}

// end returns what was asked for.
func (l *readLog) end() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.on = false
	var list []string
	for what, n := range l.requests {
		list = append(list, fmt.Sprintf("%s x%d", what, n))
	}
	slices.Sort(list)
	return fmt.Sprintf("%d rows; %s", l.rows, strings.Join(list, ", "))
}

// filterAttrs are the attributes by which a dump is narrowed.
var filterAttrs = map[wire.Type]struct {
	name  string
	size  int
	index int // where the header has a link's number, 0 for nowhere
	attrs map[uint16]string
}{
	rtmGetLink:    {"link", ifInfoLen, 0, nil},
	rtmGetAddr:    {"addr", ifAddrLen, 4, nil},
	rtmGetRoute:   {"route", rtMsgLen, 0, map[uint16]string{rtaOIF: "link", rtaTable: "table"}},
	rtmGetNeigh:   {"neigh", ndMsgLen, 0, map[uint16]string{ndaIfIndex: "link", ndaMaster: "bridge"}},
	rtmGetNexthop: {"nexthop", nhMsgLen, 0, map[uint16]string{nhaOIF: "link"}},
}

func (l *readLog) tap(d netlink.Direction, datagram []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.on {
		return
	}
	for m, err := range wire.Messages(datagram) {
		switch {
		case err != nil:
			return
		case d == netlink.Received && m.Flags().Has(wire.Multi) && m.Type() != wire.TypeDone:
			l.rows++
		case d == netlink.Sent && m.Flags().Has(wire.Dump):
			l.dump(m)
		case d == netlink.Sent && m.Type() >= wire.TypeMin:
			l.requests["one "+filterAttrs[m.Type()].name]++
		}
	}
}

func (l *readLog) dump(m wire.Message) {
	k, ok := filterAttrs[m.Type()]
	if !ok {
		l.whole = append(l.whole, fmt.Sprint("type ", m.Type()))
		return
	}
	data := m.Data()
	what, link := k.name, false
	if k.index != 0 && binary.NativeEndian.Uint32(data[k.index:]) != 0 {
		what, link = what+" by link", true
	}
	for a, err := range wire.Attrs(data[k.size:]) {
		if by := k.attrs[a.Type()]; err == nil && by != "" {
			what += " by " + by
			link = link || by != "table"
		}
	}
	l.requests[what]++
	// All of a table of routes is as much as all routes, mostly.
	if !link {
		l.whole = append(l.whole, what)
	}
}
