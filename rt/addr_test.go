package rt

import (
	"net/netip"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtaddr"
)

func TestFamilyOf(t *testing.T) {
	for _, c := range []struct {
		addr netip.Addr
		want uint8
	}{
		{netip.Addr{}, nl.AFUnspec},
		{netip.MustParseAddr("192.0.2.1"), nl.AFInet},
		{netip.MustParseAddr("2001:db8::1"), nl.AFInet6},
		{netip.MustParseAddr("::ffff:192.0.2.1"), nl.AFInet6},
	} {
		if got := FamilyOf(c.addr); got != c.want {
			t.Errorf("%v: %d, want %d", c.addr, got, c.want)
		}
	}
}

func TestAddrRequest(t *testing.T) {
	for _, c := range []struct {
		prefix string
		want   rtaddr.IfAddrMsg
	}{
		{"192.0.2.1/24", rtaddr.IfAddrMsg{Family: nl.AFInet, PrefixLen: 24, Index: 7}},
		{"127.0.0.2/8", rtaddr.IfAddrMsg{Family: nl.AFInet, PrefixLen: 8, Index: 7, Scope: ScopeHost}},
		{"2001:db8::1/64", rtaddr.IfAddrMsg{Family: nl.AFInet6, PrefixLen: 64, Index: 7}},
		{"::1/128", rtaddr.IfAddrMsg{Family: nl.AFInet6, PrefixLen: 128, Index: 7}}, // the kernel knows its scope
	} {
		p := netip.MustParsePrefix(c.prefix)
		req := AddrRequest(7, p)
		if req.Header != c.want || req.Local != p.Addr() || req.Address != p.Addr() {
			t.Errorf("%v: %v", p, req)
		}
		if got := AddrPrefix((*rtaddr.Addr)(req)); got != p {
			t.Errorf("%v was read as %v", p, got)
		}
	}
	c := new(Client) // no request is made
	for _, err := range []error{
		c.AddAddr(t.Context(), 1, netip.Prefix{}), c.ReplaceAddr(t.Context(), 1, netip.Prefix{}), c.DelAddr(t.Context(), 1, netip.Prefix{}),
	} {
		if want := "rt: address invalid Prefix: want one with the length of its network, such as 192.0.2.1/24"; err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestAddrPrefix(t *testing.T) {
	local, other := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("198.51.100.1")
	for _, c := range []struct {
		name string
		addr rtaddr.Addr
		want netip.Prefix
	}{
		{"nothing", rtaddr.Addr{}, netip.Prefix{}},
		{"address alone", rtaddr.Addr{Header: rtaddr.IfAddrMsg{PrefixLen: 24}, Address: local}, netip.PrefixFrom(local, 24)},
		{"point to point", rtaddr.Addr{Header: rtaddr.IfAddrMsg{PrefixLen: 32}, Local: local, Address: other}, netip.PrefixFrom(local, 32)},
		{"a length that cannot be", rtaddr.Addr{Header: rtaddr.IfAddrMsg{PrefixLen: 33}, Address: local}, netip.Prefix{}},
	} {
		if got := AddrPrefix(&c.addr); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
