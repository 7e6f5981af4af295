package store

import "iter"

// Snapshot is a table as it was at one time. It never changes, and may be read by
// any number of goroutines. The bytes it yields must not be changed.
type Snapshot struct {
	chunks [][]byte
	main   *node
	index  *node
	len    int
}

// Snapshot returns the table as it is now. It costs next to nothing; each node that
// is changed afterwards is copied once. Without a change in between it is the same
// pointer again.
func (t *Table) Snapshot() *Snapshot {
	if t.last == nil {
		t.last = &Snapshot{chunks: t.chunks, main: t.main.root, index: t.index.root, len: t.main.len}
		t.main.epoch++
		t.index.epoch++
	}
	return t.last
}

// Len returns the number of records.
func (s *Snapshot) Len() int { return s.len }

// Get returns the value of a key.
func (s *Snapshot) Get(key []byte) (value []byte, ok bool) {
	r := s.main.get(s.chunks, 0, key)
	if r == 0 {
		return nil, false
	}
	_, value = split(s.chunks, r)
	return value, true
}

// All yields keys and values in the order of keys.
func (s *Snapshot) All() iter.Seq2[[]byte, []byte] {
	return func(yield func([]byte, []byte) bool) {
		s.main.all(func(r Ref) bool { return yield(split(s.chunks, r)) })
	}
}

// From is All from the first key on that is not less than the given one.
func (s *Snapshot) From(key []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func([]byte, []byte) bool) {
		s.main.from(s.chunks, 0, key, func(r Ref) bool { return yield(split(s.chunks, r)) })
	}
}

// Tagged yields the records with a tag, in the order of keys.
func (s *Snapshot) Tagged(tag uint32) iter.Seq2[[]byte, []byte] {
	return func(yield func([]byte, []byte) bool) {
		s.index.tagged(s.chunks, tag, 0, func(r Ref) bool { return yield(split(s.chunks, r)) })
	}
}

// Floor returns the record with the greatest key that is not greater than the given
// one.
func (s *Snapshot) Floor(key []byte) (k, value []byte, ok bool) {
	r := s.main.floor(s.chunks, key)
	if r == 0 {
		return nil, nil, false
	}
	k, value = split(s.chunks, r)
	return k, value, true
}
