package importer

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/internal/near"
)

// apply edits a spec. All edits that do not fit are reported.
func (o *Overlay) apply(root *node) error {
	var errs []error
	for _, list := range [][]Correction{o.Errors, o.Additions} {
		for _, c := range list {
			for _, ch := range c.changes {
				if err := ch.apply(root); err != nil {
					errs = append(errs, fmt.Errorf("%s:%d: %w", o.File, ch.line, err))
				}
			}
		}
	}
	return errors.Join(errs...)
}

func (c change) apply(root *node) error {
	n, err := lookup(root, c.at)
	if err != nil {
		return err
	}
	switch {
	case c.add != nil:
		return c.insert(n)
	case c.remove != nil:
		return c.take(n)
	}
	if n.kind != mapNode || c.was.kind != mapNode {
		if !n.equal(c.was) {
			return fmt.Errorf("%s is %s and not %s, which this overlay replaces: has upstream changed?", c.at, show(n), show(c.was))
		}
		*n = *c.is.clone()
		return nil
	}
	for _, k := range append(slices.Clone(c.was.keys), c.is.keys...) {
		if have, was := n.get(k), c.was.get(k); !have.equal(was) {
			return fmt.Errorf("%q of %s is %s and not %s, which this overlay replaces: has upstream changed?", k, c.at, show(have), show(was))
		}
	}
	for _, k := range c.was.keys {
		n.set(k, c.is.get(k).clone())
	}
	for _, k := range c.is.keys {
		n.set(k, c.is.get(k).clone())
	}
	return nil
}

// insert adds elements to a list.
func (c change) insert(n *node) error {
	if n.kind != listNode {
		return fmt.Errorf("%s is no list: nothing can be added to it", c.at)
	}
	at := len(n.items)
	if c.after != "" {
		at = 1 + slices.IndexFunc(n.items, func(e *node) bool { return e.name() == c.after })
		if at == 0 {
			return fmt.Errorf("%s has no %q to add something behind%s", c.at, c.after, suggest(c.after, n))
		}
	}
	for _, add := range c.add.items {
		if slices.ContainsFunc(n.items, func(e *node) bool { return e.name() == add.name() }) {
			return fmt.Errorf("%s has %q already, which this overlay adds: has upstream changed?", c.at, add.name())
		}
	}
	n.items = slices.Insert(n.items, at, c.add.clone().items...)
	return nil
}

// take takes elements out of a list. Of several with one name, the last one goes.
func (c change) take(n *node) error {
	if n.kind != listNode {
		return fmt.Errorf("%s is no list: nothing can be taken out of it", c.at)
	}
	for _, name := range c.remove.items {
		at := len(n.items) - 1
		for at >= 0 && n.items[at].name() != name.text {
			at--
		}
		if at < 0 {
			return fmt.Errorf("%s has no %q to be taken out%s: has upstream changed?", c.at, name.text, suggest(name.text, n))
		}
		n.items = slices.Delete(n.items, at, at+1)
	}
	return nil
}

// lookup follows a path: keys of mappings, and names of elements of lists.
func lookup(n *node, at string) (*node, error) {
	if at == "" {
		return n, nil
	}
	parts := strings.Split(at, "/")
	for i, p := range parts {
		var next *node
		switch n.kind {
		case mapNode:
			next = n.get(p)
		case listNode:
			if at := slices.IndexFunc(n.items, func(e *node) bool { return e.name() == p }); at >= 0 {
				next = n.items[at]
			}
		}
		if next == nil {
			return nil, fmt.Errorf("there is no %q in %s%s: has upstream changed?", p, orSpec(parts[:i]), suggest(p, n))
		}
		n = next
	}
	return n, nil
}

func orSpec(parts []string) string {
	if len(parts) == 0 {
		return "the spec"
	}
	return strings.Join(parts, "/")
}

// suggest says which names of a node may have been meant.
func suggest(name string, n *node) string {
	names := slices.Clone(n.keys)
	if n.kind == listNode {
		for _, e := range n.items {
			names = append(names, e.name())
		}
	}
	if like := near.Names(name, names); len(like) > 0 {
		return fmt.Sprintf(" (did you mean %s?)", strings.Join(like, " or "))
	}
	return ""
}

// show writes a node for an error, shortened.
func show(n *node) string {
	if n == nil {
		return "not there"
	}
	text, ok := inline(n, "")
	if !ok {
		text = strings.Join(strings.Fields(string(format(n))), " ")
	}
	if len(text) > 80 {
		text = text[:80] + "..."
	}
	return text
}
