package goname

// compounds has the words that the kernel runs together: here with "-" where
// they are taken apart.
var compounds = compoundsOf(linkWords, routeWords, trafficWords, netfilterWords, wirelessWords, otherWords)

// linkWords are those of links, addresses, neighbours and ethtool.
const linkWords = `
	ac-addr all-multi alt-if-name arp-filter arp-tables b-err bare-udp bat-adv bit-timing bool-opt br-port
	br-vlan cache-info cksum-v4 cksum-v5 ctrl-mode dad-failed def-rtr dev-conf down-delay drv-name
	dst-port e-switch e-sync ether-type flow-info flow-label gre-tap h-func h-key hash-size home-address
	hop-limit hw-addr hw-tstamp i-flags i-key if-addr if-alias if-group if-index if-info if-map if-name
	if-type in-dev ip-addr ip-tables ip-tun ip6-erspan ip6-gre ip6-gre-tap ip6-tables ip6-tnl l2-miss
	l3-miss len-bytes link-down link-info link-layer link-mode link-prop link-state link-up listen-only
	ll-addr local-bypass lock-time m-route mac-addr manage-temp-addr mc-addr mc-auto-join mii-mon msg-mask
	multi-proto n-disc neigh-tbl net-nsid new-dst no-arp no-carrier no-change no-dad no-dst no-handler
	no-mask no-partial no-policy no-prefix-route no-promisc no-xfrm o-flags o-key op-mode op-state
	oper-state opt-mask opt-val other-host p-info p-len phy-addr phy-index pmtu-disc port-sel prefix-len
	priv-flags prot-info proxy-arp q-len q-stats rate-limit rate-limit-host rem-csum rt-ext rx-err rx-fh
	spoof-chk src-port stale-time str-set string-set t-seg temp-addr ts-config ts-info tx-err tx-power
	tx-q tx-q-len tx-rate tx-time u-mcast up-delay v-clocks v-mark v-net v-port vf-info vni-filter
	vrf-table vsock-mon x-stats zero-copy
`

// routeWords are those of routes, rules, TCP metrics, and counters of IP.
const routeWords = `
	adv-mss ce-pkts clnt-ref csum-errors f-open fast-open first-use frag-creates frag-fails frag-oks
	h-limit icmp6-stats if-addr-msg if-info-msg iif-group iif-hw-addr iif-kind iif-name iif-pvid iif-type
	iif-v-proto in-addr-errors in-bcast-octets in-bcast-pkts in-delivers in-discards in-errors
	in-hdr-errors in-mcast-octets in-mcast-pkts in-msgs in-no-routes in-octets in-pkts in-too-big-errors
	in-truncated-pkts in-unknown-protos init-cwnd init-rwnd ip-proto last-use lc-block lc-node ndt-msg
	next-hop nf-gen-msg nl-msg-err no-ect-pkts oif-group oif-kind oif-name oif-type out-bcast-octets
	out-bcast-pkts out-discards out-errors out-forw-datagrams out-mcast-octets out-mcast-pkts out-msgs
	out-no-routes out-octets out-pkts out-requests pref-src quick-ack reasm-fails reasm-oks
	reasm-reqds reasm-timeout rt-class-id rt-gen-msg rt-msg rtt-var sdif-name tc-msg ts-age x-resolve
`

// trafficWords are those of traffic control.
const trafficWords = `
	adj-len av-rate avg-prob base-class bind-cnt block-id bucket-drop byte-mode bytes-in c-buffer c-tab
	c-tokens child-drop class-id clock-id cls-act conn-mark cp-mark ct-info def-cls e-action e-match
	e-matches e-type early-drop fast-path first-frag ge-model gi-model h-mask h-off head-drop hi-credit
	high-prio idle-slope l-delay l-max l-shift last-count lo-credit match-all max-packet max-prob max-q
	max-q-len meta-lst mq-prio n-bands n-keys n-matches n-strict net-len net-off off-mask off-off
	off-shift p-action p-burst p-drop p-limit p-log p-rate p-tab p-type p-val peak-rate penalty-drop
	pkt-burst pkt-rate prio-map prog-id q-ave q-opt q-th queue-drop r-cnt r-hit r-shift r-tab rate-spec
	rate2-quantum ref-cnt rt-work s-cell s-opt send-slope sfq-red size-spec skb-edit skb-len skb-mod
	skb-prio state-mask t-class t-filter t-size t-update tun-crit tun-csum tun-df tun-oam w-log
`

// netfilterWords are those of nftables and conntrack.
const netfilterWords = `
	addr-type avg-pkt b-route byte-order cgroup-v2 conn-limit ctr-zero d-addr d-port d-reg dyn-set
	event-mask ext-hdr gen-id h-to-n hdr-size hw-id ip-opt l3-proto l3-protocol l4-proto mac-decode
	max-ack max-ip min-ip n-to-h nf-log nf-proto nf-trace no-track num-gen obj-ref p-random pkt-type
	proto-info q-num q-threshold req-id s-addr s-port s-reg sec-ctx sec-path seq-adj set-elem sk-gid
	sk-uid snap-len syn-proxy t-proxy tcp-mss tcp-opt tcp-seq too-long ts-off user-data v-tag w-scale
`

// wirelessWords are those of nl80211.
const wirelessWords = `
	ack-to conn-lost ct-win ct-window d-link ht40-minus ht40-plus m-path max-num no-ack no-more-tokens
	off-channel p-link p-resp reg-db rx-mgmt short-preamble sub-cmd test-data test-mode u-link
`

// otherWords are those of the other families.
const otherWords = `
	all-squash allowed-ip bit-width c-mode client-hello cross-mount data-len dma-buf driver-init exp-key
	f-msg fs-location fsid-type grace-time has-pol ib-dev key-conf key-dir lease-time max-attr max-type
	mcast-grp n-pools no-acl no-auth-nlm no-hide no-read-dir-plus no-subtree-check not-set peer-name
	priv-key pseudo-flavor read-only rel-write root-squash sec-info seq-no server-hello sf-seq sock-fd
	ts-val v4-root xprt-sec
`

// maxPhrase is the number of words of the longest phrase.
const maxPhrase = 2

// phrases has words that mean something else where others stand beside them: in
// the pieces in which they are written.
var phrases = map[string]string{
	"can change":  "Can Change",
	"can monitor": "Can Monitor",
	"io eqs":      "IO EQs",
	"ip v4":       "IPv4",
	"ip v6":       "IPv6",
	"net ns":      "NetNS",
	"ns ip6":      "NS IP6", // neighbour solicitation
	"p2p ps":      "P2P PS", // power save
	"ps state":    "PS State",
	"ss id":       "String Set ID",
}

// renamed has the words that carry their family's name, which the package has
// already, and those that a spec or the kernel spells wrong: in the pieces in
// which they are written.
var renamed = map[string]string{
	"prefered":    "Preferred",
	"reodering":   "Reordering",
	"wgallowedip": "Allowed IP",
	"wgdevice":    "Device",
	"wgpeer":      "Peer",
}

// aliases has other names for names that begin with a digit: whole ones.
var aliases = map[string]string{
	"1mhz":               "width-1mhz",
	"2mhz":               "width-2mhz",
	"4mhz":               "width-4mhz",
	"8mhz":               "width-8mhz",
	"16mhz":              "width-16mhz",
	"2ghz":               "band-2ghz",
	"5ghz":               "band-5ghz",
	"6ghz":               "band-6ghz",
	"60ghz":              "band-60ghz",
	"2ghz-shortpreamble": "shortpreamble-2ghz",
}

// numerals has the words with a digit in front that can begin a name, as they are
// then spelled.
var numerals = map[string]string{
	"4addr": "Four Addr",
	"4way":  "Four Way",
	"6rd":   "Six RD",
}
