package golang

import (
	"fmt"

	"github.com/nlkit/nlkit/gen/goname"
	"github.com/nlkit/nlkit/ynl"
)

// structType is a C struct: a fixed header, or what an attribute holds.
type structType struct {
	spec    *ynl.Struct
	name    string
	members []*member
}

type member struct {
	spec   *ynl.Member
	name   string
	goType string
	kind   valueKind
	tag    string // without the padding
	pad    int    // bytes of padding behind it
	nested *structType
}

// structure returns the type of a struct.
func (p *plan) structure(s *ynl.Struct) *structType {
	if t := p.structOf[s]; t != nil {
		return t
	}
	t := &structType{spec: s}
	p.structOf[s] = t
	name := p.trim(s.Name)
	t.name = p.claim(s.Pos, goname.Exported(name), goname.Exported(name)+"Struct")
	p.structs = append(p.structs, t)
	taken := map[string]bool{}
	for _, m := range s.Members {
		if m.Type == ynl.Pad {
			t.addPad(m)
			continue
		}
		f := &member{spec: m, name: unique(taken, goname.Member(s.Name, m.Name))}
		f.tag = fmt.Sprintf(",%s,%s", m.Name, memberTag(m))
		switch {
		case m.Struct != nil:
			f.kind, f.nested = kindStruct, p.structure(m.Struct)
			f.goType = f.nested.name
		case m.Type.Size() > 0:
			f.kind = kindInt
			f.goType = p.intType(m.Enum, m.IsBits(), m.Size, m.Type.IsSigned())
			if isAddrInt(m.Hint, m.Enum, m.Size, m.Type.IsSigned()) {
				f.kind, f.goType = kindAddrInt, "netip.Addr"
			}
		case m.Type == ynl.String:
			f.kind, f.goType = kindText, "string"
		case isMAC(m.Hint) && m.Size <= 32:
			f.kind, f.goType = kindHardwareAddr, "nl.HardwareAddr"
		case isIP(m.Hint) && (m.Size == 4 || m.Size == 16):
			f.kind, f.goType = kindAddr, "netip.Addr"
		case m.Hint == ynl.HintUUID && m.Size == 16:
			f.kind, f.goType = kindUUID, "nl.UUID"
		case m.Type == ynl.Binary:
			f.kind, f.goType = kindBytes, fmt.Sprintf("[%d]byte", m.Size)
		default:
			p.problem(m.Pos, "struct %s: a member of type %s has no form in Go", s.Name, m.Type)
			continue
		}
		t.members = append(t.members, f)
	}
	return t
}

// addPad adds padding, of which the tag of the member in front of it tells.
func (t *structType) addPad(m *ynl.Member) {
	f := &member{spec: m, kind: kindPad}
	if len(t.members) == 0 {
		f.name, f.goType = "_", fmt.Sprintf("[%d]byte", m.Size)
	}
	for i := len(t.members) - 1; i >= 0; i-- {
		if before := t.members[i]; before.kind != kindPad {
			before.pad += m.Size
			break
		}
	}
	t.members = append(t.members, f)
}

// memberTag is what the tag says behind a member's name.
func memberTag(m *ynl.Member) string {
	tag := tagType(m.Type, m.ByteOrder)
	if m.Struct != nil {
		tag = "struct"
	}
	tag += hintTag(m.Hint)
	switch {
	case m.Type == ynl.String, isMAC(m.Hint), isIP(m.Hint) && m.Type == ynl.Binary:
		// Go's type does not tell how long it is.
		tag += fmt.Sprintf(",len=%d", m.Size)
	}
	return tag
}

// tagType is a type in a tag, with the byte order that a number has.
func tagType(t ynl.Type, o ynl.ByteOrder) string {
	if !t.IsInt() {
		return t.String()
	}
	return t.String() + orderSuffix(o)
}

func orderSuffix(o ynl.ByteOrder) string {
	switch o {
	case ynl.BigEndian:
		return "be"
	case ynl.LittleEndian:
		return "le"
	}
	return ""
}

func hintTag(h ynl.Hint) string {
	if h == ynl.NoHint {
		return ""
	}
	return "," + h.String()
}

func isMAC(h ynl.Hint) bool { return h == ynl.HintMAC || h == ynl.HintFDDI }

func isIP(h ynl.Hint) bool { return h == ynl.HintIPv4 || h == ynl.HintIPv6 || h == ynl.HintIP }

// isAddrInt reports whether an integer is an IPv4 address to people.
func isAddrInt(h ynl.Hint, e *ynl.Enum, size int, signed bool) bool {
	return (h == ynl.HintIPv4 || h == ynl.HintIP) && e == nil && size == 4 && !signed
}

// unique makes a name that is not taken yet.
func unique(taken map[string]bool, name string) string {
	for taken[name] {
		name += "_"
	}
	taken[name] = true
	return name
}

// intType is the Go type of a number.
func (p *plan) intType(e *ynl.Enum, bits bool, size int, signed bool) string {
	if t := p.enumOf[enumKey{e, bits}]; e != nil && t != nil {
		return t.name
	}
	return intType(size, signed)
}

func (p *plan) writeStructs(w *printer) {
	for _, t := range p.structs {
		w.p("// %s is the struct %s, %d bytes.", t.name, t.spec.Name, t.spec.Size)
		w.paragraph(t.spec.Doc)
		w.p("type %s struct {", t.name)
		for _, f := range t.members {
			switch {
			case f.name == "":
			case f.kind == kindPad:
				w.p("%s %s", f.name, f.goType)
			case f.pad > 0:
				w.p("%s %s `nl:\"%s,pad=%d\"`%s", f.name, f.goType, f.tag, f.pad, memberDoc(f))
			default:
				w.p("%s %s `nl:\"%s\"`%s", f.name, f.goType, f.tag, memberDoc(f))
			}
		}
		w.p("}\n")
		// Unused parameters keep one shape for all.
		w.p("func (s *%s) decode(d *nl.Decoder, b []byte) {", t.name)
		if t.spec.Size > 0 {
			w.p("_ = b[%d]", t.spec.Size-1)
		}
		for _, f := range t.members {
			p.writeMemberDecode(w, f)
		}
		w.p("}\n")
		w.p("func (s *%s) append(b []byte) []byte {", t.name)
		for _, f := range t.members {
			p.writeMemberAppend(w, f)
		}
		w.p("return b\n}\n")
	}
}

func memberDoc(f *member) string {
	if f.spec.ByteOrder == ynl.BigEndian {
		return " // network byte order on the wire"
	}
	return ""
}

func order(o ynl.ByteOrder) string {
	switch o {
	case ynl.BigEndian:
		return "binary.BigEndian"
	case ynl.LittleEndian:
		return "binary.LittleEndian"
	}
	return "binary.NativeEndian"
}

func (p *plan) writeMemberDecode(w *printer, f *member) {
	o, n := f.spec.Offset, f.spec.Size
	field := "s." + f.name
	switch f.kind {
	case kindInt:
		read := fmt.Sprintf("b[%d]", o)
		if n > 1 {
			read = fmt.Sprintf("%s.Uint%d(b[%d:])", order(f.spec.ByteOrder), 8*n, o)
		}
		if f.spec.Type.IsSigned() {
			read = fmt.Sprintf("int%d(%s)", 8*n, read)
		}
		if f.goType != fmt.Sprintf("uint%d", 8*n) && (!f.spec.Type.IsSigned() || f.goType != fmt.Sprintf("int%d", 8*n)) {
			read = f.goType + "(" + read + ")"
		}
		w.p("%s = %s", field, read)
	case kindAddrInt:
		w.p("%s = nl.AddrFromUint32(%s.Uint32(b[%d:]))", field, order(f.spec.ByteOrder), o)
	case kindAddr:
		w.p("%s = netip.AddrFrom%s([%d]byte(b[%d:]))", field, map[int]string{4: "4", 16: "16"}[n], n, o)
	case kindText:
		w.p("%s = d.FixedText(b[%d:%d])", field, o, o+n)
	case kindHardwareAddr:
		w.p("%s = nl.HardwareAddrFrom(b[%d:%d])", field, o, o+n)
	case kindUUID:
		w.p("%s = nl.UUID(b[%d:%d])", field, o, o+n)
	case kindBytes:
		w.p("%s = [%d]byte(b[%d:%d])", field, n, o, o+n)
	case kindStruct:
		w.p("%s.decode(d, b[%d:%d])", field, o, o+n)
	}
}

func (p *plan) writeMemberAppend(w *printer, f *member) {
	n := f.spec.Size
	field := "s." + f.name
	switch f.kind {
	case kindInt:
		switch {
		case n == 1:
			w.p("b = append(b, %s)", convert(f.goType, "uint8", field))
		default:
			w.p("b = %s.AppendUint%d(b, %s)", order(f.spec.ByteOrder), 8*n, convert(f.goType, fmt.Sprintf("uint%d", 8*n), field))
		}
	case kindAddrInt:
		w.p("b = %s.AppendUint32(b, nl.AddrUint32(%s))", order(f.spec.ByteOrder), field)
	case kindAddr:
		w.p("b = nl.AppendAddr(b, %s, %d)", field, n)
	case kindText:
		w.p("b = nl.AppendFixed(b, %s, %d)", field, n)
	case kindHardwareAddr:
		w.p("b = nl.AppendHardwareAddr(b, %s, %d)", field, n)
	case kindUUID, kindBytes:
		w.p("b = append(b, %s[:]...)", field)
	case kindStruct:
		w.p("b = %s.append(b)", field)
	case kindPad:
		w.p("b = nl.AppendZeros(b, %d)", n)
	}
}

func convert(from, to, expr string) string {
	if from == to {
		return expr
	}
	return to + "(" + expr + ")"
}
