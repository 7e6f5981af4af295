package store

import (
	"bytes"
	"encoding/binary"
)

// width is how many entries a node has at most: as many as make it 568 bytes, with
// which the allocator wastes nothing.
const width = 68

// node is a node of a B+tree: of a leaf the entries are records, else children with
// a lower bound of what lies in them. Of the first child the bound means nothing,
// and its ref is 0.
//
// Entries are ordered by tag and key. To find one without looking at the records,
// which lie elsewhere in memory, each has a word: the four bytes of its key behind
// the first skip bytes, which are the same for all keys that lie between the node's
// two bounds. Where skip is negative, tags may differ, and the word is the tag.
type node struct {
	kid   *[width]*node // nil in a leaf; first, since the collector looks no further
	epoch uint64        // of the tree when it was made or copied: from then on it is its own
	n     uint16
	next  uint16 // behind the entry that was inserted last; 0 if none was
	skip  int32
	word  [width]uint32
	ref   [width]Ref
}

// nodeBytes is what the allocator gives for a node, and for the children of one.
const nodeBytes = 576

// bound is a tag and the key of a record: all that lies behind it, or all before it.
// Without a record there is no bound.
type bound struct {
	tag uint32
	ref Ref
}

// wordAt is the word of a key, as if it went on with zeros.
func wordAt(key []byte, skip int) uint32 {
	if len(key)-skip >= 4 {
		return binary.BigEndian.Uint32(key[skip:])
	}
	var w uint32
	for i := skip; i < len(key); i++ {
		w |= uint32(key[i]) << (24 - 8*(i-skip))
	}
	return w
}

// wordOf is the word by which a tag and a key are found in n.
func (n *node) wordOf(tag uint32, key []byte) uint32 {
	if n.skip < 0 {
		return tag
	}
	return wordAt(key, int(n.skip))
}

// tagOf returns the tag of an entry; common is that of the node's lower bound.
func (n *node) tagOf(i int, common uint32) uint32 {
	if n.skip < 0 {
		return n.word[i]
	}
	return common
}

// search returns the first entry, beginning with that at from, that is not less than
// tag and key, and whether it is equal.
func (n *node) search(chunks [][]byte, from int, tag uint32, key []byte) (int, bool) {
	w := n.wordOf(tag, key)
	lo, end := from, int(n.n)
	for lo < end {
		if mid := int(uint(lo+end) >> 1); n.word[mid] < w {
			lo = mid + 1
		} else {
			end = mid
		}
	}
	for end < int(n.n) && n.word[end] == w {
		end++
	}
	for lo < end {
		mid := int(uint(lo+end) >> 1)
		switch c := bytes.Compare(key, keyOf(chunks, n.ref[mid])); {
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

// child returns the child in which tag and key lie.
func (n *node) child(chunks [][]byte, tag uint32, key []byte) int {
	i, equal := n.search(chunks, 1, tag, key)
	if equal {
		return i
	}
	return i - 1
}

// get finds a record; 0 if it is not there.
func (n *node) get(chunks [][]byte, tag uint32, key []byte) Ref {
	if n == nil {
		return 0
	}
	for n.kid != nil {
		n = n.kid[n.child(chunks, tag, key)]
	}
	if i, ok := n.search(chunks, 0, tag, key); ok {
		return n.ref[i]
	}
	return 0
}

// floor returns the last record of a tree without tags that is not greater than key;
// 0 if all are.
func (n *node) floor(chunks [][]byte, key []byte) Ref {
	if n == nil {
		return 0
	}
	if n.kid == nil {
		i, equal := n.search(chunks, 0, 0, key)
		switch {
		case equal:
			return n.ref[i]
		case i > 0:
			return n.ref[i-1]
		}
		return 0
	}
	// A bound may be lower than all that is left in a child: then it is the last of
	// the child before.
	for i := n.child(chunks, 0, key); i >= 0; i-- {
		if r := n.kid[i].floor(chunks, key); r != 0 {
			return r
		}
	}
	return 0
}

// all yields every record in order.
func (n *node) all(yield func(Ref) bool) bool {
	if n == nil {
		return true
	}
	if n.kid == nil {
		for _, r := range n.ref[:n.n] {
			if !yield(r) {
				return false
			}
		}
		return true
	}
	for _, k := range n.kid[:n.n] {
		if !k.all(yield) {
			return false
		}
	}
	return true
}

// from yields records in order, from the first that is not less than tag and key.
func (n *node) from(chunks [][]byte, tag uint32, key []byte, yield func(Ref) bool) bool {
	if n == nil {
		return true
	}
	if n.kid == nil {
		i, _ := n.search(chunks, 0, tag, key)
		for _, r := range n.ref[i:n.n] {
			if !yield(r) {
				return false
			}
		}
		return true
	}
	i := n.child(chunks, tag, key)
	if !n.kid[i].from(chunks, tag, key, yield) {
		return false
	}
	for _, k := range n.kid[i+1 : n.n] {
		if !k.all(yield) {
			return false
		}
	}
	return true
}

// tagged yields the records with a tag in order; common is the tag of the node's
// lower bound. It returns false when there can be no more.
func (n *node) tagged(chunks [][]byte, tag, common uint32, yield func(Ref) bool) bool {
	if n == nil {
		return true
	}
	i := 0
	if common < tag { // else the node begins within the tag
		if n.kid != nil {
			i = n.child(chunks, tag, nil)
		} else {
			i, _ = n.search(chunks, 0, tag, nil)
		}
	}
	for ; i < int(n.n); i++ {
		if n.kid != nil {
			if i > 0 {
				common = n.tagOf(i, common)
			}
			if common > tag || !n.kid[i].tagged(chunks, tag, common, yield) {
				return false
			}
		} else if n.tagOf(i, common) != tag || !yield(n.ref[i]) {
			return false
		}
	}
	return true
}

// place makes room for an entry and puts it there.
func (n *node) place(i int, word uint32, r Ref, kid *node) {
	copy(n.word[i+1:n.n+1], n.word[i:n.n])
	copy(n.ref[i+1:n.n+1], n.ref[i:n.n])
	n.word[i], n.ref[i] = word, r
	if n.kid != nil {
		copy(n.kid[i+1:n.n+1], n.kid[i:n.n])
		n.kid[i] = kid
	}
	n.n++
	n.next = uint16(i + 1)
}

// take removes an entry, which of a node with children is not the first.
func (n *node) take(i int) {
	copy(n.word[i:n.n-1], n.word[i+1:n.n])
	copy(n.ref[i:n.n-1], n.ref[i+1:n.n])
	if n.kid != nil {
		copy(n.kid[i:n.n-1], n.kid[i+1:n.n])
		n.kid[n.n-1] = nil
	}
	n.n--
}
