package kmod

import (
	"fmt"
	"slices"
	"strings"
)

// writeOp writes an operation's policies, the reader of its request, and the
// functions that the kernel calls.
func (p *plan) writeOp(w *printer, o *opPlan) {
	var done []*policyPlan
	for _, m := range []*modePlan{o.do, o.dump} {
		if m != nil && m.policy != nil && len(m.policy.fields) > 0 && !slices.Contains(done, m.policy) {
			done = append(done, m.policy)
			p.writePolicy(w, m.policy, "")
		}
	}
	if o.union != nil && !slices.Contains(done, o.union) && len(o.union.fields) > 0 {
		w.comment(0, "Both in one, for kernels that have one policy for a command.")
		w.p("#if !NLK_SPLIT_OPS")
		p.writePolicy(w, o.union, "")
		w.p("#endif\n")
	}
	for _, m := range []*modePlan{o.do, o.dump} {
		if m != nil && m.req != nil && m.req.owner == m {
			w.p("%s\n{", signature("static int", m.req.tag+"_read", []string{"struct " + m.req.tag + " *req", "const struct nlmsghdr *nlh", "struct netlink_ext_ack *extack"}, ")"))
			p.writeReading(w, "req", "nlk_attrs_of(nlh, "+p.hdrSize()+")", m.req.fields, true)
			w.p("}\n")
		}
	}
	if o.do != nil {
		p.writeDo(w, o.do)
	}
	if o.dump != nil {
		p.writeDump(w, o.dump)
	}
}

// policyName is a policy as an argument, and the largest number in it.
func (q *policyPlan) args() (name, last string) {
	switch {
	case q == nil:
		return "NULL", "0"
	case len(q.fields) == 0:
		return "nlk_no_attrs", "NLK_NO_ATTRS"
	}
	return q.name, q.last()
}

// validate is the statement that holds a request to a mode's own policy.
func (p *plan) validate(head string, m *modePlan, nlh, extack string) string {
	name, last := m.policy.args()
	how := "NL_VALIDATE_STRICT"
	if m.lax || m.blind {
		how = "NL_VALIDATE_LIBERAL"
	}
	return wrapCall(head+"nlk_validate(", []string{nlh, p.hdrSize(), last, name, how, extack}, ");")
}

// writeDo writes what the kernel calls for a request: it makes the request and the
// reply, and is the only one to free them.
func (p *plan) writeDo(w *printer, m *modePlan) {
	o := m.op
	held := m.held()
	reply := m.mode.Reply != nil
	pre, post := p.hook(m.mode.Pre), p.hook(m.mode.Post)
	large := m.req != nil && m.req.large()
	w.p("%s\n{", signature("static int", p.fam+"_"+o.name+"_doit", []string{"struct sk_buff *skb", "struct genl_info *info"}, ")"))
	args := []string{"info"}
	switch {
	case large:
		w.p("\tstruct %s *req;", m.req.tag)
		args = append(args, "req")
	case m.req != nil:
		w.p("\tstruct %s req;", m.req.tag)
		args = append(args, "&req")
	}
	if reply {
		w.p("\tstruct nlk_msg reply;")
		args = append(args, "&reply")
	}
	call := wrapCall(p.handlerName(m)+"(", args, ")")
	if !held && m.req == nil && !reply && pre == "" && post == "" {
		w.p("\treturn %s;\n}\n", call)
		return
	}
	w.p("\tint ret;\n")
	if held {
		w.p("\tif (!NLK_SPLIT_OPS) {")
		w.p("%s", p.validate("\t\tret = ", m, "info->nlhdr", "info->extack"))
		w.p("\t\tif (ret)\n\t\t\treturn ret;\n\t}")
	}
	// Where an error goes: past what has not been done yet.
	out := "return ret"
	if large {
		w.p("\treq = kzalloc(sizeof(*req), GFP_KERNEL);\n\tif (!req)\n\t\treturn -ENOMEM;")
		out = "goto free"
	}
	if m.req != nil {
		w.p("\tret = %s_read(%s, info->nlhdr, info->extack);", m.req.tag, args[1])
		w.p("\tif (ret)\n\t\t%s;", out)
	}
	if pre != "" {
		w.p("\tret = %s(info);\n\tif (ret)\n\t\t%s;", pre, out)
	}
	// What comes after the handler has to be reached whatever that returns.
	after, last := out, post == "" && !large
	if post != "" && reply {
		after = "goto post"
	}
	head, tail := "\tret = ", ""
	if last {
		head, tail = "\treturn ", "\n}\n"
	}
	if reply {
		w.call("\tret = nlk_reply_begin(", []string{"&reply", "&" + p.fam + "_family", "info", p.replyConst(o.op, m.mode)}, ");")
		w.p("\tif (ret)\n\t\t%s;", after)
		w.call(head+"nlk_reply_end(", []string{"&reply", "info", call}, ");"+tail)
	} else {
		w.p("%s%s;%s", head, call, tail)
	}
	if last {
		return
	}
	if after == "goto post" {
		w.p("post:")
	}
	if post != "" {
		w.p("\t%s(info);", post)
	}
	if large {
		w.p("free:\n\tkfree(req);")
	}
	w.p("\treturn ret;\n}\n")
}

// starts reports whether a dump has something to do before it begins.
func (m *modePlan) starts() bool {
	return m.mode.Pre != "" || m.held() || m.checksItself()
}

// checksItself reports whether a dump's request is not checked by the kernel
// although it has attributes that are read.
func (m *modePlan) checksItself() bool { return m.blind && m.policy != nil }

// writeDump writes what the kernel calls for a dump: to begin it, for each buffer,
// and when it is over.
func (p *plan) writeDump(w *printer, m *modePlan) {
	o := m.op
	base := p.fam + "_" + o.name
	cb := []string{"struct netlink_callback *cb"}
	if m.starts() {
		w.p("%s\n{", signature("static int", base+"_dump_start", cb, ")"))
		pre := p.hook(m.mode.Pre)
		switch {
		case m.checksItself() && pre != "", m.held() && pre != "":
			w.p("\tint ret;\n")
			if m.checksItself() {
				w.p("%s\n\tif (ret)\n\t\treturn ret;", p.validate("\tret = ", m, "cb->nlh", "cb->extack"))
			} else {
				w.p("\tif (!NLK_SPLIT_OPS) {\n%s\n\t\tif (ret)\n\t\t\treturn ret;\n\t}", p.validate("\t\tret = ", m, "cb->nlh", "cb->extack"))
			}
		case m.held() && !m.checksItself():
			w.p("\tif (NLK_SPLIT_OPS)\n\t\treturn 0;")
			fallthrough
		case m.checksItself():
			w.p("%s", p.validate("\treturn ", m, "cb->nlh", "cb->extack"))
		}
		if pre != "" {
			w.p("\treturn nlk_dump_start(cb, %s);", pre)
		}
		w.p("}\n")
	}
	args, req := []string{"d", "entry"}, "NULL"
	large := m.req != nil && m.req.large()
	if m.req != nil {
		args, req = []string{"d", "req", "entry"}, "&req"
	}
	if large {
		req = "req"
	}
	w.p("%s\n{", signature("static int", base+"_dump_entry", []string{"struct nlk_dump *d", "const void *req", "struct nlk_msg *entry"}, ")"))
	w.call("\treturn "+p.handlerName(m)+"(", args, ");\n}\n")
	w.p("%s\n{", signature("static int", base+"_dumpit", append([]string{"struct sk_buff *skb"}, cb...), ")"))
	run := func(head, tail string) {
		w.call(head+"nlk_dump_run(", []string{"skb", "cb", "&" + p.fam + "_family", p.replyConst(o.op, m.mode), base + "_dump_entry", req}, ");"+tail)
	}
	switch {
	case m.req == nil:
		run("\treturn ", "\n}\n")
	case large:
		w.p("\tstruct %s *req;\n\tint ret;\n", m.req.tag)
		w.p("\treq = kzalloc(sizeof(*req), GFP_KERNEL);\n\tif (!req)\n\t\treturn -ENOMEM;")
		w.p("\tret = %s_read(req, cb->nlh, cb->extack);", m.req.tag)
		w.p("\tif (!ret)")
		run("\t\tret = ", "")
		w.p("\tkfree(req);\n\treturn ret;\n}\n")
	default:
		w.p("\tstruct %s req;\n\tint ret;\n", m.req.tag)
		w.p("\tret = %s_read(&req, cb->nlh, cb->extack);\n\tif (ret)\n\t\treturn ret;", m.req.tag)
		run("\treturn ", "\n}\n")
	}
	if post := p.hook(m.mode.Post); post != "" {
		w.p("%s\n{\n\tnlk_dump_done(cb, %s);\n\treturn 0;\n}\n", signature("static int", base+"_dump_done", cb, ")"), post)
	}
}

// writeOpTables writes the tables of operations: for kernels that tell do from
// dump, and for those that do not.
func (p *plan) writeOpTables(w *printer) {
	if len(p.ops) == 0 {
		return
	}
	w.p("#if NLK_SPLIT_OPS")
	w.p("static const struct genl_split_ops %s_ops[] = {", p.fam)
	for _, m := range p.sorted() {
		p.openCond(w, m.op)
		p.writeEntry(w, m.op, []*modePlan{m}, m.policy, true)
		p.closeCond(w, m.op)
	}
	w.p("};\n#else\nstatic const struct genl_ops %s_ops[] = {", p.fam)
	for _, m := range p.sorted() {
		o := m.op
		modes, policy := []*modePlan{m}, m.policy
		if o.do != nil && o.dump != nil && o.do.mode.RequestID == o.dump.mode.RequestID {
			if m.isDump {
				continue // it is in the entry of the do
			}
			modes = append(modes, o.dump)
			if o.union != nil {
				policy = o.union
			} else if o.dump.policy != policy {
				policy = nil // one of them takes anything
			}
		}
		p.openCond(w, o)
		p.writeEntry(w, o, modes, policy, false)
		p.closeCond(w, o)
	}
	w.p("};\n#endif\n")
}

// sorted are all modes by number, do before dump: as the kernel wants them.
func (p *plan) sorted() []*modePlan {
	var all []*modePlan
	for _, o := range p.ops {
		for _, m := range []*modePlan{o.do, o.dump} {
			if m != nil {
				all = append(all, m)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *modePlan) int { return int(a.mode.RequestID) - int(b.mode.RequestID) })
	return all
}

func (p *plan) openCond(w *printer, o *opPlan) {
	if o.op.ConfigCond != "" {
		w.p("#if %s", config(o.op.ConfigCond))
	}
}

func (p *plan) closeCond(w *printer, o *opPlan) {
	if o.op.ConfigCond != "" {
		w.p("#endif")
	}
}

func (p *plan) writeEntry(w *printer, o *opPlan, modes []*modePlan, policy *policyPlan, split bool) {
	base := p.fam + "_" + o.name
	w.p("\t{\n\t\t.cmd\t\t= %s,", p.requestConst(o.op, modes[0].mode))
	var flags, lax []string
	if o.op.AdminPerm {
		flags = append(flags, "GENL_ADMIN_PERM")
	}
	if o.op.UnsAdminPerm {
		flags = append(flags, "GENL_UNS_ADMIN_PERM")
	}
	for _, m := range modes {
		switch {
		case m.isDump:
			if split {
				flags = append(flags, "GENL_CMD_CAP_DUMP")
			}
			if m.blind {
				lax = append(lax, "GENL_DONT_VALIDATE_DUMP")
			}
			if m.lax {
				lax = append(lax, "GENL_DONT_VALIDATE_DUMP_STRICT")
			}
			if m.starts() {
				w.p("\t\t.start\t\t= %s_dump_start,", base)
			}
			w.p("\t\t.dumpit\t\t= %s_dumpit,", base)
			if m.mode.Post != "" {
				w.p("\t\t.done\t\t= %s_dump_done,", base)
			}
		default:
			if split {
				flags = append(flags, "GENL_CMD_CAP_DO")
			}
			if m.lax {
				lax = append(lax, "GENL_DONT_VALIDATE_STRICT")
			}
			w.p("\t\t.doit\t\t= %s_doit,", base)
		}
	}
	if policy != nil {
		name, last := policy.args()
		w.p("\t\t.policy\t\t= %s,\n\t\t.maxattr\t= %s,", name, last)
	}
	if len(flags) > 0 {
		w.p("\t\t.flags\t\t= %s,", strings.Join(flags, " | "))
	}
	if len(lax) > 0 {
		w.p("\t\t.validate\t= %s,", strings.Join(lax, " |\n\t\t\t\t  "))
	}
	w.p("\t},")
}

func (p *plan) writeGroupTable(w *printer) {
	if len(p.spec.Groups) == 0 {
		return
	}
	w.section("multicast groups")
	w.p("static const struct genl_multicast_group %s_groups[] = {", p.fam)
	for _, g := range p.spec.Groups {
		w.p("\t[%s] = {\n\t\t.name\t= %s,", p.groupEnum(g.Name), p.groupConst(g))
		if g.UnsAdminPerm {
			w.p("\t\tNLK_GROUP_UNS_ADMIN")
		}
		w.p("\t},")
	}
	w.p("};\n")
}

func (p *plan) writeNotes(w *printer) {
	if len(p.notes) == 0 {
		return
	}
	w.section("notifications")
	for _, n := range p.notes {
		cmd := p.eventConst(n.op)
		if p.multicasts(n) {
			group := "group"
			if n.op.Group != "" {
				group = p.groupEnum(n.op.Group)
			}
			w.p("%s\n{", p.notifyHead(n))
			w.call("\treturn nlk_multicast(", []string{"&" + p.fam + "_family", "net", group, cmd, "gfp", "fill", "arg"}, ");\n}\n")
		}
		w.p("%s\n{", p.sendHead(n))
		w.call("\treturn nlk_unicast(", []string{"&" + p.fam + "_family", "net", "portid", cmd, "gfp", "fill", "arg"}, ");\n}\n")
	}
}

// lastLax is the constant of the last command that asks not to be checked fully:
// kernels allow that below a number only. It is empty where there is none.
func (p *plan) lastLax() string {
	last, id := "", -1
	for _, o := range p.ops {
		for _, m := range []*modePlan{o.do, o.dump} {
			if m != nil && (m.lax || m.blind) && int(m.mode.RequestID) > id {
				last, id = p.requestConst(o.op, m.mode), int(m.mode.RequestID)
			}
		}
	}
	return last
}

func (p *plan) writeFamily(w *printer) {
	w.section("the family")
	w.p("static struct genl_family %s_family __ro_after_init = {", p.fam)
	w.p("\t.name\t\t= %s,\n\t.version\t= %s,", p.familyName(), p.familyVersion())
	if p.header != nil {
		w.p("\t.hdrsize\t= %s,", p.hdrSize())
	}
	w.p("\t.netnsok\t= true,\n\t.module\t\t= THIS_MODULE,")
	if len(p.ops) > 0 {
		w.p("#if NLK_SPLIT_OPS\n\t.split_ops\t= %s_ops,\n\t.n_split_ops\t= ARRAY_SIZE(%s_ops),", p.fam, p.fam)
		w.p("#else\n\t.ops\t\t= %s_ops,\n\t.n_ops\t\t= ARRAY_SIZE(%s_ops),\n#endif", p.fam, p.fam)
	}
	if last := p.lastLax(); last != "" {
		w.p("\tNLK_RESV_START_OP(%s + 1)", last)
	}
	if len(p.spec.Groups) > 0 {
		w.p("\t.mcgrps\t\t= %s_groups,\n\t.n_mcgrps\t= ARRAY_SIZE(%s_groups),", p.fam, p.fam)
	}
	w.p("};\n")
	w.p("MODULE_ALIAS_GENL_FAMILY(%s);\n", p.familyName())
	fmt.Fprintf(w, initExit, p.fam)
}

// initExit is how a module begins and ends, of its name.
const initExit = `static int __init %[1]s_nl_init(void)
{
	int ret;

	ret = %[1]s_setup();
	if (ret)
		return ret;
	ret = genl_register_family(&%[1]s_family);
	if (ret)
		goto teardown;
	ret = %[1]s_start();
	if (ret)
		goto unregister;
	return 0;

unregister:
	genl_unregister_family(&%[1]s_family);
teardown:
	%[1]s_teardown();
	return ret;
}
module_init(%[1]s_nl_init);

static void __exit %[1]s_nl_exit(void)
{
	%[1]s_stop();
	genl_unregister_family(&%[1]s_family);
	%[1]s_teardown();
}
module_exit(%[1]s_nl_exit);
`
