// Package ifname knows network interfaces by name and by index.
package ifname

import (
	"strings"

	"github.com/nlkit/nlkit/ynl"
)

// indexes are the names of attributes and members that hold the index of an
// interface, beside those that end in "ifindex". The specs do not mark them; all
// of them are 32-bit numbers, which tells them from others of the same name (the
// u8 "link" of ethtool's linkstate, the u8 "primary" of netkit).
var indexes = map[string]bool{
	"ifi-index":    true, // struct ifinfomsg
	"ifa-index":    true, // struct ifaddrmsg
	"if-idx":       true, // mptcp_pm
	"dev-index":    true, // ethtool
	"iif":          true,
	"oif":          true,
	"link":         true, // the lower device of vlan, gre, vxlan and the like
	"master":       true,
	"active-slave": true, // bond
	"primary":      true, // bond
	"backup-port":  true, // bridge port
	"slave1":       true, // hsr
	"slave2":       true, // hsr
	"interlink":    true, // hsr
}

// IsIndex reports whether an attribute or member of that name and type holds
// the index of an interface of the own network namespace.
func IsIndex(name string, t ynl.Type) bool {
	switch t {
	case ynl.U32, ynl.S32:
	default:
		return false
	}
	if name == "new-ifindex" { // in the namespace the interface is moved to
		return false
	}
	return indexes[name] || name == "ifindex" || strings.HasSuffix(name, "-ifindex")
}
