package rt

import (
	"encoding/binary"
	"net/netip"
)

// U32Match is a condition of a u32 filter: keys that are all met.
//
// The functions that make one look at fixed places of the packet. Those of ports
// are therefore right for IPv4 packets without options that are not fragments, and
// for IPv6 packets without extension headers, as "match ip" of tc(8) is. A filter
// sees the packets of its Ethernet protocol alone: one for IPv4 needs matches of
// IPv4.
type U32Match []U32Key

// Offsets in the network header, of the four bytes a field is in, and the fields'
// masks where they are less.
const (
	offProto4, offSrc4, offDst4, offPorts4 = 8, 12, 16, 20
	offProto6, offSrc6, offDst6, offPorts6 = 4, 8, 24, 40

	protoMask4, protoMask6 = 0x00ff0000, 0x0000ff00
)

// MatchSrc matches packets from a network of IPv4 or IPv6. A network of length 0 is
// no key at all.
func MatchSrc(p netip.Prefix) U32Match { return matchPrefix(p, offSrc4, offSrc6) }

// MatchDst matches packets to a network, as MatchSrc does.
func MatchDst(p netip.Prefix) U32Match { return matchPrefix(p, offDst4, offDst6) }

// matchPrefix has a key for each four bytes of the address that count.
func matchPrefix(p netip.Prefix, off4, off6 int32) U32Match {
	addr, off := p.Masked().Addr().AsSlice(), off6
	if p.Addr().Is4() {
		off = off4
	}
	var m U32Match
	for i, bits := 0, p.Bits(); bits > 0; i, bits = i+4, bits-32 {
		m = append(m, U32Key{
			Mask:   ^uint32(0) << (32 - min(bits, 32)),
			Value:  binary.BigEndian.Uint32(addr[i:]),
			Offset: off + int32(i),
		})
	}
	return m
}

// MatchProtocol matches IPv4 packets of a protocol, such as 6 for TCP.
func MatchProtocol(n uint8) U32Match {
	return U32Match{{Mask: protoMask4, Value: uint32(n) << 16, Offset: offProto4}}
}

// MatchProtocol6 matches IPv6 packets of a next header, such as 6 for TCP.
func MatchProtocol6(n uint8) U32Match {
	return U32Match{{Mask: protoMask6, Value: uint32(n) << 8, Offset: offProto6}}
}

// MatchSrcPort matches IPv4 packets from a port; of a port alone the mask is
// 0xffff. What the packet holds is for MatchProtocol to say.
func MatchSrcPort(port, mask uint16) U32Match { return matchPort(port, mask, 16, offPorts4) }

// MatchDstPort matches IPv4 packets to a port, as MatchSrcPort does.
func MatchDstPort(port, mask uint16) U32Match { return matchPort(port, mask, 0, offPorts4) }

// MatchSrcPort6 matches IPv6 packets from a port, as MatchSrcPort does.
func MatchSrcPort6(port, mask uint16) U32Match { return matchPort(port, mask, 16, offPorts6) }

// MatchDstPort6 matches IPv6 packets to a port, as MatchSrcPort does.
func MatchDstPort6(port, mask uint16) U32Match { return matchPort(port, mask, 0, offPorts6) }

func matchPort(port, mask uint16, shift int, off int32) U32Match {
	return U32Match{{Mask: uint32(mask) << shift, Value: uint32(port&mask) << shift, Offset: off}}
}
