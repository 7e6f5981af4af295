package demo

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/internal/layers"
)

// Printer writes events. The first error of the writer sticks.
type Printer struct {
	w     io.Writer
	json  bool
	color bool
	width int
	err   error
	blank bool // the last line was blank
	intro string
}

// NewTextPrinter prints for people: prose in lines of width columns, in colour
// if so wanted.
func NewTextPrinter(w io.Writer, width int, color bool) *Printer {
	return &Printer{w: w, width: width, color: color}
}

// NewJSONPrinter prints one JSON object per event and line.
func NewJSONPrinter(w io.Writer) *Printer { return &Printer{w: w, json: true} }

// Err returns the writer's first error.
func (p *Printer) Err() error { return p.err }

// Print writes one event, whole.
func (p *Printer) Print(e Event) {
	if p.err != nil {
		return
	}
	if p.json {
		b, err := json.Marshal(e)
		if err == nil {
			_, err = p.w.Write(append(b, '\n'))
		}
		p.err = err
		return
	}
	w := bufio.NewWriter(p.w)
	if p.intro != "" {
		w.WriteString(cli.Wrap(p.intro, "", p.width))
		p.intro = ""
	}
	p.text(w, e)
	p.err = w.Flush()
}

// Intro sets what text begins with: what the demos run on and how to read them.
// It is written with the first event, if there is one.
func (p *Printer) Intro(about string) {
	p.intro = about + " Of messages alike the first is shown with its layers: offset, bytes, layer, meaning. What the library " +
		"asks about nlctrl itself is only named."
}

func (p *Printer) text(w *bufio.Writer, e Event) {
	switch e.Kind {
	case Title:
		fmt.Fprintf(w, "\n%s\n\n", p.paint("1", "== "+e.Text+" =="))
	case Explain:
		if !p.blank {
			w.WriteByte('\n')
		}
		fmt.Fprintf(w, "%s\n", cli.Wrap(e.Text, "", p.width))
	case Send, Receive:
		fmt.Fprintf(w, "  %s -> %s, %d bytes: %s\n", e.From, e.To, len(e.Bytes), e.Text)
		if !e.brief {
			// The writer is a buffer whose error is seen at the end.
			_ = layers.Render(w, e.Bytes, e.schema, layers.Style{Indent: "    ", Color: p.color, Width: p.width})
		}
	case Log:
		fmt.Fprintf(w, "  %s %s\n", p.paint("33", "kernel log |"), e.Text)
	case Output:
		fmt.Fprintf(w, "  %s prints | %s\n", e.From, p.paint("1", e.Text))
	case Instruct:
		fmt.Fprintf(w, "  %s %s\n", p.paint("1;33", "now type, in another terminal |"), e.Text)
	case Overrun:
		p.hanging(w, "31", "overrun:", e.Text)
	case Finished:
		w.WriteByte('\n')
		p.hanging(w, "32", "done:", e.Text)
	default:
		w.WriteString("  * " + strings.TrimPrefix(cli.Wrap(e.Text, "    ", p.width), "    "))
	}
	p.blank = e.Kind == Title || e.Kind == Explain
}

// hanging writes a coloured label and text, broken into lines only where it is
// too long for one.
func (p *Printer) hanging(w *bufio.Writer, code, label, text string) {
	tail := " " + text + "\n"
	if len("  "+label+tail) > p.width+1 {
		tail = strings.TrimPrefix(cli.Wrap(label+" "+text, "    ", p.width), "    "+label)
	}
	w.WriteString("  " + p.paint(code, label) + tail)
}

func (p *Printer) paint(code, s string) string {
	if !p.color {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}
