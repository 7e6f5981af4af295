package main

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
)

// familyDetail prints one family: operations with the attributes they accept,
// and groups. policies may be nil.
func familyDetail(w io.Writer, f *genetlink.Family, policies *genetlink.Policies) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "%s: id %d, version %d, hdrsize %d, maxattr %d\n", printable(f.Name), f.ID, f.Version, f.HeaderLen, f.MaxAttr)
	fmt.Fprintf(b, "\noperations: %d\n", len(f.Ops))
	t := &policyTree{w: b, policies: policies, shown: map[uint32]bool{}}
	for _, o := range f.Ops {
		fmt.Fprintf(b, "  op %-3d  %v\n", o.ID, flagNames(o.Flags))
		t.op(o)
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

func (t *policyTree) op(o genetlink.Op) {
	if t.policies == nil {
		return
	}
	p, ok := t.policies.Op(o.ID)
	switch {
	case !ok:
	case p.HasDo && p.HasDump && p.Do == p.Dump:
		t.set("do and dump take", p.Do, 2)
	default:
		if p.HasDo {
			t.set("do takes", p.Do, 2)
		}
		if p.HasDump {
			t.set("dump takes", p.Dump, 2)
		}
	}
}

func (t *policyTree) set(what string, index uint32, depth int) {
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
	t.attrs(set, depth+1)
}

func (t *policyTree) attrs(set genetlink.AttrSet, depth int) {
	indent := strings.Repeat("  ", depth)
	for _, num := range slices.Sorted(maps.Keys(set)) {
		a := set[num]
		if _, ok := t.policies.Nested(a); ok {
			t.set(fmt.Sprintf("attr %-3d  %v of", num, a), a.Nested, depth)
			continue
		}
		fmt.Fprintf(t.w, "%sattr %-3d  %v\n", indent, num, a)
	}
}

// familyJSON is a family as "nlkit list -o json" prints it.
type familyJSON struct {
	Name    string      `json:"name"`
	ID      uint16      `json:"id"`
	Version uint32      `json:"version"`
	HdrSize uint32      `json:"hdrsize"`
	MaxAttr uint32      `json:"maxattr"`
	Ops     []opJSON    `json:"ops"`
	Groups  []groupJSON `json:"groups"`
	// Policies are the attribute sets by the number the kernel gave them, with
	// "nlkit list FAMILY" only.
	Policies []policyJSON `json:"policies,omitempty"`
}

type opJSON struct {
	ID    uint32   `json:"id"`
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
	Type      string  `json:"type"`
	Min       any     `json:"min,omitempty"`
	Max       any     `json:"max,omitempty"`
	MinLength *uint32 `json:"min-length,omitempty"`
	MaxLength *uint32 `json:"max-length,omitempty"`
	Mask      *uint64 `json:"mask,omitempty"`
	Nested    *uint32 `json:"policy,omitempty"` // index of the nest's attributes
}

func newFamilyJSON(f *genetlink.Family, policies *genetlink.Policies) familyJSON {
	out := familyJSON{
		Name: f.Name, ID: f.ID, Version: f.Version, HdrSize: f.HeaderLen, MaxAttr: f.MaxAttr,
		Ops: []opJSON{}, Groups: []groupJSON{},
	}
	for _, o := range f.Ops {
		op := opJSON{ID: o.ID, Flags: o.Flags.Names()}
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
			p.Attrs = append(p.Attrs, newAttrJSON(num, set[num]))
		}
		out.Policies = append(out.Policies, p)
	}
	return out
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
