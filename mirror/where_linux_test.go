package mirror

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/churn"
	"github.com/nlkit/nlkit/mirror/internal/expr"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// filtered is what a filter lets pass of a table as the kernel has it.
func (s *scene) filtered(d *Definition, text string) map[string]string {
	s.Helper()
	f, err := expr.Compile(text, d.Layout(), d.names)
	if err != nil {
		s.Fatalf("%s: %v", text, err)
	}
	table := s.truth(d)
	for k, v := range table {
		if !f.Match([]byte(v)) {
			delete(table, k)
		}
	}
	return table
}

// where is a table with a filter.
type where struct {
	def  *Definition
	text string
}

func sources(list []where) []Source {
	var tables []Source
	for _, w := range list {
		tables = append(tables, Raw{def: w.def}.Where(w.text))
	}
	return tables
}

// wrong compares a mirror of tables with filters with what these let pass of the
// kernel's.
func (s *scene) wrong(m *Mirror, list []where) string {
	s.Helper()
	snap := s.settled(m)
	var text strings.Builder
	for _, w := range list {
		got := s.mirrored(snap, w.def)
		if diff := differences(w.def, got, s.filtered(w.def, w.text)); len(diff) > 0 {
			fmt.Fprintf(&text, "%s where %s:\n%s\n", w.def.Name, w.text, strings.Join(diff, "\n"))
			if f, err := compile(w.def, w.text); err == nil && f.kept == nil {
				// All is kept: is it the filter, or the mirror?
				all := map[string]string{}
				for k, v := range snap.find(w.def, Own).store.All() {
					all[string(k)] = string(v)
				}
				fmt.Fprintf(&text, "without the filter:\n%s\n", strings.Join(differences(w.def, all, s.truth(w.def)), "\n"))
			}
		}
		if n := snap.find(w.def, Own).visible; n != len(got) {
			fmt.Fprintf(&text, "%s where %s: %d records counted, there are %d\n", w.def.Name, w.text, n, len(got))
		}
	}
	return text.String()
}

// atoms are conditions that filters are drawn from.
var atoms = map[*Definition][]string{
	&routeDefinition: {"table == main", "table == 1000", "table in (main, 1000)", "table == local || table == main", "rtm-family == inet", "rtm-family == inet6",
		"dst in 16.0.0.0/8", "dst in fd10::/16", "has priority", "priority == 7", "oif == 100", "oif in (100, 102)", "has gateway", "has nh-id", "has multipath",
		"gateway in 10.1.0.0/24", "rtm-type == unicast", "rtm-protocol == boot", "rtm-protocol != kernel", "rtm-scope == link", "has prefsrc", "rtm-flags has dead|linkdown", "rtm-flags has onlink", "dst == default"},
	&addrDefinition: {"ifa-index == 100", "ifa-index in (100, 102)", "ifa-family == inet", "ifa-family == inet6", "ifa-scope == global", "address in 10.1.0.0/16",
		"ifa-prefixlen > 24", "has label", "flags has permanent"},
	&linkDefinition: {"ifi-index == 100", "ifi-index in (102, 200, 201)", "ifi-flags has up", "ifi-flags has running", "linkinfo.kind == veth", "linkinfo.kind == bridge",
		"linkinfo.kind == ifb", "master == 110", "has master", "mtu < 1500", "ifname in (va, vc, churn0)"},
	&neighbourDefinition: {"ndm-ifindex == 100", "ndm-ifindex in (100, 102)", "ndm-family == inet", "ndm-family == inet6", "ndm-state has permanent", "dst in 10.1.0.0/16",
		"lladdr in (02:00:00:00:00:01, 02:00:00:00:00:02)"},
	&fibRuleDefinition: {"family == inet", "family == inet6", "table == main", "table != local", "priority > 1000", "has priority", "dst in 10.0.0.0/8", "src == default", "flags == 0"},
}

// drawFilter makes a filter of atoms.
func drawFilter(r *rand.Rand, list []string) string {
	one := func() string {
		a := list[r.IntN(len(list))]
		if strings.Contains(a, "||") {
			a = "(" + a + ")"
		}
		if r.IntN(5) == 0 {
			a = "!(" + a + ")"
		}
		return a
	}
	text := one()
	for range r.IntN(3) {
		op := " && "
		if r.IntN(3) == 0 {
			op = " || "
		}
		text += op + one()
	}
	return text
}

// TestWhereRace opens mirrors with filters under writers, one that leaves to the kernel
// what it can and one that does not. Both are what the filters let pass of the
// kernel's tables, and what their readers were told leads there.
func TestWhereRace(t *testing.T) {
	rounds := envInt(t, "NLKIT_MIRROR_WHERE", 24)
	seed := uint64(envInt(t, "NLKIT_MIRROR_SEED", int(time.Now().UnixNano()&0xffffff)))
	a := newArena(t, 60)
	records, filters := 0, 0
	for i := range rounds {
		r := rand.New(rand.NewPCG(seed+uint64(i), 3))
		var list []where
		for _, d := range []*Definition{&routeDefinition, &linkDefinition, &addrDefinition, &neighbourDefinition, &fibRuleDefinition} {
			if r.IntN(3) > 0 {
				list = append(list, where{d, drawFilter(r, atoms[d])})
			}
		}
		if len(list) == 0 {
			list = []where{{&routeDefinition, drawFilter(r, atoms[&routeDefinition])}}
		}
		kinds := []churn.Kind{churn.Routes | churn.Variants, churn.All &^ churn.Links, churn.All}[i%3]
		made, stop := a.write(seed+uint64(i), kinds)
		for began := int64(r.IntN(300)); made.Load() < began; {
			time.Sleep(50 * time.Microsecond)
		}
		var mirrors []*Mirror
		var followed []func()
		for _, off := range []bool{false, true} {
			o := a.options()
			o.noPushdown = off
			m, err := o.Open(t.Context(), sources(list)...)
			if err != nil {
				t.Fatalf("%v: %v", list, err)
			}
			mirrors = append(mirrors, m)
			followed = append(followed, a.follow(m, m.Snapshot()))
		}
		for more := made.Load() + int64(r.IntN(600)); made.Load() < more; {
			time.Sleep(50 * time.Microsecond)
		}
		stop()
		for k, m := range mirrors {
			stopped := time.Now()
			text := a.wrong(m, list)
			for text != "" && time.Since(stopped) < patience {
				time.Sleep(5 * time.Millisecond)
				text = a.wrong(m, list)
			}
			if text != "" {
				t.Errorf("round %d, NLKIT_MIRROR_SEED=%d, kinds %b, pushed down %v: %s", i, seed, kinds, k == 0, text)
			}
			for range m.Snapshot().All() {
				records++
			}
		}
		filters += len(list)
		for k, m := range mirrors {
			followed[k]()
			m.Close()
		}
		if t.Failed() {
			break
		}
	}
	if records == 0 {
		t.Error("no filter has let anything pass")
	}
	t.Logf("%d rounds, %d filters, %d records compared", rounds, filters, records)
}

// TestWhereDeltas: records that begin to match are added, and those that cease to are
// deleted, also where others in their place do not match.
func TestWhereDeltas(t *testing.T) {
	s := newScene(t)
	s.ip("link set lo up", "link add va index 100 type veth peer name vb index 101", "link set va up", "link set vb up", "addr add 10.1.0.1/24 dev va")
	list := []where{
		{&linkDefinition, "mtu < 1500"},
		{&routeDefinition, "table == main && rtm-protocol == bgp"},
		{&neighbourDefinition, "ndm-family == inet && lladdr == 02:00:00:00:00:01"},
	}
	m := s.open(s.options(), sources(list)...)
	stop := s.follow(m, m.Snapshot())
	for _, step := range []struct{ line, want string }{
		{"link set va mtu 1400", "added link"},
		{"link set va mtu 1401", "changed link"},
		{"link set va mtu 1500", "deleted link"},
		{"route add 10.9.0.0/16 via 10.1.0.2 proto static", ""},
		{"route append 10.9.0.0/16 via 10.1.0.3 proto bgp", "added route"},
		{"route append 10.9.0.0/16 via 10.1.0.4 proto bgp", "added route"},
		// The first is replaced, which is none of those that match.
		{"route replace 10.9.0.0/16 via 10.1.0.5 proto static", ""},
		{"route replace 10.9.0.0/16 via 10.1.0.6 proto bgp", "added route"},
		// All move up.
		{"route del 10.9.0.0/16 via 10.1.0.6 proto bgp", "changed route, changed route, deleted route"},
		{"route del 10.9.0.0/16 via 10.1.0.3 proto bgp", "changed route, deleted route"},
		{"route add 10.8.0.0/16 via 10.1.0.2 proto bgp table 100", ""},
		{"route add 10.7.0.0/16 via 10.1.0.2 proto bgp", "added route"},
		{"route replace 10.7.0.0/16 via 10.1.0.2 proto static", "deleted route"},
		{"neigh add 10.1.0.9 lladdr 02:00:00:00:00:02 dev va nud permanent", ""},
		{"neigh replace 10.1.0.9 lladdr 02:00:00:00:00:01 dev va nud permanent", "added neigh"},
		{"neigh replace 10.1.0.9 lladdr 02:00:00:00:00:02 dev va nud permanent", "deleted neigh"},
		{"link set va mtu 1300", "added link"},
		{"link set va down", "changed link, deleted route"},
	} {
		before := s.settled(m)
		s.ip(step.line)
		began := time.Now()
		for text := s.wrong(m, list); text != ""; text = s.wrong(m, list) {
			if time.Sleep(10 * time.Millisecond); time.Since(began) > patience {
				t.Fatalf("%s: %s", step.line, text)
			}
		}
		after := s.settled(m)
		var got []string
		for c := range delta(before, after).Changes() {
			got = append(got, fmt.Sprint(c.Kind, " ", c.Table))
		}
		if strings.Join(got, ", ") != step.want || step.want == "" && after.Version() != before.Version() {
			t.Errorf("%s: %v, want %q; version %d after %d", step.line, got, step.want, after.Version(), before.Version())
		}
	}
	stop()
}

// TestWhereKernel: what a filter rules out by what tells records apart does not leave
// the kernel.
func TestWhereKernel(t *testing.T) {
	const routes = 500
	s := newScene(t)
	s.ip("link set lo up", "link add va index 100 type veth peer name vb index 101", "link set va up", "link set vb up", "addr add 10.1.0.1/24 dev va")
	w, err := churn.Open(&netlink.Options{Namespace: netlink.NamespaceFD(s.ns.FD())})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	change := func(del bool) {
		t.Helper()
		for i := range routes {
			for _, table := range []uint32{254, 1000} {
				r := churn.Simple(i%2 == 0, i, 100)
				if r.Table = table; table == 1000 && i >= 10 {
					continue
				}
				err := w.DelRoute(r)
				if !del {
					err = w.AddRoute(churn.Add, r)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	change(false)
	for _, tt := range []struct {
		w            where
		rows, events [2]int // at least and at most: with it left to the kernel
	}{
		{where{&routeDefinition, "table == 1000"}, [2]int{10, 12}, [2]int{20, 60}},
		{where{&routeDefinition, "table in (1000, 1001) && rtm-family == inet6"}, [2]int{5, 6}, [2]int{10, 60}},
		{where{&routeDefinition, "table == main && rtm-family == inet"}, [2]int{routes / 2, routes/2 + 10}, [2]int{routes, routes + 60}},
		{where{&routeDefinition, "oif == 100"}, [2]int{routes, 2 * routes}, [2]int{2 * routes, 3 * routes}},
	} {
		for _, off := range []bool{false, true} {
			var rows atomic.Int64
			o := s.options()
			o.noPushdown = off
			o.Netlink.Tap = func(d netlink.Direction, b []byte) {
				for m, err := range wire.Messages(b) {
					if d == netlink.Received && err == nil && m.Type() == rtmNewRoute && m.Flags().Has(wire.Multi) {
						rows.Add(1)
					}
				}
			}
			m := s.open(o, sources([]where{tt.w})...)
			if text := s.wrong(m, []where{tt.w}); text != "" {
				t.Error(text)
			}
			read, before := int(rows.Load()), m.Health().Feeds[0].Events
			change(true)
			change(false)
			if text := s.wrong(m, []where{tt.w}); text != "" {
				t.Error(text)
			}
			events := int(m.Health().Feeds[0].Events - before)
			t.Logf("%s, left to the kernel %v: %d rows, %d events", tt.w.text, !off, read, events)
			if !off && (read < tt.rows[0] || read > tt.rows[1] || events < tt.events[0] || events > tt.events[1]) {
				t.Errorf("%s: %d rows and %d events, want %v and %v", tt.w.text, read, events, tt.rows, tt.events)
			}
			if off && (read < routes || events < 2*routes) {
				t.Errorf("%s: %d rows and %d events although nothing is left to the kernel", tt.w.text, read, events)
			}
			if h := m.Health(); h.Feeds[0].Dropped != 0 || h.Feeds[0].Overruns != 0 {
				t.Errorf("%s: what is filtered out counts as lost: %+v", tt.w.text, h.Feeds[0])
			}
			m.Close()
		}
	}
}

// bridge runs lines of `bridge -batch` in the namespace.
func (s *scene) bridge(lines ...string) {
	s.Helper()
	s.sh("bridge -batch - <<END\n" + strings.Join(lines, "\n") + "\nEND")
}

// TestWhereForeign: events of types that no table has do not leave the kernel, though
// they come by the same group; nor do those of another family.
func TestWhereForeign(t *testing.T) {
	s := newScene(t)
	s.ip("link set lo up", "link add va index 100 type veth peer name vb index 101", "link set va up", "link set vb up", "link add bridge0 index 110 type bridge", "link set va master bridge0")
	m := s.open(s.options(), Neighbours)
	s.settled(m)
	before := m.Health().Feeds[0].Events
	var neighs, added, deleted []string
	for i := range 50 {
		neighs = append(neighs, fmt.Sprintf("neigh add 10.0.0.%d lladdr 02:00:00:00:00:01 dev vb nud permanent", i+1))
		added = append(added, fmt.Sprintf("fdb add 02:00:00:00:01:%02x dev va master", i))
		deleted = append(deleted, fmt.Sprintf("fdb del 02:00:00:00:01:%02x dev va master", i))
	}
	s.ip(neighs...)
	s.bridge(added...)
	s.equal(m, "neighbours", &neighbourDefinition)
	if n := m.Health().Feeds[0].Events - before; n < 50 || n >= 80 {
		t.Errorf("%d events of 50 neighbours and 50 addresses of a bridge", n)
	}
	all := s.options()
	all.noPushdown = true
	m = s.open(all, Neighbours)
	before = m.Health().Feeds[0].Events
	s.bridge(deleted...)
	s.settled(m)
	if n := m.Health().Feeds[0].Events - before; n < 50 {
		t.Errorf("%d events of 50 addresses of a bridge: they do not come by this group", n)
	}
}

// TestDatagrams: an announcement of rtnetlink is one message in one datagram, which is
// what a program that looks at the first alone relies on; but for queueing disciplines,
// where both messages are of one kind.
func TestDatagrams(t *testing.T) {
	s := newScene(t)
	s.ip("link set lo up", "link add va index 100 type veth peer name vb index 101", "link set va up")
	several := map[wire.Type]int{}
	seen := map[wire.Type]int{}
	o := &netlink.Options{Namespace: netlink.NamespaceFD(s.ns.FD()), ReceiveBuffer: 4 << 20, Tap: func(d netlink.Direction, b []byte) {
		if d != netlink.Received {
			return
		}
		var first wire.Type
		n := 0
		for m, err := range wire.Messages(b) {
			if err != nil {
				t.Errorf("%v in %x", err, b)
				return
			}
			if n++; n == 1 {
				first = m.Type()
				seen[first]++
				continue
			}
			several[first]++
			if m.Type()>>typeKind != first>>typeKind {
				t.Errorf("a message of type %d behind one of type %d", m.Type(), first)
			}
		}
	}}
	sub, err := netlink.Subscribe(wire.Route, o, groupLink, groupNeigh, groupTC, groupIPv4Addr, groupIPv6Addr, groupIPv4Route, groupIPv6Route, groupIPv4Rule, groupIPv6Rule, groupNexthop)
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	for _, line := range []string{
		"ip link set vb up", "ip addr add 10.1.0.1/24 dev va", "ip addr add fd00:1::1/64 dev va nodad", "ip route add 10.2.0.0/16 via 10.1.0.2",
		"ip route replace 10.2.0.0/16 via 10.1.0.3", "ip -6 route add fd00:2::/64 nexthop via fd00:1::2 nexthop via fd00:1::3",
		"ip -6 route append fd00:2::/64 via fd00:1::4", "ip -6 route del fd00:2::/64", "ip rule add from 10.0.0.0/8 table 100", "ip rule del table 100",
		"ip neigh add 10.1.0.9 lladdr 02:00:00:00:00:01 dev va", "ip nexthop add id 1 via 10.1.0.2 dev va", "ip route add 10.3.0.0/16 nhid 1",
		"ip link add bridge0 type bridge", "ip link set va master bridge0", "ip link set va nomaster",
		"tc qdisc add dev va root handle 1: pfifo", "tc qdisc replace dev va root handle 2: pfifo", "tc qdisc del dev va root",
		"ip addr flush dev va", "ip link set va down", "ip link del va",
	} {
		s.sh(line)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	mark, err := sub.Mark()
	if err != nil {
		t.Fatal(err)
	}
	for {
		ev, err := sub.Receive(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if ev.Overrun {
			t.Fatal("messages were lost")
		}
		if ev.Mark == mark {
			break
		}
	}
	for typ, n := range several {
		if typ != rtmDelQdisc {
			t.Errorf("%d datagrams that begin with type %d have several messages", n, typ)
		}
	}
	if several[rtmDelQdisc] == 0 {
		t.Error("no datagram has told of a queueing discipline that was replaced")
	}
	for _, typ := range []wire.Type{rtmNewLink, rtmDelLink, rtmNewAddr, rtmDelAddr, rtmNewRoute, rtmDelRoute, rtmNewRule, rtmDelRule, rtmNewNeigh, rtmNewNexthop} {
		if seen[typ] == 0 {
			t.Errorf("there was no event of type %d", typ)
		}
	}
}

// TestWhereShown reads a table of which only a part is shown.
func TestWhereShown(t *testing.T) {
	s := newScene(t)
	s.ip("link set lo up", "link add va index 100 type veth peer name vb index 101", "link set va up", "link set vb up", "addr add 192.0.2.1/24 dev va",
		"route add 10.0.0.0/8 via 192.0.2.2 proto bgp", "route add 10.1.0.0/16 via 192.0.2.3 proto static", "route add 10.1.2.0/24 via 192.0.2.4 proto static")
	table := Routes.Where("table == main").Where("rtm-protocol == bgp")
	m := s.open(s.options(), table)
	snap := m.Snapshot()
	r, ok := LookupRoute(snap, 254, netip.MustParseAddr("10.1.2.3"))
	if !ok || r.Header.DstLen != 8 {
		t.Errorf("found %+v, %v, want what is shown", r, ok)
	}
	if n := table.Len(snap); n != 1 {
		t.Errorf("%d records, want 1", n)
	}
	n := 0
	for range table.All(snap) {
		n++
	}
	for range table.ByLink(snap, 100) {
		n++
	}
	for range snap.All() {
		n++
	}
	if n != 3 {
		t.Errorf("%d records in three ways, want 3", n)
	}
	for key, value := range snap.find(table.def, Own).store.All() {
		got, ok := table.Get(snap, key)
		if want := hostOrder.Uint32(value[4:])>>8&0xff == 186; ok != want {
			t.Errorf("%x: %v, %v", key, got, ok)
		}
	}
	if h := m.Health().Tables[0]; h.Records != 1 {
		t.Errorf("health tells of %d records, want 1", h.Records)
	}
}
