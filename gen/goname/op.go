package goname

import (
	"slices"
	"strings"
)

// Op is the name of an operation, taken apart. Either of Noun and Verb may be
// empty, not both.
type Op struct {
	Noun string // what it is about: "Link"; empty for one of the family itself ("get")
	Verb string // what it does: "Get", "New"; empty where the name does not say
	// Notification reports that the name says so, with a suffix such as "-ntf". Not
	// all notifications have it: whether an operation is one, the spec tells.
	Notification bool
}

// String returns noun and verb as one exported identifier: "LinkGet".
func (o Op) String() string { return o.Noun + o.Verb }

// ParseOp takes the name of an operation apart: "getlink", "link-get" and
// "get-link" are all Link, Get. The verb is sought last, then first, then
// between; what stands on both sides of one between is the noun ("plca-get-cfg":
// PLCACfg, Get), and what comes behind "getrule-" and the like is of the verb:
// Rule, GetReset. A name without a verb is a noun.
func ParseOp(name string) Op {
	if o, ok := opNames[name]; ok {
		return o
	}
	w := words(name)
	var o Op
	if n := len(w); n > 1 && notices[w[n-1]] {
		w, o.Notification = w[:n-1], true
	}
	noun, verb := opWords(w)
	for i, n := range noun {
		if short := opNouns[n]; short != "" {
			noun[i] = short
		}
	}
	o.Noun = join(pieces(noun))
	o.Verb = join(pieces(verb))
	if len(noun) > 0 || len(verb) == 0 {
		o.Noun = join(leading(noun))
	}
	return o
}

// opWords divides the words of an operation's name in those of the noun and
// those of the verb. It does not change w.
func opWords(w []string) (noun, verb []string) {
	last := len(w) - 1
	if last < 0 {
		return nil, nil
	}
	if v, n := unglue(w[0]); v != "" {
		noun, verb = append([]string{n}, w[1:]...), []string{v}
		if last > 0 && w[last] == "reset" { // get, and reset in the same step
			noun, verb = noun[:last], append(verb, "reset")
		}
		return noun, verb
	}
	switch {
	case last > 0 && verbs[w[last]]:
		from := last
		if w[last] == "act" && verbs[w[last-1]] { // the action to create
			from--
		}
		return slices.Clone(w[:from]), w[from:]
	case verbs[w[0]]:
		return slices.Clone(w[1:]), w[:1]
	}
	for i := last - 1; i > 0; i-- {
		if innerVerbs[w[i]] {
			return slices.Concat(w[:i], w[i+1:]), w[i : i+1]
		}
	}
	return slices.Clone(w), nil
}

// unglue takes a word such as "newlink" apart into verb and noun. Only nouns of
// netlink protocols are taken as such: "settings" is a word, and no verb.
func unglue(word string) (verb, noun string) {
	for _, v := range []string{"new", "del", "get", "set", "destroy"} {
		if rest, ok := strings.CutPrefix(word, v); ok && gluedNouns[rest] {
			return v, rest
		}
	}
	return "", word
}

// notices are the words that end the names of notifications.
var notices = set("notif notification notify ntf")

// verbs are what operations do.
var verbs = set(`
	abort accept act add announce assoc begin bind change changed clear create created
	del delete deleted destroy diagnose disassoc dump end execute flush get join leave list
	new read recover reload remove rotate run set snapshot split start stop swap
	unbind unlock unsplit update updated
`)

// innerVerbs are those of them that also stand between the words of the noun.
var innerVerbs = set("get set")

// gluedNouns are the nouns that stand behind a verb without "-": those of the
// route protocol, nftables and the controller of generic netlink.
var gluedNouns = set(`
	action addr addrlabel anycast chain dcb family flowtable gen link linkprop maddr mcast mdb multicast
	neigh neightbl netconf nexthop nexthopbucket nsid obj policy prefix qdisc route rule set setelem
	stats table tclass tfilter tunnel vlan
`)

// opNouns has shorter words for some of an operation's noun: the t of tclass is
// the family's name.
var opNouns = map[string]string{
	"tclass":  "class",
	"tfilter": "filter",
}

// opNames has what the rules do not make well.
var opNames = map[string]Op{
	"bind-rx":              {Verb: "BindRx"}, // binds memory for receiving: rx is no object
	"bind-tx":              {Verb: "BindTx"},
	"health-reporter-test": {Noun: "HealthReporter", Verb: "Test"}, // elsewhere a test is a thing: cable-test
	"get-ctrzero":          {Verb: "GetCtrZero"},                   // get, and zero the counters in the same step
}
