package wireguard

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strconv"

	"github.com/nlkit/nlkit/family/nl"
)

// What an endpoint is: a struct sockaddr_in of 16 bytes or a sockaddr_in6 of 28.
const (
	sockaddrLen  = 16 // family, port, address, 8 bytes of padding
	sockaddr6Len = 28 // family, port, flow, address, scope
)

// EndpointAddrPort returns the address and the port that the peer is reached at;
// the zero AddrPort where there is none, or none that can be read. The zone of an
// IPv6 address is the index of its link, in decimal.
func (m *Peer) EndpointAddrPort() netip.AddrPort {
	b := m.Endpoint
	if len(b) < sockaddrLen {
		return netip.AddrPort{}
	}
	port := binary.BigEndian.Uint16(b[2:])
	switch family := binary.NativeEndian.Uint16(b); {
	case family == nl.AFInet:
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(b[4:])), port)
	case family == nl.AFInet6 && len(b) >= sockaddr6Len:
		addr := netip.AddrFrom16([16]byte(b[8:]))
		if scope := binary.NativeEndian.Uint32(b[24:]); scope != 0 {
			addr = addr.WithZone(strconv.FormatUint(uint64(scope), 10))
		}
		return netip.AddrPortFrom(addr, port)
	}
	return netip.AddrPort{}
}

// SetEndpointAddrPort sets the address and the port that the peer is reached at.
// A zone has to be the index of a link, in decimal: which link a name is of
// depends on the namespace. Where it fails the endpoint is as it was.
func (m *Peer) SetEndpointAddrPort(a netip.AddrPort) error {
	addr := a.Addr().Unmap()
	if !addr.IsValid() {
		return fmt.Errorf("wireguard: endpoint %v is no address and port", a)
	}
	if addr.Is4() {
		b := make([]byte, sockaddrLen)
		binary.NativeEndian.PutUint16(b, nl.AFInet)
		binary.BigEndian.PutUint16(b[2:], a.Port())
		copy(b[4:], addr.AsSlice())
		m.Endpoint = b
		return nil
	}
	b := make([]byte, sockaddr6Len)
	binary.NativeEndian.PutUint16(b, nl.AFInet6)
	binary.BigEndian.PutUint16(b[2:], a.Port())
	copy(b[8:], addr.AsSlice())
	if zone := addr.Zone(); zone != "" {
		scope, err := strconv.ParseUint(zone, 10, 32)
		if err != nil {
			return fmt.Errorf("wireguard: endpoint %v: the zone %q is not the index of a link, a number", a, zone)
		}
		binary.NativeEndian.PutUint32(b[24:], uint32(scope))
	}
	m.Endpoint = b
	return nil
}

// AllowedIPs makes a peer's list of the networks behind it. Prefixes that are not
// valid are left out.
func AllowedIPs(prefixes ...netip.Prefix) []nl.Indexed[*AllowedIP] {
	var list []*AllowedIP
	for _, p := range prefixes {
		if !p.IsValid() {
			continue
		}
		family := uint16(nl.AFInet6)
		if p.Addr().Is4() {
			family = nl.AFInet
		}
		list = append(list, &AllowedIP{
			Family:   nl.U16(family),
			IPAddr:   p.Addr(),
			CIDRMask: nl.U8(uint8(p.Bits())),
		})
	}
	return nl.List(list...)
}

// Prefix joins the address and the length of its network; the zero Prefix where
// there is no address, or a length it cannot have.
func (m *AllowedIP) Prefix() netip.Prefix {
	p := netip.PrefixFrom(m.IPAddr, int(m.CIDRMask.Value()))
	if !m.CIDRMask.IsSet() || !p.IsValid() {
		return netip.Prefix{}
	}
	return p
}
