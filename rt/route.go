package rt

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtroute"
	"github.com/nlkit/nlkit/internal/rtnh"
)

// Routing tables (linux/rtnetlink.h). Any other number is a table of one's own.
const (
	TableDefault = 253
	TableMain    = 254
	TableLocal   = 255
)

// Scopes: how far away a destination is (linux/rtnetlink.h).
const (
	ScopeUniverse = 0 // anywhere
	ScopeSite     = 200
	ScopeLink     = 253 // on the link
	ScopeHost     = 254 // this host itself
	ScopeNowhere  = 255 // where a route is deleted: any scope
)

// Protocols: who made a route (linux/rtnetlink.h).
const (
	ProtoRedirect = 1 // an ICMP redirect
	ProtoKernel   = 2 // the kernel, for an address
	ProtoBoot     = 3 // a person or script; what ip(8) says unless told otherwise
	ProtoStatic   = 4 // the administrator
	ProtoRA       = 9 // a router advertisement
)

// Route is what most routes are, for AddRoute and its like. What it has no field
// for is set in the request that Request makes.
type Route struct {
	// Dst is where it goes: 0.0.0.0/0 or ::/0 is everywhere.
	Dst netip.Prefix
	// Via is the gateway. It may be of the other family: IPv6 gateways of IPv4
	// routes are sent as RTA_VIA (Linux 5.2).
	Via    netip.Addr
	Index  int32 // of the link; 0 lets the kernel find it by the gateway
	OnLink bool  // the gateway is reachable on the link, whatever routes say
	// Nexthops are several ways. Then Via, Index and OnLink are not set.
	Nexthops []Nexthop

	Src    netip.Addr // the source address of what this host sends (RTA_PREFSRC)
	Table  uint32     // 0 is the main one
	Metric uint32     // the lower one is taken; 0 is the kernel's own choice
	MTU    uint32     // in bytes; 0 is that of the link

	// Type is unicast where it is 0, and any of them when a route is deleted.
	Type rtroute.RtmType
	// Scope 0 is the one ip(8) takes: of the host for local routes, of the link
	// for those without a gateway, else that of the universe; any when a route
	// is deleted. IPv6 has none.
	Scope uint8
	// Protocol is ProtoStatic where it is 0, and any when a route is deleted.
	Protocol uint8
}

// AddRoute makes a route that must not be there yet (EEXIST).
func (c *Client) AddRoute(ctx context.Context, r Route) error {
	req, err := r.Request()
	if err != nil {
		return err
	}
	return c.RouteNew(ctx, req, nl.Create, nl.Excl)
}

// ReplaceRoute makes a route, or takes the place of the one with the same
// destination, table and metric.
func (c *Client) ReplaceRoute(ctx context.Context, r Route) error {
	req, err := r.Request()
	if err != nil {
		return err
	}
	return c.RouteNew(ctx, req, nl.Create, nl.Replace)
}

// DelRoute deletes the first route that is so in all that r sets. One that is not
// there is ESRCH.
func (c *Client) DelRoute(ctx context.Context, r Route) error {
	req, err := r.DelRequest()
	if err != nil {
		return err
	}
	return c.RouteDel(ctx, req)
}

// Request is the request that makes the route, for batches and for what Route has
// no field for.
func (r Route) Request() (*rtroute.RouteNewRequest, error) {
	m, err := r.message()
	if err != nil {
		return nil, err
	}
	if m.Header.Type == rtroute.RtmTypeUnspec {
		m.Header.Type = rtroute.RtmTypeUnicast
	}
	if m.Header.Protocol == 0 {
		m.Header.Protocol = ProtoStatic
	}
	if m.Header.Scope == 0 {
		m.Header.Scope = r.scope(m.Header.Type)
	}
	return (*rtroute.RouteNewRequest)(m), nil
}

// DelRequest is the request that deletes the route.
func (r Route) DelRequest() (*rtroute.RouteDelRequest, error) {
	m, err := r.message()
	if err != nil {
		return nil, err
	}
	if m.Header.Scope == 0 {
		m.Header.Scope = ScopeNowhere
	}
	return (*rtroute.RouteDelRequest)(m), nil
}

// scope is the one of a route that is made and does not say it.
func (r Route) scope(t rtroute.RtmType) uint8 {
	switch t {
	case rtroute.RtmTypeLocal, rtroute.RtmTypeNAT:
		return ScopeHost
	case rtroute.RtmTypeBroadcast, rtroute.RtmTypeMulticast, rtroute.RtmTypeAnycast:
		return ScopeLink
	case rtroute.RtmTypeUnicast:
		if !r.Via.IsValid() && len(r.Nexthops) == 0 {
			return ScopeLink
		}
	}
	return ScopeUniverse
}

// message is what requests that make and delete have in common.
func (r Route) message() (*rtroute.Route, error) {
	m, err := r.build()
	if err != nil {
		return nil, fmt.Errorf("rt: route to %v: %w", r.Dst, err)
	}
	return m, nil
}

func (r Route) build() (*rtroute.Route, error) {
	if !r.Dst.IsValid() {
		return nil, errors.New("no destination: 0.0.0.0/0 or ::/0 is everywhere")
	}
	if err := errors.Join(checkZone("gateway", r.Via), checkZone("source", r.Src)); err != nil {
		return nil, err
	}
	m := &rtroute.Route{
		Header: rtroute.RtMsg{
			Type:     r.Type,
			Scope:    r.Scope,
			Protocol: r.Protocol,
		},
		PrefSrc: r.Src,
	}
	m.SetDstPrefix(r.Dst)
	switch table := r.Table; {
	case table == 0:
		m.Header.Table = TableMain
	case table < 256:
		m.Header.Table = uint8(table)
	default: // the header is too small for it
		m.Table.Set(table)
	}
	if r.Metric != 0 {
		m.Priority.Set(r.Metric)
	}
	if r.MTU != 0 {
		m.Metrics = &rtroute.Metrics{MTU: nl.U32(r.MTU)}
	}
	return m, r.ways(m)
}

// ways sets where the route goes.
func (r Route) ways(m *rtroute.Route) error {
	if len(r.Nexthops) > 0 {
		if r.Via.IsValid() || r.Index != 0 || r.OnLink {
			return errors.New("next hops, and a gateway or link beside them: set either Nexthops, or Via, Index and OnLink")
		}
		var err error
		m.Multipath, err = appendNexthops(nil, r.Nexthops, m.Header.Family)
		return err
	}
	switch FamilyOf(r.Via) {
	case nl.AFUnspec:
	case m.Header.Family:
		m.Gateway = r.Via
	default:
		m.Via = viaValue(r.Via)
	}
	if r.Index != 0 {
		m.OIF.Set(uint32(r.Index))
	}
	if r.OnLink {
		m.Header.Flags |= rtnh.OnLink
	}
	return nil
}
