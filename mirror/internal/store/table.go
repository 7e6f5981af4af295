package store

import (
	"encoding/binary"
	"iter"
)

// Table is the changing side of a store. It belongs to one goroutine; only the
// snapshots it gives may be read by others.
type Table struct {
	slabs
	main  tree
	index tree
	tags  func(key, value []byte, add func(tag uint32))

	len   int
	live  uint64 // bytes of records that are linked
	total uint64 // bytes of all records
	nodes uint64

	last *Snapshot // nil if something has changed since
}

// New returns an empty table. tags, if it is not nil, tells by which numbers a
// record is found as well: it must tell the same for the same record each time.
func New(tags func(key, value []byte, add func(tag uint32))) *Table {
	return &Table{tags: tags}
}

// Get returns the record of a key, 0 if there is none.
func (t *Table) Get(key []byte) Ref { return t.main.root.get(t.chunks, prefix(key), key) }

// Key returns a record's key. Like the value it is never changed, and must not be.
func (t *Table) Key(r Ref) []byte { return keyOf(t.chunks, r) }

// Value returns a record's value.
func (t *Table) Value(r Ref) []byte {
	_, v := split(t.chunks, r)
	return v
}

// Mark returns the number that the record was marked with: 0 at first. It is the
// owner's; no snapshot shows it.
func (t *Table) Mark(r Ref) uint32 { return binary.NativeEndian.Uint32(record(t.chunks, r)) }

// SetMark marks a record.
func (t *Table) SetMark(r Ref, mark uint32) {
	binary.NativeEndian.PutUint32(record(t.chunks, r), mark)
}

// Stage copies a record without putting it into the table: Link does, or Discard
// gives it up.
func (t *Table) Stage(key, value []byte) Ref {
	r := t.add(key, value)
	t.total += uint64(recordLen(key, value))
	return r
}

// Discard gives up a record that was staged. Its memory is free after the next
// Compact.
func (t *Table) Discard(Ref) {}

// Put copies a record into the table, in the place of the one with the same key,
// which it returns: 0 if there was none.
func (t *Table) Put(key, value []byte) (r, old Ref) {
	r = t.Stage(key, value)
	return r, t.Link(r)
}

// Link puts a record that was staged into the table, in the place of the one with
// the same key, which it returns.
func (t *Table) Link(r Ref) (old Ref) {
	t.last = nil
	key, value := split(t.chunks, r)
	old = t.main.put(t.chunks, prefix(key), key, r)
	t.live += uint64(recordLen(key, value))
	if t.tags != nil {
		t.tags(key, value, func(tag uint32) { t.index.put(t.chunks, uint64(tag), key, r) })
	}
	if old == 0 {
		t.len++
	} else {
		t.dead(old)
	}
	return old
}

// Delete takes the record of a key out of the table and returns it: 0 if there was
// none.
func (t *Table) Delete(key []byte) (old Ref) {
	old = t.main.remove(t.chunks, prefix(key), key)
	if old == 0 {
		return 0
	}
	t.last = nil
	t.len--
	t.dead(old)
	return old
}

// dead takes a record out of the index and the count of bytes.
func (t *Table) dead(r Ref) {
	key, value := split(t.chunks, r)
	t.live -= uint64(recordLen(key, value))
	if t.tags != nil {
		t.tags(key, value, func(tag uint32) {
			if t.index.root.get(t.chunks, uint64(tag), key) == r {
				t.index.remove(t.chunks, uint64(tag), key)
			}
		})
	}
}

// All yields the records in the order of their keys. The table must not be changed
// meanwhile, but for marks.
func (t *Table) All() iter.Seq[Ref] {
	return func(yield func(Ref) bool) {
		t.main.root.all(func(_ uint64, r Ref) bool { return yield(r) })
	}
}

// From is All from the first key on that is not less than the given one.
func (t *Table) From(key []byte) iter.Seq[Ref] {
	return func(yield func(Ref) bool) {
		t.main.root.walk(t.chunks, prefix(key), key, func(_ uint64, r Ref) bool { return yield(r) })
	}
}

// Tagged yields the records with a tag in the order of their keys. The table must
// not be changed meanwhile, but for marks.
func (t *Table) Tagged(tag uint32) iter.Seq[Ref] {
	return func(yield func(Ref) bool) {
		t.index.root.walk(t.chunks, uint64(tag), nil, func(hi uint64, r Ref) bool {
			return hi == uint64(tag) && yield(r)
		})
	}
}

// Len returns the number of records.
func (t *Table) Len() int { return t.len }

// nodeBytes is what an entry of a tree takes, in nodes that are three quarters full.
const nodeBytes = 16

// Bytes returns how many bytes the records of the table take, and how many are taken
// in all: by those that only snapshots refer to, or nobody, and by the trees.
func (t *Table) Bytes() (live, total uint64) {
	trees := uint64(t.len) * nodeBytes
	if t.tags != nil {
		trees *= 2
	}
	return t.live + trees, uint64(len(t.chunks))<<chunkShift + trees
}

// Wasteful reports whether Compact would free more than there is left.
func (t *Table) Wasteful() bool { return t.total > 2*t.live+4<<chunkShift }

// Compact copies the records into new slabs and builds new trees, so that what is
// dead is freed as soon as no snapshot refers to it. Refs change; what is staged is
// gone.
func (t *Table) Compact() {
	old := *t
	t.slabs = slabs{}
	t.main = tree{epoch: t.main.epoch + 1}
	t.index = tree{epoch: t.index.epoch + 1}
	t.live, t.total, t.len, t.last = 0, 0, 0, nil
	old.main.root.all(func(_ uint64, r Ref) bool {
		key, value := split(old.chunks, r)
		fresh, _ := t.Put(key, value)
		t.SetMark(fresh, old.Mark(r))
		return true
	})
}
