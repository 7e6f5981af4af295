// Package addrfamily knows address families by name. The specs of rtnetlink have
// their numbers without the names.
package addrfamily

import "github.com/nlkit/nlkit/ynl"

// families are those that rtnetlink's messages are about (linux/socket.h,
// AF_*), by the names that people use.
var families = []struct {
	number uint64
	name   string
}{
	{0, "unspec"},
	{2, "inet"},
	{7, "bridge"},
	{10, "inet6"},
	{17, "packet"},
	{28, "mpls"},
	{45, "mctp"},
	{128, "ipmr"},  // RTNL_FAMILY_IPMR
	{129, "ip6mr"}, // RTNL_FAMILY_IP6MR
}

// members are the names of what holds an address family. Netfilter's
// "nfgen-family" does not: its numbers are NFPROTO_*, where inet is 1.
var members = map[string]bool{
	"ifi-family": true, // struct ifinfomsg
	"ifa-family": true, // struct ifaddrmsg
	"rtm-family": true, // struct rtmsg
	"ndm-family": true, // struct ndmsg
	"family":     true, // struct fib_rule_hdr, and mptcp_pm's addresses
}

// Is reports whether an attribute or member of that name and type holds an
// address family.
func Is(name string, t ynl.Type) bool {
	return (t == ynl.U8 || t == ynl.U16) && members[name]
}

// Name is a family's name, "" where it has none.
func Name(number uint64) string {
	for _, f := range families {
		if f.number == number {
			return f.name
		}
	}
	return ""
}

// Number is the number of the family of a name.
func Number(name string) (uint64, bool) {
	for _, f := range families {
		if f.name == name {
			return f.number, true
		}
	}
	return 0, false
}

// Names lists the names.
func Names() []string {
	var names []string
	for _, f := range families {
		names = append(names, f.name)
	}
	return names
}
