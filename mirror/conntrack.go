package mirror

import (
	"bytes"
	"encoding/binary"
	"slices"
	"time"

	"github.com/nlkit/nlkit/family/conntrack"
	"github.com/nlkit/nlkit/wire"
)

// ConntrackEvery is how often connections are read besides what is announced.
const ConntrackEvery = 30 * time.Second

// Conntrack are the connections that are tracked. A key is the family, the zone and
// the original direction's tuple.
//
// An event tells what has changed, and the rest of the record is as it was. Not kept
// is what changes with every packet: timeouts, counters, times, sequence numbers and
// windows; nor is whether hardware has taken a connection over.
//
// With the sysctl net.netfilter.nf_conntrack_events at its usual 2 nothing is
// announced of connections that were there before anybody listened: all are read
// every [ConntrackEvery].
var Conntrack = Table[conntrack.Entry, *conntrack.Entry]{def: &conntrackDefinition}

const (
	ctNew    = 1 << 8 // of the subsystem 1
	ctGet    = ctNew + 1
	ctDelete = ctNew + 2

	groupCTNew     = 1
	groupCTUpdate  = 2
	groupCTDestroy = 3

	ctaTupleOrig  = 1
	ctaTupleReply = 2
	ctaStatus     = 3
	ctaProtoInfo  = 4
	ctaMark       = 8
	ctaID         = 12
	ctaZone       = 18

	// Bits of a connection's status that are set and cleared unannounced:
	// IPS_DYING, IPS_OFFLOAD and IPS_HW_OFFLOAD.
	ctSilent = 1<<9 | 1<<14 | 1<<15
)

var conntrackPrune = prune{
	// CTA_TIMEOUT, counters, CTA_USE, sequence numbers, times
	drop: []uint16{7, 9, 10, 11, 15, 16, 20, 27},
	into: map[uint16]*prune{
		ctaProtoInfo: {into: map[uint16]*prune{1: {drop: []uint16{2, 3, 4, 5}}}},
	},
	edit: map[uint16]func([]byte){ctaStatus: func(v []byte) {
		if len(v) == 4 {
			binary.BigEndian.PutUint32(v, binary.BigEndian.Uint32(v)&^ctSilent)
		}
	}},
}

var conntrackDefinition = Definition{
	Name: "conntrack", Spec: "conntrack", Layout: layoutOf("conntrack", "get"),
	Protocol: wire.Netfilter,
	Groups:   []uint32{groupCTNew, groupCTUpdate, groupCTDestroy},
	Put:      []uint16{ctNew},
	Delete:   []uint16{ctDelete},
	Poll:     ConntrackEvery,
	Dump: func(View, Scope) []Request {
		return []Request{{Type: ctGet, Payload: make([]byte, nfGenMsgLen)}}
	},
	Normalise: func(dst, payload []byte) []byte {
		from := len(dst)
		if dst = normaliseNF(dst, payload, &conntrackPrune); dst == nil {
			return nil
		}
		return sortAttrs(dst, from+nfGenMsgLen)
	},
	Key: func(dst, value []byte) []byte {
		attrs := value[nfGenMsgLen:]
		tuple := attrValue(attrs, ctaTupleOrig)
		if tuple == nil {
			return nil
		}
		zone := attrValue(attrs, ctaZone)
		if len(zone) != 2 {
			zone = []byte{0, 0}
		}
		return append(append(append(dst, value[0]), zone...), tuple...)
	},
	apply: applyConntrack,
}

// sortAttrs puts the attributes from a place on in the order of their types. A mark
// of 0 is dropped: dumps have it, events do not.
func sortAttrs(b []byte, from int) []byte {
	var list []wire.Attr
	for a, err := range wire.Attrs(b[from:]) {
		if err != nil {
			return nil
		}
		if a.Type() == ctaMark && bytes.Equal(a.Data(), []byte{0, 0, 0, 0}) {
			continue
		}
		list = append(list, a)
	}
	slices.SortStableFunc(list, func(a, c wire.Attr) int { return int(a.Type()) - int(c.Type()) })
	sorted := make([]byte, 0, len(b)-from)
	for _, a := range list {
		sorted = appendAttr(sorted, a)
	}
	return append(b[:from], sorted...)
}

// ctOnChange are the attributes that an event has only if it is about them
// (net/netfilter/nf_conntrack_netlink.c, ctnetlink_conntrack_event). A mark that is
// not there is 0.
func ctOnChange(typ uint16) bool {
	switch typ {
	case ctaTupleOrig, ctaTupleReply, ctaStatus, ctaMark, ctaID, ctaZone:
		return false
	}
	return true
}

// applyConntrack takes in an event: what it does not tell is as it was.
func applyConntrack(t *table, v verb, _ wire.Flags, key, value []byte) {
	old := t.get(key)
	same := old != nil && bytes.Equal(attrValue(old[nfGenMsgLen:], ctaID), attrValue(value[nfGenMsgLen:], ctaID))
	switch {
	case v == verbDelete && old != nil && !same:
		// Told late: another connection has its place already.
	case v == verbDelete:
		t.remove(key, Announced)
	case !same:
		t.put(key, value, Announced)
	default:
		merged := append([]byte(nil), value...)
		for a, err := range wire.Attrs(old[nfGenMsgLen:]) {
			if err != nil {
				break
			}
			if _, told := wire.FindAttr(value[nfGenMsgLen:], a.Type()); !told && ctOnChange(a.Type()) {
				merged = appendAttr(merged, a)
			}
		}
		if merged = sortAttrs(merged, nfGenMsgLen); merged != nil {
			t.put(key, merged, Announced)
		}
	}
}
