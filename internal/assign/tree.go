package assign

// group is what the arguments put into one message, nest, struct or element.
type group struct {
	entries []*entry // in the order of the arguments
}

// entry is one value, or one group. A name can have several.
type entry struct {
	name  string
	index int      // in brackets, -1 without
	arg   argument // the first one that led here
	in    *group   // nil for a value
}

// add follows an argument's names and puts its value there.
func (g *group) add(a argument) error {
	for _, s := range a.steps[:len(a.steps)-1] {
		e := g.find(s)
		if e != nil && e.in == nil {
			return errorf(a.text, "%s has a value already, from %q: it cannot have attributes too", s.name, e.arg.text)
		}
		if e == nil {
			e = &entry{name: s.name, index: s.index, arg: a, in: &group{}}
			g.entries = append(g.entries, e)
		}
		g = e.in
	}
	s := a.steps[len(a.steps)-1]
	if s.index >= 0 {
		if e := g.find(s); e != nil {
			return errorf(a.text, "%s[%d] was given already, by %q", s.name, s.index, e.arg.text)
		}
	}
	g.entries = append(g.entries, &entry{name: s.name, index: s.index, arg: a})
	return nil
}

// find returns the entry a step on the way leads to: the last one of that name,
// or the one with that index; nil where a new one is to begin.
func (g *group) find(s step) *entry {
	if s.more {
		return nil
	}
	for i := len(g.entries) - 1; i >= 0; i-- {
		e := g.entries[i]
		if e.name == s.name && (s.index < 0 || e.index == s.index) {
			return e
		}
	}
	return nil
}

// value returns the value last given to a name.
func (g *group) value(name string) (text string, ok bool) {
	for i := len(g.entries) - 1; i >= 0; i-- {
		if e := g.entries[i]; e.name == name && e.in == nil && e.arg.hasValue && !e.arg.hex {
			return e.arg.value, true
		}
	}
	return "", false
}
