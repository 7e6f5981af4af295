package lint

import "github.com/nlkit/nlkit/ynl"

// selector checks that a sub-message's selector is where it is looked for: in the
// attribute's own set, or in one around it on every way to it.
func (c *checker) selector(a *ynl.Attr, what string) {
	if a.SubMsg == nil || a.Selector == "" {
		return
	}
	if without := c.without(a.Set, a.Selector, map[*ynl.AttrSet]bool{}); without != nil {
		c.find(a.Pos, "%s: its selector %q is no attribute of %s, nor of the sets around it", what, a.Selector, without.Name)
		return
	}
	if s := a.Set.Attr(a.Selector); s != nil && s.Type != ynl.String && s.Enum == nil && !s.Type.IsInt() {
		c.find(a.Pos, "%s: its selector %q is a %s, whose value chooses nothing", what, a.Selector, s.Type)
	}
}

// without finds the outermost set on a way to s in which none of the sets has an
// attribute; nil where each way has it.
func (c *checker) without(s *ynl.AttrSet, name string, seen map[*ynl.AttrSet]bool) *ynl.AttrSet {
	if seen[s] || s.Attr(name) != nil {
		return nil
	}
	seen[s] = true
	outer := c.outer(s)
	if len(outer) == 0 {
		return s
	}
	for _, o := range outer {
		if w := c.without(o, name, seen); w != nil {
			return w
		}
	}
	return nil
}

// outer lists the sets that have an attribute with attributes of s in it.
func (c *checker) outer(s *ynl.AttrSet) []*ynl.AttrSet {
	var out []*ynl.AttrSet
	for _, o := range c.spec.Sets {
		for _, a := range o.Attrs {
			if holdsSet(a, s) {
				out = append(out, o)
				break
			}
		}
	}
	return out
}

func holdsSet(a *ynl.Attr, s *ynl.AttrSet) bool {
	if a.Nested == s {
		return true
	}
	if a.SubMsg != nil {
		for _, f := range a.SubMsg.Formats {
			if f.Set == s {
				return true
			}
		}
	}
	return false
}
