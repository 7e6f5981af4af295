package golang

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/gen/goname"
	"github.com/nlkit/nlkit/ynl"
)

// subType is a sub-message: an interface of the types it can be.
type subType struct {
	spec *ynl.SubMessage
	name string
	alts []*alternative // those with a struct
}

// alternative is one type a sub-message can be.
type alternative struct {
	msg    *messageType
	values []string // of the selector that choose it
}

// subMessage returns the type of a sub-message.
func (p *plan) subMessage(s *ynl.SubMessage) *subType {
	if t := p.subOf[s]; t != nil {
		return t
	}
	t := &subType{spec: s}
	p.subOf[s] = t
	p.subs = append(p.subs, t)
	own := goname.SubMessage(p.trim(s.Name))
	t.name = p.claim(s.Pos, own, own+"Data")
	for _, f := range s.Formats {
		if f.Set == nil && f.Header == nil {
			continue
		}
		if f.Set != nil && len(p.params(f.Set)) > 0 {
			p.problem(f.Pos, "format %s of sub-message %s: a selector from around it has no form in Go", f.Value, s.Name)
			continue
		}
		m := p.message(f.Set, f.Header, p.formatNames(t, f)...)
		m.bare = f.Set == nil
		m.alternative = true
		if i := t.find(m); i >= 0 {
			t.alts[i].values = append(t.alts[i].values, f.Value)
			continue
		}
		t.alts = append(t.alts, &alternative{msg: m, values: []string{f.Value}})
	}
	return t
}

// formatNames are the names for a format that is a struct alone, the best first:
// what the sub-message is called says nothing where that is "options".
func (p *plan) formatNames(t *subType, f *ynl.Format) []string {
	long := t.name + goname.Exported(f.Value)
	if t.name != "Options" || f.Header == nil {
		return []string{long}
	}
	shared := 0
	for _, other := range t.spec.Formats {
		if other.Set == nil && other.Header == f.Header {
			shared++
		}
	}
	if shared > 1 {
		return []string{goname.Exported(strings.TrimSuffix(p.trim(f.Header.Name), "-qopt")), long}
	}
	return []string{goname.Exported(f.Value), long}
}

func (t *subType) find(m *messageType) int {
	for i, a := range t.alts {
		if a.msg == m {
			return i
		}
	}
	return -1
}

// entryType is the element of a nest-type-value: the numbers on the way, and the
// attributes at its end.
type entryType struct {
	name string
	attr *ynl.Attr
	msg  *messageType
	vals []string // fields of the values
}

func (p *plan) entry(set *ynl.AttrSet, a *ynl.Attr) *entryType {
	e := &entryType{attr: a}
	if a.Nested == nil || len(a.TypeValue) == 0 {
		p.problem(a.Pos, "attribute %s: a nest-type-value without attributes or values has no form in Go", a.Name)
		return e
	}
	e.msg = p.message(a.Nested, nil)
	e.name = p.claim(a.Pos, goname.Exported(a.Name)+"Entry", p.setName(set)+goname.Exported(a.Name)+"Entry")
	for _, v := range a.TypeValue {
		e.vals = append(e.vals, goname.Exported(v))
	}
	p.entries = append(p.entries, e)
	return e
}

func (p *plan) writeSubMessages(w *printer) {
	if len(p.subs) > 0 {
		w.p("// Raw is a sub-message of a kind the spec does not know: its bytes.\ntype Raw struct {\n\tBytes []byte `nl:\"raw\"`\n}\n")
		w.p("// Empty is a sub-message of a kind that holds nothing.\ntype Empty struct{}\n")
		w.p("// AppendNetlink appends the bytes.\nfunc (r *Raw) AppendNetlink(b *wire.Builder) { b.Verbatim(r.Bytes) }\n")
		w.p("// AppendNetlink appends nothing.\nfunc (*Empty) AppendNetlink(*wire.Builder) {}\n")
	}
	for _, t := range p.subs {
		p.writeSubMessage(w, t)
	}
	for _, e := range p.entries {
		p.writeEntry(w, e)
	}
}

func (p *plan) writeSubMessage(w *printer, t *subType) {
	marker := "is" + t.name
	w.p("// %s is the sub-message %s: what it holds depends on the value of an attribute beside it.", t.name, t.spec.Name)
	w.p("//\n//\tvalue: type")
	var empty []string // values of kinds that hold nothing
	for _, f := range t.spec.Formats {
		switch {
		case f.Set == nil && f.Header == nil:
			empty = append(empty, f.Value)
			w.p("//\t%s: *Empty", f.Value)
		default:
			w.p("//\t%s: *%s", f.Value, p.messageOf[messageKey{f.Set, f.Header}].name)
		}
	}
	w.p("//\totherwise: *Raw")
	w.p("type %s interface {\n%s()\n// AppendNetlink appends what it holds.\nAppendNetlink(b *wire.Builder)\n}\n", t.name, marker)
	for _, a := range t.alts {
		w.p("func (*%s) %s() {}", a.msg.name, marker)
	}
	w.p("func (*Raw) %s() {}\nfunc (*Empty) %s() {}\n", marker, marker)

	w.p("func decode%s(d *nl.Decoder, kind string, b []byte) %s {\nswitch kind {", t.name, t.name)
	for _, a := range t.alts {
		w.p("case %s:", quoted(a.values))
		w.p("x := nl.New[%s](d, %s)", a.msg.name, p.slab(a.msg.name))
		w.p("%s\nreturn x", a.msg.decodeCall("x", "b", nil))
	}
	if len(empty) > 0 {
		w.p("case %s:\nif len(b) == 0 {\nreturn &Empty{}\n}", quoted(empty))
	}
	w.p("}\nx := nl.New[Raw](d, %s)\nnl.GetBytes(d, &x.Bytes, b)\nreturn x\n}\n", p.slab("Raw"))

	w.p("func put%s(b *wire.Builder, typ uint16, v %s) {\nswitch v := v.(type) {\ncase nil:", t.name, t.name)
	bare := []string{"*Raw", "*Empty"}
	for _, a := range t.alts {
		if a.msg.set == nil {
			bare = append(bare, "*"+a.msg.name)
		}
	}
	w.p("case %s:\n// No attributes, so no mark of a nest.\nn := b.NestPlain(typ)\nv.AppendNetlink(b)\nb.End(n)", strings.Join(bare, ", "))
	w.p("default:\nn := b.Nest(typ)\nv.AppendNetlink(b)\nb.End(n)\n}\n}\n")

	w.p("// kindOf%s is the selector's value for v, if only one chooses its type.", t.name)
	w.p("func kindOf%s(v %s) string {\nswitch v.(type) {", t.name, t.name)
	for _, a := range t.alts {
		if len(a.values) == 1 {
			w.p("case *%s:\nreturn %q", a.msg.name, a.values[0])
		}
	}
	w.p("}\nreturn \"\"\n}\n")

	w.p("// typeOf%s is a nil pointer of the type that a selector's value chooses; nil if it is none.", t.name)
	w.p("func typeOf%s(kind string) any {\nswitch kind {", t.name)
	for _, a := range t.alts {
		w.p("case %s:\nreturn (*%s)(nil)", quoted(a.values), a.msg.name)
	}
	if len(empty) > 0 {
		w.p("case %s:\nreturn (*Empty)(nil)", quoted(empty))
	}
	w.p("}\nreturn nil\n}\n")

	w.p("func own%s(v %s) %s {\nswitch v := v.(type) {", t.name, t.name, t.name)
	w.p("case *Raw:\nreturn &Raw{Bytes: slices.Clone(v.Bytes)}")
	for _, a := range t.alts {
		w.p("case *%s:\nreturn v.Clone()", a.msg.name)
	}
	w.p("}\nreturn v\n}\n")

	if p.subChecked(t) {
		w.p("func check%s(v %s) error {\nswitch v := v.(type) {", t.name, t.name)
		for _, a := range t.alts {
			if p.checked(a.msg) {
				w.p("case *%s:\nreturn v.Check()", a.msg.name)
			}
		}
		w.p("}\nreturn nil\n}\n")
	}
}

// hasSubs reports whether a message has sub-messages of several types.
func (m *messageType) hasSubs() bool {
	return slices.ContainsFunc(m.fields, func(f *field) bool { return f.kind == kindSub })
}

// writeSubTypes writes the method by which package nl finds sub-messages' types.
func (p *plan) writeSubTypes(w *printer, m *messageType) {
	if !m.hasSubs() {
		return
	}
	w.p("// SubMessage is a nil pointer of the type that a sub-message has by its selector's value; nil where there is none.")
	w.p("func (*%s) SubMessage(number uint16, selector string) any {\nswitch number {", m.name)
	for _, f := range m.fields {
		if f.kind == kindSub {
			w.p("case %d:\nreturn typeOf%s(selector)", f.attr.ID, f.sub.name)
		}
	}
	w.p("}\nreturn nil\n}\n")
}

func quoted(values []string) string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = fmt.Sprintf("%q", v)
	}
	return strings.Join(list, ", ")
}

func (p *plan) writeEntry(w *printer, e *entryType) {
	w.p("// %s is an element of %s: attributes in nests whose types are values.", e.name, e.attr.Name)
	w.p("type %s struct {", e.name)
	for i, v := range e.vals {
		w.p("%s uint16 `nl:\"type-value,%s\"`", v, e.attr.TypeValue[i])
	}
	w.p("%s\n}\n", e.msg.name)
	w.p("func decode%s(d *nl.Decoder, b []byte) (list []*%s, ok bool) {", e.name, e.name)
	w.p("list = []*%s{}", e.name)
	for i := range e.vals {
		w.p("for len(b%s) > 0 {\na%d, rest, ok := nl.Cut(b%s)\nif !ok {\nreturn nil, false\n}\nb%s = rest\nb%d := a%d.Data()", level(i), i, level(i), level(i), i, i)
	}
	last := len(e.vals) - 1
	w.p("x := nl.New[%s](d, %s)", e.name, p.slab(e.name))
	for i, v := range e.vals {
		w.p("x.%s = a%d.Type()", v, i)
	}
	w.p("x.%s.decode(d, b%d)", e.msg.name, last)
	w.p("list = nl.Add(d, %s, list, x)", p.slab("*"+e.name))
	for range e.vals {
		w.p("}")
	}
	w.p("return list, true\n}\n")
	w.p("func put%s(b *wire.Builder, typ uint16, list []*%s) {\nif list == nil {\nreturn\n}\nouter := b.Nest(typ)\nfor _, x := range list {", e.name, e.name)
	for i, v := range e.vals {
		w.p("n%d := b.Nest(x.%s)", i, v)
	}
	w.p("x.%s.AppendNetlink(b)", e.msg.name)
	for i := range e.vals {
		w.p("b.End(n%d)", last-i)
	}
	w.p("}\nb.End(outer)\n}\n")
}

// level is the suffix of the variable that holds the bytes around a level.
func level(i int) string {
	if i == 0 {
		return ""
	}
	return fmt.Sprint(i - 1)
}
