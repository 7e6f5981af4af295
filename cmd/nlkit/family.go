package main

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/specs"
)

// familyDetail prints one family: operations with the attributes they accept,
// and groups. policies may be nil, and so may spec, which has the names.
func familyDetail(w io.Writer, f *genetlink.Family, policies *genetlink.Policies, spec *ynl.Spec) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "%s: id %d, version %d, hdrsize %d, maxattr %d\n", printable(f.Name), f.ID, f.Version, f.HeaderLen, f.MaxAttr)
	fmt.Fprintf(b, "\noperations: %d\n", len(f.Ops))
	t := &policyTree{w: b, policies: policies, shown: map[uint32]bool{}}
	for _, o := range f.Ops {
		op := specOp(spec, o.ID)
		if op == nil {
			fmt.Fprintf(b, "  op %-3d  %v\n", o.ID, flagNames(o.Flags))
			t.op(o, nil)
			continue
		}
		fmt.Fprintf(b, "  op %-3d  %-20s  %v\n", o.ID, op.Name, flagNames(o.Flags))
		t.op(o, op.Set)
	}
	fmt.Fprintf(b, "\ngroups: %d\n", len(f.Groups))
	for _, g := range f.Groups {
		fmt.Fprintf(b, "  %-16s id %d\n", printable(g.Name), g.ID)
	}
	return b.Flush()
}

// policyTree prints attribute sets. Many operations share them and some contain
// themselves: each is printed once, under the number the kernel gave it, and
// referred to afterwards.
type policyTree struct {
	w        *bufio.Writer
	policies *genetlink.Policies
	shown    map[uint32]bool
}

// specOp finds an operation of the kernel's in a spec, which may be nil.
func specOp(spec *ynl.Spec, id uint32) *ynl.Op {
	if spec == nil || id > math.MaxUint16 {
		return nil
	}
	return spec.Request(uint16(id))
}

// op prints what an operation takes. names are those of its attributes, or nil.
func (t *policyTree) op(o genetlink.Op, names *ynl.AttrSet) {
	if t.policies == nil {
		return
	}
	p, ok := t.policies.Op(o.ID)
	switch {
	case !ok:
	case p.HasDo && p.HasDump && p.Do == p.Dump:
		t.set("do and dump take", p.Do, names, 2)
	default:
		if p.HasDo {
			t.set("do takes", p.Do, names, 2)
		}
		if p.HasDump {
			t.set("dump takes", p.Dump, names, 2)
		}
	}
}

func (t *policyTree) set(what string, index uint32, names *ynl.AttrSet, depth int) {
	indent := strings.Repeat("  ", depth)
	set, known := t.policies.Sets[index]
	switch {
	case !known || len(set) == 0:
		fmt.Fprintf(t.w, "%s%s no attributes\n", indent, what)
		return
	case t.shown[index]:
		fmt.Fprintf(t.w, "%s%s policy %d, shown above\n", indent, what, index)
		return
	}
	t.shown[index] = true
	fmt.Fprintf(t.w, "%s%s policy %d\n", indent, what, index)
	t.attrs(set, names, depth+1)
}

func (t *policyTree) attrs(set genetlink.AttrSet, names *ynl.AttrSet, depth int) {
	indent := strings.Repeat("  ", depth)
	width := 0
	for num := range set {
		if n := names.ByID(num); n != nil {
			width = max(width, len(n.Name)+2)
		}
	}
	for _, num := range slices.Sorted(maps.Keys(set)) {
		a, name := set[num], ""
		var inside *ynl.AttrSet
		if n := names.ByID(num); n != nil {
			name, inside = n.Name, n.Nested
		}
		what := fmt.Sprintf("attr %-3d  %-*s%v", num, width, name, a)
		if _, ok := t.policies.Nested(a); ok {
			t.set(what+" of", a.Nested, inside, depth)
			continue
		}
		fmt.Fprintf(t.w, "%s%s\n", indent, what)
	}
}

// rawJSON is a protocol of its own as "nlkit list -o json" prints it: what its
// spec says, since the kernel says nothing.
type rawJSON struct {
	Name     string      `json:"name"`
	Raw      bool        `json:"raw"` // true
	Protocol uint8       `json:"protocol"`
	Spec     string      `json:"spec"`
	Ops      []rawOpJSON `json:"ops,omitempty"`    // with "nlkit list FAMILY" only
	Groups   []groupJSON `json:"groups,omitempty"` // with "nlkit list FAMILY" only
}

type rawOpJSON struct {
	Name string   `json:"name"`
	ID   uint16   `json:"id"` // of the request, or of the notification
	Can  []string `json:"flags"`
}

// newRawJSON describes a raw family; s may be nil.
func newRawJSON(e specs.Entry, s *ynl.Spec) rawJSON {
	out := rawJSON{Name: e.Family, Raw: true, Protocol: uint8(e.Protocol), Spec: e.Where()}
	if s == nil {
		return out
	}
	for _, op := range s.Ops {
		j := rawOpJSON{Name: op.Name, ID: op.ID, Can: []string{}}
		for _, can := range []struct {
			is   bool
			name string
		}{{op.Do != nil, "do"}, {op.Dump != nil, "dump"}, {op.Notify != nil, "notify"}, {op.Event != nil, "event"}} {
			if can.is {
				j.Can = append(j.Can, can.name)
			}
		}
		out.Ops = append(out.Ops, j)
	}
	for _, g := range s.Groups {
		out.Groups = append(out.Groups, groupJSON{Name: g.Name, ID: g.ID})
	}
	return out
}

// familyJSON is a family as "nlkit list -o json" prints it.
type familyJSON struct {
	Name    string      `json:"name"`
	ID      uint16      `json:"id"`
	Version uint32      `json:"version"`
	HdrSize uint32      `json:"hdrsize"`
	MaxAttr uint32      `json:"maxattr"`
	Spec    string      `json:"spec,omitempty"` // where it is
	Ops     []opJSON    `json:"ops"`
	Groups  []groupJSON `json:"groups"`
	// Policies are the attribute sets by the number the kernel gave them, with
	// "nlkit list FAMILY" only.
	Policies []policyJSON `json:"policies,omitempty"`
}

type opJSON struct {
	ID    uint32   `json:"id"`
	Name  string   `json:"name,omitempty"` // by the spec
	Flags []string `json:"flags"`
	Do    *uint32  `json:"do-policy,omitempty"`   // index in policies
	Dump  *uint32  `json:"dump-policy,omitempty"` // index in policies
}

type groupJSON struct {
	Name string `json:"name"`
	ID   uint32 `json:"id"`
}

type policyJSON struct {
	Index uint32     `json:"index"`
	Attrs []attrJSON `json:"attrs"`
}

type attrJSON struct {
	ID        uint16  `json:"id"`
	Name      string  `json:"name,omitempty"` // by the spec
	Type      string  `json:"type"`
	Min       any     `json:"min,omitempty"`
	Max       any     `json:"max,omitempty"`
	MinLength *uint32 `json:"min-length,omitempty"`
	MaxLength *uint32 `json:"max-length,omitempty"`
	Mask      *uint64 `json:"mask,omitempty"`
	Nested    *uint32 `json:"policy,omitempty"` // index of the nest's attributes
}

// newFamilyJSON describes a family of the kernel's. policies and spec may be nil.
func newFamilyJSON(f *genetlink.Family, policies *genetlink.Policies, spec *ynl.Spec, where string) familyJSON {
	out := familyJSON{
		Name: f.Name, ID: f.ID, Version: f.Version, HdrSize: f.HeaderLen, MaxAttr: f.MaxAttr,
		Spec: where, Ops: []opJSON{}, Groups: []groupJSON{},
	}
	names := policyNames{policies: policies, sets: map[uint32]*ynl.AttrSet{}}
	for _, o := range f.Ops {
		op := opJSON{ID: o.ID, Flags: o.Flags.Names()}
		if n := specOp(spec, o.ID); n != nil {
			op.Name = n.Name
			names.op(o.ID, n.Set)
		}
		if policies != nil {
			if p, ok := policies.Op(o.ID); ok {
				if p.HasDo {
					op.Do = &p.Do
				}
				if p.HasDump {
					op.Dump = &p.Dump
				}
			}
		}
		out.Ops = append(out.Ops, op)
	}
	for _, g := range f.Groups {
		out.Groups = append(out.Groups, groupJSON{Name: g.Name, ID: g.ID})
	}
	if policies == nil {
		return out
	}
	sets := maps.Clone(policies.Sets)
	if sets == nil {
		sets = map[uint32]genetlink.AttrSet{}
	}
	for _, p := range policies.Ops {
		// A set that accepts nothing is not told about; its number is.
		if p.HasDo && sets[p.Do] == nil {
			sets[p.Do] = genetlink.AttrSet{}
		}
		if p.HasDump && sets[p.Dump] == nil {
			sets[p.Dump] = genetlink.AttrSet{}
		}
	}
	for _, index := range slices.Sorted(maps.Keys(sets)) {
		set := sets[index]
		p := policyJSON{Index: index, Attrs: []attrJSON{}}
		for _, num := range slices.Sorted(maps.Keys(set)) {
			a := newAttrJSON(num, set[num])
			if n := names.sets[index].ByID(num); n != nil {
				a.Name = n.Name
			}
			p.Attrs = append(p.Attrs, a)
		}
		out.Policies = append(out.Policies, p)
	}
	return out
}

// policyNames finds the names of what is in the kernel's sets of attributes.
type policyNames struct {
	policies *genetlink.Policies
	sets     map[uint32]*ynl.AttrSet
}

// op enters the sets that an operation takes.
func (n *policyNames) op(id uint32, names *ynl.AttrSet) {
	if n.policies == nil {
		return
	}
	if p, ok := n.policies.Op(id); ok {
		if p.HasDo {
			n.set(p.Do, names)
		}
		if p.HasDump {
			n.set(p.Dump, names)
		}
	}
}

func (n *policyNames) set(index uint32, names *ynl.AttrSet) {
	if names == nil || n.sets[index] != nil {
		return
	}
	n.sets[index] = names
	for num, a := range n.policies.Sets[index] {
		if in := names.ByID(num); in != nil && a.HasNested {
			n.set(a.Nested, in.Nested)
		}
	}
}

func newAttrJSON(num uint16, a netlink.AttrPolicy) attrJSON {
	out := attrJSON{ID: num, Type: a.Type.String()}
	if a.HasSigned {
		out.Min, out.Max = a.MinS, a.MaxS
	}
	if a.HasUnsigned {
		out.Min, out.Max = a.MinU, a.MaxU
	}
	if a.HasMinLen {
		out.MinLength = &a.MinLen
	}
	if a.HasMaxLen {
		out.MaxLength = &a.MaxLen
	}
	if a.HasMask {
		out.Mask = &a.Mask
	}
	if a.HasBitfield32Mask {
		mask := uint64(a.Bitfield32Mask)
		out.Mask = &mask
	}
	if a.HasNested {
		out.Nested = &a.Nested
	}
	return out
}

func flagNames(f genetlink.OpFlags) string {
	if f == 0 {
		return "-"
	}
	return strings.Join(f.Names(), " ")
}
