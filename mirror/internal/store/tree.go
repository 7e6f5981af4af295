package store

import (
	"bytes"
	"encoding/binary"
)

// width is how many entries a node has at most.
const width = 64

// node is a node of a B+tree: of a leaf the entries are records, else children with
// a lower bound of what lies in them. Of the first child the bound means nothing.
//
// An entry is found by hi and then by the key of its record.
type node struct {
	epoch uint64 // of the tree when it was made or copied: from then on it is its own
	n     int
	hi    [width]uint64
	ref   [width]Ref
	kid   []*node // nil in a leaf
}

// tree is an ordered set of records. A tree of the table's keys has the first 8
// bytes of the key as hi, an index has a tag.
type tree struct {
	root  *node
	epoch uint64
}

// prefix is hi for a key.
func prefix(key []byte) uint64 {
	if len(key) >= 8 {
		return binary.BigEndian.Uint64(key)
	}
	var b [8]byte
	copy(b[:], key)
	return binary.BigEndian.Uint64(b[:])
}

// compare orders (hi, key) and an entry.
func (n *node) compare(chunks [][]byte, i int, hi uint64, key []byte) int {
	switch {
	case hi < n.hi[i]:
		return -1
	case hi > n.hi[i]:
		return 1
	}
	return bytes.Compare(key, keyOf(chunks, n.ref[i]))
}

// search returns the first entry that is not less than (hi, key), and whether it is
// equal.
func (n *node) search(chunks [][]byte, hi uint64, key []byte) (int, bool) {
	lo, end := 0, n.n
	if n.kid != nil {
		lo = 1
	}
	for lo < end {
		mid := int(uint(lo+end) >> 1)
		switch c := n.compare(chunks, mid, hi, key); {
		case c == 0:
			return mid, true
		case c < 0:
			end = mid
		default:
			lo = mid + 1
		}
	}
	return lo, false
}

// child returns the child in which (hi, key) lies.
func (n *node) child(chunks [][]byte, hi uint64, key []byte) int {
	i, equal := n.search(chunks, hi, key)
	if equal {
		return i
	}
	return i - 1
}

// get finds a record; 0 if it is not there.
func (n *node) get(chunks [][]byte, hi uint64, key []byte) Ref {
	if n == nil {
		return 0
	}
	for n.kid != nil {
		n = n.kid[n.child(chunks, hi, key)]
	}
	if i, ok := n.search(chunks, hi, key); ok {
		return n.ref[i]
	}
	return 0
}

// own returns a node that may be changed in place of n.
func (t *tree) own(n *node) *node {
	if n.epoch == t.epoch {
		return n
	}
	c := &node{epoch: t.epoch, n: n.n, hi: n.hi, ref: n.ref}
	if n.kid != nil {
		c.kid = make([]*node, width)
		copy(c.kid, n.kid[:n.n])
	}
	return c
}

// put inserts a record, or puts it in the place of the one with the same key, which
// it returns.
func (t *tree) put(chunks [][]byte, hi uint64, key []byte, r Ref) (old Ref) {
	if t.root == nil {
		t.root = &node{epoch: t.epoch}
	}
	t.root = t.own(t.root)
	old, right := t.insert(t.root, chunks, hi, key, r)
	if right != nil {
		root := &node{epoch: t.epoch, n: 2, kid: make([]*node, width)}
		root.kid[0], root.kid[1] = t.root, right
		root.hi[1], root.ref[1] = right.hi[0], right.ref[0]
		root.hi[0], root.ref[0] = t.root.hi[0], t.root.ref[0]
		t.root = root
	}
	return old
}

// insert puts a record below n, which may be changed. right is a new node behind n
// if n was full.
func (t *tree) insert(n *node, chunks [][]byte, hi uint64, key []byte, r Ref) (old Ref, right *node) {
	if n.kid == nil {
		i, equal := n.search(chunks, hi, key)
		if equal {
			old, n.ref[i] = n.ref[i], r
			return old, nil
		}
		if n.n == width {
			right = t.halve(n, i)
			if i > n.n || i == n.n && right.n < n.n {
				right.place(i-n.n, hi, r, nil)
				return 0, right
			}
		}
		n.place(i, hi, r, nil)
		return 0, right
	}
	i := n.child(chunks, hi, key)
	n.kid[i] = t.own(n.kid[i])
	old, more := t.insert(n.kid[i], chunks, hi, key, r)
	if more == nil {
		return old, nil
	}
	i++
	if n.n == width {
		right = t.halve(n, i)
		if i > n.n || i == n.n && right.n < n.n {
			right.place(i-n.n, more.hi[0], more.ref[0], more)
			return old, right
		}
	}
	n.place(i, more.hi[0], more.ref[0], more)
	return old, right
}

// halve moves the upper half of a full node into a new one, or nothing where the
// next entry comes last: records that arrive in order fill their nodes.
func (t *tree) halve(n *node, next int) *node {
	from := width / 2
	if next == width {
		from = width
	}
	right := &node{epoch: t.epoch, n: width - from}
	copy(right.hi[:], n.hi[from:])
	copy(right.ref[:], n.ref[from:])
	if n.kid != nil {
		right.kid = make([]*node, width)
		copy(right.kid, n.kid[from:])
		clear(n.kid[from:])
	}
	n.n = from
	return right
}

// place makes room for an entry and puts it there.
func (n *node) place(i int, hi uint64, r Ref, kid *node) {
	copy(n.hi[i+1:n.n+1], n.hi[i:n.n])
	copy(n.ref[i+1:n.n+1], n.ref[i:n.n])
	n.hi[i], n.ref[i] = hi, r
	if n.kid != nil {
		copy(n.kid[i+1:n.n+1], n.kid[i:n.n])
		n.kid[i] = kid
	}
	n.n++
}

// take removes an entry.
func (n *node) take(i int) {
	copy(n.hi[i:n.n-1], n.hi[i+1:n.n])
	copy(n.ref[i:n.n-1], n.ref[i+1:n.n])
	if n.kid != nil {
		copy(n.kid[i:n.n-1], n.kid[i+1:n.n])
		n.kid[n.n-1] = nil
	}
	n.n--
}

// remove deletes the record of a key and returns it; 0 if there is none.
func (t *tree) remove(chunks [][]byte, hi uint64, key []byte) Ref {
	if t.root.get(chunks, hi, key) == 0 {
		return 0
	}
	t.root = t.own(t.root)
	old := t.delete(t.root, chunks, hi, key)
	for t.root.kid != nil && t.root.n == 1 {
		t.root = t.root.kid[0]
	}
	if t.root.n == 0 {
		t.root = nil
	}
	return old
}

func (t *tree) delete(n *node, chunks [][]byte, hi uint64, key []byte) Ref {
	if n.kid == nil {
		i, _ := n.search(chunks, hi, key)
		old := n.ref[i]
		n.take(i)
		return old
	}
	i := n.child(chunks, hi, key)
	n.kid[i] = t.own(n.kid[i])
	old := t.delete(n.kid[i], chunks, hi, key)
	t.tend(n, i)
	return old
}

// tend keeps children from becoming small: one of them is joined with its neighbour
// where both fit into one.
func (t *tree) tend(n *node, i int) {
	if n.kid[i].n >= width/4 {
		return
	}
	if n.kid[i].n == 0 && n.n > 1 {
		n.take(i)
		return
	}
	if i == n.n-1 {
		i--
	}
	if i < 0 || n.kid[i].n+n.kid[i+1].n > width*3/4 {
		return
	}
	left, right := t.own(n.kid[i]), n.kid[i+1]
	n.kid[i] = left
	copy(left.hi[left.n:], right.hi[:right.n])
	copy(left.ref[left.n:], right.ref[:right.n])
	if left.kid != nil {
		copy(left.kid[left.n:], right.kid[:right.n])
		// The bound of a first child means nothing until it is no longer the first.
		left.hi[left.n], left.ref[left.n] = n.hi[i+1], n.ref[i+1]
	}
	left.n += right.n
	n.take(i + 1)
}

// walk yields records in order, from the first that is not less than (hi, key).
func (n *node) walk(chunks [][]byte, hi uint64, key []byte, yield func(hi uint64, r Ref) bool) bool {
	if n == nil {
		return true
	}
	if n.kid == nil {
		i, _ := n.search(chunks, hi, key)
		return n.leafAll(i, yield)
	}
	i := n.child(chunks, hi, key)
	if !n.kid[i].walk(chunks, hi, key, yield) {
		return false
	}
	for _, k := range n.kid[i+1 : n.n] {
		if !k.all(yield) {
			return false
		}
	}
	return true
}

// all yields every record in order.
func (n *node) all(yield func(hi uint64, r Ref) bool) bool {
	if n == nil {
		return true
	}
	if n.kid == nil {
		return n.leafAll(0, yield)
	}
	for _, k := range n.kid[:n.n] {
		if !k.all(yield) {
			return false
		}
	}
	return true
}

func (n *node) leafAll(from int, yield func(hi uint64, r Ref) bool) bool {
	for i := from; i < n.n; i++ {
		if !yield(n.hi[i], n.ref[i]) {
			return false
		}
	}
	return true
}

// floor returns the last record that is not greater than (hi, key); 0 if all are.
func (n *node) floor(chunks [][]byte, hi uint64, key []byte) Ref {
	if n == nil {
		return 0
	}
	if n.kid == nil {
		i, equal := n.search(chunks, hi, key)
		switch {
		case equal:
			return n.ref[i]
		case i > 0:
			return n.ref[i-1]
		}
		return 0
	}
	// A bound may be lower than all that is left in a child.
	for i := n.child(chunks, hi, key); i >= 0; i-- {
		if r := n.kid[i].floor(chunks, hi, key); r != 0 {
			return r
		}
	}
	return 0
}
