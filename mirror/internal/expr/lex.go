package expr

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// token is a word, a text in quotes, or an operator.
type token struct {
	kind tokenKind
	text string // of a text in quotes, what stands between them
	at   int    // its first byte
}

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenWord
	tokenQuoted
	tokenOperator
)

// is reports whether a token is an operator, or a word that stands for one.
func (t token) is(text string) bool {
	return (t.kind == tokenOperator || t.kind == tokenWord) && t.text == text
}

// what names a token for a person.
func (t token) what() string {
	switch t.kind {
	case tokenEnd:
		return "the end"
	case tokenQuoted:
		return "the text " + show(t.text)
	}
	return show(t.text)
}

// operators are those of several characters first.
var operators = []string{"==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "(", ")", ",", "|"}

// keywords are the words that a parenthesis can follow.
var keywords = []string{"and", "or", "not", "has", "in"}

// lex takes a text apart.
func lex(text string) ([]token, error) {
	var tokens []token
	at := 0
	for {
		for at < len(text) && isSpace(text[at]) {
			at++
		}
		if at == len(text) {
			return append(tokens, token{tokenEnd, "", at}), nil
		}
		t := token{at: at}
		switch c := text[at]; {
		case c == '"' || c == '\'':
			inner, n, err := quoted(text, at)
			if err != nil {
				return nil, err
			}
			t.kind, t.text = tokenQuoted, inner
			at += n
		case isWord(text, at):
			n := wordLen(text[at:])
			t.kind, t.text = tokenWord, text[at:at+n]
			at += n
		default:
			op := operator(text[at:])
			if op == "" {
				return nil, unknownSign(text, at)
			}
			t.kind, t.text = tokenOperator, op
			at += len(op)
		}
		tokens = append(tokens, t)
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// isWord reports whether a word can have the byte at an offset: everything that is
// neither a space, nor a quote, nor part of an operator.
func isWord(text string, at int) bool {
	return !isSpace(text[at]) && text[at] > ' ' && !strings.ContainsRune("\"'()!=<>&|,;\x7f", rune(text[at]))
}

// wordLen is how long the word is that a text begins with. The kind of a sub-message
// in parentheses belongs to it, as what follows does: "linkinfo.data(vlan).id".
func wordLen(text string) int {
	n := 0
	for n < len(text) {
		switch {
		case isWord(text, n):
			n++
		case text[n] == '(':
			in := n + 1
			for in < len(text) && isWord(text, in) {
				in++
			}
			if in == n+1 || !strings.HasPrefix(text[in:], ")") || slices.Contains(keywords, text[:n]) {
				return n
			}
			n = in + 1
		default:
			return n
		}
	}
	return n
}

// quoted reads a text in quotes, and how long it is with these. A backslash stands
// before a quote or a backslash that belongs to the text.
func quoted(text string, at int) (inner string, n int, err error) {
	var b strings.Builder
	for i := at + 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == text[at]:
			return b.String(), i + 1 - at, nil
		case c == 0:
			return "", 0, errorAt(text, i, "a NUL: no text of the kernel has one in it")
		case c != '\\':
			b.WriteByte(c)
		case i+1 < len(text) && (text[i+1] == text[at] || text[i+1] == '\\'):
			i++
			b.WriteByte(text[i])
		default:
			return "", 0, errorAt(text, i, `a backslash stands before a quote or another backslash only: write \\ for one`)
		}
	}
	return "", 0, errorAt(text, at, "the text that begins here has no end: a %c is missing", text[at])
}

func operator(text string) string {
	for _, op := range operators {
		if strings.HasPrefix(text, op) {
			return op
		}
	}
	return ""
}

// unknownSign says what may stand in place of what has no meaning.
func unknownSign(text string, at int) error {
	switch text[at] {
	case '=':
		return errorAt(text, at, "a single = means nothing here: write == to compare")
	case '&':
		return errorAt(text, at, "a single & means nothing here: write && for and; bits are asked for with has: flags has up")
	}
	r, _ := utf8.DecodeRuneInString(text[at:])
	return errorAt(text, at, "%q means nothing here: put a text that has it in quotes", r)
}
