package mirror

import (
	"slices"

	"github.com/nlkit/nlkit/wire"
)

// Nexthops are the nexthop objects and groups of them. The key is [NexthopKey].
var Nexthops = Raw{def: &nexthopDefinition}

// NexthopKey is the key of a nexthop object by its id.
func NexthopKey(id uint32) []byte { return appendU32(nil, id) }

const (
	nhMsgLen = 8 // struct nhmsg

	rtmNewNexthop = 104
	rtmDelNexthop = 105
	rtmGetNexthop = 106

	groupNexthop = 32

	nhaID       = 1
	nhaGroup    = 2
	nhaOIF      = 5
	nhaGroupRes = 12 // when buckets were last balanced
	nhGroupLen  = 8  // struct nexthop_grp
)

var nexthopDefinition = Definition{
	Name:      "nexthop",
	Layout:    nexthopLayout,
	Protocol:  wire.Route,
	Groups:    []uint32{groupNexthop},
	Put:       []uint16{rtmNewNexthop},
	Delete:    []uint16{rtmDelNexthop},
	HeaderLen: nhMsgLen,
	Strip:     []uint16{nhaGroupRes},
	Dump: func(View, Scope) []Request {
		return []Request{{Type: rtmGetNexthop, Payload: make([]byte, nhMsgLen)}}
	},
	Key: func(dst, value []byte) []byte {
		id := nexthopID(value)
		if id == 0 {
			return nil
		}
		return appendU32(dst, id)
	},
	Links: func(_, value []byte, add func(uint32)) {
		if oif, ok := attrU32(value[nhMsgLen:], nhaOIF); ok {
			add(oif)
		}
	},
}

func init() {
	nexthopDefinition.rules = []rule{{&linkDefinition, nexthopsOfLink}, {&nexthopDefinition, groupsOfNexthop}}
}

func nexthopID(value []byte) uint32 {
	id, _ := attrU32(value[nhMsgLen:], nhaID)
	return id
}

// nexthopsOfLink: a link that is set down, loses its carrier or is deleted takes the
// nexthop objects over it along, unannounced (net/ipv4/nexthop.c,
// nexthop_flush_dev).
func nexthopsOfLink(t *table, old, new []byte) {
	if old == nil {
		return
	}
	link := hostOrder.Uint32(old[ifInfoIndex:])
	if new != nil {
		flags := hostOrder.Uint32(new[ifInfoFlags:])
		if flags&iffUp != 0 && flags&(iffRunning|iffLowerUp) != 0 {
			return
		}
	}
	if !t.mayHave(link) {
		return
	}
	t.gone(link, func(_, value []byte) bool {
		oif, ok := attrU32(value[nhMsgLen:], nhaOIF)
		return ok && oif == link
	})
	t.confirm(Scope{})
}

// groupsOfNexthop: a group loses a member that is gone, and goes with its last one.
func groupsOfNexthop(t *table, old, new []byte) {
	if old == nil || new != nil {
		return
	}
	id := nexthopID(old)
	found := false
	t.gone(0, func(_, value []byte) bool {
		members := groupMembers(value)
		if !slices.Contains(members, id) {
			return false
		}
		found = true
		return len(members) == 1
	})
	if found || t.pass != nil {
		t.confirm(Scope{})
	}
}

func groupMembers(value []byte) (ids []uint32) {
	for b := attrValue(value[nhMsgLen:], nhaGroup); len(b) >= nhGroupLen; b = b[nhGroupLen:] {
		ids = append(ids, hostOrder.Uint32(b))
	}
	return ids
}
