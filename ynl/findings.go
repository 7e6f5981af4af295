package ynl

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/internal/near"
)

// Findings reports what is wrong with a spec although a model can be made of it:
// names that nothing has, numbers that two have, keys without a meaning where
// they stand. The kernel's own tools overlook these, and some of its specs have
// them, so that Parse does not refuse a spec because of them. They come in the
// order of the text; a spec in good order has none.
func (s *Spec) Findings() []Problem {
	f := finder{spec: s}
	if !s.IsRaw() {
		f.length(s.Pos, "family", s.Name)
	}
	for _, e := range s.Enums {
		f.enum(e)
	}
	for _, st := range s.Structs {
		f.structure(st)
	}
	for _, set := range s.Sets {
		f.set(set)
	}
	for _, op := range s.Ops {
		f.op(op)
	}
	f.ops()
	f.groups()
	slices.SortStableFunc(f.found, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return f.found
}

type finder struct {
	spec  *Spec
	found []Problem
}

func (f *finder) add(pos Pos, format string, args ...any) {
	f.found = append(f.found, Problem{pos, fmt.Sprintf(format, args...)})
}

func (f *finder) enum(e *Enum) {
	seen := map[uint64]*Entry{}
	for _, n := range e.Entries {
		if old := seen[n.Value]; old != nil {
			f.add(n.Pos, "entry %q of %s %q has the number %d, as %q has", n.Name, e.kind(), e.Name, int64(n.Value), old.Name)
		}
		seen[n.Value] = n
	}
}

func (e *Enum) kind() string {
	if e.IsFlags {
		return "flags"
	}
	return "enum"
}

func (f *finder) structure(s *Struct) {
	for _, m := range s.Members {
		what := fmt.Sprintf("member %q of struct %q", m.Name, s.Name)
		f.value(m.Pos, what, value{typ: m.Type, elem: m.Type, order: m.ByteOrder, enum: m.Enum, flags: m.AsFlags})
	}
}

// value is what attributes and members of structs have in common.
type value struct {
	typ   Type
	elem  Type // of an array's elements; typ where it is none
	order ByteOrder
	enum  *Enum
	flags bool
}

func (f *finder) value(pos Pos, what string, v value) {
	if v.flags && v.enum == nil {
		f.add(pos, "%s has \"enum-as-flags\" without \"enum\"", what)
	}
	if v.enum != nil && !v.elem.IsInt() && v.elem != Bitfield32 {
		f.add(pos, "%s has \"enum\", but its type %s has no values to name", what, v.typ)
	}
	if v.order != Native && v.elem != Binary && (!v.elem.IsInt() || v.elem.Size() == 1) {
		f.add(pos, "%s has \"byte-order\", which means nothing for the type %s", what, v.elem)
	}
}

func (f *finder) set(s *AttrSet) {
	names, ids := map[string]*Attr{}, map[uint16]*Attr{}
	for _, a := range s.Attrs {
		what := fmt.Sprintf("attribute %q of attribute set %q", a.Name, s.Name)
		switch {
		case names[a.Name] != nil:
			f.add(a.Pos, "%s is listed twice", what)
		case ids[a.ID] != nil:
			f.add(a.Pos, "%s has the number %d, as %q has", what, a.ID, ids[a.ID].Name)
		}
		names[a.Name], ids[a.ID] = a, a
		if !a.inherited {
			f.attr(a, what)
		}
	}
}

func (f *finder) attr(a *Attr, what string) {
	elem := a.Type
	if a.Sub != Unset && (a.Type == IndexedArray || a.Type == Binary) {
		elem = a.Sub
	}
	f.value(a.Pos, what, value{typ: a.Type, elem: elem, order: a.ByteOrder, enum: a.Enum, flags: a.AsFlags})
	nests := elem == Nested || a.Type == NestTypeValue
	switch {
	case elem == Nested && a.Nested == nil:
		f.add(a.Pos, "%s is a nest without \"nested-attributes\": what is in it cannot be told", what)
	case !nests && a.Nested != nil:
		f.add(a.Pos, "%s has \"nested-attributes\", but its type %s is no nest", what, elem)
	}
	if a.Struct != nil && elem != Binary {
		f.add(a.Pos, "%s has \"struct\", but its type %s is not binary", what, elem)
	}
	if len(a.TypeValue) > 0 && a.Type != NestTypeValue {
		f.add(a.Pos, "%s has \"type-value\", which means something for the type nest-type-value only", what)
	}
	if a.SubMsg != nil && a.Type != SubMsg {
		f.add(a.Pos, "%s has \"sub-message\", but the type %s", what, a.Type)
	}
	if a.Sub != Unset {
		f.elements(a, what)
	}
	if a.Selector != "" {
		f.selector(a, what)
	}
	f.checks(a, elem, what)
	f.limits(a, what)
}

// elements looks at the type of an array's elements.
func (f *finder) elements(a *Attr, what string) {
	switch {
	case a.Type == Binary && a.Sub.Size() > 0:
	case a.Type == Binary:
		f.add(a.Pos, "%s is an array in one payload: its \"sub-type\" must be an integer of fixed size, not %s", what, a.Sub)
	case a.Type != IndexedArray:
		f.add(a.Pos, "%s has \"sub-type\", but its type %s is no array", what, a.Type)
	case a.Sub == Nested || a.Sub == Binary || a.Sub == String || a.Sub.IsInt():
	default:
		f.add(a.Pos, "%s has the \"sub-type\" %s, which no array has: it must be nest, binary, string or an integer", what, a.Sub)
	}
}

// selector looks whether there is any attribute that a selector could be.
func (f *finder) selector(a *Attr, what string) {
	if a.Type != SubMsg {
		f.add(a.Pos, "%s has \"selector\", but the type %s", what, a.Type)
		return
	}
	for _, s := range f.spec.Sets {
		if s.byName[a.Selector] != nil {
			return
		}
	}
	f.add(a.Pos, "%s has the selector %q, which is no attribute of any set", what, a.Selector)
}

func (f *finder) checks(a *Attr, elem Type, what string) {
	c := &a.Checks
	if (c.Min.Set || c.Max.Set) && !elem.IsInt() {
		f.add(a.Pos, "%s has checks for \"min\" or \"max\", which are for integers", what)
	}
	if (c.MinLen.Set || c.MaxLen.Set || c.ExactLen.Set) && elem != String && elem != Binary && a.Type != Binary {
		f.add(a.Pos, "%s has a check of the length, which is for strings and binaries", what)
	}
	if c.UnterminatedOK && elem != String {
		f.add(a.Pos, "%s has \"unterminated-ok\", which is for strings", what)
	}
	if c.FlagsMask != nil && (!elem.IsInt() || elem.IsSigned()) {
		f.add(a.Pos, "%s has \"flags-mask\", which is for unsigned integers", what)
	}
	if c.ExactLen.Set && (c.MinLen.Set || c.MaxLen.Set) {
		f.add(a.Pos, "%s has \"exact-len\" beside \"min-len\" or \"max-len\"", what)
	}
	for _, b := range []struct {
		low, high Limit
		names     string
	}{{c.Min, c.Max, "\"min\" %s, which is above \"max\" %s"}, {c.MinLen, c.MaxLen, "\"min-len\" %s, which is above \"max-len\" %s"}} {
		if b.low.Known && b.high.Known && b.high.Cmp(b.low.Neg, b.low.Abs) > 0 {
			f.add(a.Pos, "%s has "+b.names, what, b.low, b.high)
		}
	}
}

func (f *finder) op(op *Op) {
	what := fmt.Sprintf("operation %q", op.Name)
	for _, m := range []*Mode{op.Do, op.Dump} {
		if m != nil {
			f.message(op, m.Request, what)
			f.message(op, m.Reply, what)
		}
	}
	f.message(op, op.Event, what)
	if op.Group != "" && f.spec.Group(op.Group) == nil {
		f.add(op.Pos, "%s is sent to the group %q, which this family does not have%s", what, op.Group, meant(op.Group, sortedKeys(f.spec.groups)))
	}
	if op.Group != "" && !op.IsAsync() {
		f.add(op.Pos, "%s has \"mcgrp\" and is neither a notification nor an event", what)
	}
}

func (f *finder) message(op *Op, m *Message, what string) {
	if m == nil {
		return
	}
	for _, u := range m.Unknown {
		f.add(u.Pos, "%s lists the attribute %q, which attribute set %q does not have%s", what, u.Name, op.Set.Name,
			meant(u.Name, sortedKeys(op.Set.byName)))
	}
	seen := map[*Attr]bool{}
	for _, a := range m.Attrs {
		if seen[a] {
			f.add(m.Pos, "%s lists the attribute %q twice in one message", what, a.Name)
		}
		seen[a] = true
		if a.Type == Unused {
			f.add(m.Pos, "%s lists the attribute %q, which is unused", what, a.Name)
		}
	}
}

// ops looks for operations that cannot be told apart: two requests with one
// number.
func (f *finder) ops() {
	dos, dumps, ids, events := map[uint16]*Op{}, map[uint16]*Op{}, map[uint16]*Op{}, map[uint16]*Op{}
	clash := func(m map[uint16]*Op, id uint16, op *Op, text string) {
		if old := m[id]; old != nil {
			f.add(op.Pos, text, op.Name, id, old.Name)
			return
		}
		m[id] = op
	}
	for _, op := range f.spec.Ops {
		if !f.spec.Directional {
			switch old := ids[op.ID]; {
			case op.Notify != nil && old == op.Notify:
				// It looks like the reply, and is told from it by having no request.
			case op.Notify != nil && old != nil && !old.IsAsync() && !answers(old):
				// No answer has the number, so what comes is what changed.
			case op.Event != nil && op.Group != "":
				// A group's events can have numbers of their own (mptcp_pm): they come
				// unasked, and what answers a request is read by the request.
				clash(events, op.ID, op, "operation %q has the number %d, as %q has")
			default:
				clash(ids, op.ID, op, "operation %q has the number %d, as %q has")
			}
			continue
		}
		if op.Do != nil {
			clash(dos, op.Do.RequestID, op, "operation %q is asked for (do) with the number %d, as %q is")
		}
		if op.Dump != nil {
			clash(dumps, op.Dump.RequestID, op, "operation %q is dumped with the number %d, as %q is")
		}
	}
}

// answers reports whether an operation has a reply, of either way to ask.
func answers(op *Op) bool {
	return op.Do != nil && op.Do.Reply != nil || op.Dump != nil && op.Dump.Reply != nil
}

func (f *finder) groups() {
	seen := map[uint32]*Group{}
	for _, g := range f.spec.Groups {
		if !f.spec.IsRaw() {
			f.length(g.Pos, "group", g.Name)
			continue
		}
		if g.ID == 0 {
			f.add(g.Pos, "group %q has no \"value\", its number, without which nobody can join it", g.Name)
			continue
		}
		if old := seen[g.ID]; old != nil {
			f.add(g.Pos, "group %q has the number %d, as %q has", g.Name, g.ID, old.Name)
		}
		seen[g.ID] = g
	}
}

// maxName is the longest name of a generic netlink family or group, in bytes
// (GENL_NAMSIZ without the NUL).
const maxName = 15

// length looks for names that the kernel has no room for.
func (f *finder) length(pos Pos, what, name string) {
	if len(name) > maxName {
		f.add(pos, "the name of %s %q has %d bytes, and the kernel has room for %d", what, name, len(name), maxName)
	}
}

// meant says which of some names may have been meant.
func meant(name string, names []string) string {
	like := near.Names(name, names[:min(len(names), maxCandidates)])
	if len(like) == 0 {
		return ""
	}
	return fmt.Sprintf(" (did you mean %s?)", strings.Join(like, " or "))
}
