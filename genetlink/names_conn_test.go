package genetlink_test

import (
	"errors"
	"iter"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
)

// TestErrorNames: an error tells attributes by the names of who asked.
func TestErrorNames(t *testing.T) {
	header := sim.Policy{1: {Kind: sim.U32}, 2: {Kind: sim.NulString, Len: 15}}
	fill := func(*sim.Request) error { return nil }
	k := newKernel(t)
	register(t, k, sim.Family{
		Name: "named", HeaderLen: 4, Policy: sim.Policy{1: {Kind: sim.Nested, Nested: header}, 2: {Kind: sim.NulString}},
		Ops: []sim.Op{
			{Cmd: 1, Do: fill, Dump: func(*sim.Request) iter.Seq2[sim.Entry, error] {
				return func(func(sim.Entry, error) bool) {}
			}},
			{Cmd: 2, Do: func(r *sim.Request) error {
				nest, _ := r.Attr(1)
				r.SetMissing(2, nest)
				return netlink.EINVAL
			}},
			{Cmd: 3, Dump: func(r *sim.Request) iter.Seq2[sim.Entry, error] {
				return func(yield func(sim.Entry, error) bool) {
					a, _ := r.Attr(2)
					r.SetBadAttr(a)
					yield(nil, netlink.EINVAL)
				}
			}},
		},
	})
	names := genetlink.Names{
		1: {Name: "header", Nested: genetlink.Names{1: {Name: "dev-index"}, 2: {Name: "dev-name"}}},
		2: {Name: "msg"},
	}
	nested := func(fill func(b *wire.Builder)) func(b *wire.Builder) {
		return func(b *wire.Builder) {
			n := b.Nest(1)
			fill(b)
			b.End(n)
		}
	}
	name := func(b *wire.Builder) { b.Text(2, "a name that is far too long") }
	long := nested(name)
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	do := func(r genetlink.Request) error { _, err := c.Do(ctx, r, nil); return err }
	dump := func(r genetlink.Request) (err error) {
		for _, err = range c.Dump(ctx, r) {
		}
		return err
	}
	tests := []struct {
		name          string
		ask           func(genetlink.Request) error
		req           genetlink.Request
		attr, missing string
	}{
		{"in a nest", do, genetlink.Request{Family: "named", Cmd: 1, Attrs: long, Names: names}, ".header.dev-name", ""},
		{"in a nest, dump refused", dump, genetlink.Request{Family: "named", Cmd: 1, Attrs: long, Names: names}, ".header.dev-name", ""},
		{"user header given", do, genetlink.Request{Family: "named", Cmd: 1, User: []byte{1, 2, 3, 4}, Attrs: long, Names: names}, ".header.dev-name", ""},
		{"missing in a nest", do, genetlink.Request{Family: "named", Cmd: 2, Attrs: nested(func(b *wire.Builder) { b.Uint32(1, 1) }), Names: names}, "", ".header.dev-name"},
		{"missing", do, genetlink.Request{Family: "named", Cmd: 2, Names: names}, "", ".msg"},
		{"dump fails", dump, genetlink.Request{Family: "named", Cmd: 3, Attrs: func(b *wire.Builder) { b.Text(2, "x") }, Names: names}, ".msg", ""},
		{"no names", do, genetlink.Request{Family: "named", Cmd: 1, Attrs: long}, "", ""},
		{"the controller's own", do, genetlink.Request{Family: "nlctrl", Cmd: genetlink.CtrlGetFamily, Attrs: name}, ".family-name", ""},
		{"the controller's, renamed", do, genetlink.Request{Family: "nlctrl", Cmd: genetlink.CtrlGetFamily, Attrs: name, Names: genetlink.Names{2: {Name: "mine"}}}, ".mine", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.ask(tt.req)
			e, ok := errors.AsType[*netlink.Error](err)
			if !ok || e.Attr != tt.attr || e.Missing != tt.missing {
				t.Errorf("%v: want attribute %q, missing %q", err, tt.attr, tt.missing)
			}
		})
	}
	// An op the family does not have is told at the attribute that asks for it.
	_, err := c.OpPolicies(ctx, "named", 77)
	if e, ok := errors.AsType[*netlink.Error](err); !ok || e.Attr != ".op" {
		t.Errorf("policies of an unknown op: %v, want attribute .op", err)
	}
}
