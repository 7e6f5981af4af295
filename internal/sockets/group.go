package sockets

import (
	"strconv"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/wire"
)

// wellKnown are the names of groups by protocol, those of the kernel's headers
// without their prefix; the first one is group 1. An empty name is none. The two
// of kobject events are the kernel's and those that udev passes on.
var wellKnown = map[wire.Protocol][]string{
	wire.Route: {
		"link", "notify", "neigh", "tc", "ipv4-ifaddr", "ipv4-mroute", "ipv4-route", "ipv4-rule",
		"ipv6-ifaddr", "ipv6-mroute", "ipv6-route", "ipv6-ifinfo", "decnet-ifaddr", "", "decnet-route", "decnet-rule",
		"", "ipv6-prefix", "ipv6-rule", "nd-useropt", "phonet-ifaddr", "phonet-route", "dcb", "ipv4-netconf",
		"ipv6-netconf", "mdb", "mpls-route", "nsid", "mpls-netconf", "ipv4-mroute-r", "ipv6-mroute-r", "nexthop",
		"brvlan", "mctp-ifaddr", "tunnel", "stats", "ipv4-mcaddr", "ipv6-mcaddr", "ipv6-acaddr",
	},
	wire.SockDiag: {"inet-tcp-destroy", "inet-udp-destroy", "inet6-tcp-destroy", "inet6-udp-destroy"},
	wire.XFRM:     {"acquire", "expire", "sa", "policy", "aevents", "report", "migrate", "mapping"},
	wire.SELinux:  {"avc"},
	wire.ISCSI:    {"iscsid", "uip"},
	wire.Audit:    {"readlog"},
	wire.Connector: {
		"proc", "cifs", "w1", "v86d", "bb", "dst", "dm", "drbd",
	},
	wire.Netfilter: {
		"conntrack-new", "conntrack-update", "conntrack-destroy",
		"conntrack-exp-new", "conntrack-exp-update", "conntrack-exp-destroy",
		"nftables", "acct-quota", "nftrace",
	},
	wire.KobjectUevent: {"kernel", "udev"},
	wire.SCSITransport: {"", "", "fc-events"},
	wire.RDMA:          {"", "iwpm", "ls", "notify"},
}

// GroupNames names multicast groups. Those of generic netlink are numbered while
// the system runs, and known once [GroupNames.SetFamilies] has told them. The zero
// value is ready to use; it is for one goroutine at a time.
type GroupNames struct {
	generic map[uint32]string
}

// SetFamilies takes the groups of families, in place of those it knew.
func (n *GroupNames) SetFamilies(families []*genetlink.Family) {
	n.generic = map[uint32]string{}
	for _, f := range families {
		for _, g := range f.Groups {
			n.generic[g.ID] = f.Name + ":" + g.Name
		}
	}
}

// Name returns a group's name: "ipv4-route", "nlctrl:notify"; its number where it
// has none that is known.
func (n *GroupNames) Name(p wire.Protocol, group uint32) string {
	name := ""
	if p == wire.Generic {
		name = n.generic[group]
	} else if names := wellKnown[p]; group > 0 && int64(group) <= int64(len(names)) {
		name = names[group-1]
	}
	if name == "" {
		return strconv.FormatUint(uint64(group), 10)
	}
	return name
}
