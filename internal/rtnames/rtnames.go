// Package rtnames knows the numbers of rtnetlink that people write as words:
// address families, routing tables, scopes, protocols of routes, and the like.
// The specs have the numbers without the words.
package rtnames

import (
	"strconv"
	"strings"

	"github.com/nlkit/nlkit/internal/integer"
	"github.com/nlkit/nlkit/ynl"
)

// entry is a number and its word.
type entry struct {
	number uint64
	name   string
}

// Table is the words for one sort of number.
type Table struct {
	// What it is that has the words, for a person: "address family".
	What string
	// Alone says that the word stands for itself, and the number need not be
	// shown with it.
	Alone bool
	// Bits says that each word is for a bit, and that several may be set: they are
	// written with | between them.
	Bits    bool
	entries []entry
}

// families are those that rtnetlink's messages are about (linux/socket.h,
// AF_*).
var families = &Table{What: "address family", Alone: true, entries: []entry{
	{0, "unspec"},
	{2, "inet"},
	{7, "bridge"},
	{10, "inet6"},
	{17, "packet"},
	{28, "mpls"},
	{45, "mctp"},
	{128, "ipmr"},  // RTNL_FAMILY_IPMR
	{129, "ip6mr"}, // RTNL_FAMILY_IP6MR
}}

// tables are the routing tables that every kernel has (linux/rtnetlink.h,
// RT_TABLE_*).
var tables = &Table{What: "routing table", entries: []entry{{253, "default"}, {254, "main"}, {255, "local"}}}

// scopes are how far an address or a destination is valid (linux/rtnetlink.h,
// RT_SCOPE_*).
var scopes = &Table{What: "scope", entries: []entry{{0, "global"}, {200, "site"}, {253, "link"}, {254, "host"}, {255, "nowhere"}}}

// protocols are who made a route (linux/rtnetlink.h, RTPROT_*).
var protocols = &Table{What: "protocol of routes", entries: []entry{
	{1, "redirect"}, {2, "kernel"}, {3, "boot"}, {4, "static"}, {8, "gated"}, {9, "ra"}, {11, "zebra"}, {12, "bird"},
	{16, "dhcp"}, {18, "keepalived"}, {42, "babel"}, {186, "bgp"}, {187, "isis"}, {188, "ospf"}, {189, "rip"}, {192, "eigrp"},
}}

// RouteFlags tell how a route is, and how its link (linux/rtnetlink.h, RTM_F_* and
// RTNH_F_*).
var RouteFlags = &Table{What: "flag of routes", Bits: true, entries: []entry{
	{0x1, "dead"}, {0x2, "pervasive"}, {0x4, "onlink"}, {0x8, "offload"}, {0x10, "linkdown"}, {0x20, "unresolved"},
	{0x40, "trap"}, {0x100, "notify"}, {0x200, "cloned"}, {0x400, "equalize"}, {0x800, "prefix"},
	{0x1000, "lookup-table"}, {0x2000, "fib-match"}, {0x4000, "rt-offload"}, {0x8000, "rt-trap"}, {0x20000000, "rt-offload-failed"},
}}

// states are those of RFC 2863 (linux/if.h, IF_OPER_*).
var states = &Table{What: "operational state", entries: []entry{
	{0, "unknown"}, {1, "notpresent"}, {2, "down"}, {3, "lowerlayerdown"}, {4, "testing"}, {5, "dormant"}, {6, "up"},
}}

// hardware are the types of interfaces (linux/if_arp.h, ARPHRD_*).
var hardware = &Table{What: "type of interfaces", entries: []entry{
	{1, "ether"}, {512, "ppp"}, {768, "ipip"}, {769, "tunnel6"}, {772, "loopback"}, {776, "sit"}, {778, "ipgre"},
	{823, "ip6gre"}, {65534, "none"},
}}

// lifetimes are seconds (struct ifa_cacheinfo), all ones for no end.
var lifetimes = &Table{What: "lifetime", entries: []entry{{1<<32 - 1, "forever"}}}

// byName are the tables by the names of what holds their numbers, if it is of
// that type. Netfilter's "nfgen-family" is none of them: its numbers are
// NFPROTO_*, where inet is 1.
var byName = map[string]struct {
	table *Table
	types []ynl.Type
}{
	"ifi-family":   {families, []ynl.Type{ynl.U8}},          // struct ifinfomsg
	"ifa-family":   {families, []ynl.Type{ynl.U8}},          // struct ifaddrmsg
	"rtm-family":   {families, []ynl.Type{ynl.U8}},          // struct rtmsg
	"ndm-family":   {families, []ynl.Type{ynl.U8}},          // struct ndmsg
	"nh-family":    {families, []ynl.Type{ynl.U8}},          // struct nhmsg
	"family":       {families, []ynl.Type{ynl.U8, ynl.U16}}, // struct fib_rule_hdr, and mptcp_pm's addresses
	"rtm-table":    {tables, []ynl.Type{ynl.U8}},            // struct rtmsg
	"table":        {tables, []ynl.Type{ynl.U8, ynl.U32}},   // routes, struct fib_rule_hdr, rules, vrf
	"rtm-scope":    {scopes, []ynl.Type{ynl.U8}},            // struct rtmsg
	"nh-scope":     {scopes, []ynl.Type{ynl.U8}},            // struct nhmsg
	"ifa-scope":    {scopes, []ynl.Type{ynl.U8}},            // struct ifaddrmsg
	"rtm-protocol": {protocols, []ynl.Type{ynl.U8}},         // struct rtmsg
	"rtm-flags":    {RouteFlags, []ynl.Type{ynl.U32}},       // struct rtmsg
	"nh-protocol":  {protocols, []ynl.Type{ynl.U8}},         // struct nhmsg
	"operstate":    {states, []ynl.Type{ynl.U8}},            // links
	"ifi-type":     {hardware, []ynl.Type{ynl.U16}},         // struct ifinfomsg
	"ifa-valid":    {lifetimes, []ynl.Type{ynl.U32}},        // struct ifa_cacheinfo
	"ifa-prefered": {lifetimes, []ynl.Type{ynl.U32}},        // struct ifa_cacheinfo
}

// Of returns the words for what an attribute or a struct's member holds, nil
// where there are none. One of a and m is nil, or both are. t is the type of the
// number, which is that of the elements where the attribute holds several.
func Of(a *ynl.Attr, m *ynl.Member, t ynl.Type) *Table {
	name := ""
	switch {
	case a != nil && a.Enum == nil:
		name = a.Name
		// Elsewhere "protocol" is IPPROTO_*, or an Ethernet type.
		if name == "protocol" && t == ynl.U8 && a.Set != nil && (a.Set.Name == "fib-rule-attrs" || a.Set.Name == "neighbour-attrs") {
			return protocols
		}
	case m != nil && m.Enum == nil:
		name = m.Name
	}
	known := byName[name]
	for _, have := range known.types {
		if have == t {
			return known.table
		}
	}
	return nil
}

// IsLifetime reports whether the numbers are seconds.
func (t *Table) IsLifetime() bool { return t == lifetimes }

// Name is a number's word, "" where it has none. Of bits it is the words of those that
// are set, and the rest as a number; "" where none has a word. A nil table has none.
func (t *Table) Name(number uint64) string {
	if t == nil {
		return ""
	}
	if t.Bits {
		words, rest := t.Set(number)
		if len(words) > 0 && rest != 0 {
			words = append(words, "0x"+strconv.FormatUint(rest, 16))
		}
		return strings.Join(words, "|")
	}
	for _, e := range t.entries {
		if e.number == number {
			return e.name
		}
	}
	return ""
}

// Set lists the words of the bits that are set in a number. rest are those without one.
func (t *Table) Set(number uint64) (words []string, rest uint64) {
	for _, e := range t.entries {
		if e.number&number != 0 {
			words = append(words, e.name)
			number &^= e.number
		}
	}
	return words, number
}

// Number is the number that a word stands for, whatever the case of its letters.
func (t *Table) Number(word string) (uint64, bool) {
	if t == nil {
		return 0, false
	}
	for _, e := range t.entries {
		if strings.EqualFold(e.name, word) {
			return e.number, true
		}
	}
	return 0, false
}

// Value is what a text stands for: a word, or of bits any number of words and numbers
// with | or commas between them, none for 0. wrong is the part that is neither.
func (t *Table) Value(text string) (n uint64, wrong string, ok bool) {
	if t == nil || !t.Bits {
		n, ok = t.Number(text)
		return n, text, ok
	}
	for part := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == ',' || c == '|' }) {
		part = strings.TrimSpace(part)
		bits, known := t.Number(part)
		if !known {
			neg, abs, _, isInteger := integer.Parse(part)
			if neg || !isInteger {
				return 0, part, false
			}
			bits = abs
		}
		n |= bits
	}
	return n, "", true
}

// Names lists the words.
func (t *Table) Names() []string {
	var names []string
	for _, e := range t.entries {
		names = append(names, e.name)
	}
	return names
}
