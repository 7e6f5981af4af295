//go:build linux

package copies

import (
	"context"
	"errors"
	"net/netip"

	"github.com/nlkit/nlkit/family/rtroute"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/rt"
)

// readKernel dumps the routes of a namespace.
func readKernel(ctx context.Context, ns netlink.Namespace) (Copy, error) {
	c, err := rtroute.Dial(ctx, &netlink.Options{Namespace: ns})
	if err != nil {
		return nil, err
	}
	defer c.Close()
	table := Copy{}
	for r, err := range c.RouteGetDump(ctx, nil) {
		if err != nil {
			return nil, err
		}
		route, err := fromTyped(r)
		if err != nil {
			return nil, err
		}
		table.Add(route)
	}
	if len(table) == 0 {
		return nil, errors.New("the dump shows no route")
	}
	return table, nil
}

const inet6 = 10 // AF_INET6

// fromTyped takes a route out of a decoded one.
func fromTyped(r *rtroute.Route) (Route, error) {
	dst := r.Dst
	if !dst.IsValid() {
		dst = unspecified(r.Header.Family)
	}
	out := Route{
		Key: Key{
			Dst: netip.PrefixFrom(dst, int(r.Header.DstLen)), Table: r.Table.Or(uint32(r.Header.Table)),
			Priority: r.Priority.Value(), TOS: r.Header.TOS,
		},
		Type: uint8(r.Header.Type),
	}
	for hop, err := range rt.Nexthops(r) {
		if err != nil {
			return out, err
		}
		out.Legs = append(out.Legs, Leg{Gateway: hop.Via, Link: uint32(hop.Index)})
	}
	return out, nil
}

// unspecified is the destination of a default route.
func unspecified(family uint8) netip.Addr {
	if family == inet6 {
		return netip.IPv6Unspecified()
	}
	return netip.IPv4Unspecified()
}
