package kmod

// stubs are the functions the author has to write, in the order of the header.
func (p *plan) stubs() []Stub {
	var list []Stub
	add := func(name, head, body string) {
		list = append(list, Stub{name, head + "\n{\n" + body + "}\n"})
	}
	const notYet = "\treturn -EOPNOTSUPP;\n"
	for _, o := range p.ops {
		for _, m := range []*modePlan{o.do, o.dump} {
			if m != nil {
				add(p.handlerName(m), p.handler(m, ""), notYet)
			}
		}
	}
	for _, h := range p.hooks {
		body := "\treturn 0;\n"
		if h.post {
			body = ""
		}
		add(h.name, p.hookHead(h), body)
	}
	add(p.fam+"_setup", "int "+p.fam+"_setup(void)", "\treturn 0;\n")
	add(p.fam+"_start", "int "+p.fam+"_start(void)", "\treturn 0;\n")
	add(p.fam+"_stop", "void "+p.fam+"_stop(void)", "")
	add(p.fam+"_teardown", "void "+p.fam+"_teardown(void)", "")
	return list
}

// writeAuthor writes the author's file as it begins.
func (p *plan) writeAuthor(w *printer, stubs []Stub) {
	w.p("// SPDX-License-Identifier: GPL-2.0-only")
	w.p("/*\n * The module %s: what its operations do. This file is yours: nlkit gen kmod\n * writes it once and leaves it alone from then on.\n */", p.fam)
	w.p("#include \"%s_nl.h\"\n", p.fam)
	w.p("MODULE_LICENSE(\"GPL\");\nMODULE_DESCRIPTION(\"Generic netlink family %s\");", p.spec.Name)
	for _, s := range stubs {
		w.p("\n%s", s.Text[:len(s.Text)-1])
	}
}
