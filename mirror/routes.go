package mirror

import (
	"bytes"
	"encoding/binary"
	"hash/fnv"
	"iter"
	"slices"

	"github.com/nlkit/nlkit/family/rtroute"
	"github.com/nlkit/nlkit/internal/rtnh"
	"github.com/nlkit/nlkit/mirror/internal/expr"
	"github.com/nlkit/nlkit/wire"
)

// Routes are the IPv4 and IPv6 routes of all tables, the local ones included.
//
// IPv4 may have several routes to one destination with the same type of service and
// priority, of which the first counts: their keys end with their place. IPv6 may
// have them for different links.
//
// Not kept is how old a route is and when it expires. Routes that the kernel makes
// for itself from others (exceptions) are none of these.
var Routes = Table[rtroute.Route, *rtroute.Route]{def: &routeDefinition}

const (
	rtMsgLen = 12 // struct rtmsg

	rtmNewRoute = 24
	rtmDelRoute = 25
	rtmGetRoute = 26

	groupIPv4Route = 7
	groupIPv6Route = 11

	rtaDst       = 1
	rtaSrc       = 2
	rtaOIF       = 4
	rtaGateway   = 5
	rtaPriority  = 6
	rtaPrefSrc   = 7
	rtaMultipath = 9
	rtaCacheInfo = 12
	rtaTable     = 15
	rtaVia       = 18
	rtaEncapType = 21
	rtaEncap     = 22
	rtaExpires   = 23
	rtaNHID      = 30

	rtmFNotify = 0x100
	rtmFCloned = 0x200

	rtTableCompat = 252 // in the header: the number is too large for it

	rtprotRA     = 9
	scopeHost    = 254
	routeScope   = 6 // where the members of struct rtmsg are
	routeTypeOf  = 7
	routeFlagsAt = 8
)

// Tags of the index beside numbers of links, which are smaller.
const (
	tagNexthop = 1 << 30
	tagPrefSrc = 2 << 30
	tagLeg     = 3 << 30
)

// routeElsewhere: the route of a nexthop group leaves a link with the group's member,
// unannounced, and is there as long as the group is.
func routeElsewhere(s Scope, value []byte) Scope {
	id := parseRoute(value).nhid
	if id == 0 || id >= tagNexthop || s.Link == nexthopTag(id) {
		return Scope{}
	}
	return Scope{Link: nexthopTag(id), Prefix: s.Prefix}
}

// nexthopTag finds the routes that use a nexthop object, and the groups that it is a
// member of. Of ids that are too large for that it finds others as well.
func nexthopTag(id uint32) uint32 {
	if id >= tagNexthop {
		return prefSrcTag(appendU32(nil, id))
	}
	return tagNexthop | id
}

// legTag finds the routes with several legs of which one leads over a link.
func legTag(link uint32) uint32 { return tagLeg | link&(tagNexthop-1) }

// prefSrcTag finds the routes that prefer a source address, and some others.
func prefSrcTag(addr []byte) uint32 {
	h := fnv.New32a()
	h.Write(addr)
	return tagPrefSrc | h.Sum32()&(tagNexthop-1)
}

var routeDefinition = Definition{
	Name: "route", Spec: "rt-route", Layout: layoutOf("rt-route", "getroute"),
	Protocol: wire.Route,
	Groups:   []uint32{groupIPv4Route, groupIPv6Route},
	Put:      []uint16{rtmNewRoute},
	Delete:   []uint16{rtmDelRoute},
	Dump:     dumpRoutes,
	Unsteady: true,

	Normalise: normaliseRoute,
	Key:       routeKey,
	Links:     routeTags,
	groupLen:  func(key []byte) int { return len(key) - 1 },
	runLen:    routeRun,

	sameButState: sameButState,

	grain:     routeDst, // family and table
	leafLen:   routeLeaf,
	repeats:   route6Again,
	apply:     applyRoute,
	elsewhere: routeElsewhere,
	rules: []rule{
		{&linkDefinition, routesOfLink},
		{&addrDefinition, routesOfAddr},
		{&nexthopDefinition, routesOfNexthop},
	},
	parts: routeParts,
	names: expr.Names{
		Otherwise: map[string]string{"table": "rtm-table"},
		Prefixes:  map[string]expr.Prefix{"dst": {Length: "rtm-dst-len", Family: "rtm-family"}, "src": {Length: "rtm-src-len", Family: "rtm-family"}},
	},
	// What else a route says may differ from one to the same destination to another,
	// and which of these an event is about depends on all of them.
	identity: []string{"rtm-family", "table", "rtm-table", "dst", "rtm-dst-len", "rtm-tos", "priority"},
	narrow:   narrowRoutes,
	told:     []eventField{{name: "rtm-family", size: 1}, {name: "table", at: 4, size: 1, attr: rtaTable, attrs: rtMsgLen, elsewhere: rtTableCompat}},
}

// dumpRoutes asks for each family. With strict checking the kernel reads only the
// table and the link that are asked for. Those of a nexthop object, which cannot be
// asked for, are among those of the links that it leads over.
func dumpRoutes(v View, s Scope) []Request {
	var list []Request
	links := []uint32{s.Link}
	if s.Link&tagLeg == tagNexthop {
		links = []uint32{0}
		if hops := v.hopLinks(s.Link &^ tagNexthop); hops != nil && len(hops) <= maxScopes {
			links = hops
		}
	}
	for _, family := range []byte{afInet, afInet6} {
		if s.Prefix != "" && s.Prefix[0] != family {
			continue
		}
		for _, link := range links {
			payload := make([]byte, rtMsgLen, rtMsgLen+16)
			payload[0] = family
			if link != 0 {
				payload = putAttrU32(payload, rtaOIF, link)
			}
			if len(s.Prefix) >= routeDst {
				payload = putAttrU32(payload, rtaTable, binary.BigEndian.Uint32([]byte(s.Prefix[1:])))
			}
			list = append(list, Request{Type: rtmGetRoute, Payload: payload})
		}
	}
	return list
}

func normaliseRoute(dst, payload []byte) []byte {
	if len(payload) < rtMsgLen || payload[0] != afInet && payload[0] != afInet6 {
		return nil
	}
	flags := hostOrder.Uint32(payload[routeFlagsAt:])
	if flags&rtmFCloned != 0 {
		return nil
	}
	dst = append(dst, payload[:routeFlagsAt]...)
	dst = hostOrder.AppendUint32(dst, flags&^rtmFNotify)
	for a, err := range wire.Attrs(payload[rtMsgLen:]) {
		if err != nil {
			return nil
		}
		switch a.Type() {
		case rtaCacheInfo, rtaExpires:
		case rtaMultipath:
			from := len(dst) + wire.AttrHeaderLen
			if dst = appendAttr(dst, a); payload[0] == afInet6 {
				sortLegs(dst[from:])
			}
		default:
			dst = appendAttr(dst, a)
		}
	}
	return dst
}

// sortLegs puts the legs of an IPv6 route in order. The kernel tells them from the
// one on that an event is about, and their order means nothing.
func sortLegs(b []byte) {
	var list [][]byte
	for leg := range eachLeg(b) {
		list = append(list, leg)
	}
	slices.SortFunc(list, bytes.Compare)
	copy(b, bytes.Join(list, nil))
}

// routeFields are what a route's key and tags are made of.
type routeFields struct {
	dst, src, gateway, prefSrc, multipath, via []byte
	table, priority, oif, nhid                 uint32
}

func parseRoute(value []byte) (f routeFields) {
	f.table = uint32(value[4])
	for a, err := range wire.Attrs(value[rtMsgLen:]) {
		if err != nil {
			break
		}
		v := a.Data()
		switch a.Type() {
		case rtaDst:
			f.dst = v
		case rtaSrc:
			f.src = v
		case rtaGateway:
			f.gateway = v
		case rtaVia:
			f.via = v
		case rtaPrefSrc:
			f.prefSrc = v
		case rtaMultipath:
			f.multipath = v
		case rtaTable:
			f.table = number(v)
		case rtaPriority:
			f.priority = number(v)
		case rtaOIF:
			f.oif = number(v)
		case rtaNHID:
			f.nhid = number(v)
		}
	}
	return f
}

// number is a 32-bit value, 0 if it is too short to be one.
func number(v []byte) uint32 {
	if len(v) < 4 {
		return 0
	}
	return hostOrder.Uint32(v)
}

// Kinds of IPv6 routes that may stand beside each other with the same destination
// and metric.
const (
	routeECMP    = iota // one, with all its legs
	routeNexthop        // one for each nexthop object
	routeLink           // one for each link and gateway
)

// routeKey: family, table, destination, its length, type of service, priority; for
// IPv6 source and kind; and the place.
func routeKey(dst, value []byte) []byte {
	f := parseRoute(value)
	family := value[0]
	dst = appendU32(append(dst, family), f.table)
	size := 4
	if family == afInet6 {
		size = 16
	}
	dst = appendAddr(dst, f.dst, size)
	dst = append(dst, value[1], value[3])
	dst = appendU32(dst, f.priority)
	if family == afInet6 {
		if dst = append(dst, value[2]); value[2] != 0 {
			dst = appendAddr(dst, f.src, size)
		}
		switch {
		case f.nhid != 0:
			dst = appendU32(append(dst, routeNexthop), f.nhid)
		case (f.gateway != nil || f.multipath != nil) && value[5] != rtprotRA:
			dst = append(dst, routeECMP)
		default:
			dst = appendU32(append(dst, routeLink, value[routeTypeOf]), f.oif)
			dst = append(dst, f.gateway[:min(len(f.gateway), 16)]...)
		}
	}
	return append(dst, 0)
}

// routeRun: of IPv6 routes with the same destination and priority those over one link
// may have others between them, where one was replaced by another
// (net/ipv6/ip6_fib.c, fib6_add_rt2node).
func routeRun(key []byte) int {
	if key[0] == afInet6 {
		return route6Kind(key)
	}
	return len(key) - 1
}

// routeLeaf: a dump of IPv4 routes goes on at a destination, whatever its length, and
// only there counts routes (net/ipv4/fib_trie.c, fn_trie_dump_leaf).
func routeLeaf(key []byte) int {
	if key[0] == afInet {
		return routeDst + 4
	}
	return 0
}

// route6Again tells of an IPv6 route that it may be one shown twice: a dump whose tree
// has changed goes on by counting the nodes it has passed (net/ipv6/ip6_fib.c,
// fib6_dump_table), and comes to the last one again where one was added before it.
func route6Again(key []byte) bool { return key[0] == afInet6 && key[len(key)-1] > 0 }

// appendAddr appends an address of a size; the one that is not there is 0.
func appendAddr(dst, addr []byte, size int) []byte {
	addr = addr[:min(len(addr), size)]
	dst = append(dst, addr...)
	for range size - len(addr) {
		dst = append(dst, 0)
	}
	return dst
}

// routeTags are the links a route leads over, its nexthop object and the source
// address it prefers.
func routeTags(_, value []byte, add func(uint32)) {
	f := parseRoute(value)
	if f.oif != 0 {
		add(f.oif)
	}
	for leg := range legs(f.multipath) {
		if leg != f.oif {
			add(leg)
		}
		add(legTag(leg))
	}
	if f.nhid != 0 {
		add(nexthopTag(f.nhid))
	}
	if f.prefSrc != nil {
		add(prefSrcTag(f.prefSrc))
	}
}

// legs yields the links of a RTA_MULTIPATH.
func legs(b []byte) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for leg := range eachLeg(b) {
			if !yield(leg.Link()) {
				return
			}
		}
	}
}

// eachLeg yields the legs of a RTA_MULTIPATH, as far as they are well formed.
func eachLeg(b []byte) iter.Seq[rtnh.Leg] {
	return func(yield func(rtnh.Leg) bool) {
		for leg, err := range rtnh.Legs(b) {
			if err != nil || !yield(leg) {
				return
			}
		}
	}
}

// clearLegFlags makes the flags of legs zero, in place.
func clearLegFlags(b []byte) {
	for leg := range eachLeg(b) {
		leg.ClearFlags()
	}
}

// routeParts are the tables of each family that there are routes in: what one audit
// reads.
func routeParts(t *table) []Scope {
	var list []Scope
	last := ""
	for r := range t.store.All() {
		if p := string(t.store.Key(r)[:routeDst]); p != last {
			list = append(list, Scope{Prefix: p})
			last = p
		}
	}
	return list
}

// sameButState reports whether two values are the same route but for the flags of its
// links.
func sameButState(a, b []byte) bool {
	stateless := func(v []byte) []byte {
		v = bytes.Clone(v)
		copy(v[routeFlagsAt:], []byte{0, 0, 0, 0})
		clearLegFlags(parseRoute(v).multipath)
		return v
	}
	return len(a) == len(b) && bytes.Equal(stateless(a), stateless(b))
}

// sameRoute reports whether two values are the same route but for its flags, which
// tell of its link.
func sameRoute(a, b []byte) bool {
	return len(a) >= rtMsgLen && len(b) >= rtMsgLen &&
		bytes.Equal(a[:routeFlagsAt], b[:routeFlagsAt]) && bytes.Equal(a[rtMsgLen:], b[rtMsgLen:])
}
