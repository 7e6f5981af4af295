//go:build linux

package families_test

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/wireguard"
)

// setWireguard gives a device a key, a port and three peers, and reads them back.
func setWireguard(t *testing.T, w *world) {
	c := wireguard.New(w.typed(t))
	key := func(n byte) []byte { return bytes.Repeat([]byte{n}, 32) }
	private := key(1)
	private[0], private[31] = 0x48, 0x41 // as the kernel clamps it
	want := &wireguard.DeviceSetRequest{IfName: nl.Some("wg"), PrivateKey: private, ListenPort: nl.U16(51820), FwMark: nl.U32(0x77),
		Flags: nl.Some(wireguard.DeviceFlagReplacePeers)}
	for i := range byte(3) {
		p := &wireguard.Peer{
			PublicKey: key(i + 10), PresharedKey: key(i + 20), PersistentKeepaliveInterval: nl.U16(25 + uint16(i)),
			AllowedIPs: wireguard.AllowedIPs(
				netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 60, i, 0}), 24),
				netip.MustParsePrefix(fmt.Sprintf("fd60:%x::/48", i+1))),
		}
		endpoint := netip.AddrPortFrom(netip.AddrFrom4([4]byte{198, 51, 100, i + 1}), 51820+uint16(i))
		if i == 2 {
			endpoint = netip.MustParseAddrPort("[fd00::60]:51820")
		}
		if err := p.SetEndpointAddrPort(endpoint); err != nil {
			t.Fatal(err)
		}
		want.Peers = append(want.Peers, nl.List(p)...)
	}
	if err := c.DeviceSet(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	devices, err := nl.Collect(c.DeviceGetDump(t.Context(), &wireguard.DeviceGetDumpRequest{IfName: nl.Some("wg")}))
	if err != nil || len(devices) != 1 {
		t.Fatalf("%d devices, %v, want one", len(devices), err)
	}
	have := devices[0]
	if !bytes.Equal(have.PrivateKey, want.PrivateKey) || have.ListenPort != want.ListenPort || have.FwMark != want.FwMark || len(have.PublicKey) != 32 {
		t.Errorf("read back: %s", have)
	}
	if len(have.Peers) != len(want.Peers) {
		t.Fatalf("%d peers, want %d", len(have.Peers), len(want.Peers))
	}
	for _, p := range want.Peers {
		comparePeer(t, have.Peers, p.Value)
	}
	t.Logf("%d peers of %s with what they may send: set and read back", len(have.Peers), have.IfName.Value())
}

// comparePeer looks for a peer in what was read back.
func comparePeer(t *testing.T, peers []nl.Indexed[*wireguard.Peer], want *wireguard.Peer) {
	t.Helper()
	i := slices.IndexFunc(peers, func(p nl.Indexed[*wireguard.Peer]) bool { return bytes.Equal(p.Value.PublicKey, want.PublicKey) })
	if i < 0 {
		t.Errorf("no peer %x", want.PublicKey)
		return
	}
	have := peers[i].Value
	if !bytes.Equal(have.PresharedKey, want.PresharedKey) || have.PersistentKeepaliveInterval != want.PersistentKeepaliveInterval ||
		have.EndpointAddrPort() != want.EndpointAddrPort() {
		t.Errorf("have %s\nwant %s", have, want)
	}
	prefixes := func(p *wireguard.Peer) (list []string) {
		for _, a := range p.AllowedIPs {
			list = append(list, a.Value.Prefix().String())
		}
		slices.Sort(list)
		return list
	}
	if have, want := prefixes(have), prefixes(want); !slices.Equal(have, want) {
		t.Errorf("allowed are %v, want %v", have, want)
	}
}
