package kmod

import (
	"fmt"
	"slices"
	"strings"
)

// writeSource writes the C that stands between the kernel and the author's
// handlers.
func (p *plan) writeSource(w *printer) {
	w.p("// SPDX-License-Identifier: GPL-2.0-only")
	w.p("/* Made by nlkit gen kmod from %s. Do not edit. */", p.source)
	w.p("#include <linux/slab.h>\n")
	w.p("#include \"nlkit_core.h\"\n#include \"%s_nl.h\"\n", p.fam)
	if p.header != nil {
		w.p("#define %s\tsizeof(struct %s)\n", p.hdrSize(), p.structTag(p.header))
	}
	p.writeChecks(w)
	p.writeNestPolicies(w)
	p.writeNestReaders(w)
	w.section("operations")
	w.p("static struct genl_family %s_family;\n", p.fam)
	for _, o := range p.ops {
		p.inCond(w, o, func() { p.writeOp(w, o) })
	}
	p.writeOpTables(w)
	p.writeGroupTable(w)
	p.writeNotes(w)
	p.writeFamily(w)
}

// hdrSize is the length of the fixed header as C has it.
func (p *plan) hdrSize() string {
	if p.header == nil {
		return "0"
	}
	return strings.ToUpper(p.fam) + "_HDRSIZE"
}

// config is the condition that code is compiled under.
func config(cond string) string { return "IS_ENABLED(CONFIG_" + upper(cond) + ")" }

func (p *plan) inCond(w *printer, o *opPlan, write func()) {
	if o.op.ConfigCond == "" {
		write()
		return
	}
	w.p("#if %s", config(o.op.ConfigCond))
	write()
	w.p("#endif\n")
}

// spare marks what only operations use that not every configuration has.
func spare(conds []string) string {
	if slices.Contains(conds, "") {
		return ""
	}
	return " __maybe_unused"
}

// writeChecks writes the ranges and functions that policies point to.
func (p *plan) writeChecks(w *printer) {
	first := true
	for _, c := range p.checks {
		if c.ranged == "" && c.fn == "" {
			continue
		}
		if first {
			w.section("checks")
			first = false
		}
		switch {
		case c.oldFn && c.ranged != "":
			w.p("#if NLK_HAVE_UINT")
			p.writeRange(w, c)
			w.p("#else")
			p.writeCheck(w, c)
			w.p("#endif\n")
		case c.oldFn:
			w.p("#if !NLK_HAVE_UINT")
			p.writeCheck(w, c)
			w.p("#endif\n")
		case c.ranged != "":
			p.writeRange(w, c)
			w.p("")
		default:
			p.writeCheck(w, c)
			w.p("")
		}
	}
}

func (p *plan) writeRange(w *printer, c *check) {
	suffix := ""
	if c.signed {
		suffix = "_signed"
	}
	w.p("static const struct netlink_range_validation%s%s %s = {", suffix, spare(c.conds), c.ranged)
	w.p("\t.min = %s,\n\t.max = %s,\n};", c.limits[0].text, c.limits[1].text)
}

func (p *plan) writeCheck(w *printer, c *check) {
	w.p("%s\n{", signature("static int"+spare(c.conds), c.fn, []string{"const struct nlattr *attr", "struct netlink_ext_ack *extack"}, ")"))
	for _, line := range c.body {
		if line != "" {
			line = "\t" + line
		}
		w.p("%s", line)
	}
	w.p("}")
}

// size is how many entries a policy's array has.
func (q *policyPlan) size() string {
	if len(q.fields) == 0 {
		return "1"
	}
	return q.last() + " + 1"
}

// last is the constant of the largest number.
func (q *policyPlan) last() string {
	f := slices.MaxFunc(q.fields, func(a, b *field) int { return int(a.attr.ID) - int(b.attr.ID) })
	return f.cname
}

func (p *plan) writePolicy(w *printer, q *policyPlan, spare string) {
	w.p("static const struct nla_policy%s %s[%s] = {", spare, q.name, q.size())
	for _, f := range byID(q.fields) {
		w.p("\t[%s] = %s,", f.cname, p.policyOf(f))
	}
	w.p("};\n")
}

// writeNestPolicies writes the policies of nests, each behind those it names. One
// that is met again in itself is declared first.
func (p *plan) writeNestPolicies(w *printer) {
	if len(p.nests) == 0 {
		return
	}
	w.section("policies of nests")
	for _, s := range p.nests {
		if p.ahead(s) {
			w.p("static const struct nla_policy%s %s[%s];\n", spare(s.cond), s.policy.name, s.policy.size())
		}
	}
	for _, s := range p.nests {
		p.writePolicy(w, s.policy, spare(s.cond))
	}
}

// ahead reports whether a policy is named by one that stands before it.
func (p *plan) ahead(s *setPlan) bool {
	for _, t := range p.nests {
		for _, f := range t.fields {
			if f.attr.Nested == s.set && f.inner() {
				return true
			}
		}
		if t == s {
			return false
		}
	}
	return false
}

// writeNestReaders writes the functions that read nests.
func (p *plan) writeNestReaders(w *printer) {
	if len(p.nests) == 0 {
		return
	}
	w.section("nests")
	for _, s := range p.nests {
		w.p("%s\n{", wrapCall("int "+s.name+"_read(", []string{"struct " + s.tag + " *out", "const struct nlattr *nest", "struct netlink_ext_ack *extack"}, ")"))
		p.writeReading(w, "out", "nlk_attrs_in(nest)", s.fields, false)
		w.p("}\n")
	}
}

// writeReading writes the body of a function that reads attributes into a struct.
func (p *plan) writeReading(w *printer, into, attrs string, fields []*field, request bool) {
	var single []*field
	checked := false
	for _, f := range fields {
		if !f.repeats() {
			single = append(single, f)
			checked = checked || p.entryCheck(f) != ""
		}
	}
	if len(single) > 0 {
		w.p("\tconst struct nlattr *attr;")
		if checked {
			w.p("\tint rem, ret;\n")
		} else {
			w.p("\tint rem;\n")
		}
	}
	w.p("\tmemset(%s, 0, sizeof(*%s));", into, into)
	w.p("\t%s->attrs = %s;", into, attrs)
	if request && p.header != nil {
		w.p("\tmemcpy(&%s->hdr, nlk_hdr(nlh), sizeof(%s->hdr));", into, into)
	}
	if len(single) > 0 {
		w.p("\tnlk_for_each_entry(attr, %s->attrs, rem) {", into)
		w.p("\t\tswitch (nla_type(attr)) {")
		for _, f := range single {
			w.p("\t\tcase %s:", f.cname)
			if check := p.entryCheck(f); check != "" {
				w.p("\t\t\tret = %s;\n\t\t\tif (ret)\n\t\t\t\treturn ret;", check)
			}
			switch {
			case f.kind == kindFlag:
				w.p("\t\t\t%s->%s = true;", into, f.name)
			case f.kind == kindStruct:
				w.p("\t\t\t%s->has.%s = true;", into, f.name)
				w.p("\t\t\tnla_memcpy(&%s->%s, attr, sizeof(%s->%s));", into, f.name, into, f.name)
			default:
				w.p("\t\t\t%s->has.%s = true;", into, f.name)
				w.p("\t\t\t%s->%s = %s;", into, f.name, getter(f, f.kind, "attr"))
			}
			w.p("\t\t\tbreak;")
		}
		w.p("\t\t}\n\t}")
	}
	w.p("\treturn 0;")
}

// entryCheck is the call that checks what a policy cannot: what the entries of an
// array are. It is empty where there is nothing to check.
func (p *plan) entryCheck(f *field) string {
	switch {
	case f.kind == kindTypeValue && f.attr.Nested != nil:
		s := p.setOf[f.attr.Nested]
		return fmt.Sprintf("nlk_check_nests(attr, %d, ARRAY_SIZE(%s) - 1,\n\t\t\t\t\t      %s, extack)", len(f.attr.TypeValue), s.policy.name, s.policy.name)
	case f.kind == kindTypeValue:
		return fmt.Sprintf("nlk_check_nests(attr, %d, 0, NULL, extack)", len(f.attr.TypeValue))
	case f.kind != kindArray:
		return ""
	}
	switch f.elem {
	case kindInt:
		return fmt.Sprintf("nlk_check_entries(attr, sizeof(%s), extack)", f.ctype)
	case kindUint, kindSint:
		return "nlk_check_uints(attr, extack)"
	case kindString:
		return "nlk_check_strings(attr, extack)"
	case kindStruct:
		return fmt.Sprintf("nlk_check_entries(attr, sizeof(%s), extack)", f.ctype)
	}
	return ""
}
