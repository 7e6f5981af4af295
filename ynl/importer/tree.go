package importer

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v4"
)

// maxNodes bounds what the aliases of a small file can unfold to: more than any
// spec has by far.
const maxNodes = 1 << 20

// maxDepth bounds how deep a document can be: specs have a dozen levels, and an
// alias in what it stands for has no end.
const maxDepth = 100

// nodeKind tells what a node is.
type nodeKind uint8

const (
	scalarNode nodeKind = iota
	listNode
	mapNode
)

// node is a part of a spec, with aliases resolved and comments gone.
type node struct {
	kind  nodeKind
	line  int
	text  string // of a scalar
	tag   string // of a scalar: "!!str", "!!int", "!!bool", "!!null"
	items []*node
	keys  []string // of a mapping, beside items
}

// text makes a scalar that is text.
func textNode(s string) *node { return &node{text: s, tag: "!!str"} }

// get returns a mapping's value; nil where there is none.
func (n *node) get(key string) *node {
	if n == nil || n.kind != mapNode {
		return nil
	}
	if at := slices.Index(n.keys, key); at >= 0 {
		return n.items[at]
	}
	return nil
}

// str returns a mapping's value as text; "" where there is none.
func (n *node) str(key string) string {
	if v := n.get(key); v != nil && v.kind == scalarNode {
		return v.text
	}
	return ""
}

// set gives a mapping's key a value; nil takes the key out.
func (n *node) set(key string, v *node) {
	at := slices.Index(n.keys, key)
	switch {
	case at >= 0 && v == nil:
		n.keys, n.items = slices.Delete(n.keys, at, at+1), slices.Delete(n.items, at, at+1)
	case at >= 0:
		n.items[at] = v
	case v != nil:
		n.keys, n.items = append(n.keys, key), append(n.items, v)
	}
}

// name is what an element of a list is found by: its own text, its name, or of a
// sub-message's format the selector's value.
func (n *node) name() string {
	switch {
	case n.kind == scalarNode:
		return n.text
	case n.get("name") != nil:
		return n.str("name")
	}
	return n.str("value")
}

// clone copies a node with everything in it.
func (n *node) clone() *node {
	if n == nil {
		return nil
	}
	c := *n
	c.keys, c.items = slices.Clone(n.keys), make([]*node, len(n.items))
	for i, it := range n.items {
		c.items[i] = it.clone()
	}
	return &c
}

// equal reports whether two nodes say the same. The order of keys does not
// count.
func (n *node) equal(o *node) bool {
	if n == nil || o == nil {
		return n == o
	}
	if n.kind != o.kind || n.text != o.text || n.tag != o.tag || len(n.items) != len(o.items) {
		return false
	}
	for i, it := range n.items {
		other := o.items[i]
		if n.kind == mapNode {
			other = o.get(n.keys[i])
		}
		if !it.equal(other) {
			return false
		}
	}
	return true
}

// tree reads YAML text.
func tree(file string, text []byte) (*node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 {
		return nil, fmt.Errorf("%s: the file is empty", file)
	}
	c := converter{file: file, budget: maxNodes}
	return c.convert(doc.Content[0], 0)
}

// converter makes nodes of YAML's.
type converter struct {
	file   string
	budget int // nodes that may still be made
}

func (c *converter) convert(n *yaml.Node, depth int) (*node, error) {
	line := n.Line
	for n.Kind == yaml.AliasNode && n.Alias != nil {
		n = n.Alias
	}
	if c.budget--; c.budget < 0 || depth > maxDepth {
		return nil, fmt.Errorf("%s:%d: the aliases unfold to more than any spec has", c.file, line)
	}
	out := &node{line: line}
	switch n.Kind {
	case yaml.ScalarNode:
		out.text, out.tag = n.Value, n.ShortTag()
		if out.tag == "!!null" {
			out.text = "" // nothing is written in several ways
		}
	case yaml.SequenceNode:
		out.kind = listNode
	case yaml.MappingNode:
		out.kind = mapNode
	default:
		return nil, fmt.Errorf("%s:%d: this is neither a value, a list nor a mapping", c.file, line)
	}
	for i, in := range n.Content {
		v, err := c.convert(in, depth+1)
		if err != nil {
			return nil, err
		}
		switch {
		case out.kind != mapNode || i%2 == 1:
			out.items = append(out.items, v)
		case v.kind != scalarNode:
			return nil, fmt.Errorf("%s:%d: a key must be a word", c.file, v.line)
		case slices.Contains(out.keys, v.text):
			return nil, fmt.Errorf("%s:%d: the key %q is there twice", c.file, v.line, v.text)
		default:
			out.keys = append(out.keys, v.text)
		}
	}
	return out, nil
}
