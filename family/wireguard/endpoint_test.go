package wireguard_test

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/wireguard"
	"github.com/nlkit/nlkit/internal/testenv"
)

func TestMain(m *testing.M) { testenv.Main(m) }

func TestEndpoint(t *testing.T) {
	const zeros = "00000000"
	for _, tt := range []struct{ text, back, tail string }{
		// What follows the family, which is in the machine's byte order.
		{"192.0.2.7:51820", "192.0.2.7:51820", "ca6c" + "c0000207" + zeros + zeros},
		{"[::ffff:192.0.2.7]:1", "192.0.2.7:1", "0001" + "c0000207" + zeros + zeros},
		{"[2001:db8::8]:51820", "[2001:db8::8]:51820", "ca6c" + zeros + "20010db8" + zeros + zeros + "00000008" + zeros},
		{"[fe80::1%7]:53", "[fe80::1%7]:53", ""},
	} {
		var p wireguard.Peer
		if err := p.SetEndpointAddrPort(netip.MustParseAddrPort(tt.text)); err != nil {
			t.Fatal(err)
		}
		if got := p.EndpointAddrPort().String(); got != tt.back {
			t.Errorf("%s is %s when read back, want %s", tt.text, got, tt.back)
		}
		if got := hex.EncodeToString(p.Endpoint[2:]); tt.tail != "" && got != tt.tail {
			t.Errorf("%s is %s behind the family, want %s", tt.text, got, tt.tail)
		}
	}
}

func TestEndpointRefused(t *testing.T) {
	p := wireguard.Peer{Endpoint: []byte("before")}
	for _, tt := range []struct {
		addr netip.AddrPort
		want string
	}{
		{netip.AddrPort{}, "no address and port"},
		{netip.MustParseAddrPort("[fe80::1%eth0]:53"), `the zone "eth0" is not the index of a link`},
	} {
		if err := p.SetEndpointAddrPort(tt.addr); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: %v, want %s", tt.addr, err, tt.want)
		}
		if string(p.Endpoint) != "before" {
			t.Errorf("%v: the endpoint has changed: %x", tt.addr, p.Endpoint)
		}
	}
}

// TestEndpointMalformed reads what is no address, of every length.
func TestEndpointMalformed(t *testing.T) {
	var p wireguard.Peer
	if err := p.SetEndpointAddrPort(netip.MustParseAddrPort("[2001:db8::8]:51820")); err != nil {
		t.Fatal(err)
	}
	whole := p.Endpoint
	for n := range whole {
		p.Endpoint = whole[:n]
		if got := p.EndpointAddrPort(); got.IsValid() {
			t.Errorf("%d of %d bytes are read as %v", n, len(whole), got)
		}
	}
	p.Endpoint = make([]byte, len(whole)) // family 0
	if got := p.EndpointAddrPort(); got.IsValid() {
		t.Errorf("an address of no family is read as %v", got)
	}
}

func TestAllowedIPs(t *testing.T) {
	list := wireguard.AllowedIPs(netip.MustParsePrefix("10.0.7.0/24"), netip.Prefix{}, netip.MustParsePrefix("2001:db8::/48"))
	var got []string
	for _, ip := range list {
		got = append(got, fmt.Sprint(ip.Index, ip.Value.Family, ip.Value.Prefix()))
	}
	if want := "1 2 10.0.7.0/24|2 10 2001:db8::/48"; strings.Join(got, "|") != want {
		t.Errorf("made %q, want %q", got, want)
	}
	for _, ip := range []*wireguard.AllowedIP{
		{},
		{IPAddr: netip.MustParseAddr("10.0.0.0")},
		{CIDRMask: nl.U8(8)},
		{IPAddr: netip.MustParseAddr("10.0.0.0"), CIDRMask: nl.U8(33)},
	} {
		if got := ip.Prefix(); got != (netip.Prefix{}) {
			t.Errorf("%v is read as %v", ip, got)
		}
	}
}
