package wire

import "fmt"

// rtmNames are the objects of rtnetlink, four message types each: new, delete,
// get, set (linux/rtnetlink.h).
var rtmNames = [...]string{
	0: "LINK", 1: "ADDR", 2: "ROUTE", 3: "NEIGH", 4: "RULE", 5: "QDISC", 6: "TCLASS", 7: "TFILTER",
	8: "ACTION", 9: "PREFIX", 10: "MULTICAST", 11: "ANYCAST", 12: "NEIGHTBL", 13: "NDUSEROPT",
	14: "ADDRLABEL", 15: "DCB", 16: "NETCONF", 17: "MDB", 18: "NSID", 19: "STATS", 20: "CACHEREPORT",
	21: "CHAIN", 22: "NEXTHOP", 23: "LINKPROP", 24: "VLAN", 25: "NEXTHOPBUCKET", 26: "TUNNEL",
}

var rtmVerbs = [...]string{"NEW", "DEL", "GET", "SET"}

// TypeName names a message type of protocol p as far as the number alone tells:
// a control message, RTM_NEWLINK and its like, nlctrl, "generic netlink family
// 0x1c", or the protocol with the number.
func (p Protocol) TypeName(t Type) string {
	if t.IsControl() && t != 0 {
		return t.String()
	}
	switch {
	case p == Route && t >= TypeMin && int(t-TypeMin)/4 < len(rtmNames):
		n := t - TypeMin
		return "RTM_" + rtmVerbs[n%4] + rtmNames[n/4]
	case p == Generic && t == TypeMin:
		return "nlctrl"
	case p == Generic:
		return fmt.Sprintf("generic netlink family 0x%x", uint16(t))
	}
	return fmt.Sprintf("%v message 0x%x", p, uint16(t))
}
