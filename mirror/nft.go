package mirror

import (
	"bytes"
	"encoding/binary"

	"github.com/nlkit/nlkit/family/nftables"
	"github.com/nlkit/nlkit/wire"
)

// The tables of nf_tables, of all families. What changes with every packet is not
// kept: counters, what of a quota is used up, when something was last seen; nor is
// how many objects refer to one.
var (
	// NFTTables are its tables. A key is the family and the name.
	NFTTables = Table[nftables.Table, *nftables.Table]{def: &nftTableDefinition}
	// NFTChains are its chains. A key is the family, the table and the handle.
	NFTChains = Table[nftables.Chain, *nftables.Chain]{def: &nftChainDefinition}
	// NFTRules are its rules. A key is the family, the table, the chain and the handle;
	// Position is the handle of the rule before, and tells the order in a chain.
	NFTRules = Table[nftables.Rule, *nftables.Rule]{def: &nftRuleDefinition}
	// NFTSets are its sets and maps, those without a name of rules included. A key is
	// the family, the table and the name.
	NFTSets = Table[nftables.Set, *nftables.Set]{def: &nftSetDefinition}
	// NFTElements are the elements of sets, one to a record. A key is the family, the
	// table, the set and what the element is. Those that packets add, and that go
	// when their time is over, are not announced: all sets are read every
	// [NFTElementsEvery] besides.
	NFTElements = Table[nftables.SetElemList, *nftables.SetElemList]{def: &nftElementDefinition}
	// NFTObjects are its named objects. A key is the family, the table, the type and
	// the name.
	NFTObjects = Table[nftables.Obj, *nftables.Obj]{def: &nftObjectDefinition}
	// NFTFlowtables are its flowtables. A key is the family, the table and the name.
	NFTFlowtables = Table[nftables.Flowtable, *nftables.Flowtable]{def: &nftFlowtableDefinition}
	// NFTGeneration has one record: the number of the rule set's generation, which is
	// another one after each change. See [GenerationOf].
	NFTGeneration = Table[nftables.Gen, *nftables.Gen]{def: &nftGenDefinition}
)

// GenerationOf returns the generation of nf_tables' rule set that a snapshot has seen:
// the changes of that one and of those before are in it. It takes [NFTGeneration]
// among the mirror's tables. A program that asks the kernel for the same (GETGEN)
// knows whether anything has changed since.
func GenerationOf(s *Snapshot) (uint32, bool) {
	g, ok := NFTGeneration.Get(s, nftGenKey)
	if !ok {
		return 0, false
	}
	return g.ID.Get()
}

const (
	nfGenMsgLen = 4 // struct nfgenmsg

	nftSubsystem = 10 << 8
	groupNFT     = 7

	nftNewTable     = nftSubsystem
	nftGetTable     = nftSubsystem | 1
	nftDelTable     = nftSubsystem | 2
	nftNewChain     = nftSubsystem | 3
	nftGetChain     = nftSubsystem | 4
	nftDelChain     = nftSubsystem | 5
	nftNewRule      = nftSubsystem | 6
	nftGetRule      = nftSubsystem | 7
	nftDelRule      = nftSubsystem | 8
	nftNewSet       = nftSubsystem | 9
	nftGetSet       = nftSubsystem | 10
	nftDelSet       = nftSubsystem | 11
	nftNewSetElem   = nftSubsystem | 12
	nftGetSetElem   = nftSubsystem | 13
	nftDelSetElem   = nftSubsystem | 14
	nftNewGen       = nftSubsystem | 15
	nftGetGen       = nftSubsystem | 16
	nftNewObj       = nftSubsystem | 18
	nftGetObj       = nftSubsystem | 19
	nftDelObj       = nftSubsystem | 20
	nftNewFlowtable = nftSubsystem | 22
	nftGetFlowtable = nftSubsystem | 23
	nftDelFlowtable = nftSubsystem | 24

	nftaTable = 1 // of all but tables, whose name it is
	nftaName  = 2 // of sets and objects, flowtables; of rules the chain

	nftaChainHandle  = 2
	nftaChainName    = 3
	nftaRuleHandle   = 3
	nftaRulePosition = 6
	nftaObjType      = 3
)

var nftGenKey = []byte{0}

// Counters and the like inside rules, sets and elements: by the names of expressions.
var (
	nftExpr = &prune{kind: 1, of: 2, kinds: map[string]*prune{
		"counter": {drop: []uint16{1, 2}},
		"quota":   {drop: []uint16{4}},
		"last":    {drop: []uint16{1, 2}},
	}}
	nftExprs = &prune{all: nftExpr}

	nftTablePrune = &prune{drop: []uint16{3}}
	nftChainPrune = &prune{drop: []uint16{6, 8, 11}}
	nftRulePrune  = &prune{drop: []uint16{9, 10, 11}, into: map[uint16]*prune{4: nftExprs}}
	nftSetPrune   = &prune{drop: []uint16{10, 20}, into: map[uint16]*prune{17: nftExpr, 18: nftExprs}}
	nftElemPrune  = &prune{drop: []uint16{4}, into: map[uint16]*prune{
		3: {all: &prune{drop: []uint16{5}, into: map[uint16]*prune{7: nftExpr, 11: nftExprs}}}}}
	nftFlowtablePrune = &prune{drop: []uint16{4}}
	nftGenPrune       = &prune{drop: []uint16{2, 3}}
)

// nftDefinition makes a definition of what is common to the tables.
func nftDefinition(name, op string, put, get, del uint16, p *prune, key func(dst, attrs []byte) []byte) Definition {
	return Definition{
		Name: name, Spec: "nftables", Layout: layoutOf("nftables", op),
		Protocol: wire.Netfilter,
		Groups:   []uint32{groupNFT},
		Put:      []uint16{put},
		Delete:   []uint16{del},
		Dump: func(View, Scope) []Request {
			return []Request{{Type: get, Payload: make([]byte, nfGenMsgLen)}}
		},
		Normalise: func(dst, payload []byte) []byte { return normaliseNF(dst, payload, p) },
		Key: func(dst, value []byte) []byte {
			return key(append(dst, value[0]), value[nfGenMsgLen:])
		},
	}
}

// normaliseNF keeps the header but for the generation that the sender was at, and
// the attributes that are not pruned.
func normaliseNF(dst, payload []byte, p *prune) []byte {
	if len(payload) < nfGenMsgLen {
		return nil
	}
	dst = append(append(dst, payload[:2]...), 0, 0)
	return p.appendTo(dst, payload[nfGenMsgLen:])
}

// appendText appends a text so that no key is the beginning of another.
func appendText(dst, attrs []byte, typ uint16) []byte {
	return append(append(dst, attrText(attrs, typ)...), 0)
}

// nftHandleLen is how many bytes a handle has.
const nftHandleLen = 8

// appendHandle appends a handle, which is in network byte order; nil where there is
// none.
func appendHandle(dst, attrs []byte, typ uint16) []byte {
	handle := attrValue(attrs, typ)
	if len(handle) != nftHandleLen {
		return nil
	}
	return append(dst, handle...)
}

// appendBytes appends a value as it is.
func appendBytes(dst, attrs []byte, typ uint16) []byte {
	return append(dst, attrValue(attrs, typ)...)
}

var (
	nftTableDefinition = nftDefinition("nft-table", "gettable", nftNewTable, nftGetTable, nftDelTable, nftTablePrune,
		func(dst, attrs []byte) []byte { return appendText(dst, attrs, nftaTable) })
	nftChainDefinition = nftDefinition("nft-chain", "getchain", nftNewChain, nftGetChain, nftDelChain, nftChainPrune,
		func(dst, attrs []byte) []byte {
			return appendHandle(appendText(dst, attrs, nftaTable), attrs, nftaChainHandle)
		})
	nftRuleDefinition = nftDefinition("nft-rule", "getrule", nftNewRule, nftGetRule, nftDelRule, nftRulePrune,
		func(dst, attrs []byte) []byte {
			return appendHandle(appendText(appendText(dst, attrs, nftaTable), attrs, nftaName), attrs, nftaRuleHandle)
		})
	nftSetDefinition       = nftDefinition("nft-set", "getset", nftNewSet, nftGetSet, nftDelSet, nftSetPrune, nftNameKey)
	nftElementDefinition   = nftDefinition("nft-element", "getsetelem", nftNewSetElem, nftGetSetElem, nftDelSetElem, nftElemPrune, nftElementKey)
	nftFlowtableDefinition = nftDefinition("nft-flowtable", "getflowtable", nftNewFlowtable, nftGetFlowtable, nftDelFlowtable, nftFlowtablePrune, nftNameKey)
	nftObjectDefinition    = nftDefinition("nft-object", "getobj", nftNewObj, nftGetObj, nftDelObj, nil,
		func(dst, attrs []byte) []byte {
			return appendText(appendBytes(appendText(dst, attrs, nftaTable), attrs, nftaObjType), attrs, nftaName)
		})
	nftGenDefinition = nftDefinition("nft-generation", "getgen", nftNewGen, nftGetGen, 0, nftGenPrune,
		func(dst, attrs []byte) []byte { return append(dst[:len(dst)-1], nftGenKey...) })
)

func nftNameKey(dst, attrs []byte) []byte {
	return appendText(appendText(dst, attrs, nftaTable), attrs, nftaName)
}

func init() {
	nftRuleDefinition.Dump = dumpNFTRules
	nftRuleDefinition.apply = applyNFTRule
	nftRuleDefinition.rules = []rule{{&nftTableDefinition, nftGone}, {&nftChainDefinition, nftRulesOfChain}}
	nftChainDefinition.rules = []rule{{&nftTableDefinition, nftGone}, {&linkDefinition, nftOfLink}}
	nftSetDefinition.rules = []rule{{&nftTableDefinition, nftGone}}
	nftObjectDefinition.rules = []rule{{&nftTableDefinition, nftGone}}
	nftFlowtableDefinition.rules = []rule{{&nftTableDefinition, nftGone}, {&linkDefinition, nftOfLink}}
	nftObjectDefinition.Normalise = normaliseNFTObject
	nftGenDefinition.Delete = nil
	nftGenDefinition.Dump = func(View, Scope) []Request {
		return []Request{{Type: nftGetGen, Payload: make([]byte, nfGenMsgLen), One: true}}
	}
}

// nftGone: a table whose owner has ended goes with everything in it, unannounced but
// for some of that (net/netfilter/nf_tables_api.c, nft_rcv_nl_event and
// __nft_release_table). Where the table was deleted otherwise all has been announced.
func nftGone(t *table, old, new []byte) {
	if new != nil {
		return
	}
	prefix := appendText([]byte{old[0]}, old[nfGenMsgLen:], nftaTable)
	if t.pass == nil && len(t.withPrefix(prefix, 1)) == 0 {
		return
	}
	t.gone(0, func(key, _ []byte) bool {
		return len(key) >= len(prefix) && string(key[:len(prefix)]) == string(prefix)
	})
	t.confirm(Scope{Prefix: string(prefix)})
}

// nftOfLink: a chain or a flowtable that is hooked to a link loses it with the link, or
// goes with its last one, unannounced by older kernels
// (net/netfilter/nft_chain_filter.c, nft_netdev_event, and nf_tables_api.c,
// nft_flowtable_event).
func nftOfLink(t *table, old, new []byte) {
	if old == nil || new != nil && sameAttr(old[ifInfoLen:], new[ifInfoLen:], iflaIFName) {
		return
	}
	name := append([]byte(attrText(old[ifInfoLen:], iflaIFName)), 0)
	for r := range t.store.All() {
		if bytes.Contains(t.store.Value(r), name) {
			t.confirm(Scope{})
			return
		}
	}
}

// nftRulesOfChain: a chain's rules get its new name, and what jumps to it, unannounced
// (nf_tables_updchain, nft_chain_commit_update).
func nftRulesOfChain(t *table, old, new []byte) {
	if old == nil || new == nil || attrText(old[nfGenMsgLen:], nftaChainName) == attrText(new[nfGenMsgLen:], nftaChainName) {
		return
	}
	t.confirm(Scope{Prefix: string(appendText([]byte{old[0]}, old[nfGenMsgLen:], nftaTable))})
}

// dumpNFTRules asks for the rules of a chain if the scope is in one: its prefix is
// the beginning of a key.
func dumpNFTRules(_ View, s Scope) []Request {
	payload := make([]byte, nfGenMsgLen)
	if s.Prefix != "" {
		payload[0] = s.Prefix[0]
		rest := s.Prefix[1:]
		for _, typ := range []uint16{nftaTable, nftaName} {
			text, after, ok := cutText(rest)
			if !ok {
				break
			}
			payload = putAttrText(payload, typ, text)
			rest = after
		}
	}
	return []Request{{Type: nftGetRule, Payload: payload}}
}

// cutText takes a text off a key.
func cutText(key string) (text, rest string, ok bool) {
	for i := range len(key) {
		if key[i] == 0 {
			return key[:i], key[i+1:], true
		}
	}
	return "", key, false
}

// putAttrText appends an attribute with a text and its NUL.
func putAttrText(dst []byte, typ uint16, text string) []byte {
	dst = hostOrder.AppendUint16(dst, uint16(wire.AttrHeaderLen+len(text)+1))
	dst = append(append(hostOrder.AppendUint16(dst, typ), text...), 0)
	for range wire.Align(len(text)+1) - len(text) - 1 {
		dst = append(dst, 0)
	}
	return dst
}

// applyNFTRule takes in an event. What it says of a rule's place is not what a dump
// does, and the place of the rule behind changes unannounced
// (nf_tables_rule_notify), so that the chain is read.
func applyNFTRule(t *table, v verb, _ wire.Flags, key, value []byte) {
	if v == verbDelete {
		t.remove(key, Announced)
	} else {
		if old := t.get(key); old == nil || !bytesEqualBut(old, value, nftaRulePosition) {
			t.put(key, value, Announced)
		}
	}
	t.confirm(Scope{Prefix: string(key[:len(key)-nftHandleLen])})
}

// bytesEqualBut compares values but for one attribute.
func bytesEqualBut(a, b []byte, typ uint16) bool {
	without := []uint16{typ}
	return string(appendAttrs(nil, a[nfGenMsgLen:], without)) == string(appendAttrs(nil, b[nfGenMsgLen:], without))
}

// Types of objects whose data is a counter, or has one.
const (
	nftObjectCounter = 1
	nftObjectQuota   = 2
)

// normaliseNFTObject keeps of an object what does not count.
func normaliseNFTObject(dst, payload []byte) []byte {
	if len(payload) < nfGenMsgLen {
		return nil
	}
	p := prune{drop: []uint16{5}}
	if typ := attrValue(payload[nfGenMsgLen:], nftaObjType); len(typ) == 4 {
		switch binary.BigEndian.Uint32(typ) {
		case nftObjectCounter:
			p.drop = append(p.drop, 4)
		case nftObjectQuota:
			p.into = map[uint16]*prune{4: {drop: []uint16{4}}}
		}
	}
	return normaliseNF(dst, payload, &p)
}
