package uapi

import (
	"slices"
	"strings"
)

// macro is a define.
type macro struct {
	at       Place
	params   []string
	variadic bool // the last parameter takes all that is left
	function bool
	body     []token
}

// define reads what stands behind #define.
func (u *Unit) define(t []token) {
	if len(t) == 0 || t[0].kind != kIdent {
		return
	}
	m := &macro{at: t[0].at}
	name, rest := t[0].text, t[1:]
	// Nothing may stand between the name and the parenthesis of parameters.
	if len(rest) > 0 && rest[0].is("(") && !rest[0].spaced {
		m.function = true
		end := slices.IndexFunc(rest, func(t token) bool { return t.is(")") })
		if end < 0 {
			return
		}
		for i, p := range rest[:end] {
			switch {
			case p.is("..."):
				m.variadic = true
				// "args..." names what "..." alone calls __VA_ARGS__.
				if rest[i-1].kind != kIdent {
					m.params = append(m.params, "__VA_ARGS__")
				}
			case p.kind == kIdent:
				m.params = append(m.params, p.text)
			}
		}
		rest = rest[end+1:]
	}
	m.body = rest
	u.macros[name] = m
}

// expand replaces macros. hidden are those being expanded, which are not again.
func (u *Unit) expand(in []token, hidden []string) []token {
	if len(hidden) > maxDepth {
		return in
	}
	var out []token
	for i := 0; i < len(in); i++ {
		t := in[i]
		m := u.macros[t.text]
		if t.kind != kIdent || m == nil || slices.Contains(hidden, t.text) {
			if !u.spend(1) {
				return out
			}
			out = append(out, t)
			continue
		}
		var body []token
		if m.function {
			args, n := arguments(in[i+1:])
			if n == 0 {
				out = append(out, t)
				continue
			}
			i += n
			body = u.substitute(m, args, hidden)
		} else {
			body = m.body
		}
		if !u.spend(len(body) + 1) {
			return out
		}
		placed := make([]token, len(body))
		for j, b := range body {
			placed[j] = b
			placed[j].at = t.at
		}
		out = append(out, u.expand(placed, append(slices.Clip(hidden), t.text))...)
	}
	return out
}

// arguments reads a macro's arguments; n is how many tokens they take, 0 where
// there are none.
func arguments(in []token) (args [][]token, n int) {
	if len(in) == 0 || !in[0].is("(") {
		return nil, 0
	}
	depth, start := 0, 1
	for i, t := range in {
		switch {
		case t.is("("):
			depth++
		case t.is(")"):
			if depth--; depth == 0 {
				return append(args, in[start:i]), i + 1
			}
		case t.is(",") && depth == 1:
			args = append(args, in[start:i])
			start = i + 1
		}
	}
	return nil, 0
}

// substitute puts arguments in the place of a macro's parameters.
func (u *Unit) substitute(m *macro, args [][]token, hidden []string) []token {
	if m.variadic && len(args) > len(m.params) {
		first := args[len(m.params)-1]
		last := slices.Clone(first)
		for _, a := range args[len(m.params):] {
			last = append(append(last, token{kind: kPunct, text: ","}), a...)
		}
		args = append(slices.Clone(args[:len(m.params)-1]), last)
	}
	arg := func(name string) ([]token, bool) {
		i := slices.Index(m.params, name)
		if i < 0 {
			return nil, false
		}
		if i >= len(args) {
			return nil, true
		}
		return args[i], true
	}
	var out []token
	for i := 0; i < len(m.body); i++ {
		t, before := m.body[i], len(out)
		next := func(text string) bool { return i+1 < len(m.body) && m.body[i+1].is(text) }
		switch a, isArg := arg(t.text); {
		case t.is("#") && i+1 < len(m.body):
			i++
			a, _ := arg(m.body[i].text)
			out = append(out, token{kind: kString, text: `"` + join(a) + `"`})
		case t.is("##") && i+1 < len(m.body):
			i++
			right, isArg := arg(m.body[i].text)
			if !isArg {
				right = m.body[i : i+1]
			}
			out = paste(out, right)
		case !isArg || t.kind != kIdent:
			out = append(out, t)
		case next("##"): // what is pasted is not expanded before
			out = append(out, a...)
		default:
			out = append(out, u.expand(a, hidden)...)
		}
		if !u.spend(len(out) - before) {
			return nil
		}
	}
	return out
}

// paste joins the last token of one list with the first one of another.
func paste(left, right []token) []token {
	if len(left) == 0 || len(right) == 0 {
		return append(left, right...)
	}
	last := left[len(left)-1]
	for _, l := range lex(last.at.Header, last.text+right[0].text) {
		left = append(left[:len(left)-1:len(left)-1], l.tokens...)
		break
	}
	return append(left, right[1:]...)
}

func join(t []token) string {
	var words []string
	for _, w := range t {
		words = append(words, strings.ReplaceAll(w.text, `"`, `\"`))
	}
	return strings.Join(words, " ")
}
