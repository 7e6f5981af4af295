package client

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

// AttrPolicy is what the kernel accepts as one attribute of a request.
type AttrPolicy struct {
	Name string // by the spec, or "attr-7"
	ID   uint16
	Attr *ynl.Attr // nil where the spec does not know it
	netlink.AttrPolicy
	Inside []AttrPolicy // of a nest: what it may hold, by number
	// Cut says that Inside is left out because the nest may lie in itself: what
	// it may hold stands further out.
	Cut bool
}

// Policy asks the kernel what an operation accepts, as do or as dump: attributes
// in the order of their numbers, with the names of the spec, and in nests what
// those may hold. It reports false where the kernel tells of no policy; of raw
// families it never does.
func (c *Client) Policy(ctx context.Context, op string, dump bool) ([]AttrPolicy, bool, error) {
	t, err := c.resolve(&Request{Op: op, AnyMode: true}, dump)
	if err != nil {
		return nil, false, err
	}
	if c.gen == nil {
		return nil, false, nil
	}
	f, err := c.gen.Family(ctx, c.spec.Name)
	if err != nil {
		return nil, false, err
	}
	p, err := c.policies(ctx, f, &t)
	if err != nil || p == nil {
		return nil, false, err
	}
	o, _ := p.Op(uint32(t.id))
	index, ok := o.Do, o.HasDo
	if dump {
		index, ok = o.Dump, o.HasDump
	}
	if !ok {
		return nil, false, nil
	}
	w := policyWalk{policies: p}
	return w.set(p.Sets[index], t.layout.Set, []uint32{index}), true, nil
}

// policies asks for the policies of one operation; it returns nil where there is
// none. The request is the one that the kernel's own client makes, by the
// family's number.
func (c *Client) policies(ctx context.Context, f *genetlink.Family, t *target) (*genetlink.Policies, error) {
	var b wire.Builder
	genetlink.Begin(&b, genetlink.ControllerID, wire.Ack, genetlink.Header{Cmd: genetlink.CtrlGetPolicy, Version: 1}, nil)
	b.Uint16(genetlink.CtrlAttrFamilyID, f.ID)
	b.Uint32(genetlink.CtrlAttrOp, uint32(t.id))
	req, err := b.Bytes()
	if err != nil {
		return nil, err
	}
	p := &genetlink.Policies{}
	for m, err := range c.nl.Dump(ctx, req) {
		if errors.Is(err, netlink.ENODATA) {
			return nil, nil
		}
		if err == nil {
			var g genetlink.Message
			if g, err = genetlink.Parse(m, 0); err == nil {
				err = p.Add(g.Attrs)
			}
		}
		if err != nil {
			if e, ok := errors.AsType[*netlink.Error](err); ok {
				e.Op = "policy of " + c.spec.Name + " " + t.name
			}
			return nil, err
		}
	}
	for i := range p.Ops {
		// An operation that can only dump comes without its number, 0.
		if o := &p.Ops[i]; o.Op == 0 && !o.HasDo && o.HasDump {
			o.Op = uint32(t.id)
		}
	}
	return p, nil
}

// policyWalk goes through the sets of a family.
type policyWalk struct {
	policies *genetlink.Policies
	count    int // attributes so far
}

// maxPolicies bounds the walk: sets may refer to each other in so many ways that
// a few of them make a tree without end.
const maxPolicies = 1 << 16

// set lists what a set accepts. way are the sets it lies in, and itself.
func (w *policyWalk) set(set genetlink.AttrSet, names *ynl.AttrSet, way []uint32) []AttrPolicy {
	out := make([]AttrPolicy, 0, len(set))
	for _, id := range slices.Sorted(maps.Keys(set)) {
		w.count++
		p := AttrPolicy{ID: id, AttrPolicy: set[id], Attr: names.ByID(id)}
		p.Name = "attr-" + strconv.Itoa(int(id))
		var inside *ynl.AttrSet
		if p.Attr != nil {
			p.Name, inside = p.Attr.Name, p.Attr.Nested
		}
		if nested, ok := w.policies.Nested(p.AttrPolicy); ok {
			if slices.Contains(way, p.Nested) || w.count > maxPolicies {
				p.Cut = true
			} else {
				p.Inside = w.set(nested, inside, append(way[:len(way):len(way)], p.Nested))
			}
		}
		out = append(out, p)
	}
	return out
}
