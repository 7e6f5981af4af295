package rtnh

import (
	"encoding/binary"
	"fmt"
	"net/netip"
)

// Families of RTA_VIA that are IP (AF_INET, AF_INET6).
const (
	inet  = 2
	inet6 = 10
)

// ParseVia reads the value of RTA_VIA, a family in two bytes and an address of it.
// Families other than IP, those of MPLS's neighbours, give the zero Addr.
func ParseVia(b []byte) (netip.Addr, error) {
	if len(b) < 2 {
		return netip.Addr{}, fmt.Errorf("via: %d bytes, want a family and an address", len(b))
	}
	family := binary.NativeEndian.Uint16(b)
	if family != inet && family != inet6 {
		return netip.Addr{}, nil
	}
	a, ok := netip.AddrFromSlice(b[2:])
	if !ok || a.Is4() != (family == inet) {
		return netip.Addr{}, fmt.Errorf("via: an address of %d bytes for the family %d", len(b)-2, family)
	}
	return a, nil
}
