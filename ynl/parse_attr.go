package ynl

import (
	"fmt"
	"maps"

	"go.yaml.in/yaml/v4"
)

// maxAttr is the largest number an attribute can have: two bits of its type are
// flags.
const maxAttr = 1<<14 - 1

func (l *loader) set(n *yaml.Node) {
	o := l.object(n, "an attribute set", setKeys)
	s := &AttrSet{
		Name: o.text("name"), Pos: l.pos(o.node), Doc: o.text("doc"), Header: o.text("header"),
		CPrefix: o.text("name-prefix"), HasCPrefix: o.has("name-prefix"),
		CName: o.text("enum-name"), CNameNone: o.isNull("enum-name"), CMaxName: o.text("attr-max-name"), CCntName: o.text("attr-cnt-name"),
		byName: map[string]*Attr{},
	}
	what := fmt.Sprintf("attribute set %q", s.Name)
	if o.has("subset-of") {
		if o.has("name-prefix") {
			l.problem(o.line("name-prefix"), "%s is a subset, whose names come from its parent: it cannot have \"name-prefix\"", what)
		}
		if s.Parent = find(l, l.spec.sets, "attribute set before this one named", o.text("subset-of"), o.line("subset-of")); s.Parent == nil {
			return
		}
	}
	next := uint64(1)
	for _, n := range o.list("attributes") {
		ao := l.object(n, "an attribute of "+what, attrKeys)
		if !ao.has("name") {
			continue
		}
		id := next
		if s.Parent != nil {
			from := s.Parent.byName[ao.text("name")]
			if from == nil {
				l.problem(ao.line("name"), "%s has no attribute %q%s, of which this subset could have it", s.Parent.Name, ao.text("name"), suggest(ao.text("name"), sortedKeys(s.Parent.byName)))
				continue
			}
			merged := maps.Clone(l.attrs[from].values)
			maps.Copy(merged, ao.values)
			ao.values, id = merged, uint64(from.ID)
		} else if v, ok := ao.int("value"); ok {
			id = v.Abs
		}
		if id > maxAttr {
			l.problem(ao.node.Line, "attribute %q of %s would have the number %d; the last one is %d", ao.text("name"), s.Name, id, maxAttr)
			id = 0
		}
		next = id + 1
		l.attr(s, ao, uint16(id))
	}
	l.spec.Sets = append(l.spec.Sets, s)
	name(l, l.spec.sets, "attribute set", s.Name, o.node.Line, s)
}

func (l *loader) attr(s *AttrSet, o object, id uint16) {
	what := fmt.Sprintf("attribute %q of %s", o.text("name"), s.Name)
	a := &Attr{
		Name: o.text("name"), Pos: l.pos(o.node), Doc: o.text("doc"), Set: s, ID: id, Type: typeOf(o.text("type")),
		Multi: o.bool("multi-attr"), ByteOrder: orderOf(o.text("byte-order")), Hint: hintOf(o.text("display-hint")),
		AsFlags: o.bool("enum-as-flags"), Sub: typeOf(o.text("sub-type")), Selector: o.text("selector"),
		CPrefix: o.text("name-prefix"), HasCPrefix: o.has("name-prefix"),
	}
	l.attrs[a] = o
	if !o.has("type") && !hasKey(o.node, "type") {
		l.problem(o.node.Line, "%s has no \"type\"", what)
	}
	if o.has("enum") {
		a.Enum = find(l, l.spec.enums, "enum", o.text("enum"), o.line("enum"))
	}
	if o.has("struct") {
		a.Struct = find(l, l.spec.structs, "struct", o.text("struct"), o.line("struct"))
	}
	for _, n := range l.texts(o, "type-value", what) {
		a.TypeValue = append(a.TypeValue, n.Value)
	}
	if n := o.values["checks"]; n != nil {
		a.Checks = l.checks(n, what)
	}
	l.later = append(l.later, func() {
		if o.has("nested-attributes") {
			a.Nested = find(l, l.spec.sets, "attribute set", o.text("nested-attributes"), o.line("nested-attributes"))
		}
		if o.has("sub-message") {
			a.SubMsg = find(l, l.spec.subMessages, "sub-message", o.text("sub-message"), o.line("sub-message"))
		}
	})
	l.demand(a, o, what)
	s.Attrs = append(s.Attrs, a)
	if old := s.byName[a.Name]; old != nil && s.Parent == nil {
		l.problem(o.node.Line, "there is another attribute %q in %s before this one", a.Name, s.Name)
	}
	s.byName[a.Name] = a
	for len(s.byID) <= int(id) {
		s.byID = append(s.byID, nil)
	}
	s.byID[id] = a
}

// demand checks that an attribute's type has what it needs.
func (l *loader) demand(a *Attr, o object, what string) {
	need := func(key string) {
		if !o.has(key) {
			l.problem(o.node.Line, "%s is a %s and needs %q", what, a.Type, key)
		}
	}
	switch a.Type {
	case IndexedArray:
		need("sub-type")
	case SubMsg:
		need("sub-message")
		need("selector")
	case NestTypeValue:
		need("nested-attributes")
		need("type-value")
	}
}

func (l *loader) checks(n *yaml.Node, what string) Checks {
	o := l.object(n, "\"checks\" of "+what, checkKeys)
	c := Checks{
		Min: l.length(o, "min", what), Max: l.length(o, "max", what),
		MinLen: l.length(o, "min-len", what), MaxLen: l.length(o, "max-len", what), ExactLen: l.length(o, "exact-len", what),
		UnterminatedOK: o.bool("unterminated-ok"),
	}
	if o.has("flags-mask") {
		c.FlagsMask = find(l, l.spec.enums, "flags", o.text("flags-mask"), o.line("flags-mask"))
	}
	return c
}

func (l *loader) subMessage(n *yaml.Node) {
	o := l.object(n, "a sub-message", subMessageKeys)
	s := &SubMessage{Name: o.text("name"), Pos: l.pos(o.node), byValue: map[string]*Format{}}
	what := fmt.Sprintf("sub-message %q", s.Name)
	for _, n := range o.list("formats") {
		fo := l.object(n, "a format of "+what, formatKeys)
		f := &Format{Value: fo.text("value"), Pos: l.pos(fo.node)}
		if fo.has("fixed-header") {
			f.Header = find(l, l.spec.structs, "struct", fo.text("fixed-header"), fo.line("fixed-header"))
		}
		if fo.has("attribute-set") {
			f.Set = find(l, l.spec.sets, "attribute set", fo.text("attribute-set"), fo.line("attribute-set"))
		}
		s.Formats = append(s.Formats, f)
		name(l, s.byValue, "format of "+what+" for", f.Value, fo.node.Line, f)
	}
	l.spec.SubMessages = append(l.spec.SubMessages, s)
	name(l, l.spec.subMessages, "sub-message", s.Name, o.node.Line, s)
}
