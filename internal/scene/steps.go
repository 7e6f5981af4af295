//go:build linux

package scene

// stepGroup is some lines of shell that are done in the namespace.
type stepGroup struct {
	name string
	// must says that the tests are of no use without: a kernel that lacks it
	// makes them skip. Every distribution's has these.
	must  bool
	lines []string
}

// steps fill the namespace, in order. $PEER is the other namespace. A group
// whose kernel part is an option of its own stands by itself.
var steps = append([]stepGroup{
	{"links", true, []string{
		"for f in all default; do cd /proc/sys/net/ipv6/conf/$f; echo 0 >accept_dad; echo 0 >accept_ra; echo 1 >addr_gen_mode; done",
		"ip link set lo up",
		"ip link add va index 10 address 02:00:00:00:00:10 txqueuelen 500 numtxqueues 2 numrxqueues 2 type veth peer name vb index 11 numtxqueues 2 numrxqueues 2",
		"ip link set va alias 'grüße – first'",
		"ip link property add dev va altname a-name-that-is-longer-than-fifteen",
		"ip link property add dev va altname va-two",
		"ip link add bri type bridge ageing_time 12300 forward_delay 1500 priority 4096 group_fwd_mask 8 mcast_querier 1",
		"ip link add vc type veth peer name vd",
		"ip link set vd master bri",
		"bridge link set dev vd cost 37 priority 5 learning on flood off hairpin on",
		"ip link add ve type veth peer name far netns $PEER",
		"for l in va vb vc vd ve bri; do ip link set $l up; done",
		"ip link set vc group 42",
	}},
	{"tun", true, []string{
		"ip tuntap add dev tun0 mode tun multi_queue user 1000 group 100",
		"ip tuntap add dev tap0 mode tap pi vnet_hdr",
	}},
	{"vxlan", true, []string{
		"ip link add vx4 mtu 1400 type vxlan id 100 local 10.0.0.1 remote 10.0.0.2 dstport 4789 dev va ttl 7 ageing 301 nolearning",
		"ip link add vx6 type vxlan id 16777215 local fd00::1 group ff05::100 dev va dstport 8472 udp6zerocsumtx",
		"ip link add vxm type vxlan external dstport 4790 vnifilter",
		"ip link set vx4 up",
		"ip link set vx6 protodown on",
		"ip link set vx6 protodown_reason 3 on",
		"bridge fdb add 02:00:00:00:00:c1 dev vx4 dst 10.0.0.5 vni 200 port 4791 self permanent",
	}},
	{"macvlan", true, []string{
		"ip link add mv0 link va type macvlan mode bridge",
		"ip link add mv1 link va type macvlan mode source",
		"ip link set mv1 type macvlan macaddr add 02:00:00:00:aa:01",
		"ip link add mt0 link vb type macvtap mode vepa",
	}},
	{"ipvlan", false, []string{"ip link add iv0 link vc type ipvlan mode l3 private"}},
	{"ipvtap", false, []string{"ip link add it0 link vc type ipvtap mode l3 private"}},
	{"ifb", false, []string{"ip link add ifb9 type ifb", "ip link set ifb9 up"}},
	{"dummy", false, []string{"ip link add dum type dummy"}},
	{"vlan", false, []string{"ip link add link ve name ve.7 type vlan id 7 protocol 802.1ad gvrp on ingress-qos-map 1:2 egress-qos-map 3:4"}},
	{"bond", false, []string{"ip link add bo type bond mode 802.3ad miimon 100", "ip link add bp type veth peer name bq", "ip link set bp master bo"}},
	{"vrf", false, []string{"ip link add vr type vrf table 77"}},
	{"geneve", false, []string{"ip link add ge type geneve id 9 remote 10.0.0.3 ttl 5"}},
	{"gre", false, []string{"ip link add gr type gretap local 10.0.0.1 remote 10.0.0.4 key 9", "ip link add gr6 type ip6gre local fd00::1 remote fd00::4"}},
	{"ipip", false, []string{"ip link add ii type ipip local 10.0.0.1 remote 10.0.0.4"}},
	{"sit", false, []string{"ip link add si type sit local 10.0.0.1 remote 10.0.0.5"}},
	{"vti", false, []string{"ip link add vt type vti local 10.0.0.1 remote 10.0.0.6 key 5"}},
	{"hsr", false, []string{"ip link add h0 type veth peer name h1", "ip link add hs type hsr slave1 h0 slave2 h1 version 1"}},
	{"macsec", false, []string{"ip link add link ve ms type macsec encrypt on"}},
	{"xfrm", false, []string{"ip link add xf type xfrm dev ve if_id 5"}},
	{"netkit", false, []string{"ip link add nk type netkit"}},
	{"wireguard", false, []string{"ip link add wg type wireguard"}},
	{"vcan", false, []string{"ip link add vcan0 type vcan"}},
	{"nlmon", false, []string{"ip link add nlm type nlmon"}},
	{"team", false, []string{"ip link add te type team"}},
	{"bareudp", false, []string{"ip link add bu type bareudp dstport 6635 ethertype mpls_uc"}},
	{"addresses", true, []string{
		"ip addr add 10.0.0.1/24 brd 10.0.0.255 dev va label va:main",
		"ip addr add 10.0.0.9/24 dev va metric 250 noprefixroute",
		"ip addr add 10.0.1.1 peer 10.0.1.2/32 dev vb scope link",
		"ip addr add 10.0.2.1/24 dev ve valid_lft 5000 preferred_lft 4000",
		"ip addr add fd00::1/64 dev va nodad",
		"ip addr add fe80::10/64 dev va nodad",
		"ip addr add 192.0.2.77/32 dev lo scope host",
		"ip addr add 10.9.0.1/24 dev bri",
		"ip maddr add 33:33:00:00:00:77 dev va",
	}},
	{"routes", true, []string{
		"ip route add 198.51.100.0/24 via 10.0.0.2 dev va metric 50 mtu lock 1300 advmss 1200 initcwnd 20 quickack 1 features ecn congctl cubic hoplimit 9 rto_min 40ms",
		"ip route add 198.51.101.0/24 proto 99 scope link dev va src 10.0.0.1 realm 5/6",
		"ip route add 203.0.113.0/24 nexthop via 10.0.0.2 dev va weight 3 nexthop via 10.9.0.2 dev bri weight 1 onlink",
		"ip route add blackhole 203.0.113.64/26",
		"ip route add throw 203.0.114.0/24 table 100",
		"ip route add default via 10.0.0.254 dev va table 1000 proto static",
		"ip route add 10.77.0.0/16 via inet6 fe80::99 dev va",
		"ip route add tos 0x10 10.78.0.0/16 dev va",
		"ip route add fd00:1::/64 via fd00::2 dev va metric 77 pref high expires 9000",
		"ip route add fd00:2::/48 nexthop via fd00::2 dev va nexthop via fd00::3 dev va weight 2",
		"ip route add unreachable fd00:3::/48",
		"ip nexthop add id 7 via 10.0.0.7 dev va",
		"ip route add 10.79.0.0/16 nhid 7",
	}},
	{"seg6", false, []string{
		"ip route add fd00:4::/48 encap seg6 mode encap segs fd00::aa,fd00::bb dev va",
		"ip route add fd00:5::/48 encap seg6local action End.X nh6 fd00::2 count dev va",
	}},
	{"encap ip", false, []string{"ip route add 10.80.0.0/16 encap ip id 100 dst 10.0.0.2 ttl 9 dev va", "ip route add fd00:6::/48 encap ip6 id 100 dst fd00::2 dev va"}},
	{"ioam6", false, []string{"ip route add fd00:7::/48 encap ioam6 mode inline trace prealloc type 0x800000 ns 1 size 12 dev va"}},
	{"encap mpls", false, []string{"ip route add 10.81.0.0/16 encap mpls 100/200 via 10.0.0.2 dev va"}},
	{"mpls", false, []string{"echo 1000 >/proc/sys/net/mpls/platform_labels", "ip -M route add 100 as 200/300 via inet 10.0.0.2 dev va"}},
	{"rules", true, []string{
		"ip rule add from 10.5.0.0/16 to 192.0.2.0/24 lookup 100 priority 1000",
		"ip rule add fwmark 0x10/0xff lookup 1000 priority 1001",
		"ip rule add iif va oif bri blackhole priority 1002",
		"ip rule add uidrange 100-200 lookup 253 priority 1003",
		"ip rule add ipproto tcp sport 1000-2000 dport 80 lookup 100 priority 1004 protocol 77",
		"ip rule add tos 0x10 lookup main suppress_prefixlength 8 suppress_ifgroup 42 priority 1005",
		"ip rule add goto 32766 from 10.6.0.0/16 priority 1006",
		"ip -6 rule add from fd00::/16 lookup 1000 priority 1007",
	}},
	{"neighbours", true, []string{
		"ip neigh add 10.0.0.2 lladdr 02:00:00:00:00:a2 dev va nud permanent protocol 99",
		"ip neigh add 10.0.0.3 lladdr 02:00:00:00:00:a3 dev va nud noarp extern_learn",
		"ip neigh add fd00::2 lladdr 02:00:00:00:00:b2 dev va nud permanent router",
		"ip neigh add proxy 10.0.0.50 dev va",
		"ip neigh add 10.9.0.45 dev bri managed nud none",
		"bridge fdb add 02:00:00:00:00:c2 dev vd master static",
		"bridge fdb add 02:00:00:00:00:c3 dev vd master static sticky",
	}},
	{"bridge vlan", false, []string{"ip link set bri type bridge vlan_filtering 1", "bridge vlan add dev vd vid 20-22 untagged", "bridge mdb add dev bri port vd grp 239.1.2.3 permanent"}},
	{"traffic", true, []string{
		"tc qdisc add dev va root handle 1: htb default 20 r2q 5",
		"tc class add dev va parent 1: classid 1:1 htb rate 100mbit ceil 200mbit",
		"tc class add dev va parent 1:1 classid 1:10 htb rate 10mbit ceil 50mbit prio 1 burst 15k cburst 20k quantum 3000",
		"tc class add dev va parent 1:1 classid 1:20 htb rate 5mbit ceil 100mbit prio 2",
		"tc class add dev va parent 1: classid 1:2 htb rate 40gbit ceil 80gbit",
		"tc qdisc add dev va parent 1:10 handle 10: tbf rate 1mbit burst 32kbit latency 400ms peakrate 2mbit minburst 1540",
		"tc filter add dev va parent 1: protocol ip prio 1 handle 800::1 u32 match ip dst 198.51.100.0/24 match ip protocol 6 0xff flowid 1:10",
		"tc filter add dev va parent 1: protocol ipv6 prio 3 u32 divisor 4",
		"tc qdisc add dev vb clsact",
		"tc filter add dev vb ingress protocol all prio 5 handle 1 bpf bytecode '4,48 0 0 0,21 0 1 96,6 0 0 4294967295,6 0 0 0' flowid 1:1 action mirred egress redirect dev vc",
		"tc filter add dev vb egress protocol ip prio 6 u32 match u32 0 0 action mirred egress mirror dev vc",
		"tc chain add dev vb ingress chain 7",
		"tc qdisc add dev vc root handle 5: bfifo limit 30000",
		"tc qdisc add dev vc ingress",
		"tc filter add dev vc ingress protocol ip prio 1 u32 match ip src 10.0.0.0/8 flowid :1",
		"tc qdisc add dev bri root handle 9: tbf rate 800kbit burst 1600 limit 3000",
		"tc qdisc add dev ve root handle 7: tbf rate 40gbit burst 10mb limit 20mb",
	}},
	{"fq_codel", false, []string{"tc qdisc add dev va parent 1:20 handle 20: fq_codel limit 99 target 4ms"}},
	{"sfq", false, []string{"tc qdisc add dev va parent 1:2 handle 30: sfq perturb 10"}},
	{"netem", false, []string{"tc qdisc add dev tap0 root handle 8: netem delay 10ms 1ms loss 1% rate 1mbit"}},
	{"prio", false, []string{"tc qdisc add dev vd root handle 6: prio"}},
	{"cake", false, []string{"tc qdisc add dev mv0 root handle 6: cake bandwidth 10mbit"}},
	{"fq", false, []string{"tc qdisc add dev mv1 root handle 6: fq"}},
	{"police", false, []string{"tc filter add dev vb ingress protocol ip prio 9 u32 match u32 0 0 police rate 1mbit burst 20k drop"}},
	{"flower", false, []string{"tc filter add dev vb ingress protocol ip prio 10 flower ip_proto tcp dst_ip 10.0.0.0/8 dst_port 80 action drop"}},
	{"matchall", false, []string{"tc filter add dev vb egress protocol all prio 11 matchall action ok"}},
	{"nftables", true, []string{"nft -f - <<'N'\n" + rules + "N"}},
	{"nftables u", true, []string{
		"nft 'add table inet u; add chain inet u in { type filter hook input priority 20; policy accept; }'",
		"nft add rule inet u in iifname lo accept", // the tests' own connection
	}},
	{"nftables objects", false, []string{
		"nft 'add counter inet u c1 { packets 5 bytes 500 ; }'", "nft 'add quota inet u q1 { over 10 mbytes used 1 mbytes ; }'",
		"nft 'add limit inet u l1 { rate 10/second burst 5 packets ; }'",
	}},
	{"nftables helper", false, []string{"nft 'add ct helper inet u h1 { type \"ftp\" protocol tcp; l3proto ip; }'"}},
	{"nftables timeout", false, []string{"nft 'add ct timeout inet u t1 { protocol tcp; policy = { established: 120 }; }'"}},
	{"nftables synproxy", false, []string{"nft 'add synproxy inet u y1 { mss 1460; wscale 7; timestamp; }'"}},
	{"nftables dynamic", false, []string{"nft 'add set inet u dyn { type ipv4_addr; flags dynamic,timeout; timeout 60s; size 9; }'"}},
	{"nftables nat", false, []string{
		"nft 'add table ip nat4; add chain ip nat4 post { type nat hook postrouting priority 100; }; add chain ip nat4 pre { type nat hook prerouting priority -100; }'",
	}},
	{"nftables flowtable", false, []string{"nft 'add table inet ft; add flowtable inet ft f { hook ingress priority 0; devices = { va, vb }; }'"}},
	{"conntrack", false, []string{
		"conntrack -I -p tcp -s 10.1.1.1 -d 10.1.1.2 --sport 1111 --dport 2222 --state ESTABLISHED -t 86400 -m 42 -u ASSURED",
		"conntrack -I -p udp -s fd00::11 -d fd00::22 --sport 53 --dport 5353 -t 86400",
		"conntrack -I -p icmp -s 10.1.1.3 -d 10.1.1.4 --icmp-type 8 --icmp-code 0 --icmp-id 77 -t 86400",
	}},
	{"expectations", false, []string{
		"conntrack -I expect -p tcp --orig-src 10.1.1.1 --orig-dst 10.1.1.2 --orig-port-src 1111 --orig-port-dst 2222" +
			" --tuple-src 10.1.1.1 --tuple-dst 10.1.1.2 --tuple-port-src 0 --tuple-port-dst 2021 --mask-src 255.255.255.255 --mask-dst 255.255.255.255 --mask-port-src 0 --mask-port-dst 65535 -t 600",
	}},
	{"mptcp", false, []string{
		"ip mptcp limits set subflows 4 add_addr_accepted 2",
		"ip mptcp endpoint add 10.0.0.1 id 1 signal dev va",
		"ip mptcp endpoint add fd00::1 id 2 subflow backup",
		"ip mptcp endpoint add 10.0.0.9 id 3 port 4433 signal",
	}},
	{"fou", false, []string{"ip fou add port 7777 ipproto 4"}},
	{"ethtool", false, []string{"ethtool -K va tso off gro on", "ethtool -L va rx 2 tx 2"}},
}, rulesAlone()...)

// rules are what any kernel with nf_tables has.
const rules = `table inet t {
  comment "everything"
  set s4 { type ipv4_addr; flags interval; elements = { 10.0.0.0/24, 192.0.2.1 } }
  set s6 { type ipv6_addr . inet_service; elements = { fd00::1 . 80, fd00::2 . 443 } }
  set st { type inet_service; flags timeout; timeout 1h; gc-interval 10m; size 128; elements = { 22 timeout 30m comment "ssh" } }
  map m1 { type inet_service : verdict; elements = { 22 : accept, 80 : drop } }
  map m2 { type ipv4_addr : mark; elements = { 10.0.0.1 : 0x11, 10.0.0.2 : 0x22 } }
  chain sub {
    ip daddr & 255.255.255.0 == 192.0.2.0 return
    @th,0,16 != 99 continue
  }
  chain in {
    type filter hook input priority 10; policy accept;
    iifname "va" ip saddr @s4 counter packets 3 bytes 99 accept comment "first"
    meta l4proto tcp tcp dport { 22, 80, 443 } meta mark set 0x5
    tcp flags & (syn|ack) == syn meta mark set 0xabcd
    tcp dport vmap @m1
    ip saddr 10.0.0.0-10.0.0.9 goto sub
    ip saddr 1.2.3.4 drop
  }
}
table netdev nd {
  chain ing {
    type filter hook ingress device "vc" priority 0; policy drop;
    ip ttl 1 accept
  }
}
`

// optionalRules are of table u, one by one: each is an option of nf_tables that
// small kernels lack.
var optionalRules = []string{
	"inet u in ct state established,related accept",
	"inet u in limit rate 10/second burst 5 packets",
	"inet u in ct mark set 0x5",
	"inet u in log prefix '\"t \"' level info",
	"inet u in log prefix '\"lg\"' group 3 snaplen 20",
	"inet u in reject with icmpx type admin-prohibited",
	"inet u in fib daddr type local accept",
	"inet u in fib saddr oif va drop",
	"inet u in numgen random mod 4 '<' 2 accept",
	"inet u in numgen inc mod 3 0 accept",
	"inet u in jhash ip saddr mod 7 seed 0xdead 1 accept",
	"inet u in quota over 100 bytes drop",
	"inet u in quota name '\"q1\"' drop",
	"inet u in counter name '\"c1\"'",
	"inet u in limit name '\"l1\"'",
	"inet u in ct count over 20 drop",
	"inet u in socket transparent 1 accept",
	"inet u in rt classid 5 accept",
	"inet u in osf name '\"Linux\"'",
	"inet u in queue num 1-3 bypass",
	"inet u in meta time '<' 1000 accept",
	"inet u in tcp option maxseg size set 1400",
	"inet u in exthdr frag exists drop",
	"inet u in add @dyn '{' ip saddr limit rate 5/second '}'",
	"ip nat4 post oifname va ip saddr 10.5.0.0/16 masquerade random",
	"ip nat4 post ip daddr 192.0.2.9 ip protocol tcp snat to 10.0.0.1-10.0.0.9:1024-2048 persistent",
	"ip nat4 pre tcp dport 8080 redirect to :80",
	"ip nat4 pre tcp dport 8081 dnat to 10.0.0.2:81",
	"netdev nd ing ip ttl 2 fwd to vb",
	"netdev nd ing ip ttl 3 dup to vb",
	"inet u in ip daddr set 10.0.0.9",
	"inet u in notrack",
}

// rulesAlone makes a group of each of them.
func rulesAlone() []stepGroup {
	var out []stepGroup
	for _, r := range optionalRules {
		out = append(out, stepGroup{"rule", false, []string{"nft add rule " + r}})
	}
	return out
}
