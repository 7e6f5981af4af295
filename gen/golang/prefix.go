package golang

// writePrefixes writes the methods that join an address with its length, which
// stand apart on the wire: an attribute dst and a member dst-len of the header.
func (p *plan) writePrefixes(w *printer, m *messageType) {
	if m.header == nil {
		return
	}
	for _, f := range m.fields {
		if f.kind != kindAddr || f.multi {
			continue
		}
		for _, h := range m.header.members {
			if h.spec.Name != f.attr.Name+"-len" || h.kind != kindInt {
				continue
			}
			w.p("// %sPrefix joins %s and the header's %s; the zero Prefix where there is no address.", f.name, f.attr.Name, h.spec.Name)
			w.p("func (m *%s) %sPrefix() netip.Prefix {\nif !m.%s.IsValid() {\nreturn netip.Prefix{}\n}\nreturn netip.PrefixFrom(m.%s, int(m.Header.%s))\n}\n", m.name, f.name, f.name, f.name, h.name)
			w.p("// Set%sPrefix sets %s and the header's %s. A prefix of length 0 sets no address, as the kernel has it.", f.name, f.attr.Name, h.spec.Name)
			w.p("func (m *%s) Set%sPrefix(p netip.Prefix) {\nm.%s, m.Header.%s = p.Addr(), %s(max(p.Bits(), 0))\nif p.Bits() <= 0 {\nm.%s = netip.Addr{}\n}\n}\n", m.name, f.name, f.name, h.name, h.goType, f.name)
		}
	}
}
