package show

import (
	"fmt"
	"io"

	"github.com/nlkit/nlkit/ynl"
)

// Op writes what an operation takes and answers. kernel is nil where it was not
// asked.
func Op(w io.Writer, s *ynl.Spec, op *ynl.Op, kernel *Kernel, o Options) error {
	p := newPage(o)
	switch {
	case op.IsReserved():
		p.heading("%s %s: number %s, which is reserved", s.Name, op.Name, numbers(s, op))
	case op.IsAsync():
		p.heading("%s %s: number %d, %s", s.Name, op.Name, op.ID, asyncText(op))
	default:
		p.heading("%s %s: number %s, %s", s.Name, op.Name, numbers(s, op), modes(op))
	}
	if d := sentence(op.Doc); d != "" {
		p.wrap("  ", 2, d, "")
	}
	if !op.IsAsync() && missing(kernel, op) {
		p.wrap("  ", 2, "kernel: does not have it", cyan)
	}
	t := &tree{shown: map[any]bool{}}
	if op.Header != nil {
		p.heading("header: struct %s, %d bytes", op.Header.Name, op.Header.Size)
		t.members(op.Header, 0)
		p.take(t)
	}
	if op.Do != nil {
		p.message(t, op, "request", op.Do.Request, policy(kernel, false))
		p.reply(t, op, "reply", op.Do)
	}
	if op.Dump != nil {
		same := op.Do != nil && sameAttrs(op.Do.Request, op.Dump.Request)
		switch k := policy(kernel, true); {
		case same && !k.Known:
			p.heading("request of a dump: as above")
		default:
			p.message(t, op, "request of a dump", op.Dump.Request, k)
		}
		if op.Do != nil && op.Do.Reply != nil && sameAttrs(op.Do.Reply, op.Dump.Reply) {
			p.heading("replies of a dump: as above")
		} else {
			p.reply(t, op, "replies of a dump", op.Dump)
		}
	}
	if n := op.Notify; n != nil {
		mode := n.Do
		if mode == nil || mode.Reply == nil {
			mode = n.Dump
		}
		if mode == nil {
			mode = n.Do
		}
		p.reply(t, op, "message", mode)
	}
	if op.Event != nil {
		p.message(t, op, "message", op.Event, Policy{})
	}
	return p.flush(w)
}

func policy(k *Kernel, dump bool) Policy {
	switch {
	case k == nil:
		return Policy{}
	case dump:
		return k.Dump
	}
	return k.Do
}

func sameAttrs(a, b *ynl.Message) bool {
	if a == nil || b == nil || len(a.Attrs) != len(b.Attrs) {
		return a == nil && b == nil
	}
	for i := range a.Attrs {
		if a.Attrs[i] != b.Attrs[i] {
			return false
		}
	}
	return true
}

func (p *page) take(t *tree) {
	p.rows(t.out, 1)
	t.out = nil
}

func (p *page) reply(t *tree, op *ynl.Op, title string, m *ynl.Mode) {
	if m.Reply == nil {
		p.heading("%s: an acknowledgement alone", title)
		return
	}
	p.message(t, op, title, m.Reply, Policy{})
}

// message writes the attributes of one message, and what else the kernel
// accepts.
func (p *page) message(t *tree, op *ynl.Op, title string, m *ynl.Message, k Policy) {
	var attrs []*ynl.Attr
	if m != nil {
		attrs = m.Attrs
	}
	t.live = k.Known
	t.attrs(attrs, k.Attrs, 0)
	for _, a := range k.Attrs {
		listed := false
		for _, l := range attrs {
			listed = listed || l.ID == a.ID
		}
		if listed {
			continue
		}
		r := row{name: a.Name, number: fmt.Sprint(a.ID), kernel: policyText(&a), text: "not in the spec"}
		if a.Attr == nil {
			t.out = append(t.out, r)
			continue
		}
		r.text = attrText(a.Attr) + " (not in the spec's list)"
		t.add(a.Attr, r, &a)
	}
	if len(t.out) == 0 {
		p.heading("%s: no attributes", title)
		return
	}
	p.heading("%s: attributes of %s", title, op.Set.Name)
	p.take(t)
}
