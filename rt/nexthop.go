package rt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"net/netip"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtroute"
	"github.com/nlkit/nlkit/wire"
)

// Nexthop is one of the ways a route goes.
type Nexthop struct {
	// Via is the gateway, of either family; the zero Addr where the destination
	// is on the link itself. It has no zone: Index tells the link.
	Via    netip.Addr
	Index  int32 // of the link; 0 lets the kernel find it by the gateway
	Weight int   // 1 to 256: its share of the packets; 0 is 1
	OnLink bool  // the gateway is reachable on the link, whatever routes say
}

// What the kernel has of a next hop in RTA_MULTIPATH (linux/rtnetlink.h): struct
// rtnexthop, with attributes of routes behind it.
const (
	sizeNexthop = 8
	attrGateway = 5  // RTA_GATEWAY: an address of the route's own family
	attrVia     = 18 // RTA_VIA: a family, and an address of it
	flagOnLink  = 4  // RTNH_F_ONLINK
	maxWeight   = 256
)

// Nexthops yields the ways a route goes: those of a multipath route, or the one of
// any other. A blackhole and its like have none. An error is the last step: the
// route's next hops are malformed. An encapsulation of a next hop is not told.
func Nexthops(r *rtroute.Route) iter.Seq2[Nexthop, error] {
	if r.Multipath != nil {
		return parseNexthops(r.Multipath)
	}
	return func(yield func(Nexthop, error) bool) {
		h := Nexthop{
			Via:    r.Gateway,
			Index:  int32(r.OIF.Value()),
			Weight: 1,
			OnLink: r.Header.Flags&flagOnLink != 0,
		}
		if r.Via != nil {
			via, err := parseVia(r.Via)
			if err != nil {
				yield(Nexthop{}, fmt.Errorf("next hop: %w", err))
				return
			}
			h.Via = via
		}
		if h.Via.IsValid() || h.Index != 0 {
			yield(h, nil)
		}
	}
}

// check finds what no kernel could take.
func (h Nexthop) check() error {
	switch {
	case h.Weight < 0 || h.Weight > maxWeight:
		return fmt.Errorf("weight %d: want 1 to %d", h.Weight, maxWeight)
	case !h.Via.IsValid() && h.Index == 0:
		return errors.New("neither a gateway nor a link: set Via, Index, or both")
	}
	return checkZone("gateway", h.Via)
}

// checkZone refuses an address with a zone, which would be lost.
func checkZone(what string, a netip.Addr) error {
	if a.Zone() != "" {
		return fmt.Errorf("%s %v: a zone is not sent: use WithZone(\"\"), and set Index to the link's", what, a)
	}
	return nil
}

// appendNexthops makes the value of RTA_MULTIPATH for a route of a family.
func appendNexthops(b []byte, hops []Nexthop, family uint8) ([]byte, error) {
	for i, h := range hops {
		if err := h.check(); err != nil {
			return nil, fmt.Errorf("next hop %d: %w", i+1, err)
		}
		start := len(b)
		var flags uint8
		if h.OnLink {
			flags = flagOnLink
		}
		b = append(b, 0, 0, flags, uint8(max(h.Weight, 1)-1))
		b = binary.NativeEndian.AppendUint32(b, uint32(h.Index))
		switch FamilyOf(h.Via) {
		case nl.AFUnspec:
		case family:
			b = appendAttr(b, attrGateway, h.Via.AsSlice())
		default:
			b = appendAttr(b, attrVia, viaValue(h.Via))
		}
		binary.NativeEndian.PutUint16(b[start:], uint16(len(b)-start))
	}
	return b, nil
}

// appendAttr appends an attribute of a short value.
func appendAttr(b []byte, typ uint16, value []byte) []byte {
	b = binary.NativeEndian.AppendUint16(b, uint16(wire.AttrHeaderLen+len(value)))
	b = binary.NativeEndian.AppendUint16(b, typ)
	b = append(b, value...)
	return append(b, make([]byte, wire.Align(len(value))-len(value))...)
}

// viaValue makes the value of RTA_VIA: struct rtvia.
func viaValue(a netip.Addr) []byte {
	return append(binary.NativeEndian.AppendUint16(nil, uint16(FamilyOf(a))), a.AsSlice()...)
}

// parseVia reads the value of RTA_VIA. Families other than IP, those of MPLS's
// neighbours, give the zero Addr.
func parseVia(b []byte) (netip.Addr, error) {
	if len(b) < 2 {
		return netip.Addr{}, fmt.Errorf("via: %d bytes, want a family and an address", len(b))
	}
	switch family := binary.NativeEndian.Uint16(b); family {
	case nl.AFInet, nl.AFInet6:
		a, ok := netip.AddrFromSlice(b[2:])
		if !ok || uint16(FamilyOf(a)) != family {
			return netip.Addr{}, fmt.Errorf("via: an address of %d bytes for the family %d", len(b)-2, family)
		}
		return a, nil
	}
	return netip.Addr{}, nil
}

// parseNexthops reads the value of RTA_MULTIPATH. What is malformed ends it with an
// error.
func parseNexthops(b []byte) iter.Seq2[Nexthop, error] {
	return func(yield func(Nexthop, error) bool) {
		for i := 1; len(b) > 0; i++ {
			h, n, err := parseNexthop(b)
			if err != nil {
				yield(Nexthop{}, fmt.Errorf("next hop %d: %w", i, err))
				return
			}
			if !yield(h, nil) {
				return
			}
			b = b[min(wire.Align(n), len(b)):]
		}
	}
}

// parseNexthop reads the next hop that b begins with, and tells its length.
func parseNexthop(b []byte) (h Nexthop, n int, err error) {
	if len(b) < sizeNexthop {
		return h, 0, fmt.Errorf("%d bytes, want at least %d", len(b), sizeNexthop)
	}
	n = int(binary.NativeEndian.Uint16(b))
	if n < sizeNexthop || n > len(b) {
		return h, 0, fmt.Errorf("a length of %d bytes, want %d to %d", n, sizeNexthop, len(b))
	}
	h = Nexthop{
		Index:  int32(binary.NativeEndian.Uint32(b[4:])),
		Weight: int(b[3]) + 1,
		OnLink: b[2]&flagOnLink != 0,
	}
	for a, err := range wire.Attrs(b[sizeNexthop:n]) {
		if err != nil {
			return h, 0, err
		}
		switch a.Type() {
		case attrGateway:
			var ok bool
			if h.Via, ok = netip.AddrFromSlice(a.Data()); !ok {
				return h, 0, fmt.Errorf("gateway: an address of %d bytes", len(a.Data()))
			}
		case attrVia:
			if h.Via, err = parseVia(a.Data()); err != nil {
				return h, 0, err
			}
		}
	}
	return h, n, nil
}
