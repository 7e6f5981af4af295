package mirror

import (
	"net/netip"

	"github.com/nlkit/nlkit/family/rtaddr"
	"github.com/nlkit/nlkit/mirror/internal/expr"
	"github.com/nlkit/nlkit/wire"
)

// Addrs are the IPv4 and IPv6 addresses of links. Lifetimes, which count down, are
// not kept. The key is [AddrKey].
var Addrs = Table[rtaddr.Addr, *rtaddr.Addr]{def: &addrDefinition}

// AddrKey is the key of an address: the link's number and the address with the
// length of its prefix. peer is the other end's prefix where the address is one of
// a pair, else the same as local.
func AddrKey(link uint32, local netip.Addr, peer netip.Prefix) []byte {
	family := uint8(afInet)
	if local.Is6() {
		family = afInet6
	}
	key := appendU32([]byte{family}, link)
	key = append(key, local.AsSlice()...)
	key = append(key, peer.Addr().AsSlice()...)
	return append(key, uint8(peer.Bits()))
}

const (
	ifAddrLen = 8 // struct ifaddrmsg

	rtmNewAddr = 20
	rtmDelAddr = 21
	rtmGetAddr = 22

	groupIPv4Addr = 5
	groupIPv6Addr = 9

	ifaAddress   = 1
	ifaLocal     = 2
	ifaCacheInfo = 6
)

var addrDefinition = Definition{
	Name: "addr", Spec: "rt-addr", Layout: layoutOf("rt-addr", "getaddr"),
	Protocol: wire.Route,
	Groups:   []uint32{groupIPv4Addr, groupIPv6Addr},
	Put:      []uint16{rtmNewAddr},
	Delete:   []uint16{rtmDelAddr},
	Dump: func(_ View, s Scope) []Request {
		payload := make([]byte, ifAddrLen)
		hostOrder.PutUint32(payload[4:], s.Link)
		return []Request{{Type: rtmGetAddr, Payload: payload}}
	},
	HeaderLen: ifAddrLen,
	Strip:     []uint16{ifaCacheInfo},
	Key: func(dst, value []byte) []byte {
		family := value[0]
		address, local := attrValue(value[ifAddrLen:], ifaAddress), attrValue(value[ifAddrLen:], ifaLocal)
		if local == nil {
			local = address
		}
		if address == nil {
			address = local
		}
		if family != afInet && family != afInet6 || address == nil || len(address) > 16 || len(local) > 16 {
			return nil
		}
		dst = appendU32(append(dst, family), hostOrder.Uint32(value[4:]))
		dst = append(append(dst, local...), address...)
		return append(dst, value[1])
	},
	Links:    func(_, value []byte, add func(uint32)) { add(hostOrder.Uint32(value[4:])) },
	Unsteady: true,
	rules:    []rule{{&linkDefinition, addrsOfLink}},
	linkName: "ifa-index",
	narrow:   func(list []Request, f *expr.Filter) []Request { return narrowFamily(list, f, "ifa-family") },
	told:     []eventField{{name: "ifa-family", size: 1}, {name: "ifa-index", at: 4, size: 4}},
}

// addrsOfLink: a link that comes up gets an IPv6 address of its own, which is
// announced only when it has proved to be unique (net/ipv6/addrconf.c,
// addrconf_dad_completed).
func addrsOfLink(t *table, old, new []byte) {
	if new == nil {
		return
	}
	was := uint32(0) // a link can be new, and up
	if old != nil {
		was = hostOrder.Uint32(old[ifInfoFlags:])
	}
	if changed := was ^ hostOrder.Uint32(new[ifInfoFlags:]); changed&(iffUp|iffRunning|iffLowerUp) != 0 {
		t.confirm(Scope{Link: hostOrder.Uint32(new[ifInfoIndex:])})
	}
}

// attrValue is the value of an attribute, nil if it is not there.
func attrValue(attrs []byte, typ uint16) []byte {
	a, ok := wire.FindAttr(attrs, typ)
	if !ok {
		return nil
	}
	return a.Data()
}
