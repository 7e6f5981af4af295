package golang

import (
	"fmt"

	"github.com/nlkit/nlkit/ynl"
)

// checked reports whether there is anything to check in a message.
func (p *plan) checked(m *messageType) bool {
	done, ok := p.checks[m]
	if !ok {
		if p.checks == nil {
			p.checks = map[*messageType]bool{}
		}
		done = p.findCheck(m, map[*messageType]bool{})
		p.checks[m] = done
	}
	return done
}

// findCheck looks for something to check in a message, and in those in it that
// were not seen yet: a message can lie in itself.
func (p *plan) findCheck(m *messageType, seen map[*messageType]bool) bool {
	if seen[m] {
		return false
	}
	seen[m] = true
	for _, f := range m.fields {
		v := f.value
		if v.elem != nil {
			v = v.elem
		}
		switch {
		case len(p.fieldChecks(f, "x", "")) > 0,
			v.sub != nil,
			v.msg != nil && p.findCheck(v.msg, seen),
			v.entry != nil && p.findCheck(v.entry.msg, seen):
			return true
		}
	}
	return false
}

func (p *plan) subChecked(t *subType) bool {
	for _, a := range t.alts {
		if p.checked(a.msg) {
			return true
		}
	}
	return false
}

// writeCheck writes a message's Check.
func (p *plan) writeCheck(w *printer, m *messageType) {
	if !p.checked(m) {
		w.p("func (m *%s) Check() error { return nil }\n", m.name)
		return
	}
	w.p("func (m *%s) Check() error {", m.name)
	if m.alternative {
		w.p("if m == nil {\nreturn nil\n}")
	}
	for _, f := range m.fields {
		p.writeFieldCheck(w, m, f)
	}
	w.p("return nil\n}\n")
}

func (p *plan) writeFieldCheck(w *printer, m *messageType, f *field) {
	field := "m." + f.name
	v := f.value
	switch {
	case f.kind == kindSub:
		p.writeSelectorCheck(w, m, f)
		if p.subChecked(f.sub) {
			w.p("if err := check%s(%s); err != nil {\nreturn nl.In(%q, err)\n}", f.sub.name, field, f.attr.Name)
		}
		return
	case f.kind == kindIndexed && f.elem.msg != nil:
		if p.checked(f.elem.msg) {
			w.p("for _, x := range %s {\nif err := x.Value.Check(); err != nil {\nreturn nl.InList(%q, int(x.Index), err)\n}\n}", field, f.attr.Name)
		}
		return
	case f.kind == kindTypeValue:
		if p.checked(f.entry.msg) {
			w.p("for i, x := range %s {\nif err := x.%s.Check(); err != nil {\nreturn nl.InList(%q, i, err)\n}\n}", field, f.entry.msg.name, f.attr.Name)
		}
		return
	case f.kind == kindNest:
		if !p.checked(f.msg) {
			return
		}
		if f.multi {
			w.p("for i, x := range %s {\nif err := x.Check(); err != nil {\nreturn nl.InList(%q, i, err)\n}\n}", field, f.attr.Name)
		} else {
			w.p("if %s != nil {\nif err := %s.Check(); err != nil {\nreturn nl.In(%q, err)\n}\n}", field, field, f.attr.Name)
		}
		return
	}
	var lines []string
	switch {
	case f.multi:
		if lines = p.fieldChecks(f, "v", "i"); len(lines) > 0 {
			w.p("for i, v := range %s {", field)
		}
	case f.kind == kindIndexed:
		if lines = p.fieldChecks(f, "x.Value", "int(x.Index)"); len(lines) > 0 {
			w.p("for _, x := range %s {", field)
		}
	case v.opt:
		if lines = p.fieldChecks(f, "v", ""); len(lines) > 0 {
			w.p("if v, ok := %s.Get(); ok {", field)
		}
	case v.kind == kindAddr || v.kind == kindAddrInt || v.kind == kindHardwareAddr:
		if lines = p.fieldChecks(f, field, ""); len(lines) > 0 {
			w.p("if %s.IsValid() {", field)
		}
	case f.kind == kindBytes || f.kind == kindPacked:
		if lines = p.fieldChecks(f, field, ""); len(lines) > 0 {
			w.p("if %s != nil {", field)
		}
	}
	if len(lines) > 0 {
		for _, l := range lines {
			w.p("%s", l)
		}
		w.p("}")
	}
}

// fieldChecks are the statements that check a value in x, which is the element at
// index where it is one of a list.
func (p *plan) fieldChecks(f *field, x, index string) []string {
	v := f.value
	if v.elem != nil {
		v = v.elem
	}
	var lines []string
	add := func(cond, text string, args ...any) {
		bad := fmt.Sprintf("nl.Bad(%q, %s, %q)", f.attr.Name, x, fmt.Sprintf(text, args...))
		if index != "" {
			bad = fmt.Sprintf("nl.BadElem(%q, %s, %s, %q)", f.attr.Name, index, x, fmt.Sprintf(text, args...))
		}
		lines = append(lines, fmt.Sprintf("if %s {\nreturn %s\n}", cond, bad))
	}
	c := f.attr.Checks
	length := func(n string) {
		for _, l := range []struct {
			cond, word string
			ynl.Limit
		}{{"<", "at least", c.MinLen}, {">", "at most", c.MaxLen}, {"!=", "exactly", c.ExactLen}} {
			if l.Set && l.Known {
				add(fmt.Sprintf("%s %s %s", n, l.cond, l.Limit), "%s %s bytes", l.word, l.Limit)
			}
		}
	}
	switch v.kind {
	case kindInt:
		signed := v.goType[0] == 'i'
		bits := 8 * v.size
		if e := p.enumOf[enumKey{f.attr.Enum, f.attr.IsBits()}]; e != nil && v.goType == e.name {
			signed = e.signed
			if e.size > v.size {
				add(fmt.Sprintf("uint64(%s) > %#x", x, uint64(1)<<bits-1), "has %d bits", bits)
			}
		}
		limit := func(op, word string, l ynl.Limit) {
			switch {
			case !l.Set || !l.Known || l.Neg && l.Abs == 0:
			case l.Neg && !signed:
			case op == "<" && l.Abs == 0 && !signed:
			case op == ">" && !l.Neg && l.Abs >= maxOf(v.size, signed):
			default:
				add(fmt.Sprintf("%s %s %s", x, op, l), "%s %s", word, l)
			}
		}
		limit("<", "at least", c.Min)
		limit(">", "at most", c.Max)
		if c.FlagsMask != nil {
			add(fmt.Sprintf("uint64(%s)&^%#x != 0", x, c.FlagsMask.Mask()), "has bits that %s does not have", c.FlagsMask.Name)
		}
	case kindAddr, kindAddrInt:
		switch v.fn {
		case "Addr":
		case "Addr6":
			add(x+".Is4()", "want an IPv6 address")
		default:
			add("!"+x+".Is4()", "want an IPv4 address")
		}
	case kindHardwareAddr:
		length(x + ".Len()")
	case kindPacked:
		length(fmt.Sprintf("%d*len(%s)", v.size, x))
	case kindText, kindBytes:
		if v.kind == kindText {
			add("nl.HasNUL("+x+")", "no NUL byte, where the kernel would cut it")
		}
		length("len(" + x + ")")
	}
	return lines
}

func maxOf(size int, signed bool) uint64 {
	if signed {
		return 1<<(8*size-1) - 1
	}
	return 1<<(8*size) - 1 // of 8 bytes: 1<<64 is 0
}

// writeSelectorCheck refuses a sub-message that its selector does not choose.
func (p *plan) writeSelectorCheck(w *printer, m *messageType, f *field) {
	for _, s := range m.fields {
		if s.attr.Name != f.attr.Selector || s.kind != kindText || s.multi {
			continue
		}
		w.p("if err := nl.CheckSelector(%q, m.%s, %q, m.%s != nil, kindOf%s(m.%s)); err != nil {\nreturn err\n}",
			s.attr.Name, s.name, f.attr.Name, f.name, f.sub.name, f.name)
	}
}
