package store

import "math"

// tree is an ordered set of records that is changed by one goroutine. Its nodes are
// changed in place unless a snapshot was taken since they were made: then a copy
// takes their place.
type tree struct {
	root  *node
	epoch uint64
	byTag bool // an index: ordered by tag and key, else by key, and tags are 0
	len   int  // records
	nodes int  // and what they hang from, in units of nodeBytes
}

// newNode returns an empty node.
func (t *tree) newNode(leaf bool) *node {
	n := &node{epoch: t.epoch}
	t.nodes++
	if !leaf {
		n.kid = new([width]*node)
		t.nodes++
	}
	return n
}

// forget counts a node that is no longer in the tree.
func (t *tree) forget(n *node) {
	t.nodes--
	if n.kid != nil {
		t.nodes--
	}
}

// own returns a node that may be changed in place of n.
func (t *tree) own(n *node) *node {
	if n.epoch == t.epoch {
		return n
	}
	c := new(node)
	*c = *n
	c.epoch = t.epoch
	if n.kid != nil {
		c.kid = new([width]*node)
		*c.kid = *n.kid
	}
	return c
}

// skip returns how many bytes all keys between two bounds begin with in common, or
// -1 if tags may differ.
func (t *tree) skip(chunks [][]byte, lo, hi bound) int32 {
	if lo.ref == 0 || hi.ref == 0 || lo.tag != hi.tag {
		if t.byTag {
			return -1
		}
		return 0
	}
	a, b := keyOf(chunks, lo.ref), keyOf(chunks, hi.ref)
	i := 0
	for end := min(len(a), len(b), math.MaxInt32); i < end && a[i] == b[i]; i++ {
	}
	return int32(i)
}

// within returns the bounds of a child of n, which has the given ones.
func (n *node) within(i int, lo, hi bound) (bound, bound) {
	common := lo.tag
	if i > 0 {
		lo = bound{n.tagOf(i, common), n.ref[i]}
	}
	if i+1 < int(n.n) {
		hi = bound{n.tagOf(i+1, common), n.ref[i+1]}
	}
	return lo, hi
}

// confine gives a node that may be changed the words that are right between two
// bounds; common is the tag of the lower bound it had.
func (t *tree) confine(n *node, chunks [][]byte, common uint32, lo, hi bound) {
	skip := t.skip(chunks, lo, hi)
	if skip == n.skip {
		return
	}
	for i := range int(n.n) {
		switch {
		case skip < 0:
			n.word[i] = n.tagOf(i, common)
		case n.ref[i] != 0:
			n.word[i] = wordAt(keyOf(chunks, n.ref[i]), int(skip))
		}
	}
	n.skip = skip
}

// put inserts a record, or puts it in the place of the one with the same tag and
// key, which it returns.
func (t *tree) put(chunks [][]byte, tag uint32, key []byte, r Ref) (old Ref) {
	if t.root == nil {
		t.root = t.newNode(true)
		t.root.skip = t.skip(chunks, bound{}, bound{})
	}
	t.root = t.own(t.root)
	old, right, sep := t.insert(t.root, chunks, bound{}, bound{}, tag, key, r)
	if right != nil {
		root := t.newNode(false)
		root.skip = t.skip(chunks, bound{}, bound{})
		root.place(0, 0, 0, t.root)
		root.place(1, root.wordOf(sep.tag, keyOf(chunks, sep.ref)), sep.ref, right)
		t.root = root
	}
	if old == 0 {
		t.len++
	}
	return old
}

// insert puts a record below n, which may be changed and lies between lo and hi.
// right is a new node behind n if n was full, and sep its lower bound.
func (t *tree) insert(n *node, chunks [][]byte, lo, hi bound, tag uint32, key []byte, r Ref) (old Ref, right *node, sep bound) {
	if n.kid == nil {
		i, equal := n.search(chunks, 0, tag, key)
		if equal {
			old, n.ref[i] = n.ref[i], r
			return old, nil, sep
		}
		right, sep = t.add(n, chunks, lo, hi, i, bound{tag, r}, nil)
		return 0, right, sep
	}
	i := n.child(chunks, tag, key)
	kid := t.own(n.kid[i])
	n.kid[i] = kid
	kidLo, kidHi := n.within(i, lo, hi)
	old, more, at := t.insert(kid, chunks, kidLo, kidHi, tag, key, r)
	if more != nil {
		right, sep = t.add(n, chunks, lo, hi, i+1, at, more)
	}
	return old, right, sep
}

// add puts an entry into n, and its upper part into a new node if n is full.
func (t *tree) add(n *node, chunks [][]byte, lo, hi bound, i int, entry bound, kid *node) (right *node, sep bound) {
	key := keyOf(chunks, entry.ref)
	if n.n < width {
		n.place(i, n.wordOf(entry.tag, key), entry.ref, kid)
		return nil, sep
	}
	at := n.cut(i)
	right = t.newNode(n.kid == nil)
	right.skip, right.n = n.skip, width-uint16(at)
	copy(right.word[:], n.word[at:])
	copy(right.ref[:], n.ref[at:])
	sep = entry
	if at < width {
		sep = bound{n.tagOf(at, lo.tag), n.ref[at]}
	}
	if n.kid != nil {
		copy(right.kid[:], n.kid[at:])
		clear(n.kid[at:])
		right.word[0], right.ref[0] = 0, 0
	}
	n.n, n.next = uint16(at), 0
	if i > at || at == width {
		right.place(i-at, right.wordOf(entry.tag, key), entry.ref, kid)
	} else {
		n.place(i, n.wordOf(entry.tag, key), entry.ref, kid)
	}
	t.confine(n, chunks, lo.tag, lo, sep)
	t.confine(right, chunks, lo.tag, sep, hi)
	return right, sep
}

// cut returns where a full node is divided for an entry at i. Where entries arrive in
// order it is there, so that the nodes they leave behind are full: all of them in a
// dump, or those of a tag among many. A node with children keeps two at least.
func (n *node) cut(i int) int {
	at := width / 2
	if i > 0 && i == int(n.next) {
		at = i
	}
	if n.kid != nil {
		at = min(max(at, 2), width-2)
	}
	return at
}

// remove deletes the record of a tag and key and returns it; 0 if there is none.
func (t *tree) remove(chunks [][]byte, tag uint32, key []byte) Ref {
	if t.root.get(chunks, tag, key) == 0 {
		return 0 // without a copy of anything
	}
	t.root = t.own(t.root)
	old := t.delete(t.root, chunks, bound{}, bound{}, tag, key)
	for t.root.kid != nil && t.root.n == 1 {
		t.forget(t.root)
		t.root = t.root.kid[0]
	}
	if t.root.n == 0 {
		t.forget(t.root)
		t.root = nil
	}
	t.len--
	return old
}

// delete takes a record that is there out of n, which may be changed and lies between
// lo and hi.
func (t *tree) delete(n *node, chunks [][]byte, lo, hi bound, tag uint32, key []byte) Ref {
	if n.kid == nil {
		i, _ := n.search(chunks, 0, tag, key)
		old := n.ref[i]
		n.take(i)
		return old
	}
	i := n.child(chunks, tag, key)
	kid := t.own(n.kid[i])
	n.kid[i] = kid
	kidLo, kidHi := n.within(i, lo, hi)
	old := t.delete(kid, chunks, kidLo, kidHi, tag, key)
	if kid.n < width/4 {
		t.level(n, chunks, max(i-1, 0), lo, hi)
	}
	return old
}

// level joins children i and i+1 of n where both fit well into one, and else divides
// what is in them evenly. So none is ever empty, and none with children has but one:
// what has become too small is looked after at once by the node above.
func (t *tree) level(n *node, chunks [][]byte, i int, lo, hi bound) {
	left, right := t.own(n.kid[i]), n.kid[i+1]
	n.kid[i] = left
	leftLo, mid := n.within(i, lo, hi)
	_, rightHi := n.within(i+1, lo, hi)

	var all entries
	all.take(left, leftLo)
	all.take(right, mid)
	if all.n <= width*3/4 {
		t.fill(left, chunks, all.at[:all.n], all.kid[:all.n], leftLo, rightHi)
		t.forget(right)
		n.take(i + 1)
		return
	}
	right = t.own(right)
	n.kid[i+1] = right
	half := all.n / 2
	mid = all.at[half]
	t.fill(left, chunks, all.at[:half], all.kid[:half], leftLo, mid)
	t.fill(right, chunks, all.at[half:all.n], all.kid[half:all.n], mid, rightHi)
	n.word[i+1], n.ref[i+1] = n.wordOf(mid.tag, keyOf(chunks, mid.ref)), mid.ref
}

// entries are those of two nodes.
type entries struct {
	n   int
	at  [2 * width]bound
	kid [2 * width]*node
}

// take appends those of a node with the given lower bound.
func (e *entries) take(n *node, lo bound) {
	for i := range int(n.n) {
		e.at[e.n] = bound{n.tagOf(i, lo.tag), n.ref[i]}
		if n.kid != nil {
			e.kid[e.n] = n.kid[i]
			if i == 0 {
				e.at[e.n] = lo
			}
		}
		e.n++
	}
}

// fill makes a node that may be changed one of the given entries; kids are those of a
// node that has some.
func (t *tree) fill(n *node, chunks [][]byte, list []bound, kids []*node, lo, hi bound) {
	n.n, n.next, n.skip = uint16(len(list)), 0, t.skip(chunks, lo, hi)
	if n.kid != nil {
		clear(n.kid[copy(n.kid[:], kids):])
	}
	for i, at := range list {
		if n.kid != nil && i == 0 {
			n.word[0], n.ref[0] = 0, 0
			continue
		}
		n.word[i], n.ref[i] = n.wordOf(at.tag, keyOf(chunks, at.ref)), at.ref
	}
}

// uses reports whether anything in the tree refers to a record of a tag and key: a
// leaf, or a bound of a node above.
func (t *tree) uses(chunks [][]byte, tag uint32, key []byte, r Ref) bool {
	n := t.root
	if n == nil {
		return false
	}
	for n.kid != nil {
		i, equal := n.search(chunks, 1, tag, key)
		if !equal {
			i--
		} else if n.ref[i] == r {
			return true
		}
		n = n.kid[i]
	}
	i, equal := n.search(chunks, 0, tag, key)
	return equal && n.ref[i] == r
}

// move has everything that refers to a record of a tag and key refer to its copy, and
// reports whether the record is in the tree.
func (t *tree) move(chunks [][]byte, tag uint32, key []byte, r, fresh Ref) bool {
	if !t.uses(chunks, tag, key, r) {
		return false
	}
	t.root = t.own(t.root)
	n := t.root
	for n.kid != nil {
		i, equal := n.search(chunks, 1, tag, key)
		if !equal {
			i--
		} else if n.ref[i] == r {
			n.ref[i] = fresh
		}
		n.kid[i] = t.own(n.kid[i])
		n = n.kid[i]
	}
	i, equal := n.search(chunks, 0, tag, key)
	if !equal || n.ref[i] != r {
		return false
	}
	n.ref[i] = fresh
	return true
}
