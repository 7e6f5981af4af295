package nl

import "net/netip"

// JoinPrefix makes a prefix of an address and the number of its bits. Where there
// is no address it is that of all addresses of a family (AFInet, AFInet6), if bits
// is 0, and else the zero Prefix.
func JoinPrefix(family uint8, addr netip.Addr, bits int) netip.Prefix {
	if !addr.IsValid() && bits == 0 {
		switch family {
		case AFInet:
			addr = netip.IPv4Unspecified()
		case AFInet6:
			addr = netip.IPv6Unspecified()
		}
	}
	if !addr.IsValid() {
		return netip.Prefix{}
	}
	return netip.PrefixFrom(addr, bits)
}

// SplitPrefix takes a prefix apart: the family of its address, the address, which
// is none where the prefix has no bits, and the number of bits. Of the zero Prefix
// all are zero.
func SplitPrefix(p netip.Prefix) (family uint8, addr netip.Addr, bits uint8) {
	if !p.IsValid() {
		return AFUnspec, netip.Addr{}, 0
	}
	family = AFInet6
	if p.Addr().Is4() {
		family = AFInet
	}
	if p.Bits() > 0 {
		addr = p.Addr()
	}
	return family, addr, uint8(p.Bits())
}
