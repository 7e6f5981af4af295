package uapi

import (
	"path"
	"strings"
)

// Unit is what some headers declare together, as a C file would see it that
// includes them. It does not change once [Tree.Read] has returned it.
type Unit struct {
	// Missing are the headers asked for that are not there; all of them where they
	// unfold to more than any headers do.
	Missing []string

	tree    *Tree
	macros  map[string]*macro
	text    []token // what is left when directives are worked off
	pending []token // text whose macros are not yet expanded
	budget  int

	numbers map[string]Number
	records map[string]*record
	types   map[string]*ctype
}

// predefined are the macros that a unit begins with: those of a 64-bit
// little-endian machine.
var predefined = map[string]string{
	"__BITS_PER_LONG": "64", "__LITTLE_ENDIAN_BITFIELD": "1", "__LITTLE_ENDIAN": "1234",
	"__BYTE_ORDER": "1234", "__BIG_ENDIAN": "4321", "__linux__": "1", "__x86_64__": "1", "__STDC__": "1",
}

// Read reads headers, and what they include.
func (t *Tree) Read(headers ...string) *Unit {
	u := &Unit{
		tree: t, budget: maxTokens, macros: map[string]*macro{},
		numbers: map[string]Number{}, records: map[string]*record{}, types: builtinTypes(),
	}
	for name, value := range predefined {
		u.macros[name] = &macro{body: []token{{kind: kNumber, text: value}}}
	}
	seen := map[string]bool{}
	for _, h := range headers {
		if !seen[h] && !u.include(h, 0) {
			u.Missing = append(u.Missing, h)
		}
		seen[h] = true
	}
	u.flush()
	if u.budget < 0 {
		// Half of it would be wrong.
		return &Unit{Missing: headers}
	}
	u.declarations()
	u.text = nil
	return u
}

// spend takes n tokens from what a unit may be made of.
func (u *Unit) spend(n int) bool {
	u.budget -= n
	return u.budget >= 0
}

// flush expands the text read so far, before the macros change.
func (u *Unit) flush() {
	if len(u.pending) > 0 {
		u.text = append(u.text, u.expand(u.pending, nil)...)
		u.pending = u.pending[:0]
	}
}

// group is one #if with its other branches.
type group struct {
	outer bool // the text around is used
	on    bool // this branch is used
	taken bool // a branch was used
}

func (u *Unit) include(header string, depth int) bool {
	lines, ok := u.tree.lines(header)
	if !ok || depth > maxIncludes {
		return ok
	}
	var groups []group
	on := func() bool { return len(groups) == 0 || groups[len(groups)-1].on }
	for _, l := range lines {
		if u.budget < 0 {
			break
		}
		switch {
		case !l.directive && on():
			u.pending = append(u.pending, l.tokens...)
			u.spend(len(l.tokens))
		case l.directive && len(l.tokens) > 0:
			u.spend(len(l.tokens))
			name, rest := l.tokens[0].text, l.tokens[1:]
			if next, isCondition := u.condition(groups, name, rest); isCondition {
				groups = next
			} else if on() {
				u.directive(name, rest, depth)
			}
		}
	}
	return true
}

// condition works off #if and what belongs to it.
func (u *Unit) condition(groups []group, name string, rest []token) ([]group, bool) {
	outer := len(groups) == 0 || groups[len(groups)-1].on
	begin := func(value bool) ([]group, bool) {
		return append(groups, group{outer: outer, on: outer && value, taken: value}), true
	}
	defined := func() bool { return len(rest) > 0 && u.macros[rest[0].text] != nil }
	switch name {
	case "if":
		return begin(outer && u.holds(rest))
	case "ifdef":
		return begin(defined())
	case "ifndef":
		return begin(!defined())
	case "elif", "else", "endif":
	default:
		return groups, false
	}
	if len(groups) == 0 {
		return groups, true
	}
	g := &groups[len(groups)-1]
	switch name {
	case "elif":
		g.on = g.outer && !g.taken && u.holds(rest)
	case "else":
		g.on = g.outer && !g.taken
	case "endif":
		return groups[:len(groups)-1], true
	}
	g.taken = g.taken || g.on
	return groups, true
}

// holds works out the condition of an #if. One that is not understood does not
// hold.
func (u *Unit) holds(t []token) bool {
	var plain []token
	for i := 0; i < len(t); i++ {
		if !t[i].is("defined") {
			plain = append(plain, t[i])
			continue
		}
		name := ""
		switch {
		case i+1 < len(t) && t[i+1].kind == kIdent:
			name = t[i+1].text
			i++
		case i+3 < len(t) && t[i+1].is("(") && t[i+3].is(")"):
			name = t[i+2].text
			i += 3
		}
		value := "0"
		if u.macros[name] != nil {
			value = "1"
		}
		plain = append(plain, token{kind: kNumber, text: value})
	}
	p := parser{u: u, tokens: u.expand(plain, nil), condition: true}
	n, ok := p.expression(0)
	return ok && p.end() && n.Value != 0
}

// directive works off what is no condition.
func (u *Unit) directive(name string, rest []token, depth int) {
	switch name {
	case "define":
		u.flush()
		u.define(rest)
	case "undef":
		u.flush()
		if len(rest) > 0 {
			delete(u.macros, rest[0].text)
		}
	case "pragma":
		if len(rest) > 1 && rest[0].is("pack") {
			u.flush()
			// Read on by the parser, which knows where it stands.
			u.text = append(u.text, token{kind: kPack, at: rest[0].at})
			u.text = append(u.text, rest[1:]...)
			u.text = append(u.text, token{kind: kPunct, text: ";", at: rest[0].at})
		}
	case "include":
		u.flush()
		if header, follow := included(rest); follow {
			u.include(header, depth+1)
		}
	}
}

// included is the name of the header an #include asks for. Those of the C library
// are not followed.
func included(t []token) (header string, follow bool) {
	if len(t) == 1 && t[0].kind == kString {
		return path.Join(path.Dir(t[0].at.Header), strings.Trim(t[0].text, `"`)), true
	}
	if len(t) < 3 || !t[0].is("<") || !t[len(t)-1].is(">") {
		return "", false
	}
	var name strings.Builder
	for _, w := range t[1 : len(t)-1] {
		name.WriteString(w.text)
	}
	return name.String(), isKernelHeader(name.String())
}

// Number finds an enum's entry or a define whose value is a number.
func (u *Unit) Number(name string) (Number, bool) {
	entry, isEntry := u.numbers[name]
	m := u.macros[name]
	if m == nil || m.function || m.at.Header == "" || isEntry && len(m.body) == 1 && m.body[0].is(name) {
		return entry, isEntry
	}
	// A define that stands before an entry of the same name.
	p := u.evaluate(m.body, name)
	n, ok := p.expression(0)
	n.Place = m.at
	return n, ok && p.end()
}

// Text finds a define whose value is text.
func (u *Unit) Text(name string) (string, Place, bool) {
	m := u.macros[name]
	if m == nil || m.function {
		return "", Place{}, false
	}
	p := u.evaluate(m.body, name)
	text := ""
	for _, t := range p.tokens {
		if t.kind != kString {
			return "", Place{}, false
		}
		text += strings.Trim(t.text, `"`)
	}
	return text, m.at, len(p.tokens) > 0
}

// evaluate prepares the value of a define. What it spends is its own: a unit is
// read by several goroutines once it is there.
func (u *Unit) evaluate(body []token, name string) *parser {
	own := *u
	own.budget = maxDefine
	p := &parser{u: &own, tokens: own.expand(body, []string{name})}
	if own.budget < 0 {
		p.tokens = nil
	}
	return p
}
