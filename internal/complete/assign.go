package complete

import (
	"slices"
	"strings"

	"github.com/nlkit/nlkit/internal/ifname"
	"github.com/nlkit/nlkit/ynl"
)

// Options say what else is known. The zero value is a spec alone.
type Options struct {
	// Interfaces names the network interfaces; it is called where one is wanted.
	Interfaces func() []string
}

// device is the word for the interface that a message is about.
const device = "dev"

// scope is what names mean at one place.
type scope struct {
	header *ynl.Struct
	set    *ynl.AttrSet
	path   string // that leads there, ending in "."; with brackets as they were typed
	outer  *scope
}

// Assignments lists what can be typed as the next assignment of a request: a
// name in the message, and behind "=" a value. given are the assignments before
// it, which choose the formats of sub-messages. more reports that a candidate is
// not the whole word yet: no space is to follow.
func Assignments(op *ynl.Op, use Use, given []string, begun string, o Options) (out []string, more bool) {
	c := completer{given: given, options: o}
	s := &scope{header: op.Header, set: op.Set}
	if key, value, ok := strings.Cut(begun, "="); ok {
		return c.values(s, key, value), false
	}
	steps := strings.Split(begun, ".")
	for _, step := range steps[:len(steps)-1] {
		if s = c.enter(s, step); s == nil {
			return nil, false
		}
	}
	out = c.names(s, op, use, steps[len(steps)-1])
	for _, w := range out {
		word, _, _ := strings.Cut(w, "\t")
		more = more || strings.ContainsAny(word[len(word)-1:], "=.")
	}
	return out, more
}

type completer struct {
	given   []string
	options Options
}

// name is a step without what stands in brackets behind it.
func name(step string) string {
	n, _, _ := strings.Cut(step, "[")
	return n
}

// enter goes into a nest; nil where there is none of that name.
func (c *completer) enter(s *scope, step string) *scope {
	in := &scope{path: s.path + step + ".", outer: s}
	if s.header != nil {
		if m := s.header.Member(name(step)); m != nil && m.Struct != nil {
			in.header = m.Struct
			return in
		}
	}
	a := s.set.Attr(name(step))
	switch {
	case a == nil:
		return nil
	case a.SubMsg != nil:
		f := a.SubMsg.Format(c.selected(s, a.Selector))
		if f == nil {
			return nil
		}
		in.header, in.set = f.Header, f.Set
	case a.Nested != nil:
		in.set = a.Nested
	case a.Struct != nil:
		in.header = a.Struct
	default:
		return nil
	}
	return in
}

// selected finds the value that was given to a selector: that of the nearest nest
// that has such an attribute.
func (c *completer) selected(s *scope, selector string) string {
	for ; s != nil; s = s.outer {
		for _, g := range slices.Backward(c.given) {
			if key, value, ok := strings.Cut(g, "="); ok && key == s.path+selector {
				return value
			}
		}
		if s.set.Attr(selector) != nil {
			break
		}
	}
	return ""
}

// names lists what can be named in a scope. At the top that is first of all what
// the spec says the request takes.
func (c *completer) names(s *scope, op *ynl.Op, use Use, begun string) []string {
	var out []string
	add := func(word, description string) {
		if fits(word, begun) && !c.done(s.path+word) {
			out = append(out, with(s.path+word, description))
		}
	}
	if s.header != nil {
		for _, m := range s.header.Members {
			if m.Type == ynl.Pad || s.set.Attr(m.Name) != nil {
				continue
			}
			if m.Struct != nil {
				add(m.Name+".", "struct "+m.Struct.Name)
			} else {
				add(m.Name+"=", memberText(m))
			}
		}
	}
	if s.outer == nil && hasDevice(s) {
		add(device+"=", "the interface it is about")
	}
	attrs := requested(s, op, use)
	for _, a := range attrs {
		c.attr(a, add)
	}
	if len(out) == 0 && begun != "" && s.set != nil && len(attrs) < len(s.set.Attrs) {
		for _, a := range s.set.Attrs { // what the spec does not list can be right as well
			c.attr(a, add)
		}
	}
	return out
}

func (c *completer) attr(a *ynl.Attr, add func(word, description string)) {
	list := ""
	if a.Multi || a.Type == ynl.IndexedArray {
		list = "[+]"
	}
	elem := a.Type
	if a.Type == ynl.IndexedArray {
		elem = a.Sub
	}
	text := attrText(a)
	switch {
	case a.Type == ynl.Pad || a.Type == ynl.Unused:
	case elem == ynl.Flag:
		add(a.Name, text)
	case elem == ynl.Nested, elem == ynl.SubMsg, elem == ynl.NestTypeValue, a.Struct != nil:
		add(a.Name+list+".", text)
	default:
		add(a.Name+"=", text)
	}
}

// done reports whether a value was given already, and cannot be given again.
func (c *completer) done(word string) bool {
	if strings.HasSuffix(word, ".") {
		return false
	}
	return slices.ContainsFunc(c.given, func(g string) bool {
		key, _, _ := strings.Cut(g, "=")
		return key == strings.TrimSuffix(word, "=") && !strings.HasSuffix(key, "]")
	})
}

// requested lists the attributes that the spec says a request takes, at the top;
// elsewhere, or where it does not say, all of the set.
func requested(s *scope, op *ynl.Op, use Use) []*ynl.Attr {
	if s.outer == nil {
		mode := op.Do
		if use == Dump || mode == nil {
			mode = op.Dump
		}
		if mode != nil && mode.Request != nil && len(mode.Request.Attrs) > 0 {
			return mode.Request.Attrs
		}
	}
	if s.set == nil {
		return nil
	}
	return s.set.Attrs
}

func hasDevice(s *scope) bool {
	if s.set.Attr(device) != nil {
		return false
	}
	if s.header != nil {
		for _, m := range s.header.Members {
			if ifname.IsIndex(m.Name, m.Type) && m.Name != "dp-ifindex" {
				return true
			}
		}
	}
	for _, n := range []string{"ifindex", "dev-index", "oif", "if-idx"} {
		if a := s.set.Attr(n); a != nil && ifname.IsIndex(a.Name, a.Type) {
			return true
		}
	}
	h := s.set.Attr("header")
	return h != nil && h.Nested.Attr("dev-index") != nil
}

// attrText says in a few words what an attribute is.
func attrText(a *ynl.Attr) string {
	text := a.Type.String()
	switch {
	case a.Type == ynl.IndexedArray:
		text = "list of " + a.Sub.String()
	case a.Type == ynl.Binary && a.Struct != nil:
		text = "struct " + a.Struct.Name
	case a.Type == ynl.Binary && a.Sub != ynl.Unset:
		text = "array of " + a.Sub.String()
	case a.Hint != ynl.NoHint:
		text = a.Hint.String()
	}
	if a.Enum != nil {
		text += ", " + a.Enum.Name
	}
	if a.Multi {
		text += ", repeatable"
	}
	return text
}

func memberText(m *ynl.Member) string {
	text := m.Type.String()
	if m.Hint != ynl.NoHint {
		text = m.Hint.String()
	}
	if m.Enum != nil {
		text += ", " + m.Enum.Name
	}
	return text + ", header"
}
