package goname

import "strings"

// Exported returns name as an exported identifier: "target-netnsid" is
// TargetNetNSID. What begins with a digit gets an X in front, unless there is a
// better name for it: "100baset" is X100BaseT, but "4addr" FourAddr. What has no
// letter or digit of ASCII is X.
func Exported(name string) string { return join(leading(words(name))) }

// Unexported returns name as an identifier for parameters and local variables:
// "link-info" is linkInfo, "mtu" mtu. It is never a keyword nor a predeclared
// identifier: "type" is typ, "len" length, and others end in Val.
func Unexported(name string) string {
	p := leading(words(name))
	p[0] = strings.ToLower(p[0])
	id := p[0] + tail(p)
	if !predeclared[id] {
		return id
	}
	if other := instead[id]; other != "" {
		return other
	}
	return id + "Val"
}

// Package returns the name of the package for a spec: "rt-link" is rtlink. It
// has lower case letters and digits of ASCII only.
func Package(spec string) string {
	id := strings.ToLower(strings.Join(fields(spec), ""))
	switch {
	case id == "" || isDigit(id[0]):
		return "x" + id
	case id == "main" || predeclared[id]:
		return id + "nl"
	}
	return id
}

// leading returns the pieces of words that begin an identifier: there is one, and
// the first does not begin with a digit.
func leading(w []string) []string {
	if other, ok := aliases[strings.Join(w, "-")]; ok {
		w = strings.Split(other, "-")
	}
	if len(w) > 0 && numerals[w[0]] != "" {
		return append(strings.Fields(numerals[w[0]]), pieces(w[1:])...)
	}
	p := pieces(w)
	if len(p) == 0 || isDigit(p[0][0]) {
		return append([]string{"X"}, p...)
	}
	return p
}

// join puts the pieces of an exported identifier together.
func join(p []string) string {
	if len(p) == 0 {
		return ""
	}
	return capital(p[0]) + tail(p)
}

// tail puts the pieces after the first together. Two numbers that would become
// one have "_" between them. A unit such as kHz stays as it is after a number.
func tail(p []string) string {
	var b strings.Builder
	for i := 1; i < len(p); i++ {
		last := p[i-1][len(p[i-1])-1]
		switch {
		case isDigit(last) && isDigit(p[i][0]):
			b.WriteString("_" + p[i])
		case isDigit(last):
			b.WriteString(p[i])
		default:
			b.WriteString(capital(p[i]))
		}
	}
	return b.String()
}

// capital returns s with its first letter in upper case; s is ASCII.
func capital(s string) string {
	return strings.ToUpper(s[:1]) + s[1:]
}

// predeclared has the keywords and the predeclared identifiers of Go.
var predeclared = set(`
	break case chan const continue default defer else fallthrough for func go goto if import
	interface map package range return select struct switch type var

	any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64
	rune string uint uint8 uint16 uint32 uint64 uintptr true false iota nil
	append cap clear close complex copy delete imag len make max min new panic print println real recover
`)

// instead has what to write for some of the predeclared.
var instead = map[string]string{
	"cap":       "capacity",
	"default":   "def",
	"error":     "errno",
	"func":      "fn",
	"interface": "iface",
	"len":       "length",
	"package":   "pkg",
	"range":     "rng",
	"string":    "str",
	"type":      "typ",
	"var":       "variable",
}

// set makes a set of the words of a text.
func set(text string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(text) {
		m[w] = true
	}
	return m
}
