package golang

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/gen/goname"
	"github.com/nlkit/nlkit/ynl"
)

// writeDoc writes the package's comment.
func (p *plan) writeDoc(w *printer) {
	protocol := "a generic netlink family"
	if p.spec.IsRaw() {
		protocol = fmt.Sprintf("of the protocol %s", p.spec.Protocol)
	}
	w.p("// Package %s speaks %s, %s.", p.name, p.spec.Name, protocol)
	w.paragraph(p.spec.Doc)
	w.p("//\n// A [Client] has a method for each operation:\n//\n//\tc, err := %s.Dial(ctx, nil)", p.name)
	for _, dump := range []bool{false, true} {
		i := slices.IndexFunc(p.requests, func(r *requestType) bool { return r.dump == dump && r.reply != nil })
		if i < 0 {
			continue
		}
		r := p.requests[i]
		if dump {
			w.p("//\tfor m, err := range c.%s(ctx, nil) { // m is a *%s", r.method, r.reply.name)
		} else {
			w.p("//\tm, err := c.%s(ctx, &%s.%s{}) // m is a *%s", r.method, p.name, r.name, r.reply.name)
		}
	}
	if len(p.notes) > 0 && len(p.spec.Groups) > 0 {
		w.p("//\n// [Client.Subscribe] receives what is multicast, as *%s and the like.", p.notes[0].name)
	}
	w.p("// [Service] is the other side: a [Server] in Go, for the simulated kernel.\n//\n// Fields, numbers and checks are those of the spec; package nl tells what they have in common.")
}

func (p *plan) writeClient(w *printer) {
	if len(p.spec.Groups) > 0 {
		w.p("// The multicast groups.\nconst (")
		seen := map[string]bool{}
		for _, g := range p.spec.Groups {
			w.p("%s nl.Group = %q", unique(seen, groupName(g)), g.Name)
		}
		w.p(")\n")
	}
	w.p("var family = nl.Family{\nName: %q,\nProtocol: %d,", p.spec.Name, p.spec.Protocol)
	if !p.spec.IsRaw() {
		w.p("Version: %d,", p.spec.Version)
		if p.spec.Level != ynl.Genetlink {
			w.p("Legacy: true,")
		}
	}
	if len(p.spec.Groups) > 0 {
		w.p("Groups: []nl.GroupInfo{")
		seen := map[string]bool{}
		for _, g := range p.spec.Groups {
			w.p("{Name: %s, ID: %d},", unique(seen, groupName(g)), g.ID)
		}
		w.p("},")
	}
	w.p("Notification: notification,\n}\n")
	w.p("// The operations. They and the family point to each other.\nvar (")
	for _, r := range p.requests {
		w.p("%s = &nl.Op{%s}", r.opVar(), opFields(r))
	}
	w.p(")\n")
	w.p("func init() {\nfamily.Ops = []*nl.Op{")
	for _, r := range p.requests {
		w.p("%s,", r.opVar())
	}
	w.p("}\n")
	for _, r := range p.requests {
		w.p("%s.New = func() nl.Request { return new(%s) }", r.opVar(), r.name)
		if r.reply != nil {
			w.p("%s.NewReply = func() nl.Message { return new(%s) }", r.opVar(), r.reply.name)
		}
	}
	w.p("}\n")
	w.p("// Client makes requests of %s. It may be used by many goroutines at once.\ntype Client struct{ *nl.Conn }\n", p.spec.Name)
	w.p("// Dial opens a socket by o, which may be nil. The Client must be closed.\nfunc Dial(ctx context.Context, o *netlink.Options) (*Client, error) {\nc, err := nl.DialFamily(ctx, &family, o)\nif err != nil {\nreturn nil, err\n}\nreturn New(c), nil\n}\n")
	w.p("// New makes a Client on a Conn, which others may share.\nfunc New(c *nl.Conn) *Client { return &Client{c} }\n")
	w.p("// Events are the notifications of groups, of all groups if none is named, for [nl.Subscribe].\nfunc Events(groups ...nl.Group) nl.Source { return nl.NewSource(&family, groups...) }\n")
	w.p("// Subscribe receives what is multicast to groups, to all groups if none is named, on a socket of its own.\nfunc (c *Client) Subscribe(ctx context.Context, groups ...nl.Group) (*nl.Subscription, error) {\nreturn nl.Subscribe(ctx, c.Conn, Events(groups...))\n}\n")
	for _, r := range p.requests {
		p.writeMethod(w, r)
	}
	p.writeTransaction(w)
}

func opFields(r *requestType) string {
	fields := []string{"Family: &family", fmt.Sprintf("Name: %q", r.op.Name), fmt.Sprintf("ID: %d", r.mode.RequestID)}
	add := func(on bool, text string) {
		if on {
			fields = append(fields, text)
		}
	}
	add(r.dump, "Dump: true")
	add(r.reply != nil, fmt.Sprintf("ReplyID: %d", r.mode.ReplyID))
	add(r.op.AdminPerm, "AdminPerm: true")
	add(r.op.UnsAdminPerm, "UnsAdminPerm: true")
	strict := "strict"
	if r.dump {
		strict = "dump-strict"
	}
	add(slices.Contains(r.op.DontValidate, strict), "Liberal: true")
	add(r.dump && slices.Contains(r.op.DontValidate, "dump"), "Unvalidated: true")
	return strings.Join(fields, ", ")
}

func (p *plan) writeMethod(w *printer, r *requestType) {
	head := fmt.Sprintf("func (c *Client) %s(ctx context.Context, req *%s, opts ...nl.Option)", r.method, r.name)
	ask := fmt.Sprintf("if req == nil {\nreq = new(%s)\n}", r.name)
	switch {
	case r.dump:
		w.p("// %s asks for %s and yields its entries. An entry is borrowed: it is valid until the next step.%s%s", r.method, r.asks(), r.rights(), replyList(r))
		w.paragraph(r.op.Doc)
		w.p("%s iter.Seq2[*%s, error] {\n%s\nreturn nl.Dump[%s](ctx, c.Conn, req, opts...)\n}\n", head, r.reply.name, ask, r.reply.name)
	case r.reply != nil:
		w.p("// %s asks for %s and returns the reply, which is the caller's own.%s%s", r.method, r.asks(), r.rights(), replyList(r))
		w.paragraph(r.op.Doc)
		w.p("%s (*%s, error) {\n%s\nreturn nl.DoReply[%s](ctx, c.Conn, req, opts...)\n}\n", head, r.reply.name, ask, r.reply.name)
	default:
		w.p("// %s asks for %s.%s", r.method, r.asks(), r.rights())
		w.paragraph(r.op.Doc)
		w.p("%s error {\n%s\nreturn nl.Do(ctx, c.Conn, req, opts...)\n}\n", head, ask)
	}
}

// replyList tells what a reply holds, where its type tells of more.
func replyList(r *requestType) string {
	if r.reply == nil || r.reply.set == nil || r.mode.Reply == nil || len(r.reply.set.Attrs) < 40 {
		return ""
	}
	if list := attrList(r.mode.Reply); list != "" && len(r.mode.Reply.Attrs) < len(r.reply.set.Attrs)/2 {
		return "\n//\n// The spec lists for the reply: " + list + "."
	}
	return ""
}

// writeTransaction writes what a family with operations for the begin and the end
// of a batch has.
func (p *plan) writeTransaction(w *printer) {
	var begin, end *requestType
	for _, r := range p.requests {
		switch r.op.Name {
		case "batch-begin":
			begin = r
		case "batch-end":
			end = r
		}
	}
	if begin == nil || end == nil {
		return
	}
	resource := ""
	if begin.base.header != nil {
		for _, m := range begin.base.header.members {
			if goname.Exported(m.spec.Name) == "ResID" || m.spec.Name == "res-id" {
				// The batch is that of the protocol's subsystem, which is in the numbers of its messages.
				resource = fmt.Sprintf("Header: %s{%s: %d}", begin.base.header.name, m.name, p.subsystem())
			}
		}
	}
	w.p("// Transaction makes requests of which all are done or none: in one batch. A *netlink.BatchError tells which the kernel refused.")
	w.p("func (c *Client) Transaction(ctx context.Context, calls ...nl.BatchCall) error {\nreturn nl.Transaction(ctx, c.Conn, nl.Call(&%s{%s}), nl.Call(&%s{%s}), calls...)\n}\n", begin.name, resource, end.name, resource)
}

// subsystem is the netfilter subsystem that most operations belong to: the upper
// byte of their numbers.
func (p *plan) subsystem() uint16 {
	for _, r := range p.requests {
		if s := r.mode.RequestID >> 8; s != 0 {
			return s
		}
	}
	return 0
}
