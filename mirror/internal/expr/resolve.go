package expr

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nlkit/nlkit/internal/ifname"
	"github.com/nlkit/nlkit/internal/integer"
	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/internal/rtnames"
	"github.com/nlkit/nlkit/internal/tchandle"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

// inHeader is put before the name of a header's member where an attribute has the same
// name. It is the codec's word for it.
const inHeader = "header:"

// device is the word for the link that a record is about, as on the command line.
const device = "dev"

// resolver follows a name to what it stands for.
type resolver struct {
	c    *compiler
	t    token
	f    *field
	path []string // names as the spec has them
	next string   // the name behind the one in hand, "" for none

	// What the next name can be: members of a struct or a header, which begins at f.off
	// of the last payload, and attributes behind it.
	header *ynl.Struct
	set    *ynl.AttrSet
	sets   []*ynl.AttrSet // of the steps so far
	more   []string       // other names: the halves of a bitfield
}

// field finds what a name stands for.
func (c *compiler) field(t token) (*field, error) {
	r := &resolver{c: c, t: t, f: &field{}, header: c.layout.Header, set: c.layout.Set}
	if r.header == nil && r.set == nil {
		return nil, c.errorf(t, "the table's records have no names to filter by")
	}
	if r.header != nil {
		r.f.head = wire.Align(r.header.Size)
	}
	names := strings.Split(t.text, ".")
	for i, name := range names {
		if len(r.f.steps)+4 > maxSteps {
			return nil, c.errorf(t, "%s: names lie too deep in each other", show(t.text))
		}
		if r.next = ""; i+1 < len(names) {
			r.next = names[i+1]
		}
		if err := r.step(name, i == 0); err != nil {
			return nil, err
		}
	}
	r.f.name = strings.Join(r.path, ".")
	r.f.parts = r.names()
	return r.f, nil
}

// step follows one name.
func (r *resolver) step(name string, first bool) error {
	format := ""
	if at := strings.IndexByte(name, '('); at >= 0 && strings.HasSuffix(name, ")") {
		name, format = name[:at], name[at+1:len(name)-1]
	}
	if name == "" {
		return r.errorf("a name is missing beside a \".\"")
	}
	if r.f.kind != 0 && r.f.kind != kindNest {
		return r.errorf("%s is %s and has nothing in it", r.where(), r.f.what())
	}
	a, m := r.find(name)
	if first && a == nil && m == nil && name == device {
		if a, m = r.device(); m != nil {
			name = m.Name
		}
	}
	switch {
	case a == nil && m == nil && r.set != nil && isNumber(name):
		n, _ := strconv.ParseUint(name[len(numbered):], 10, 16)
		r.path = append(r.path, name)
		r.push(step{id: uint16(n)}, r.set)
		r.header, r.set, r.more = nil, nil, nil
		r.f.kind = kindBytes
		return nil
	case a == nil && m == nil:
		if half := slices.Index(r.more, name); half >= 0 {
			r.path = append(r.path, name)
			r.f.part, r.f.off, r.f.size = true, 4*half, 4
			r.f.kind, r.more = kindNumber, nil
			return nil
		}
		return r.unknown(name)
	case a == nil:
		r.path = append(r.path, name)
		return r.member(m)
	}
	r.path = append(r.path, a.Name)
	if first {
		r.otherwise(a, m)
	}
	return r.attribute(a, format)
}

// numbered is put before the number of an attribute that has no name.
const numbered = "attr-"

func isNumber(name string) bool {
	digits, ok := strings.CutPrefix(name, numbered)
	n, err := strconv.ParseUint(digits, 10, 16)
	return ok && err == nil && n <= uint64(wire.AttrTypeMask)
}

// find looks a name up. Where a member and an attribute have the same, the attribute
// counts.
func (r *resolver) find(name string) (a *ynl.Attr, m *ynl.Member) {
	bare, header := strings.CutPrefix(name, inHeader)
	if r.header != nil {
		if m = r.header.Member(bare); m != nil && m.Type == ynl.Pad {
			m = nil
		}
	}
	if header {
		return nil, m
	}
	if a = r.set.Attr(name); a != nil && (a.Type == ynl.Pad || a.Type == ynl.Unused) {
		a = nil
	}
	return a, m
}

// device finds what "dev" stands for.
func (r *resolver) device() (*ynl.Attr, *ynl.Member) {
	if r.header != nil {
		for _, m := range r.header.Members {
			if ifname.IsIndex(m.Name, m.Type) {
				return nil, m
			}
		}
	}
	for _, name := range []string{"ifindex", "dev-index", "oif", "if-idx"} {
		if a := r.set.Attr(name); a != nil && ifname.IsIndex(a.Name, a.Type) {
			return a, nil
		}
	}
	return nil, nil
}

// otherwise finds the member of the header that counts where an attribute is not
// there: one of the same name, or the one that is said.
func (r *resolver) otherwise(a *ynl.Attr, m *ynl.Member) {
	if r.header == nil {
		return
	}
	if name, ok := r.c.names.Otherwise[a.Name]; ok {
		m = r.header.Member(name)
	}
	if m == nil || m.Type.Size() == 0 || a.Type.Size() == 0 || a.Enum != nil {
		return
	}
	r.f.other = &field{name: a.Name}
	r.f.other.setMember(m)
	r.f.other.part, r.f.other.off, r.f.other.size = true, m.Offset, m.Size
}

// member goes to a member of a struct.
func (r *resolver) member(m *ynl.Member) error {
	r.f.part, r.f.off, r.f.size = true, r.f.off+m.Offset, m.Size
	r.set = nil
	if r.header = m.Struct; m.Struct != nil {
		r.f.kind = kindNest
		return nil
	}
	r.f.setMember(m)
	return nil
}

func (f *field) setMember(m *ynl.Member) {
	f.setScalar(m.Type, m.ByteOrder, m.Hint)
	f.words = meaning{enum: m.Enum, bits: m.IsBits(), names: rtnames.Of(nil, m, m.Type), handle: tchandle.Is(nil, m),
		link: ifname.IsIndex(m.Name, m.Type), addr: f.words.addr}
}

func (f *field) setAttr(a *ynl.Attr, t ynl.Type) {
	f.setScalar(t, a.ByteOrder, a.Hint)
	f.words = meaning{enum: a.Enum, bits: a.IsBits(), names: rtnames.Of(a, nil, t), handle: tchandle.Is(a, nil),
		link: ifname.IsIndex(a.Name, t), addr: f.words.addr}
}

// setScalar says how a plain value is compared.
func (f *field) setScalar(t ynl.Type, order ynl.ByteOrder, hint ynl.Hint) {
	f.typ, f.hint = t, hint
	f.number = number{t.Size(), t.IsSigned(), order}
	isAddr := hint == ynl.HintIPv4 || hint == ynl.HintIPv6 || hint == ynl.HintIP
	switch {
	case t == ynl.U32 && isAddr && network(order):
		f.kind = kindAddr
	case t.IsInt():
		f.kind, f.words.addr = kindNumber, isAddr
	case t == ynl.String:
		f.kind = kindText
	case t == ynl.Flag:
		f.kind = kindFlag
	case isAddr:
		f.kind = kindAddr
	default:
		f.kind = kindBytes
	}
}

// attribute goes into an attribute.
func (r *resolver) attribute(a *ynl.Attr, format string) error {
	f := r.f
	r.push(step{id: a.ID, each: a.Multi}, r.set)
	r.header, r.set, r.more = nil, nil, nil
	if format != "" && a.Type != ynl.SubMsg {
		return r.errorf("%s has no kinds to choose from", r.where())
	}
	t := a.Type
	if t == ynl.IndexedArray {
		r.push(step{any: true}, nil)
		t = a.Sub
	}
	switch t {
	case ynl.NestTypeValue:
		for range a.TypeValue {
			r.push(step{any: true}, nil)
		}
		f.kind, r.set = kindNest, a.Nested
	case ynl.Nested:
		f.kind, r.set = kindNest, a.Nested
	case ynl.SubMsg:
		f.kind = kindNest
		return r.subMessage(a, format)
	case ynl.Bitfield32:
		f.setAttr(a, ynl.U32)
		f.words.bits = a.Enum != nil
		f.kind, r.more = kindNest, []string{"value", "selector"}
	case ynl.Binary:
		switch {
		case a.Struct != nil:
			f.kind, r.header = kindNest, a.Struct
		case a.Sub.Size() > 0:
			f.setAttr(a, a.Sub)
			f.elem = a.Sub.Size()
		default:
			f.setAttr(a, t)
		}
	case ynl.IndexedArray: // of arrays
		f.kind = kindNest
	default:
		f.setAttr(a, t)
	}
	p, ok := r.c.names.Prefixes[a.Name]
	if h := r.c.layout.Header; ok && len(f.steps) == 1 && f.kind == kindAddr && h.Member(p.Length) != nil && h.Member(p.Family) != nil {
		f.kind, f.length, f.family = kindPrefix, h.Member(p.Length).Offset, h.Member(p.Family).Offset
	}
	return nil
}

func (r *resolver) push(s step, set *ynl.AttrSet) {
	r.f.steps = append(r.f.steps, s)
	r.sets = append(r.sets, set)
}

// subMessage chooses the format that a sub-message is taken for.
func (r *resolver) subMessage(a *ynl.Attr, value string) error {
	if value == "" {
		return r.anyFormat(a)
	}
	var format *ynl.Format
	var kinds []string
	if a.SubMsg != nil {
		format = a.SubMsg.Format(value)
		for _, f := range a.SubMsg.Formats {
			kinds = append(kinds, f.Value)
		}
	}
	if format == nil {
		err := r.errorf("%s has no kind %s; there are: %s", r.where(), show(value), list(kinds))
		err.Near = near.Names(value, kinds)
		return err
	}
	r.path[len(r.path)-1] += "(" + value + ")"
	s, err := r.selector(a, value)
	if err != nil {
		return err
	}
	r.f.steps[len(r.f.steps)-1].sel = s
	r.header, r.set = format.Header, format.Set
	if format.Header != nil {
		r.f.steps[len(r.f.steps)-1].skip = wire.Align(format.Header.Size)
	}
	return nil
}

// selector finds the attribute that tells the kind of a sub-message: beside it, or
// beside what it lies in.
func (r *resolver) selector(a *ynl.Attr, value string) (*selector, error) {
	for i := len(r.sets) - 1; i >= 0; i-- {
		sel := r.sets[i].Attr(a.Selector)
		if sel == nil {
			continue
		}
		s := &selector{level: i, id: sel.ID, isText: true, text: value}
		if sel.Type.IsInt() {
			neg, abs, _, ok := integer.Parse(value)
			if sel.Enum != nil {
				if e := sel.Enum.Entry(value); e != nil {
					neg, abs, ok = false, e.Value, true
				}
			}
			if !ok || neg {
				break
			}
			s.isText, s.value = false, abs
			s.number = number{sel.Type.Size(), sel.Type.IsSigned(), sel.ByteOrder}
		}
		return s, nil
	}
	return nil, r.errorf("what kind %s is does not stand where the spec says", r.where())
}

// anyFormat finds the one kind of a sub-message that has the next name.
func (r *resolver) anyFormat(a *ynl.Attr) error {
	name := r.next
	if name == "" {
		return nil // it is asked for as a whole
	}
	var kinds []string
	if a.SubMsg != nil {
		for _, f := range a.SubMsg.Formats {
			in := resolver{header: f.Header, set: f.Set}
			if a, m := in.find(name); a != nil || m != nil {
				kinds = append(kinds, f.Value)
			}
		}
	}
	switch len(kinds) {
	case 0:
		return r.errorf("there is no %s in any kind of %s", name, r.where())
	case 1:
		return r.subMessage(a, kinds[0])
	}
	var texts []string
	for _, k := range kinds {
		texts = append(texts, r.where()+"("+k+")."+name)
	}
	return r.errorf("%s is in several kinds of %s: write one of %s", name, r.where(), list(texts))
}

func (r *resolver) errorf(format string, args ...any) *Error { return r.c.errorf(r.t, format, args...) }

// where is the way so far.
func (r *resolver) where() string { return strings.Join(r.path, ".") }

// names lists what can come next.
func (r *resolver) names() []string {
	var names []string
	if r.header != nil {
		for _, m := range r.header.Members {
			if m.Type != ynl.Pad {
				names = append(names, m.Name)
			}
		}
	}
	if r.set != nil {
		for _, a := range r.set.Attrs {
			if a.Type != ynl.Pad && a.Type != ynl.Unused && !slices.Contains(names, a.Name) {
				names = append(names, a.Name)
			}
		}
	}
	return append(names, r.more...)
}

// unknown says that there is no such name, and which there are.
func (r *resolver) unknown(name string) error {
	where, prefix := "here", ""
	if len(r.path) > 0 {
		where, prefix = "in "+r.where(), r.where()+"."
	}
	names := r.names()
	if len(names) == 0 {
		return r.errorf("there is nothing %s that has a name", where)
	}
	err := r.errorf("there is no %s %s", show(name), where)
	for _, n := range deeper(r.set, name) {
		err.Near = append(err.Near, prefix+n)
	}
	if len(err.Near) == 0 {
		err.Near = near.Names(name, names)
		for i, n := range err.Near {
			err.Near[i] = prefix + n
		}
	}
	if len(err.Near) == 0 {
		err.Text += "; there are: " + list(names)
	}
	return err
}

// maxDeep is how far below a name is looked for that is not where it was given.
const maxDeep = 3

// deeper finds nests and sub-messages that have the name, the nearest.
func deeper(set *ynl.AttrSet, name string) []string {
	type place struct {
		set  *ynl.AttrSet
		path string
	}
	if set == nil {
		return nil
	}
	seen := map[*ynl.AttrSet]bool{set: true}
	level := []place{{set, ""}}
	for range maxDeep {
		var next []place
		var found []string
		look := func(in *ynl.AttrSet, path string) {
			if in == nil || seen[in] {
				return
			}
			seen[in] = true
			next = append(next, place{in, path})
			if a := in.Attr(name); a != nil && a.Type != ynl.Pad && a.Type != ynl.Unused {
				found = append(found, path+name)
			}
		}
		for _, p := range level {
			for _, a := range p.set.Attrs {
				look(a.Nested, p.path+a.Name+".")
				if a.SubMsg == nil {
					continue
				}
				for _, f := range a.SubMsg.Formats {
					look(f.Set, p.path+a.Name+"("+f.Value+").")
				}
			}
		}
		if len(found) > 0 {
			return found[:min(len(found), near.Max)]
		}
		level = next
	}
	return nil
}

// example is a condition that could stand in the text.
func (c *compiler) example() string {
	r := resolver{header: c.layout.Header, set: c.layout.Set}
	for _, name := range []string{"table", "mtu", "family"} {
		if a, m := r.find(name); a != nil || m != nil {
			return map[string]string{"table": "table == main", "mtu": "mtu > 1400", "family": "family == inet"}[name]
		}
	}
	if names := r.names(); len(names) > 0 {
		return names[0] + " == 1"
	}
	return "name == value"
}
