package mirror

import (
	"encoding/binary"
	"slices"

	"github.com/nlkit/nlkit/internal/rtnh"
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
	Dump:      dumpNexthops,
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
		for _, id := range groupMembers(value) {
			add(nexthopTag(id))
		}
	},
}

// dumpNexthops asks for one object by its id, which is all of a key, or for those of a
// link: groups are not among these.
func dumpNexthops(_ View, s Scope) []Request {
	r := Request{Type: rtmGetNexthop, Payload: make([]byte, nhMsgLen)}
	switch {
	case len(s.Prefix) == 4:
		r.One = true
		r.Payload = putAttrU32(r.Payload, nhaID, binary.BigEndian.Uint32([]byte(s.Prefix)))
	case s.Link != 0:
		r.Payload = putAttrU32(r.Payload, nhaOIF, s.Link)
	}
	return []Request{r}
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
	if t.pass != nil {
		// Of an object that is being read nobody will know that it was there, nor that
		// it was a member of groups.
		t.confirm(Scope{})
		return
	}
	t.confirm(Scope{Link: link})
}

// groupsOfNexthop: a group loses a member that is gone, and goes with its last one.
func groupsOfNexthop(t *table, old, new []byte) {
	if old == nil || new != nil {
		return
	}
	id := nexthopID(old)
	var groups []uint32
	t.gone(nexthopTag(id), func(_, value []byte) bool {
		members := groupMembers(value)
		if !slices.Contains(members, id) {
			return false
		}
		groups = append(groups, nexthopID(value))
		return len(members) == 1
	})
	if len(groups) > maxScopes || t.pass != nil {
		t.confirm(Scope{})
		return
	}
	for _, group := range groups {
		t.confirm(Scope{Prefix: string(NexthopKey(group))})
	}
}

// hopLinks are the links that a nexthop object leads over, or that the members of a
// group do: one that is not known is no member any more. It is nil if there are none.
func (v View) hopLinks(id uint32) (links []uint32) {
	t := v.sp.unfiltered(&nexthopDefinition)
	if t == nil {
		return nil
	}
	ids := []uint32{id}
	if members := groupMembers(t.get(NexthopKey(id))); members != nil {
		ids = members
	}
	for _, id := range ids {
		value := t.get(NexthopKey(id))
		if value == nil {
			continue
		}
		oif, ok := attrU32(value[nhMsgLen:], nhaOIF)
		if !ok {
			return nil
		}
		if !slices.Contains(links, oif) {
			links = append(links, oif)
		}
	}
	return links
}

func groupMembers(value []byte) (ids []uint32) {
	if value == nil {
		return nil
	}
	for m, err := range rtnh.Members(attrValue(value[nhMsgLen:], nhaGroup)) {
		if err != nil {
			break
		}
		ids = append(ids, m.ID())
	}
	return ids
}
