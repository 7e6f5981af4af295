package kmod

import (
	"fmt"
	"slices"

	"github.com/nlkit/nlkit/ynl"
)

// kind is how a value is kept and sent.
type kind uint8

const (
	kindInt       kind = iota // of a fixed size
	kindUint                  // of 4 or 8 bytes
	kindSint                  // of 4 or 8 bytes
	kindFlag                  // there or not
	kindString                // ends with NUL
	kindBytes                 // bytes, among them text that need not end
	kindStruct                // a struct, as a copy
	kindBits32                // value and selector
	kindNest                  // attributes
	kindArray                 // attributes by index
	kindTypeValue             // nests by value, one in the other
)

// field is an attribute in one place: in a request, a nest, a reply.
type field struct {
	attr  *ynl.Attr // as the set there has it, which may be a subset
	base  *ynl.Attr // as the set has it that the subset is of
	held  *ynl.Attr // the one of the two whose checks it is held to
	root  *ynl.AttrSet
	cname string // the constant with its number
	name  string // the member
	kind  kind
	elem  kind   // of an array's entries
	ctype string // of the value, or of an array's entries
	size  int    // bytes in a request's struct
}

// fields are the attributes of a list that have a value, each once.
func (p *plan) fields(attrs []*ynl.Attr, request bool) []*field {
	var list []*field
	for _, a := range attrs {
		if a.Type == ynl.Unused || a.Type == ynl.Pad {
			continue
		}
		if slices.ContainsFunc(list, func(f *field) bool { return f.attr.ID == a.ID }) {
			continue // which a list may name twice
		}
		if request && a.ID == 0 {
			p.problem(a.Pos, "attribute %s has the number 0, which a kernel takes for unknown in a request", a.Name)
			continue
		}
		if f := p.field(a); f != nil {
			list = append(list, f)
		}
	}
	return list
}

// field plans one attribute; it is nil where that has no form.
func (p *plan) field(a *ynl.Attr) *field {
	f := &field{attr: a, base: a, root: root(a.Set), cname: p.attrConst(a), name: member(a.Name)}
	if b := f.root.Attr(a.Name); b != nil {
		f.base = b
	}
	f.held = f.base
	if a.Checks != f.base.Checks || a.Enum != f.base.Enum || a.AsFlags != f.base.AsFlags {
		f.held = a
	}
	bad := func(format string, args ...any) *field {
		p.problem(a.Pos, "attribute %s: "+format+" has no form in a kernel module", append([]any{a.Name}, args...)...)
		return nil
	}
	if a.Multi {
		switch a.Type {
		case ynl.IndexedArray, ynl.NestTypeValue:
			return bad("several of type %s", a.Type)
		}
	}
	switch a.Type {
	case ynl.SubMsg:
		return bad("a sub-message")
	case ynl.Flag:
		f.kind, f.ctype, f.size = kindFlag, "bool", 1
	case ynl.Nested:
		f.kind, f.size = kindNest, 8
	case ynl.IndexedArray:
		f.kind, f.size = kindArray, 16
		e := *a
		e.Type, e.Sub, e.Checks = a.Sub, ynl.Unset, ynl.Checks{}
		switch {
		case a.Sub == ynl.Nested:
			f.elem = kindNest
		case a.Sub.IsInt(), a.Sub == ynl.Binary, a.Sub == ynl.String:
			f.elem, f.ctype, _ = p.scalar(&e)
		default:
			return bad("an indexed array of %s", a.Sub)
		}
		if a.Checks != (ynl.Checks{}) {
			return bad("a check of the entries of an indexed array")
		}
	case ynl.NestTypeValue:
		if len(a.TypeValue) == 0 || len(a.TypeValue) > maxLevels {
			return bad("a nest-type-value of %d levels", len(a.TypeValue))
		}
		f.kind, f.size = kindTypeValue, 16
	default:
		f.kind, f.ctype, f.size = p.scalar(a)
		if (f.kind == kindUint || f.kind == kindSint) && a.ByteOrder != ynl.Native {
			return bad("a %s in %s byte order", a.Type, a.ByteOrder)
		}
	}
	if b := f.base; b != a && !p.sameForm(a, b) {
		p.problem(a.Pos, "attribute %s is of another kind than in the set %s, which is what its functions are made for: give the subset's attribute another name and number, or the same type", a.Name, f.root.Name)
		return nil
	}
	return f
}

// sameForm reports whether a subset's attribute is kept and sent like that of the
// set it is of: they have the functions in common that walk and put them.
func (p *plan) sameForm(a, b *ynl.Attr) bool {
	if a.Type != b.Type || a.Sub != b.Sub || a.Multi != b.Multi || a.ByteOrder != b.ByteOrder || !slices.Equal(a.TypeValue, b.TypeValue) {
		return false
	}
	if a.Type.IsInt() || a.Type == ynl.String || a.Type == ynl.Binary {
		kindA, typeA, _ := p.scalar(a)
		kindB, typeB, _ := p.scalar(b)
		return kindA == kindB && typeA == typeB
	}
	return a.Struct == b.Struct
}

// maxLevels bounds the nests in each other of a nest-type-value.
const maxLevels = 4

// scalar is how one value is kept, its type in C, and that type's size.
func (p *plan) scalar(a *ynl.Attr) (kind, string, int) {
	switch a.Type {
	case ynl.Uint:
		return kindUint, "u64", 8
	case ynl.Sint:
		return kindSint, "s64", 8
	case ynl.Bitfield32:
		return kindBits32, "struct nla_bitfield32", 8
	case ynl.String:
		if a.Checks.UnterminatedOK {
			return kindBytes, "struct nlk_bytes", 16
		}
		return kindString, "const char *", 8
	case ynl.Binary:
		if a.Struct != nil && fixedSize(a) {
			return kindStruct, "struct " + p.structTag(a.Struct), a.Struct.Size
		}
		return kindBytes, "struct nlk_bytes", 16
	}
	return kindInt, intType(a), a.Type.Size()
}

// fixedSize reports whether a payload is one struct and nothing else: where the
// spec does not say how long it is, it has the struct's length.
func fixedSize(a *ynl.Attr) bool {
	c := a.Checks
	if a.Sub != ynl.Unset || c.MinLen.Set || c.MaxLen.Set {
		return false
	}
	return !c.ExactLen.Set || c.ExactLen.Known && c.ExactLen.Abs == uint64(a.Struct.Size)
}

// intType is the kernel's type of an integer.
func intType(a *ynl.Attr) string {
	n := a.Type.Size()
	switch {
	case n > 1 && a.ByteOrder == ynl.BigEndian:
		return fmt.Sprintf("__be%d", 8*n)
	case n > 1 && a.ByteOrder == ynl.LittleEndian:
		return fmt.Sprintf("__le%d", 8*n)
	case a.Type.IsSigned():
		return fmt.Sprintf("s%d", 8*n)
	}
	return fmt.Sprintf("u%d", 8*n)
}

// repeats reports whether a request can have several of it, so that it has no
// member and is walked.
func (f *field) repeats() bool { return f.attr.Multi }

// hasBit reports whether a bit tells that it was sent: for a flag its value does.
func (f *field) hasBit() bool { return !f.repeats() && f.kind != kindFlag }

// fn is a function about this attribute: fam_set_VERB_attr.
func (p *plan) fn(verb string, f *field) string {
	return p.setFunc(f.root) + "_" + verb + "_" + ident(f.base.Name)
}

// findRead plans what it takes to read an attribute of a request.
func (p *plan) findRead(f *field, cond string) {
	if (f.repeats() || f.kind == kindArray || f.kind == kindTypeValue) && !p.walkOf[f.base] {
		p.walkOf[f.base] = true
		p.walks = append(p.walks, f)
		p.claim(f.attr.Pos, p.setFunc(f.root)+"_for_each_"+ident(f.base.Name))
		p.claim(f.attr.Pos, p.fn("get", f))
	}
	p.findCheck(f, cond)
	if f.attr.Nested != nil && f.inner() {
		p.findNest(f.attr.Nested, cond)
	}
}

// inner reports whether attributes lie in it.
func (f *field) inner() bool {
	return f.kind == kindNest || f.kind == kindTypeValue || f.kind == kindArray && f.elem == kindNest
}

// findNest plans the reader of a set that lies in requests, and of those in it.
func (p *plan) findNest(set *ynl.AttrSet, cond string) {
	if s, ok := p.setOf[set]; ok {
		if !slices.Contains(s.cond, cond) {
			s.cond = append(s.cond, cond)
			for _, f := range s.fields {
				p.findRead(f, cond)
			}
		}
		return
	}
	s := &setPlan{set: set, name: p.setFunc(set), cond: []string{cond}}
	p.setOf[set] = s
	s.fields = p.fields(set.Attrs, true)
	for _, f := range s.fields {
		p.findRead(f, cond)
	}
	s.tag = p.claimFree(set.Pos, s.name, s.name+"_attrs")
	s.policy = &policyPlan{name: p.claim(set.Pos, s.name+"_policy"), fields: s.fields, pos: set.Pos}
	p.claim(set.Pos, s.name+"_read")
	p.nests = append(p.nests, s)
}

// findPuts plans the functions that put attributes, and those of nests in them.
func (p *plan) findPuts(attrs []*ynl.Attr) {
	for _, f := range p.fields(attrs, false) {
		if !p.putOf[f.base] {
			p.putOf[f.base] = true
			p.puts = append(p.puts, f)
		}
		if f.attr.Nested != nil && f.inner() && !p.closed[f.attr.Nested] {
			p.closed[f.attr.Nested] = true
			p.findPuts(f.attr.Nested.Attrs)
		}
	}
}

// claimPuts takes the names of those functions, in the order of the text.
func (p *plan) claimPuts() {
	at := map[*ynl.AttrSet]int{}
	for i, s := range p.spec.Sets {
		at[s] = i
	}
	order := func(a, b *field) int {
		if a.root != b.root {
			return at[a.root] - at[b.root]
		}
		return int(a.attr.ID) - int(b.attr.ID)
	}
	slices.SortStableFunc(p.puts, order)
	slices.SortStableFunc(p.walks, order)
	for _, f := range p.puts {
		switch f.kind {
		case kindNest:
			p.claim(f.attr.Pos, p.fn("begin", f))
		case kindArray, kindTypeValue:
			p.claim(f.attr.Pos, p.fn("begin", f))
			for _, verb := range p.entryPuts(f) {
				p.claim(f.attr.Pos, verb)
			}
		default:
			p.claim(f.attr.Pos, p.fn("put", f))
		}
	}
}

// entryPuts are the functions that put what lies in an array.
func (p *plan) entryPuts(f *field) []string {
	switch {
	case f.kind == kindTypeValue:
		var list []string
		for _, v := range f.attr.TypeValue {
			list = append(list, p.fn("begin", f)+"_"+ident(v))
		}
		return list
	case f.elem == kindNest:
		return []string{p.fn("begin", f) + "_entry"}
	}
	return []string{p.fn("put", f) + "_entry"}
}
