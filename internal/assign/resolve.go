package assign

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nlkit/nlkit/internal/ifname"
	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/codec"
)

// Options say what the arguments may lean on. The zero value is a spec alone.
type Options struct {
	// Interface finds an interface's index by its name. Its error is shown as it
	// is. Without it names are left to the codec.
	Interface func(name string) (uint32, error)
	// Fallback finds a format that a sub-message of the spec lacks.
	Fallback func(s *ynl.SubMessage, value string) *ynl.Format
	// Request is what the spec lists for the request, nil where it is not known:
	// "dev" stands for an attribute that is in it rather than for the header's
	// index.
	Request *ynl.Message
}

// Message is what arguments say.
type Message struct {
	// Attrs are the values, in the order of the arguments.
	Attrs codec.Object

	origins []origin
}

// origin says which argument a value comes from.
type origin struct {
	path string // as codec writes it, without what it adds in brackets
	arg  string
}

// Parse reads arguments as the values of a message of layout l. What it refuses
// is an [*Error]; it does not judge the values themselves, which is the codec's
// work.
func Parse(args []string, l codec.Layout, o Options) (*Message, error) {
	root := &group{}
	top := scope{header: l.Header, set: l.Set}
	for _, text := range args {
		a, err := parse(text)
		if err == nil {
			a, err = top.named(a, o.Request)
		}
		if err != nil {
			return nil, err
		}
		if err := root.add(a); err != nil {
			return nil, err
		}
	}
	m := &Message{}
	r := &resolver{options: o, message: m}
	attrs, err := r.object(root, top)
	if err != nil {
		return nil, err
	}
	m.Attrs = attrs
	return m, nil
}

// Blame returns the argument that a codec's error is about, and "" where none
// is.
func (m *Message) Blame(path string) string {
	path = bare(path)
	best := origin{}
	for _, o := range m.origins {
		if len(o.path) > len(best.path) && (o.path == path || strings.HasPrefix(path, o.path+".")) {
			best = o
		}
	}
	return best.arg
}

// bare takes out what a codec puts in brackets: formats and indexes.
func bare(path string) string {
	var b strings.Builder
	depth := 0
	for _, c := range path {
		switch c {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		default:
			if depth == 0 {
				b.WriteRune(c)
			}
		}
	}
	return b.String()
}

type resolver struct {
	options Options
	message *Message
}

// scope is what names mean in one group.
type scope struct {
	header *ynl.Struct
	set    *ynl.AttrSet
	types  []string // names of a nest-type-value's types
	path   string
	// Outside, where a selector is looked for that is not inside.
	outer *scope
	group *group
}

// object makes the values of one group.
func (r *resolver) object(g *group, s scope) (codec.Object, error) {
	s.group = g
	out := make(codec.Object, 0, len(g.entries))
	done := map[string]int{} // where in out a value is that takes several entries
	for _, e := range g.entries {
		f, skip, err := r.field(e, &s, out, done)
		if err != nil {
			return nil, err
		}
		if !skip {
			out = append(out, f)
		}
	}
	return out, nil
}

// field makes the value of one entry. skip says that there is nothing to add:
// the entry is a flag that is off, or has become part of a value in out.
func (r *resolver) field(e *entry, s *scope, out codec.Object, done map[string]int) (f codec.Field, skip bool, err error) {
	a, m, err := s.lookup(e)
	if err != nil {
		return f, false, err
	}
	path := s.path + "." + e.name
	switch {
	case a != nil:
		path = s.path + "." + a.Name
		r.message.origins = append(r.message.origins, origin{path, e.arg.text})
		f, skip, err = r.attribute(e, a, s, path, out, done)
	case m != nil:
		r.message.origins = append(r.message.origins, origin{path, e.arg.text})
		f, err = r.member(e, m, path, out)
		if s.set != nil && s.set.Attr(m.Name) != nil {
			f.Name = inHeader + m.Name
		}
	case slices.Contains(s.types, e.name):
		f, err = codec.Field{Name: e.name, Value: e.arg.value}, needsValue(e)
	default:
		f, err = r.unnamed(e, path)
	}
	return f, skip, err
}

// lookup finds what an entry's name means. Where neither is found and there is
// no error it is a number or a type's name.
func (s *scope) lookup(e *entry) (*ynl.Attr, *ynl.Member, error) {
	var a *ynl.Attr
	var m *ynl.Member
	name, header := strings.CutPrefix(e.name, inHeader)
	if s.set != nil && !header {
		a = s.set.Attr(name)
	}
	if s.header != nil {
		if m = s.header.Member(name); m != nil && m.Type == ynl.Pad {
			m = nil
		}
	}
	if a != nil && m != nil {
		// One name for two things. The attribute was added because the member
		// was too small, or is a nest that adds details.
		if nest := a.Type == ynl.Nested || a.Type == ynl.SubMsg; nest && e.in == nil && e.arg.hasValue {
			return nil, m, nil
		}
		return a, nil, nil
	}
	if a != nil || m != nil {
		return a, m, nil
	}
	if n, ok := number(e.name); ok {
		if s.set != nil {
			a = s.set.ByID(n) // the last of several, as on the wire
		}
		return a, nil, nil
	}
	if slices.Contains(s.types, e.name) {
		return nil, nil, nil
	}
	return nil, nil, s.unknown(e)
}

// number reads the name of an attribute without a name: "60" or "attr-60".
func number(name string) (uint16, bool) {
	n, err := strconv.ParseUint(strings.TrimPrefix(name, "attr-"), 0, 16)
	if err != nil || n > uint64(wire.AttrTypeMask) {
		return 0, false
	}
	return uint16(n), true
}

// names lists what can be named.
func (s *scope) names() []string {
	var names []string
	if s.header != nil {
		for _, m := range s.header.Members {
			if m.Type != ynl.Pad {
				names = append(names, m.Name)
			}
		}
	}
	if s.set != nil {
		for _, a := range s.set.Attrs {
			if a.Type != ynl.Pad && a.Type != ynl.Unused {
				names = append(names, a.Name)
			}
		}
	}
	return append(names, s.types...)
}

func (s *scope) unknown(e *entry) error {
	where := "here"
	if s.path != "" {
		where = "in " + s.path[1:]
	}
	err := errorf(e.arg.text, "there is no attribute %s %s", e.name, where)
	names := s.names()
	if deep := s.deeper(e.name); len(deep) > 0 {
		err.Near = deep
		return err
	}
	if err.Near = near.Names(e.name, names); len(err.Near) == 0 {
		err.Text += "; there are: " + list(names)
		if len(names) == 0 {
			err.Text = fmt.Sprintf("there are no attributes %s to name: write %s:hex=... with its number", where, "NUMBER")
		}
	}
	return err
}

// maxDeep is how far below a name is looked for that is not where it was given.
const maxDeep = 3

// deeper finds nests that have the name, nearest first.
func (s *scope) deeper(name string) []string {
	type place struct {
		set  *ynl.AttrSet
		path string
	}
	if s.set == nil {
		return nil
	}
	var found []string
	seen := map[*ynl.AttrSet]bool{s.set: true}
	level := []place{{s.set, ""}}
	for range maxDeep {
		var next []place
		for _, p := range level {
			for _, a := range p.set.Attrs {
				if a.Nested == nil || seen[a.Nested] {
					continue
				}
				seen[a.Nested] = true
				next = append(next, place{a.Nested, p.path + a.Name + "."})
				if a.Nested.Attr(name) != nil {
					found = append(found, p.path+a.Name+"."+name)
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

// device is the word for the interface a message is about.
const device = "dev"

// deviceNames are the attributes that "dev" stands for, the likelier ones first.
var deviceNames = []string{"ifindex", "dev-index", "oif", "if-idx", "team-ifindex"}

// named returns the argument "dev=..." with the name of what the word stands for
// in a message, so that what is given by both names is given twice. Another
// argument is returned as it is, and so is one that the spec has a "dev" for.
func (s *scope) named(a argument, request *ynl.Message) (argument, error) {
	if a.steps[0].name != device || s.has(device) {
		return a, nil
	}
	steps := s.ownIndex(a.value, request)
	switch {
	case steps == nil:
		return a, nil // an unknown name like others
	case len(a.steps) > 1 || a.hex || a.steps[0].more || a.steps[0].index >= 0:
		return a, errorf(a.text, "dev is an interface's name or index: write dev=lo")
	case !a.hasValue:
		return a, errorf(a.text, "a value is missing: write dev=NAME")
	case a.value == "":
		return a, errorf(a.text, "the interface's name is empty: write dev=lo")
	}
	a.steps = nil
	for _, name := range steps {
		a.steps = append(a.steps, step{name: name, index: -1})
	}
	return a, nil
}

// has reports whether the spec has an attribute or member of that name.
func (s *scope) has(name string) bool {
	return s.set != nil && s.set.Attr(name) != nil || s.header != nil && s.header.Member(name) != nil
}

// ownIndex finds what "dev" stands for in a message: an attribute that the
// request lists, the header's index, another attribute, or what a nest "header"
// has. It is the way there, nil for none.
func (s *scope) ownIndex(value string, request *ynl.Message) []string {
	own := s.deviceAttr()
	if own != "" && request != nil && slices.ContainsFunc(request.Attrs, func(a *ynl.Attr) bool { return a.Name == own }) {
		return []string{own} // it filters where the header's index does not
	}
	if s.header != nil {
		for _, m := range s.header.Members {
			if !ifname.IsIndex(m.Name, m.Type) || m.Name == "dp-ifindex" {
				continue
			}
			if s.set != nil && s.set.Attr(m.Name) != nil {
				return []string{inHeader + m.Name}
			}
			return []string{m.Name}
		}
	}
	if own != "" {
		return []string{own}
	}
	if s.set == nil {
		return nil
	}
	h := s.set.Attr("header")
	if h == nil || h.Nested == nil || h.Nested.Attr("dev-index") == nil {
		return nil
	}
	if _, err := strconv.ParseUint(value, 0, 32); err != nil && h.Nested.Attr("dev-name") != nil {
		return []string{h.Name, "dev-name"} // the kernel finds it by itself
	}
	return []string{h.Name, "dev-index"}
}

func (s *scope) deviceAttr() string {
	if s.set == nil {
		return ""
	}
	for _, name := range deviceNames {
		if a := s.set.Attr(name); a != nil && ifname.IsIndex(a.Name, a.Type) {
			return name
		}
	}
	return ""
}
