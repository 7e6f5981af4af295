package show

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Options say how a page is written.
type Options struct {
	Color bool // use ANSI colours
	Width int  // columns to keep to; 0 is 80
}

// The colours: for headings, and for what the kernel says.
const (
	bold  = "\x1b[1m"
	cyan  = "\x1b[36m"
	reset = "\x1b[0m"
)

// maxNames is how wide the column of names becomes; the text of longer ones
// stands further right.
const maxNames = 34

// page collects what is written, and is written with one call.
type page struct {
	o Options
	b strings.Builder
}

func newPage(o Options) *page {
	if o.Width <= 0 {
		o.Width = 80
	}
	return &page{o: o}
}

func (p *page) flush(w io.Writer) error {
	_, err := io.WriteString(w, p.b.String())
	return err
}

func (p *page) color(text, color string) string {
	if !p.o.Color || text == "" || color == "" {
		return text
	}
	return color + text + reset
}

// heading begins a part of the page.
func (p *page) heading(format string, args ...any) {
	if p.b.Len() > 0 {
		p.b.WriteByte('\n')
	}
	p.wrap("", 2, fmt.Sprintf(format, args...), bold)
}

// row is one line of a table: a name, a number, and words about it.
type row struct {
	depth  int
	name   string
	number string
	text   string
	kernel string // what the kernel says of it
	doc    string // what the spec says in words
}

// rows writes a table, its columns as wide as they need to be. Text that does not
// fit into the line goes on below itself.
func (p *page) rows(rows []row, depth int) {
	names, numbers := 0, 0
	for i := range rows {
		r := &rows[i]
		r.name, r.text, r.kernel = clean(r.name), clean(r.text), clean(r.kernel)
		if n := 2*r.depth + utf8.RuneCountInString(r.name); n <= min(maxNames, p.o.Width/2) {
			names = max(names, n)
		}
		numbers = max(numbers, len(r.number))
	}
	for _, r := range rows {
		indent := strings.Repeat("  ", depth+r.depth)
		line := indent + pad(r.name, names-2*r.depth)
		if numbers > 0 {
			line += "  " + strings.Repeat(" ", numbers-len(r.number)) + r.number
		}
		line += "  "
		hang := utf8.RuneCountInString(line)
		kernel := ""
		if r.kernel != "" {
			kernel = "kernel: " + r.kernel
		}
		// What the kernel says stands beside what the spec says where there is
		// room for both.
		if used := hang + utf8.RuneCountInString(r.text); kernel != "" && used+2+len(kernel) <= p.o.Width {
			p.line(line+r.text+"  ", kernel, cyan)
			kernel = ""
		} else {
			p.wrap(line, hang, r.text, "")
		}
		if kernel != "" {
			p.wrap(strings.Repeat(" ", hang), hang, kernel, cyan)
		}
		if r.doc != "" {
			p.wrap(strings.Repeat(" ", hang), hang, r.doc, "")
		}
	}
}

// minText is the least room that is left for text, in columns.
const minText = 20

// wrap writes words behind a line's beginning, and further lines as far to the
// right.
func (p *page) wrap(line string, hang int, text, color string) {
	if hang > p.o.Width-minText {
		hang = max(4, min(hang, p.o.Width-minText))
	}
	at, begun := utf8.RuneCountInString(line), false
	var out strings.Builder
	for _, word := range strings.Fields(clean(text)) {
		n := utf8.RuneCountInString(word)
		switch {
		case !begun:
		case at+1+n > p.o.Width:
			p.line(line, out.String(), color)
			line, at = strings.Repeat(" ", hang), hang
			out.Reset()
		default:
			out.WriteByte(' ')
			at++
		}
		out.WriteString(word)
		at += n
		begun = true
	}
	p.line(line, out.String(), color)
}

func (p *page) line(before, text, color string) {
	p.b.WriteString(strings.TrimRight(before+p.color(text, color), " ") + "\n")
}

func pad(s string, n int) string {
	return s + strings.Repeat(" ", max(0, n-utf8.RuneCountInString(s)))
}

// sentence makes one line of what a spec says in words.
func sentence(doc string) string { return strings.Join(strings.Fields(doc), " ") }

// clean takes out of a spec's text what would spoil a terminal.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, s)
}
