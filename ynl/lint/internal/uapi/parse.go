package uapi

import "strings"

// parser reads declarations and expressions from the tokens of a unit.
type parser struct {
	u         *Unit
	tokens    []token
	i         int
	depth     int
	condition bool // it reads what stands behind #if
	pack      int  // what #pragma pack limits alignments to; 0 for no limit
}

func (p *parser) end() bool { return p.i >= len(p.tokens) }

func (p *parser) peek() token {
	if p.end() {
		return token{}
	}
	return p.tokens[p.i]
}

func (p *parser) next() token {
	t := p.peek()
	p.i++
	return t
}

// take reads a token if it is the next one.
func (p *parser) take(text string) bool {
	if p.peek().is(text) {
		p.i++
		return true
	}
	return false
}

func (p *parser) enter() bool {
	p.depth++
	return p.depth <= maxDepth
}

func (p *parser) leave() { p.depth-- }

// skip moves behind the brackets that open here.
func (p *parser) skip() {
	depth := 0
	for !p.end() {
		switch t := p.next(); {
		case t.is("(") || t.is("{") || t.is("["):
			depth++
		case t.is(")") || t.is("}") || t.is("]"):
			if depth--; depth <= 0 {
				return
			}
		}
	}
}

// skipDeclaration moves behind a declaration that is of no interest: to its
// semicolon, or behind the body of a function.
func (p *parser) skipDeclaration() {
	function := false
	for !p.end() {
		switch t := p.peek(); {
		case t.is(";"):
			p.i++
			return
		case t.is("{"):
			p.skip()
			if function {
				return
			}
		case t.is("("):
			p.skip()
			function = true
		case t.is("="):
			function = false
			p.i++
		default:
			p.i++
		}
	}
}

// declarations reads the whole unit.
func (u *Unit) declarations() {
	p := &parser{u: u, tokens: u.text}
	for !p.end() {
		start := p.i
		p.declaration()
		if p.i == start {
			p.i++
		}
	}
}

func (p *parser) declaration() {
	if p.peek().kind == kPack {
		p.i++
		p.pack = 0
		for !p.end() && !p.take(";") {
			if n, ok := number(p.next().text); ok && n.Value <= 16 {
				p.pack = int(n.Value)
			}
		}
		return
	}
	s := p.specifiers()
	if s.typ == nil {
		p.skipDeclaration()
		return
	}
	if !s.typedef {
		if !p.take(";") {
			p.skipDeclaration()
		}
		return
	}
	for {
		name, t := p.declarator(s.typ)
		if name.text == "" {
			p.skipDeclaration()
			return
		}
		if at := p.attributes(); at.align > 0 {
			aligned := *t
			aligned.align = at.align
			t = &aligned
		}
		if _, known := p.u.types[name.text]; !known {
			p.u.types[name.text] = t
		}
		if !p.take(",") {
			break
		}
	}
	if !p.take(";") {
		p.skipDeclaration()
	}
}

// specifier is what stands before the names of a declaration.
type specifier struct {
	typ     *ctype // nil where there is no type
	typedef bool
	attrs   attributes
}

// ignored are words that do not change a layout.
var ignored = map[string]bool{
	"const": true, "volatile": true, "static": true, "extern": true, "inline": true, "__inline__": true, "__inline": true,
	"__extension__": true, "register": true, "restrict": true, "__volatile__": true, "__const": true, "_Noreturn": true,
}

// words are the words that the names of C's own types are made of.
var words = map[string]bool{
	"unsigned": true, "signed": true, "__signed__": true, "char": true, "short": true, "int": true, "long": true,
	"float": true, "double": true, "void": true, "_Bool": true, "__int128": true,
}

func (p *parser) specifiers() specifier {
	var s specifier
	count := map[string]int{}
	for !p.end() {
		switch t := p.peek(); {
		case t.kind != kIdent:
			s.finish(count)
			return s
		case ignored[t.text]:
			p.i++
		case t.is("typedef"):
			s.typedef = true
			p.i++
		case t.is("__attribute__") || t.is("__packed"):
			s.attrs.add(p.attributes())
		case words[t.text]:
			count[t.text]++
			p.i++
		case s.typ != nil || len(count) > 0:
			s.finish(count)
			return s
		case t.is("struct") || t.is("union"):
			s.typ = p.record()
		case t.is("enum"):
			s.typ = p.enum()
		default:
			s.typ = p.u.types[t.text]
			if s.typ == nil {
				s.typ = &ctype{}
			}
			p.i++
		}
	}
	s.finish(count)
	return s
}

// finish makes a type of words such as "unsigned long".
func (s *specifier) finish(count map[string]int) {
	if len(count) == 0 {
		return
	}
	t := &ctype{kind: integer, size: 4, signed: count["unsigned"] == 0}
	switch {
	case count["void"] > 0:
		t = &ctype{}
	case count["float"] > 0:
		t = &ctype{kind: other, size: 4}
	case count["double"] > 0 && count["long"] > 0 || count["__int128"] > 0:
		t = &ctype{kind: other, size: 16}
	case count["double"] > 0:
		t = &ctype{kind: other, size: 8}
	case count["char"] > 0:
		t.size = 1
	case count["_Bool"] > 0:
		t.size, t.signed = 1, false
	case count["short"] > 0:
		t.size = 2
	case count["long"] > 0:
		t.size = 8
	}
	s.typ = t
}

// attributes are those of GCC that change a layout.
type attributes struct {
	packed bool
	align  int
}

func (a *attributes) add(b attributes) {
	a.packed = a.packed || b.packed
	a.align = max(a.align, b.align)
}

func (p *parser) attributes() attributes {
	var a attributes
	for {
		switch {
		case p.take("__packed"):
			a.packed = true
		case p.take("__attribute__"):
			start := p.i
			p.skip()
			a.add(p.attribute(p.tokens[min(start, len(p.tokens)):min(p.i, len(p.tokens))]))
		default:
			return a
		}
	}
}

// attribute looks for words in what stands in the parentheses of an
// __attribute__.
func (p *parser) attribute(t []token) attributes {
	var a attributes
	for i := range t {
		switch strings.Trim(t[i].text, "_") {
		case "packed":
			a.packed = true
		case "aligned":
			a.align = max(a.align, 16) // without a number, the largest there is
			if i+1 < len(t) && t[i+1].is("(") {
				in := &parser{u: p.u, tokens: t[i+2:], depth: p.depth}
				if n, ok := in.expression(0); ok && n.Value > 0 && n.Value <= 4096 {
					a.align = int(n.Value)
				}
			}
		}
	}
	return a
}

// declarator reads a name with what belongs to it: pointers, arrays, functions.
// The name is empty where there is none.
func (p *parser) declarator(t *ctype) (token, *ctype) {
	pointer := &ctype{kind: other, size: 8}
	for p.take("*") {
		t = pointer
		for ignored[p.peek().text] {
			p.i++
		}
	}
	if p.peek().is("(") { // a pointer to a function, or to an array
		var name token
		for at := p.i; at < len(p.tokens) && !p.tokens[at].is(")"); at++ {
			if p.tokens[at].kind == kIdent && name.text == "" {
				name = p.tokens[at]
			}
		}
		p.skip()
		for p.peek().is("(") || p.peek().is("[") {
			p.skip()
		}
		return name, pointer
	}
	if p.peek().kind != kIdent {
		return token{}, t
	}
	name := p.next()
	if p.peek().is("(") {
		p.skip()
		return name, &ctype{}
	}
	return name, p.arrays(t)
}

// arrays reads the dimensions behind a name.
func (p *parser) arrays(t *ctype) *ctype {
	if !p.enter() || !p.take("[") {
		p.leave()
		return t
	}
	defer p.leave()
	count, known := -1, true
	if !p.peek().is("]") {
		n, ok := p.expression(0)
		known = ok && n.Value <= maxFile
		if known && n.Value > 0 {
			count = int(n.Value)
		}
	}
	for !p.end() && !p.take("]") {
		p.i++
	}
	elem := p.arrays(t)
	if !known {
		return &ctype{}
	}
	return &ctype{kind: array, elem: elem, count: count}
}

// typeAhead reports whether a type comes next, and not a value.
func (p *parser) typeAhead() bool {
	t := p.peek()
	if t.kind != kIdent {
		return false
	}
	return words[t.text] || ignored[t.text] || t.is("struct") || t.is("union") || t.is("enum") || p.u.types[t.text] != nil
}

// typeName reads a type as a cast or sizeof has it; nil where it is none.
func (p *parser) typeName() *ctype {
	s := p.specifiers()
	if s.typ == nil {
		return nil
	}
	t := s.typ
	for p.take("*") {
		t = &ctype{kind: other, size: 8}
	}
	return p.arrays(t)
}
