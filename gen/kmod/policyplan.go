package kmod

import (
	"slices"

	"github.com/nlkit/nlkit/ynl"
)

// findPolicies plans the arrays that an operation's requests are checked with: one
// for both modes where they are alike. A spec may ask for the layout of older
// families, where all modes or all operations take the same.
func (p *plan) findPolicies(o *opPlan, do, dump []*field) {
	base := p.fam + "_" + o.name
	switch p.spec.KernelPolicy {
	case "global":
		do = p.globalFields()
		dump = do
	case "per-op":
		do = unite(do, dump)
		dump = do
	}
	for _, f := range slices.Concat(do, dump) {
		p.findRead(f, o.op.ConfigCond) // what others ask for, too
	}
	plan := func(m *modePlan, name string, fields []*field) {
		// An empty array refuses all attributes. Where those it does not know are
		// ignored there is nothing to check.
		if len(fields) > 0 || !m.lax && !m.blind {
			m.policy = &policyPlan{name: name, fields: fields, pos: o.op.Pos}
		}
	}
	if o.do != nil && o.dump != nil && !sameFields(byID(do), byID(dump)) {
		plan(o.do, base+"_do_policy", do)
		plan(o.dump, base+"_dump_policy", dump)
		for _, m := range []*modePlan{o.do, o.dump} {
			if m.policy != nil && len(m.policy.fields) > 0 {
				p.claim(o.op.Pos, m.policy.name)
			}
		}
		return
	}
	for _, m := range []*modePlan{o.do, o.dump} {
		if m == nil {
			continue
		}
		plan(m, base+"_policy", do)
		if m.isDump {
			plan(m, base+"_policy", dump)
		}
		if m.policy != nil && len(m.policy.fields) > 0 && (!m.isDump || o.do == nil || o.do.policy == nil) {
			p.claim(o.op.Pos, m.policy.name)
		}
	}
	if o.do != nil && o.dump != nil && o.do.policy != nil && o.dump.policy != nil {
		o.dump.policy = o.do.policy
	}
}

// globalFields are all attributes that any request may have.
func (p *plan) globalFields() []*field {
	var all []*field
	for _, op := range p.spec.Ops {
		for _, m := range []*ynl.Mode{op.Do, op.Dump} {
			if m != nil && m.Request != nil {
				all = unite(all, p.fields(m.Request.Attrs, true))
			}
		}
	}
	return all
}

// unite joins two lists, each attribute once, in the order of their numbers.
func unite(a, b []*field) []*field {
	all := slices.Clone(a)
	for _, f := range b {
		if !slices.ContainsFunc(all, func(x *field) bool { return x.attr.ID == f.attr.ID }) {
			all = append(all, f)
		}
	}
	return byID(all)
}

func byID(list []*field) []*field {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b *field) int { return int(a.attr.ID) - int(b.attr.ID) })
	return list
}

// findUnions plans what older kernels check a command with that has a policy for
// each mode.
func (p *plan) findUnions() {
	for _, o := range p.ops {
		if o.do == nil || o.dump == nil || o.do.policy == o.dump.policy || o.do.mode.RequestID != o.dump.mode.RequestID {
			continue
		}
		do, dump := o.do.policy, o.dump.policy
		var all []*field
		switch {
		case do == nil || dump == nil:
			// One of them takes anything, and so must the two in one.
			continue
		default:
			all = unite(do.fields, dump.fields)
		}
		for _, other := range []*policyPlan{do, dump} {
			if sameFields(byID(other.fields), all) {
				o.union = other
			}
		}
		if o.union == nil {
			o.union = &policyPlan{name: p.claim(o.op.Pos, p.fam+"_"+o.name+"_union_policy"), fields: all, pos: o.op.Pos}
		}
	}
}

// held reports whether a mode has to be checked by the module on kernels that have
// one policy for both.
func (m *modePlan) held() bool {
	o := m.op
	if o.do == nil || o.dump == nil || o.do.policy == o.dump.policy || o.do.mode.RequestID != o.dump.mode.RequestID {
		return false
	}
	return m.policy != nil && m.policy != o.union
}
