package store

import (
	"bytes"
	"maps"
	"slices"
)

// Load links records that were staged, in any order, into a table that is empty. Of
// several with the same key the last one counts; differ is one of those whose value is
// another, 0 for none. It returns how many there are. It is
// several times faster than to link them one by one, the more so the nearer their
// order is to that of keys, as a dump's is.
func (t *Table) Load(refs []Ref) (n int, differ Ref) {
	if t.main.root != nil {
		panic("store: Load into a table that is not empty")
	}
	t.last = nil
	t.order(refs)
	c := counter{numbers: map[uint32]uint32{}}
	list := make([]bound, 0, len(refs)+len(refs)/8) // with the number of a tag in place of it
	for i, r := range refs {
		key, value := split(t.chunks, r)
		if i+1 < len(refs) {
			if next, other := split(t.chunks, refs[i+1]); bytes.Equal(key, next) {
				if !bytes.Equal(value, other) {
					differ = r
				}
				continue
			}
		}
		t.use(r, len(key), len(value))
		refs[n] = r
		n++
		tags := t.tagsOf(key, value)
		for k, tag := range tags {
			if k == 0 || !slices.Contains(tags[:k], tag) {
				list = append(list, bound{c.count(tag), r})
			}
		}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		t.main.build(t.chunks, level{refs: refs[:n]})
	}()
	t.index.build(t.chunks, c.sort(list))
	<-done
	return n, differ
}

// counter counts entries by their tag, and numbers tags in the order in which they
// are first met.
type counter struct {
	numbers map[uint32]uint32
	tags    []uint32
	counts  []int
	last    uint32 // the number of the last one, which is often the next one, too
}

func (c *counter) count(tag uint32) uint32 {
	if len(c.tags) == 0 || c.tags[c.last] != tag {
		n, ok := c.numbers[tag]
		if !ok {
			n = uint32(len(c.tags))
			c.numbers[tag] = n
			c.tags, c.counts = append(c.tags, tag), append(c.counts, 0)
		}
		c.last = n
	}
	c.counts[c.last]++
	return c.last
}

// sort brings entries that are in the order of their keys in that of tags and keys.
func (c *counter) sort(list []bound) level {
	sorted := level{refs: make([]Ref, len(list)), tags: make([]uint32, len(list))}
	places, next := make([]int, len(c.tags)), 0
	for _, tag := range slices.Sorted(maps.Keys(c.numbers)) {
		number := c.numbers[tag]
		places[number] = next
		next += c.counts[number]
	}
	for _, b := range list {
		i := places[b.tag]
		sorted.refs[i], sorted.tags[i] = b.ref, c.tags[b.tag]
		places[b.tag]++
	}
	return sorted
}

const (
	// near is how far records are moved that are not quite in order: dumps have
	// the prefixes of one address in another order than keys.
	near = 16
	// maxRuns is how many parts that are in order are merged: a dump's tables, say.
	maxRuns = 64
)

// order sorts records by their keys; those with the same stay as they were.
func (t *Table) order(refs []Ref) {
	compare := func(a, b Ref) int { return bytes.Compare(keyOf(t.chunks, a), keyOf(t.chunks, b)) }
	runs := []int{0}
	for i := 1; i < len(refs); i++ {
		if compare(refs[i-1], refs[i]) <= 0 {
			continue
		}
		r, first := refs[i], max(runs[len(runs)-1], i-near)
		at := i - 1
		for at > first && compare(refs[at-1], r) > 0 {
			at--
		}
		if at == first && at > runs[len(runs)-1] {
			// It may belong much farther back.
			if runs = append(runs, i); len(runs) > maxRuns {
				slices.SortStableFunc(refs, compare)
				return
			}
			continue
		}
		copy(refs[at+1:i+1], refs[at:i])
		refs[at] = r
	}
	spare := make([]Ref, 0, len(refs))
	for len(runs) > 1 {
		var joined []int
		for i := 0; i < len(runs); i += 2 {
			joined = append(joined, runs[i])
			if i+1 == len(runs) {
				break
			}
			end := len(refs)
			if i+2 < len(runs) {
				end = runs[i+2]
			}
			a, b := append(spare, refs[runs[i]:runs[i+1]]...), refs[runs[i+1]:end]
			out := refs[runs[i]:runs[i]]
			for len(a) > 0 && len(b) > 0 {
				if compare(a[0], b[0]) <= 0 {
					out, a = append(out, a[0]), a[1:]
				} else {
					out, b = append(out, b[0]), b[1:]
				}
			}
			copy(refs[runs[i]+len(out):], a) // what is left of b is in its place
		}
		runs = joined
	}
}

// level are the entries of all nodes of one height: records, or the lower bounds of
// nodes.
type level struct {
	refs []Ref
	tags []uint32 // nil for none
	kids []*node  // nil for records
}

func (l *level) at(i int) bound {
	if l.tags == nil {
		return bound{0, l.refs[i]}
	}
	return bound{l.tags[i], l.refs[i]}
}

// build makes an empty tree one of the given entries, which are in order. Its nodes
// are full, like those that entries in order leave behind.
func (t *tree) build(chunks [][]byte, l level) {
	t.len = len(l.refs)
	var list [width]bound
	for len(l.refs) > 0 {
		var above level
		for from, all := 0, len(l.refs); from < all; {
			end := min(from+width, all)
			if rest := all - end; rest > 0 && rest < width/2 {
				end -= width / 2 // that the last one is not too small
			}
			lo, hi := bound{}, bound{}
			if from > 0 {
				lo = l.at(from)
			}
			if end < all {
				hi = l.at(end)
			}
			n := t.newNode(l.kids == nil)
			var kids []*node
			if l.kids != nil {
				kids = l.kids[from:end]
			}
			for i := from; i < end; i++ {
				list[i-from] = l.at(i)
			}
			t.fill(n, chunks, list[:end-from], kids, lo, hi)
			above.kids, above.refs = append(above.kids, n), append(above.refs, l.refs[from])
			if l.tags != nil {
				above.tags = append(above.tags, l.tags[from])
			}
			from = end
		}
		if len(above.kids) == 1 {
			t.root = above.kids[0]
			return
		}
		l = above
	}
}
