package store

import (
	"iter"
	"slices"
)

// Table is the changing side of a store. It belongs to one goroutine; only the
// snapshots it gives may be read by others.
type Table struct {
	slabs
	main  tree
	index tree
	tags  func(key, value []byte, add func(tag uint32))
	found []uint32     // scratch: the tags of a record
	find  func(uint32) // appends to it; made once, since tags would have it escape

	last *Snapshot // nil if something has changed since
}

// New returns an empty table. tags, if it is not nil, tells by which numbers a
// record is found as well: it must tell the same for the same record each time.
func New(tags func(key, value []byte, add func(tag uint32))) *Table {
	t := &Table{slabs: slabs{limit: maxChunks}, index: tree{byTag: true}, tags: tags}
	t.find = func(tag uint32) { t.found = append(t.found, tag) }
	return t
}

// tagsOf lists the tags of a record, until the next call.
func (t *Table) tagsOf(key, value []byte) []uint32 {
	t.found = t.found[:0]
	if t.tags != nil {
		t.tags(key, value, t.find)
	}
	return t.found
}

// Get returns the record of a key, 0 if there is none.
func (t *Table) Get(key []byte) Ref { return t.main.root.get(t.chunks, 0, key) }

// Key returns a record's key. Like the value it is never changed, and must not be.
func (t *Table) Key(r Ref) []byte { return keyOf(t.chunks, r) }

// Value returns a record's value.
func (t *Table) Value(r Ref) []byte {
	_, v := split(t.chunks, r)
	return v
}

// Mark returns the number that the record was marked with: 0 at first. It is the
// owner's; no snapshot shows it.
func (t *Table) Mark(r Ref) uint32 { return markOf(t.chunks, r) }

// SetMark marks a record.
func (t *Table) SetMark(r Ref, mark uint32) { setMark(t.chunks, r, mark) }

// Stage copies a record without putting it into the table: Link does. One that is
// not linked is given up by the next Tidy. It returns 0 where the table is full.
func (t *Table) Stage(key, value []byte) Ref { return t.add(key, value) }

// Put copies a record into the table, in the place of the one with the same key,
// which it returns: 0 if there was none. r is 0 where the table is full: then
// nothing has changed.
func (t *Table) Put(key, value []byte) (r, old Ref) {
	if r = t.Stage(key, value); r == 0 {
		return 0, t.Get(key)
	}
	return r, t.Link(r)
}

// Link puts a record that was staged into the table, in the place of the one with
// the same key, which it returns.
func (t *Table) Link(r Ref) (old Ref) {
	t.last = nil
	key, value := split(t.chunks, r)
	old = t.main.put(t.chunks, 0, key, r)
	t.use(r, len(key), len(value))
	for _, tag := range t.tagsOf(key, value) {
		t.index.put(t.chunks, tag, key, r)
	}
	if old != 0 {
		t.dead(old)
	}
	return old
}

// Delete takes the record of a key out of the table and returns it: 0 if there was
// none.
func (t *Table) Delete(key []byte) (old Ref) {
	old = t.main.remove(t.chunks, 0, key)
	if old == 0 {
		return 0
	}
	t.last = nil
	t.dead(old)
	return old
}

// dead takes a record out of the index and the count of bytes.
func (t *Table) dead(r Ref) {
	key, value := split(t.chunks, r)
	t.waste(r, len(key), len(value))
	for _, tag := range t.tagsOf(key, value) {
		if t.index.root.get(t.chunks, tag, key) == r {
			t.index.remove(t.chunks, tag, key)
		}
	}
}

// All yields the records in the order of their keys. The table must not be changed
// meanwhile, but for marks.
func (t *Table) All() iter.Seq[Ref] {
	return func(yield func(Ref) bool) { t.main.root.all(yield) }
}

// From is All from the first key on that is not less than the given one.
func (t *Table) From(key []byte) iter.Seq[Ref] {
	return func(yield func(Ref) bool) { t.main.root.from(t.chunks, 0, key, yield) }
}

// Tagged yields the records with a tag in the order of their keys. The table must
// not be changed meanwhile, but for marks.
func (t *Table) Tagged(tag uint32) iter.Seq[Ref] {
	return func(yield func(Ref) bool) { t.index.root.tagged(t.chunks, tag, 0, yield) }
}

// Len returns the number of records.
func (t *Table) Len() int { return t.main.len }

// Full reports whether a record was refused because there is no room for more: some
// 32 GiB.
func (t *Table) Full() bool { return t.full }

// Bytes returns how many bytes the table takes, without what only snapshots refer
// to.
func (t *Table) Bytes() uint64 {
	return t.size + uint64(t.main.nodes+t.index.nodes)*nodeBytes
}

// Tidy frees a part of what deleted and replaced records have left behind: the
// memory of one chunk at most, so that it takes no more than a few milliseconds. It
// reports whether there is more to be done. Refs change; what is staged is gone.
//
// What it frees is free when no snapshot from before refers to it any more. A chunk
// is worth it when less than half of it is in use, so that the slabs never take more
// than twice what is in them, and the room of the last chunk.
func (t *Table) Tidy() (more bool) {
	chunk, ok := t.poorest()
	if !ok {
		return false
	}
	t.last = nil
	for r := range t.records(chunk) {
		t.move(r)
	}
	t.drop(chunk)
	return len(t.poor) > 0
}

// move copies a record elsewhere if anything refers to it: as a record of the table,
// or, though it is deleted, as a bound of a node.
func (t *Table) move(r Ref) {
	key, value := split(t.chunks, r)
	tags := t.tagsOf(key, value)
	if !t.main.uses(t.chunks, 0, key, r) && !slices.ContainsFunc(tags, func(tag uint32) bool { return t.index.uses(t.chunks, tag, key, r) }) {
		return
	}
	fresh := t.add(key, value)
	if fresh == 0 {
		return // never: what is moved leaves more room than it takes
	}
	setMark(t.chunks, fresh, markOf(t.chunks, r))
	if t.main.move(t.chunks, 0, key, r, fresh) {
		t.use(fresh, len(key), len(value))
	}
	for _, tag := range tags {
		t.index.move(t.chunks, tag, key, r, fresh)
	}
}
