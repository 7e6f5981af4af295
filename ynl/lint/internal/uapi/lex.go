package uapi

import "strings"

// kind is what a token is.
type kind uint8

const (
	kEnd kind = iota
	kIdent
	kNumber
	kString
	kChar
	kPunct
	kPack // #pragma pack
)

// token is a word of C. Tokens made by a macro stand where it was used.
type token struct {
	kind kind
	text string
	at   Place
	// spaced says that there is white space before it, on which it depends
	// whether a macro has parameters.
	spaced bool
}

func (t token) is(text string) bool { return t.text == text && t.kind != kString && t.kind != kChar }

// line is a line of text, continued ones joined, without comments.
type line struct {
	tokens    []token
	directive bool // begins with #, which is not among the tokens
}

// lex takes a header's text apart.
func lex(header, text string) []line {
	l := lexer{text: text, header: header, line: 1}
	var out []line
	for l.i < len(l.text) {
		if cur := l.logical(); cur.directive || len(cur.tokens) > 0 {
			out = append(out, cur)
		}
	}
	return out
}

type lexer struct {
	text   string
	header string
	i      int
	line   int
}

// logical reads up to the end of a line.
func (l *lexer) logical() line {
	var out line
	for spaced := true; l.i < len(l.text); {
		c, before := l.text[l.i], spaced
		spaced = true
		switch {
		case c == '\n':
			l.i++
			l.line++
			return out
		case c == '\\' && l.newlineAt(l.i+1) > 0:
			l.i += 1 + l.newlineAt(l.i+1)
			l.line++
		case c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v':
			l.i++
		case strings.HasPrefix(l.text[l.i:], "//"):
			l.lineComment()
		case strings.HasPrefix(l.text[l.i:], "/*"):
			l.comment()
		case c == '#' && len(out.tokens) == 0 && !out.directive:
			out.directive = true
			l.i++
		default:
			t := l.token()
			t.spaced, spaced = before, false
			out.tokens = append(out.tokens, t)
		}
	}
	return out
}

// newlineAt is the length of a line's end at i, 0 where there is none.
func (l *lexer) newlineAt(i int) int {
	switch rest := l.text[i:]; {
	case strings.HasPrefix(rest, "\n"):
		return 1
	case strings.HasPrefix(rest, "\r\n"):
		return 2
	}
	return 0
}

func (l *lexer) lineComment() {
	if end := strings.IndexByte(l.text[l.i:], '\n'); end >= 0 {
		l.i += end
	} else {
		l.i = len(l.text)
	}
}

func (l *lexer) comment() {
	rest := l.text[l.i+2:]
	end := strings.Index(rest, "*/")
	if end < 0 {
		l.i = len(l.text)
		return
	}
	l.line += strings.Count(rest[:end], "\n")
	l.i += 2 + end + 2
}

// puncts are the operators of more than one character, longest first.
var puncts = []string{"...", "<<=", ">>=", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "##", "->", "++", "--"}

func (l *lexer) token() token {
	start := l.i
	t := token{at: Place{l.header, l.line}}
	c := l.text[l.i]
	switch {
	case isLetter(c):
		t.kind = kIdent
		l.while(func(c byte) bool { return isLetter(c) || isDigit(c) })
	case isDigit(c) || c == '.' && start+1 < len(l.text) && isDigit(l.text[start+1]):
		t.kind = kNumber
		l.while(func(c byte) bool { return isLetter(c) || isDigit(c) || c == '.' })
	case c == '"' || c == '\'':
		t.kind = kString
		if c == '\'' {
			t.kind = kChar
		}
		l.quoted(c)
	default:
		t.kind = kPunct
		l.i++
		for _, p := range puncts {
			if strings.HasPrefix(l.text[start:], p) {
				l.i = start + len(p)
				break
			}
		}
	}
	t.text = l.text[start:l.i]
	return t
}

func (l *lexer) while(ok func(byte) bool) {
	for l.i < len(l.text) && ok(l.text[l.i]) {
		l.i++
	}
}

// quoted moves behind the quote that ends a text, or to the end of the line.
func (l *lexer) quoted(end byte) {
	for l.i++; l.i < len(l.text) && l.text[l.i] != '\n'; l.i++ {
		switch l.text[l.i] {
		case end:
			l.i++
			return
		case '\\':
			if l.i+1 < len(l.text) && l.text[l.i+1] != '\n' {
				l.i++
			}
		}
	}
}

func isLetter(c byte) bool {
	return c == '_' || c == '$' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
