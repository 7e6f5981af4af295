package mirror

import (
	"iter"
	"time"

	"github.com/nlkit/nlkit/wire"
)

// NFTElementsEvery is how often the elements of sets are read besides what is
// announced of them.
const NFTElementsEvery = 10 * time.Second

const (
	nftaElements = 3

	nftaElemKey      = 1
	nftaElemFlags    = 3
	nftaElemKeyEnd   = 10
	nftElemCatchAll  = 1 << 1
	nftElemIntervals = 1 << 0
)

func init() {
	nftElementDefinition.Poll = NFTElementsEvery
	nftElementDefinition.records = eachElement
	nftElementDefinition.Dump = dumpNFTElements
	nftElementDefinition.rules = []rule{{&nftSetDefinition, nftElementsOfSet}, {&nftChainDefinition, nftElementsOfChain}}
}

// dumpNFTElements asks for the elements of each set that is known.
func dumpNFTElements(v View, s Scope) []Request {
	var list []Request
	for value := range v.values(&nftSetDefinition, 0) {
		attrs := value[nfGenMsgLen:]
		key := nftNameKey([]byte{value[0]}, attrs)
		if s.Prefix != "" && s.Prefix != string(key) {
			continue
		}
		payload := make([]byte, nfGenMsgLen)
		payload[0] = value[0]
		payload = putAttrText(payload, nftaTable, attrText(attrs, nftaTable))
		payload = putAttrText(payload, nftaName, attrText(attrs, nftaName))
		list = append(list, Request{Type: nftGetSetElem, Payload: payload})
	}
	return list
}

// nftElementsOfSet: the elements of a set go with it, unannounced, and are read when
// it is new.
func nftElementsOfSet(t *table, old, new []byte) {
	switch {
	case new == nil:
		prefix := nftNameKey([]byte{old[0]}, old[nfGenMsgLen:])
		t.gone(0, func(key, _ []byte) bool {
			return len(key) >= len(prefix) && string(key[:len(prefix)]) == string(prefix)
		})
	case old == nil:
		t.confirm(Scope{Prefix: string(nftNameKey([]byte{new[0]}, new[nfGenMsgLen:]))})
	}
}

// nftElementsOfChain: elements that say to jump to a chain have its new name.
func nftElementsOfChain(t *table, old, new []byte) {
	if old != nil && new != nil && attrText(old[nfGenMsgLen:], nftaChainName) != attrText(new[nfGenMsgLen:], nftaChainName) {
		t.confirm(Scope{})
	}
}

// eachElement makes a message of each element of one.
func eachElement(messages iter.Seq2[[]byte, error]) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		var one []byte
		for payload, err := range messages {
			if err != nil {
				if !yield(nil, err) {
					return
				}
				continue
			}
			if len(payload) < nfGenMsgLen {
				continue
			}
			attrs := payload[nfGenMsgLen:]
			for elem, err := range wire.Attrs(attrValue(attrs, nftaElements)) {
				if err != nil {
					break
				}
				one = append(one[:0], payload[:nfGenMsgLen]...)
				one = putAttrText(one, nftaTable, attrText(attrs, nftaTable))
				one = putAttrText(one, nftaName, attrText(attrs, nftaName))
				one = hostOrder.AppendUint16(one, uint16(min(wire.AttrHeaderLen+wire.Align(len(elem)), 0xffff)))
				one = hostOrder.AppendUint16(one, nftaElements|wire.AttrNested)
				one = appendAttr(one, elem)
				if !yield(one, nil) {
					return
				}
			}
		}
	}
}

// nftElementKey: the set, and the element's key, its end, and whether it is the end of
// an interval or what is left over.
func nftElementKey(dst, attrs []byte) []byte {
	dst = nftNameKey(dst, attrs)
	for elem := range wire.Attrs(attrValue(attrs, nftaElements)) {
		flags := byte(0)
		if v := attrValue(elem.Data(), nftaElemFlags); len(v) == 4 {
			flags = v[3] & (nftElemCatchAll | nftElemIntervals)
		}
		dst = append(dst, attrValue(elem.Data(), nftaElemKey)...)
		dst = append(dst, attrValue(elem.Data(), nftaElemKeyEnd)...)
		return append(dst, flags)
	}
	return nil
}
