package sim

import (
	"iter"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// policySet is the policies of a dump, each once, in the order of their numbers.
type policySet []Policy

// add inserts a policy and those nested in it, breadth first, as the kernel
// numbers them.
func (s *policySet) add(p Policy) {
	s.insert(p)
	for i := 0; i < len(*s); i++ {
		for j := range (*s)[i] {
			rule := &(*s)[i][j]
			if rule.Kind == Nested || rule.Kind == NestedArray {
				s.insert(rule.Nested)
			}
		}
	}
}

// insert skips a policy without rules: there is nothing to tell of it.
func (s *policySet) insert(p Policy) {
	if p.max() > 0 && s.index(p) < 0 {
		*s = append(*s, p)
	}
}

func (s policySet) index(p Policy) int {
	for i := range s {
		if s[i].same(p) {
			return i
		}
	}
	return -1
}

// doPolicy and dumpPolicy are the policies nlctrl tells of an op, nil for none.
func (r *Registered) doPolicy(o *Op) Policy {
	if o.Do == nil {
		return nil
	}
	return r.policy(o, false)
}

func (r *Registered) dumpPolicy(o *Op) Policy {
	if o.Dump == nil || o.UncheckedDump {
		return nil
	}
	return r.policy(o, true)
}

// policyQuery is what a GETPOLICY request asks for.
type policyQuery struct {
	family *Registered
	ops    []*Op
	set    policySet
}

func (k *Kernel) policyQuery(r *Request) (*policyQuery, error) {
	fam, err := k.find(r, netlink.EINVAL)
	if err != nil {
		return nil, err
	}
	q := &policyQuery{family: fam}
	if a, ok := r.Attr(genetlink.CtrlAttrOp); ok {
		cmd, _ := a.Uint32()
		var op *Op
		if cmd <= 255 {
			op = fam.op(uint8(cmd))
		}
		if op == nil {
			r.SetBadAttr(a)
			return nil, netlink.ENOENT
		}
		q.ops = []*Op{op}
	} else {
		for i := range fam.spec.Ops {
			q.ops = append(q.ops, &fam.spec.Ops[i])
		}
	}
	for _, op := range q.ops {
		q.set.add(fam.doPolicy(op))
		q.set.add(fam.dumpPolicy(op))
	}
	if len(q.set) == 0 {
		return nil, netlink.ENODATA
	}
	return q, nil
}

// startPolicies refuses a GETPOLICY request that names nothing.
func (k *Kernel) startPolicies(r *Request) error {
	_, err := k.policyQuery(r)
	return err
}

// dumpPolicies tells first which op has which policies, by number, then each
// rule of each policy, a message each.
func dumpPolicies(r *Request) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		q, err := r.kernel.policyQuery(r)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, op := range q.ops {
			if q.family.doPolicy(op) == nil && q.family.dumpPolicy(op) == nil {
				continue
			}
			if !yield(func(b *wire.Builder) { q.op(b, op) }, nil) {
				return
			}
		}
		for i, p := range q.set {
			for j := range p {
				desc, ok := q.rule(&p[j])
				if !ok {
					continue
				}
				if !yield(func(b *wire.Builder) { q.policy(b, i, j, desc) }, nil) {
					return
				}
			}
		}
	}
}

// rule describes a rule; a nest with the number of its policy.
func (q *policyQuery) rule(rule *Rule) (netlink.AttrPolicy, bool) {
	desc, ok := rule.describe()
	if i := q.set.index(rule.Nested); ok && i >= 0 && (rule.Kind == Nested || rule.Kind == NestedArray) {
		desc.HasNested = true
		desc.Nested = uint32(i)
		desc.NestedMaxType = uint32(rule.Nested.max())
	}
	return desc, ok
}

func (q *policyQuery) op(b *wire.Builder, op *Op) {
	b.Uint16(genetlink.CtrlAttrFamilyID, q.family.id)
	ops := b.Nest(genetlink.CtrlAttrOpPolicy)
	// The kernel takes the command from the do half of the op and so writes 0 for
	// an op that has none (seen on Linux 6.18: nlctrl's own GETPOLICY).
	var cmd uint16
	if op.Do != nil {
		cmd = uint16(op.Cmd)
	}
	one := b.Nest(cmd)
	if i := q.set.index(q.family.doPolicy(op)); i >= 0 {
		b.Uint32(genetlink.CtrlAttrPolicyDo, uint32(i))
	}
	if i := q.set.index(q.family.dumpPolicy(op)); i >= 0 {
		b.Uint32(genetlink.CtrlAttrPolicyDump, uint32(i))
	}
	b.End(one)
	b.End(ops)
}

func (q *policyQuery) policy(b *wire.Builder, policy, attr int, desc netlink.AttrPolicy) {
	b.Uint16(genetlink.CtrlAttrFamilyID, q.family.id)
	all := b.Nest(genetlink.CtrlAttrPolicy)
	one := b.Nest(uint16(policy))
	rule := b.Nest(uint16(attr))
	desc.Append(b)
	b.End(rule)
	b.End(one)
	b.End(all)
}
