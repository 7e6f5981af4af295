package kmod

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// printer writes C text.
type printer struct{ bytes.Buffer }

// p writes a line, or several.
func (w *printer) p(format string, args ...any) {
	fmt.Fprintf(w, format, args...)
	w.WriteByte('\n')
}

// columns is how wide lines are.
const columns = 80

// call writes a list of arguments or parameters behind its head, which ends in an
// open parenthesis, and aligns those that need further lines with the first.
func (w *printer) call(head string, args []string, tail string) {
	w.WriteString(wrapCall(head, args, tail))
	w.WriteByte('\n')
}

func wrapCall(head string, args []string, tail string) string {
	col := width(head)
	var b strings.Builder
	b.WriteString(head)
	at := col
	for i, a := range args {
		end := ", "
		if i == len(args)-1 {
			end = tail
		}
		n := utf8.RuneCountInString(a) + len(strings.TrimRight(strings.SplitN(end, "\n", 2)[0], " "))
		if i > 0 && at+n > columns {
			b.WriteByte('\n')
			b.WriteString(indent(col))
			at = col
		}
		b.WriteString(a)
		at += n + 1
		if i < len(args)-1 {
			b.WriteString(",")
			b.WriteByte(' ')
		}
	}
	b.WriteString(tail)
	return tidy(b.String())
}

// tidy takes blanks off the ends of lines.
func tidy(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t")
	}
	return strings.Join(lines, "\n")
}

// signature is the head of a function. One that leaves no room for parameters has
// its type on a line of its own.
func signature(result, name string, params []string, tail string) string {
	if len(params) == 0 {
		params = []string{"void"}
	}
	head := result
	if !strings.HasSuffix(result, "*") {
		head += " "
	}
	longest := 0
	for _, p := range params {
		longest = max(longest, len(p))
	}
	if width(head+name)+1+longest+len(tail) > columns {
		return result + "\n" + wrapCall(name+"(", params, tail)
	}
	return wrapCall(head+name+"(", params, tail)
}

// width is the column that text ends in.
func width(text string) int {
	if i := strings.LastIndexByte(text, '\n'); i >= 0 {
		text = text[i+1:]
	}
	col := 0
	for _, r := range text {
		if r == '\t' {
			col += 8 - col%8
		} else {
			col++
		}
	}
	return col
}

// indent is white space up to a column.
func indent(col int) string {
	return strings.Repeat("\t", col/8) + strings.Repeat(" ", col%8)
}

// comment writes a comment, on one line if it fits.
func (w *printer) comment(tabs int, text string) {
	text = plain(text)
	if text == "" {
		return
	}
	in := strings.Repeat("\t", tabs)
	if 8*tabs+utf8.RuneCountInString(text)+6 <= columns {
		w.p("%s/* %s */", in, text)
		return
	}
	w.p("%s/*", in)
	for _, line := range fill(text, columns-8*tabs-3) {
		w.p("%s * %s", in, line)
	}
	w.p("%s */", in)
}

// plain makes text of a spec fit for a comment: one paragraph that does not end it.
func plain(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	// First: between * and / they would hide the end of a comment.
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return -1
		}
		return r
	}, text)
	text = strings.ReplaceAll(text, "*/", "* /")
	return strings.ReplaceAll(text, "/*", "/ *")
}

// fill breaks text into lines.
func fill(text string, columns int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= columns:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// section writes the heading of a part of a file.
func (w *printer) section(name string) { w.p("/* ---- %s ---- */\n", name) }
