package kmod

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/ynl"
)

// uapiPath is the uapi header's path below uapi/.
func (p *plan) uapiPath() string {
	if h := p.spec.C.UAPIHeader; h != "linux/"+strings.ReplaceAll(p.spec.Name, "-", "_")+".h" {
		return h
	}
	return "linux/" + p.fam + ".h"
}

// constant is a name of the uapi header with its number.
type constant struct {
	name  string
	value uint64
	doc   string
	pos   ynl.Pos
}

// writeUAPI writes the header that user space has too.
func (p *plan) writeUAPI(w *printer) {
	w.p("/* SPDX-License-Identifier: ((GPL-2.0-only WITH Linux-syscall-note) OR MIT) */")
	w.p("/* Made by nlkit gen kmod from %s. Do not edit. */", p.source)
	guard := "NLKIT_UAPI_" + strings.Map(func(r rune) rune {
		if r == '/' || r == '.' || r == '-' {
			return '_'
		}
		return r
	}, strings.ToUpper(p.uapiPath()))
	w.p("#ifndef %s\n#define %s\n", guard, guard)
	headers := p.foreignHeaders(false)
	if len(p.spec.Structs) > 0 {
		headers = append([]string{"linux/types.h"}, headers...)
	}
	for _, h := range headers {
		w.p("#include <%s>", h)
	}
	if len(headers) > 0 {
		w.p("")
	}
	w.p("#define %s\t\"%s\"", p.familyName(), p.spec.Name)
	w.p("#define %s\t%d\n", p.familyVersion(), p.spec.Version)
	p.writeConsts(w, func(scope string) bool { return scope != "kernel" })
	for _, e := range p.spec.Enums {
		if e.Header == "" && e.Scope != "kernel" {
			p.writeEnum(w, e)
		}
	}
	for _, s := range p.spec.Structs {
		if s.Header == "" && s.Scope != "kernel" {
			p.writeStruct(w, s, "__")
		}
	}
	for _, s := range p.spec.Sets {
		if s.Parent == nil && s.Header == "" {
			p.writeSetEnum(w, s)
		}
	}
	p.writeOpEnums(w)
	for _, g := range p.spec.Groups {
		w.p("#define %s\t\"%s\"", p.groupConst(g), g.Name)
	}
	if len(p.spec.Groups) > 0 {
		w.p("")
	}
	w.p("#endif")
}

// foreignHeaders are the headers of the kernel that have what the spec says others
// define: those that user space has too, or those that only modules have.
func (p *plan) foreignHeaders(kernel bool) []string {
	var list []string
	add := func(h, scope string) {
		if h != "" && h != p.spec.C.UAPIHeader && (scope == "kernel") == kernel && !slices.Contains(list, h) {
			list = append(list, h)
		}
	}
	for _, c := range p.spec.Consts {
		add(c.Header, c.Scope)
	}
	for _, e := range p.spec.Enums {
		add(e.Header, e.Scope)
	}
	for _, s := range p.spec.Structs {
		add(s.Header, s.Scope)
	}
	for _, s := range p.spec.Sets {
		add(s.Header, "")
	}
	slices.Sort(list)
	return list
}

// writeConsts writes the constants of some scopes.
func (p *plan) writeConsts(w *printer, scope func(string) bool) {
	n := 0
	for _, c := range p.spec.Consts {
		if c.Header != "" || !scope(c.Scope) {
			continue
		}
		n++
		if c.IsInt {
			w.p("#define %s\t%s", p.constName(c), constNumber(c))
		} else {
			w.p("#define %s\t\"%s\"", p.constName(c), quoted(c.Text))
		}
	}
	if n > 0 {
		w.p("")
	}
}

// constNumber is a constant's value as C writes it. A negative one is in
// parentheses, as a macro has to be.
func constNumber(c *ynl.Const) string {
	l := ynl.Limit{Set: true, Known: true, Abs: uint64(c.Value)}
	if c.Value < 0 {
		l.Neg, l.Abs = true, -uint64(c.Value)
	}
	switch text := number(l); {
	case text == "S64_MIN":
		return "(-9223372036854775807LL - 1)"
	case text == "S32_MIN":
		return "(-2147483647 - 1)"
	case l.Neg:
		return "(" + text + ")"
	default:
		return text
	}
}

// quoted is what stands between the quotes of a C string.
func quoted(text string) string {
	var b strings.Builder
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, "\\%03o", c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func (p *plan) writeEnum(w *printer, e *ynl.Enum) {
	if len(e.Entries) == 0 {
		return
	}
	w.comment(0, e.Doc)
	head := "enum {"
	if tag := p.enumTag(e); tag != "" {
		head = "enum " + tag + " {"
	}
	w.p("%s", head)
	next := uint64(0)
	for _, n := range e.Entries {
		w.comment(1, n.Doc)
		switch {
		case e.IsFlags:
			w.p("\t%s = %s,", p.entryConst(e, n), bitText(n.Bit()))
		case n.Value != next:
			w.p("\t%s = %s,", p.entryConst(e, n), signedText(n.Value))
		default:
			w.p("\t%s,", p.entryConst(e, n))
		}
		next = n.Value + 1
	}
	if e.RenderMax {
		w.p("")
		if e.IsFlags {
			w.p("\t%sMASK = %s,", p.enumPrefix(e), bitText(e.Mask()))
		} else {
			count := "__" + p.enumPrefix(e) + "MAX"
			if e.EnumCntName != "" {
				count = upper(e.EnumCntName)
			}
			w.p("\t%s,\n\t%sMAX = (%s - 1)", count, p.enumPrefix(e), count)
		}
	}
	w.p("};\n")
}

func bitText(v uint64) string {
	if v>>31 != 0 {
		return fmt.Sprintf("%dULL", v)
	}
	return fmt.Sprint(v)
}

func signedText(v uint64) string {
	if int64(v) < 0 {
		return fmt.Sprint(int64(v))
	}
	return fmt.Sprint(v)
}

// memberType is the type of a struct's member, and what stands behind its name.
func (p *plan) memberType(m *ynl.Member, under string) (typ, array string) {
	n := m.Type.Size()
	switch {
	case m.Struct != nil:
		return "struct " + p.structTag(m.Struct), ""
	case m.Type == ynl.String:
		return "char", fmt.Sprintf("[%d]", m.Size)
	case n == 0:
		return under + "u8", fmt.Sprintf("[%d]", m.Size)
	case n > 1 && m.ByteOrder == ynl.BigEndian:
		return fmt.Sprintf("__be%d", 8*n), ""
	case n > 1 && m.ByteOrder == ynl.LittleEndian:
		return fmt.Sprintf("__le%d", 8*n), ""
	case m.Type.IsSigned():
		return fmt.Sprintf("%ss%d", under, 8*n), ""
	}
	return fmt.Sprintf("%su%d", under, 8*n), ""
}

// writeStruct writes a struct that has the bytes the spec says. Where C would put
// space between or behind the members, it is told not to.
func (p *plan) writeStruct(w *printer, s *ynl.Struct, under string) {
	w.comment(0, s.Doc)
	w.p("struct %s {", p.structTag(s))
	seen := map[string]int{}
	for _, m := range s.Members {
		typ, array := p.memberType(m, under)
		name := structMember(m.Name)
		if seen[name]++; seen[name] > 1 {
			name = fmt.Sprintf("%s%d", name, seen[name]) // padding, of which there may be several
		}
		tail := ""
		if doc := plain(m.Doc); doc != "" {
			if len(doc) < 50 {
				tail = " /* " + doc + " */"
			} else {
				w.comment(1, m.Doc)
			}
		}
		w.p("\t%s %s%s;%s", typ, name, array, tail)
	}
	if _, natural := layout(s); natural {
		w.p("};\n")
	} else {
		w.p("} __attribute__((packed));\n")
	}
}

// structMember is the name of a struct's member. Those of structs that programs
// include are spelled as the spec does.
func structMember(name string) string {
	n := strings.ReplaceAll(name, "-", "_")
	if isReserved(n) && n != "attrs" && n != "has" && n != "hdr" {
		return n + "_"
	}
	if n != "" && n[0] >= '0' && n[0] <= '9' {
		return "_" + n
	}
	return n
}

// layout is a struct's alignment in C, and whether C lays it out as the spec does.
func layout(s *ynl.Struct) (align int, natural bool) {
	align, natural = 1, true
	for _, m := range s.Members {
		a := 1
		switch {
		case m.Struct != nil:
			var ok bool
			a, ok = layout(m.Struct)
			natural = natural && ok
		case m.Type.Size() > 0:
			a = m.Type.Size()
		}
		natural = natural && m.Offset%a == 0
		align = max(align, a)
	}
	return align, natural && s.Size%align == 0
}

func (p *plan) writeSetEnum(w *printer, s *ynl.AttrSet) {
	w.comment(0, s.Doc)
	if s.CName != "" {
		w.p("enum %s {", ident(s.CName))
	} else {
		w.p("enum {")
	}
	next := 0
	for _, a := range s.Attrs {
		w.comment(1, a.Doc)
		if int(a.ID) != next {
			w.p("\t%s = %d,", p.attrConst(a), a.ID)
		} else {
			w.p("\t%s,", p.attrConst(a))
		}
		next = int(a.ID) + 1
	}
	if len(s.Attrs) > 0 {
		w.p("")
	}
	highest, count := p.setMax(s)
	p.writeMax(w, highest, count)
}

// writeMax ends an enum with the largest number.
func (p *plan) writeMax(w *printer, highest, count string) {
	if p.spec.C.MaxByDefine {
		w.p("\t%s\n};\n\n#define %s\t(%s - 1)\n", count, highest, count)
		return
	}
	w.p("\t%s,\n\t%s = (%s - 1)\n};\n", count, highest, count)
}

// opNumbers are the constants of operations: of all, or of what is asked for and
// of what is answered and sent.
func (p *plan) opNumbers() (requests, answers []constant) {
	for _, op := range p.spec.Ops {
		c := constant{p.opConst(op), uint64(op.ID), op.Doc, op.Pos}
		async := op.IsAsync()
		switch {
		case !p.spec.Directional && async && p.spec.C.AsyncOpPrefix != "":
			answers = append(answers, c)
		case !p.spec.Directional:
			requests = append(requests, c)
		case async:
			answers = append(answers, c)
		default:
			for _, m := range []*ynl.Mode{op.Do, op.Dump} {
				if m == nil {
					continue
				}
				requests = addConstant(requests, constant{p.requestConst(op, m), uint64(m.RequestID), op.Doc, op.Pos})
				if m.Reply != nil {
					answers = addConstant(answers, constant{p.replyConst(op, m), uint64(m.ReplyID), "", op.Pos})
				}
			}
		}
	}
	return requests, answers
}

func addConstant(list []constant, c constant) []constant {
	if slices.ContainsFunc(list, func(x constant) bool { return x.name == c.name }) {
		return list
	}
	return append(list, c)
}

// writeOpEnums writes the numbers of operations.
func (p *plan) writeOpEnums(w *printer) {
	requests, answers := p.opNumbers()
	tag := func(name string) string {
		if name != "" {
			return "enum " + ident(name) + " {"
		}
		return "enum {"
	}
	w.p("%s", tag(p.spec.C.OpEnum))
	if p.spec.Directional {
		prefix := p.opPrefix(false)
		p.writeOps(w, requests, prefix+"USER_NONE", prefix+"USER_MAX", "__"+prefix+"USER_CNT")
		w.p("enum {")
		p.writeOps(w, answers, prefix+"KERNEL_NONE", prefix+"KERNEL_MAX", "__"+prefix+"KERNEL_CNT")
		return
	}
	prefix := p.opPrefix(false)
	highest, count := prefix+"MAX", "__"+prefix+"MAX"
	if p.spec.C.CmdMaxName != "" {
		highest = upper(p.spec.C.CmdMaxName)
	}
	if p.spec.C.CmdCntName != "" {
		count = upper(p.spec.C.CmdCntName)
	}
	p.writeOps(w, requests, "", highest, count)
	if len(answers) > 0 {
		w.p("%s", tag(p.spec.C.AsyncOpEnum))
		prefix := p.opPrefix(true)
		p.writeOps(w, answers, "", prefix+"MAX", "__"+prefix+"MAX")
	}
}

func (p *plan) writeOps(w *printer, list []constant, none, highest, count string) {
	next := uint64(0)
	if none != "" {
		w.p("\t%s,", none)
		next = 1
	}
	for _, c := range list {
		w.comment(1, c.doc)
		if c.value != next {
			w.p("\t%s = %d,", c.name, c.value)
		} else {
			w.p("\t%s,", c.name)
		}
		next = c.value + 1
	}
	w.p("")
	p.writeMax(w, highest, count)
}
