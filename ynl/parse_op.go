package ynl

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v4"
)

// opMessage is what the numbering needs of one op.
type opMessage struct {
	op           *Op
	node         object
	notify       string
	request      [2]uint16 // explicit numbers, of do and of dump; 0 for none
	reply        [2]uint16
	value        uint16
	hasValue     bool
	doReply      bool
	dumpReply    bool
	asyncMessage bool
}

func (l *loader) operations(n *yaml.Node) {
	o := l.object(n, "\"operations\"", operationsKeys)
	s := l.spec
	s.Directional = o.text("enum-model") == "directional"
	s.C.OpPrefix, s.C.OpEnum = o.text("name-prefix"), o.text("enum-name")
	s.C.AsyncOpPrefix, s.C.AsyncOpEnum = o.text("async-prefix"), o.text("async-enum")
	if o.has("fixed-header") {
		s.Header = find(l, s.structs, "struct", o.text("fixed-header"), o.line("fixed-header"))
	}
	var all []*opMessage
	for _, n := range o.list("list") {
		all = append(all, l.op(n))
	}
	for _, m := range all {
		if m.notify == "" {
			continue
		}
		m.op.Notify = find(l, s.ops, "operation", m.notify, m.node.line("notify"))
		if m.op.Notify != nil && m.op.Set == nil {
			m.op.Set = m.op.Notify.Set
		}
	}
	if s.Directional {
		l.numberByDirection(all)
	} else {
		l.numberAlike(all)
	}
	l.indexOps(all)
}

func (l *loader) op(n *yaml.Node) *opMessage {
	s := l.spec
	o := l.object(n, "an operation", opKeys)
	op := &Op{
		Name: o.text("name"), Pos: l.pos(o.node), Doc: o.text("doc"), Header: s.Header,
		Group: o.text("mcgrp"), ConfigCond: o.text("config-cond"),
	}
	what := fmt.Sprintf("operation %q", op.Name)
	m := &opMessage{op: op, node: o, notify: o.text("notify")}
	if v, ok := o.int("value"); ok {
		m.value, m.hasValue = l.opID(v, o.line("value")), true
	}
	if o.has("attribute-set") {
		op.Set = find(l, s.sets, "attribute set", o.text("attribute-set"), o.line("attribute-set"))
	}
	if o.has("fixed-header") {
		op.Header = find(l, s.structs, "struct", o.text("fixed-header"), o.line("fixed-header"))
	}
	flags := l.flags(o, "flags", what, flagWords)
	op.AdminPerm, op.UnsAdminPerm = slices.Contains(flags, "admin-perm"), slices.Contains(flags, "uns-admin-perm")
	op.DontValidate = l.flags(o, "dont-validate", what, dontValidate)
	if n := o.values["do"]; n != nil {
		op.Do = l.mode(m, n, 0, what)
	}
	if n := o.values["dump"]; n != nil {
		op.Dump = l.mode(m, n, 1, what)
	}
	if n := o.values["event"]; n != nil {
		eo := l.object(n, "\"event\" of "+what, eventKeys)
		op.Event = l.message(op, eo, what)
	}
	m.asyncMessage = op.Event != nil || m.notify != ""
	if m.asyncMessage && (op.Do != nil || op.Dump != nil) {
		l.problem(o.node.Line, "%s cannot be asked for and be a notification at once", what)
	}
	s.Ops = append(s.Ops, op)
	name(l, s.ops, "operation", op.Name, o.node.Line, op)
	return m
}

// mode reads "do" (at 0) or "dump" (at 1).
func (l *loader) mode(m *opMessage, n *yaml.Node, at int, what string) *Mode {
	key := [...]string{"do", "dump"}[at]
	o := l.object(n, fmt.Sprintf("%q of %s", key, what), modeKeys)
	mode := &Mode{Pos: l.pos(o.node), Pre: o.text("pre"), Post: o.text("post")}
	read := func(key string, id *uint16) *Message {
		n := o.values[key]
		if n == nil {
			return nil
		}
		mo := l.object(n, fmt.Sprintf("%q of %s", key, what), messageKeys)
		if v, ok := mo.int("value"); ok {
			*id = l.opID(v, mo.line("value"))
		}
		return l.message(m.op, mo, what)
	}
	mode.Request = read("request", &m.request[at])
	mode.Reply = read("reply", &m.reply[at])
	return mode
}

// message reads the names of attributes. Those that the set does not have are
// left to lint: the kernel's own client does not look at them.
func (l *loader) message(op *Op, o object, what string) *Message {
	m := &Message{Pos: l.pos(o.node)}
	for _, n := range l.texts(o, "attributes", what) {
		if op.Set == nil {
			continue
		}
		if a := op.Set.byName[n.Value]; a != nil {
			m.Attrs = append(m.Attrs, a)
		} else {
			m.Unknown = append(m.Unknown, UnknownAttr{n.Value, l.pos(n)})
		}
	}
	return m
}

func (l *loader) opID(v Limit, line int) uint16 {
	if v.Abs > 1<<16-1 {
		l.problem(line, "an operation's number is at most 65535, not %s", v)
		return 0
	}
	return uint16(v.Abs)
}

// numberAlike gives each operation one number: the next, or its own.
func (l *loader) numberAlike(all []*opMessage) {
	next := uint16(1)
	for _, m := range all {
		if m.hasValue {
			next = m.value
		}
		m.op.ID = next
		for _, mode := range []*Mode{m.op.Do, m.op.Dump} {
			if mode != nil {
				mode.RequestID, mode.ReplyID = next, next
			}
		}
		next++
	}
}

// numberByDirection counts requests and replies separately. An op has one number
// in each direction, told in its do, or in its dump if it has no do; the number
// of replies moves on only where there is one. A dump that tells numbers of its
// own beside a do has them for itself.
func (l *loader) numberByDirection(all []*opMessage) {
	request, reply := uint16(1), uint16(1)
	for _, m := range all {
		op := m.op
		if m.asyncMessage {
			if m.hasValue {
				reply = m.value
			}
			op.ID = reply
			reply++
			continue
		}
		first, at := op.Do, 0
		if first == nil {
			first, at = op.Dump, 1
		}
		if first == nil {
			l.problem(op.Pos.Line, "operation %q has none of do, dump, notify and event, which numbering by direction needs", op.Name)
			continue
		}
		if v := m.request[at]; v != 0 {
			request = v
		}
		if v := m.reply[at]; v != 0 {
			reply = v
		}
		op.ID = request
		for i, mode := range []*Mode{op.Do, op.Dump} {
			if mode == nil {
				continue
			}
			mode.RequestID = request
			if v := m.request[i]; v != 0 {
				mode.RequestID = v
			}
			if mode.Reply != nil {
				mode.ReplyID = reply
				if v := m.reply[i]; v != 0 {
					mode.ReplyID = v
				}
			}
		}
		request++
		if first.Reply != nil {
			reply++
		}
	}
}

// indexOps makes operations known by the numbers of their messages. The first
// one has the number.
func (l *loader) indexOps(all []*opMessage) {
	s := l.spec
	put := func(m map[uint16]*Op, id uint16, op *Op) {
		if m[id] == nil {
			m[id] = op
		}
	}
	for _, m := range all {
		if m.asyncMessage {
			put(s.incoming, m.op.ID, m.op)
		}
		for _, mode := range []*Mode{m.op.Do, m.op.Dump} {
			if mode != nil {
				put(s.requests, mode.RequestID, m.op)
			}
		}
	}
	for _, m := range all {
		for _, mode := range []*Mode{m.op.Do, m.op.Dump} {
			if mode != nil && mode.Reply != nil {
				put(s.incoming, mode.ReplyID, m.op)
			}
		}
	}
	for _, op := range s.requests {
		for _, mode := range []*Mode{op.Do, op.Dump} {
			if mode != nil {
				put(s.incoming, mode.RequestID, s.requests[mode.RequestID])
			}
		}
	}
}

func (l *loader) groups(n *yaml.Node) {
	s := l.spec
	o := l.object(n, "\"mcast-groups\"", groupsKeys)
	for _, n := range o.list("list") {
		o := l.object(n, "a multicast group", groupKeys)
		g := &Group{Name: o.text("name"), Pos: l.pos(o.node), CName: o.text("c-define-name")}
		flags := l.flags(o, "flags", fmt.Sprintf("group %q", g.Name), flagWords)
		g.AdminPerm, g.UnsAdminPerm = slices.Contains(flags, "admin-perm"), slices.Contains(flags, "uns-admin-perm")
		v, ok := o.int("value")
		if ok && (v.Abs == 0 || v.Abs > 1<<32-1) {
			l.problem(o.line("value"), "group %q: a number is from 1 to 4294967295, not %s", g.Name, v)
		}
		g.ID = uint32(v.Abs)
		s.Groups = append(s.Groups, g)
		name(l, s.groups, "group", g.Name, o.node.Line, g)
	}
}
