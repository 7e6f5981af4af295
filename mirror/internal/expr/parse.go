package expr

import (
	"github.com/nlkit/nlkit/ynl/codec"
)

const (
	// maxText is how long a text can be, in bytes.
	maxText = 64 << 10
	// maxNesting is how deep conditions lie in each other: parentheses and negations.
	maxNesting = 64
)

// compiler makes conditions of a text.
type compiler struct {
	text   string
	layout codec.Layout
	names  Names

	tokens []token
	next   int
	depth  int
}

func (c *compiler) peek() token { return c.tokens[c.next] }

func (c *compiler) take() token {
	t := c.tokens[c.next]
	if t.kind != tokenEnd {
		c.next++
	}
	return t
}

// accept takes the next token if it is one of these.
func (c *compiler) accept(texts ...string) bool {
	for _, text := range texts {
		if c.peek().is(text) {
			c.next++
			return true
		}
	}
	return false
}

func (c *compiler) errorf(t token, format string, args ...any) *Error {
	return errorAt(c.text, t.at, format, args...)
}

func (c *compiler) compile() (node, error) {
	if len(c.text) > maxText {
		return nil, errorAt(c.text, maxText, "the filter is too long: it may have %d bytes, and has %d", maxText, len(c.text))
	}
	var err error
	if c.tokens, err = lex(c.text); err != nil {
		return nil, err
	}
	if c.peek().kind == tokenEnd {
		return nil, c.errorf(c.peek(), "the filter is empty: write a condition, as in %s", c.example())
	}
	n, err := c.or()
	if err != nil {
		return nil, err
	}
	switch t := c.peek(); {
	case t.kind == tokenEnd:
		return n, nil
	case t.is(")"):
		return nil, c.errorf(t, "a \")\" without \"(\"")
	case t.is("|"):
		return nil, c.errorf(t, "a single | joins bits only: write || for or")
	default:
		return nil, c.errorf(t, "%s is too much here: expected && or || or the end", t.what())
	}
}

// or reads conditions of which one has to hold.
func (c *compiler) or() (node, error) {
	n, err := c.and()
	if err != nil {
		return nil, err
	}
	nodes := []node{n}
	for c.accept("||", "or") {
		if n, err = c.and(); err != nil {
			return nil, err
		}
		nodes = append(nodes, n)
	}
	if len(nodes) == 1 {
		return nodes[0], nil
	}
	return &some{nodes}, nil
}

// and reads conditions that all have to hold. Those in parentheses that say the same
// are taken out of them.
func (c *compiler) and() (node, error) {
	var nodes []node
	for {
		n, err := c.one()
		if err != nil {
			return nil, err
		}
		if in, ok := n.(*all); ok {
			nodes = append(nodes, in.nodes...)
		} else {
			nodes = append(nodes, n)
		}
		if !c.accept("&&", "and") {
			break
		}
	}
	if len(nodes) == 1 {
		return nodes[0], nil
	}
	return &all{nodes}, nil
}

// one reads a single condition.
func (c *compiler) one() (node, error) {
	t := c.peek()
	if c.depth++; c.depth > maxNesting {
		return nil, c.errorf(t, "conditions lie too deep in each other: there are at most %d levels", maxNesting)
	}
	defer func() { c.depth-- }()
	switch {
	case c.accept("!", "not"):
		n, err := c.one()
		if err != nil {
			return nil, err
		}
		return &not{n}, nil
	case c.accept("("):
		n, err := c.or()
		if err != nil {
			return nil, err
		}
		if end := c.peek(); !c.accept(")") {
			return nil, c.errorf(end, "expected \")\", for the \"(\" at %s, not %s", c.place(t), end.what())
		}
		return n, nil
	case c.accept("has"):
		return c.presence()
	case t.kind == tokenWord:
		c.next++
		return c.comparison(t)
	case t.kind == tokenQuoted:
		return nil, c.errorf(t, "expected a name, not %s: names have no quotes", t.what())
	}
	return nil, c.errorf(t, "expected a condition, not %s: write one as in %s", t.what(), c.example())
}

// place is where a token stands, for a person.
func (c *compiler) place(t token) string {
	e := c.errorf(t, "")
	s := e.Error()
	return s[:len(s)-2]
}

// presence reads what stands behind "has" where that comes first.
func (c *compiler) presence() (node, error) {
	t := c.take()
	if t.kind != tokenWord {
		return nil, c.errorf(t, "expected the name of an attribute behind has, not %s", t.what())
	}
	f, err := c.field(t)
	if err != nil {
		return nil, err
	}
	if err := c.kept(t, f); err != nil {
		return nil, err
	}
	if len(f.steps) == 0 {
		return nil, c.errorf(t, "%s is in the header of every record: has is for attributes, which may be missing", f.name)
	}
	return &term{f.bare(), present{}}, nil
}

// comparison reads what stands behind a name.
func (c *compiler) comparison(name token) (node, error) {
	f, err := c.field(name)
	if err != nil {
		return nil, err
	}
	if err := c.kept(name, f); err != nil {
		return nil, err
	}
	t := c.take()
	switch {
	case t.is("=="), t.is("!="):
		return c.values(f, t, t.text == "!=", false)
	case t.is("<"), t.is("<="), t.is(">"), t.is(">="):
		return c.order(f, t)
	case t.is("in"):
		return c.values(f, t, false, true)
	case t.is("not"), t.is("!"):
		if in := c.take(); !in.is("in") {
			return nil, c.errorf(in, "expected in behind %s %s, not %s", f.name, t.text, in.what())
		}
		return c.values(f, t, true, true)
	case t.is("has"):
		return c.bits(f, t)
	}
	return nil, c.errorf(t, "expected what %s is compared with (==, !=, <, <=, >, >=, in, has), not %s; whether it is there asks has %s", f.name, t.what(), f.name)
}

// literal reads one value.
func (c *compiler) literal(behind token) (token, error) {
	t := c.take()
	if t.kind != tokenWord && t.kind != tokenQuoted {
		return t, c.errorf(t, "expected a value behind %s, not %s", show(behind.text), t.what())
	}
	return t, nil
}

// values reads what a value is to be equal to, or what it is to be among.
func (c *compiler) values(f *field, op token, negated, in bool) (node, error) {
	if f.kind == kindNest || f.kind == kindFlag {
		return nil, c.incomparable(f, op)
	}
	b := f.equality(negated, in)
	open := c.peek()
	several := in && c.accept("(")
	for behind := op; ; behind = (token{text: ","}) {
		t, err := c.literal(behind)
		if err != nil {
			return nil, err
		}
		if err := b.add(c, f, t); err != nil {
			return nil, err
		}
		if n, ok := b.(*numberTest); ok && n.op == opIn {
			if err := c.keptValue(t, f, n.list[len(n.list)-1], false); err != nil {
				return nil, err
			}
		}
		if !several {
			break
		}
		if c.accept(")") {
			break
		}
		if end := c.peek(); !c.accept(",") {
			return nil, c.errorf(end, "expected \",\" or \")\", for the \"(\" at %s, not %s", c.place(open), end.what())
		}
	}
	return &term{f, b}, nil
}

// incomparable says how to ask for what has no value of its own.
func (c *compiler) incomparable(f *field, op token) error {
	if f.kind == kindFlag {
		return c.errorf(op, "%s is a flag, which is there or is not: write has %s", f.name, f.name)
	}
	if len(f.parts) == 0 {
		return c.errorf(op, "%s holds other things: it can be asked for with has %s alone", f.name, f.name)
	}
	return c.errorf(op, "%s holds other things: write %s.NAME with one of %s, or has %s", f.name, f.name, list(f.parts), f.name)
}

// order reads what a value is to be smaller or larger than.
func (c *compiler) order(f *field, op token) (node, error) {
	if f.kind != kindNumber {
		return nil, c.errorf(op, "%s is %s, which has no order: compare it with == or != or in", f.name, f.what())
	}
	t, err := c.literal(op)
	if err != nil {
		return nil, err
	}
	v, err := c.number(f, t)
	if err != nil {
		return nil, err
	}
	return &term{f, &numberTest{number: f.number, op: orders[op.text], list: []uint64{v}}}, nil
}

// bits reads the bits that are to be set.
func (c *compiler) bits(f *field, op token) (node, error) {
	if f.kind != kindNumber || f.signed {
		return nil, c.errorf(op, "%s is %s, which has no bits: has is for flags, and before a name for whether it is there", f.name, f.what())
	}
	first := c.peek()
	t, err := c.literal(op)
	if err != nil {
		return nil, err
	}
	mask, err := c.number(f, t)
	if err != nil {
		return nil, err
	}
	if mask == 0 {
		return nil, c.errorf(first, "no bit at all is in every value: write which, or %s == 0", f.name)
	}
	if err := c.keptValue(t, f, mask, true); err != nil {
		return nil, err
	}
	return &term{f, &numberTest{number: f.number, op: opHas, list: []uint64{mask}}}, nil
}
