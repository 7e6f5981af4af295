package rt

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// Places where qdiscs and filters can be, instead of a handle (linux/pkt_sched.h).
const (
	HandleRoot    uint32 = 0xffffffff // parent of the qdisc that everything leaves through
	HandleIngress uint32 = 0xfffffff1 // parent of the qdisc ingress
	HandleClsact  uint32 = 0xfffffff1 // parent of the qdisc clsact, which takes ingress's place

	// Parents of the filters of the qdisc clsact.
	HandleClsactIngress uint32 = 0xfffffff2
	HandleClsactEgress  uint32 = 0xfffffff3
)

// Handle is the handle of a qdisc (minor 0) or class: 1:10 of tc(8) is
// Handle(1, 0x10).
func Handle(major, minor uint16) uint32 { return uint32(major)<<16 | uint32(minor) }

// HandleString writes a handle as tc(8) does, in hexadecimal: "1:10", "1:" for a
// qdisc, ":10" without one, and "root" and "none".
func HandleString(h uint32) string {
	major, minor := h>>16, h&0xffff
	switch {
	case h == HandleRoot:
		return "root"
	case h == 0:
		return "none"
	case minor == 0:
		return fmt.Sprintf("%x:", major)
	case major == 0:
		return fmt.Sprintf(":%x", minor)
	}
	return fmt.Sprintf("%x:%x", major, minor)
}

// ParseHandle reads what HandleString writes, and the words "ingress" and "clsact".
func ParseHandle(s string) (uint32, error) {
	switch s {
	case "root":
		return HandleRoot, nil
	case "ingress", "clsact":
		return HandleIngress, nil
	case "none":
		return 0, nil
	}
	majorText, minorText, colon := strings.Cut(s, ":")
	major, ok1 := parseHex16(majorText)
	minor, ok2 := parseHex16(minorText)
	if !colon || len(s) == 1 || !ok1 || !ok2 {
		return 0, fmt.Errorf("rt: handle %q: want hexadecimal numbers of up to four digits around a colon, such as 1:10, or root, ingress, clsact, none", s)
	}
	return Handle(major, minor), nil
}

// parseHex16 reads a number of up to 16 bits; an empty text is 0.
func parseHex16(s string) (uint16, bool) {
	if s == "" {
		return 0, true
	}
	n, err := strconv.ParseUint(s, 16, 16)
	return uint16(n), err == nil
}

// FilterInfo is the member Info of a filter's header: its priority, of which the
// lowest comes first, and the Ethernet protocol it is for, such as 0x0800 for IPv4
// or 3 for all (ETH_P_ALL). The header has the protocol in network byte order.
func FilterInfo(prio, ethertype uint16) uint32 { return uint32(prio)<<16 | uint32(swap16(ethertype)) }

// ParseFilterInfo takes apart what FilterInfo makes.
func ParseFilterInfo(info uint32) (prio, ethertype uint16) {
	return uint16(info >> 16), swap16(uint16(info))
}

// swap16 turns a number of this machine's byte order into network byte order, or
// back.
func swap16(v uint16) uint16 {
	var b [2]byte
	binary.BigEndian.PutUint16(b[:], v)
	return binary.NativeEndian.Uint16(b[:])
}
