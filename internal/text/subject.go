package text

import (
	"fmt"
	"strings"

	"github.com/nlkit/nlkit/internal/ifname"
	"github.com/nlkit/nlkit/ynl/codec"
)

// subject says in a few words what a message is about, or nothing. It repeats
// what stands below it: nothing is taken away there. said are the names of what it shows,
// which Line leaves out.
func (p *Printer) subject(o codec.Object) (text string, said []string) {
	for _, known := range []func(codec.Object) (string, []string){p.link, p.route, p.nexthop, p.address, p.neighbour, p.rule} {
		if text, said = known(o); text != "" {
			return text, said
		}
	}
	return p.general(o)
}

// link is about struct ifinfomsg.
func (p *Printer) link(o codec.Object) (text string, said []string) {
	n, ok := integer(o.Get("ifi-index"))
	if !ok || n == 0 {
		return "", nil
	}
	name, _ := o.Get("ifname").(string)
	if name == "" {
		name = p.name(n)
	} else {
		name = quote(name)
	}
	return strings.TrimSuffix(fmt.Sprintf("%d: %s", n, name), ": "), []string{"ifi-index", "ifname"}
}

// route is about struct rtmsg.
func (p *Printer) route(o codec.Object) (text string, said []string) {
	bits, ok := integer(o.Get("rtm-dst-len"))
	if !ok {
		return "", nil
	}
	said = []string{"rtm-dst-len", "dst", "gateway", "oif", "rtm-type", "rtm-table", "table", "priority"}
	var b strings.Builder
	if kind, _ := o.Get("rtm-type").(string); kind != "" && kind != "unicast" && kind != "unspec" {
		b.WriteString(kind + " ")
	}
	switch dst := o.Get("dst"); {
	case dst != nil:
		fmt.Fprintf(&b, "%s/%d", p.word(o, "dst"), bits)
	case bits == 0:
		b.WriteString("default")
	default:
		return "", nil
	}
	if o.Has("gateway") {
		b.WriteString(" via " + p.word(o, "gateway"))
	}
	p.device(&b, o, "oif")
	legs, all := p.legs(o.Get("multipath"))
	b.WriteString(legs)
	if all {
		said = append(said, "multipath")
	}
	if flags, ok := integer(o.Get("rtm-flags")); ok {
		words, all := flagWords(uint64(flags))
		b.WriteString(words)
		if all {
			said = append(said, "rtm-flags")
		}
	}
	b.WriteString(p.where(o))
	return b.String(), said
}

// where tells routes to one destination apart: the table, where it is not main, and the
// metric.
func (p *Printer) where(o codec.Object) string {
	var b strings.Builder
	for _, name := range []string{"table", "rtm-table"} {
		if n, ok := integer(o.Get(name)); ok {
			if n != mainTable {
				b.WriteString(" table " + p.word(o, name))
			}
			break
		}
	}
	if n, ok := integer(o.Get("priority")); ok && n != 0 {
		b.WriteString(" metric " + p.word(o, "priority"))
	}
	return b.String()
}

// mainTable is the table of routes that is meant where none is said.
const mainTable = 254

// rule is about struct fib_rule_hdr: "500: from 10.0.0.0/8 iif eth0 lookup 100".
func (p *Printer) rule(o codec.Object) (text string, said []string) {
	if !o.Has("action") || !o.Has("src-len") || !o.Has("dst-len") {
		return "", nil
	}
	var b strings.Builder
	priority, _ := integer(o.Get("priority"))
	fmt.Fprintf(&b, "%d: from %s", priority, p.prefix(o, "src", "src-len"))
	if o.Has("dst") {
		b.WriteString(" to " + p.prefix(o, "dst", "dst-len"))
	}
	for _, f := range [][2]string{{"iif", "iifname"}, {"oif", "oifname"}, {"fwmark", "fwmark"}} {
		if o.Has(f[1]) {
			b.WriteString(" " + f[0] + " " + p.word(o, f[1]))
		}
	}
	switch action, _ := o.Get("action").(string); {
	case action == "to-tbl" && o.Has("table"):
		b.WriteString(" lookup " + p.word(o, "table"))
	case action != "":
		b.WriteString(" " + action)
	}
	return b.String(), []string{"src-len", "dst-len", "src", "dst", "priority", "iifname", "oifname", "fwmark", "action", "table", "header:table"}
}

// prefix is an address and the length that the header has, or "all".
func (p *Printer) prefix(o codec.Object, addr, bits string) string {
	if !o.Has(addr) {
		return "all"
	}
	return p.word(o, addr) + "/" + p.word(o, bits)
}

// address is about struct ifaddrmsg.
func (p *Printer) address(o codec.Object) (text string, said []string) {
	bits, ok := integer(o.Get("ifa-prefixlen"))
	which := "local" // of a point-to-point link, "address" is the peer's
	if !o.Has(which) {
		which = "address"
	}
	if !ok || !o.Has(which) {
		return "", nil
	}
	said = []string{"ifa-prefixlen", "ifa-index", "local"}
	if o.Has("flags") {
		said = append(said, "ifa-flags") // the header has room for a part of them
	}
	if !o.Has("local") || p.word(o, "local") == p.word(o, "address") {
		said = append(said, "address") // and not a peer's
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s/%d", p.word(o, which), bits)
	p.device(&b, o, "ifa-index")
	return b.String(), said
}

// neighbour is about struct ndmsg.
func (p *Printer) neighbour(o codec.Object) (text string, said []string) {
	which := "dst"
	if !o.Has(which) {
		which = "lladdr"
	}
	if !o.Has("ndm-ifindex") || !o.Has(which) {
		return "", nil
	}
	var b strings.Builder
	b.WriteString(p.word(o, which))
	p.device(&b, o, "ndm-ifindex")
	return b.String(), []string{"ndm-ifindex", which}
}

// telling are the names of attributes that tell one message from another, the
// better ones first.
var telling = []string{"family-name", "name", "bus-name", "id", "handle", "index", "kind"}

// general looks for an interface and for what has a telling name.
func (p *Printer) general(o codec.Object) (text string, said []string) {
	var parts []string
	in := o
	if h, ok := o.Get("header").(codec.Object); ok {
		in = h
	}
	if name, ok := in.Get("dev-name").(string); ok {
		parts = append(parts, quote(name))
	} else {
		for i := range in {
			n, ok := integer(in[i].Value)
			if !ok || !ifname.IsIndex(in[i].Name, typeOf(&in[i])) {
				continue
			}
			if name := p.name(n); name != "" {
				parts = append(parts, name)
				break
			}
		}
	}
	for _, name := range telling {
		if n, ok := integer(o.Get(name)); ok && n == 0 && name == "handle" {
			continue // of the root qdisc, which has none
		}
		if o.Has(name) && isScalar(o.Get(name)) && len(parts) < 3 {
			parts, said = append(parts, name+" "+p.word(o, name)), append(said, name)
		}
	}
	return strings.Join(parts, ", "), said
}

// word is the first value of a name as it is shown below.
func (p *Printer) word(o codec.Object, name string) string {
	for i := range o {
		if o[i].Name == name {
			return p.value(&o[i], o[i].Value).text
		}
	}
	return ""
}

func (p *Printer) device(b *strings.Builder, o codec.Object, field string) {
	n, ok := integer(o.Get(field))
	if !ok || n == 0 {
		return
	}
	if name := p.name(n); name != "" {
		b.WriteString(" dev " + name)
		return
	}
	fmt.Fprintf(b, " dev %d", n)
}

func (p *Printer) name(index int64) string {
	if p.options.Interface == nil || index <= 0 {
		return ""
	}
	if name := p.options.Interface(uint32(index)); name != "" {
		return quote(name)
	}
	return ""
}
