package catalogue

import (
	"fmt"
	"sync"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/codec"
	"github.com/nlkit/nlkit/ynl/specs"
)

// Pair is a message in both worlds: the Go type, and what package codec reads it
// with.
type Pair struct {
	Message
	Spec   *ynl.Spec
	Layout codec.Layout
	// Listed are the attributes that a generic netlink family's request has fields
	// for; nil where they are those of the whole set.
	Listed map[*ynl.Attr]bool
}

// Pairs are those of all messages of all families, in a fixed order. They are
// shared by all callers, who must not change them.
func Pairs() []*Pair { return pairs() }

var pairs = sync.OnceValue(func() []*Pair {
	families := map[string]*nl.Family{}
	for _, f := range Families() {
		families[f.Name] = f
	}
	var list []*Pair
	for _, name := range specs.Names() {
		s, err := specs.Open(name)
		if err != nil {
			panic(err)
		}
		for _, m := range Messages(families[s.Name]) {
			op := s.Op(m.Name)
			p := &Pair{Message: m, Spec: s, Layout: codec.Of(op)}
			if m.Role == Request && !s.IsRaw() {
				p.Listed = map[*ynl.Attr]bool{}
				mode := op.Do
				if m.Op.Dump {
					mode = op.Dump
				}
				if mode.Request != nil {
					for _, a := range mode.Request.Attrs {
						p.Listed[a] = true
					}
				}
			}
			list = append(list, p)
		}
	}
	return list
})

// TypeName names the Go type and the message.
func (p *Pair) TypeName() string { return fmt.Sprintf("%s (%s)", p.Type(), p) }

// Decode reads a payload into a new message.
func (p *Pair) Decode(d *nl.Decoder, payload []byte) nl.Message {
	m := p.New()
	m.DecodeNetlink(d, payload)
	return m
}

// Encode makes the payload of a message.
func Encode(m nl.Message) ([]byte, error) {
	var b wire.Builder
	m.AppendNetlink(&b)
	return b.Bytes()
}
