package rt

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtroute"
)

var (
	net4 = netip.MustParsePrefix("203.0.113.0/24")
	net6 = netip.MustParsePrefix("2001:db8:1::/48")
)

// TestRouteRequest compares the text of requests, without the header, and the
// headers.
func TestRouteRequest(t *testing.T) {
	for _, c := range []struct {
		name     string
		route    Route
		new, del rtroute.RtMsg // beside family and length
		want     rtroute.Route
	}{
		{"gateway", Route{Dst: net4, Via: gate4},
			rtroute.RtMsg{Table: 254, Protocol: 4, Type: 1}, rtroute.RtMsg{Table: 254, Scope: 255},
			rtroute.Route{Dst: net4.Addr(), Gateway: gate4}},
		{"link", Route{Dst: net4, Index: 3, Src: gate4, Metric: 50, MTU: 1400},
			rtroute.RtMsg{Table: 254, Protocol: 4, Scope: 253, Type: 1}, rtroute.RtMsg{Table: 254, Scope: 255},
			rtroute.Route{Dst: net4.Addr(), OIF: nl.U32(3), PrefSrc: gate4, Priority: nl.U32(50), Metrics: &rtroute.Metrics{MTU: nl.U32(1400)}}},
		{"everywhere", Route{Dst: netip.MustParsePrefix("0.0.0.0/0"), Via: gate6, Index: 3, OnLink: true, Table: 100},
			rtroute.RtMsg{Table: 100, Protocol: 4, Type: 1, Flags: 4}, rtroute.RtMsg{Table: 100, Scope: 255, Flags: 4},
			rtroute.Route{OIF: nl.U32(3), Via: viaValue(gate6)}},
		{"a large table", Route{Dst: net6, Type: rtroute.RtmTypeBlackhole, Table: 256, Protocol: ProtoBoot},
			rtroute.RtMsg{Protocol: 3, Type: 6}, rtroute.RtMsg{Protocol: 3, Scope: 255, Type: 6},
			rtroute.Route{Dst: net6.Addr(), Table: nl.U32(256)}},
		{"local", Route{Dst: net4, Index: 1, Type: rtroute.RtmTypeLocal, Table: TableLocal},
			rtroute.RtMsg{Table: 255, Protocol: 4, Scope: 254, Type: 2}, rtroute.RtMsg{Table: 255, Scope: 255, Type: 2},
			rtroute.Route{Dst: net4.Addr(), OIF: nl.U32(1)}},
		{"broadcast", Route{Dst: net4, Index: 1, Type: rtroute.RtmTypeBroadcast, Scope: ScopeSite},
			rtroute.RtMsg{Table: 254, Protocol: 4, Scope: 200, Type: 3}, rtroute.RtMsg{Table: 254, Scope: 200, Type: 3},
			rtroute.Route{Dst: net4.Addr(), OIF: nl.U32(1)}},
		{"anycast", Route{Dst: net6, Index: 1, Type: rtroute.RtmTypeAnycast},
			rtroute.RtMsg{Table: 254, Protocol: 4, Scope: 253, Type: 4}, rtroute.RtMsg{Table: 254, Scope: 255, Type: 4},
			rtroute.Route{Dst: net6.Addr(), OIF: nl.U32(1)}},
		{"several ways", Route{Dst: net4, Nexthops: nexthopCases[6].hops},
			rtroute.RtMsg{Table: 254, Protocol: 4, Type: 1}, rtroute.RtMsg{Table: 254, Scope: 255},
			rtroute.Route{Dst: net4.Addr(), Multipath: nexthopCases[6].want}},
	} {
		made, err := c.route.Request()
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		gone, err := c.route.DelRequest()
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for _, way := range []struct {
			name string
			got  *rtroute.Route
			head rtroute.RtMsg
		}{{"new", (*rtroute.Route)(made), c.new}, {"del", (*rtroute.Route)(gone), c.del}} {
			want := c.want
			want.Header = way.head
			want.Header.Family, want.Header.DstLen = FamilyOf(c.route.Dst.Addr()), uint8(c.route.Dst.Bits())
			if way.got.Header != want.Header || way.got.String() != want.String() {
				t.Errorf("%s, %s:\n%+v, want\n%+v\n%v, want\n%v", c.name, way.name, way.got.Header, want.Header, way.got, &want)
			}
		}
	}
}

func TestRouteRefused(t *testing.T) {
	zoned := netip.MustParseAddr("fe80::1%eth0")
	for _, c := range []struct {
		route Route
		want  string
	}{
		{Route{Via: gate4}, "rt: route to invalid Prefix: no destination: 0.0.0.0/0 or ::/0 is everywhere"},
		{Route{Dst: net6, Via: zoned}, "rt: route to 2001:db8:1::/48: gateway fe80::1%eth0: a zone is not sent"},
		{Route{Dst: net6, Src: zoned}, "rt: route to 2001:db8:1::/48: source fe80::1%eth0: a zone is not sent"},
		{Route{Dst: net4, Index: 1, Nexthops: []Nexthop{{Index: 1}}}, "rt: route to 203.0.113.0/24: next hops, and a gateway or link beside them"},
		{Route{Dst: net4, Nexthops: []Nexthop{{Index: 1}, {}}}, "rt: route to 203.0.113.0/24: next hop 2: neither a gateway nor a link"},
	} {
		c1 := new(Client) // no request is made
		for _, err := range []error{c1.AddRoute(t.Context(), c.route), c1.ReplaceRoute(t.Context(), c.route), c1.DelRoute(t.Context(), c.route)} {
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
		}
	}
}
