package mirror

import (
	"bytes"
	"iter"
	"slices"
	"time"

	"github.com/nlkit/nlkit/family/wireguard"
	"github.com/nlkit/nlkit/wire"
)

// WireguardEvery is how often the peers of WireGuard's links are read, of which
// nothing is announced.
const WireguardEvery = 5 * time.Second

// Wireguard are the peers of WireGuard's links, one to a record: a device with its
// number and one peer. A key is the link's number and the peer's public key.
//
// Nothing is announced but the links themselves: they are read every
// [WireguardEvery]; another interval is set with Poll. Not kept are counters, times of
// handshakes, and secrets: neither the link's private key nor those shared with peers.
var Wireguard = Table[wireguard.Device, *wireguard.Device]{def: &wireguardDefinition}

// WireguardKey is the key of a peer.
func WireguardKey(link uint32, publicKey [32]byte) []byte {
	return append(appendU32(nil, link), publicKey[:]...)
}

const (
	wgGetDevice = 0

	wgaIfIndex   = 1
	wgaPeers     = 8
	wgpPublicKey = 1
	wgpAllowed   = 9
)

// wgPeerPrune drops of a peer the shared key, its flags, the last handshake and
// counters.
var wgPeerPrune = prune{drop: []uint16{2, 3, 6, 7, 8}}

var wireguardDefinition = Definition{
	Name: "wireguard", Spec: "wireguard", Layout: layoutOf("wireguard", "get-device"),
	Protocol: wire.Generic, Family: "wireguard",
	Poll: WireguardEvery,
	Dump: func(v View, s Scope) []Request {
		var list []Request
		for link := range v.Links() {
			if (s.Link == 0 || s.Link == link) && isWireguard(v.link(link)) {
				list = append(list, Request{Type: wgGetDevice, Payload: putAttrU32(nil, wgaIfIndex, link)})
			}
		}
		return list
	},
	records: eachPeer,
	Key: func(dst, value []byte) []byte {
		link, ok := attrU32(value, wgaIfIndex)
		for peer := range wire.Attrs(attrValue(value, wgaPeers)) {
			if key := attrValue(peer.Data(), wgpPublicKey); ok && key != nil {
				return append(appendU32(dst, link), key...)
			}
		}
		return nil
	},
	Links: func(_, value []byte, add func(uint32)) {
		if link, ok := attrU32(value, wgaIfIndex); ok {
			add(link)
		}
	},
	rules: []rule{{&linkDefinition, wireguardOfLink}},
}

func isWireguard(link []byte) bool { return linkKind(link) == "wireguard" }

// wireguardOfLink: peers come and go with their link.
func wireguardOfLink(t *table, old, new []byte) {
	switch {
	case new == nil:
		goneWithLink(t, old, nil)
	case old == nil && isWireguard(new):
		t.confirm(Scope{Link: hostOrder.Uint32(new[ifInfoIndex:])})
	}
}

// eachPeer makes a record of each peer of a dump. One with many allowed addresses goes
// on in the next message, which begins with its key.
func eachPeer(messages iter.Seq2[[]byte, error]) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		var w wgPeer
		var link uint32
		for payload, err := range messages {
			if err != nil {
				if !yield(nil, err) {
					return
				}
				continue
			}
			if index, ok := attrU32(payload, wgaIfIndex); ok {
				link = index
			}
			for peer, err := range wire.Attrs(attrValue(payload, wgaPeers)) {
				if err != nil {
					break
				}
				key := attrValue(peer.Data(), wgpPublicKey)
				if len(key) != wgKeyLen {
					continue
				}
				if w.key != nil && w.link == link && bytes.Equal(w.key, key) {
					w.allowed = append(w.allowed, attrValue(peer.Data(), wgpAllowed)...)
					continue
				}
				if w.key != nil && !yield(w.message(), nil) {
					return
				}
				w.begin(link, key, peer.Data())
			}
		}
		if w.key != nil {
			yield(w.message(), nil)
		}
	}
}

// wgPeer is a peer while it is put together.
type wgPeer struct {
	link               uint32
	key, rest, allowed []byte
}

func (w *wgPeer) begin(link uint32, key, attrs []byte) {
	w.link, w.key = link, bytes.Clone(key)
	w.allowed = append(w.allowed[:0], attrValue(attrs, wgpAllowed)...)
	w.rest = appendAttrs(nil, wgPeerPrune.appendTo(nil, attrs), []uint16{wgpAllowed})
}

// message makes the message of a device with this peer. The allowed addresses are in
// order, since theirs means nothing. Those of which one attribute cannot hold all are
// in several, each with a part of the peer, as the kernel has them in several messages.
func (w *wgPeer) message() []byte {
	var list []wire.Attr
	for a, err := range wire.Attrs(w.allowed) {
		if err == nil {
			list = append(list, a)
		}
	}
	slices.SortFunc(list, func(a, b wire.Attr) int { return bytes.Compare(a.Data(), b.Data()) })
	message := putAttrU32(nil, wgaIfIndex, w.link)
	peer := w.rest
	for first := true; first || len(list) > 0; first = false {
		var allowed []byte
		for len(list) > 0 && len(peer)+len(allowed)+len(list[0]) <= wgRoom {
			allowed = appendAttr(allowed, list[0])
			list = list[1:]
		}
		if len(allowed) > 0 {
			peer = appendNested(bytes.Clone(peer), wgpAllowed, allowed)
		}
		message = appendNested(message, wgaPeers, appendNested(nil, 0, peer))
		peer = appendAttr(nil, wgKey(w.key))
	}
	return message
}

// wgKeyLen is how many bytes a public key has.
const wgKeyLen = 32

// wgRoom is how many bytes of attributes a part of a peer may have: the headers around
// them have to fit into the 65,535 that an attribute's length can tell.
const wgRoom = 65535 - 64

// wgKey makes the attribute of a public key.
func wgKey(key []byte) wire.Attr {
	a := hostOrder.AppendUint16(nil, uint16(wire.AttrHeaderLen+len(key)))
	return append(hostOrder.AppendUint16(a, wgpPublicKey), key...)
}

// appendNested appends an attribute that holds attributes.
func appendNested(dst []byte, typ uint16, attrs []byte) []byte {
	dst = hostOrder.AppendUint16(dst, uint16(wire.AttrHeaderLen+len(attrs)))
	return append(hostOrder.AppendUint16(dst, typ|wire.AttrNested), attrs...)
}
