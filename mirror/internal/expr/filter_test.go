package expr

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/codec"
	"github.com/nlkit/nlkit/ynl/specs"
)

// layout is that of an operation of the catalogue.
func layout(t testing.TB, spec, op string) codec.Layout {
	t.Helper()
	s, err := specs.Open(spec)
	if err != nil {
		t.Fatal(err)
	}
	o := s.Op(op)
	if o == nil {
		t.Fatalf("%s has no %s", spec, op)
	}
	return codec.Of(o)
}

// routeNames are those of routes, as the mirror has them.
var routeNames = Names{
	Otherwise: map[string]string{"table": "rtm-table"},
	Prefixes:  map[string]Prefix{"dst": {"rtm-dst-len", "rtm-family"}, "src": {"rtm-src-len", "rtm-family"}},
}

// record makes a record of values by name.
func record(t testing.TB, l codec.Layout, json string) []byte {
	t.Helper()
	v, err := codec.ParseJSON([]byte(json))
	if err != nil {
		t.Fatalf("%s: %v", json, err)
	}
	var b wire.Builder
	if err := l.Append(&b, v, codec.Options{Unchecked: true}); err != nil {
		t.Fatalf("%s: %v", json, err)
	}
	p, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// matches is a record, and filters that are to match it or, with a "-" before them,
// are not to.
type matches struct {
	name    string
	layout  codec.Layout
	names   Names
	record  string
	filters string
}

func TestMatch(t *testing.T) {
	route, link, addr := layout(t, "rt-route", "getroute"), layout(t, "rt-link", "getlink"), layout(t, "rt-addr", "getaddr")
	neigh, rule, wg := layout(t, "rt-neigh", "getneigh"), layout(t, "rt-rule", "getrule"), layout(t, "wireguard", "get-device")
	for _, tt := range []matches{
		{"an IPv4 route", route, routeNames,
			`{"rtm-family":2,"rtm-dst-len":16,"rtm-table":254,"rtm-protocol":186,"rtm-scope":253,"rtm-type":"unicast","rtm-flags":17,
			  "dst":"10.1.0.0","table":254,"gateway":"192.0.2.1","oif":7,"priority":20,"metrics":{"mtu":1400}}`,
			`table == main
			table == 254
			table == 0xfe
			-table == local
			-table != main
			table != local
			table in (local, main, 1000)
			-table in (local, default)
			table not in (local, default)
			table !in (local, default)
			-table not in (local, main)
			rtm-protocol == bgp
			rtm-protocol == 186
			rtm-protocol == BGP
			rtm-scope == link
			rtm-type == unicast
			-rtm-type == local
			rtm-family == inet
			dst == 10.1.0.0/16
			-dst == 10.1.0.0/17
			-dst == 10.1.0.0
			-dst == default
			dst != default
			dst in 10.0.0.0/8
			dst in 10.1.0.0/16
			-dst in 10.1.0.0/17
			-dst in fd00::/8
			dst in (192.168.0.0/16, 10.0.0.0/8)
			dst not in 192.168.0.0/16
			dst in 0.0.0.0/0
			-dst in ::/0
			gateway == 192.0.2.1
			gateway in 192.0.2.0/24
			-gateway in 192.0.3.0/24
			-gateway in ::/0
			gateway in (192.0.2.1, fe80::1)
			oif == 7
			dev == 7
			oif in (6, 7)
			has gateway
			-has prefsrc
			!has prefsrc
			not has prefsrc
			has metrics
			has metrics.mtu
			-has metrics.window
			metrics.mtu < 1500
			metrics.mtu <= 1400
			-metrics.mtu < 1400
			metrics.mtu >= 1400
			metrics.mtu > 1399
			-metrics.window < 5
			-metrics.window >= 0
			-metrics.window != 5
			!(metrics.window == 5)
			-prefsrc == 10.0.0.1
			-prefsrc != 10.0.0.1
			-prefsrc not in 10.0.0.0/8
			rtm-flags has 0x10
			rtm-flags has 1|0x10
			rtm-flags has dead|linkdown
			-rtm-flags has onlink
			rtm-flags == dead|16
			-rtm-flags has 2
			rtm-flags == 1|16
			table == main && oif == 7
			table == main and oif == 7
			-table == main && oif == 8
			table == main || oif == 8
			oif == 8 or table == main
			-oif == 8 || oif == 9
			oif == 8 && oif == 9 || table == main
			-oif == 8 && (oif == 9 || table == main)
			!(oif == 8 && oif == 9)
			!!oif == 7
			has attr-4
			attr-4 == ` + fmt.Sprintf("%08x", binary.BigEndian.Uint32(binary.NativeEndian.AppendUint32(nil, 7))) + `
			-has attr-60
			has table
			header:rtm-table == main`},
		{"a default route in a large table", route, routeNames,
			`{"rtm-family":10,"rtm-table":252,"table":1000,"multipath":"0a0b"}`,
			`dst == default
			dst == ::/0
			-dst == 0.0.0.0/0
			-dst != default
			-has dst
			dst in ::/0
			-dst in fd00::/8
			dst not in fd00::/8
			table == 1000
			rtm-table == 252
			-table == 252
			multipath == 0a0b
			multipath == 0a:0b
			multipath == 0x0a0b
			multipath != 0a
			multipath in (0a, 0a0b)`},
		{"a route without its table as an attribute", route, routeNames,
			`{"rtm-family":2,"rtm-table":254}`,
			`table == main
			-table == local
			table in (main)
			-has table`},
		{"an encapsulated route", route, routeNames,
			`{"rtm-family":2,"encap-type":6,"encap":{"xmit-headroom":5}}`,
			`encap(6).xmit-headroom == 5
			encap.xmit-headroom == 5
			-encap(1).ttl == 5
			has encap
			has encap(6)
			-has encap(1)`},
		{"a link", link, Names{},
			`{"ifi-index":-1,"ifi-type":1,"ifi-flags":["up","running"],"ifname":"eth 0","address":"02:00:00:00:00:01","operstate":6,"mtu":1500,
			  "prop-list":{"alt-ifname":["one","two"]},"linkinfo":{"kind":"vlan","data":{"id":5,"protocol":"8021q","flags":{"flags":["gvrp"],"mask":15}}}}`,
			`ifi-flags has up
			ifi-flags has up|running
			-ifi-flags has up|lower-up
			-ifi-flags has lower-up
			ifi-flags == up|running
			-ifi-flags == up
			ifi-flags != up
			ifi-flags in (up, up|running)
			ifi-type == ether
			ifi-index == -1
			ifi-index < 0
			-ifi-index > 0
			ifi-index >= -1
			dev == -1
			ifname == "eth 0"
			ifname == 'eth 0'
			-ifname == eth0
			ifname != eth0
			ifname in (eth0, "eth 0")
			ifname not in (eth0, eth1)
			address == 02:00:00:00:00:01
			address == 020000000001
			-address == 02:00:00:00:00:02
			address in (02:00:00:00:00:02, 02:00:00:00:00:01)
			operstate == up
			mtu > 1400 && mtu < 9000
			prop-list.alt-ifname == one
			prop-list.alt-ifname == two
			-prop-list.alt-ifname == three
			has prop-list.alt-ifname
			linkinfo.kind == vlan
			linkinfo.data(vlan).id == 5
			linkinfo.data(vlan).protocol == 8021q
			linkinfo.data(vlan).flags.flags has gvrp
			-linkinfo.data(vlan).flags.flags has reorder-hdr
			-linkinfo.data(vxlan).id == 5
			-linkinfo.data(vxlan).id != 5
			has linkinfo.data(vlan).id
			-has linkinfo.data(vxlan)
			has linkinfo.data`},
		{"an address", addr, Names{},
			`{"ifa-family":2,"ifa-prefixlen":24,"ifa-scope":254,"ifa-index":3,"local":"10.0.0.1","address":"10.0.0.1","broadcast":"10.0.0.255",
			  "flags":["permanent"],"cacheinfo":{"ifa-valid":4294967295}}`,
			`local in 10.0.0.0/24
			local == 10.0.0.1
			ifa-scope == host
			broadcast == 10.0.0.255
			broadcast in 10.0.0.0/8
			-broadcast in 11.0.0.0/8
			flags has permanent
			-flags has deprecated
			-ifa-flags has permanent
			cacheinfo.ifa-valid == forever
			has cacheinfo.ifa-valid
			dev == 3`},
		{"a neighbour", neigh, Names{},
			`{"ndm-family":2,"ndm-ifindex":3,"ndm-state":["permanent"],"ndm-flags":["self"],"dst":"10.0.0.2","lladdr":"02:00:00:00:00:01","port":4789,"protocol":3}`,
			`dst == 10.0.0.2
			dst in 10.0.0.0/8
			lladdr == 02:00:00:00:00:01
			ndm-state has permanent
			ndm-state == permanent
			ndm-state == stale|permanent || ndm-state in (stale, permanent)
			ndm-flags has self
			port == 4789
			protocol == boot
			ndm-ifindex == 3`},
		{"a rule", rule, Names{Prefixes: map[string]Prefix{"dst": {"dst-len", "family"}}},
			`{"family":2,"dst-len":8,"header:table":252,"action":"to-tbl","dst":"10.0.0.0","table":1000,"priority":5,"fwmark":16,"iifname":"eth0","uid-range":{"start":1,"end":9}}`,
			`table == 1000
			header:table == 252
			-header:table == main
			action == to-tbl
			fwmark == 0x10
			iifname == eth0
			dst == 10.0.0.0/8
			uid-range.end > 5
			-uid-range.end > 9
			has uid-range
			family == inet`},
		{"a peer", wg, Names{},
			`{"ifindex":3,"ifname":"wg0","peers":[{"public-key":"0a0b","persistent-keepalive-interval":25,"allowedips":[{"family":2,"cidr-mask":32,"ipaddr":"10.0.0.2"}]},
			  {"public-key":"0c"}]}`,
			`ifname == wg0
			dev == 3
			peers.public-key == 0a0b
			peers.public-key == 0c
			-peers.public-key == 0d
			peers.persistent-keepalive-interval == 25
			peers.allowedips.ipaddr == 10.0.0.2
			-peers.allowedips.ipaddr == 10.0.0.3`},
	} {
		r := record(t, tt.layout, tt.record)
		for line := range strings.SplitSeq(tt.filters, "\n") {
			text, negative := strings.CutPrefix(strings.TrimSpace(line), "-")
			f, err := Compile(text, tt.layout, tt.names)
			if err != nil {
				t.Errorf("%s: %s: %v", tt.name, text, err)
				continue
			}
			if got := f.Match(r); got == negative {
				t.Errorf("%s: %s: %v", tt.name, text, got)
			}
			if n := testing.AllocsPerRun(10, func() { f.Match(r) }); n != 0 {
				t.Errorf("%s: %s: %v allocations", tt.name, text, n)
			}
		}
	}
}
