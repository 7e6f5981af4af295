package pyynl

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nlkit/nlkit/ynl/codec"
)

// pyRepr writes a text as Python's repr does.
func pyRepr(s string) string {
	quote := byte('\'')
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		quote = '"'
	}
	b := []byte{quote}
	for i, r := range s {
		switch {
		case r == rune(quote) || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, `\n`...)
		case r == '\r':
			b = append(b, `\r`...)
		case r == '\t':
			b = append(b, `\t`...)
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			b = fmt.Appendf(b, `\x%02x`, s[i])
		case r >= ' ' && r < 0x7f || r > 0x7f && unicode.IsPrint(r):
			b = utf8.AppendRune(b, r)
		case r < 0x100:
			b = fmt.Appendf(b, `\x%02x`, r)
		case r < 0x10000:
			b = fmt.Appendf(b, `\u%04x`, r)
		default:
			b = fmt.Appendf(b, `\U%08x`, r)
		}
	}
	return string(append(b, quote))
}

// repr writes a value of codec.ParseJSON as Python's pprint does where it has
// room: in one line, keys sorted.
func repr(v any) string {
	switch v := v.(type) {
	case codec.Object:
		parts := make([]string, len(v))
		for i, f := range sorted(v) {
			parts[i] = pyRepr(f.Name) + ": " + repr(f.Value)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = repr(e)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case string:
		return pyRepr(v)
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "True"
		}
		return "False"
	case nil:
		return "None"
	}
	return fmt.Sprint(v)
}

func sorted(o codec.Object) codec.Object {
	o = slices.Clone(o)
	slices.SortStableFunc(o, func(a, b codec.Field) int { return strings.Compare(a.Name, b.Name) })
	return o
}

// pretty prints values as Python's pprint does in its compact form.
type pretty struct {
	w     *strings.Builder
	width int
}

// pprint writes a value for people: Python's notation, in lines of at most
// width characters where that can be done.
func pprint(w io.Writer, v any, width int) error {
	p := pretty{w: &strings.Builder{}, width: width}
	p.value(v, 0, 0)
	p.w.WriteByte('\n')
	_, err := io.WriteString(w, p.w.String())
	return err
}

// value writes v at a column; behind it room is left for so many characters.
func (p *pretty) value(v any, column, room int) {
	line := repr(v)
	if utf8.RuneCountInString(line) <= p.width-column-room {
		p.w.WriteString(line)
		return
	}
	switch v := v.(type) {
	case codec.Object:
		p.w.WriteByte('{')
		p.fields(sorted(v), column+1, room+1)
		p.w.WriteByte('}')
	case []any:
		p.w.WriteByte('[')
		p.elements(v, column+1, room+1)
		p.w.WriteByte(']')
	default:
		p.w.WriteString(line)
	}
}

func (p *pretty) newline(column int) { p.w.WriteString(",\n" + strings.Repeat(" ", column)) }

func (p *pretty) fields(o codec.Object, column, room int) {
	for i, f := range o {
		key := pyRepr(f.Name) + ": "
		p.w.WriteString(key)
		behind := 1
		if i == len(o)-1 {
			behind = room
		}
		p.value(f.Value, column+utf8.RuneCountInString(key), behind)
		if i < len(o)-1 {
			p.newline(column)
		}
	}
}

// elements puts as many elements on a line as there is room for.
func (p *pretty) elements(list []any, column, room int) {
	full := p.width - column + 1
	left := full
	first, fresh := true, false // at the very beginning; behind an element of several lines
	for i, e := range list {
		last := i == len(list)-1
		if last {
			full -= room
			left -= room
		}
		line := repr(e)
		need := utf8.RuneCountInString(line) + len(", ")
		wrap := fresh
		if left < need {
			left = full
			wrap = true
		}
		switch {
		case first:
		case wrap || left < need:
			p.newline(column)
		default:
			p.w.WriteString(", ")
		}
		first = false
		if fresh = left < need; !fresh {
			left -= need
			p.w.WriteString(line)
			continue
		}
		behind := 1
		if last {
			behind = room
		}
		p.value(e, column, behind)
	}
}

// appendPyJSON appends JSON in the form Python's json.dumps gives it: a space
// behind each comma and colon, and nothing but ASCII. text is valid JSON without
// line breaks outside of strings.
func appendPyJSON(dst, text []byte) []byte {
	inString := false
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRune(text[i:])
			dst = appendEscaped(dst, r)
			i += n
			continue
		case inString && c == '\\' && i+1 < len(text):
			dst = append(dst, c, text[i+1])
			i += 2
			continue
		case c == '"':
			inString = !inString
			dst = append(dst, c)
		case inString:
			dst = append(dst, c)
		case c == ',' || c == ':':
			dst = append(dst, c, ' ')
		case c == ' ' || c == '\n' || c == '\t' || c == '\r':
		default:
			dst = append(dst, c)
		}
		i++
	}
	return dst
}

func appendEscaped(dst []byte, r rune) []byte {
	if r < 0x10000 {
		return fmt.Appendf(dst, `\u%04x`, r)
	}
	r -= 0x10000
	return fmt.Appendf(dst, `\u%04x\u%04x`, 0xd800+(r>>10), 0xdc00+(r&0x3ff))
}

// appendQuoted appends a text as a JSON string.
func appendQuoted(dst []byte, s string) []byte {
	quoted, err := json.Marshal(s)
	if err != nil {
		return strconv.AppendQuoteToASCII(dst, s) // no text can do that
	}
	return append(dst, quoted...)
}
