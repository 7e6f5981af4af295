package text

import (
	"encoding/binary"
	"net"
	"net/netip"
	"slices"
	"testing"

	"github.com/nlkit/nlkit/internal/rtnh"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/codec"
)

// legs are those of a route over eth0 (2) and a link without a name.
var legs = func() []byte {
	b := binary.NativeEndian.AppendUint16(nil, 16)
	b = binary.NativeEndian.AppendUint32(append(b, 0, 0), 2)
	b = append(binary.NativeEndian.AppendUint16(binary.NativeEndian.AppendUint16(b, 8), rtnh.Gateway), 10, 1, 0, 2)
	b = binary.NativeEndian.AppendUint16(b, 18)
	b = binary.NativeEndian.AppendUint32(append(b, 16, 2), 9)
	b = append(binary.NativeEndian.AppendUint16(binary.NativeEndian.AppendUint16(b, 10), rtnh.Via), 2, 0, 10, 1, 0, 3)
	return b
}()

// group is one of nexthop objects: 1 with no weight, and those that follow with weights,
// less one.
func group(weights ...uint16) []byte {
	b := append(binary.NativeEndian.AppendUint32(nil, 1), 0, 0, 0, 0)
	for i, w := range weights {
		b = binary.NativeEndian.AppendUint32(b, uint32(i+2))
		b = append(b, byte(w), byte(w>>8), 0, 0)
	}
	return b
}

// groupObject is a nexthop object for a group of others.
func groupObject(members []byte) codec.Object {
	return codec.Object{member("nh-family", ynl.U8, uint64(0)), attr("id", ynl.U32, uint64(3)), attr("group", ynl.Binary, members)}
}

// flagged is a route with flags.
func flagged(flags uint64) codec.Object {
	o := route("", 0, attr("oif", ynl.U32, uint64(2)))
	for i := range o {
		if o[i].Name == "rtm-flags" {
			o[i].Value = flags
		}
	}
	return o
}

func TestLine(t *testing.T) {
	p := NewPrinter(nil, Options{Interface: names})
	mac := net.HardwareAddr{2, 0, 0, 0, 0, 1}
	ip := netip.MustParseAddr("192.0.2.1")
	for _, tt := range []struct {
		o             codec.Object
		line, subject string
	}{
		{route("192.0.2.0", 24, attr("oif", ynl.U32, uint64(2)), attr("priority", ynl.U32, uint64(7))),
			"192.0.2.0/24 dev eth0 metric 7  rtm-family inet  rtm-protocol 2 (kernel)  rtm-scope 253 (link)", "192.0.2.0/24 dev eth0 metric 7"},
		{flagged(0x14), "default dev eth0 onlink linkdown  rtm-family inet  rtm-protocol 2 (kernel)  rtm-scope 253 (link)", "default dev eth0 onlink linkdown"},
		{flagged(0x90), "default dev eth0 linkdown  rtm-family inet  rtm-protocol 2 (kernel)  rtm-scope 253 (link)  rtm-flags 144 (linkdown|0x80)", "default dev eth0 linkdown"},
		{route("10.9.0.0", 16, attr("multipath", ynl.Binary, legs)),
			"10.9.0.0/16 via 10.1.0.2 dev eth0, via 10.1.0.3 dev 9 weight 3 linkdown  rtm-family inet  rtm-protocol 2 (kernel)  rtm-scope 253 (link)",
			"10.9.0.0/16 via 10.1.0.2 dev eth0, via 10.1.0.3 dev 9 weight 3 linkdown"},
		{route("10.9.0.0", 16, attr("multipath", ynl.Binary, []byte{12, 0, 0, 0, 2, 0, 0, 0, 4, 0, 22, 0})),
			"10.9.0.0/16 dev eth0  rtm-family inet  rtm-protocol 2 (kernel)  rtm-scope 253 (link)  multipath hex:0c0000000200000004001600",
			"10.9.0.0/16 dev eth0"}, // RTA_ENCAP
		{route("10.9.0.0", 16, attr("multipath", ynl.Binary, legs[:17])),
			"10.9.0.0/16  rtm-family inet  rtm-protocol 2 (kernel)  rtm-scope 253 (link)  multipath hex:1000000002000000080005000a01000212",
			"10.9.0.0/16"},
		{codec.Object{member("family", ynl.U8, "inet"), member("dst-len", ynl.U8, uint64(0)), member("src-len", ynl.U8, uint64(8)), member("action", ynl.U8, "to-tbl"),
			attr("table", ynl.U32, uint64(100)), attr("priority", ynl.U32, uint64(500)), attr("src", ynl.Binary, netip.MustParseAddr("10.0.0.0")), attr("iifname", ynl.String, "eth0")},
			"500: from 10.0.0.0/8 iif eth0 lookup 100  family inet", "500: from 10.0.0.0/8 iif eth0 lookup 100"},
		{codec.Object{member("ifi-index", ynl.S32, int64(2)), attr("ifname", ynl.String, "eth0"), attr("mtu", ynl.U32, uint64(1500)), attr("group", ynl.U32, uint64(0)),
			attr("linkinfo", ynl.Nested, codec.Object{attr("kind", ynl.String, "vlan"), attr("data", ynl.SubMsg, codec.Object{attr("id", ynl.U16, uint64(5))})})},
			"2: eth0  mtu 1500  linkinfo {kind vlan, data {id 5}}", "2: eth0"},
		{codec.Object{member("ifa-prefixlen", ynl.U8, uint64(32)), member("ifa-index", ynl.U32, uint64(2)), attr("local", ynl.Binary, ip), attr("address", ynl.Binary, netip.MustParseAddr("192.0.2.9"))},
			"192.0.2.1/32 dev eth0  address 192.0.2.9", "192.0.2.1/32 dev eth0"},
		{codec.Object{member("ndm-ifindex", ynl.S32, int64(2)), attr("dst", ynl.Binary, ip), attr("lladdr", ynl.Binary, mac)},
			"192.0.2.1 dev eth0  lladdr 02:00:00:00:00:01", "192.0.2.1 dev eth0"},
		{codec.Object{member("ndm-ifindex", ynl.S32, int64(2)), attr("lladdr", ynl.Binary, mac)},
			"02:00:00:00:00:01 dev eth0", "02:00:00:00:00:01 dev eth0"},
		{codec.Object{attr("priority", ynl.U32, uint64(7)), attr("a", ynl.U32, uint64(1)), attr("a", ynl.U32, uint64(2))}, "priority 7  a 1, 2", "priority 7  a 1, 2"},
		{codec.Object{attr("peers", ynl.Nested, codec.Array{{Index: 1, Value: codec.Object{attr("b", ynl.U8, uint64(1))}}, {Index: 2, Value: uint64(3)}}),
			attr("trees", ynl.Nested, []any{codec.Object{attr("c", ynl.U8, uint64(1)), attr("padding", ynl.Pad, []byte{0})}, uint64(4)})},
			"peers {{b 1}, 3}  trees {{c 1}, 4}", "peers {{b 1}, 3}  trees {{c 1}, 4}"},
		{codec.Object{attr("x", ynl.Nested, codec.Object{attr("zero", ynl.U8, uint64(0))}), attr("y", ynl.Nested, codec.Object{attr("zero", ynl.U8, uint64(0)), attr("one", ynl.U8, uint64(1))})},
			"y {one 1}", "y {one 1}"},
		{codec.Object{member("nh-family", ynl.U8, uint64(2)), attr("id", ynl.U32, uint64(1)), attr("gateway", ynl.Binary, ip), attr("oif", ynl.U32, uint64(2))},
			"id 1 via 192.0.2.1 dev eth0  nh-family inet", "id 1 via 192.0.2.1 dev eth0"},
		{groupObject(group(2, 257)),
			"id 3 group 1/2,3/3,258", "id 3 group 1/2,3/3,258"},
		{groupObject([]byte{1, 0, 0}),
			"id 3  group hex:010000", "id 3"},
		{route("", 24, attr("oif", ynl.U32, uint64(2))), // which no kernel sends
			"eth0  rtm-family inet  rtm-dst-len 24  rtm-table 254 (main)  rtm-protocol 2 (kernel)  rtm-scope 253 (link)  rtm-type unicast  oif 2 (eth0)", "eth0"},
		{codec.Object{}, "", ""},
	} {
		if got := p.Line(tt.o); got != tt.line {
			t.Errorf("line\n%s\nwant\n%s", got, tt.line)
		}
		if got := p.Subject(tt.o); got != tt.subject {
			t.Errorf("subject %q, want %q", got, tt.subject)
		}
	}
}

func TestDifferences(t *testing.T) {
	p := NewPrinter(nil, Options{Interface: names})
	nest := func(fields ...codec.Field) codec.Field { return attr("linkinfo", ynl.Nested, codec.Object(fields)) }
	for _, tt := range []struct {
		name     string
		old, new codec.Object
		want     []string
	}{
		{"nothing", link, link, nil},
		{"a value", codec.Object{attr("mtu", ynl.U32, uint64(1500))}, codec.Object{attr("mtu", ynl.U32, uint64(1400))}, []string{"mtu 1500 -> 1400"}},
		{"come", nil, codec.Object{attr("master", ynl.U32, uint64(2))}, []string{"+master 2 (eth0)"}},
		{"gone", codec.Object{attr("master", ynl.U32, uint64(2))}, nil, []string{"-master 2 (eth0)"}},
		{"flags", codec.Object{member("f", ynl.U32, codec.Flags{"up", "noarp"})}, codec.Object{member("f", ynl.U32, codec.Flags{"up", "running", "lower-up"})},
			[]string{"f +running|lower-up -noarp"}},
		{"flags and a number", codec.Object{member("f", ynl.U32, codec.Flags{"up"})}, codec.Object{member("f", ynl.U32, uint64(0))}, []string{"f up -> 0"}},
		{"inside", codec.Object{nest(attr("kind", ynl.String, "a"), nest(attr("x", ynl.U8, uint64(1))))},
			codec.Object{nest(attr("kind", ynl.String, "b"), nest(attr("x", ynl.U8, uint64(2)), attr("y", ynl.U8, uint64(3))))},
			[]string{"linkinfo.kind a -> b", "linkinfo.linkinfo.x 1 -> 2", "+linkinfo.linkinfo.y 3"}},
		{"several", codec.Object{attr("hop", ynl.U8, uint64(1)), attr("hop", ynl.U8, uint64(2)), attr("hop", ynl.U8, uint64(3))},
			codec.Object{attr("hop", ynl.U8, uint64(1)), attr("hop", ynl.U8, uint64(5))}, []string{"hop[1] 2 -> 5", "-hop[2] 3"}},
		{"an array", codec.Object{attr("p", ynl.IndexedArray, codec.Array{{Index: 4, Value: uint64(1)}})},
			codec.Object{attr("p", ynl.IndexedArray, codec.Array{{Index: 4, Value: uint64(2)}})}, []string{"p[4] 1 -> 2"}},
		{"another array", codec.Object{attr("p", ynl.IndexedArray, codec.Array{{Index: 4, Value: uint64(1)}})},
			codec.Object{attr("p", ynl.IndexedArray, codec.Array{{Index: 5, Value: uint64(1)}, {Index: 6, Value: uint64(2)}})}, []string{"p 1 -> 1, 2"}},
		{"a list", codec.Object{attr("p", ynl.Nested, []any{codec.Object{attr("c", ynl.U8, uint64(1))}, codec.Object{}})},
			codec.Object{attr("p", ynl.Nested, []any{codec.Object{attr("c", ynl.U8, uint64(2))}, codec.Object{}})}, []string{"p[0].c 1 -> 2"}},
		{"another kind", codec.Object{attr("p", ynl.Nested, uint64(1))}, codec.Object{attr("p", ynl.Nested, codec.Object{attr("c", ynl.U8, uint64(2))})}, []string{"p 1 -> {c 2}"}},
		{"members", groupObject(group()), groupObject(group(4)), []string{"group 1 -> 1/2,5"}},
		{"no members", groupObject(group()), groupObject([]byte{1}), []string{"group hex:0100000000000000 -> hex:01"}},
		{"members with more to them", groupObject(group()), groupObject(append(group()[:7:7], 1)), []string{"group hex:0100000000000000 -> hex:0100000000000001"}},
		{"legs", route("10.9.0.0", 16, attr("multipath", ynl.Binary, legs[:16])), route("10.9.0.0", 16, attr("multipath", ynl.Binary, legs)),
			[]string{"multipath via 10.1.0.2 dev eth0 -> via 10.1.0.2 dev eth0, via 10.1.0.3 dev 9 weight 3 linkdown"}},
		{"legs of others", codec.Object{attr("multipath", ynl.Binary, legs[:8])}, codec.Object{attr("multipath", ynl.Binary, legs[:9])},
			[]string{"multipath hex:1000000002000000 -> hex:100000000200000008"}},
		{"a group of others", codec.Object{attr("group", ynl.Binary, group())}, codec.Object{attr("group", ynl.Binary, group(4))},
			[]string{"group hex:0100000000000000 -> hex:01000000000000000200000004000000"}},
		{"padding", codec.Object{attr("p", ynl.Pad, []byte{0})}, nil, nil},
	} {
		if got := p.Differences(tt.old, tt.new); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
