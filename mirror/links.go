package mirror

import (
	"github.com/nlkit/nlkit/family/rtlink"
	"github.com/nlkit/nlkit/mirror/internal/expr"
	"github.com/nlkit/nlkit/wire"
)

// Links are the network interfaces.
//
// Kept are all attributes but counters (statistics, carrier changes, promiscuity),
// timers of bridges and their ports, the carrier of links that are not up, and what
// address families keep of them (af-spec), which changes unannounced.
// The key is [LinkKey].
var Links = Table[rtlink.Link, *rtlink.Link]{def: &linkDefinition}

// LinkKey is the key of a link by its number.
func LinkKey(index uint32) []byte { return appendU32(nil, index) }

const (
	ifInfoLen = 16 // struct ifinfomsg

	rtmNewLink = 16
	rtmDelLink = 17

	groupLink = 1

	iflaStats        = 7
	iflaIFName       = 3
	iflaMTU          = 4
	iflaLink         = 5
	iflaWireless     = 11
	iflaMaster       = 10
	iflaLinkInfo     = 18
	iflaStats64      = 23
	iflaAFSpec       = 26
	iflaExtMask      = 29
	iflaPromiscuity  = 30
	iflaCarrier      = 33
	iflaCarrierChgs  = 35
	iflaEvent        = 44
	iflaCarrierUp    = 47
	iflaCarrierDown  = 48
	iflaAllMulti     = 61
	extFilterNoStats = 1 << 3 // RTEXT_FILTER_SKIP_STATS

	iffUp        = 1 << 0
	iffRunning   = 1 << 6
	iffLowerUp   = 1 << 16
	afUnspec     = 0
	afInet       = 2
	afBridge     = 7
	afInet6      = 10
	ifInfoIndex  = 4
	ifInfoFlags  = 8
	ifInfoChange = 12
)

// linkStrip are the attributes of a link that change unannounced, or that only
// events have.
var linkStrip = []uint16{iflaStats, iflaStats64, iflaAFSpec, iflaWireless, iflaPromiscuity, iflaAllMulti,
	iflaCarrierChgs, iflaCarrierUp, iflaCarrierDown, iflaEvent}

var linkDefinition = Definition{
	Name: "link", Spec: "rt-link", Layout: layoutOf("rt-link", "getlink"),
	Protocol: wire.Route,
	Groups:   []uint32{groupLink},
	Put:      []uint16{rtmNewLink},
	Delete:   []uint16{rtmDelLink},
	Dump: func(_ View, s Scope) []Request {
		payload := make([]byte, ifInfoLen)
		if s.Link != 0 {
			hostOrder.PutUint32(payload[ifInfoIndex:], s.Link)
		}
		payload = putAttrU32(payload, iflaExtMask, extFilterNoStats)
		return []Request{{Type: rtmGetLink, Payload: payload, One: s.Link != 0}}
	},
	Normalise: func(dst, payload []byte) []byte {
		// A bridge's ports and IPv6's settings are announced in the same way, with
		// their family's number and a part of the attributes.
		if len(payload) < ifInfoLen || payload[0] != afUnspec {
			return nil
		}
		attrs := payload[ifInfoLen:]
		if _, ok := wire.FindAttr(attrs, iflaMTU); !ok {
			return nil // a part: what a wireless driver tells of its scan
		}
		dst = append(dst, payload[:ifInfoChange]...)
		dst = append(dst, 0, 0, 0, 0) // what this event has changed
		return appendLinkAttrs(dst, attrs, hostOrder.Uint32(payload[ifInfoFlags:])&iffUp != 0)
	},
	Key: func(dst, value []byte) []byte {
		return appendU32(dst, hostOrder.Uint32(value[ifInfoIndex:]))
	},
	Links: func(_, value []byte, add func(uint32)) {
		add(hostOrder.Uint32(value[ifInfoIndex:]))
		if other, ok := attrU32(value[ifInfoLen:], iflaLink); ok && other != 0 {
			add(legTag(other))
		}
	},
	aside:    portOfLink,
	linkName: "ifi-index",
	names:    expr.Names{Sample: putAttrU32(nil, iflaMTU, 1500)},
	narrow:   narrowLinks,
	told:     []eventField{{name: "ifi-index", at: ifInfoIndex, size: 4}},
}

func init() { linkDefinition.rules = []rule{{&linkDefinition, linksOfLink}} }

// linksOfLink: of a pair the end that is made first is announced before there is
// another one, and not again then (drivers/net/veth.c, veth_newlink). Where one end, or
// the link below others, goes to another namespace, the others tell where it is from
// then on, unannounced.
func linksOfLink(t *table, old, new []byte) {
	switch {
	case old == nil:
		if other, ok := attrU32(new[ifInfoLen:], iflaLink); ok && other == 0 {
			t.confirm(Scope{Link: hostOrder.Uint32(new[ifInfoIndex:])})
		}
	case new == nil:
		var links []uint32
		for r := range t.store.Tagged(legTag(hostOrder.Uint32(old[ifInfoIndex:]))) {
			links = append(links, hostOrder.Uint32(t.store.Value(r)[ifInfoIndex:]))
		}
		if len(links) > maxScopes {
			t.confirm(Scope{})
			return
		}
		for _, link := range links {
			t.confirm(Scope{Link: link})
		}
	}
}

// portOfLink: the state of a bridge's port, which is among the attributes of its
// link, is announced with the bridge's family alone (net/bridge/br_netlink.c,
// br_ifinfo_notify).
func portOfLink(t *table, payload []byte) {
	if len(payload) >= ifInfoLen && payload[0] == afBridge {
		t.confirm(Scope{Link: hostOrder.Uint32(payload[ifInfoIndex:])})
	}
}

// appendLinkAttrs appends the attributes of a link that are kept. The carrier of one that
// is not up changes unannounced (net/core/link_watch.c, linkwatch_do_dev).
func appendLinkAttrs(dst, attrs []byte, up bool) []byte {
	for a, err := range wire.Attrs(attrs) {
		if err != nil {
			return nil
		}
		skip := false
		for _, typ := range linkStrip {
			skip = skip || a.Type() == typ
		}
		switch {
		case skip, a.Type() == iflaCarrier && !up:
		case a.Type() == iflaLinkInfo:
			if dst = appendLinkInfo(dst, a); dst == nil {
				return nil
			}
		default:
			dst = appendAttr(dst, a)
		}
	}
	return dst
}
