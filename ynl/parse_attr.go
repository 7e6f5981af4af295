package ynl

import (
	"go.yaml.in/yaml/v4"
)

// maxAttr is the largest number an attribute can have: two bits of its type are
// flags.
const maxAttr = 1<<14 - 1

func (l *loader) set(n *yaml.Node) {
	o, what := l.named(n, "attribute set", "", setKeys)
	s := &AttrSet{
		Name: o.text("name"), Pos: l.pos(o.node), Doc: o.text("doc"), Header: o.text("header"),
		CPrefix: o.text("name-prefix"), HasCPrefix: o.has("name-prefix"),
		CName: o.text("enum-name"), CNameNone: o.isNull("enum-name"), CMaxName: o.text("attr-max-name"), CCntName: o.text("attr-cnt-name"),
		byName: map[string]*Attr{},
	}
	if o.tried("subset-of") {
		if o.has("name-prefix") {
			l.problem(o.line("name-prefix"), "%s is a subset, whose names come from its parent: it cannot have \"name-prefix\"", what)
		}
		if s.Parent = l.parent(o); s.Parent == nil {
			l.broken[s.Name] = true
			return
		}
	}
	next := uint64(1)
	for _, n := range o.list("attributes") {
		ao, aWhat := l.named(n, "attribute", " of "+what, attrKeys)
		if !ao.has("name") {
			continue
		}
		id, from := next, (*Attr)(nil)
		if s.Parent != nil {
			name := ao.text("name")
			if from = s.Parent.byName[name]; from == nil {
				l.problem(ao.line("name"), "%s: its parent %q has no attribute %q%s", what, s.Parent.Name, shorten(name),
					l.suggest(name, sortedKeys(s.Parent.byName)))
				continue
			}
			id = uint64(from.ID)
		} else if v, ok := ao.int("value"); ok {
			id = v.Abs
		}
		if id > maxAttr {
			l.problem(ao.line("value"), "%s would have the number %d; numbers are from 0 to %d", aWhat, id, maxAttr)
			id = 0
		}
		next = id + 1
		l.attr(s, ao, aWhat, uint16(id), from)
	}
	s.index()
	l.spec.Sets = append(l.spec.Sets, s)
	name(l, l.spec.sets, "attribute set", s.Name, o.node.Line, s)
}

// parent finds the set that a subset takes its attributes from.
func (l *loader) parent(o object) *AttrSet {
	name := o.text("subset-of")
	if p := l.spec.sets[name]; p != nil || l.broken[name] || o.bad["subset-of"] {
		return p
	}
	l.problem(o.line("subset-of"), "there is no attribute set %q before this one, of which it could be a subset%s",
		shorten(name), l.suggest(name, sortedKeys(l.spec.sets)))
	return nil
}

// attr reads an attribute. from is the one it takes over from in a subset, or
// nil: whole keys are replaced, and nothing within them.
func (l *loader) attr(s *AttrSet, o object, what string, id uint16, from *Attr) {
	a := new(Attr)
	if from != nil {
		*a = *from
	} else if !o.tried("type") {
		l.problem(o.node.Line, "%s has no \"type\"", what)
	}
	a.Name, a.Pos, a.Set, a.ID = o.text("name"), l.pos(o.node), s, id
	a.inherited = from != nil && len(o.values) == 1
	for i := 0; i+1 < len(o.node.Content); i += 2 { // in the order of the text, as problems are to be
		key := l.follow(o.node.Content[i]).Value
		v := o.values[key]
		if v == nil {
			continue
		}
		switch key {
		case "doc":
			a.Doc = v.Value
		case "type":
			a.Type = typeOf(v.Value)
		case "sub-type":
			a.Sub = typeOf(v.Value)
		case "multi-attr":
			a.Multi = o.bool(key)
		case "byte-order":
			a.ByteOrder = orderOf(v.Value)
		case "display-hint":
			a.Hint = hintOf(v.Value)
		case "enum":
			a.Enum = find(l, l.spec.enums, "enum", v.Value, v.Line)
		case "enum-as-flags":
			a.AsFlags = o.bool(key)
		case "struct":
			a.Struct = find(l, l.spec.structs, "struct", v.Value, v.Line)
		case "selector":
			a.Selector = v.Value
		case "name-prefix":
			a.CPrefix, a.HasCPrefix = v.Value, true
		case "type-value":
			a.TypeValue = nil
			for _, n := range l.texts(o, key, what) {
				a.TypeValue = append(a.TypeValue, n.Value)
			}
		case "checks":
			a.Checks = l.checks(v, what)
		}
	}
	l.later = append(l.later, func() {
		if from != nil {
			a.Nested, a.SubMsg = from.Nested, from.SubMsg
		}
		if o.has("nested-attributes") {
			a.Nested = find(l, l.spec.sets, "attribute set", o.text("nested-attributes"), o.line("nested-attributes"))
		}
		if o.has("sub-message") {
			a.SubMsg = find(l, l.spec.subMessages, "sub-message", o.text("sub-message"), o.line("sub-message"))
		}
		if from == nil || o.has("type") {
			l.demand(a, o, what)
		}
	})
	s.Attrs = append(s.Attrs, a)
	if s.byName[a.Name] != nil && s.Parent == nil {
		l.problem(o.node.Line, "there is another attribute %q in attribute set %q before this one", shorten(a.Name), s.Name)
	}
	s.byName[a.Name] = a
}

// demand checks that an attribute's type has what it needs.
func (l *loader) demand(a *Attr, o object, what string) {
	need := func(ok bool, key string) {
		if !ok && !o.tried(key) {
			l.problem(o.node.Line, "%s has the type %s, which needs %q", what, a.Type, key)
		}
	}
	switch a.Type {
	case IndexedArray:
		need(a.Sub != Unset, "sub-type")
	case SubMsg:
		need(a.SubMsg != nil, "sub-message")
		need(a.Selector != "", "selector")
	case NestTypeValue:
		need(a.Nested != nil, "nested-attributes")
		need(len(a.TypeValue) > 0, "type-value")
	}
}

func (l *loader) checks(n *yaml.Node, what string) Checks {
	o := l.object(n, "\"checks\" of "+what, checkKeys)
	c := Checks{
		Min: l.limit(o, "min"), Max: l.limit(o, "max"),
		MinLen: l.limit(o, "min-len"), MaxLen: l.limit(o, "max-len"), ExactLen: l.limit(o, "exact-len"),
		UnterminatedOK: o.bool("unterminated-ok"),
	}
	if o.has("flags-mask") {
		c.FlagsMask = find(l, l.spec.enums, "enum", o.text("flags-mask"), o.line("flags-mask"))
	}
	return c
}

func (l *loader) subMessage(n *yaml.Node) {
	o, what := l.named(n, "sub-message", "", subMessageKeys)
	s := &SubMessage{Name: o.text("name"), Pos: l.pos(o.node), byValue: map[string]*Format{}}
	for _, n := range o.list("formats") {
		fo := l.object(n, "a format of "+what, formatKeys)
		if !fo.has("value") {
			continue
		}
		f := &Format{Value: fo.text("value"), Pos: l.pos(fo.node)}
		if fo.has("fixed-header") {
			f.Header = find(l, l.spec.structs, "struct", fo.text("fixed-header"), fo.line("fixed-header"))
		}
		if fo.has("attribute-set") {
			f.Set = find(l, l.spec.sets, "attribute set", fo.text("attribute-set"), fo.line("attribute-set"))
		}
		s.Formats = append(s.Formats, f)
		if s.byValue[f.Value] != nil {
			l.problem(fo.node.Line, "%s has another format for %q before this one", what, shorten(f.Value))
		}
		s.byValue[f.Value] = f
	}
	l.spec.SubMessages = append(l.spec.SubMessages, s)
	name(l, l.spec.subMessages, "sub-message", s.Name, o.node.Line, s)
}
