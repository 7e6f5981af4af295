package show

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/client"
)

// tree makes rows of attributes and of what is in them. A set that is used in
// many places, or in itself, is shown once.
type tree struct {
	out   []row
	shown map[any]bool // sets and structs
	live  bool         // the kernel was asked for its policy, and told it
}

// attrs adds attributes. policies are what the kernel accepts in their place.
func (t *tree) attrs(attrs []*ynl.Attr, policies []client.AttrPolicy, depth int) {
	seen := map[*ynl.Attr]bool{}
	for _, a := range attrs {
		if a.Type == ynl.Pad || a.Type == ynl.Unused || seen[a] {
			continue
		}
		seen[a] = true
		p := policyOf(policies, a.ID)
		r := row{depth: depth, name: a.Name, number: strconv.Itoa(int(a.ID)), text: attrText(a), doc: sentence(a.Doc)}
		if p != nil {
			r.kernel = policyText(p)
		} else if t.live && policies != nil {
			r.kernel = "tells nothing"
		}
		t.add(a, r, p)
	}
}

// add adds an attribute's row and those of what is in it.
func (t *tree) add(a *ynl.Attr, r row, p *client.AttrPolicy) {
	var inside []client.AttrPolicy
	if p != nil {
		inside = p.Inside
	}
	switch {
	case a.SubMsg != nil:
		t.out = append(t.out, r)
		t.formats(a.SubMsg, r.depth+1)
	case a.Nested != nil && t.shown[a.Nested]:
		r.text += ", shown above"
		t.out = append(t.out, r)
	case a.Nested != nil:
		t.shown[a.Nested] = true
		t.out = append(t.out, r)
		t.attrs(a.Nested.Attrs, inside, r.depth+1)
	case a.Struct != nil && t.shown[a.Struct]:
		r.text += ", shown above"
		t.out = append(t.out, r)
	case a.Struct != nil:
		t.out = append(t.out, r)
		t.members(a.Struct, r.depth+1)
	default:
		t.out = append(t.out, r)
	}
}

// formats lists what a sub-message can be. What is in it is looked at by its
// name: there are too many of them.
func (t *tree) formats(m *ynl.SubMessage, depth int) {
	if t.shown[m] {
		t.out = append(t.out, row{depth: depth, name: "...", text: "formats of " + m.Name + ", shown above"})
		return
	}
	t.shown[m] = true
	for _, f := range m.Formats {
		t.out = append(t.out, row{depth: depth, name: "(" + f.Value + ")", text: formatText(f)})
	}
}

func formatText(f *ynl.Format) string {
	switch {
	case f.Header != nil && f.Set != nil:
		return fmt.Sprintf("struct %s, %d bytes, then attributes of %s", f.Header.Name, f.Header.Size, f.Set.Name)
	case f.Header != nil:
		return fmt.Sprintf("struct %s, %d bytes", f.Header.Name, f.Header.Size)
	case f.Set != nil:
		return "attributes of " + f.Set.Name
	}
	return "nothing in it"
}

// members adds those of a struct, by their offsets; padding is left out.
func (t *tree) members(s *ynl.Struct, depth int) {
	t.shown[s] = true
	for _, m := range s.Members {
		if m.Type == ynl.Pad {
			continue
		}
		r := row{depth: depth, name: m.Name, number: "+" + strconv.Itoa(m.Offset), text: memberText(m), doc: sentence(m.Doc)}
		if m.Struct != nil && t.shown[m.Struct] {
			r.text += ", shown above"
		}
		t.out = append(t.out, r)
		if m.Struct != nil && !t.shown[m.Struct] {
			t.members(m.Struct, depth+1)
		}
	}
}

// policyText says what the kernel accepts. A range that is all its type can hold
// is left out.
func policyText(p *client.AttrPolicy) string {
	short := p.AttrPolicy
	if size, ok := sizes[p.Type]; ok && p.HasUnsigned && p.MinU == 0 && p.MaxU == 1<<(8*size-1)<<1-1 {
		short.HasUnsigned = false
	} else if ok && p.HasSigned && p.MinS == -1<<(8*size-1) && p.MaxS == 1<<(8*size-1)-1 {
		short.HasSigned = false
	}
	return short.String()
}

// sizes are those of the integers, in bytes.
var sizes = map[netlink.PolicyType]int{
	netlink.PolicyU8: 1, netlink.PolicyU16: 2, netlink.PolicyU32: 4, netlink.PolicyU64: 8,
	netlink.PolicyS8: 1, netlink.PolicyS16: 2, netlink.PolicyS32: 4, netlink.PolicyS64: 8,
}

func policyOf(policies []client.AttrPolicy, id uint16) *client.AttrPolicy {
	if i := slices.IndexFunc(policies, func(p client.AttrPolicy) bool { return p.ID == id }); i >= 0 {
		return &policies[i]
	}
	return nil
}
