package rt

import (
	"bytes"
	"net/netip"
	"slices"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtroute"
	"github.com/nlkit/nlkit/internal/rtnh"
)

var (
	gate4 = netip.MustParseAddr("192.0.2.9")
	gate6 = netip.MustParseAddr("2001:db8::9")
)

// nexthopCases are next hops, and how the kernel has them in RTA_MULTIPATH.
var nexthopCases = []struct {
	name   string
	family uint8
	hops   []Nexthop
	want   []byte
}{
	{"link alone", nl.AFInet, []Nexthop{{Index: 9, Weight: 1}},
		join(h16(8), []byte{0, 0}, h32(9))},
	{"gateway alone", nl.AFInet, []Nexthop{{Via: gate4, Weight: 256}},
		join(h16(16), []byte{0, 255}, h32(0), h16(8), h16(5), []byte{192, 0, 2, 9})},
	{"on link", nl.AFInet, []Nexthop{{Via: gate4, Index: 3, Weight: 3, OnLink: true}},
		join(h16(16), []byte{4, 2}, h32(3), h16(8), h16(5), []byte{192, 0, 2, 9})},
	{"IPv6", nl.AFInet6, []Nexthop{{Via: gate6, Index: 3, Weight: 1}},
		join(h16(28), []byte{0, 0}, h32(3), h16(20), h16(5), gate6.AsSlice())},
	{"IPv6 for IPv4", nl.AFInet, []Nexthop{{Via: gate6, Index: 3, Weight: 1}},
		join(h16(32), []byte{0, 0}, h32(3), h16(22), h16(18), h16(10), gate6.AsSlice(), []byte{0, 0})},
	{"IPv4 for IPv6", nl.AFInet6, []Nexthop{{Via: gate4, Index: 3, Weight: 1}},
		join(h16(20), []byte{0, 0}, h32(3), h16(10), h16(18), h16(2), []byte{192, 0, 2, 9, 0, 0})},
	{"several", nl.AFInet, []Nexthop{{Via: gate6, Index: 3, Weight: 2}, {Index: 9, Weight: 1}},
		join(h16(32), []byte{0, 1}, h32(3), h16(22), h16(18), h16(10), gate6.AsSlice(), []byte{0, 0}, h16(8), []byte{0, 0}, h32(9))},
}

func TestNexthops(t *testing.T) {
	for _, c := range nexthopCases {
		got, err := appendNexthops(nil, c.hops, c.family)
		if err != nil || !bytes.Equal(got, c.want) {
			t.Errorf("%s: made\n% x, %v, want\n% x", c.name, got, err, c.want)
		}
		read, err := collect(Nexthops(&rtroute.Route{Multipath: c.want}))
		if err != nil || !slices.Equal(read, c.hops) {
			t.Errorf("%s: read %v, %v, want %v", c.name, read, err, c.hops)
		}
		for range parseNexthops(c.want) {
			break // must not go on
		}
	}
	// No weight is a weight of one.
	b, err := appendNexthops(nil, []Nexthop{{Index: 9}}, nl.AFInet)
	if err != nil || !bytes.Equal(b, nexthopCases[0].want) {
		t.Errorf("no weight: % x, %v", b, err)
	}
}

// TestNexthopsSingle reads the one next hop of a route that has no list of them.
func TestNexthopsSingle(t *testing.T) {
	for _, c := range []struct {
		name  string
		route rtroute.Route
		want  []Nexthop
	}{
		{"blackhole", rtroute.Route{Header: rtroute.RtMsg{Type: rtroute.RtmTypeBlackhole}}, nil},
		{"link", rtroute.Route{OIF: nl.U32(4)}, []Nexthop{{Index: 4, Weight: 1}}},
		{"gateway", rtroute.Route{OIF: nl.U32(4), Gateway: gate4}, []Nexthop{{Via: gate4, Index: 4, Weight: 1}}},
		{"on link", rtroute.Route{Header: rtroute.RtMsg{Flags: 4}, OIF: nl.U32(4), Gateway: gate4}, []Nexthop{{Via: gate4, Index: 4, Weight: 1, OnLink: true}}},
		{"via", rtroute.Route{OIF: nl.U32(4), Via: viaValue(gate6)}, []Nexthop{{Via: gate6, Index: 4, Weight: 1}}},
		{"via of another kind", rtroute.Route{OIF: nl.U32(4), Via: join(h16(17), []byte{2, 0, 0, 0, 0, 1})}, []Nexthop{{Index: 4, Weight: 1}}},
	} {
		got, err := collect(Nexthops(&c.route))
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v, want %v", c.name, got, err, c.want)
		}
	}
	if got, err := collect(Nexthops(&rtroute.Route{Via: []byte{2}})); err == nil || len(got) != 0 ||
		err.Error() != "next hop: via: 1 bytes, want a family and an address" {
		t.Errorf("a via that is cut short: %v, %v", got, err)
	}
}

func TestNexthopsMalformed(t *testing.T) {
	good := join(h16(8), []byte{0, 0}, h32(9))
	for _, c := range []struct {
		name, want string
		value      []byte
	}{
		{"short", "next hop 1: 7 bytes, want at least 8", good[:7]},
		{"second short", "next hop 2: 3 bytes, want at least 8", join(good, []byte{1, 2, 3})},
		{"no length", "next hop 1: a length of 0 bytes, want 8 to 8", make([]byte, 8)},
		{"length below", "next hop 1: a length of 7 bytes, want 8 to 8", join(h16(7), good[2:])},
		{"length beyond", "next hop 1: a length of 9 bytes, want 8 to 8", join(h16(9), good[2:])},
		{"gateway's length", "next hop 1: gateway: an address of 3 bytes", join(h16(16), []byte{0, 0}, h32(0), h16(7), h16(5), []byte{1, 2, 3, 0})},
		{"via's length", "next hop 1: via: an address of 3 bytes for the family 2", join(h16(20), []byte{0, 0}, h32(0), h16(9), h16(18), h16(2), []byte{1, 2, 3, 0, 0, 0})},
		{"via of the other family", "next hop 1: via: an address of 4 bytes for the family 10", join(h16(20), []byte{0, 0}, h32(0), h16(10), h16(18), h16(10), []byte{1, 2, 3, 4, 0, 0})},
	} {
		_, err := collect(parseNexthops(c.value))
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	cut := join(h16(12), []byte{0, 0}, h32(0), h16(8), h16(5))
	if _, err := collect(parseNexthops(cut)); err == nil {
		t.Error("an attribute that is cut short was taken")
	}
}

func TestNexthopsRefused(t *testing.T) {
	for _, c := range []struct {
		hop  Nexthop
		want string
	}{
		{Nexthop{Index: 1, Weight: -1}, "next hop 2: weight -1: want 1 to 256"},
		{Nexthop{Index: 1, Weight: 257}, "next hop 2: weight 257: want 1 to 256"},
		{Nexthop{Weight: 1}, "next hop 2: neither a gateway nor a link: set Via, Index, or both"},
		{Nexthop{Via: netip.MustParseAddr("fe80::1%eth0"), Index: 1}, `next hop 2: gateway fe80::1%eth0: a zone is not sent: use WithZone(""), and set Index to the link's`},
	} {
		_, err := appendNexthops(nil, []Nexthop{{Index: 1}, c.hop}, nl.AFInet6)
		if err == nil || err.Error() != c.want {
			t.Errorf("%v: %v, want %s", c.hop, err, c.want)
		}
	}
}

// FuzzNexthops: what can be read can be made again, and read to the same.
func FuzzNexthops(f *testing.F) {
	for _, c := range nexthopCases {
		f.Add(c.want)
		f.Add(c.want[:len(c.want)-1])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var hops []Nexthop
		steps := 0
		for h, err := range parseNexthops(b) {
			if steps++; steps > len(b)/rtnh.HeaderLen+1 {
				t.Fatalf("%d steps for %d bytes", steps, len(b))
			}
			if err != nil {
				return
			}
			hops = append(hops, h)
		}
		for _, family := range []uint8{nl.AFInet, nl.AFInet6} {
			again, err := appendNexthops(nil, hops, family)
			if err != nil { // neither a gateway nor a link
				continue
			}
			if got, err := collect(parseNexthops(again)); err != nil || !slices.Equal(got, hops) {
				t.Fatalf("%v, then %v, %v", hops, got, err)
			}
		}
	})
}
