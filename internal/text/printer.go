package text

import (
	"io"
	"strconv"
	"strings"

	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/codec"
)

// Options say how a [Printer] writes.
type Options struct {
	Color bool // use ANSI colours
	Width int  // columns to keep to; 0 is 80
	// Interface names an interface of the namespace that the messages come from,
	// and returns "" for an index it does not know. May be nil.
	Interface func(index uint32) string
}

// Printer writes messages as blocks of lines. It is for one goroutine at a
// time.
type Printer struct {
	w       io.Writer
	options Options
	buf     []byte
	begun   bool
	scratch []cell // reused between messages
}

// NewPrinter returns a Printer that writes to w, each message with one call.
func NewPrinter(w io.Writer, o Options) *Printer {
	if o.Width <= 0 {
		o.Width = 80
	}
	return &Printer{w: w, options: o}
}

// Message writes one message under its title, the name of what was asked for or
// of what has happened.
func (p *Printer) Message(title string, o codec.Object) error {
	title = printable(title)
	if subject, _ := p.subject(o); subject != "" {
		title += "  " + subject
	}
	return p.block(title, o)
}

// Entry writes one message of many alike: under what it is about, and under the
// title only where that cannot be told.
func (p *Printer) Entry(title string, o codec.Object) error {
	title = printable(title)
	if subject, _ := p.subject(o); subject != "" {
		title = subject
	}
	return p.block(title, o)
}

// Note writes a line between the messages, such as that some were lost.
func (p *Printer) Note(line string) error {
	p.buf = p.buf[:0]
	p.separate()
	p.paint(styleNote, line)
	p.buf = append(p.buf, '\n')
	_, err := p.w.Write(p.buf)
	return err
}

func (p *Printer) separate() {
	if p.begun {
		p.buf = append(p.buf, '\n')
	}
	p.begun = true
}

func (p *Printer) block(title string, o codec.Object) error {
	p.buf = p.buf[:0]
	p.separate()
	p.paint(styleTitle, title)
	p.buf = append(p.buf, '\n')
	p.object(o, 1)
	_, err := p.w.Write(p.buf)
	return err
}

// style is what a piece of text is, for its colour.
type style uint8

const (
	stylePlain style = iota
	styleTitle
	styleName
	styleNest
	styleZero // says little: a number that is 0, a flag that none is set
	styleRaw  // bytes that could not be read
	styleNote
)

// colors are ANSI codes. Values are in the terminal's own colour.
var colors = [...]string{
	stylePlain: "", styleTitle: "1", styleName: "36", styleNest: "36;1", styleZero: "90", styleRaw: "33", styleNote: "35",
}

func (p *Printer) paint(s style, text string) {
	code := colors[s]
	if !p.options.Color || code == "" || text == "" {
		p.buf = append(p.buf, text...)
		return
	}
	p.buf = append(p.buf, "\x1b["...)
	p.buf = append(p.buf, code...)
	p.buf = append(p.buf, 'm')
	p.buf = append(p.buf, text...)
	p.buf = append(p.buf, "\x1b[0m"...)
}

func (p *Printer) spaces(n int) {
	for range n {
		p.buf = append(p.buf, ' ')
	}
}

const indentWidth = 2

// maxDepth is where indentation stops to grow, so that deep nests stay in the
// line.
const maxDepth = 12

func indentOf(depth int) int { return indentWidth * min(depth, maxDepth) }

// object writes what a message or a nest holds: what fits a line first, then the
// nests.
func (p *Printer) object(o codec.Object, depth int) {
	all := siblingsOf(o)
	first := len(p.scratch)
	for i := range o {
		if c, ok := p.cellOf(o, all, i); ok {
			p.scratch = append(p.scratch, c)
		}
	}
	p.grid(p.scratch[first:], depth)
	p.scratch = p.scratch[:first]
	for i := range o {
		if !all[i].scalar {
			p.nest(&o[i], all[i], depth)
		}
	}
}

// cellOf makes the cell of a field, unless it is a nest or was joined to one
// before. all are the siblings in o.
func (p *Printer) cellOf(o codec.Object, all []sibling, i int) (c cell, ok bool) {
	f := &o[i]
	if !all[i].scalar || all[i].n > 0 || isPadding(f) {
		return c, false
	}
	elsewhere := isElsewhere(o, f.Name)
	c = cell{name: printable(f.Name), value: p.valueOf(f, elsewhere)}
	if all[i].next == 0 {
		return c, true
	}
	texts := []string{c.value.text}
	for j := all[i].next; j != 0; j = all[j].next {
		next := p.valueOf(&o[j], elsewhere)
		texts = append(texts, next.text)
		c.value.style = max(c.value.style, next.style)
	}
	c.value.number = false
	c.value.text = strings.Join(texts, ", ")
	return c, true
}

// isPadding reports whether a field is an attribute that only aligns the next.
func isPadding(f *codec.Field) bool { return f.Attr != nil && f.Attr.Type == ynl.Pad }

// nest writes a field that takes lines of its own.
func (p *Printer) nest(f *codec.Field, s sibling, depth int) {
	switch v := f.Value.(type) {
	case codec.Object:
		label := f.Name
		if s.several {
			label += " [" + strconv.Itoa(s.n) + "]"
		}
		if s.several && p.inline(label, v, depth) {
			return
		}
		p.label(label, depth)
		p.object(v, depth+1)
	case codec.Array:
		for _, el := range v {
			p.element(f, f.Name+" ["+strconv.Itoa(int(el.Index))+"]", el.Value, depth)
		}
	case []any:
		for j, el := range v {
			p.element(f, f.Name+" ["+strconv.Itoa(j)+"]", el, depth)
		}
	}
}

func (p *Printer) element(f *codec.Field, label string, v any, depth int) {
	if isScalar(v) {
		c := cell{name: printable(label), value: p.value(f, v)}
		p.grid([]cell{c}, depth)
		return
	}
	if o, ok := v.(codec.Object); ok && p.inline(label, o, depth) {
		return
	}
	p.label(label, depth)
	switch v := v.(type) {
	case codec.Object:
		p.object(v, depth+1)
	default:
		inner := *f
		inner.Value = v
		p.nest(&inner, sibling{}, depth+1)
	}
}

// inline writes a small element of a list in one line, if it fits.
func (p *Printer) inline(label string, o codec.Object, depth int) bool {
	first := len(p.scratch)
	defer func() { p.scratch = p.scratch[:first] }()
	total := indentOf(depth) + width(label)
	all := siblingsOf(o)
	for i := range o {
		if !all[i].scalar {
			return false
		}
		if c, ok := p.cellOf(o, all, i); ok {
			p.scratch = append(p.scratch, c)
			total += columnGap + c.width()
		}
	}
	cells := p.scratch[first:]
	if len(cells) > maxInline || total > p.options.Width {
		return false
	}
	p.spaces(indentOf(depth))
	p.paint(styleNest, printable(label))
	for i := range cells {
		p.spaces(columnGap)
		p.paint(styleName, cells[i].name)
		p.spaces(nameGap)
		p.paint(cells[i].value.style, cells[i].value.text)
	}
	p.buf = append(p.buf, '\n')
	return true
}

// maxInline is how many values an element in one line has at most.
const maxInline = 6

func (p *Printer) label(label string, depth int) {
	p.spaces(indentOf(depth))
	p.paint(styleNest, printable(label))
	p.buf = append(p.buf, '\n')
}

// isScalar reports whether a value fits a cell: it is no nest, no list of nests,
// or it is empty.
func isScalar(v any) bool {
	switch v := v.(type) {
	case codec.Object:
		return len(v) == 0
	case codec.Array:
		for _, el := range v {
			if o, ok := el.Value.(codec.Object); ok && len(o) > 0 || !isScalar(el.Value) {
				return false
			}
		}
	case []any:
		for _, el := range v {
			if !isScalar(el) {
				return false
			}
		}
	}
	return true
}

// printable quotes what would spoil a terminal.
func printable(s string) string {
	q := strconv.Quote(s)
	if q[1:len(q)-1] == s {
		return s
	}
	return q[1 : len(q)-1]
}
