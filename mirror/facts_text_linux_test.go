package mirror_test

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/wire"
)

// rtaNHID is RTA_NH_ID.
const rtaNHID = 30

// text shows a message in a line, as far as the facts need it. An event begins with
// what is said of the object, and the flags of a new one end it.
func (w *world) text(m wire.Message, event bool) string {
	verb := ""
	if event {
		verb = "new "
		if m.Type()&3 == 1 {
			verb = "del "
		}
	}
	d := m.Data()
	switch m.Type() &^ 3 {
	case unix.RTM_NEWLINK:
		return verb + w.linkText(d)
	case unix.RTM_NEWADDR:
		return verb + w.addrText(d)
	case unix.RTM_NEWROUTE:
		s := verb + w.routeText(d)
		if event && m.Type() == unix.RTM_NEWROUTE {
			s += flagText(uint32(m.Flags()), "", "1 ", "replace", "excl", "create", "append")
		}
		return s
	case unix.RTM_NEWNEIGH:
		return verb + w.neighText(d)
	case unix.RTM_NEWRULE:
		return verb + w.ruleText(d)
	case unix.RTM_NEWNEXTHOP:
		s := verb + w.nexthopText(d)
		if event && m.Type() == unix.RTM_NEWNEXTHOP {
			s += flagText(uint32(m.Flags()), "", "1 ", "replace", "excl", "create", "append")
		}
		return s
	case unix.RTM_NEWQDISC:
		return verb + w.qdiscText(d)
	}
	return fmt.Sprintf("%stype %d", verb, m.Type())
}

// flagText names the bits of a word that have a name in a list: sep, then where the
// list starts ("1 " stands for the flags of a message, bits 8 and up).
func flagText(v uint32, sep, from string, names ...string) string {
	if from == "1 " {
		v >>= 8
	}
	s := ""
	for i, name := range names {
		if v>>i&1 != 0 && name != "" {
			s += " " + name
		}
	}
	return s
}

func attrs(d []byte, size int) map[uint16][]byte {
	all := map[uint16][]byte{}
	if len(d) < size {
		return all
	}
	for a, err := range wire.Attrs(d[size:]) {
		if err != nil {
			break
		}
		all[a.Type()] = a.Data()
	}
	return all
}

func number(b []byte) uint32 {
	if len(b) < 4 {
		return 0
	}
	return binary.NativeEndian.Uint32(b)
}

func addrText(b []byte) string {
	a, ok := netip.AddrFromSlice(b)
	if !ok {
		return fmt.Sprintf("%x", b)
	}
	return a.String()
}

func (w *world) name(index uint32) string {
	if s, ok := w.links[index]; ok {
		return s
	}
	return fmt.Sprint("link", index)
}

func (w *world) linkText(d []byte) string {
	a := attrs(d, unix.SizeofIfInfomsg)
	index := number(d[4:])
	if name, ok := a[unix.IFLA_IFNAME]; ok {
		w.links[index] = strings.TrimRight(string(name), "\x00")
	}
	s := "link"
	switch d[0] {
	case unix.AF_BRIDGE:
		s = "link/bridge"
	case unix.AF_INET6:
		s = "link/inet6"
	}
	s += " " + w.name(index)
	flags := number(d[8:])
	if flags&unix.IFF_UP == 0 {
		s += " down"
	}
	s += flagText(flags, "", "", "up", "", "", "", "", "", "running")
	if flags&unix.IFF_LOWER_UP != 0 {
		s += " lower"
	}
	if g := number(a[unix.IFLA_GROUP]); g != 0 {
		s += fmt.Sprint(" group ", g)
	}
	if master, ok := a[unix.IFLA_MASTER]; ok {
		s += " master " + w.name(number(master))
	}
	return s
}

func (w *world) addrText(d []byte) string {
	a := attrs(d, unix.SizeofIfAddrmsg)
	addr := a[unix.IFA_LOCAL]
	if addr == nil {
		addr = a[unix.IFA_ADDRESS]
	}
	return fmt.Sprintf("addr %s/%d %s", addrText(addr), d[1], w.name(number(d[4:])))
}

func (w *world) routeText(d []byte) string {
	a := attrs(d, unix.SizeofRtMsg)
	dst := "default"
	if b, ok := a[unix.RTA_DST]; ok {
		dst = fmt.Sprintf("%s/%d", addrText(b), d[1])
	}
	family := "route4"
	if d[0] == unix.AF_INET6 {
		family = "route6"
	}
	s := family + " " + dst
	if d[7] != unix.RTN_UNICAST {
		s += " " + map[byte]string{2: "local", 3: "broadcast", 4: "anycast", 5: "multicast", 6: "blackhole", 7: "unreachable"}[d[7]]
	}
	if id, ok := a[rtaNHID]; ok {
		s += fmt.Sprint(" nhid ", number(id))
	}
	s += w.hopText(a)
	for b := a[unix.RTA_MULTIPATH]; len(b) >= 8; {
		n := int(binary.NativeEndian.Uint16(b))
		leg := attrs(b[8:n], 0)
		leg[unix.RTA_OIF] = b[4:8]
		s += " [" + strings.TrimSpace(w.hopText(leg)+hopFlags(uint32(b[2]))) + "]"
		b = b[min(wire.Align(n), len(b)):]
	}
	if b, ok := a[unix.RTA_PREFSRC]; ok {
		s += " src " + addrText(b)
	}
	if b, ok := a[unix.RTA_PRIORITY]; ok {
		s += fmt.Sprint(" metric ", number(b))
	}
	if t := number(a[unix.RTA_TABLE]); t != unix.RT_TABLE_MAIN {
		s += fmt.Sprint(" table ", t)
	}
	return s + hopFlags(number(d[8:]))
}

func hopFlags(v uint32) string {
	return flagText(v, "", "", "dead", "", "onlink", "", "linkdown")
}

func (w *world) hopText(a map[uint16][]byte) string {
	s := ""
	if b, ok := a[unix.RTA_GATEWAY]; ok {
		s += " via " + addrText(b)
	}
	if b, ok := a[unix.RTA_OIF]; ok {
		s += " dev " + w.name(number(b))
	}
	return s
}

func (w *world) neighText(d []byte) string {
	a := attrs(d, unix.SizeofNdMsg)
	s := "neigh "
	switch d[0] {
	case unix.AF_BRIDGE:
		s = "fdb "
	default:
		s += addrText(a[unix.NDA_DST]) + " "
	}
	s += w.name(number(d[4:]))
	if b, ok := a[unix.NDA_LLADDR]; ok && len(b) == 6 {
		s += " " + net.HardwareAddr(b).String()
	}
	return s + flagText(uint32(binary.NativeEndian.Uint16(d[8:])), "", "", "incomplete", "reachable", "stale", "delay", "probe", "failed", "noarp", "permanent")
}

func (w *world) ruleText(d []byte) string {
	a := attrs(d, 12)
	s := "rule4"
	if d[0] == unix.AF_INET6 {
		s = "rule6"
	}
	s += fmt.Sprint(" ", number(a[unix.FRA_PRIORITY]))
	flags := number(d[8:])
	if b, ok := a[unix.FRA_IIFNAME]; ok {
		s += " iif " + strings.TrimRight(string(b), "\x00")
	}
	if b, ok := a[unix.FRA_OIFNAME]; ok {
		s += " oif " + strings.TrimRight(string(b), "\x00")
	}
	if flags&unix.FIB_RULE_IIF_DETACHED != 0 {
		s += " iif-detached"
	}
	if flags&unix.FIB_RULE_OIF_DETACHED != 0 {
		s += " oif-detached"
	}
	return s + fmt.Sprint(" table ", number(a[unix.FRA_TABLE]))
}

func (w *world) nexthopText(d []byte) string {
	a := attrs(d, 8)
	s := fmt.Sprint("nexthop ", number(a[unix.NHA_ID]))
	if _, ok := a[unix.NHA_BLACKHOLE]; ok {
		s += " blackhole"
	}
	for b := a[unix.NHA_GROUP]; len(b) >= 8; b = b[8:] {
		s += fmt.Sprint(" +", number(b))
	}
	if b, ok := a[unix.NHA_GATEWAY]; ok {
		s += " via " + addrText(b)
	}
	if b, ok := a[unix.NHA_OIF]; ok {
		s += " dev " + w.name(number(b))
	}
	return s + hopFlags(number(d[4:]))
}

func (w *world) qdiscText(d []byte) string {
	a := attrs(d, 20)
	return fmt.Sprintf("qdisc %s %s handle %x parent %x", w.name(number(d[4:])), strings.TrimRight(string(a[unix.TCA_KIND]), "\x00"), number(d[8:]), number(d[12:]))
}
