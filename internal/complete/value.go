package complete

import (
	"slices"
	"strings"

	"github.com/nlkit/nlkit/internal/ifname"
	"github.com/nlkit/nlkit/ynl"
)

// values lists what can stand behind key=.
func (c *completer) values(s *scope, key, begun string) []string {
	steps := strings.Split(key, ".")
	for _, step := range steps[:len(steps)-1] {
		if s = c.enter(s, step); s == nil {
			return nil
		}
	}
	last := name(steps[len(steps)-1])
	v := value{}
	if s.header != nil {
		if m := s.header.Member(last); m != nil {
			v = value{typ: m.Type, enum: m.Enum, bits: m.IsBits(), index: ifname.IsIndex(m.Name, m.Type)}
		}
	}
	if a := s.set.Attr(last); a != nil {
		v = value{typ: a.Type, enum: a.Enum, bits: a.IsBits() || a.Type == ynl.Bitfield32, index: ifname.IsIndex(a.Name, a.Type), attr: a}
	}
	v.index = v.index || last == device && s.outer == nil
	var out []string
	for _, w := range c.words(v, begun) {
		out = append(out, key+"="+w)
	}
	return out
}

// value is what is known of what stands behind "=".
type value struct {
	typ   ynl.Type
	attr  *ynl.Attr // nil for a member
	enum  *ynl.Enum
	bits  bool
	index bool // an interface's
}

// interfaceNames are the attributes that hold an interface's name.
var interfaceNames = []string{"ifname", "dev-name", "port-netdev-name", "iifname", "oifname", "phys-port-name"}

func (c *completer) words(v value, begun string) []string {
	var out []string
	add := func(word string) {
		if fits(word, begun) {
			out = append(out, word)
		}
	}
	switch {
	case v.enum != nil && v.bits:
		return bits(v.enum, begun)
	case v.enum != nil:
		for _, e := range v.enum.Entries {
			add(e.Name)
		}
	case v.typ == ynl.Flag:
		add("true")
		add("false")
	case v.index || v.attr != nil && v.typ == ynl.String && slices.Contains(interfaceNames, v.attr.Name):
		if c.options.Interfaces != nil {
			for _, n := range c.options.Interfaces() {
				add(n)
			}
		}
	case v.attr != nil && v.typ == ynl.String:
		for _, w := range selects(v.attr) {
			add(w)
		}
	}
	return out
}

// bits lists what can follow in a list of bits, "up,run": each of them once.
func bits(e *ynl.Enum, begun string) []string {
	before, last := "", begun
	if i := strings.LastIndexByte(begun, ','); i >= 0 {
		before, last = begun[:i+1], begun[i+1:]
	}
	have := strings.Split(before, ",")
	var out []string
	for _, n := range e.Entries {
		if fits(n.Name, last) && !slices.Contains(have, n.Name) {
			out = append(out, before+n.Name)
		}
	}
	return out
}

// maxDeep is how far inside an attribute's set a sub-message is looked for whose
// format the attribute selects.
const maxDeep = 3

// selects lists the values of a selector: those that have a format. It is empty
// for what is no selector.
func selects(a *ynl.Attr) []string {
	var out []string
	seen := map[*ynl.AttrSet]bool{}
	var walk func(s *ynl.AttrSet, deep int)
	walk = func(s *ynl.AttrSet, deep int) {
		if s == nil || seen[s] || deep > maxDeep {
			return
		}
		seen[s] = true
		for _, in := range s.Attrs {
			if in.SubMsg != nil && in.Selector == a.Name {
				for _, f := range in.SubMsg.Formats {
					if !slices.Contains(out, f.Value) {
						out = append(out, f.Value)
					}
				}
			}
			walk(in.Nested, deep+1)
		}
	}
	walk(a.Set, 0)
	return out
}
