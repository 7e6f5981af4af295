package layers

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Style says how [Render] prints.
type Style struct {
	Indent string // put before each line
	Color  bool   // use ANSI colours: one per layer
}

// rowLen is the number of bytes in a row: the two halves of a message header,
// and few enough for a terminal of 80 columns.
const rowLen = 8

// Render prints a datagram: offset, bytes, layer and meaning, a row for every
// eight bytes. Offsets are hexadecimal.
func Render(w io.Writer, datagram []byte, s Schema, style Style) error {
	return RenderParts(w, Parts(datagram, s), style)
}

// RenderParts prints parts as Render does.
func RenderParts(w io.Writer, parts []Part, style Style) error {
	b := bufio.NewWriter(w)
	for _, p := range parts {
		for _, r := range rows(p) {
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
}

// rows splits a part: a short one is one row; a long attribute has its header
// in a row of its own.
func rows(p Part) []row {
	first := rowLen
	head, rest := p.Head, p.Value
	switch {
	case p.Layer == Attribute && len(p.Bytes) > rowLen:
		first = 4
	case p.Layer == MessageHeader:
	case rest != "" && head != "":
		head, rest = head+": "+rest, ""
	case rest != "":
		head, rest = rest, ""
	}
	out := []row{{name: p.Layer.String(), text: head}}
	n := min(first, len(p.Bytes))
	out[0].bytes = p.Bytes[:n]
	for b := p.Bytes[n:]; len(b) > 0; {
		n := min(rowLen, len(b))
		out = append(out, row{bytes: b[:n], text: rest})
		rest = ""
		b = b[n:]
	}
	off := p.Offset
	for i := range out {
		out[i].layer, out[i].off, out[i].indent = p.Layer, off, p.Depth
		off += len(out[i].bytes)
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
	name := fmt.Sprintf("%-11s", r.name)
	text := ""
	if r.text != "" {
		text = strings.Repeat("  ", min(r.indent, maxDepth)) + r.text
	}
	tail := strings.TrimRight(fmt.Sprintf("%s  %s", name, text), " ")
	out := fmt.Sprintf("%s%04x  %-*s  %s", style.Indent, r.off, rowLen*3-1, hex, tail)
	out = strings.TrimRight(out, " ")
	if style.Color && int(r.layer) < len(colors) && colors[r.layer] != "" {
		out = fmt.Sprintf("%s\x1b[%sm%s\x1b[0m", style.Indent, colors[r.layer], out[len(style.Indent):])
	}
	b.WriteString(out)
	b.WriteByte('\n')
}
