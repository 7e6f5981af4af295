package mirror

import (
	_ "embed"
	"sync"

	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/codec"
	"github.com/nlkit/nlkit/ynl/specs"
)

// layoutOf returns the layout of an operation's messages by the catalogue, which is
// read when it is first needed.
func layoutOf(spec, op string) func() codec.Layout {
	return sync.OnceValue(func() codec.Layout {
		s, err := specs.Open(spec)
		if err != nil {
			panic("mirror: the catalogue has no " + spec + ": " + err.Error())
		}
		o := s.Op(op)
		if o == nil {
			panic("mirror: " + spec + " has no " + op)
		}
		return codec.Of(o)
	})
}

//go:embed nexthop.yaml
var nexthopSpec []byte

// nexthopLayout is that of nexthop objects, which the catalogue does not describe.
var nexthopLayout = sync.OnceValue(func() codec.Layout {
	s, err := ynl.Parse("nexthop.yaml", nexthopSpec)
	if err != nil {
		panic("mirror: " + err.Error())
	}
	return codec.Of(s.Op("getnexthop"))
})
