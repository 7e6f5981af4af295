package golang

import "strings"

// setNames are names of sets' types where the rules give poor ones, by spec and
// set. Attrs is for sets that hold everything: what an operation is about has a
// type of its own then.
var setNames = map[string]string{
	"conntrack conntrack-attrs": "Entry",
	"devlink devlink":           generic,
	"fou fou":                   "Port",
	"mptcp_pm attr":             generic,
	"net_shaper net-shaper":     "Shaper",
	"nftables log-attrs":        "ExprLog",
	"nftables numgen-attrs":     "ExprNumGen",
	"nftables range-attrs":      "ExprRange",
	"nl80211 nl80211-attrs":     generic,
	"nlctrl ctrl-attrs":         "Family",
	"ovpn ovpn":                 generic,
	"rt-neigh ndt-attrs":        "Table",
	"rt-neigh neighbour-attrs":  "Neigh",
	"rt-rule fib-rule-attrs":    "Rule",
	"tcp_metrics tcp-metrics":   "Entry",
	"team team":                 generic,
}

// bareNouns are what operations are about whose names are verbs alone ("get"), by
// spec.
var bareNouns = map[string]string{
	"devlink": "Device",
}

// fieldDocs say what a field holds that the schema cannot express, by spec, set and
// attribute.
var fieldDocs = map[string]string{
	"rt-addr addr-attrs local":       "not sent of IPv6, which has address alone: rt.AddrPrefix takes either",
	"rt-route route-attrs dst":       "its length is in the header: SetDstPrefix sets both",
	"rt-route route-attrs multipath": "next hops: rt.Nexthops reads them, rt.Route makes them",
	"rt-route route-attrs via":       "a gateway of another family: rt.Nexthops reads it, rt.Route makes it",
}

// renames are what enums, structs and sub-messages are called instead, by spec and
// name.
var renames = map[string]string{
	"nftables expr-ops":    "expr-data",
	"rt-link ifla-attrs":   "inet-attrs",
	"rt-link ifla6-attrs":  "inet6-attrs",
	"rt-rule fib-rule-hdr": "header",
	"rt-rule fr-act":       "action",
}

// trims are what a family's names begin with because C has no packages.
var trims = map[string][]string{
	"conntrack":    {"nf-ct-"},
	"nftables":     {"nft-", "nftables-"},
	"ovs_datapath": {"ovs-dp-", "ovs-"},
	"ovs_flow":     {"ovs-"},
	"ovs_packet":   {"ovs-"},
	"ovs_vport":    {"ovs-"},
	"rt-addr":      {"ifa-"},
	"rt-link":      {"ifla-", "rtnl-"},
	"rt-neigh":     {"nda-"},
	"rt-route":     {"rta-"},
	"rt-rule":      {"fib-rule-"},
	"tc":           {"tc-", "tca-"},
	"tcp_metrics":  {"tcp-metrics-"},
}

// trim leaves out of a name what says the family once more, or renames it.
func (p *plan) trim(name string) string {
	if other, ok := renames[p.spec.Name+" "+name]; ok {
		return other
	}
	for _, prefix := range trims[p.spec.Name] {
		if rest, ok := strings.CutPrefix(name, prefix); ok && rest != "" && (rest[0] < '0' || rest[0] > '9') {
			return rest
		}
	}
	return name
}

// slabWords make a name of a type.
var slabWords = strings.NewReplacer("*", "ptr-", "[]", "list-", "nl.Indexed[", "indexed-", "]", "", "nl.", "", "netip.", "", "wire.", "")
