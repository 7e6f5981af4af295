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
		if m := l.op(n); m != nil {
			all = append(all, m)
		}
	}
	for _, m := range all {
		l.notification(m)
	}
	if s.Directional {
		l.numberByDirection(all)
	} else {
		l.numberAlike(all)
	}
	l.indexOps(all)
}

// notification makes a notification look like the op it names.
func (l *loader) notification(m *opMessage) {
	if m.notify == "" {
		return
	}
	of := find(l, l.spec.ops, "operation", m.notify, m.node.line("notify"))
	switch {
	case of == nil:
		return
	case of.Do == nil && of.Dump == nil:
		l.problem(m.node.line("notify"), "operation %q: \"notify\" must name an operation with do or dump, whose reply it looks like, and %q has neither",
			m.op.Name, m.notify)
		return
	}
	m.op.Notify = of
	if m.op.Set == nil {
		m.op.Set = of.Set
	}
}

func (l *loader) op(n *yaml.Node) *opMessage {
	s := l.spec
	o, what := l.named(n, "operation", "", opKeys)
	if !o.has("name") {
		return nil
	}
	op := &Op{
		Name: o.text("name"), Pos: l.pos(o.node), Doc: o.text("doc"), Header: s.Header,
		Group: o.text("mcgrp"), ConfigCond: o.text("config-cond"),
	}
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
		op.Event = l.message(op, eo, "\"event\" of "+what)
	}
	m.asyncMessage = op.Event != nil || m.notify != ""
	switch {
	case m.asyncMessage && (op.Do != nil || op.Dump != nil):
		l.problem(o.node.Line, "%s cannot be asked for (do, dump) and be a notification (notify, event) at once", what)
	case op.Event != nil && m.notify != "":
		l.problem(o.line("notify"), "%s cannot have both \"notify\" and \"event\": one lists its attributes, the other takes those of a reply", what)
	case op.Set == nil && !o.tried("attribute-set") && (op.Do != nil || op.Dump != nil || op.Event != nil):
		l.problem(o.node.Line, "%s has no \"attribute-set\"", what)
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
	read := func(direction string, id *uint16) *Message {
		n := o.values[direction]
		if n == nil {
			return nil
		}
		where := fmt.Sprintf("the %s of %q of %s", direction, key, what)
		mo := l.object(n, where, messageKeys)
		if v, ok := mo.int("value"); ok {
			*id = l.opID(v, mo.line("value"))
		}
		return l.message(m.op, mo, where)
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

// maxOp is the largest number of an operation: the type of a message has 16 bits.
const maxOp = 1<<16 - 1

func (l *loader) opID(v Limit, line int) uint16 {
	if v.Abs > maxOp {
		l.problem(line, "an operation's number is from 0 to %d, not %s", maxOp, v)
		return 0
	}
	return uint16(v.Abs)
}

// counter gives numbers to operations, one after the other.
type counter struct {
	l    *loader
	next int
}

func (c *counter) take(op *Op) uint16 {
	id := c.next
	c.next++
	if id > maxOp {
		c.l.problem(op.Pos.Line, "operation %q would have the number %d; numbers are from 0 to %d", op.Name, id, maxOp)
		return 0
	}
	return uint16(id)
}

// numberAlike gives each operation one number: the next, or its own.
func (l *loader) numberAlike(all []*opMessage) {
	c := counter{l, 1}
	for _, m := range all {
		if m.hasValue {
			c.next = int(m.value)
		}
		m.op.ID = c.take(m.op)
		for _, mode := range []*Mode{m.op.Do, m.op.Dump} {
			if mode == nil {
				continue
			}
			mode.RequestID = m.op.ID
			if mode.Reply != nil {
				mode.ReplyID = m.op.ID
			}
		}
	}
}

// numberByDirection counts requests and replies separately. An op has one number
// in each direction, told in its do, or in its dump if it has no do; the number
// of replies moves on only where there is one. A dump that tells numbers of its
// own beside a do has them for itself.
func (l *loader) numberByDirection(all []*opMessage) {
	requests, replies := counter{l, 1}, counter{l, 1}
	for _, m := range all {
		op := m.op
		if m.asyncMessage {
			if m.hasValue {
				replies.next = int(m.value)
			}
			op.ID = replies.take(op)
			continue
		}
		first, at := op.Do, 0
		if first == nil {
			first, at = op.Dump, 1
		}
		if first == nil {
			if !m.node.tried("do") && !m.node.tried("dump") && !m.node.tried("event") && !m.node.tried("notify") {
				l.problem(op.Pos.Line, "operation %q has none of do, dump, notify and event, which numbering by direction needs", op.Name)
			}
			continue
		}
		if v := m.request[at]; v != 0 {
			requests.next = int(v)
		}
		if v := m.reply[at]; v != 0 {
			replies.next = int(v)
		}
		reply := uint16(0)
		op.ID = requests.take(op)
		if first.Reply != nil {
			reply = replies.take(op)
		} else {
			reply = uint16(min(replies.next, maxOp))
		}
		for i, mode := range []*Mode{op.Do, op.Dump} {
			if mode == nil {
				continue
			}
			mode.RequestID = op.ID
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
	for id, op := range s.requests {
		put(s.incoming, id, op)
	}
}

func (l *loader) groups(n *yaml.Node) {
	s := l.spec
	o := l.object(n, "\"mcast-groups\"", groupsKeys)
	for _, n := range o.list("list") {
		o, what := l.named(n, "multicast group", "", groupKeys)
		if !o.has("name") {
			continue
		}
		g := &Group{Name: o.text("name"), Pos: l.pos(o.node), CName: o.text("c-define-name")}
		flags := l.flags(o, "flags", what, flagWords)
		g.AdminPerm, g.UnsAdminPerm = slices.Contains(flags, "admin-perm"), slices.Contains(flags, "uns-admin-perm")
		v, ok := o.int("value")
		if ok && (v.Abs == 0 || v.Abs > 1<<32-1) {
			l.problem(o.line("value"), "%s: \"value\" must be from 1 to %d, not %s", what, uint32(1<<32-1), v)
		}
		g.ID = uint32(v.Abs)
		s.Groups = append(s.Groups, g)
		name(l, s.groups, "group", g.Name, o.node.Line, g)
	}
}
