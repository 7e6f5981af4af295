package rt

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtlink"
	"github.com/nlkit/nlkit/family/tc"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/netlink"
)

// TestLiveHTB makes a tree of classes and filters, and compares what tc(8) shows.
func TestLiveHTB(t *testing.T) {
	s := newScene(t)
	ctx := t.Context()
	left, _ := s.pair("left", "right")
	err := s.QdiscNew(ctx, &tc.QdiscNewRequest{
		Header:  tc.TcMsg{IfIndex: left, Parent: HandleRoot, Handle: Handle(1, 0)},
		Options: &tc.HTB{Init: &tc.HTBGlob{Version: 3, Rate2Quantum: 10, DefCls: 0x20}},
	}, nl.Create, nl.Excl)
	if errors.Is(err, netlink.ENOENT) || errors.Is(err, netlink.EOPNOTSUPP) {
		testenv.Missing(t, "htb", err.Error())
	}
	s.must(err)
	for minor, rates := range map[uint16][2]uint64{0x10: {12500000, 25000000}, 0x20: {8 << 30, 16 << 30}} {
		s.must(s.ClassNew(ctx, &tc.ClassNewRequest{
			Header:  tc.TcMsg{IfIndex: left, Parent: Handle(1, 0), Handle: Handle(1, minor)},
			Options: HTBClass(rates[0], rates[1]),
		}, nl.Create, nl.Excl))
	}
	err = s.ClassNew(ctx, &tc.ClassNewRequest{
		Header:  tc.TcMsg{IfIndex: left, Parent: Handle(1, 0), Handle: Handle(1, 0x30)},
		Options: HTBClass(0, 0),
	}, nl.Create, nl.Excl)
	s.wants("no rate", err, netlink.EINVAL)

	for class, err := range s.ClassGetDump(ctx, &tc.ClassGetDumpRequest{Header: tc.TcMsg{IfIndex: left}}) {
		s.must(err)
		rate, ceil := HTBRates(class.Options.(*tc.HTB))
		switch got := fmt.Sprint(HandleString(class.Header.Handle), " ", rate, " ", ceil); got {
		case "1:10 12500000 25000000", "1:20 8589934592 17179869184":
		default:
			t.Error(got)
		}
	}
	shown := string(s.tool("tc", "class", "show", "dev", "left"))
	for _, want := range []string{
		"class htb 1:10 root prio 0 rate 100Mbit ceil 200Mbit burst 51600b cburst 101600b",
		"class htb 1:20 root prio 0 rate 68719Mbit ceil 13743",
	} {
		if !strings.Contains(shown, want) {
			t.Errorf("tc shows\n%swant %s", shown, want)
		}
	}
	s.liveU32(left)
}

func (s *scene) liveU32(left int32) {
	ctx := s.Context()
	filter := func(prio, ethertype uint16, matches ...U32Match) error {
		return s.FilterNew(ctx, &tc.FilterNewRequest{
			Header:  tc.TcMsg{IfIndex: left, Parent: Handle(1, 0), Info: FilterInfo(prio, ethertype)},
			Options: U32(Handle(1, 0x10), matches...),
		}, nl.Create, nl.Excl)
	}
	const ipv4, ipv6 = 0x0800, 0x86dd
	want := map[uint16][]U32Match{
		1: {MatchDst(netip.MustParsePrefix("10.0.0.0/8"))},
		2: {MatchProtocol(6), MatchDstPort(443, 0xffff)},
		3: {MatchSrc(netip.MustParsePrefix("2001:db8::/33")), MatchProtocol6(17)},
		4: nil, // every packet
	}
	s.must(filter(1, ipv4, want[1]...))
	s.must(filter(2, ipv4, want[2]...))
	s.must(filter(3, ipv6, want[3]...))
	s.must(filter(4, ipv4, want[4]...))
	s.wants("too many keys", filter(5, ipv4, make(U32Match, 256)), netlink.EINVAL)

	n := 0
	for f, err := range s.FilterGetDump(ctx, &tc.FilterGetDumpRequest{Header: tc.TcMsg{IfIndex: left, Parent: Handle(1, 0)}}) {
		s.must(err)
		o, ok := f.Options.(*tc.U32)
		if !ok || !o.ClassID.IsSet() {
			continue // a hash table
		}
		n++
		prio, _ := ParseFilterInfo(f.Header.Info)
		if got, keys := U32Keys(o), slices.Concat(want[prio]...); !slices.Equal(got, keys) || o.ClassID.Value() != Handle(1, 0x10) {
			s.Errorf("filter %d: %v, want %v", prio, got, keys)
		}
	}
	if n != len(want) {
		s.Errorf("%d filters, want %d", n, len(want))
	}
	shown := string(s.tool("tc", "filter", "show", "dev", "left"))
	for _, line := range []string{
		"match 0a000000/ff000000 at 16", "match 00060000/00ff0000 at 8", "match 000001bb/0000ffff at 20",
		"match 20010db8/ffffffff at 8", "match 00000000/80000000 at 12", "match 00001100/0000ff00 at 4",
	} {
		if !strings.Contains(shown, line) {
			s.Errorf("tc shows\n%swant %s", shown, line)
		}
	}
}

// TestLiveVLANs sets and reads VLANs of bridges. A kernel that is built without them
// refuses the bridge that filters, and only that.
func TestLiveVLANs(t *testing.T) {
	s := newScene(t)
	ctx := t.Context()
	bridge, err := s.AddLink(ctx, &rtlink.LinkNewRequest{
		IfName:   nl.Some("br0"),
		LinkInfo: &rtlink.LinkInfo{Data: &rtlink.LinkInfoBridge{VLANFiltering: nl.U8(1), VLANDefaultPVID: nl.U16(0)}},
	})
	if errors.Is(err, netlink.EOPNOTSUPP) {
		// It is the VLANs that it refuses, and nothing else of the request.
		_, plain := s.AddLink(ctx, &rtlink.LinkNewRequest{IfName: nl.Some("br0"), LinkInfo: &rtlink.LinkInfo{Data: &rtlink.LinkInfoBridge{}}})
		s.must(plain)
		t.Logf("this kernel has no CONFIG_BRIDGE_VLAN_FILTERING: %v", err)
		return
	}
	s.must(err)
	left, _ := s.pair("left", "right")
	br := bridge.Header.Index
	s.must(s.SetMaster(ctx, left, br))
	s.must(s.AddVLAN(ctx, left, VLAN{ID: 10, PVID: true, Untagged: true}))
	s.must(s.AddVLAN(ctx, left, VLAN{ID: 20, Last: 4094}))
	s.must(s.AddVLAN(ctx, br, VLAN{ID: 20, Self: true}))
	s.must(s.DelVLAN(ctx, left, VLAN{ID: 22, Last: 4093}))
	s.wants("no VLAN", s.AddVLAN(ctx, left, VLAN{ID: 4095}), netlink.EINVAL)

	want := []PortVLAN{
		{left, VLAN{ID: 10, PVID: true, Untagged: true}}, {left, VLAN{ID: 20}}, {left, VLAN{ID: 21}}, {left, VLAN{ID: 4094}},
		{br, VLAN{ID: 20, Self: true}},
	}
	got, err := collect(s.VLANs(ctx))
	s.must(err)
	for _, v := range want {
		if !slices.Contains(got, v) {
			t.Errorf("%v: %+v is missing", got, v)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%v, want %v", got, want)
	}
	s.shows([]object{{"ifname": "left", "vlans": "[map[flags:[PVID Egress Untagged] vlan:10] map[vlan:20] map[vlan:21] map[vlan:4094]]"}},
		"bridge", "-j", "vlan", "show", "dev", "left")
	for _, v := range got {
		s.must(s.DelVLAN(ctx, v.Index, v.VLAN))
	}
	if got, err := collect(s.VLANs(ctx)); err != nil || len(got) != 0 {
		t.Errorf("after all were deleted: %v, %v", got, err)
	}
}
