package golang

import "fmt"

// prefix is an address and the header's member with its length, which stand apart
// on the wire: the attribute dst and dst-len.
type prefix struct {
	addr   *field
	length *member
	family *member // that says what an address that is not there would be; may be nil
}

func (p *plan) prefixes(m *messageType) []prefix {
	if m.header == nil {
		return nil
	}
	var family *member
	for _, h := range m.header.members {
		if h.name == "Family" && h.kind == kindInt {
			family = h
		}
	}
	var list []prefix
	for _, f := range m.fields {
		if f.kind != kindAddr || f.multi {
			continue
		}
		for _, h := range m.header.members {
			own := h.name == f.name+"Len"
			shared := h.name == "PrefixLen" && (f.name == "Address" || f.name == "Local")
			if h.kind == kindInt && (own || shared) {
				list = append(list, prefix{f, h, family})
			}
		}
	}
	return list
}

// writePrefixes writes the methods that join an address with its length.
func (p *plan) writePrefixes(w *printer, m *messageType) {
	for _, x := range p.prefixes(m) {
		f, h := x.addr, x.length
		w.p("// %sPrefix joins %s and the header's %s. Where there is no address and no bit, it is", f.name, f.attr.Name, h.spec.Name)
		w.p("// the prefix of all addresses of the header's family; else the zero Prefix.")
		w.p("func (m *%s) %sPrefix() netip.Prefix {", m.name, f.name)
		family := "nl.AFUnspec"
		if x.family != nil {
			family = "m.Header." + x.family.name
		}
		w.p("return nl.JoinPrefix(%s, m.%s, int(m.Header.%s))\n}\n", fmt.Sprintf("uint8(%s)", family), f.name, h.name)
		w.p("// Set%sPrefix sets %s, the header's %s and its family. Of a prefix of no bits no address is sent.", f.name, f.attr.Name, h.spec.Name)
		w.p("func (m *%s) Set%sPrefix(p netip.Prefix) {", m.name, f.name)
		w.p("family, addr, bits := nl.SplitPrefix(p)\nm.%s, m.Header.%s = addr, %s", f.name, h.name, convert("uint8", h.goType, "bits"))
		if x.family != nil {
			w.p("m.Header.%s = %s", x.family.name, convert("uint8", x.family.goType, "family"))
		} else {
			w.p("_ = family")
		}
		w.p("}\n")
	}
}

// writePrefixDelegates writes them for a type that is another's.
func (p *plan) writePrefixDelegates(w *printer, name string, base *messageType) {
	for _, x := range p.prefixes(base) {
		w.p("// %sPrefix is that of [%s].", x.addr.name, base.name)
		w.p("func (m *%s) %sPrefix() netip.Prefix { return (*%s)(m).%sPrefix() }\n", name, x.addr.name, base.name, x.addr.name)
		w.p("// Set%sPrefix is that of [%s].", x.addr.name, base.name)
		w.p("func (m *%s) Set%sPrefix(p netip.Prefix) { (*%s)(m).Set%sPrefix(p) }\n", name, x.addr.name, base.name, x.addr.name)
	}
}
