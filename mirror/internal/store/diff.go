package store

import (
	"bytes"
	"iter"
)

// Change is what became of a record: Old is nil if it was added, New if it was
// deleted.
type Change struct {
	Key, Old, New []byte
}

// Diff yields what is different in b, in the order of keys. A nil snapshot is an
// empty one. Subtrees that both share are passed over, so that the time is that of
// what differs, and of what Tidy has moved.
func Diff(a, b *Snapshot) iter.Seq[Change] {
	return func(yield func(Change) bool) {
		if a == nil {
			a = &Snapshot{}
		}
		if b == nil {
			b = &Snapshot{}
		}
		x, y := newCursor(a), newCursor(b)
		for {
			switch order(x, y) {
			case bothEnd:
				return
			case sameNode:
				x.skip()
				y.skip()
			case openLeft:
				x.open()
			case openRight:
				y.open()
			case openBoth:
				x.open()
				y.open()
			case leftOnly:
				k, v := x.record()
				if !yield(Change{k, v, nil}) {
					return
				}
				x.skip()
			case rightOnly:
				k, v := y.record()
				if !yield(Change{k, nil, v}) {
					return
				}
				y.skip()
			case sameKey:
				k, v := x.record()
				_, w := y.record()
				if !bytes.Equal(v, w) && !yield(Change{k, v, w}) {
					return
				}
				x.skip()
				y.skip()
			}
		}
	}
}

// cursor stands before a node or a record of a snapshot.
type cursor struct {
	s     *Snapshot
	stack []place
}

// place is an entry of a node; of the root, which is none's entry, the node is nil.
type place struct {
	in *node
	i  int
	at *node // the node that the entry is; nil if it is a record
	// height is how many levels lie below.
	height int
	first  bool // its bound means nothing: nothing of the tree lies before it
}

func newCursor(s *Snapshot) *cursor {
	c := &cursor{s: s}
	if s.main != nil {
		h := 0
		for n := s.main; n.kid != nil; n = n.kid[0] {
			h++
		}
		c.stack = append(c.stack, place{at: s.main, height: h + 1, first: true})
	}
	return c
}

func (c *cursor) top() *place { return &c.stack[len(c.stack)-1] }

// open goes into the node that the cursor stands before.
func (c *cursor) open() {
	p := *c.top()
	if p.at.n == 0 {
		c.skip()
		return
	}
	q := place{in: p.at, height: p.height - 1, first: p.first}
	if p.at.kid != nil {
		q.at = p.at.kid[0]
	}
	c.stack = append(c.stack, q)
}

// skip goes behind what the cursor stands before.
func (c *cursor) skip() {
	for {
		p := c.top()
		if p.in != nil && p.i+1 < int(p.in.n) {
			p.i++
			p.first = false
			if p.at != nil {
				p.at = p.in.kid[p.i]
			}
			return
		}
		c.stack = c.stack[:len(c.stack)-1]
		if len(c.stack) == 0 {
			return
		}
	}
}

func (c *cursor) record() (key, value []byte) {
	p := c.top()
	return split(c.s.chunks, p.in.ref[p.i])
}

// bound returns the lower bound of what the cursor stands before. Of the first
// child of a node it is that of the node.
func (c *cursor) bound() (key []byte, none bool) {
	for i := len(c.stack) - 1; i >= 0; i-- {
		p := &c.stack[i]
		if p.first {
			break
		}
		if p.at == nil || p.i > 0 {
			return keyOf(c.s.chunks, p.in.ref[p.i]), false
		}
	}
	return nil, true
}

type step int

const (
	bothEnd step = iota
	sameNode
	openLeft
	openRight
	openBoth
	leftOnly
	rightOnly
	sameKey
)

// order says what to do next.
func order(x, y *cursor) step {
	switch {
	case len(x.stack) == 0 && len(y.stack) == 0:
		return bothEnd
	case len(x.stack) == 0:
		if y.top().at != nil {
			return openRight
		}
		return rightOnly
	case len(y.stack) == 0:
		if x.top().at != nil {
			return openLeft
		}
		return leftOnly
	}
	p, q := x.top(), y.top()
	if p.at != nil && p.at == q.at {
		return sameNode
	}
	switch {
	case p.at == nil && q.at == nil:
		k, _ := x.record()
		l, _ := y.record()
		switch c := bytes.Compare(k, l); {
		case c < 0:
			return leftOnly
		case c > 0:
			return rightOnly
		}
		return sameKey
	case p.at == nil:
		if k, _ := x.record(); y.behind(k) {
			return leftOnly
		}
		return openRight
	case q.at == nil:
		if l, _ := y.record(); x.behind(l) {
			return rightOnly
		}
		return openLeft
	case p.height > q.height:
		return openLeft
	case p.height < q.height:
		return openRight
	}
	k, xNone := x.bound()
	l, yNone := y.bound()
	switch {
	case xNone && yNone:
		return openBoth
	case xNone:
		return openLeft
	case yNone:
		return openRight
	}
	switch c := bytes.Compare(k, l); {
	case c < 0:
		return openLeft
	case c > 0:
		return openRight
	}
	return openBoth
}

// behind reports whether a key lies before all that the cursor stands before.
func (c *cursor) behind(key []byte) bool {
	bound, none := c.bound()
	return !none && bytes.Compare(key, bound) < 0
}
