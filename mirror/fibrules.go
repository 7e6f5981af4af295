package mirror

import (
	"hash/fnv"
	"iter"

	"github.com/nlkit/nlkit/family/rtrule"
	"github.com/nlkit/nlkit/mirror/internal/expr"
	"github.com/nlkit/nlkit/wire"
)

// Rules are the rules that choose a routing table, of IPv4 and IPv6.
//
// A key is the family, the priority and all that the rule says, so that rules of one
// priority, which the kernel tries in the order they came in, are in no such order.
// Of several rules that are the same all but the first have their number in the first
// reserved byte of the header.
var Rules = Table[rtrule.Rule, *rtrule.Rule]{def: &fibRuleDefinition}

const (
	fibRuleLen = 12 // struct fib_rule_hdr

	rtmNewRule = 32
	rtmDelRule = 33
	rtmGetRule = 34

	groupIPv4Rule = 8
	groupIPv6Rule = 19

	fraIIFName  = 3
	fraGoto     = 4
	fraPriority = 6
	fraOIFName  = 17

	fibRuleCopy  = 5 // where the members of struct fib_rule_hdr are: res1
	fibRuleFlags = 8

	// Flags that follow from what else there is: links of these names, and the rule
	// that is gone to.
	fibRuleUnresolved  = 1 << 2
	fibRuleIIFDetached = 1 << 3
	fibRuleOIFDetached = 1 << 4
	fibRuleFollows     = fibRuleUnresolved | fibRuleIIFDetached | fibRuleOIFDetached

	tagName = 1 << 30
	tagGoto = 2 << 30
)

// fibRuleIdentity are the names of the most usual parts of a rule. Rules that are the
// same agree in them.
var fibRuleIdentity = []string{"family", "priority", "table", "action", "dst", "dst-len", "src", "src-len", "tos", "iifname", "oifname",
	"goto", "fwmark", "fwmask", "protocol", "ip-proto", "l3mdev"}

var fibRuleDefinition = Definition{
	Name: "rule", Spec: "rt-rule", Layout: layoutOf("rt-rule", "getrule"),
	Protocol: wire.Route,
	Groups:   []uint32{groupIPv4Rule, groupIPv6Rule},
	Put:      []uint16{rtmNewRule},
	Delete:   []uint16{rtmDelRule},
	Dump: func(_ View, s Scope) []Request {
		var list []Request
		for _, family := range []byte{afInet, afInet6} {
			if s.Prefix == "" || s.Prefix[0] == family {
				payload := make([]byte, fibRuleLen)
				payload[0] = family
				list = append(list, Request{Type: rtmGetRule, Payload: payload})
			}
		}
		return list
	},
	Unsteady: true,
	Normalise: func(dst, payload []byte) []byte {
		if len(payload) < fibRuleLen || payload[0] != afInet && payload[0] != afInet6 {
			return nil
		}
		dst = append(dst, payload[:fibRuleLen]...)
		return appendAttrs(dst, payload[fibRuleLen:], nil)
	},
	Key: func(dst, value []byte) []byte {
		priority, _ := attrU32(value[fibRuleLen:], fraPriority)
		dst = appendU32(append(dst, value[0]), priority)
		dst = append(dst, value[1:fibRuleCopy]...)
		dst = append(dst, value[fibRuleCopy+1:fibRuleFlags]...)
		dst = appendU32(dst, hostOrder.Uint32(value[fibRuleFlags:])&^fibRuleFollows)
		dst = append(dst, value[fibRuleLen:]...)
		return append(dst, value[fibRuleCopy])
	},
	Links: func(_, value []byte, add func(uint32)) {
		for a, err := range wire.Attrs(value[fibRuleLen:]) {
			if err != nil {
				break
			}
			switch a.Type() {
			case fraIIFName, fraOIFName:
				add(nameTag(a.Data()))
			case fraGoto:
				add(tagGoto | number(a.Data())&(tagName-1))
			}
		}
	},
	records:  numberCopies,
	apply:    applyFIBRule,
	names:    expr.Names{Prefixes: map[string]expr.Prefix{"dst": {Length: "dst-len", Family: "family"}, "src": {Length: "src-len", Family: "family"}}},
	identity: fibRuleIdentity,
	narrow:   func(list []Request, f *expr.Filter) []Request { return narrowFamily(list, f, "family") },
	told:     []eventField{{name: "family", size: 1}},
}

func init() {
	fibRuleDefinition.rules = []rule{{&linkDefinition, fibRulesOfLink}, {&fibRuleDefinition, fibRulesOfTarget}}
}

// nameTag finds the rules about the link of a name.
func nameTag(name []byte) uint32 {
	for i, c := range name {
		if c == 0 {
			name = name[:i]
			break
		}
	}
	h := fnv.New32a()
	h.Write(name)
	return tagName | h.Sum32()&(tagName-1)
}

// numberCopies numbers rules that are the same, which a request without NLM_F_EXCL
// makes.
func numberCopies(messages iter.Seq2[[]byte, error]) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		seen := map[string]byte{}
		for payload, err := range messages {
			if err == nil && len(payload) >= fibRuleLen {
				n, again := seen[string(payload)]
				if seen[string(payload)] = n + 1; again {
					payload = append([]byte(nil), payload...)
					payload[fibRuleCopy] = n
				}
			}
			if !yield(payload, err) {
				return
			}
		}
	}
}

// applyFIBRule takes in an event: of rules that are the same, the last one comes and
// goes. No event tells of a change.
func applyFIBRule(t *table, v verb, _ wire.Flags, key, value []byte) {
	n := t.places(key)
	switch {
	case v == verbPut:
		value[fibRuleCopy] = byte(n)
		t.put(place(key, n), value, Announced)
	case n > 0:
		t.remove(place(key, n-1), Announced)
	default:
		t.remove(key, Announced)
	}
}

// fibRulesOfLink: a rule about a link by name is marked while there is none of that
// name, unannounced (net/core/fib_rules.c, attach_rules and detach_rules).
func fibRulesOfLink(t *table, old, new []byte) {
	var was, is []byte
	if old != nil {
		was = attrValue(old[ifInfoLen:], iflaIFName)
	}
	if new != nil {
		is = attrValue(new[ifInfoLen:], iflaIFName)
	}
	if string(was) == string(is) {
		return
	}
	for _, name := range [][]byte{was, is} {
		if name != nil && t.mayHave(nameTag(name)) {
			t.confirm(Scope{})
			return
		}
	}
}

// fibRulesOfTarget: a rule that goes to another one is marked while there is none of
// that priority, unannounced (fib_nl_newrule, fib_nl_delrule).
func fibRulesOfTarget(t *table, old, new []byte) {
	if old != nil && new != nil {
		return
	}
	value := old
	if new != nil {
		value = new
	}
	priority, _ := attrU32(value[fibRuleLen:], fraPriority)
	if t.mayHave(tagGoto | priority&(tagName-1)) {
		t.confirm(Scope{})
	}
}
