package rt

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os/exec"
	"reflect"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtaddr"
	"github.com/nlkit/nlkit/family/rtlink"
	"github.com/nlkit/nlkit/family/rtroute"
	"github.com/nlkit/nlkit/family/rtrule"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/netlink"
)

// scene is a network namespace of a test's own, and a Client in it.
type scene struct {
	*testing.T
	*Client
	ns *testenv.NetNS
}

func newScene(t *testing.T) *scene {
	t.Helper()
	ns := testenv.NewNetNS(t)
	c, err := Dial(t.Context(), &netlink.Options{Namespace: netlink.NamespaceFD(ns.FD())})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &scene{t, c, ns}
}

// must ends the test at an error.
func (s *scene) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// wants notes an error that is not the one expected.
func (s *scene) wants(what string, err, want error) {
	s.Helper()
	if !errors.Is(err, want) {
		s.Errorf("%s: %v, want %v", what, err, want)
	}
}

// pair makes two links that are each other's end and sets them up.
func (s *scene) pair(one, other string) (int32, int32) {
	s.Helper()
	link, err := s.AddLink(s.Context(), &rtlink.LinkNewRequest{
		IfName:   nl.Some(one),
		LinkInfo: &rtlink.LinkInfo{Data: &rtlink.LinkInfoVeth{Peer: &rtlink.Link{IfName: nl.Some(other)}}},
	})
	s.must(err)
	end, err := s.LinkByName(s.Context(), other)
	s.must(err)
	s.must(s.SetUp(s.Context(), link.Header.Index))
	s.must(s.SetUp(s.Context(), end.Header.Index))
	return link.Header.Index, end.Header.Index
}

// tool runs a program of iproute2 inside the namespace and returns what it prints.
func (s *scene) tool(args ...string) []byte {
	s.Helper()
	for _, tool := range []string{"nsenter", args[0]} {
		if _, err := exec.LookPath(tool); err != nil {
			testenv.Missing(s.T, "tools", "not installed: "+tool+" (Debian: apt install util-linux iproute2)")
		}
	}
	cmd := exec.CommandContext(s.Context(), "nsenter", append([]string{"--net=/proc/self/fd/3"}, args...)...)
	cmd.ExtraFiles = append(cmd.ExtraFiles, s.ns.File)
	out, err := cmd.CombinedOutput()
	if err != nil {
		s.Fatalf("%v: %v\n%s", args, err, out)
	}
	return out
}

// shows compares the fields that want has with what a program prints as JSON, a
// list of objects.
func (s *scene) shows(want []map[string]any, args ...string) {
	s.Helper()
	var got []map[string]any
	if out := s.tool(args...); len(out) > 0 {
		s.must(json.Unmarshal(out, &got))
	}
	// iproute2 prints empty objects for what it leaves out.
	full := got[:0]
	for _, o := range got {
		if len(o) > 0 {
			full = append(full, o)
		}
	}
	if len(full) != len(want) {
		s.Errorf("%v: %d objects, want %d: %v", args, len(full), len(want), full)
		return
	}
	for i, o := range want {
		for k, v := range o {
			if text, expected := fmt.Sprint(full[i][k]), fmt.Sprint(v); text != expected {
				s.Errorf("%v: %d: %s: %s, want %s", args, i, k, text, expected)
			}
		}
	}
}

type object = map[string]any

func TestLiveLinks(t *testing.T) {
	s := newScene(t)
	ctx := t.Context()
	left, right := s.pair("left", "right")
	link, err := s.LinkByIndex(ctx, left)
	s.must(err)
	if link.IfName.Value() != "left" || link.LinkInfo == nil || link.LinkInfo.Kind.Value() != "veth" || link.Link.Value() != uint32(right) {
		t.Errorf("left: %v", link)
	}
	_, err = s.AddLink(ctx, &rtlink.LinkNewRequest{IfName: nl.Some("left"), LinkInfo: &rtlink.LinkInfo{Data: &rtlink.LinkInfoBridge{}}})
	s.wants("a second left", err, netlink.EEXIST)
	var kernel *netlink.Error
	if !errors.As(err, &kernel) {
		t.Errorf("%T is not the kernel's error", err)
	}

	// The kernel chooses the number of a name, and tells it by an echo since 6.1.
	echoes := false
	request := &rtlink.LinkNewRequest{IfName: nl.Some("br%d"), LinkInfo: &rtlink.LinkInfo{Kind: nl.Some("bridge")}}
	s.must(s.LinkNew(ctx, request, nl.Create, nl.Excl, nl.EchoTo(func(nl.Notification) { echoes = true })))
	bridge, err := s.LinkByName(ctx, "br0")
	s.must(err)
	br, err := s.AddLink(ctx, request)
	if echoes {
		s.must(err)
		if br.IfName.Value() != "br1" || br.Header.Index == bridge.Header.Index {
			t.Errorf("another bridge: %v", br)
		}
		s.must(s.DelLink(ctx, br.Header.Index))
	} else {
		s.wants("a kernel that does not tell", err, errUntold)
		br, err := s.LinkByName(ctx, "br1")
		s.must(err)
		s.must(s.DelLink(ctx, br.Header.Index))
	}

	s.must(s.SetMaster(ctx, left, bridge.Header.Index))
	s.must(s.SetMTU(ctx, left, 1400))
	s.must(s.SetDown(ctx, right))
	s.must(s.SetName(ctx, right, "far"))
	s.shows([]object{{"ifname": "left", "mtu": 1400, "master": "br0"}}, "ip", "-j", "link", "show", "dev", "left")
	s.shows([]object{{"ifname": "far", "flags": []any{"BROADCAST", "MULTICAST"}}}, "ip", "-j", "link", "show", "dev", "far")
	s.must(s.SetMaster(ctx, left, 0))
	s.shows([]object{{"ifname": "left", "master": nil}}, "ip", "-j", "link", "show", "dev", "left")

	// Alternative names, a short one and one that is too long for IfName.
	long := strings.Repeat("long-name-", 5)
	s.must(s.LinkPropNew(ctx, &rtlink.LinkPropNewRequest{
		Header:   rtlink.IfInfoMsg{Index: left},
		PropList: &rtlink.PropListLink{AltIfName: []string{"also", long}},
	}, nl.Create, nl.Excl, nl.Append))
	for _, name := range []string{"left", "also", long} {
		link, err := s.LinkByName(ctx, name)
		s.must(err)
		if link.Header.Index != left {
			t.Errorf("%s is link %d, want %d", name, link.Header.Index, left)
		}
	}
	_, err = s.LinkByName(ctx, "nobody")
	s.wants("a name that is not there", err, netlink.ENODEV)

	s.must(s.DelLink(ctx, left))
	s.shows([]object{{"ifname": "lo"}, {"ifname": "br0"}}, "ip", "-j", "link", "show")
	s.wants("a link that is gone", s.DelLink(ctx, left), netlink.ENODEV)
	s.wants("a link that is gone", s.SetUp(ctx, left), netlink.ENODEV)
}

func TestLiveNamespace(t *testing.T) {
	s, far := newScene(t), newScene(t)
	ctx := t.Context()
	left, right := s.pair("left", "right")
	s.must(s.SetNamespace(ctx, right, netlink.NamespaceFD(far.ns.FD())))
	far.shows([]object{{"ifname": "lo"}, {"ifname": "right"}}, "ip", "-j", "link", "show")
	s.shows([]object{{"ifname": "lo"}, {"ifname": "left"}}, "ip", "-j", "link", "show")

	s.must(s.SetNamespace(ctx, left, netlink.NamespacePath(far.ns.Path())))
	far.shows([]object{{"ifname": "left"}}, "ip", "-j", "link", "show", "dev", "left")
	s.shows([]object{{"ifname": "lo"}}, "ip", "-j", "link", "show")

	var e *netlink.NamespaceError
	for _, ns := range []netlink.Namespace{netlink.NamespaceName("a/b"), netlink.NamespacePath("/nowhere"), netlink.NamespaceFD(-1)} {
		if err := s.SetNamespace(ctx, 1, ns); !errors.As(err, &e) {
			t.Errorf("%v: %v", ns, err)
		}
	}
	s.wants("no namespace", s.SetNamespace(ctx, 1, netlink.NamespacePath("/dev/null")), netlink.EINVAL)
}

func TestLiveAddrs(t *testing.T) {
	s := newScene(t)
	ctx := t.Context()
	s.must(s.SetUp(ctx, 1))
	left, right := s.pair("left", "right")
	one, two, six := netip.MustParsePrefix("192.0.2.1/24"), netip.MustParsePrefix("127.0.0.2/8"), netip.MustParsePrefix("2001:db8::1/64")
	s.must(s.AddAddr(ctx, left, one))
	s.must(s.AddAddr(ctx, 1, two))
	s.must(s.AddAddr(ctx, left, six))
	s.wants("again", s.AddAddr(ctx, left, one), netlink.EEXIST)
	s.must(s.ReplaceAddr(ctx, left, one))
	s.wants("no link", s.AddAddr(ctx, 99, one), netlink.ENODEV)

	s.shows([]object{{"addr_info": "[map[family:inet label:left local:192.0.2.1 preferred_life_time:4.294967295e+09 prefixlen:24 scope:global valid_life_time:4.294967295e+09]]"}},
		"ip", "-j", "-4", "addr", "show", "dev", "left")
	var scope []struct {
		AddrInfo []struct{ Local, Scope string } `json:"addr_info"`
	}
	s.must(json.Unmarshal(s.tool("ip", "-j", "-4", "addr", "show", "dev", "lo"), &scope))
	if len(scope) != 1 || len(scope[0].AddrInfo) == 0 || scope[0].AddrInfo[len(scope[0].AddrInfo)-1].Scope != "host" {
		t.Errorf("127.0.0.2: %+v", scope)
	}

	found := map[netip.Prefix]bool{}
	for a, err := range s.AddrGetDump(ctx, &rtaddr.AddrGetDumpRequest{Header: rtaddr.IfAddrMsg{Index: uint32(left)}}) {
		s.must(err)
		found[AddrPrefix(a)] = true
		if life := a.CacheInfo; a.Local == one.Addr() && (life == nil || life.Valid != Forever) {
			t.Errorf("%v does not last: %v", one, life)
		}
	}
	if !found[one] || !found[six] || found[two] {
		t.Errorf("addresses of left: %v", found)
	}

	req := AddrRequest(right, netip.MustParsePrefix("192.0.2.2/32"))
	req.Address = netip.MustParseAddr("198.51.100.1") // the other end's
	req.CacheInfo = &rtaddr.CacheInfo{Preferred: 100, Valid: 200}
	s.must(s.AddrNew(ctx, req, nl.Create, nl.Excl))
	s.shows([]object{{"addr_info": "[map[address:198.51.100.1 dynamic:true family:inet label:right local:192.0.2.2 preferred_life_time:100 prefixlen:32 scope:global valid_life_time:200]]"}},
		"ip", "-j", "-4", "addr", "show", "dev", "right")

	s.must(s.DelAddr(ctx, left, six))
	s.wants("gone", s.DelAddr(ctx, left, six), netlink.EADDRNOTAVAIL)
}

func TestLiveRoutes(t *testing.T) {
	s := newScene(t)
	ctx := t.Context()
	east, west := s.pair("east", "west")
	for index, prefixes := range map[int32][]string{east: {"192.0.2.1/24", "2001:db8::1/64"}, west: {"198.51.100.1/24", "2001:db8:f::1/64"}} {
		for _, p := range prefixes {
			req := AddrRequest(index, netip.MustParsePrefix(p))
			req.Flags.Set(rtaddr.FlagNoDAD)
			s.must(s.AddrNew(ctx, req, nl.Create, nl.Excl))
		}
	}
	west4, west6 := netip.MustParseAddr("198.51.100.9"), netip.MustParseAddr("2001:db8:f::9")
	hops := func(a, b netip.Addr) []Nexthop {
		return []Nexthop{{Via: a, Index: east, Weight: 3}, {Via: b, Index: west, Weight: 1}}
	}
	for _, c := range []struct {
		name  string
		route Route
		want  object
		hops  []Nexthop // as they are read again
	}{
		{"gateway", Route{Dst: net4, Via: gate4},
			object{"dst": "203.0.113.0/24", "gateway": "192.0.2.9", "dev": "east", "protocol": "static", "flags": "[]"}, []Nexthop{{Via: gate4, Index: east, Weight: 1}}},
		{"link", Route{Dst: net4, Index: west, Metric: 50, MTU: 1400, Src: netip.MustParseAddr("192.0.2.1")},
			object{"dst": "203.0.113.0/24", "dev": "west", "scope": "link", "metric": 50, "prefsrc": "192.0.2.1", "metrics": "[map[mtu:1400]]"}, []Nexthop{{Index: west, Weight: 1}}},
		{"on link", Route{Dst: net4, Via: netip.MustParseAddr("10.9.9.9"), Index: west, OnLink: true},
			object{"gateway": "10.9.9.9", "dev": "west", "flags": "[onlink]"}, []Nexthop{{Via: netip.MustParseAddr("10.9.9.9"), Index: west, Weight: 1, OnLink: true}}},
		{"IPv6 for IPv4", Route{Dst: net4, Via: gate6, Index: east},
			object{"via": "map[family:inet6 host:2001:db8::9]", "dev": "east"}, []Nexthop{{Via: gate6, Index: east, Weight: 1}}},
		{"blackhole", Route{Dst: net4, Type: rtroute.RtmTypeBlackhole},
			object{"type": "blackhole", "dst": "203.0.113.0/24", "scope": nil}, nil},
		{"everywhere", Route{Dst: netip.MustParsePrefix("0.0.0.0/0"), Nexthops: hops(gate4, west4)},
			object{"dst": "default", "nexthops": "[map[dev:east flags:[] gateway:192.0.2.9 weight:3] map[dev:west flags:[] gateway:198.51.100.9 weight:1]]"}, hops(gate4, west4)},
		{"both families", Route{Dst: net4, Nexthops: hops(gate6, west4)},
			object{"nexthops": "[map[dev:east flags:[] via:map[family:inet6 host:2001:db8::9] weight:3] map[dev:west flags:[] gateway:198.51.100.9 weight:1]]"}, hops(gate6, west4)},
		{"large table", Route{Dst: net4, Via: gate4, Table: 1000, Protocol: ProtoBoot},
			object{"table": "1000", "protocol": nil}, []Nexthop{{Via: gate4, Index: east, Weight: 1}}},
		{"IPv6 gateway", Route{Dst: net6, Via: gate6, Metric: 77},
			object{"dst": "2001:db8:1::/48", "gateway": "2001:db8::9", "dev": "east", "metric": 77}, []Nexthop{{Via: gate6, Index: east, Weight: 1}}},
		{"IPv6 blackhole", Route{Dst: net6, Type: rtroute.RtmTypeBlackhole},
			object{"type": "blackhole", "dst": "2001:db8:1::/48"}, []Nexthop{{Index: 1, Weight: 1}}}, // the kernel says lo
		{"IPv6 everywhere", Route{Dst: netip.MustParsePrefix("::/0"), Nexthops: hops(gate6, west6)},
			object{"dst": "default", "nexthops": "[map[dev:east flags:[] gateway:2001:db8::9 weight:3] map[dev:west flags:[] gateway:2001:db8:f::9 weight:1]]"}, hops(gate6, west6)},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &scene{t, s.Client, s.ns}
			family, dst := "-4", c.want["dst"]
			if !c.route.Dst.Addr().Is4() {
				family = "-6"
			}
			if dst == nil {
				dst = c.route.Dst.String()
			}
			s.must(s.AddRoute(ctx, c.route))
			s.wants("again", s.AddRoute(ctx, c.route), netlink.EEXIST)
			s.must(s.ReplaceRoute(ctx, c.route))
			s.shows([]object{c.want}, "ip", "-j", family, "route", "show", "table", "all", "exact", fmt.Sprint(dst))
			if read := s.find(c.route); len(read) != 1 || !reflect.DeepEqual(read[0], c.hops) {
				t.Errorf("read as %v, want %v", read, c.hops)
			}
			// By the destination alone, and the table.
			s.must(s.DelRoute(ctx, Route{Dst: c.route.Dst, Table: c.route.Table}))
			s.wants("gone", s.DelRoute(ctx, c.route), netlink.ESRCH)
		})
	}
	other := Route{Dst: net4, Via: gate4}
	s.must(s.AddRoute(ctx, other))
	other.Metric = 5
	s.wants("another metric", s.DelRoute(ctx, other), netlink.ESRCH)
	s.wants("no such gateway", s.AddRoute(ctx, Route{Dst: netip.MustParsePrefix("10.0.0.0/8"), Via: netip.MustParseAddr("10.1.1.1")}), netlink.ENETUNREACH)
}

// find returns the ways of the routes to r's destination, in r's table.
func (s *scene) find(r Route) (found [][]Nexthop) {
	s.Helper()
	req := &rtroute.RouteGetDumpRequest{Header: rtroute.RtMsg{Family: FamilyOf(r.Dst.Addr())}}
	if req.Table.Set(TableMain); r.Table != 0 {
		req.Table.Set(r.Table)
	}
	for route, err := range s.RouteGetDump(s.Context(), req) {
		s.must(err)
		if int(route.Header.DstLen) != r.Dst.Bits() || r.Dst.Bits() > 0 && route.Dst != r.Dst.Addr() {
			continue
		}
		hops, err := collect(Nexthops(route))
		s.must(err)
		found = append(found, hops)
	}
	return found
}

func TestLiveRules(t *testing.T) {
	s := newScene(t)
	ctx := t.Context()
	rule := &rtrule.RuleNewRequest{
		Header:   rtrule.Header{Family: nl.AFInet, SrcLen: 24, Action: rtrule.ActionToTbl},
		Src:      netip.MustParseAddr("192.0.2.0"),
		Priority: nl.U32(1000),
		Table:    nl.U32(100),
	}
	s.must(s.RuleNew(ctx, rule, nl.Create, nl.Excl))
	s.shows([]object{{"priority": 1000, "src": "192.0.2.0", "srclen": 24, "table": "100"}}, "ip", "-j", "rule", "show", "table", "100")
	s.must(s.RuleDel(ctx, (*rtrule.RuleDelRequest)(rule)))
	s.wants("gone", s.RuleDel(ctx, (*rtrule.RuleDelRequest)(rule)), netlink.ENOENT)
}

// TestLiveSubscribe has events of several families, in the kernel's order.
func TestLiveSubscribe(t *testing.T) {
	s := newScene(t)
	ctx := t.Context()
	sub, err := s.Subscribe(ctx)
	s.must(err)
	defer sub.Close()
	some, err := s.Subscribe(ctx, rtaddr.Events(rtaddr.GroupIPv4IfAddr))
	s.must(err)
	defer some.Close()

	left, _ := s.pair("left", "right")
	s.must(s.AddAddr(ctx, left, netip.MustParsePrefix("192.0.2.1/24")))
	wanted := []string{"newlink-ntf", "newaddr-ntf", "newroute-ntf"}
	for ev, err := range sub.Events(ctx) {
		s.must(err)
		if ev.Notification.NetlinkName() == wanted[0] {
			wanted = wanted[1:]
		}
		if len(wanted) == 0 {
			break
		}
	}
	for ev, err := range some.Events(ctx) {
		s.must(err)
		if a, ok := ev.Notification.(*rtaddr.AddrNewNotification); ok && AddrPrefix(&a.Addr) == netip.MustParsePrefix("192.0.2.1/24") {
			break
		} else if !ok {
			t.Errorf("%v", ev)
		}
	}
}
