package kmod

import (
	"fmt"
	"slices"
	"strings"
)

// writeHeader writes what the author's file includes.
func (p *plan) writeHeader(w *printer) {
	guard := "NLKIT_" + strings.ToUpper(p.fam) + "_NL_H"
	w.p("/* SPDX-License-Identifier: GPL-2.0-only */")
	w.p("/* Made by nlkit gen kmod from %s. Do not edit. */", p.source)
	w.p("#ifndef %s\n#define %s\n", guard, guard)
	headers := p.foreignHeaders(true)
	for _, h := range p.spec.Kernel.Headers {
		if !slices.Contains(headers, h) {
			headers = append(headers, h)
		}
	}
	w.p("#include \"nlkit.h\"")
	for _, h := range headers {
		w.p("#include <%s>", h) // behind what includes most of the kernel's
	}
	w.p("#include \"uapi/%s\"\n", p.uapiPath())
	p.writeConsts(w, func(scope string) bool { return scope == "kernel" })
	for _, e := range p.spec.Enums {
		if e.Header == "" && e.Scope == "kernel" {
			p.writeEnum(w, e)
		}
	}
	for _, s := range p.spec.Structs {
		if s.Header == "" && s.Scope == "kernel" {
			p.writeStruct(w, s, "")
		}
	}
	p.writeGroups(w)
	w.section("yours to write, in " + p.fam + "_main.c")
	for _, o := range p.ops {
		p.writeRequestTypes(w, o)
	}
	p.writeHookPrototypes(w)
	p.writeReaders(w)
	p.writeWalks(w)
	p.writePuts(w)
	p.writeNotePrototypes(w)
	w.p("#endif")
}

func (p *plan) writeGroups(w *printer) {
	if len(p.spec.Groups) == 0 {
		return
	}
	w.comment(0, "The multicast groups, by their place in the family.")
	w.p("enum %s_group {", p.fam)
	for _, g := range p.spec.Groups {
		w.p("\t%s,", p.groupEnum(g.Name))
	}
	w.p("};\n")
}

func (p *plan) groupEnum(name string) string {
	return strings.ToUpper(p.fam) + "_GROUP_" + upper(name)
}

// writeRequestTypes writes the structs and prototypes of an operation's handlers.
func (p *plan) writeRequestTypes(w *printer, o *opPlan) {
	for _, m := range []*modePlan{o.do, o.dump} {
		if m == nil || m.req == nil || m.req.owner != m {
			continue
		}
		what := "What " + o.op.Name + " may be sent with."
		if m.isDump && o.do != nil {
			what = "What a dump of " + o.op.Name + " may be asked for with."
		}
		w.comment(0, what)
		p.writeStructOf(w, m.req.tag, m.req.fields, true)
	}
	if o.do != nil {
		w.comment(0, p.handlerDoc(o.do))
		w.call(p.handler(o.do, ";"), nil, "")
		w.p("")
	}
	if o.dump != nil {
		w.comment(0, p.handlerDoc(o.dump))
		w.call(p.handler(o.dump, ";"), nil, "")
		w.p("")
	}
}

// handlerDoc says what a handler is to do.
func (p *plan) handlerDoc(m *modePlan) string {
	o := m.op
	doc := plain(o.op.Doc)
	if doc != "" && !strings.HasSuffix(doc, ".") {
		doc += "."
	}
	var text string
	switch {
	case m.isDump:
		text = "dump " + o.op.Name + ": an entry has " + list(m.mode.Reply.Attrs) + "."
	case m.mode.Reply == nil:
		text = "do " + o.op.Name + ": answers with an ACK alone."
	case len(m.mode.Reply.Attrs) == 0:
		text = "do " + o.op.Name + ": answers with an empty message."
	default:
		text = "do " + o.op.Name + ": answers with " + list(m.mode.Reply.Attrs) + "."
	}
	switch {
	case o.op.AdminPerm:
		text += " Only for who has CAP_NET_ADMIN."
	case o.op.UnsAdminPerm:
		text += " Only for who has CAP_NET_ADMIN in the network's namespace."
	}
	if doc != "" {
		text += " " + doc
	}
	return text
}

// handlerParams are the parameters of a handler.
func (p *plan) handlerParams(m *modePlan) []string {
	var params []string
	if m.isDump {
		params = append(params, "struct nlk_dump *d")
	} else {
		params = append(params, "struct genl_info *info")
	}
	if m.req != nil {
		params = append(params, "const struct "+m.req.tag+" *req")
	}
	if m.isDump {
		params = append(params, "struct nlk_msg *entry")
	} else if m.mode.Reply != nil {
		params = append(params, "struct nlk_msg *reply")
	}
	return params
}

func (p *plan) handlerName(m *modePlan) string {
	if m.isDump {
		return p.fam + "_dump_" + m.op.name
	}
	return p.fam + "_do_" + m.op.name
}

// handler is the head of a handler.
func (p *plan) handler(m *modePlan, tail string) string {
	return signature("int", p.handlerName(m), p.handlerParams(m), ")"+tail)
}

// writeStructOf writes the struct of a request or of a nest.
func (p *plan) writeStructOf(w *printer, tag string, fields []*field, request bool) {
	w.p("struct %s {", tag)
	w.p("\tstruct nlk_attrs attrs; /* all that was sent, in its order */")
	if request && p.header != nil {
		w.p("\tstruct %s hdr; /* in front of the attributes */", p.structTag(p.header))
	}
	bits := 0
	for _, f := range fields {
		if f.hasBit() {
			bits++
		}
	}
	if bits > 0 {
		w.p("\tstruct {")
		for _, f := range fields {
			if f.hasBit() {
				w.p("\t\tu8 %s : 1;", f.name)
			}
		}
		w.p("\t} has;")
	}
	for _, f := range fields {
		p.writeMember(w, f)
	}
	w.p("};\n")
}

func (p *plan) writeMember(w *printer, f *field) {
	typ, note := f.ctype, ""
	if !strings.HasSuffix(typ, "*") {
		typ += " "
	}
	switch {
	case f.repeats():
		w.p("\t/* %s repeats: %s_for_each_%s */", f.attr.Name, p.setFunc(f.root), ident(f.base.Name))
		return
	case f.kind == kindString:
		note = "ends with NUL"
	case f.kind == kindBytes && f.ctype == "struct nlk_bytes" && f.attr.Checks.UnterminatedOK:
		note = "text, which need not end with NUL"
	case f.kind == kindNest:
		typ = "const struct nlattr *"
		if f.attr.Nested != nil {
			note = p.setOf[f.attr.Nested].name + "_read"
		}
	case f.kind == kindArray, f.kind == kindTypeValue:
		typ = "struct nlk_attrs "
		note = p.setFunc(f.root) + "_for_each_" + ident(f.base.Name)
	case f.attr.Enum != nil && f.attr.Enum.Header == "":
		note = p.enumPrefix(f.attr.Enum)
		if f.attr.IsBits() && !f.attr.Enum.IsFlags {
			note = "bits: 1 << " + note
		}
		note += "..."
	}
	line := "\t" + typ + f.name + ";"
	if note != "" {
		line += " /* " + note + " */"
	}
	w.p("%s", line)
}

func (p *plan) writeHookPrototypes(w *printer) {
	for _, h := range p.hooks {
		w.comment(0, p.hookDoc(h))
		w.p("%s;\n", p.hookHead(h))
	}
	w.p("int %s_setup(void); /* before the family is there */", p.fam)
	w.p("int %s_start(void); /* the family is there: requests come in */", p.fam)
	w.p("void %s_stop(void); /* undoes start: requests still come in */", p.fam)
	w.p("void %s_teardown(void); /* undoes setup: the family is gone */\n", p.fam)
}

func (p *plan) hookHead(h hookPlan) string {
	param, result := "struct genl_info *info", "int"
	if h.dump {
		param = "struct nlk_dump *d"
	}
	if h.post {
		result = "void"
	}
	return signature(result, h.name, []string{param}, ")")
}

func (p *plan) hookDoc(h hookPlan) string {
	ops := strings.Join(h.ops, ", ")
	switch {
	case h.dump && h.post:
		return "After the dump of " + ops + " has ended, or was given up."
	case h.dump:
		return "Before the dump of " + ops + " begins: an error refuses it, and then nothing is undone."
	case h.post:
		return "After the handler of " + ops + ", whatever that has returned."
	}
	return "Before the handler of " + ops + ": an error refuses the request, and then nothing is undone."
}

func (p *plan) writeReaders(w *printer) {
	if len(p.nests) == 0 {
		return
	}
	w.section("nests in requests: yours to call")
	for _, s := range p.nests {
		if p.recursive(s) {
			w.comment(0, fmt.Sprintf("What is in a nest of the set %s, which may lie in itself.", s.set.Name))
		} else {
			w.comment(0, fmt.Sprintf("What is in a nest of the set %s.", s.set.Name))
		}
		p.writeStructOf(w, s.tag, s.fields, false)
		w.comment(0, "Reads one; of NULL nothing is there.")
		w.call("int __must_check "+s.name+"_read(", []string{"struct " + s.tag + " *out", "const struct nlattr *nest", "struct netlink_ext_ack *extack"}, ");")
		w.p("")
	}
}

// recursive reports whether a set lies in itself.
func (p *plan) recursive(s *setPlan) bool {
	seen := map[*setPlan]bool{}
	var in func(t *setPlan) bool
	in = func(t *setPlan) bool {
		for _, f := range t.fields {
			n := p.setOf[f.attr.Nested]
			if f.attr.Nested == nil || n == nil {
				continue
			}
			if n == s {
				return true
			}
			if !seen[n] {
				seen[n] = true
				if in(n) {
					return true
				}
			}
		}
		return false
	}
	return in(s)
}

func (p *plan) writeNotePrototypes(w *printer) {
	if len(p.notes) == 0 {
		return
	}
	w.section("notifications: yours to call")
	for _, n := range p.notes {
		has := "fill may be NULL"
		if len(n.attrs) > 0 {
			has = "fill puts " + list(n.attrs)
		}
		doc := plain(n.op.Doc)
		if doc != "" && !strings.HasSuffix(doc, ".") {
			doc += "."
		}
		if doc != "" {
			doc += " "
		}
		if p.multicasts(n) {
			to := "to " + n.op.Group
			if n.op.Group == "" {
				to = "to a group"
			}
			w.comment(0, fmt.Sprintf("%sMulticasts %s %s; %s.", doc, n.op.Name, to, has))
			w.p("%s;\n", p.notifyHead(n))
			w.comment(0, fmt.Sprintf("Sends %s to one socket.", n.op.Name))
		} else {
			w.comment(0, fmt.Sprintf("%sSends %s to one socket; %s.", doc, n.op.Name, has))
		}
		w.p("%s;\n", p.sendHead(n))
	}
}

func (p *plan) multicasts(n *notePlan) bool { return n.op.Group != "" || len(p.spec.Groups) > 0 }

func (p *plan) notifyHead(n *notePlan) string {
	params := []string{"struct net *net"}
	if n.op.Group == "" {
		params = append(params, "enum "+p.fam+"_group group")
	}
	return signature("int", p.fam+"_notify_"+n.name, append(params, "gfp_t gfp", "nlk_fill fill", "const void *arg"), ")")
}

func (p *plan) sendHead(n *notePlan) string {
	return signature("int", p.fam+"_send_"+n.name, []string{"struct net *net", "u32 portid", "gfp_t gfp", "nlk_fill fill", "const void *arg"}, ")")
}
