package uapi

// enum reads an enum and the values of its entries.
func (p *parser) enum() *ctype {
	p.i++
	p.attributes()
	if p.peek().kind == kIdent {
		p.i++
	}
	t := &ctype{kind: integer, size: 4}
	if !p.take("{") {
		return t
	}
	next, known := Number{Size: 4}, true
	for !p.end() && !p.take("}") {
		name := p.next()
		if name.kind != kIdent {
			continue
		}
		p.attributes()
		if p.take("=") {
			next, known = p.expression(0)
			if !known || !p.peek().is(",") && !p.peek().is("}") {
				known = false
				p.toComma()
			}
		}
		if _, again := p.u.numbers[name.text]; known && !again {
			n := next
			n.Place = name.at
			p.u.numbers[name.text] = n
		}
		next = next.successor()
		p.take(",")
	}
	p.attributes()
	return t
}

// successor is the value of the entry that follows, whose type is larger where
// it has to be.
func (n Number) successor() Number {
	n.Value++
	if n.Size == 4 && n.Unsigned && n.Value>>32 != 0 {
		n.Size = 8
	} else if n.Size == 4 && !n.Unsigned && n.Value == 1<<31 {
		n.Unsigned = true
	}
	return n.cut()
}

// toComma moves to the end of an enum's entry that is not understood.
func (p *parser) toComma() {
	for !p.end() && !p.peek().is(",") && !p.peek().is("}") {
		if p.peek().is("(") {
			p.skip()
		} else {
			p.i++
		}
	}
}

// record reads a struct or a union, or the mention of one.
func (p *parser) record() *ctype {
	keyword := p.next()
	attrs := p.attributes()
	r := &record{Struct: Struct{Place: keyword.at}}
	if t := p.peek(); t.kind == kIdent {
		p.i++
		if r = p.u.records[t.text]; r == nil {
			r = &record{Struct: Struct{Place: t.at, Name: t.text}}
			p.u.records[t.text] = r
		}
	}
	attrs.add(p.attributes())
	if !p.peek().is("{") {
		return &ctype{kind: compound, record: r}
	}
	if r.defined || !p.enter() {
		p.skip()
		return &ctype{kind: compound, record: r}
	}
	defer p.leave()
	r.Place, r.union = keyword.at, keyword.is("union")
	p.i++
	l := layout{union: r.union, record: r, known: true, pack: p.pack}
	fields := p.members()
	attrs.add(p.attributes())
	l.packed = attrs.packed
	for _, f := range fields {
		l.add(f)
	}
	l.finish(attrs.align)
	return &ctype{kind: compound, record: r}
}

// field is a member before it has a place.
type field struct {
	name   token
	typ    *ctype
	bits   int // of a bit-field, -1 where it is none
	align  int
	packed bool
}

// members reads what stands between the braces of a struct.
func (p *parser) members() []field {
	var out []field
	for !p.end() && !p.take("}") {
		if p.take(";") {
			continue
		}
		start := p.i
		s := p.specifiers()
		if s.typ == nil {
			// Not understood: what follows has no known place.
			out = append(out, field{typ: &ctype{}, bits: -1})
			for !p.end() && !p.peek().is(";") && !p.peek().is("}") {
				p.i++
			}
			if p.i == start {
				p.i++
			}
			continue
		}
		out = p.fields(out, s)
	}
	return out
}

// fields reads the members that one type is for.
func (p *parser) fields(out []field, s specifier) []field {
	for {
		f := field{bits: -1, align: s.attrs.align, packed: s.attrs.packed}
		f.name, f.typ = p.declarator(s.typ)
		if p.take(":") {
			n, ok := p.expression(0)
			f.bits = int(min(n.Value, 64))
			if !ok {
				f.typ = &ctype{}
			}
		}
		a := p.attributes()
		f.align, f.packed = max(f.align, a.align), f.packed || a.packed
		if f.name.text != "" || f.bits >= 0 || f.typ.kind == compound {
			out = append(out, f)
		}
		if !p.take(",") {
			break
		}
	}
	for !p.end() && !p.peek().is(";") && !p.peek().is("}") {
		p.i++
	}
	return out
}

// layout gives the members of one record their places.
type layout struct {
	union  bool
	packed bool
	pack   int // the largest alignment, 0 for no limit
	record *record
	known  bool
	bits   int // where the next member could begin
	end    int // of a union: the size of the largest member, in bits
	align  int
}

func (l *layout) add(f field) {
	size, align := f.typ.sizeof(), f.typ.alignof()
	if size < 0 {
		l.known = false
		return
	}
	if l.packed || f.packed {
		align = 1
	}
	align = max(align, f.align)
	if l.pack > 0 {
		align = min(align, l.pack)
	}
	if l.union {
		l.bits = 0
	}
	if f.bits >= 0 {
		if f.typ.kind != integer {
			l.known = false
			return
		}
		l.bitField(f, size, align)
		return
	}
	l.align = max(l.align, align)
	at := up(up(l.bits, 8)/8, align)
	l.bits = 8 * (at + size)
	l.end = max(l.end, l.bits)
	if f.name.text == "" { // an unnamed struct or union
		for _, m := range f.typ.record.Members {
			m.Offset += at
			m.InUnion = m.InUnion || l.union
			l.record.Members = append(l.record.Members, m)
		}
		return
	}
	m := Member{Place: f.name.at, Name: f.name.text, Offset: at, Size: size, InUnion: l.union}
	t := f.typ
	if t.kind == array {
		m.Flexible = t.count < 0
		m.Elements = max(t.count, 0)
		t = t.elem
	}
	if t.kind == compound {
		m.Struct = &t.record.Struct
	}
	if t.kind == integer {
		m.Integer, m.Signed, m.Order = f.typ.kind == integer, t.signed, t.order
	}
	l.record.Members = append(l.record.Members, m)
}

// bitField puts bits into the integer they are declared with, if there is room
// left in it.
func (l *layout) bitField(f field, size, align int) {
	if f.bits == 0 || !l.packed && l.bits/(8*size) != (l.bits+f.bits-1)/(8*size) {
		l.bits = up(l.bits, 8*size)
	}
	if f.name.text != "" {
		l.align = max(l.align, align)
		l.record.Members = append(l.record.Members, Member{
			Place: f.name.at, Name: f.name.text, Offset: l.bits / (8 * size) * size, Size: size, BitField: true, InUnion: l.union,
		})
	}
	l.bits += f.bits
	l.end = max(l.end, l.bits)
}

func (l *layout) finish(align int) {
	r := l.record
	r.align = max(l.align, align, 1)
	r.Size = up(up(max(l.end, l.bits), 8)/8, r.align)
	r.defined, r.known = true, l.known && r.Size <= maxFile
}

// up rounds n up to a multiple of unit.
func up(n, unit int) int { return (n + unit - 1) / unit * unit }
