//go:build linux

package mirrors_test

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/wireguard"
	"github.com/nlkit/nlkit/mirror"
)

// TestVRF moves a link into a VRF and out of it, and deletes the VRF while it is there:
// its routes change their table, and the kernel tells half of it.
func TestVRF(t *testing.T) {
	load(t, "vrf", "veth")
	w := newWorld(t, "ip link set lo up",
		"ip link add va index 100 type veth peer name vb && ip link set va addrgenmode none && ip link set vb addrgenmode none && ip link set va up && ip link set vb up",
		"ip link add vrf0 type vrf table 10 && ip link set vrf0 addrgenmode none && ip link set vrf0 up",
		"ip addr add 10.1.0.1/24 dev va && ip addr add 10.3.0.1/24 dev va && ip addr add fd00:1::1/64 dev va nodad",
		"ip nexthop add id 1 via 10.1.0.9 dev va && ip nexthop add id 10 group 1",
		"ip route add 10.20.0.0/16 via 10.1.0.2 && ip route add 10.21.0.0/16 nhid 1 && ip route add 10.22.0.0/16 nhid 10",
		"ip route add 10.23.0.0/16 via 10.1.0.2 src 10.3.0.1 && ip -6 route add fd00:20::/64 via fd00:1::2")
	w.open(mirror.Links, mirror.Addrs, mirror.Routes, mirror.Nexthops, mirror.Rules, mirror.Neighbours)
	w.equal("at first")
	for _, line := range []string{
		"ip link set va master vrf0",
		"ip route add 10.30.0.0/16 via 10.1.0.2 table 10 && ip route add 10.31.0.0/16 dev vrf0",
		"ip addr del 10.3.0.1/24 dev va",
		"ip link set va nomaster",
		"ip link set va master vrf0",
		"ip route add 10.30.0.0/16 via 10.1.0.2 table 10",
		"ip link set vrf0 down",
		"ip link set vrf0 up",
		"ip link del vrf0",
	} {
		seen := w.watch()
		w.shell(line)
		done := time.Now()
		w.equal(line)
		lag := max(0, seen().Sub(done)).Round(time.Millisecond)
		t.Logf("%s: the last change was seen %v after the command", line, lag)
		// An emulated processor is slow: 100 ms are for a real one.
		if lag > 500*time.Millisecond {
			t.Errorf("%s: %v", line, lag)
		}
	}
}

// TestKinds makes links of many kinds, changes and deletes them.
func TestKinds(t *testing.T) {
	load(t, "veth", "dummy", "bridge", "bonding", "8021q", "macvlan", "ipvlan", "vxlan", "geneve", "ip_gre", "sit", "ifb")
	w := newWorld(t, "ip link set lo up", "ip link add d0 type dummy && ip link set d0 up && ip addr add 10.0.0.1/24 dev d0")
	w.open(mirror.Links, mirror.Addrs, mirror.Routes, mirror.FDB, mirror.Qdiscs)
	w.equal("at first")
	for _, line := range []string{
		"ip link add v7 link d0 type vlan id 7 && ip link set v7 up",
		"ip link add d2 type dummy && ip link add m0 link d0 type macvlan mode bridge && ip link add i0 link d2 type ipvlan",
		"ip link add x0 type vxlan id 7 dstport 4789 remote 10.0.0.9 dev d0 && ip link set x0 up",
		"ip link add g0 type geneve id 9 remote 10.0.0.9 && ip link add t0 type gretap local 10.0.0.1 remote 10.0.0.9 && ip link add s0 type sit local 10.0.0.1 remote 10.0.0.9",
		"ip link add b0 type bond mode 1 && ip link add d1 type dummy && ip link set d1 master b0 && ip link set b0 up",
		"ip link add br0 type bridge vlan_filtering 1 && ip link set t0 master br0 && ip link set br0 up && ip link set t0 up",
		"ip link set br0 type bridge ageing_time 100 && ip link set t0 type bridge_slave cost 9",
		"ip link set b0 type bond miimon 100 && ip link set d1 nomaster",
		"ip link set d0 down",
		"ip link set d0 up",
		"ip link del d0",
		"ip link del br0 && ip link del b0",
	} {
		w.shell(line)
		w.equal(line)
	}
}

// TestFlowtables makes flow tables of nf_tables, and takes their links away.
func TestFlowtables(t *testing.T) {
	load(t, "veth", "nf_tables", "nft_ct", "nf_flow_table_inet", "nft_flow_offload")
	w := newWorld(t, "ip link set lo up", "ip link add va type veth peer name vb && ip link add vc type veth peer name vd",
		"nft add table inet t && nft 'add flowtable inet t x { hook ingress priority 0; devices = { va }; }'")
	w.open(mirror.NFTTables, mirror.NFTChains, mirror.NFTRules, mirror.NFTFlowtables, mirror.NFTGeneration)
	w.equal("at first")
	for _, line := range []string{
		"nft 'add flowtable inet t y { hook ingress priority 0; devices = { vb, vc }; }'",
		"nft 'add chain inet t c { type filter hook forward priority 0; }' && nft add rule inet t c meta l4proto tcp flow add @y",
		"ip link del vc",
		"nft delete flowtable inet t x",
		"nft delete table inet t && nft add table inet u",
	} {
		w.shell(line)
		w.equal(line)
	}
}

// TestWireguard compares the peers of WireGuard's links with what was set.
func TestWireguard(t *testing.T) {
	load(t, "wireguard")
	w := newWorld(t, "ip link set lo up", "ip link add w0 index 70 type wireguard")
	table := mirror.Wireguard.Poll(50 * time.Millisecond)
	w.open(table)
	c, err := wireguard.Dial(t.Context(), w.options())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	key := func(n int) []byte { return bytes.Repeat([]byte{byte(n)}, 32) }
	set := func(link string, flags wireguard.PeerFlags, n, allowed int) {
		t.Helper()
		p := &wireguard.Peer{PublicKey: key(n), PresharedKey: key(n + 100), PersistentKeepaliveInterval: nl.U16(25), Flags: nl.Some(flags)}
		var list []netip.Prefix
		for i := range allowed {
			list = append(list, netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(n), byte(i >> 8), byte(i)}), 32))
		}
		p.AllowedIPs = wireguard.AllowedIPs(list...)
		if err := c.DeviceSet(t.Context(), &wireguard.DeviceSetRequest{IfName: nl.Some(link), PrivateKey: key(1), Peers: nl.List(p)}); err != nil {
			t.Fatal(err)
		}
	}
	// peers waits for what the mirror has to show: link, peer, and how many addresses
	// it may send from.
	peers := func(what string, want ...string) {
		t.Helper()
		var got []string
		for until := time.Now().Add(20 * time.Second); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
			got = nil
			for d := range table.All(w.m.Snapshot()) {
				var key byte
				allowed := 0
				for _, p := range d.Peers {
					key = p.Value.PublicKey[0]
					allowed += len(p.Value.AllowedIPs)
					if len(p.Value.PresharedKey) > 0 || len(d.PrivateKey) > 0 {
						t.Fatalf("%s: a secret is kept", what)
					}
				}
				got = append(got, fmt.Sprintf("%d:%d:%d", d.IfIndex.Value(), key, allowed))
			}
			slices.Sort(got)
			if slices.Equal(got, want) {
				return
			}
		}
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
	peers("at first")
	set("w0", 0, 10, 2)
	peers("one", "70:10:2")
	set("w0", 0, 11, 0)
	peers("two", "70:10:2", "70:11:0")
	set("w0", wireguard.PeerFlagReplaceAllowedIPs, 10, 1)
	peers("fewer addresses", "70:10:1", "70:11:0")
	set("w0", wireguard.PeerFlagRemoveMe, 11, 0)
	peers("one again", "70:10:1")
	// More than one message holds.
	for i := range 3 {
		set("w0", 0, 12+i, 700)
	}
	peers("many addresses", "70:10:1", "70:12:700", "70:13:700", "70:14:700")
	w.shell("ip link add w1 index 71 type wireguard")
	set("w1", 0, 20, 1)
	peers("another link", "70:10:1", "70:12:700", "70:13:700", "70:14:700", "71:20:1")
	w.shell("ip link del w0")
	peers("a link less", "71:20:1")
}
