package trace

import (
	"bytes"
	"fmt"
	"io"
	"sync"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/layers"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

// Options say how a [Tracer] writes.
type Options struct {
	Color bool
	Width int // columns to keep to; 0 for any
}

// Tracer writes what a socket sends and receives. Its Tap may be used by several
// goroutines at once.
type Tracer struct {
	mu      sync.Mutex
	w       io.Writer
	options Options
	schema  *schema
	began   bool
	ended   bool
}

// New returns a Tracer that writes to w and names things by spec.
func New(w io.Writer, spec *ynl.Spec, o Options) *Tracer {
	return &Tracer{w: w, options: o, schema: newSchema(spec)}
}

// Tap is for netlink.Options.Tap. A failure to write is not reported: the
// messages are what matters, and not their trace.
func (t *Tracer) Tap(d netlink.Direction, datagram []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return
	}
	t.schema.learn(d, datagram)
	var b bytes.Buffer
	if t.began {
		b.WriteByte('\n')
	}
	t.began = true
	way := "sent"
	if d == netlink.Received {
		way = "received"
	}
	fmt.Fprintf(&b, "%s %d bytes\n", way, len(datagram))
	style := layers.Style{Indent: "  ", Color: t.options.Color, Width: t.options.Width}
	if err := layers.Render(&b, datagram, t.schema, style); err != nil {
		return
	}
	_, _ = t.w.Write(b.Bytes())
}

// End ends the trace: what comes after it is not what was asked for. It works on
// a nil Tracer too.
func (t *Tracer) End() {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
}

// schema names the messages of one family, and those of nlctrl beside them.
type schema struct {
	spec    *ynl.Spec
	generic *layers.Generic
	id      wire.Type // of a generic netlink family, 0 while it is not known
	asked   map[uint32]*ynl.Op
	sets    *sets
}

func newSchema(spec *ynl.Spec) *schema {
	s := &schema{spec: spec, generic: layers.NewGeneric(), asked: map[uint32]*ynl.Op{}, sets: newSets()}
	if spec.Name == genetlink.ControllerName {
		s.id = wire.Type(genetlink.ControllerID)
	}
	return s
}

// maxAsked bounds the requests that are remembered to read their replies.
const maxAsked = 1 << 12

// learn remembers what was asked, to read the replies by it, and the number of
// the family.
func (s *schema) learn(d netlink.Direction, datagram []byte) {
	for m, err := range wire.Messages(datagram) {
		if err != nil {
			return
		}
		if d == netlink.Sent {
			if len(s.asked) >= maxAsked {
				clear(s.asked)
			}
			if id, ok := s.number(m); ok {
				s.asked[m.Seq()] = s.spec.Request(id)
			} else {
				delete(s.asked, m.Seq())
			}
			continue
		}
		if s.id != 0 || s.spec.IsRaw() || m.Type() != wire.Type(genetlink.ControllerID) {
			continue
		}
		if data := m.Data(); len(data) >= genetlink.HeaderLen {
			if f, err := genetlink.ParseFamily(data[genetlink.HeaderLen:]); err == nil && f.Name == s.spec.Name {
				s.id = wire.Type(f.ID)
			}
		}
	}
}

// number returns the number of a message of the family: its type, or its
// command.
func (s *schema) number(m wire.Message) (uint16, bool) {
	if m.Type().IsControl() {
		return 0, false
	}
	if s.spec.IsRaw() {
		return uint16(m.Type()), true
	}
	data := m.Data()
	if m.Type() != s.id || s.id == 0 || len(data) == 0 {
		return 0, false
	}
	return uint16(data[0]), true
}

// Describe makes a *schema a layers.Schema.
func (s *schema) Describe(m wire.Message) layers.Description {
	id, ok := s.number(m)
	if !ok {
		return s.generic.Describe(m)
	}
	op := s.asked[m.Seq()]
	if op == nil && m.Flags().Has(wire.Request) {
		op = s.spec.Request(id)
	}
	if op == nil {
		op = s.spec.Incoming(id)
	}
	d := layers.Description{Generic: !s.spec.IsRaw(), Verb: verb(m.Flags(), op)}
	header := s.spec.Header
	if op != nil {
		d.Type, d.Set, header = op.Name, s.sets.of(op.Set), op.Header
	}
	if d.Generic {
		d.Command, d.Type = d.Type, s.spec.Name
	}
	if header != nil {
		d.HeaderLen, d.Header = header.Size, members(header)
	}
	return d
}

// verb says how the upper flags of a message are to be read.
func verb(f wire.Flags, op *ynl.Op) wire.Verb {
	switch {
	case op == nil, !f.Has(wire.Request):
		return wire.VerbGet
	case op.Dump == nil && f&(wire.Replace|wire.Excl|wire.Create|wire.Append) != 0, f&(wire.Create|wire.Append) != 0:
		return wire.VerbNew
	}
	return wire.VerbGet
}
