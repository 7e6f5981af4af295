package rt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"net/netip"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtroute"
	"github.com/nlkit/nlkit/internal/rtnh"
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

const maxWeight = 256

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
			OnLink: r.Header.Flags&rtnh.OnLink != 0,
		}
		if r.Via != nil {
			via, err := rtnh.ParseVia(r.Via)
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
			flags = rtnh.OnLink
		}
		b = append(b, 0, 0, flags, uint8(max(h.Weight, 1)-1))
		b = binary.NativeEndian.AppendUint32(b, uint32(h.Index))
		switch FamilyOf(h.Via) {
		case nl.AFUnspec:
		case family:
			b = appendAttr(b, rtnh.Gateway, h.Via.AsSlice())
		default:
			b = appendAttr(b, rtnh.Via, viaValue(h.Via))
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

// parseNexthops reads the value of RTA_MULTIPATH. What is malformed ends it with an
// error.
func parseNexthops(b []byte) iter.Seq2[Nexthop, error] {
	return func(yield func(Nexthop, error) bool) {
		i := 0
		for leg, err := range rtnh.Legs(b) {
			i++
			var h Nexthop
			if err == nil {
				if h, err = parseNexthop(leg); err != nil {
					err = fmt.Errorf("next hop %d: %w", i, err)
				}
			}
			if err != nil {
				yield(Nexthop{}, err)
				return
			}
			if !yield(h, nil) {
				return
			}
		}
	}
}

func parseNexthop(leg rtnh.Leg) (Nexthop, error) {
	h := Nexthop{Index: int32(leg.Link()), Weight: leg.Weight(), OnLink: leg.Flags()&rtnh.OnLink != 0}
	for a, err := range wire.Attrs(leg.Attrs()) {
		if err != nil {
			return h, err
		}
		switch a.Type() {
		case rtnh.Gateway:
			var ok bool
			if h.Via, ok = netip.AddrFromSlice(a.Data()); !ok {
				return h, fmt.Errorf("gateway: an address of %d bytes", len(a.Data()))
			}
		case rtnh.Via:
			if h.Via, err = rtnh.ParseVia(a.Data()); err != nil {
				return h, err
			}
		}
	}
	return h, nil
}
