package genetlink

import (
	"errors"
	"fmt"
	"slices"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// AttrSet says what the kernel accepts in one set of attributes, by attribute
// number. Attributes it would refuse are not in it.
type AttrSet map[uint16]netlink.AttrPolicy

// OpPolicy says which attribute sets an operation takes. The indexes are keys
// of Policies.Sets.
type OpPolicy struct {
	Op             uint32
	HasDo, HasDump bool
	Do, Dump       uint32
}

// Policies is the kernel's answer to CTRL_CMD_GETPOLICY: what the operations of
// a family accept. An attribute that is a nest refers to its own set by
// AttrPolicy.Nested. Sets may refer to themselves, at once or through others:
// whoever walks down them has to stop somewhere.
type Policies struct {
	Ops  []OpPolicy // in the kernel's order; only those that have a policy
	Sets map[uint32]AttrSet
}

// Op returns the sets an operation takes. It reports false if the operation
// has no policy.
func (p *Policies) Op(id uint32) (OpPolicy, bool) {
	for _, o := range p.Ops {
		if o.Op == id {
			return o, true
		}
	}
	return OpPolicy{}, false
}

// Do returns what an operation accepts in a request for one thing. It reports
// false if that has no policy. An empty set accepts no attributes.
func (p *Policies) Do(op uint32) (AttrSet, bool) {
	o, _ := p.Op(op)
	return p.Sets[o.Do], o.HasDo
}

// Dump returns what an operation accepts in a dump request, as Do.
func (p *Policies) Dump(op uint32) (AttrSet, bool) {
	o, _ := p.Op(op)
	return p.Sets[o.Dump], o.HasDump
}

// Nested returns the set of a nest. It reports false if a is no nest or the
// kernel did not say what is in it.
func (p *Policies) Nested(a netlink.AttrPolicy) (AttrSet, bool) {
	if !a.HasNested {
		return nil, false
	}
	set, ok := p.Sets[a.Nested]
	return set, ok
}

// Add decodes the attributes of one message of the dump and adds what it says
// to p. The zero Policies is ready for it. Attributes it does not know are
// skipped.
func (p *Policies) Add(attrs []byte) error {
	for a, err := range wire.Attrs(attrs) {
		if err == nil {
			switch a.Type() {
			case CtrlAttrOpPolicy:
				err = p.addOps(a)
			case CtrlAttrPolicy:
				err = p.addSets(a)
			}
		}
		if err != nil {
			return fmt.Errorf("policy dump: %w", err)
		}
	}
	return nil
}

func (p *Policies) addOps(list wire.Attr) error {
	for entry, err := range list.Attrs() {
		if err != nil {
			return err
		}
		o := OpPolicy{Op: uint32(entry.Type())}
		for a, err := range entry.Attrs() {
			if err != nil {
				return err
			}
			switch a.Type() {
			case CtrlAttrPolicyDo:
				o.HasDo = true
				o.Do, err = a.Uint32()
			case CtrlAttrPolicyDump:
				o.HasDump = true
				o.Dump, err = a.Uint32()
			}
			if err != nil {
				return err
			}
		}
		p.Ops = append(p.Ops, o)
	}
	return nil
}

func (p *Policies) addSets(list wire.Attr) error {
	for entry, err := range list.Attrs() {
		if err != nil {
			return err
		}
		set := p.set(uint32(entry.Type()))
		for a, err := range entry.Attrs() {
			if err != nil {
				return err
			}
			pol, err := netlink.ParseAttrPolicy(a.Data())
			if err != nil {
				return fmt.Errorf("attribute %d: %w", a.Type(), err)
			}
			set[a.Type()] = pol
		}
	}
	return nil
}

func (p *Policies) set(index uint32) AttrSet {
	if p.Sets == nil {
		p.Sets = map[uint32]AttrSet{}
	}
	s := p.Sets[index]
	if s == nil {
		s = AttrSet{}
		p.Sets[index] = s
	}
	return s
}

// Linux, up to 6.18 at least, tells the sets of an operation that can only dump
// under the number 0: it takes the number from the other half of the operation,
// which is empty. nameless reports whether o is one of those.
func (o *OpPolicy) nameless() bool { return o.Op == 0 && !o.HasDo && o.HasDump }

func (p *Policies) hasNameless() bool {
	return slices.ContainsFunc(p.Ops, func(o OpPolicy) bool { return o.nameless() })
}

// nameDumps gives those operations their numbers. ops are the family's, which
// the kernel goes through in the same order. Where the counts differ it cannot
// be known which is which, and nothing is changed.
func (p *Policies) nameDumps(ops []Op) {
	var names []uint32
	for _, o := range ops {
		if o.Flags.Has(CanDump|HasPolicy) && !o.Flags.Has(CanDo) {
			names = append(names, o.ID)
		}
	}
	var at []int
	for i := range p.Ops {
		if p.Ops[i].nameless() {
			at = append(at, i)
		}
	}
	if len(at) != len(names) {
		return
	}
	for i, n := range at {
		p.Ops[n].Op = names[i]
	}
}

// noPolicy reports whether an error says that there is no policy to tell about.
func noPolicy(err error) bool { return errors.Is(err, netlink.ENODATA) }
