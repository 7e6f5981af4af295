package golang

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/gen/goname"
	"github.com/nlkit/nlkit/ynl"
)

// requestType is one way to ask for an operation.
type requestType struct {
	op     *ynl.Op
	mode   *ynl.Mode
	dump   bool
	name   string // of the type: "LinkGetRequest"
	method string // of the client and the server: "LinkGet"
	base   *messageType
	own    *messageType // of a generic netlink family: the listed attributes; nil where base does
	reply  *messageType // nil where only an ACK is answered
}

// generic is a name that says nothing of what a set holds: where it stands for
// several things each has a type of its own.
const generic = "Attrs"

// object returns the type of an operation's messages.
func (p *plan) object(op *ynl.Op) *messageType {
	noun := goname.ParseOp(op.Name).Noun
	if noun == "" {
		noun = cmp.Or(bareNouns[p.spec.Name], "Message")
	}
	m := p.message(op.Set, op.Header, noun)
	if op.Set != nil && p.setName(op.Set) == generic && noun != "Message" {
		return p.alias(m, noun, fmt.Sprintf("%s is [%s] as %s and its like have it.", noun, m.name, op.Name))
	}
	return m
}

// findOps makes the requests of all operations.
func (p *plan) findOps() {
	for _, op := range p.spec.Ops {
		if op.IsAsync() || op.IsReserved() {
			continue
		}
		for _, way := range []struct {
			mode *ynl.Mode
			dump bool
		}{{op.Do, false}, {op.Dump, true}} {
			if way.mode != nil {
				p.findRequest(op, way.mode, way.dump)
			}
		}
	}
}

func (p *plan) findRequest(op *ynl.Op, mode *ynl.Mode, dump bool) {
	r := &requestType{op: op, mode: mode, dump: dump}
	name := goname.ParseOp(op.Name)
	r.method = name.String()
	if dump && name.Verb != "Dump" {
		r.method += "Dump"
	}
	if slices.ContainsFunc(p.requests, func(o *requestType) bool { return o.method == r.method }) {
		r.method += "Op"
	}
	if slices.Contains(connMethods, r.method) {
		r.method += "Op"
	}
	r.base = p.object(op)
	r.base.tell(r, mode.Reply != nil)
	if mode.Reply != nil {
		r.reply = r.base
		for _, u := range mode.Reply.Unknown {
			p.problem(u.Pos, "the reply of %s lists %s, which its set does not have", op.Name, u.Name)
		}
	} else if dump {
		p.problem(mode.Pos, "the dump of %s has no reply, which has no form in Go", op.Name)
	}
	r.name = p.claim(op.Pos, r.method+"Request")
	if !p.spec.IsRaw() {
		// A generic netlink family's kernel has a policy for what is listed.
		r.own = &messageType{op: op, messageKey: messageKey{op.Set, op.Header}, name: r.name, header: r.base.header}
		if mode.Request != nil && op.Set != nil {
			for _, u := range mode.Request.Unknown {
				p.problem(u.Pos, "the request of %s lists %s, which its set does not have", op.Name, u.Name)
			}
			r.own.fields = p.fields(op.Set, op.Header, distinct(mode.Request.Attrs))
			r.own.blanks = blanks(op.Set.Attrs)
		}
	}
	p.requests = append(p.requests, r)
}

func distinct(attrs []*ynl.Attr) []*ynl.Attr {
	var list []*ynl.Attr
	for _, a := range attrs {
		if !slices.Contains(list, a) {
			list = append(list, a)
		}
	}
	return list
}

// connMethods are those a Client has of its Conn.
var connMethods = []string{"Close", "Netlink", "Genetlink", "Batch", "Transaction", "Subscribe"}

// opVar is the name of the variable that describes the way.
func (r *requestType) opVar() string { return "op" + r.method }

// asks says what is asked for, for people.
func (r *requestType) asks() string {
	if r.dump {
		return "the dump of " + r.op.Name
	}
	return r.op.Name
}

func (r *requestType) rights() string {
	switch {
	case r.op.AdminPerm:
		return " It takes CAP_NET_ADMIN in the initial user namespace."
	case r.op.UnsAdminPerm:
		return " It takes CAP_NET_ADMIN over the network namespace."
	}
	return ""
}

func (p *plan) writeRequests(w *printer) {
	for _, r := range p.requests {
		doc := fmt.Sprintf("// %s asks for %s.%s", r.name, r.asks(), r.rights())
		if r.own != nil {
			p.writeMessage(w, r.own, doc)
		} else {
			base := r.base
			if base.base != nil {
				base = base.base
			}
			list := attrList(r.mode.Request)
			if list != "" {
				doc += "\n//\n// The spec lists for it: " + list + "."
			}
			w.p("%s", doc)
			w.paragraph(r.op.Doc)
			w.p("type %s %s\n", r.name, base.name)
			p.writeDelegates(w, r.name, base)
		}
		w.p("// NetlinkOp is %s.\nfunc (*%s) NetlinkOp() *nl.Op { return %s }\n", r.asks(), r.name, r.opVar())
	}
}

// attrList names the attributes of a message.
func attrList(m *ynl.Message) string {
	if m == nil {
		return ""
	}
	var names []string
	for _, a := range m.Attrs {
		names = append(names, a.Name)
	}
	return wrapped(names)
}

// wrapped is a list of names in a comment, of which about 30 columns are written.
func wrapped(names []string) string {
	var b strings.Builder
	width := 30
	for i, n := range names {
		if i > 0 {
			b.WriteString(",")
			width++
			if width+len(n) > 95 {
				b.WriteString("\n//")
				width = 2
			}
			b.WriteString(" ")
			width++
		}
		b.WriteString(n)
		width += len(n)
	}
	return b.String()
}
