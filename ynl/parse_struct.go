package ynl

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// maxStruct is the largest struct that is believed, in bytes: what fits into one
// attribute.
const maxStruct = 1<<16 - 1

func (l *loader) structure(o object, what string) {
	s := &Struct{
		Name: o.text("name"), Pos: l.pos(o.node), Doc: o.text("doc"), Header: o.text("header"),
		CName: o.text("enum-name"), Size: -1, byName: map[string]*Member{},
	}
	for _, n := range o.list("members") {
		l.member(s, n, what)
	}
	l.spec.Structs = append(l.spec.Structs, s)
	name(l, l.spec.structs, "struct", s.Name, o.node.Line, s)
}

func (l *loader) member(s *Struct, n *yaml.Node, what string) {
	o := l.object(n, "a member of "+what, memberKeys)
	if !o.has("name") || !o.has("type") {
		return
	}
	m := &Member{
		Name: o.text("name"), Pos: l.pos(o.node), Doc: o.text("doc"), Type: typeOf(o.text("type")),
		ByteOrder: orderOf(o.text("byte-order")), Hint: hintOf(o.text("display-hint")), AsFlags: o.bool("enum-as-flags"),
	}
	where := fmt.Sprintf("member %q of %s", m.Name, what)
	m.Size = m.Type.Size()
	switch {
	case m.Type == Pad && !o.has("len"):
		l.problem(o.node.Line, "%s has no \"len\": padding needs one", where)
	case m.Type == Binary && o.has("len") == o.has("struct"):
		l.problem(o.node.Line, "%s needs either \"len\" or \"struct\"", where)
	case m.Type == String && !o.has("len"):
		l.problem(o.node.Line, "%s has no \"len\": text in a struct has a fixed size", where)
	case m.Size > 0 && o.has("struct"):
		l.problem(o.line("struct"), "%s is an integer and cannot be a struct", where)
	case o.has("len"):
		v := l.length(o, "len", where)
		if !v.Known || v.Abs > maxStruct {
			l.problem(o.line("len"), "%s: \"len\" must be a number up to %d or a const of this spec, not %q", where, maxStruct, o.values["len"].Value)
			break
		}
		m.Size = int(v.Abs)
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
		l.problem(o.node.Line, "there is another member %q of %s before this one", m.Name, what)
	} else if old.Type == Pad {
		s.byName[m.Name] = m
	}
}

// layout works out the offsets of a struct's members, and those of the structs
// in it before.
func (l *loader) layout(s *Struct, outer []*Struct) {
	if s.Size >= 0 {
		return
	}
	for _, o := range outer {
		if o == s {
			l.problem(s.Pos.Line, "struct %q is part of itself", s.Name)
			s.Size = 0
			return
		}
	}
	at := 0
	for _, m := range s.Members {
		if m.Struct != nil {
			in := l.spec.structs[m.Struct.Name]
			if in == nil {
				in = find(l, l.spec.structs, "struct", m.Struct.Name, m.Struct.Pos.Line)
				m.Struct = nil
			} else {
				l.layout(in, append(outer, s))
				m.Struct, m.Size = in, in.Size
			}
		}
		m.Offset = at
		at += m.Size
	}
	if at > maxStruct {
		l.problem(s.Pos.Line, "struct %q has %d bytes, more than an attribute holds", s.Name, at)
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

// length reads a number, or the name of one: a const of this spec by its name or
// by its C name, "NAME - 1" of one, or a limit of an integer type such as
// "u16-max". A name that is none of these comes from a C header, and is not
// known here.
func (l *loader) length(o object, key, what string) Limit {
	if !o.has(key) {
		return Limit{}
	}
	if v, ok := o.int(key); ok {
		return v
	}
	text := o.text(key)
	limit := Limit{Set: true, Symbol: text}
	base, less := strings.CutSuffix(text, " - 1")
	if v, ok := typeLimit(base); ok {
		v.Symbol = text
		return v
	}
	for _, c := range l.spec.Consts {
		if (c.Name == base || c.CPrefix+c.Name == base) && c.IsInt {
			limit.Known = true
			v := c.Value
			if less {
				v--
			}
			limit.Neg, limit.Abs = v < 0, uint64(v)
			if v < 0 {
				limit.Abs = -limit.Abs
			}
		}
	}
	return limit
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
