package golang

import (
	"slices"

	"github.com/nlkit/nlkit/gen/goname"
	"github.com/nlkit/nlkit/ynl"
)

// noteType is a notification: a message that comes unasked.
type noteType struct {
	name string // of the type: "LinkNewNotification"
	op   *ynl.Op
	id   uint16
	base *messageType
}

// findNotes finds what can come unasked. A raw family announces changes with the
// messages that make them, whether the spec lists that or not.
func (p *plan) findNotes() {
	var ids []uint16
	asyncs := false
	for _, op := range p.spec.Ops {
		asyncs = asyncs || op.IsAsync()
	}
	for _, op := range p.spec.Ops {
		switch {
		case op.IsReserved():
		case op.IsAsync():
			ids = append(ids, op.ID)
		case p.spec.IsRaw() || !asyncs:
			for _, mode := range []*ynl.Mode{op.Do, op.Dump} {
				if mode == nil {
					continue
				}
				if p.spec.IsRaw() {
					ids = append(ids, mode.RequestID)
				}
				if mode.Reply != nil {
					ids = append(ids, mode.ReplyID)
				}
			}
		}
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		p.findNote(id)
	}
}

func (p *plan) findNote(id uint16) {
	op := p.spec.Incoming(id)
	if op == nil {
		return
	}
	called, layout := op, op
	if op.Notify != nil {
		layout = op.Notify
	}
	if !op.IsAsync() {
		if asked := p.spec.Request(id); asked != nil {
			called = asked
		}
		if name := goname.ParseOp(called.Name); name.Verb == "Get" {
			return // a question is not an announcement
		}
	}
	n := &noteType{op: called, id: id, base: p.object(layout)}
	if p.spec.IsRaw() && called.Group == "" && len(p.spec.Groups) == 0 {
		return
	}
	name := goname.ParseOp(called.Name).String() + "Notification"
	n.name = p.claim(called.Pos, name)
	p.notes = append(p.notes, n)
}

func (p *plan) writeNotifications(w *printer) {
	for _, n := range p.notes {
		group := ""
		if n.op.Group != "" {
			group = ", sent to the group " + n.op.Group
		}
		w.p("// %s is the notification %s%s.\ntype %s struct{ %s }\n", n.name, n.op.Name, group, n.name, n.base.name)
		w.p("// NetlinkName is the notification's name in the spec.\nfunc (*%s) NetlinkName() string { return %q }\n", n.name, n.op.Name)
		w.p("// NetlinkID is the number of its messages.\nfunc (*%s) NetlinkID() uint16 { return %d }\n", n.name, n.id)
	}
	w.p("// notification makes the message with a number; nil where there is none.\nfunc notification(id uint16) nl.Message {")
	if len(p.notes) > 0 {
		w.p("switch id {")
		for _, n := range p.notes {
			w.p("case %d:\nreturn new(%s)", n.id, n.name)
		}
		w.p("}")
	}
	w.p("return nil\n}\n")
}
