package churn

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
)

// Kind is a kind of change.
type Kind uint8

// The kinds. Several are an or.
const (
	// Routes makes, replaces and deletes routes, one to a destination.
	Routes Kind = 1 << iota
	// Variants makes several routes to a destination, with legs, gateways, sources
	// and metrics.
	Variants
	// Links sets links up and down, changes them, makes and deletes some.
	Links
	// Addrs gives links addresses and takes them away.
	Addrs
	// Neighs makes and deletes permanent neighbours.
	Neighs
	// Rules makes and deletes rules.
	Rules
	// Nexthops makes, changes and deletes nexthop objects, groups of them, and
	// routes that use them.
	Nexthops
)

// All is every kind.
const All = Routes | Variants | Links | Addrs | Neighs | Rules | Nexthops

// Plan draws changes. The same numbers make the same changes.
type Plan struct {
	Rand  *rand.Rand
	Kinds Kind
	// Size is how many destinations Routes has, of which about half have a route
	// in the end.
	Size int
	// Links are the numbers of two links that are there. Bridge is that of a bridge,
	// or 0. Numbers from Free on are free for links.
	Links  [2]uint32
	Bridge uint32
	Free   uint32
}

// Step makes one change, or a few that belong together.
func (p *Plan) Step(w *Writer) error {
	r := p.Rand
	// Routes are most, links few: so it is in real life.
	switch n := r.IntN(1000); {
	case n < 600 && p.Kinds&Routes != 0:
		return p.route(w)
	case n < 750 && p.Kinds&Variants != 0:
		return p.variant(w)
	case n < 760 && p.Kinds&Links != 0:
		return p.link(w)
	case n >= 760 && n < 780 && p.Kinds&Addrs != 0:
		return p.addr(w)
	case n >= 780 && n < 880 && p.Kinds&Neighs != 0:
		return p.neigh(w)
	case n >= 880 && n < 940 && p.Kinds&Rules != 0:
		return p.rule(w)
	case n >= 940 && p.Kinds&Nexthops != 0:
		return p.nexthop(w)
	}
	if p.Kinds&Routes != 0 {
		return p.route(w)
	}
	return nil
}

// Host is the destination of a number: IPv4 where v6 is false.
func Host(v6 bool, i int) netip.Prefix {
	if v6 {
		return netip.PrefixFrom(netip.AddrFrom16([16]byte{0: 0xfd, 1: 0x10, 12: byte(i >> 24), 13: byte(i >> 16), 14: byte(i >> 8), 15: byte(i)}), 128)
	}
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{16 + byte(i>>24), byte(i >> 16), byte(i >> 8), byte(i)}), 32)
}

// Simple is the route to a host over a link.
func Simple(v6 bool, i int, link uint32) Route {
	return Route{Dst: Host(v6, i), Table: 254, Hops: []Hop{{Link: link}}}
}

func (p *Plan) linkOf() uint32 { return p.Links[p.Rand.IntN(2)] }

func (p *Plan) route(w *Writer) error {
	r := p.Rand
	route := Simple(r.IntN(4) == 0, r.IntN(p.Size), p.linkOf())
	switch r.IntN(8) {
	case 0, 1, 2:
		return w.AddRoute(Add, route)
	case 3:
		return w.AddRoute(Replace, route)
	case 4:
		route.Hops = nil
		return w.DelRoute(route)
	}
	return w.DelRoute(route)
}

// gateway is an address that a link's peer may have.
func (p *Plan) gateway(v6 bool, link uint32) netip.Addr {
	n := byte(2 + p.Rand.IntN(4))
	k := byte(1)
	if link == p.Links[1] {
		k = 2
	}
	if v6 {
		return netip.AddrFrom16([16]byte{0: 0xfd, 3: k, 15: n})
	}
	return netip.AddrFrom4([4]byte{10, k, 0, n})
}

// Own is the address of a link of the plan, by which its gateways are reached: the
// first or the second, with one more for each n.
func Own(v6 bool, second bool, n int) netip.Prefix {
	k := byte(1)
	if second {
		k = 2
	}
	if v6 {
		return netip.PrefixFrom(netip.AddrFrom16([16]byte{0: 0xfd, 3: k, 14: 1, 15: byte(n)}), 64)
	}
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, k, 0, 100 + byte(n)}), 24)
}

func (p *Plan) variant(w *Writer) error {
	r := p.Rand
	v6 := r.IntN(2) == 0
	// Few destinations, so that they meet.
	n := r.IntN(6)
	route := Route{Dst: Host(v6, 1<<20+n), Table: 254}
	if r.IntN(3) == 0 {
		route.Table = 1000
	}
	if r.IntN(3) == 0 {
		route.Metric = 7
	}
	legs := 1 + r.IntN(2)*r.IntN(2)
	gateways := r.IntN(3) > 0
	if v6 {
		// An IPv6 destination has either routes with gateways or routes without
		// here. Of several legs without the kernel makes a route each, and
		// announces one; and no dump shows a route without a gateway that was made
		// between two legs with one.
		if gateways = n%3 > 0; !gateways {
			legs = 1
		}
	}
	for range legs {
		link := p.linkOf()
		hop := Hop{Link: link}
		if gateways {
			hop.Gateway = p.gateway(v6, link)
		}
		route.Hops = append(route.Hops, hop)
	}
	if r.IntN(4) == 0 {
		route.PrefSrc = Own(v6, r.IntN(2) == 0, r.IntN(2)).Addr()
	}
	switch r.IntN(8) {
	case 0:
		return w.AddRoute(Add, route)
	case 1, 2:
		return w.AddRoute(Append, route)
	case 3:
		return w.AddRoute(Prepend, route)
	case 4:
		return w.AddRoute(Replace, route)
	case 5:
		route.Hops, route.PrefSrc = nil, netip.Addr{}
	}
	return w.DelRoute(route)
}

func (p *Plan) link(w *Writer) error {
	r := p.Rand
	link := p.linkOf()
	switch r.IntN(8) {
	case 0, 1, 2:
		return w.Up(link, true)
	case 3:
		return w.Up(link, false)
	case 4:
		return w.MTU(link, uint32(1400+r.IntN(100)))
	case 5:
		if p.Bridge != 0 {
			if r.IntN(3) == 0 {
				return w.Master(link, p.Bridge)
			}
			return w.Master(link, 0)
		}
	}
	n := uint32(r.IntN(3))
	if r.IntN(2) == 0 {
		return w.AddLink(p.Free+n, fmt.Sprint("churn", n), []string{"ifb", "bridge"}[r.IntN(2)])
	}
	return w.DelLink(p.Free + n)
}

func (p *Plan) addr(w *Writer) error {
	r := p.Rand
	v6, second := r.IntN(2) == 0, r.IntN(2) == 0
	link := p.Links[0]
	if second {
		link = p.Links[1]
	}
	if a := Own(v6, second, r.IntN(2)); r.IntN(3) > 0 {
		return w.AddAddr(link, a)
	} else {
		return w.DelAddr(link, a)
	}
}

func (p *Plan) neigh(w *Writer) error {
	r := p.Rand
	link := p.linkOf()
	a := p.gateway(r.IntN(2) == 0, link)
	if r.IntN(2) == 0 {
		return w.AddNeigh(link, a, [6]byte{2, 5: byte(r.IntN(4))})
	}
	return w.DelNeigh(link, a)
}

func (p *Plan) rule(w *Writer) error {
	r := p.Rand
	v6, n := r.IntN(2) == 0, uint32(r.IntN(20))
	if r.IntN(2) == 0 {
		return w.AddRule(v6, 1000+n, n+1, 1000)
	}
	return w.DelRule(v6, 1000+n, n+1, 1000)
}

func (p *Plan) nexthop(w *Writer) error {
	r := p.Rand
	id := uint32(1 + r.IntN(4))
	group := uint32(11 + r.IntN(2))
	switch r.IntN(8) {
	case 0, 1:
		link := p.linkOf()
		return w.AddNexthop(id, Hop{Link: link, Gateway: p.gateway(r.IntN(3) == 0, link)})
	case 2:
		return w.DelNexthop(id)
	case 3:
		return w.AddGroup(group, id, 1+id%4)
	case 4:
		if r.IntN(3) == 0 {
			return w.DelNexthop(group)
		}
		id = group
	case 5:
		id = group
	}
	route := Route{Dst: Host(r.IntN(3) == 0, 1<<21+r.IntN(8)), Table: 254, Nexthop: id}
	if r.IntN(4) == 0 {
		route.Nexthop = 0
		return w.DelRoute(route)
	}
	return w.AddRoute(Replace, route)
}
