package mirror

import (
	"slices"

	"github.com/nlkit/nlkit/family/tc"
	"github.com/nlkit/nlkit/wire"
)

// Qdiscs are the queueing disciplines of links. Counters, and how often one is
// referred to, are not kept. The key is [QdiscKey].
var Qdiscs = Table[tc.Qdisc, *tc.Qdisc]{def: &qdiscDefinition}

// Classes are the classes of queueing disciplines. Those of disciplines whose classes
// are the flows that there happen to be (sfq, fq_codel, cake and the like) are not
// kept, nor are counters, the class's own discipline (it is in [Qdiscs], with this
// class as its parent) and the level of an HTB class.
var Classes = Table[tc.Class, *tc.Class]{def: &classDefinition}

// Filters are the classifiers of queueing disciplines and classes, and of blocks that
// several share: those have the link's number 4294967295, and that of the block for
// a parent. A filter of an ingress discipline has the parent ffff:fff2, as whoever
// asks with the word "ingress" is told. Not kept are counters, times and counts of
// use, also of actions, and the hash table that U32 makes for itself.
var Filters = Table[tc.Filter, *tc.Filter]{def: &filterDefinition}

// QdiscKey is the key of a queueing discipline: the link's number, its parent and its
// handle, which is 0 for one that the kernel has chosen.
func QdiscKey(link, parent, handle uint32) []byte {
	return appendU32(appendU32(appendU32(nil, link), parent), handle)
}

// ClassKey is the key of a class: the link's number and its handle.
func ClassKey(link, handle uint32) []byte { return appendU32(appendU32(nil, link), handle) }

const (
	rtmNewQdisc   = 36
	rtmDelQdisc   = 37
	rtmGetQdisc   = 38
	rtmNewTClass  = 40
	rtmDelTClass  = 41
	rtmGetTClass  = 42
	rtmNewTFilter = 44
	rtmDelTFilter = 45
	rtmGetTFilter = 46

	groupTC = 4

	tcMajor     = 0xffff0000
	tcIngress   = 0xffff0000 // the handle of ingress and clsact
	tcToIngress = 0xfffffff2
	tcToEgress  = 0xfffffff3
	tcBlock     = 0xffffffff // stands for the link of a block that is shared

	iflaQdisc       = 6
	iflaNumTxQueues = 31
)

// tcFlows are the disciplines that have a class for each flow, and tcSimple those
// that no filter can be attached to.
var (
	tcFlows  = []string{"sfq", "fq_codel", "fq_pie", "cake", "choke", "sfb", "fq"}
	tcSimple = []string{"noqueue", "pfifo_fast", "pfifo", "bfifo", "pfifo_head_drop", "mq", "fq", "tbf", "netem"}
)

// tcRequest asks for objects of a link and a parent.
func tcRequest(typ uint16, link, parent uint32) Request {
	payload := make([]byte, tcMsgLen)
	hostOrder.PutUint32(payload[tcmIfIndex:], link)
	hostOrder.PutUint32(payload[tcmParent:], parent)
	return Request{Type: typ, Payload: payload}
}

// normaliseTC keeps the header but for tcm_info, which is a count or follows from
// other objects, and the attributes that are not pruned.
func normaliseTC(dst, payload []byte, p *prune) []byte {
	if len(payload) < tcMsgLen {
		return nil
	}
	from := len(dst)
	dst = append(dst, payload[:tcMsgLen]...)
	if p != &filterPrune {
		clear(dst[from+tcmInfo:])
	}
	return p.appendTo(dst, payload[tcMsgLen:])
}

func tcU32(value []byte, at int) uint32 { return hostOrder.Uint32(value[at:]) }

func tcLinks(_, value []byte, add func(uint32)) { add(tcU32(value, tcmIfIndex)) }

func tcKind(value []byte) string { return attrText(value[tcMsgLen:], tcaKind) }

var qdiscDefinition = Definition{
	Name: "qdisc", Spec: "tc", Layout: layoutOf("tc", "getqdisc"),
	Protocol:  wire.Route,
	Groups:    []uint32{groupTC},
	Put:       []uint16{rtmNewQdisc},
	Delete:    []uint16{rtmDelQdisc},
	Dump:      func(View, Scope) []Request { return []Request{tcRequest(rtmGetQdisc, 0, 0)} },
	Unsteady:  true,
	Normalise: func(dst, payload []byte) []byte { return normaliseTC(dst, payload, &qdiscPrune) },
	Key: func(dst, value []byte) []byte {
		return append(dst, QdiscKey(tcU32(value, tcmIfIndex), tcU32(value, tcmParent), tcU32(value, tcmHandle))...)
	},
	Links:    tcLinks,
	linkName: "ifindex",
}

var classDefinition = Definition{
	Name: "class", Spec: "tc", Layout: layoutOf("tc", "gettclass"),
	Protocol: wire.Route,
	Groups:   []uint32{groupTC},
	Put:      []uint16{rtmNewTClass},
	Delete:   []uint16{rtmDelTClass},
	Dump: func(v View, s Scope) []Request {
		if s.Link != 0 {
			return []Request{tcRequest(rtmGetTClass, s.Link, 0)}
		}
		var list []Request
		for link := range v.Links() {
			list = append(list, tcRequest(rtmGetTClass, link, 0))
		}
		return list
	},
	Unsteady: true,
	Normalise: func(dst, payload []byte) []byte {
		value := normaliseTC(dst, payload, &classPrune)
		if value == nil || slices.Contains(tcFlows, tcKind(value[len(dst):])) {
			return nil
		}
		return value
	},
	Key: func(dst, value []byte) []byte {
		return append(dst, ClassKey(tcU32(value, tcmIfIndex), tcU32(value, tcmHandle))...)
	},
	Links:    tcLinks,
	linkName: "ifindex",
}

var filterDefinition = Definition{
	Name: "filter", Spec: "tc", Layout: layoutOf("tc", "gettfilter"),
	Protocol:  wire.Route,
	Groups:    []uint32{groupTC},
	Put:       []uint16{rtmNewTFilter},
	Delete:    []uint16{rtmDelTFilter},
	Dump:      dumpFilters,
	Unsteady:  true,
	Normalise: normaliseFilter,
	absent: func(value []byte) bool {
		if tcU32(value, tcmHandle) == 0 {
			return attrValue(value[tcMsgLen:], tcaOptions) == nil // the head of a list
		}
		return ownHashTable(value)
	},
	Key:      filterKey,
	Links:    tcLinks,
	apply:    applyFilter,
	identity: []string{"ifindex"},
	linkName: "ifindex",
}

func init() {
	qdiscDefinition.rules = []rule{{&linkDefinition, qdiscsOfLink}, {&qdiscDefinition, qdiscsOfQdisc}, {&classDefinition, qdiscsOfClass}}
	classDefinition.rules = []rule{{&linkDefinition, goneWithLink}, {&qdiscDefinition, classesOfQdisc}}
	filterDefinition.rules = []rule{{&linkDefinition, goneWithLink}, {&qdiscDefinition, filtersOfQdisc}, {&classDefinition, filtersOfClass}}
}
