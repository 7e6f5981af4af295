package golang

import (
	"maps"
	"slices"

	"github.com/nlkit/nlkit/ynl"
)

// A sub-message's format is chosen by an attribute that may stand in a set around
// its own. Its value is then handed in to the decoder of the inner set; unless
// all ways into that set are formats of one kind, which makes it known now.

// dynamic stands for a value that is known only when a message is there.
const dynamic = "\x00"

// contexts are, for each set, the selectors it needs from outside, with the
// values these can have.
type contexts map[*ynl.AttrSet]map[string]map[string]bool

// edge is a way from a set to one inside.
type edge struct {
	to       *ynl.AttrSet
	selector string // of a format
	value    string // the format's
}

func edges(set *ynl.AttrSet) []edge {
	var list []edge
	for _, a := range set.Attrs {
		if a.Nested != nil {
			list = append(list, edge{to: a.Nested})
		}
		if a.SubMsg == nil {
			continue
		}
		for _, f := range a.SubMsg.Formats {
			if f.Set != nil {
				list = append(list, edge{to: f.Set, selector: a.Selector, value: f.Value})
			}
		}
	}
	return list
}

// findContexts finds what sets need from outside.
func (p *plan) findContexts() {
	need := contexts{}
	add := func(set *ynl.AttrSet, selector string) bool {
		if need[set] == nil {
			need[set] = map[string]map[string]bool{}
		}
		if need[set][selector] != nil {
			return false
		}
		need[set][selector] = map[string]bool{}
		return true
	}
	for changed := true; changed; {
		changed = false
		for _, set := range p.spec.Sets {
			for _, a := range set.Attrs {
				if a.SubMsg != nil && set.Attr(a.Selector) == nil && add(set, a.Selector) {
					changed = true
				}
			}
			for _, e := range edges(set) {
				for selector := range need[e.to] {
					if set.Attr(selector) == nil && add(set, selector) {
						changed = true
					}
				}
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for _, set := range p.spec.Sets {
			for _, e := range edges(set) {
				for selector, values := range need[e.to] {
					from := map[string]bool{dynamic: true}
					switch {
					case set.Attr(selector) == nil:
						from = need[set][selector]
					case e.selector == selector:
						from = map[string]bool{e.value: true}
					}
					for v := range from {
						if !values[v] {
							values[v] = true
							changed = true
						}
					}
				}
			}
		}
	}
	p.contexts = need
}

// format returns the one format that a sub-message can have where it stands, and
// whether there is only one.
func (p *plan) format(set *ynl.AttrSet, a *ynl.Attr) (*ynl.Format, bool) {
	values := p.contexts[set][a.Selector]
	if set.Attr(a.Selector) != nil || len(values) == 0 || values[dynamic] {
		return nil, false
	}
	var one *ynl.Format
	for v := range values {
		f := a.SubMsg.Format(v)
		if f == nil || one != nil && (f.Set != one.Set || f.Header != one.Header) {
			return nil, false
		}
		one = f
	}
	return one, true
}

// params are the selectors that a set's decoder is handed, in order.
func (p *plan) params(set *ynl.AttrSet) []string {
	if set == nil {
		return nil
	}
	var list []string
	for _, selector := range slices.Sorted(maps.Keys(p.contexts[set])) {
		if p.wants(set, selector, map[*ynl.AttrSet]bool{}) {
			list = append(list, selector)
		}
	}
	return list
}

// wants reports whether a selector from outside is looked at in a set or in one
// inside, and is not known now.
func (p *plan) wants(set *ynl.AttrSet, selector string, seen map[*ynl.AttrSet]bool) bool {
	if seen[set] || p.contexts[set][selector] == nil {
		return false
	}
	seen[set] = true
	for _, a := range set.Attrs {
		if a.SubMsg != nil && a.Selector == selector && set.Attr(selector) == nil {
			if _, known := p.format(set, a); !known {
				return true
			}
		}
	}
	for _, e := range edges(set) {
		if set.Attr(selector) == nil && p.wants(e.to, selector, seen) {
			return true
		}
	}
	return false
}
