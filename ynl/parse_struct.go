package ynl

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// maxStruct is the largest struct that is believed, in bytes: what fits into one
// attribute.
const maxStruct = 1<<16 - 1

func (l *loader) structure(o object, what string) {
	s := &Struct{
		Name: o.text("name"), Pos: l.pos(o.node), Doc: o.text("doc"), Header: o.text("header"), Scope: scopeOf(o),
		CName: o.text("enum-name"), Size: -1, byName: map[string]*Member{},
	}
	for _, n := range o.list("members") {
		l.member(s, n, what)
	}
	l.spec.Structs = append(l.spec.Structs, s)
	name(l, l.spec.structs, "struct", s.Name, o.node.Line, s)
}

func (l *loader) member(s *Struct, n *yaml.Node, what string) {
	o, where := l.named(n, "member", " of "+what, memberKeys)
	if !o.has("name") || !o.has("type") {
		return
	}
	m := &Member{
		Name: o.text("name"), Pos: l.pos(o.node), Doc: o.text("doc"), Type: typeOf(o.text("type")),
		ByteOrder: orderOf(o.text("byte-order")), Hint: hintOf(o.text("display-hint")), AsFlags: o.bool("enum-as-flags"),
	}
	m.Size = m.Type.Size()
	switch {
	case m.Type == Pad && !o.tried("len"):
		l.problem(o.node.Line, "%s is padding, which needs \"len\", its size in bytes", where)
	case m.Type == String && !o.tried("len"):
		l.problem(o.node.Line, "%s is text, which needs \"len\", its size in bytes", where)
	case m.Type == Binary && !o.tried("len") && !o.tried("struct"):
		l.problem(o.node.Line, "%s is binary, which needs \"len\", its size in bytes, or \"struct\"", where)
	case o.has("len") && o.has("struct"):
		l.problem(o.line("len"), "%s cannot have \"len\" beside \"struct\", which tells the size", where)
	case m.Type != Binary && o.has("struct"):
		l.problem(o.line("struct"), "%s has the type %s and cannot be a struct: that takes binary", where, m.Type)
	case o.has("len"):
		v := l.limit(o, "len")
		switch {
		case !v.Known || v.Neg || v.Abs > maxStruct:
			l.problem(o.line("len"), "%s: \"len\" must be a number from 0 to %d or a const of this spec, not %s", where, maxStruct, describe(o.values["len"]))
		case m.Size > 0 && v.Abs != uint64(m.Size):
			l.problem(o.line("len"), "%s: \"len\" is %s, but the type %s has %d bytes", where, v, m.Type, m.Size)
		default:
			m.Size = int(v.Abs)
		}
	}
	if o.has("struct") {
		m.Struct = &Struct{Name: o.text("struct"), Pos: Pos{l.file, o.line("struct")}} // put right by layout
	}
	if o.has("enum") {
		l.later = append(l.later, func() {
			m.Enum = find(l, l.spec.enums, "enum", o.text("enum"), o.line("enum"))
		})
	}
	s.Members = append(s.Members, m)
	if old := s.byName[m.Name]; old == nil {
		s.byName[m.Name] = m
	} else if m.Type != Pad && old.Type != Pad {
		l.problem(o.node.Line, "there is another member %q in %s before this one", m.Name, what)
	} else if old.Type == Pad {
		s.byName[m.Name] = m
	}
}

// layout works out the offsets of a struct's members, and those of the structs
// in it before.
func (l *loader) layout(s *Struct) {
	if s.Size >= 0 {
		return
	}
	if s.laying {
		l.problem(s.Pos.Line, "struct %q is part of itself", s.Name)
		s.Size = 0
		return
	}
	s.laying = true
	at := 0
	for _, m := range s.Members {
		if m.Struct != nil {
			in := find(l, l.spec.structs, "struct", m.Struct.Name, m.Struct.Pos.Line)
			if in != nil {
				l.layout(in)
				m.Size = in.Size
			}
			m.Struct = in
		}
		m.Offset = at
		at += m.Size
	}
	if at > maxStruct {
		l.problem(s.Pos.Line, "struct %q has %d bytes; at most %d fit into an attribute", s.Name, at, maxStruct)
		at = 0
	}
	s.Size = at
}

func typeOf(name string) Type {
	for t, n := range typeNames {
		if n == name && n != "" {
			return Type(t)
		}
	}
	return Unset
}

func orderOf(name string) ByteOrder {
	for i, n := range byteOrderNames {
		if n == name {
			return ByteOrder(i)
		}
	}
	return Native
}

func hintOf(name string) Hint {
	for i, n := range hintNames {
		if n == name {
			return Hint(i)
		}
	}
	return NoHint
}

// limit reads a number, or the name of one: a const of this spec by its name or
// by its C name, such a name less 1, or a limit of an integer type such as
// "u16-max". A name that is none of these comes from a C header, and its value is
// not known here.
func (l *loader) limit(o object, key string) Limit {
	if !o.has(key) {
		return Limit{}
	}
	if v, ok := o.int(key); ok {
		return v
	}
	text := o.text(key)
	base, less := strings.CutSuffix(text, lessOne)
	v, ok := typeLimit(base)
	for _, m := range []map[string]*Const{l.cConsts, l.spec.consts} {
		if c := m[base]; c != nil && c.IsInt {
			v, ok = c.number, true
		}
	}
	if !ok {
		return Limit{Set: true, Symbol: text}
	}
	switch {
	case less && (v.Neg || v.Abs == 0):
		v.Neg, v.Abs = true, v.Abs+1
	case less:
		v.Abs--
	}
	v.Symbol = text
	return v
}

// typeLimit finds the bounds of the integer types: "u8-max", "s32-min".
func typeLimit(name string) (Limit, bool) {
	t, end, ok := strings.Cut(name, "-")
	size := typeOf(t).Size()
	if !ok || size == 0 {
		return Limit{}, false
	}
	v := Limit{Set: true, Known: true}
	signed := typeOf(t).IsSigned()
	switch {
	case end == "max" && signed:
		v.Abs = 1<<(8*size-1) - 1
	case end == "max":
		v.Abs = 1<<(8*size-1)<<1 - 1
	case end == "min" && signed:
		v.Neg, v.Abs = true, 1<<(8*size-1)
	case end != "min":
		return Limit{}, false
	}
	return v, true
}
