package mirror

// What of traffic control changes unannounced: counters, and what the kernel works
// out. Numbers of attributes and places of members are those of linux/pkt_sched.h,
// linux/pkt_cls.h and linux/tc_act/.

const (
	tcMsgLen = 20 // struct tcmsg

	tcaKind         = 1
	tcaOptions      = 2
	tcaStats        = 3
	tcaXStats       = 4
	tcaFCnt         = 6
	tcaStats2       = 7
	tcaChain        = 11
	tcaIngressBlock = 13
	tcaEgressBlock  = 14

	tcmIfIndex = 4 // where the members of struct tcmsg are
	tcmHandle  = 8
	tcmParent  = 12
	tcmInfo    = 16
)

var tcStrip = []uint16{tcaStats, tcaXStats, tcaFCnt, tcaStats2}

var qdiscPrune = prune{
	drop: tcStrip, kind: tcaKind, of: tcaOptions,
	kinds: map[string]*prune{
		"htb": {edit: map[uint16]func([]byte){2: zero(16, 20)}}, // packets past all classes
		"sfq": {whole: zero(48, 72)},                            // what RED has done
		// Queues with what is in them.
		"gred": {drop: []uint16{1, 6}},
	},
}

var classPrune = prune{
	drop: tcStrip, kind: tcaKind, of: tcaOptions,
	kinds: map[string]*prune{
		// The level changes with the first child and the last.
		"htb": {edit: map[uint16]func([]byte){1: zero(36, 40)}},
	},
}

// actionPrune is what of an action is not kept: its times, counts of who uses it, and
// statistics.
var actionPrune = prune{
	drop: []uint16{4, 9, 10}, kind: 1, of: 2,
	kinds: map[string]*prune{
		"connmark": parmsFirst, "csum": parmsFirst, "ct": parmsFirst, "ife": parmsFirst, "nat": parmsFirst,
		"ctinfo": {drop: []uint16{2, 8, 9, 10}, edit: map[uint16]func([]byte){3: zero(12, 20)}},
		"police": policePrune,
	},
	other: &prune{drop: []uint16{1}, edit: map[uint16]func([]byte){2: zero(12, 20)}},
}

var (
	parmsFirst  = &prune{drop: []uint16{2}, edit: map[uint16]func([]byte){1: zero(12, 20)}}
	policePrune = &prune{drop: []uint16{6}, edit: map[uint16]func([]byte){1: zero(44, 52)}}
	actionList  = &prune{all: &actionPrune}
)

var filterPrune = prune{
	drop: tcStrip, kind: tcaKind, of: tcaOptions,
	kinds: map[string]*prune{
		"basic":    {drop: []uint16{5}, into: map[uint16]*prune{3: actionList, 4: policePrune}},
		"bpf":      {into: map[uint16]*prune{1: actionList, 2: policePrune}},
		"cgroup":   {into: map[uint16]*prune{1: actionList, 2: policePrune}},
		"flow":     {into: map[uint16]*prune{9: actionList, 10: policePrune}},
		"flower":   {into: map[uint16]*prune{3: actionList}},
		"fw":       {into: map[uint16]*prune{4: actionList, 2: policePrune}},
		"matchall": {drop: []uint16{4}, into: map[uint16]*prune{2: actionList}},
		"route":    {into: map[uint16]*prune{6: actionList, 5: policePrune}},
		"u32":      {drop: []uint16{9}, into: map[uint16]*prune{7: actionList, 6: policePrune}, edit: map[uint16]func([]byte){10: zero(8, 12)}},
	},
}
