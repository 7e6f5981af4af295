package layers

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/nlkit/nlkit/wire"
)

// Style says how [Render] prints.
type Style struct {
	Indent string // put before each line
	Color  bool   // use ANSI colours: one per layer
	Width  int    // columns to keep to, by breaking long meanings; 0 for any
}

// rowLen is the number of bytes in a row: the two halves of a message header,
// and few enough for a terminal of 80 columns.
const rowLen = 8

// Render prints a datagram: offset, bytes, layer and meaning, a row for every
// eight bytes. Offsets are hexadecimal. Of more than two rows with the same
// bytes only the first is shown.
func Render(w io.Writer, datagram []byte, s Schema, style Style) error {
	return RenderParts(w, Parts(datagram, s), style)
}

// RenderParts prints parts as Render does.
func RenderParts(w io.Writer, parts []Part, style Style) error {
	b := bufio.NewWriter(w)
	for _, p := range parts {
		for _, r := range fold(wrap(rows(p), style)) {
			line(b, r, style)
		}
	}
	return b.Flush()
}

type row struct {
	layer  Layer
	off    int
	bytes  []byte
	name   string // of the layer, in the first row of a part
	indent int
	text   string
	folded int // stands for that many bytes that repeat the row before
}

// rows splits a part: a short one is one row; a long attribute has its header
// in a row of its own, and a message header has three.
func rows(p Part) []row {
	var out []row
	sizes := []int{rowLen}
	texts := []string{p.Head, p.Value}
	switch {
	case p.Layer == MessageHeader && len(p.Rows) == 3:
		sizes, texts = []int{4, 4, rowLen}, p.Rows
	case p.Layer == Attribute && len(p.Bytes) > rowLen:
		sizes = []int{wire.AttrHeaderLen, rowLen}
	case p.Head == "":
		texts = []string{p.Value}
	case p.Value != "":
		texts = []string{p.Head + ": " + p.Value}
	}
	off := 0
	for i := 0; off < len(p.Bytes); i++ {
		n := min(sizes[min(i, len(sizes)-1)], len(p.Bytes)-off)
		r := row{layer: p.Layer, off: p.Offset + off, bytes: p.Bytes[off : off+n], indent: p.Depth}
		if i == 0 {
			r.name = p.Layer.String()
		}
		if i < len(texts) {
			r.text = texts[i]
		}
		out = append(out, r)
		off += n
	}
	return out
}

// minMeaning is the number of columns left to the meaning, however narrow the
// lines are to be.
const minMeaning = 24

// wrap breaks meanings that are too long. They go on in the rows below as far
// as these have none, then in rows without bytes.
func wrap(in []row, style Style) []row {
	if style.Width <= 0 {
		return in
	}
	const columns = 4 + 2 + (rowLen*3 - 1) + 2 + 10 + 2 // offset, bytes, layer
	var out []row
	var rest []string
	for i, r := range in {
		if r.text == "" && len(rest) > 0 {
			r.text, rest = rest[0], rest[1:]
			out = append(out, r)
		} else {
			room := max(style.Width-len(style.Indent)-columns-2*min(r.indent, maxDepth), minMeaning)
			lines := breakText(r.text, room)
			r.text, rest = lines[0], lines[1:]
			out = append(out, r)
		}
		if i+1 < len(in) && in[i+1].text == "" {
			continue
		}
		for _, text := range rest {
			out = append(out, row{layer: r.layer, indent: r.indent, text: text})
		}
		rest = nil
	}
	return out
}

// breakText breaks s at spaces into lines of at most room characters; a word
// longer than that stays whole. Only the spaces it breaks at are lost.
func breakText(s string, room int) []string {
	var lines []string
	for utf8.RuneCountInString(s) > room {
		at, n := -1, 0
		for i, r := range s {
			if n > room && at >= 0 {
				break
			}
			if r == ' ' && i > 0 {
				at = i
			}
			n++
		}
		if at < 0 {
			break
		}
		lines = append(lines, s[:at])
		s = s[at+1:]
	}
	return append(lines, s)
}

// fold replaces rows that repeat the one before by one that says how many bytes
// they had, where there are two or more of them.
func fold(in []row) []row {
	out := in[:0:0]
	for i := 0; i < len(in); {
		out = append(out, in[i])
		j := i + 1
		n := 0
		for j < len(in) && in[j].text == "" && bytes.Equal(in[j].bytes, in[i].bytes) {
			n += len(in[j].bytes)
			j++
		}
		if j-i > 2 {
			out = append(out, row{layer: in[i].layer, off: in[i+1].off, indent: in[i].indent, folded: n})
			i = j
			continue
		}
		i++
	}
	return out
}

// colors are one per layer: ANSI foreground codes.
var colors = [...]string{
	MessageHeader: "36", GenericHeader: "35", UserHeader: "33", Attribute: "32",
	ErrorNumber: "34", Payload: "32", Padding: "90", Bad: "31",
}

func line(b *bufio.Writer, r row, style Style) {
	hex := fmt.Sprintf("% x", r.bytes)
	if r.folded > 0 {
		hex = "*"
		r.text = fmt.Sprintf("%d bytes more like the row above", r.folded)
	}
	name := fmt.Sprintf("%-10s", r.name)
	text := ""
	if r.text != "" {
		text = strings.Repeat("  ", min(r.indent, maxDepth)) + r.text
	}
	tail := strings.TrimRight(fmt.Sprintf("%s  %s", name, text), " ")
	offset := fmt.Sprintf("%04x", r.off)
	if hex == "" {
		offset = "" // only the meaning goes on
	}
	out := fmt.Sprintf("%s%-4s  %-*s  %s", style.Indent, offset, rowLen*3-1, hex, tail)
	out = strings.TrimRight(out, " ")
	if style.Color && int(r.layer) < len(colors) && colors[r.layer] != "" {
		out = fmt.Sprintf("%s\x1b[%sm%s\x1b[0m", style.Indent, colors[r.layer], out[len(style.Indent):])
	}
	b.WriteString(out)
	b.WriteByte('\n')
}
