package expr

// node is a condition.
type node interface {
	match(record []byte) bool
	names(yield func(string) bool) // of what it looks at
}

// all holds where all of several do.
type all struct{ nodes []node }

func (n *all) match(record []byte) bool {
	for _, one := range n.nodes {
		if !one.match(record) {
			return false
		}
	}
	return true
}

func (n *all) names(yield func(string) bool) { namesOf(n.nodes, yield) }

// some holds where one of several does.
type some struct{ nodes []node }

func (n *some) match(record []byte) bool {
	for _, one := range n.nodes {
		if one.match(record) {
			return true
		}
	}
	return false
}

func (n *some) names(yield func(string) bool) { namesOf(n.nodes, yield) }

func namesOf(nodes []node, yield func(string) bool) {
	for _, n := range nodes {
		for name := range n.names {
			if !yield(name) {
				return
			}
		}
	}
}

// not holds where another does not.
type not struct{ node node }

func (n *not) match(record []byte) bool { return !n.node.match(record) }

func (n *not) names(yield func(string) bool) { n.node.names(yield) }

// term is a test of one value.
type term struct {
	field *field
	test  test
}

func (n *term) match(record []byte) bool { return n.field.any(record, n.test) }

func (n *term) names(yield func(string) bool) { yield(n.field.name) }

// test is what is asked of a value.
type test interface {
	// holds looks at a payload. record is the whole of what it is part of.
	holds(p, record []byte) bool
}
