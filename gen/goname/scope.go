package goname

import "slices"

// Set returns the name of an attribute set's type: "link-attrs" is Link,
// "fib-rule-attrs" FIBRule.
func Set(name string) string {
	w := words(name)
	if n := len(w) - 1; n > 0 && setSuffixes[w[n]] {
		w = w[:n]
	}
	return join(leading(w))
}

// SubMessage returns the name of the type for a sub-message: "linkinfo-data-msg" is
// LinkInfoData.
func SubMessage(name string) string {
	w := words(name)
	if n := len(w) - 1; n > 0 && w[n] == "msg" {
		w = w[:n]
	}
	return join(leading(w))
}

// Group returns the name of a multicast group without what it has in common with
// the others of the family: "rtnlgrp-link" is Link, "conntrack-new" New.
func Group(name string) string {
	w := words(name)
	if len(w) > 1 && groupPrefixes[w[0]] {
		w = w[1:]
	}
	return join(leading(w))
}

// Enum returns the name of an enum's type. It is singular: a value of the enum
// "meta-keys" is a MetaKey. Sets of flags stay plural, as a value has several.
func Enum(name string) string {
	w := words(name)
	if n := len(w) - 1; n >= 0 {
		if one := singulars[w[n]]; one != "" {
			w[n] = one
		}
	}
	return join(leading(w))
}

// Entry returns the name of the constant for an enum's entry: the type's in the
// singular, then the entry's, in which what the enum says already is not said
// again. The entry "up" of "ifinfo-flags" is IfInfoFlagUp, "pse-event-over-temp"
// of "pse-event" is PSEEventOverTemp.
func Entry(enum, entry string) string {
	if id := entryNames[enum+"/"+entry]; id != "" {
		return id
	}
	w := words(enum)
	if n := len(w) - 1; n > 0 && w[n] == "enum" {
		w = w[:n]
	}
	rest := distinct(w, words(entry))
	if n := len(w) - 1; n >= 0 {
		if one := singulars[w[n]]; one != "" {
			w[n] = one
		} else if one := flagSingulars[w[n]]; one != "" {
			w[n] = one
		}
	}
	if len(rest) == 0 {
		rest = []string{"x"}
	}
	if bareEnums[enum] {
		return join(leading(rest))
	}
	return join(append(leading(w), pieces(rest)...))
}

// distinct returns the words of an entry without those of the enum: without all
// of them in a row, wherever they stand, or else without as many in front as
// // stand in a row in the enum's name. Something is always left. Names longer than
// people write them are not compared, which bounds the work.
func distinct(enum, entry []string) []string {
	if len(enum) > maxWords || len(entry) > maxWords {
		return entry
	}
	for i := 0; len(enum) > 0 && i+len(enum) <= len(entry); i++ {
		if len(entry) > len(enum) && slices.Equal(entry[i:i+len(enum)], enum) {
			return slices.Concat(entry[:i], entry[i+len(enum):])
		}
	}
	most := 0
	for i := range enum {
		n := 0
		for i+n < len(enum) && n < len(entry)-1 && enum[i+n] == entry[n] {
			n++
		}
		most = max(most, n)
	}
	return entry[most:]
}

// Member returns the name of a struct's member without the prefix that stands
// for the struct: "ifi-index" of "ifinfomsg" is Index, "arp-sip" of "ovs-key-arp"
// is SIP.
func Member(structure, member string) string {
	w := words(member)
	if prefix := memberPrefixes[structure]; prefix != "" {
		w = cutWord(w, prefix)
	} else if of := words(structure); len(of) > 0 {
		w = cutWord(w, of[len(of)-1])
	}
	return join(leading(w))
}

// maxWords is the number of words of the longest names that are compared.
const maxWords = 64

// setSuffixes are the words that end the name of an attribute set and say no more
// than that.
var setSuffixes = set("attr attribute attributes attrs")

// groupPrefixes are the words that all groups of a family begin with.
var groupPrefixes = set("conntrack nfnlgrp nlgrp ovs rtnlgrp")

// singulars has the singular of the words that end the names of enums.
var singulars = map[string]string{
	"commands":  "command",
	"keys":      "key",
	"modes":     "mode",
	"ops":       "op",
	"protocols": "protocol",
	"registers": "register",
	"stats":     "stat",
	"types":     "type",
}

// flagSingulars has the singular of those that end the names of sets of flags.
var flagSingulars = map[string]string{
	"capabilities": "capability",
	"features":     "feature",
	"fields":       "field",
	"flags":        "flag",
}

// bareEnums are the enums whose entries say themselves what they are.
var bareEnums = set("registers")

// memberPrefixes has the prefixes of members that do not stand at the end of
// their struct's name.
var memberPrefixes = map[string]string{
	"ifa-cacheinfo":        "ifa",
	"ifaddrmsg":            "ifa",
	"ifinfomsg":            "ifi",
	"ndmsg":                "ndm",
	"nfgenmsg":             "nfgen",
	"ovs-action-push-vlan": "vlan",
	"ovs-key-ethernet":     "eth",
	"rta-cacheinfo":        "rta",
	"rta-mfc-stats":        "mfcs",
	"rtmsg":                "rtm",
}

// entryNames has what the rules do not make well, by enum and entry.
var entryNames = map[string]string{
	"dualpi2-split-gso/no-split-gso": "DualPI2SplitGSONoSplit",
	"dualpi2-split-gso/split-gso":    "DualPI2SplitGSOSplit",
}
