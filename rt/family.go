package rt

import (
	"net/netip"

	"github.com/nlkit/nlkit/family/nl"
)

// FamilyOf is the number of an address's family, as headers have it: AF_INET,
// AF_INET6, or AF_UNSPEC for the zero Addr. IPv4 addresses inside IPv6 are IPv6.
func FamilyOf(a netip.Addr) uint8 {
	switch {
	case !a.IsValid():
		return nl.AFUnspec
	case a.Is4():
		return nl.AFInet
	}
	return nl.AFInet6
}
