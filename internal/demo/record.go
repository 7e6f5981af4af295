package demo

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/layers"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// recorder hands on the events of one demo, each to its end before the next. Its
// methods may be called from any goroutine.
type recorder struct {
	demo    string
	generic *layers.Generic

	mu   sync.Mutex
	emit func(Event)
	seen map[string]bool // messages shown by layer before
}

func newRecorder(demo string, emit func(Event)) *recorder {
	return &recorder{demo: demo, emit: emit, generic: layers.NewGeneric(), seen: map[string]bool{}}
}

func (r *recorder) add(e Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e.Demo = r.demo
	if e.Bytes != nil {
		key := e.Kind + shape(e.Bytes, e.schema)
		// What the library asks about nlctrl itself is not what is to be shown.
		aside := strings.HasSuffix(e.Text, "FAMILY "+genetlink.ControllerName)
		e.brief = r.seen[key] || aside
		if !aside {
			r.seen[key] = true
		}
	}
	r.emit(e)
}

func (r *recorder) title(text string)   { r.add(Event{Kind: Title, Text: text}) }
func (r *recorder) explain(text string) { r.add(Event{Kind: Explain, Text: text}) }
func (r *recorder) fact(format string, args ...any) {
	r.add(Event{Kind: Fact, Text: fmt.Sprintf(format, args...)})
}
func (r *recorder) log(text string)         { r.add(Event{Kind: Log, From: kernelName, Text: text}) }
func (r *recorder) output(who, text string) { r.add(Event{Kind: Output, From: who, Text: text}) }
func (r *recorder) done(text string)        { r.add(Event{Kind: Finished, Text: text}) }

// kernelName is what events call the kernel side.
const kernelName = "kernel"

// client returns the options of a socket whose datagrams are recorded under
// that name.
func (r *recorder) client(who string, p wire.Protocol, o netlink.Options) *netlink.Options {
	o.Tap = func(d netlink.Direction, b []byte) {
		e := Event{Kind: Send, From: who, To: kernelName}
		if d == netlink.Received {
			e = Event{Kind: Receive, From: kernelName, To: who}
		}
		e.Bytes = slices.Clone(b)
		e.schema = plainSchema{}
		if p == wire.Generic {
			r.learn(b)
			e.schema = r.generic
		}
		e.Text = summary(b, e.schema)
		r.add(e)
	}
	return &o
}

// shape names the layers of a datagram, whatever the values in them: messages
// of the same shape look the same to a reader.
func shape(datagram []byte, s layers.Schema) string {
	var b strings.Builder
	for _, p := range layers.Parts(datagram, s) {
		if p.Depth == 0 {
			fmt.Fprintf(&b, " %v %s", p.Layer, p.Name)
		}
	}
	return b.String()
}

// learn looks for the number of DOC_EXMPL in what the controller answers.
func (r *recorder) learn(datagram []byte) {
	for m, err := range wire.Messages(datagram) {
		if err != nil || m.Type() != genetlink.ControllerID {
			return
		}
		g, err := genetlink.Parse(m, 0)
		if err != nil {
			return
		}
		if f, err := genetlink.ParseFamily(g.Attrs); err == nil && f.Name == FamilyName {
			r.generic.Add(f.ID, exampleFamily)
		}
	}
}

// summary says in a few words what a datagram is: the text it carries, where it
// carries one.
func summary(datagram []byte, s layers.Schema) string {
	var words []string
	for _, p := range layers.Parts(datagram, s) {
		if p.Depth > 0 {
			continue
		}
		switch {
		case p.Layer == layers.ErrorNumber && strings.HasPrefix(p.Head, "error 0:"):
			return "ACK"
		case p.Layer == layers.ErrorNumber:
			return p.Head
		case p.Layer == layers.Payload, p.Name == "MSG" && p.Layer == layers.Attribute:
			return bareText(p.Value)
		case p.Layer == layers.MessageHeader, p.Layer == layers.GenericHeader:
			words = append(words, p.Name)
		case p.Name == "FAMILY_NAME":
			words = append(words, bareText(p.Value))
		}
	}
	return strings.Join(words, " ")
}

// bareText takes the quotes off what package layers made of a string.
func bareText(v string) string {
	if i, j := strings.IndexByte(v, '"'), strings.LastIndexByte(v, '"'); i >= 0 && i < j {
		return v[i+1 : j]
	}
	return v
}
