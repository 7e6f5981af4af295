package golang

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/gen/goname"
	"github.com/nlkit/nlkit/ynl"
)

func (p *plan) writeMessages(w *printer) {
	for _, m := range p.messages {
		if m.base != nil {
			p.writeAlias(w, m, m.base)
			continue
		}
		p.writeMessage(w, m, p.messageDoc(m))
	}
}

func (p *plan) messageDoc(m *messageType) string {
	var b strings.Builder
	switch {
	case m.set == nil:
		fmt.Fprintf(&b, "// %s is a fixed header, %s, without attributes.", m.name, m.messageKey.header.Name)
	case m.header != nil:
		fmt.Fprintf(&b, "// %s is the attribute set %s behind the fixed header %s.", m.name, m.set.Name, m.messageKey.header.Name)
	default:
		fmt.Fprintf(&b, "// %s is the attribute set %s.", m.name, m.set.Name)
	}
	if len(m.tells) > 0 {
		fmt.Fprintf(&b, "\n// It is what is answered to %s.", wrapped(m.tells))
	}
	if len(m.asks) > 0 && p.spec.IsRaw() {
		fmt.Fprintf(&b, "\n// The requests have its fields: %s.", wrapped(m.asks))
	}
	return b.String()
}

// writeAlias writes a type that is another under a further name.
func (p *plan) writeAlias(w *printer, m, base *messageType) {
	if m.doc != "" {
		w.p("// %s", strings.ReplaceAll(m.doc, "\n", "\n// "))
	}
	w.p("type %s %s\n", m.name, base.name)
	p.writeDelegates(w, m.name, base)
}

// writeDelegates writes the methods of a type that is another's.
func (p *plan) writeDelegates(w *printer, name string, base *messageType) {
	w.p("func (m *%s) AppendNetlink(b *wire.Builder) { (*%s)(m).AppendNetlink(b) }", name, base.name)
	w.p("func (m *%s) DecodeNetlink(d *nl.Decoder, b []byte) { (*%s)(m).DecodeNetlink(d, b) }", name, base.name)
	w.p("func (m *%s) Check() error { return (*%s)(m).Check() }", name, base.name)
	w.p("func (m *%s) Own() { (*%s)(m).Own() }", name, base.name)
	w.p("func (m *%s) Clone() *%s { return (*%s)((*%s)(m).Clone()) }", name, name, name, base.name)
	w.p("func (m %s) String() string { return nl.String(&m) }", name)
	w.p("func (m %s) MarshalJSON() ([]byte, error) { return nl.MarshalJSON(&m) }", name)
	w.p("func (m *%s) UnmarshalJSON(text []byte) error { return nl.UnmarshalJSON(text, m) }\n", name)
	if base.hasSubs() {
		w.p("// SubMessage is what that of [%s] is.\nfunc (m *%s) SubMessage(number uint16, selector string) any { return (*%s)(m).SubMessage(number, selector) }\n", base.name, name, base.name)
	}
	p.writePrefixDelegates(w, name, base)
}

func (p *plan) writeMessage(w *printer, m *messageType, doc string) {
	w.p("%s", doc)
	if m.set != nil && m.op == nil {
		w.paragraph(m.set.Doc)
	} else if m.op != nil {
		w.paragraph(m.op.Doc)
	}
	w.p("type %s struct {", m.name)
	if m.header != nil {
		w.p("Header %s `nl:\"header\"`\n", m.header.name)
	}
	left := m.blanks
	for _, f := range m.fields {
		for len(left) > 0 && left[0].ID < f.attr.ID {
			writeBlank(w, left[0])
			left = left[1:]
		}
		w.comment(f.attr.Doc)
		w.p("%s %s %s%s", f.name, f.fieldType(f.multi), p.tag(f), fieldDoc(p.spec.Name, f))
	}
	for _, a := range left {
		writeBlank(w, a)
	}
	w.p("nl.Extra\n}\n")
	p.writeAppend(w, m)
	p.writeDecode(w, m)
	p.writeCheck(w, m)
	p.writeOwn(w, m)
	w.p("func (m %s) String() string { return nl.String(&m) }", m.name)
	w.p("func (m %s) MarshalJSON() ([]byte, error) { return nl.MarshalJSON(&m) }", m.name)
	w.p("func (m *%s) UnmarshalJSON(text []byte) error { return nl.UnmarshalJSON(text, m) }\n", m.name)
	p.writeSubTypes(w, m)
	p.writePrefixes(w, m)
}

// writeBlank writes the blank field that tells the name of an attribute that must
// not be used.
func writeBlank(w *printer, a *ynl.Attr) {
	if a.Type == ynl.Pad {
		return
	}
	w.p("_ struct{} `nl:\"%d,%s,%s\"`", a.ID, a.Name, a.Type)
}

// fieldDoc says what cannot be seen from the type.
func fieldDoc(specName string, f *field) string {
	var parts []string
	a := f.attr
	c := a.Checks
	limit := func(word string, l ynl.Limit, unit string) {
		if l.Set {
			text := l.Symbol
			if text == "" || l.Known {
				text = l.String()
			}
			parts = append(parts, strings.TrimSpace(word+" "+text+" "+unit))
		}
	}
	if doc := fieldDocs[specName+" "+f.set.Name+" "+a.Name]; doc != "" {
		parts = append(parts, doc)
	}
	limit("at least", c.Min, "")
	limit("at most", c.Max, "")
	limit("exactly", c.ExactLen, "bytes")
	limit("at least", c.MinLen, "bytes")
	limit("at most", c.MaxLen, "bytes")
	if f.kind == kindInt && a.ByteOrder == ynl.BigEndian {
		parts = append(parts, "in network byte order on the wire")
	}
	if f.kind == kindSub && f.set.Attr(a.Selector) == nil {
		parts = append(parts, fmt.Sprintf("chosen by %q around it", a.Selector))
	}
	if len(parts) == 0 {
		return ""
	}
	return " // " + strings.Join(parts, ", ")
}

// decodeCall is the call that decodes a nest into x. kinds are the texts of
// selectors known where it stands.
func (m *messageType) decodeCall(x, payload string, kinds []string) string {
	if m.header != nil {
		return fmt.Sprintf("%s.DecodeNetlink(d, %s)", x, payload)
	}
	args := append([]string{"d", payload}, kinds...)
	return fmt.Sprintf("%s.decode(%s)", x, strings.Join(args, ", "))
}

func (p *plan) writeDecode(w *printer, m *messageType) {
	extra := ""
	if len(m.params) > 0 {
		for range m.params {
			extra += `, ""`
		}
	}
	w.p("func (m *%s) DecodeNetlink(d *nl.Decoder, b []byte) {\n*m = %s{}", m.name, m.name)
	if m.bare {
		w.p("m.Header.decode(d, nl.Bare(d, &m.Extra, b, %d))\n}\n", m.header.spec.Size)
		return
	}
	if m.header != nil {
		w.p("head, b := nl.Head(d, &m.Extra, b, %d)\nm.Header.decode(d, head)", m.header.spec.Size)
	}
	w.p("m.decode(d, b%s)\n}\n", extra)

	var params strings.Builder
	for _, s := range m.params {
		fmt.Fprintf(&params, ", %s string", paramName(s))
	}
	w.p("func (m *%s) decode(d *nl.Decoder, b []byte%s) {", m.name, params.String())
	if m.recursive {
		w.p("if !d.Enter() {\nnl.KeepRest(d, &m.Extra, b)\nreturn\n}\ndefer d.Leave()")
	}
	pads := slices.DeleteFunc(slices.Clone(m.blanks), func(a *ynl.Attr) bool { return a.Type != ynl.Pad })
	if len(m.fields) == 0 {
		w.p("nl.KeepAll(d, &m.Extra, b)\n}\n")
		return
	}
	var late []*field
	for _, f := range m.fields {
		if f.kind == kindSub || f.kind == kindNest && len(f.msg.params) > 0 {
			if f.multi {
				p.problem(f.attr.Pos, "attribute %s: several, each with a selector around it, have no form in Go", f.attr.Name)
				continue
			}
			late = append(late, f)
			w.p("var %s []byte // until its selector is known", lateName(f))
		}
	}
	w.p("for len(b) > 0 {\na, rest, ok := nl.Cut(b)\nif !ok {\nnl.KeepRest(d, &m.Extra, b)\nbreak\n}\nb = rest\nv := a.Data()\nswitch a.Type() {")
	for _, f := range m.fields {
		w.p("case %d:", f.attr.ID)
		if isLate(f) {
			w.p("%s = v", lateName(f))
			continue
		}
		p.writeFieldDecode(w, f)
	}
	for _, a := range pads {
		w.p("case %d: // padding", a.ID)
	}
	w.p("default:\nok = false\n}\nif !ok {\nnl.Keep(d, &m.Extra, a)\n}\n}")
	for _, f := range late {
		w.p("if %s != nil {", lateName(f))
		if f.kind == kindSub {
			w.p("m.%s = decode%s(d, %s, %s)", f.name, f.sub.name, p.selectorText(m, f.attr.Selector), lateName(f))
		} else {
			var kinds []string
			for _, s := range f.msg.params {
				kinds = append(kinds, p.selectorText(m, s))
			}
			w.p("m.%s = nl.New[%s](d, %s)\n%s", f.name, f.msg.name, p.slab(f.msg.name), f.msg.decodeCall("m."+f.name, lateName(f), kinds))
		}
		w.p("}")
	}
	w.p("}\n")
}

func isLate(f *field) bool { return f.kind == kindSub || f.kind == kindNest && len(f.msg.params) > 0 }

func lateName(f *field) string { return "late" + f.name }

// paramName is the variable for a selector's value. No other begins so.
func paramName(selector string) string { return "sel" + goname.Exported(selector) }

// selectorText is the expression for a selector's value as formats name it.
func (p *plan) selectorText(m *messageType, selector string) string {
	for _, f := range m.fields {
		if f.attr.Name != selector {
			continue
		}
		switch {
		case f.multi:
		case f.kind == kindText:
			return "m." + f.name + ".Value()"
		case f.kind == kindInt:
			return "nl.Selector(m." + f.name + ")"
		}
		p.problem(f.attr.Pos, "attribute %s: a selector of type %s has no form in Go", selector, f.attr.Type)
		return `""`
	}
	for _, s := range m.params {
		if s == selector {
			return paramName(s)
		}
	}
	// Nothing around the set has it: the kind is not known, ever.
	return `""`
}

// writeFieldDecode writes what reads one attribute's payload v.
func (p *plan) writeFieldDecode(w *printer, f *field) {
	field := "m." + f.name
	switch {
	case f.multi && f.kind == kindNest:
		w.p("x := nl.New[%s](d, %s)\n%s", f.msg.name, p.slab(f.msg.name), f.msg.decodeCall("x", "v", nil))
		w.p("%s = nl.Add(d, %s, %s, x)", field, p.slab(f.goType), field)
	case f.multi && f.kind == kindStruct:
		w.p("x := nl.New[%s](d, %s)\nif ok = len(v) == %d; ok {\nx.decode(d, v)\n%s = nl.Add(d, %s, %s, x)\n}",
			f.st.name, p.slab(f.st.name), f.st.spec.Size, field, p.slab(f.goType), field)
	case f.multi:
		w.p("var x %s\nif ok = %s; ok {\n%s = nl.Add(d, %s, %s, %s)\n}", f.fieldType(false), p.get(f.value, "&x"), field, p.slab(f.goType), field, f.plain("x"))
	case f.kind == kindStruct:
		w.p("%s = nl.New[%s](d, %s)\n%s.decode(d, nl.Sized(d, &m.Extra, %d, v, %d))", field, f.st.name, p.slab(f.st.name), field, f.attr.ID, f.st.spec.Size)
	case f.kind == kindNest:
		w.p("%s = nl.New[%s](d, %s)\n%s", field, f.msg.name, p.slab(f.msg.name), f.msg.decodeCall(field, "v", nil))
	case f.kind == kindIndexed:
		p.writeIndexedDecode(w, f)
	case f.kind == kindPacked:
		w.p("ok = nl.GetPacked(d, %s, &%s, v, %d, nl.Get%s)", p.slab(f.goType[2:]), field, f.size, f.fn)
	case f.kind == kindTypeValue:
		w.p("%s, ok = decode%s(d, v)", field, f.entry.name)
	default:
		w.p("ok = %s", p.get(f.value, "&"+field))
	}
}

// get is the call that reads a payload v.
func (p *plan) get(v *value, into string) string {
	if v.text {
		return fmt.Sprintf("nl.Get%s(d, %s, v)", v.fn, into)
	}
	return fmt.Sprintf("nl.Get%s(%s, v)", v.fn, into)
}

// plain is the value in a variable x of the field's type.
func (v *value) plain(x string) string {
	if v.opt {
		return x + ".Value()"
	}
	return x
}

func (p *plan) writeIndexedDecode(w *printer, f *field) {
	e := f.elem
	elem := "nl.Indexed[" + e.goType + "]"
	w.p("%s = []%s{}\nfor in := v; len(in) > 0 && ok; {\nvar el wire.Attr\nif el, in, ok = nl.Cut(in); !ok {\nbreak\n}\nv := el.Data()", "m."+f.name, elem)
	x := "x"
	switch e.kind {
	case kindNest:
		w.p("x := nl.New[%s](d, %s)\n%s", e.msg.name, p.slab(e.msg.name), e.msg.decodeCall("x", "v", nil))
	case kindStruct:
		w.p("x := nl.New[%s](d, %s)\nif ok = len(v) == %d; !ok {\nbreak\n}\nx.decode(d, v)", e.st.name, p.slab(e.st.name), e.st.spec.Size)
	default:
		w.p("var x %s\nif ok = %s; !ok {\nbreak\n}", e.fieldType(false), p.get(e, "&x"))
		x = e.plain("x")
	}
	w.p("m.%s = nl.Add(d, %s, m.%s, %s{Index: el.Type(), Value: %s})\n}", f.name, p.slab(elem), f.name, elem, x)
	w.p("if !ok {\nm.%s = nil\n}", f.name)
}

func (p *plan) writeAppend(w *printer, m *messageType) {
	w.p("func (m *%s) AppendNetlink(b *wire.Builder) {", m.name)
	if m.alternative {
		w.p("if m == nil {\nreturn\n}")
	}
	if m.header != nil {
		put := "PutHead"
		if m.bare {
			put = "PutBare"
		}
		w.p("var head [%d]byte\nnl.%s(b, &m.Extra, m.Header.append(head[:0]))", m.header.spec.Size, put)
	}
	kinds := map[string][]*field{} // by selector
	for _, f := range m.fields {
		if f.kind == kindSub {
			kinds[f.attr.Selector] = append(kinds[f.attr.Selector], f)
		}
	}
	for _, f := range m.fields {
		field := "m." + f.name
		if subs := kinds[f.attr.Name]; subs != nil && f.kind == kindText && !f.multi {
			// Whoever gives the message need not say its kind as well.
			w.p("%s := %s", paramName(f.attr.Name), field)
			for _, sub := range subs {
				w.p("if k := kindOf%s(m.%s); k != \"\" && !%s.IsSet() {\n%s.Set(k)\n}", sub.sub.name, sub.name, paramName(f.attr.Name), paramName(f.attr.Name))
			}
			field = paramName(f.attr.Name)
		}
		p.writeFieldAppend(w, f, field)
	}
	w.p("nl.PutExtra(b, &m.Extra)\n}\n")
}

func (p *plan) writeFieldAppend(w *printer, f *field, field string) {
	id := f.attr.ID
	switch {
	case f.kind == kindIndexed:
		w.p("if %s != nil {\nn := b.Nest(%d)\nfor _, x := range %s {", field, id, field)
		p.writeElemAppend(w, f.elem, "x.Index", "x.Value")
		w.p("}\nb.End(n)\n}")
	case f.multi:
		w.p("for _, x := range %s {", field)
		p.writeElemAppend(w, f.value, fmt.Sprint(id), "x")
		w.p("}")
	case f.kind == kindStruct:
		w.p("if %s != nil {\nvar buf [%d]byte\nnl.PutStruct(b, &m.Extra, %d, %s.append(buf[:0]))\n}", field, f.st.spec.Size, id, field)
	case f.kind == kindNest:
		w.p("if %s != nil {\nn := b.Nest(%d)\n%s.AppendNetlink(b)\nb.End(n)\n}", field, id, field)
	case f.kind == kindSub:
		w.p("put%s(b, %d, %s)", f.sub.name, id, field)
	case f.kind == kindPacked:
		w.p("nl.PutPacked(b, %d, %s, nl.Append%s)", id, field, f.putFn())
	case f.kind == kindTypeValue:
		w.p("put%s(b, %d, %s)", f.entry.name, id, field)
	default:
		w.p("nl.Put%s(b, %d, %s)", f.putFn(), id, field)
	}
}

// writeElemAppend writes what appends an element of a list.
func (p *plan) writeElemAppend(w *printer, v *value, typ, x string) {
	switch v.kind {
	case kindNest:
		w.p("n := b.Nest(%s)\n%s.AppendNetlink(b)\nb.End(n)", typ, x)
	case kindStruct:
		w.p("b.Attr(%s, %s.append(nil))", typ, x)
	default:
		if v.opt {
			x = "nl.Some(" + x + ")"
		}
		w.p("nl.Put%s(b, %s, %s)", v.putFn(), typ, x)
	}
}

func (p *plan) writeOwn(w *printer, m *messageType) {
	w.p("func (m *%s) Own() {", m.name)
	for _, f := range m.fields {
		field := "m." + f.name
		switch {
		case f.kind == kindIndexed:
			w.p("%s = slices.Clone(%s)", field, field)
			if f.elem.borrows() {
				w.p("for i := range %s {\n%s[i].Value = %s\n}", field, field, ownExpr(f.elem, field+"[i].Value"))
			}
		case f.kind == kindTypeValue:
			w.p("%s = slices.Clone(%s)\nfor i, x := range %s {\ny := *x\ny.%s.Own()\n%s[i] = &y\n}", field, field, field, f.entry.msg.name, field)
		case f.multi:
			w.p("%s = slices.Clone(%s)", field, field)
			if f.borrows() {
				w.p("for i := range %s {\n%s[i] = %s\n}", field, field, ownExpr(f.value, field+"[i]"))
			}
		case f.borrows():
			w.p("%s = %s", field, ownExpr(f.value, field))
		}
	}
	w.p("nl.OwnExtra(&m.Extra)\n}\n")
	w.p("func (m *%s) Clone() *%s {\nif m == nil {\nreturn nil\n}\nc := *m\nc.Own()\nreturn &c\n}\n", m.name, m.name)
}

func ownExpr(v *value, x string) string {
	switch v.kind {
	case kindBytes, kindPacked:
		return "slices.Clone(" + x + ")"
	case kindStruct:
		return "nl.OwnStruct(" + x + ")"
	case kindNest:
		return x + ".Clone()"
	case kindSub:
		return "own" + v.sub.name + "(" + x + ")"
	}
	return x
}
