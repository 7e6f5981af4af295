package golang

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/gen/goname"
	"github.com/nlkit/nlkit/ynl"
)

// messageKey is what a message is made of.
type messageKey struct {
	set    *ynl.AttrSet // may be nil
	header *ynl.Struct  // may be nil
}

// messageType is a struct of attributes, with a fixed header or without: a whole
// message, or a nest.
type messageType struct {
	messageKey
	name   string
	base   *messageType // of one that is the same under another name
	doc    string
	asks   []string // operations it asks for, of a raw family
	tells  []string // operations it answers
	op     *ynl.Op  // that it asks for; nil of what is no request of its own
	header *structType
	fields []*field
	blanks []*ynl.Attr // attributes without a field: padding, and unused ones
	params []string    // selectors that the decoder is handed

	recursive   bool
	alternative bool // of a sub-message: a nil one is one with nothing set
	bare        bool // a sub-message that is a struct: what stands behind it is no attributes
}

// field is an attribute of a message.
type field struct {
	*value
	attr  *ynl.Attr
	set   *ynl.AttrSet
	name  string
	multi bool
}

// reserved are names that messages' methods and other fields have.
var reserved = []string{"Extra", "Unknown", "AddUnknown", "Tail", "SetTail", "String", "MarshalJSON", "UnmarshalJSON", "Clone", "Own",
	"Check", "AppendNetlink", "DecodeNetlink", "NetlinkOp", "NetlinkName", "NetlinkID", "SubMessage"}

// message returns the type of messages of a set, all attributes of it, behind a
// header. What has no set takes the first of names that is free.
func (p *plan) message(set *ynl.AttrSet, header *ynl.Struct, names ...string) *messageType {
	k := messageKey{set, header}
	if m := p.messageOf[k]; m != nil {
		return m
	}
	m := &messageType{messageKey: k}
	p.messageOf[k] = m
	p.messages = append(p.messages, m)
	candidates := names
	var pos ynl.Pos
	if set != nil {
		pos = set.Pos
		own := p.setName(set)
		candidates = []string{own, own + "Attrs"}
		if header != nil {
			candidates = append(candidates, own+goname.Exported(header.Name))
		}
	} else if header != nil {
		pos = header.Pos
	}
	m.name = p.claim(pos, candidates...)
	if header != nil {
		m.header = p.structure(header)
	}
	if set != nil {
		m.params = p.params(set)
		m.fields = p.fields(set, header, set.Attrs)
		m.blanks = blanks(set.Attrs)
	}
	return m
}

// setName is the type's name for a set.
func (p *plan) setName(set *ynl.AttrSet) string {
	if name, ok := setNames[p.spec.Name+" "+set.Name]; ok {
		return name
	}
	return goname.Set(p.trim(set.Name))
}

// fields makes the fields of attributes, in the order of their numbers.
func (p *plan) fields(set *ynl.AttrSet, header *ynl.Struct, attrs []*ynl.Attr) []*field {
	attrs = slices.Clone(attrs)
	slices.SortStableFunc(attrs, func(a, b *ynl.Attr) int { return cmp.Compare(a.ID, b.ID) })
	taken := map[string]bool{"Header": header != nil}
	for _, name := range reserved {
		taken[name] = true
	}
	prefix := commonPrefix(set)
	for _, a := range attrs {
		if header != nil && isIP(a.Hint) {
			// The methods that join an address with its length.
			own := goname.Exported(strings.TrimPrefix(a.Name, prefix)) + "Prefix"
			taken[own], taken["Set"+own] = true, true
		}
	}
	var list []*field
	for i, a := range attrs {
		if a.Type == ynl.Pad || a.Type == ynl.Unused || a.Type == ynl.Unset {
			continue
		}
		if i+1 < len(attrs) && attrs[i+1].ID == a.ID {
			continue // of several the last one counts, as in the dynamic codec
		}
		v := p.value(set, a, a.Type)
		if v == nil {
			continue
		}
		f := &field{value: v, attr: a, set: set, multi: a.Multi}
		name := goname.Exported(strings.TrimPrefix(a.Name, prefix))
		if taken[name] {
			name += "Attr"
		}
		f.name = unique(taken, name)
		if f.multi && (v.kind == kindSub || v.kind == kindIndexed || v.kind == kindPacked || v.kind == kindTypeValue) {
			p.problem(a.Pos, "attribute %s: several of type %s have no form in Go", a.Name, a.Type)
			continue
		}
		list = append(list, f)
	}
	return list
}

// blanks are the attributes among attrs that have no field.
func blanks(attrs []*ynl.Attr) []*ynl.Attr {
	var list []*ynl.Attr
	for _, a := range attrs {
		other := slices.ContainsFunc(attrs, func(o *ynl.Attr) bool { return o != a && o.ID == a.ID })
		if (a.Type == ynl.Pad || a.Type == ynl.Unused) && !other {
			list = append(list, a)
		}
	}
	return list
}

// commonPrefix is what the names of all attributes of a set begin with, up to a
// hyphen: it is left out in Go, where the type's name says it.
func commonPrefix(set *ynl.AttrSet) string {
	var names []string
	for _, a := range set.Attrs {
		if a.Type != ynl.Pad && a.Type != ynl.Unused && a.Name != "unspec" && a.Name != "pad" {
			names = append(names, a.Name)
		}
	}
	if len(names) < 2 {
		return ""
	}
	prefix := ""
	for {
		rest := names[0][len(prefix):]
		i := strings.IndexByte(rest, '-')
		if i < 0 {
			return prefix
		}
		longer := prefix + rest[:i+1]
		for _, n := range names {
			after, ok := strings.CutPrefix(n, longer)
			if !ok || after == "" || after[0] >= '0' && after[0] <= '9' || strings.HasPrefix(after, "v4") || strings.HasPrefix(after, "v6") {
				return prefix
			}
		}
		prefix = longer
	}
}

// alias makes a type that is a message under another name.
func (p *plan) alias(base *messageType, name, doc string) *messageType {
	if base.name == name {
		return base
	}
	if m := p.nouns[name]; m != nil && m.base == base {
		return m
	}
	m := &messageType{messageKey: base.messageKey, base: base, doc: doc, header: base.header}
	m.name = p.claim(posOf(base), name, name+"Reply")
	p.nouns[name] = m
	p.messages = append(p.messages, m)
	return m
}

// tell notes a way to ask for an operation that has to do with the message.
func (m *messageType) tell(r *requestType, replied bool) {
	note := func(list *[]string) {
		if !slices.Contains(*list, r.op.Name) {
			*list = append(*list, r.op.Name)
		}
	}
	if replied {
		note(&m.tells)
	}
	if r.op.Header == m.messageKey.header {
		note(&m.asks)
	}
}

func posOf(m *messageType) ynl.Pos {
	if m.set != nil {
		return m.set.Pos
	}
	if m.messageKey.header != nil {
		return m.messageKey.header.Pos
	}
	return ynl.Pos{}
}

// tag is what a field's tags say of it.
func (p *plan) tag(f *field) string {
	a := f.attr
	var b strings.Builder
	fmt.Fprintf(&b, "%d,%s,", a.ID, a.Name)
	switch {
	case f.kind == kindStruct && a.Type == ynl.Binary:
		b.WriteString("struct")
	default:
		b.WriteString(tagType(a.Type, a.ByteOrder))
	}
	if f.multi {
		b.WriteString(",multi")
	}
	if a.Sub != ynl.Unset {
		b.WriteString(",sub=" + tagType(a.Sub, a.ByteOrder))
	}
	b.WriteString(hintTag(a.Hint))
	if a.SubMsg != nil {
		b.WriteString(",selector=" + a.Selector)
	}
	return "`nl:\"" + b.String() + "\"" + p.policyTag(f) + "`"
}

// markRecursive marks messages that may lie in themselves.
func (p *plan) markRecursive() {
	inside := func(m *messageType) []*messageType {
		var list []*messageType
		for _, f := range m.fields {
			v := f.value
			if v.elem != nil {
				v = v.elem
			}
			switch {
			case v.msg != nil:
				list = append(list, v.msg)
			case v.sub != nil:
				for _, alt := range v.sub.alts {
					list = append(list, alt.msg)
				}
			case v.entry != nil:
				list = append(list, v.entry.msg)
			}
		}
		return list
	}
	for _, m := range p.messages {
		seen := map[*messageType]bool{}
		todo := inside(m)
		for len(todo) > 0 && !m.recursive {
			next := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if next == m {
				m.recursive = true
			}
			if next != nil && !seen[next] {
				seen[next] = true
				todo = append(todo, inside(next)...)
			}
		}
	}
}
