package lint

// moreHeaders are the headers of families whose spec does not name all of them.
var moreHeaders = map[string][]string{
	"conntrack": {
		"linux/netfilter/nfnetlink.h", "linux/netfilter/nfnetlink_conntrack.h", "linux/netfilter/nf_conntrack_common.h",
		"linux/netfilter/nf_conntrack_tcp.h", "linux/netfilter/nf_conntrack_tuple_common.h", "linux/netfilter/nf_conntrack_sctp.h",
	},
	"ethtool": {"linux/ethtool.h", "linux/ethtool_netlink.h", "linux/net_tstamp.h"},
	"nftables": {
		"linux/netlink.h", "linux/netfilter.h", "linux/netfilter/nf_tables.h", "linux/netfilter/nfnetlink.h", "linux/netfilter/nf_log.h",
		"linux/netfilter/nf_nat.h", "linux/netfilter/nf_conntrack_tuple_common.h", "linux/netfilter/nf_tables_compat.h",
	},
	"nlctrl":    {"linux/netlink.h"},
	"wireguard": {"linux/time_types.h"},
	"rt-addr":   {"linux/if_addr.h"},
	"rt-link": {
		"linux/if_link.h", "linux/if.h", "linux/if_ether.h", "linux/if_bridge.h", "linux/if_tunnel.h", "linux/if_vlan.h",
		"linux/ip.h", "linux/ipv6.h", "linux/snmp.h", "linux/icmpv6.h", "linux/veth.h", "linux/socket.h", "linux/can/netlink.h",
		"linux/wireguard.h", "linux/batman_adv.h",
	},
	"rt-neigh": {"linux/neighbour.h"},
	"rt-route": {"linux/lwtunnel.h", "linux/mpls_iptunnel.h", "linux/seg6_iptunnel.h"},
	"rt-rule":  {"linux/rtnetlink.h"},
	"tc":       {"linux/pkt_sched.h", "linux/rtnetlink.h", "linux/gen_stats.h", "linux/tc_ematch/tc_em_cmp.h"},
}

// opPrefixes are those of operations that the specs do not tell.
var opPrefixes = map[string]string{
	"conntrack": "IPCTNL_MSG_CT_",
	"nftables":  "NFT_MSG_",
}

// prefixes are those of C names that follow no rule, by family and set or enum.
var prefixes = map[string][]string{
	"conntrack/conntrack-stats-global-attrs": {"CTA_STATS_GLOBAL_"},
	"conntrack/expect-nat-attrs":             {"CTA_"},
	"conntrack/expect-attrs":                 {"CTA_"},
	"nftables/trace-types":                   {"NFT_TRACETYPE_"},
	"nftables/obj-tunnel-attrs":              {"NFTA_TUNNEL_KEY_"},
	"nftables/tunnel-ip-attrs":               {"NFTA_TUNNEL_KEY_IP_"},
	"nftables/tunnel-ip6-attrs":              {"NFTA_TUNNEL_KEY_IP6_"},
	"nftables/tunnel-opts-attrs":             {"NFTA_TUNNEL_KEY_OPTS_"},
	"nftables/tunnel-vxlan-attrs":            {"NFTA_TUNNEL_KEY_VXLAN_"},
	"nftables/tunnel-erspan-attrs":           {"NFTA_TUNNEL_KEY_ERSPAN_"},
	"nftables/tunnel-geneve-attrs":           {"NFTA_TUNNEL_KEY_GENEVE_"},

	"nftables/expr-attrs":              {"NFTA_EXPR_"},
	"conntrack/nf-ct-tcp-flags":        {"IP_CT_TCP_FLAG_", "IP_CT_TCP_"},
	"conntrack/nf-ct-tcp-state":        {"TCP_CONNTRACK_"},
	"conntrack/nf-ct-sctp-state":       {"SCTP_CONNTRACK_"},
	"conntrack/nf-ct-status":           {"IPS_"},
	"conntrack/counter-attrs":          {"CTA_COUNTERS_"},
	"conntrack/tuple-proto-attrs":      {"CTA_"},
	"conntrack/tuple-ip-attrs":         {"CTA_"},
	"conntrack/tuple-attrs":            {"CTA_"},
	"conntrack/protoinfo-tcp-attrs":    {"CTA_PROTOINFO_"},
	"conntrack/protoinfo-dccp-attrs":   {"CTA_PROTOINFO_"},
	"conntrack/protoinfo-sctp-attrs":   {"CTA_PROTOINFO_", "CTA_PROTOINFO_SCTP_"},
	"conntrack/protoinfo-attrs":        {"CTA_"},
	"conntrack/help-attrs":             {"CTA_"},
	"conntrack/nat-attrs":              {"CTA_"},
	"conntrack/seqadj-attrs":           {"CTA_SEQADJ_"},
	"conntrack/secctx-attrs":           {"CTA_"},
	"conntrack/synproxy-attrs":         {"CTA_SYNPROXY_"},
	"conntrack/filter-attrs":           {"CTA_FILTER_"},
	"conntrack/conntrack-attrs":        {"CTA_"},
	"conntrack/conntrack-stats-attrs":  {"CTA_STATS_"},
	"devlink/dpipe-header-id":          {"DEVLINK_DPIPE_HEADER_"},
	"nftables/numgen-attrs":            {"NFTA_NG_"},
	"nftables/batch-attrs":             {"NFNL_BATCH_"},
	"nftables/nft-hook-attrs":          {"NFTA_HOOK_"},
	"nftables/hook-dev-attrs":          {"NFTA_DEVICE_"},
	"nftables/nft-counter-attrs":       {"NFTA_COUNTER_"},
	"nftables/expr-list-attrs":         {"NFTA_LIST_"},
	"nftables/set-desc-concat-attrs":   {"NFTA_LIST_"},
	"nftables/set-list-attrs":          {"NFTA_LIST_"},
	"nftables/setelem-attrs":           {"NFTA_SET_ELEM_"},
	"nftables/setelem-list-elem-attrs": {"NFTA_LIST_"},
	"nftables/setelem-list-attrs":      {"NFTA_SET_ELEM_LIST_"},
	"nftables/expr-flow-offload-attrs": {"NFTA_FLOW_TABLE_"},
	"nftables/compat-target-attrs":     {"NFTA_TARGET_"},
	"nftables/compat-match-attrs":      {"NFTA_MATCH_"},
	"nftables/bitwise-ops":             {"NFT_BITWISE_"},
	"nftables/cmp-ops":                 {"NFT_CMP_"},
	"nftables/chain-flags":             {"NFT_CHAIN_"},
	"nftables/ct-direction":            {"IP_CT_DIR_"},
	"nftables/ct-keys":                 {"NFT_CT_"},
	"nftables/fib-flags":               {"NFTA_FIB_F_"},
	"nftables/fib-result":              {"NFT_FIB_RESULT_"},
	"nftables/log-flags":               {"NF_LOG_"},
	"nftables/log-level":               {"NFT_LOGLEVEL_"},
	"nftables/lookup-flags":            {"NFT_LOOKUP_F_"},
	"nftables/meta-keys":               {"NFT_META_"},
	"nftables/nat-range-flags":         {"NF_NAT_RANGE_"},
	"nftables/numgen-types":            {"NFT_NG_"},
	"nftables/object-type":             {"NFT_OBJECT_"},
	"nftables/payload-base":            {"NFT_PAYLOAD_"},
	"nftables/quota-flags":             {"NFT_QUOTA_F_"},
	"nftables/range-ops":               {"NFT_RANGE_"},
	"nftables/registers":               {"NFT_"},
	"nftables/reject-inet-code":        {"NFT_REJECT_"},
	"nftables/reject-types":            {"NFT_REJECT_"},
	"nftables/set-elem-flags":          {"NFT_SET_ELEM_"},
	"nftables/set-flags":               {"NFT_SET_"},
	"nftables/table-flags":             {"NFT_TABLE_F_"},
	"nftables/verdict-code":            {"NFT_", "NF_"},
	"nl80211/commands":                 {"NL80211_CMD_"},
	"nl80211/feature-flags":            {"NL80211_FEATURE_"},
	"nl80211/channel-type":             {"NL80211_CHAN_"},
	"nl80211/protocol-features":        {"NL80211_PROTOCOL_FEATURE_"},
	"nlctrl/attr-type":                 {"NL_ATTR_TYPE_"},
	"nlctrl/op-flags":                  {"GENL_"},
	"rt-link/ipv6-devconf":             {"DEVCONF_"},
	"rt-link/ifla-icmp6-stats":         {"ICMP6_MIB_"},
	"rt-link/ifla-inet6-stats":         {"IPSTATS_MIB_"},
	"rt-link/vlan-flags":               {"VLAN_FLAG_"},
	"rt-link/vlan-protocols":           {"ETH_P_"},
	"rt-link/ifla-vf-link-state-enum":  {"IFLA_VF_LINK_STATE_"},
	"rt-link/netkit-mode":              {"NETKIT_"},
	"rt-link/netkit-pairing":           {"NETKIT_DEVICE_"},
	"rt-link/ovpn-mode":                {"OVPN_MODE_"},
	"rt-neigh/nud-state":               {"NUD_"},
	"rt-neigh/ntf-flags":               {"NTF_"},
	"rt-neigh/ntf-ext-flags":           {"NTF_EXT_"},
	"rt-neigh/rtm-type":                {"RTN_"},
	"tc/cls-flags":                     {"TCA_CLS_FLAGS_"},
	"tc/hfsc-attrs":                    {"TCA_HFSC_"},
}

// exceptions are C names that no prefix makes: of attributes and entries by family,
// set or enum, and name; of operations, their replies and groups by family, the
// word "operations" or "groups", and name; of consts and structs by family and
// name; of members by family, struct and name.
var exceptions = map[string]string{
	"conntrack/operations/get-stats-global": "IPCTNL_MSG_CT_GET_STATS",
	"conntrack/operations/exp-get":          "IPCTNL_MSG_EXP_GET",
	"conntrack/operations/exp-new":          "IPCTNL_MSG_EXP_NEW",
	"conntrack/operations/exp-delete":       "IPCTNL_MSG_EXP_DELETE",
	"conntrack/operations/exp-new-ntf":      "IPCTNL_MSG_EXP_NEW",
	"conntrack/operations/exp-delete-ntf":   "IPCTNL_MSG_EXP_DELETE",
	"nftables/groups/mgmt":                  "NFNLGRP_NFTABLES",
	"nftables/groups/trace":                 "NFNLGRP_NFTRACE",
	"team/groups/change_event":              "TEAM_GENL_CHANGE_EVENT_MC_GRP_NAME",

	"rt-link/ifla-inet6-stats/ect0-pkts":                 "IPSTATS_MIB_ECT0PKTS",
	"rt-link/ifla-inet6-stats/ect1-pkts":                 "IPSTATS_MIB_ECT1PKTS",
	"ovs_flow/ovs-hash-alg/ovs-hash-alg-l4":              "OVS_HASH_ALG_L4",
	"ovs_vport/groups/ovs_vport":                         "OVS_VPORT_MCGROUP",
	"ovs_flow/groups/ovs_flow":                           "OVS_FLOW_MCGROUP",
	"ovs_datapath/groups/ovs_datapath":                   "OVS_DATAPATH_MCGROUP",
	"nl80211/groups/regulatory":                          "NL80211_MULTICAST_GROUP_REG",
	"nl80211/feature-flags/no-random-mac-addr":           "NL80211_FEATURE_ND_RANDOM_MAC_ADDR",
	"nl80211/commands/unexpected-4-addr-frame":           "NL80211_CMD_UNEXPECTED_4ADDR_FRAME",
	"conntrack/nf-ct-tcp-flags/unacked":                  "IP_CT_TCP_FLAG_DATA_UNACKNOWLEDGED",
	"conntrack/nf-ct-tcp-flags/maxack":                   "IP_CT_TCP_FLAG_MAXACK_SET",
	"conntrack/nf-ct-tcp-flags/challenge-ack":            "IP_CT_EXP_CHALLENGE_ACK",
	"conntrack/nf-ct-tcp-state/syn-sent2":                "TCP_CONNTRACK_SYN_SENT2",
	"conntrack/nf-ct-sctp-state/cloned":                  "SCTP_CONNTRACK_CLOSED",
	"conntrack/nf-ct-sctp-state/shutdown-received":       "SCTP_CONNTRACK_SHUTDOWN_RECD",
	"conntrack/nf-ct-sctp-state/shutdown-heartbeat-sent": "SCTP_CONNTRACK_HEARTBEAT_SENT",
	"conntrack/nf-ct-status/seq-adj":                     "IPS_SEQ_ADJUST",
	"conntrack/nf-ct-status/nat-clash":                   "IPS_UNTRACKED",
	"conntrack/nf-ct-tcp-flags-mask":                     "nf_ct_tcp_flags",
	"conntrack/operations/get-stats":                     "IPCTNL_MSG_CT_GET_STATS_CPU",
	"conntrack/nat-proto-attrs/nat-port-min":             "CTA_PROTONAT_PORT_MIN",
	"conntrack/nat-proto-attrs/nat-port-max":             "CTA_PROTONAT_PORT_MAX",
	"conntrack/counter-attrs/packets-old":                "CTA_COUNTERS32_PACKETS",
	"conntrack/counter-attrs/bytes-old":                  "CTA_COUNTERS32_BYTES",
	"ethtool/phy-upstream-type/mac":                      "PHY_UPSTREAM_MAC",
	"ethtool/phy-upstream-type/phy":                      "PHY_UPSTREAM_PHY",
	"nftables/nft-hook-attrs/num":                        "NFTA_HOOK_HOOKNUM",
	"nftables/ct-keys/ct-id":                             "NFT_CT_ID",
	"nftables/lookup-flags/invert":                       "NFT_LOOKUP_F_INV",
	"nftables/quota-flags/invert":                        "NFT_QUOTA_F_INV",
	"nftables/meta-keys/l4-proto":                        "NFT_META_L4PROTO",
	"nftables/payload-base/link-layer-header":            "NFT_PAYLOAD_LL_HEADER",
	"nftables/operations/batch-begin":                    "NFNL_MSG_BATCH_BEGIN",
	"nftables/operations/batch-end":                      "NFNL_MSG_BATCH_END",
	"rt-addr/operations/getmulticast/reply":              "RTM_GETMULTICAST",
	"rt-link/ifinfo-flags/all-multi":                     "IFF_ALLMULTI",
	"rt-link/ifinfo-flags/auto-media":                    "IFF_AUTOMEDIA",
	"rt-link/ifinfo-flags/no-arp":                        "IFF_NOARP",
	"rt-link/ifinfo-flags/no-trailers":                   "IFF_NOTRAILERS",
	"rt-link/ifinfo-flags/point-to-point":                "IFF_POINTOPOINT",
	"rt-link/netkit-policy/forward":                      "NETKIT_PASS",
	"rt-link/netkit-policy/blackhole":                    "NETKIT_DROP",
	"rt-link/ovpn-mode/p2p":                              "OVPN_MODE_P2P",
	"rt-link/ovpn-mode/mp":                               "OVPN_MODE_MP",
	"tc/cls-flags/not-in-nw":                             "TCA_CLS_FLAGS_NOT_IN_HW",
	"tc/flower-key-ctrl-flags/frag":                      "TCA_FLOWER_KEY_FLAGS_IS_FRAGMENT",
	"tc/flower-key-ctrl-flags/firstfrag":                 "TCA_FLOWER_KEY_FLAGS_FRAG_IS_FIRST",
	"tc/flower-key-ctrl-flags/tuncsum":                   "TCA_FLOWER_KEY_FLAGS_TUNNEL_CSUM",
	"tc/flower-key-ctrl-flags/tundf":                     "TCA_FLOWER_KEY_FLAGS_TUNNEL_DONT_FRAGMENT",
	"tc/flower-key-ctrl-flags/tunoam":                    "TCA_FLOWER_KEY_FLAGS_TUNNEL_OAM",
	"tc/flower-key-ctrl-flags/tuncrit":                   "TCA_FLOWER_KEY_FLAGS_TUNNEL_CRIT_OPT",
	"tc/tc-dualpi2-xstats/pkts-in-c":                     "packets_in_c",
	"tc/tc-dualpi2-xstats/pkts-in-l":                     "packets_in_l",
	"tc/tc-dualpi2-xstats/step-mark":                     "step_marks",
	"tcp_metrics/tcp-fastopen-cookie-max":                "TCP_FASTOPEN_COOKIE_MAX",
}

// familyNames are the defines with the names and versions of families whose spec
// does not tell them.
var familyNames = map[string][2]string{
	"devlink":      {"DEVLINK_GENL_NAME", "DEVLINK_GENL_VERSION"},
	"ethtool":      {"ETHTOOL_GENL_NAME", "ETHTOOL_GENL_VERSION"},
	"nl80211":      {"NL80211_GENL_NAME", ""},
	"nlctrl":       {"", ""},
	"ovs_datapath": {"OVS_DATAPATH_FAMILY", "OVS_DATAPATH_VERSION"},
	"ovs_flow":     {"OVS_FLOW_FAMILY", "OVS_FLOW_VERSION"},
	"ovs_packet":   {"OVS_PACKET_FAMILY", "OVS_PACKET_VERSION"},
	"ovs_vport":    {"OVS_VPORT_FAMILY", "OVS_VPORT_VERSION"},
}

// groupPrefixes are those of the defines with the names of groups.
var groupPrefixes = map[string]string{
	"nl80211": "NL80211_MULTICAST_GROUP_",
}

// firstIndex is the value in C of the entry that is 0 in the spec, of enums that
// number the elements of an array.
var firstIndex = map[string]uint64{"rt-link/ipv4-devconf": 1}

// reordered are enums that the kernel has put into another order, with a C name
// that came with it: headers that lack the name have the old order, and are not
// compared.
var reordered = map[string]string{"rt-link/ifla-inet6-stats": "IPSTATS_MIB_OUTREQUESTS"}

// subsystems are those of nfnetlink that are part of message numbers, by the
// beginning of the message's name.
var subsystems = map[string]string{
	"IPCTNL_MSG_CT_":  "NFNL_SUBSYS_CTNETLINK",
	"IPCTNL_MSG_EXP_": "NFNL_SUBSYS_CTNETLINK_EXP",
	"NFT_MSG_":        "NFNL_SUBSYS_NFTABLES",
}

// native are netfilter's sets and attributes whose integers are in the machine's
// order, since the kernel reads them so.
var native = map[string]bool{
	"conntrack/filter-attrs":               true,
	"nftables/obj-ct-expect-attrs/timeout": true,
}
