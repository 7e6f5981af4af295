package family_test

import (
	"fmt"
	"reflect"
	"sync"
	"testing"

	"github.com/nlkit/nlkit/family/internal/catalogue"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/codec"
	"github.com/nlkit/nlkit/ynl/specs"
)

// pair is a message in both worlds: the Go type, and what package codec reads it
// with.
type pair struct {
	catalogue.Message
	spec   *ynl.Spec
	layout codec.Layout
	// listed are the attributes that a generic netlink family's request has fields
	// for; nil where they are those of the whole set.
	listed map[*ynl.Attr]bool
}

// all are the pairs of all messages of all families, in a fixed order.
var all = sync.OnceValue(func() []*pair {
	families := map[string]*nl.Family{}
	for _, f := range catalogue.Families() {
		families[f.Name] = f
	}
	var list []*pair
	for _, name := range specs.Names() {
		s, err := specs.Open(name)
		if err != nil {
			panic(err)
		}
		for _, m := range catalogue.Messages(families[s.Name]) {
			op := s.Op(m.Name)
			p := &pair{Message: m, spec: s, layout: codec.Of(op)}
			if m.Role == catalogue.Request && !s.IsRaw() {
				p.listed = map[*ynl.Attr]bool{}
				mode := op.Do
				if m.Op.Dump {
					mode = op.Dump
				}
				if mode.Request != nil {
					for _, a := range mode.Request.Attrs {
						p.listed[a] = true
					}
				}
			}
			list = append(list, p)
		}
	}
	return list
})

// types are the pairs of all types, each type once.
var types = sync.OnceValue(func() []*pair {
	var list []*pair
	seen := map[reflect.Type]bool{}
	for _, p := range all() {
		if t := p.Type(); !seen[t] {
			seen[t] = true
			list = append(list, p)
		}
	}
	return list
})

// TestPairs guards what the other tests rest on: that there is much to compare.
func TestPairs(t *testing.T) {
	attrs := 0
	for _, p := range types() {
		if p.layout.Set != nil {
			attrs += len(p.layout.Set.Attrs)
		}
		if p.layout.Set == nil && p.layout.Header == nil && p.Role != catalogue.Request {
			t.Errorf("%s: nothing is known of it", p)
		}
	}
	if len(types()) < 300 || attrs < 5000 {
		t.Errorf("%d types with %d attributes: that cannot be all", len(types()), attrs)
	}
	t.Logf("%d messages of %d types, %d attributes", len(all()), len(types()), attrs)
}

func (p *pair) typeName() string { return fmt.Sprintf("%s (%s)", p.Type(), p) }
