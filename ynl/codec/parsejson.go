package codec

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// maxJSONDepth is how deep objects and arrays may stand in each other: more than
// any message can, and little enough for the stack.
const maxJSONDepth = 100

// ParseJSON reads JSON as values that Append takes: objects become Object, in
// the order of the text, arrays []any, numbers json.Number, the rest string, bool
// and nil. A name that an object has twice is two fields.
//
// Strings may hold any bytes: those that are no UTF-8 are kept as they are, and
// a lone \udc80 to \udcff is the byte 0x80 to 0xff, as Python writes bytes that
// are no UTF-8. Other halves of surrogate pairs are refused, as are objects and
// arrays more than 100 deep, and anything behind the value. Errors say the line,
// the column in characters, both from 1 on, and what was expected there. Nothing
// of text is kept.
func ParseJSON(text []byte) (any, error) {
	p := jsonParser{text: text}
	v, err := p.value(0)
	if err != nil {
		return nil, err
	}
	p.space()
	if p.at < len(text) {
		return nil, p.expected("the end of the text behind the value")
	}
	return v, nil
}

// jsonParser is at a byte of a text.
type jsonParser struct {
	text []byte
	at   int
	buf  []byte // of strings with escapes
}

// peek returns the byte it is at, and 0 at the end; a NUL is nowhere allowed
// either.
func (p *jsonParser) peek() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *jsonParser) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

// wrong is an error at a byte of the text.
func (p *jsonParser) wrong(at int, what string) error {
	line, start := 1, 0
	for i, c := range p.text[:at] {
		if c == '\n' {
			line++
			start = i + 1
		}
	}
	return fmt.Errorf("line %d, column %d: %s", line, utf8.RuneCount(p.text[start:at])+1, what)
}

// expected is the error that something else should stand here.
func (p *jsonParser) expected(what string) error {
	return p.wrong(p.at, "expected "+what+", not "+p.found())
}

// found tells what stands here: a word, or a character.
func (p *jsonParser) found() string {
	rest := p.text[p.at:]
	if len(rest) == 0 {
		return "the end of the text"
	}
	n := 0
	for n < len(rest) && n < 20 && isWordByte(rest[n]) {
		n++
	}
	if n == 0 {
		_, n = utf8.DecodeRune(rest)
	}
	if n == 1 && rest[0] == '"' {
		return "a string"
	}
	return strconv.Quote(string(rest[:n]))
}

func isWordByte(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// value reads a value that lies in depth others.
func (p *jsonParser) value(depth int) (any, error) {
	p.space()
	switch c := p.peek(); {
	case c == '{' || c == '[':
		if depth >= maxJSONDepth {
			return nil, p.wrong(p.at, fmt.Sprintf("expected at most %d objects and arrays in each other, not one more", maxJSONDepth))
		}
		p.at++
		if c == '{' {
			return p.object(depth + 1)
		}
		return p.array(depth + 1)
	case c == '"':
		return p.string()
	case c == '-' || isDigit(c):
		return p.number()
	case p.word("true"):
		return true, nil
	case p.word("false"):
		return false, nil
	case p.word("null"):
		return nil, nil
	}
	return nil, p.expected(`a value ({, [, a string in ", a number, true, false or null)`)
}

// word reads a word if it stands here.
func (p *jsonParser) word(w string) bool {
	end := p.at + len(w)
	if end > len(p.text) || string(p.text[p.at:end]) != w || end < len(p.text) && isWordByte(p.text[end]) {
		return false
	}
	p.at = end
	return true
}

// object reads what stands behind a brace.
func (p *jsonParser) object(depth int) (Object, error) {
	o := Object{}
	p.space()
	if p.peek() == '}' {
		p.at++
		return o, nil
	}
	for {
		p.space()
		if p.peek() != '"' {
			if len(o) == 0 {
				return nil, p.expected(`a name in " or } after {`)
			}
			return nil, p.expected(`a name in " after a comma`)
		}
		name, err := p.string()
		if err != nil {
			return nil, err
		}
		p.space()
		if p.peek() != ':' {
			return nil, p.expected("a colon after a name")
		}
		p.at++
		v, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		o = append(o, Field{Name: name, Value: v})
		p.space()
		switch p.peek() {
		case ',':
			p.at++
		case '}':
			p.at++
			return o, nil
		default:
			return nil, p.expected(", or } after a value")
		}
	}
}

// array reads what stands behind a bracket.
func (p *jsonParser) array(depth int) ([]any, error) {
	list := []any{}
	p.space()
	if p.peek() == ']' {
		p.at++
		return list, nil
	}
	for {
		v, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
		p.space()
		switch p.peek() {
		case ',':
			p.at++
		case ']':
			p.at++
			return list, nil
		default:
			return nil, p.expected(", or ] after a value")
		}
	}
}

// number reads a number, which is kept as it is written.
func (p *jsonParser) number() (json.Number, error) {
	start := p.at
	if p.peek() == '-' {
		p.at++
	}
	if p.peek() == '0' {
		p.at++
		if isDigit(p.peek()) {
			return "", p.expected("no digit after a number's leading 0")
		}
	} else if !p.digits() {
		return "", p.expected("a digit after a minus")
	}
	if p.peek() == '.' {
		p.at++
		if !p.digits() {
			return "", p.expected("a digit after a point")
		}
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.at++
		if c := p.peek(); c == '+' || c == '-' {
			p.at++
		}
		if !p.digits() {
			return "", p.expected("a digit in an exponent")
		}
	}
	// "0x10" and the like: a string is what is meant.
	if isWordByte(p.peek()) {
		return "", p.expected(`the end of a number (other notations stand in ")`)
	}
	return json.Number(p.text[start:p.at]), nil
}

// digits reads digits and reports whether there are any.
func (p *jsonParser) digits() bool {
	start := p.at
	for isDigit(p.peek()) {
		p.at++
	}
	return p.at > start
}

// string reads a string. It is at the quote in front.
func (p *jsonParser) string() (string, error) {
	open := p.at
	p.at++
	start := p.at // of what is not in buf yet
	p.buf = p.buf[:0]
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == '"':
			p.buf = append(p.buf, p.text[start:p.at]...)
			p.at++
			return string(p.buf), nil
		case c == '\\':
			p.buf = append(p.buf, p.text[start:p.at]...)
			if err := p.escape(); err != nil {
				return "", err
			}
			start = p.at
		case c < ' ':
			return "", p.expected(fmt.Sprintf(`\u%04x in a string`, c))
		default:
			p.at++
		}
	}
	return "", p.wrong(open, `expected a " at the end of the string that begins here, not the end of the text`)
}

// escape reads an escape sequence and appends what it means.
func (p *jsonParser) escape() error {
	start := p.at
	p.at++
	c := p.peek()
	switch c {
	case '"', '\\', '/':
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	case 'u':
		return p.unicode(start)
	default:
		return p.expected(`one of "\/bfnrtu after \`)
	}
	p.at++
	p.buf = append(p.buf, c)
	return nil
}

// unicode reads the escape of a character, or two that are one together.
func (p *jsonParser) unicode(start int) error {
	r, err := p.hex4()
	if err != nil {
		return err
	}
	if !utf16.IsSurrogate(r) {
		p.buf = utf8.AppendRune(p.buf, r)
		return nil
	}
	if r >= 0xdc00 {
		if r < 0xdc80 || r > 0xdcff {
			return p.wrong(start, fmt.Sprintf(`expected the first half of a surrogate pair in front of \u%04x`, r))
		}
		p.buf = append(p.buf, byte(r))
		return nil
	}
	if p.peek() == '\\' && p.at+1 < len(p.text) && p.text[p.at+1] == 'u' {
		p.at++
		low, err := p.hex4()
		if err != nil {
			return err
		}
		if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
			p.buf = utf8.AppendRune(p.buf, pair)
			return nil
		}
	}
	return p.wrong(start, fmt.Sprintf(`expected the second half of a surrogate pair behind \u%04x`, r))
}

// hex4 reads the digits behind a u.
func (p *jsonParser) hex4() (rune, error) {
	p.at++
	var r rune
	for range 4 {
		c := p.peek()
		switch {
		case isDigit(c):
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, p.expected(`four hexadecimal digits after \u`)
		}
		r = r<<4 | rune(c)
		p.at++
	}
	return r, nil
}
