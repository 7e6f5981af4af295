package mirror

import (
	"bytes"
	"net/netip"

	"github.com/nlkit/nlkit/family/rtneigh"
	"github.com/nlkit/nlkit/mirror/internal/expr"
	"github.com/nlkit/nlkit/wire"
)

// Neighbours are the addresses on a link of the IPv4 and IPv6 hosts beside it. The
// key is [NeighbourKey].
//
// The kernel does not announce when it begins to ask for a neighbour, nor when one
// becomes doubtful. So those that are not resolved (none, incomplete, failed) are
// no records, and the states reachable, stale, delay and probe are all shown as
// stale: there is an address, and it was learned. Neither kept are those that the
// kernel makes by itself without asking (noarp: multicast and the like), proxies,
// ages and counts.
var Neighbours = Table[rtneigh.Neigh, *rtneigh.Neigh]{def: &neighbourDefinition}

// FDB are the link-layer addresses that bridges and VXLAN links forward to. State and
// age of those learned are as [Neighbours] says. Addresses that a link merely listens
// to, which `bridge fdb` shows as well, are not kept: they come and go unannounced.
var FDB = Table[rtneigh.Neigh, *rtneigh.Neigh]{def: &fdbDefinition}

// NeighbourKey is the key of a neighbour by the link's number and its address.
func NeighbourKey(link uint32, addr netip.Addr) []byte {
	family := uint8(afInet)
	if addr.Is6() {
		family = afInet6
	}
	return append(appendU32([]byte{family}, link), addr.AsSlice()...)
}

const (
	ndMsgLen = 12 // struct ndmsg

	rtmNewNeigh = 28
	rtmDelNeigh = 29
	rtmGetNeigh = 30

	groupNeigh = 3

	ndaDst       = 1
	ndaLLAddr    = 2
	ndaCacheInfo = 3
	ndaProbes    = 4
	ndaVLAN      = 5
	ndaPort      = 6
	ndaVNI       = 7
	ndaIfIndex   = 8
	ndaMaster    = 9
	ndaSrcVNI    = 11
	ndaNHID      = 13

	ndmIfIndex = 4 // where the members of struct ndmsg are
	ndmState   = 8
	ndmFlags   = 10

	nudReachable = 0x02
	nudStale     = 0x04
	nudDelay     = 0x08
	nudProbe     = 0x10
	nudPermanent = 0x80
	nudLearned   = nudReachable | nudStale | nudDelay | nudProbe

	ntfSelf  = 0x02
	ntfProxy = 0x08
)

var neighStrip = []uint16{ndaCacheInfo, ndaProbes}

// normaliseNeigh keeps of the state what is announced.
func normaliseNeigh(dst, payload []byte) []byte {
	from := len(dst)
	dst = append(dst, payload[:ndMsgLen]...)
	if state := hostOrder.Uint16(payload[ndmState:]); state&nudLearned != 0 {
		hostOrder.PutUint16(dst[from+ndmState:], state&^nudLearned|nudStale)
	}
	return appendAttrs(dst, payload[ndMsgLen:], neighStrip)
}

// dumpNeigh asks for the neighbours of families. With strict checking the kernel
// reads those of one link only, if that is asked for.
func dumpNeigh(s Scope, families ...byte) []Request {
	var list []Request
	for _, family := range families {
		payload := make([]byte, ndMsgLen)
		payload[0] = family
		if s.Link != 0 {
			payload = putAttrU32(payload, ndaIfIndex, s.Link)
		}
		list = append(list, Request{Type: rtmGetNeigh, Payload: payload})
	}
	return list
}

// permanentNeigh is the header of a neighbour that is there.
func permanentNeigh(family byte) []byte {
	header := make([]byte, ndMsgLen)
	header[0] = family
	hostOrder.PutUint16(header[ndmState:], nudPermanent)
	return header
}

var neighbourDefinition = Definition{
	Name: "neigh", Spec: "rt-neigh", Layout: layoutOf("rt-neigh", "getneigh"),
	Protocol: wire.Route,
	Groups:   []uint32{groupNeigh},
	Put:      []uint16{rtmNewNeigh},
	Delete:   []uint16{rtmDelNeigh},
	Dump:     func(_ View, s Scope) []Request { return dumpNeigh(s, afInet, afInet6) },
	Unsteady: true,
	Normalise: func(dst, payload []byte) []byte {
		if len(payload) < ndMsgLen || payload[0] != afInet && payload[0] != afInet6 || payload[ndmFlags]&ntfProxy != 0 {
			return nil
		}
		return normaliseNeigh(dst, payload)
	},
	absent: func(value []byte) bool { return hostOrder.Uint16(value[ndmState:])&(nudStale|nudPermanent) == 0 },
	Key: func(dst, value []byte) []byte {
		addr := attrValue(value[ndMsgLen:], ndaDst)
		if addr == nil || len(addr) > 16 {
			return nil
		}
		return append(appendU32(append(dst, value[0]), hostOrder.Uint32(value[ndmIfIndex:])), addr...)
	},
	Links:    func(_, value []byte, add func(uint32)) { add(hostOrder.Uint32(value[ndmIfIndex:])) },
	linkName: "ndm-ifindex",
	narrow:   func(list []Request, f *expr.Filter) []Request { return narrowFamily(list, f, "ndm-family") },
	names:    expr.Names{Header: permanentNeigh(afInet)},
	// The kernel's place in a dump of one link counts the neighbours of the others:
	// their events must be heard.
	told: []eventField{{name: "ndm-family", size: 1, within: []uint32{afInet, afInet6}}},
}

var fdbDefinition = Definition{
	Name: "fdb", Spec: "rt-neigh", Layout: layoutOf("rt-neigh", "getneigh"),
	Protocol: wire.Route,
	Groups:   []uint32{groupNeigh},
	Put:      []uint16{rtmNewNeigh},
	Delete:   []uint16{rtmDelNeigh},
	Dump:     dumpFDB,
	Unsteady: true,
	Normalise: func(dst, payload []byte) []byte {
		if len(payload) < ndMsgLen || payload[0] != afBridge {
			return nil
		}
		return normaliseNeigh(dst, payload)
	},
	Key:   fdbKey,
	Links: fdbLinks,
	apply: applyFDB,
	rules: []rule{{&linkDefinition, fdbOfLink}},
	// The other places of a VXLAN link's address share its state.
	identity: []string{"lladdr"},
	told:     []eventField{{name: "ndm-family", size: 1, within: []uint32{afBridge}}},
}

// dumpFDB asks for the entries of a link: its own or those of it as a port, and where it
// is a bridge those of its ports too. The kernel reads no others with strict checking
// (net/core/rtnetlink.c, rtnl_fdb_dump).
func dumpFDB(v View, s Scope) []Request {
	request := func(attr uint16, link uint32) Request {
		payload := make([]byte, ndMsgLen)
		payload[0] = afBridge
		if link != 0 {
			payload = putAttrU32(payload, attr, link)
		}
		return Request{Type: rtmGetNeigh, Payload: payload}
	}
	list := []Request{request(ndaIfIndex, s.Link)}
	if s.Link != 0 && linkKind(v.link(s.Link)) == "bridge" {
		list = append(list, request(ndaMaster, s.Link))
	}
	return list
}

// fdbVXLAN is where a key tells an entry of a VXLAN link from one of a bridge.
const fdbVXLAN = 4

// applyFDB takes in an event. The state of a VXLAN link's entry is common to all places
// that its address is at, of which one is announced
// (drivers/net/vxlan/vxlan_core.c, vxlan_fdb_update_existing).
func applyFDB(t *table, v verb, _ wire.Flags, key, value []byte) {
	if v == verbDelete {
		t.remove(key, Announced)
		return
	}
	t.put(key, value, Announced)
	if key[fdbVXLAN] == 0 {
		return
	}
	for _, k := range t.withPrefix(key[:fdbVXLAN+1+len(parseFDB(value).lladdr)], 2) {
		if !bytes.Equal(t.get(k)[:ndMsgLen], value[:ndMsgLen]) {
			t.confirm(Scope{Link: hostOrder.Uint32(value[ndmIfIndex:])})
			return
		}
	}
}

// fdbFields are what an entry's key is made of.
type fdbFields struct {
	lladdr, dst, vlan, port, rest []byte
	master                        uint32
	vxlan                         bool
}

func parseFDB(value []byte) (f fdbFields) {
	for a, err := range wire.Attrs(value[ndMsgLen:]) {
		if err != nil {
			break
		}
		switch v := a.Data(); a.Type() {
		case ndaLLAddr:
			f.lladdr = v
		case ndaVLAN:
			f.vlan = v
		case ndaMaster:
			f.master = number(v)
		case ndaDst:
			f.dst, f.vxlan = v, true
		case ndaPort:
			f.port = v
		case ndaVNI, ndaIfIndex, ndaSrcVNI, ndaNHID:
			f.rest, f.vxlan = append(append(f.rest, byte(a.Type())), v...), true
		}
	}
	return f
}

// fdbKey: of a bridge, its number, the VLAN and the address, whatever the port, which
// may change; of a VXLAN link, its number, the address and where that is.
func fdbKey(dst, value []byte) []byte {
	f := parseFDB(value)
	if f.lladdr == nil {
		return nil
	}
	self := value[ndmFlags]&ntfSelf != 0
	switch {
	case !self && f.master != 0:
		dst = append(appendU32(dst, f.master), 0)
		if len(f.vlan) == 2 {
			vlan := hostOrder.Uint16(f.vlan)
			return append(append(dst, byte(vlan>>8), byte(vlan)), f.lladdr...)
		}
		return append(append(dst, 0, 0), f.lladdr...)
	case f.vxlan:
		dst = append(appendU32(dst, hostOrder.Uint32(value[ndmIfIndex:])), 1)
		dst = append(dst, f.lladdr...)
		return append(append(append(dst, f.dst...), f.port...), f.rest...)
	}
	return nil
}

func fdbLinks(_, value []byte, add func(uint32)) {
	link := hostOrder.Uint32(value[ndmIfIndex:])
	add(link)
	if master, ok := attrU32(value[ndMsgLen:], ndaMaster); ok && master != link {
		add(master)
	}
}

// fdbOfLink: entries go with their link and with its being a port. Where that is
// announced it has been taken in; VXLAN's of a link that is deleted are not all
// (drivers/net/vxlan/vxlan_core.c, vxlan_uninit).
func fdbOfLink(t *table, old, new []byte) {
	if old == nil {
		return
	}
	link := hostOrder.Uint32(old[ifInfoIndex:])
	was, _ := attrU32(old[ifInfoLen:], iflaMaster)
	if new != nil {
		if is, _ := attrU32(new[ifInfoLen:], iflaMaster); was == is {
			return
		}
		t.confirm(Scope{Link: link})
		return
	}
	t.gone(link, func(_, value []byte) bool {
		return hostOrder.Uint32(value[ndmIfIndex:]) == link || parseFDB(value).master == link
	})
	t.confirm(Scope{Link: link})
}
