package store

import (
	"encoding/binary"
	"math"
)

// Ref is a record: where it lies in the slabs, in units of 8 bytes. 0 is none. It is
// valid until the table is compacted.
type Ref uint32

const (
	unitShift  = 3
	chunkShift = 18 // bytes of a chunk: 256 KiB
	chunkUnits = 1 << (chunkShift - unitShift)
	maxChunks  = 1 << (32 - (chunkShift - unitShift))

	// A record: the mark, the lengths of key and value, and these. A value of
	// longValue bytes or more has its length in four bytes of its own.
	headLen   = 8
	longValue = math.MaxUint16
)

// slabs is where records lie. Chunks are only added, and what is in them is not
// changed, so that an older copy of the slice stays valid.
type slabs struct {
	chunks [][]byte
	free   int // of the last chunk: where the next record begins, in bytes
}

// recordLen is how many bytes a record takes.
func recordLen(key, value []byte) int {
	n := headLen + len(key) + len(value)
	if len(value) >= longValue {
		n += 4
	}
	return (n + 7) &^ 7
}

// add copies a record. It panics where 32 GiB are not enough for a table, and where
// a key is longer than 65535 bytes.
func (s *slabs) add(key, value []byte) Ref {
	if len(key) > math.MaxUint16 {
		panic("store: a key of more than 65535 bytes")
	}
	n := recordLen(key, value)
	if len(s.chunks) == 0 || s.free+n > len(s.chunks[len(s.chunks)-1]) {
		s.grow(n)
	}
	chunk := len(s.chunks) - 1
	at := s.free
	s.free += n
	b := s.chunks[chunk][at : at+n : at+n]
	binary.NativeEndian.PutUint16(b[4:], uint16(len(key)))
	rest := b[headLen:]
	if len(value) >= longValue {
		binary.NativeEndian.PutUint16(b[6:], longValue)
		binary.NativeEndian.PutUint32(rest, uint32(len(value)))
		rest = rest[4:]
	} else {
		binary.NativeEndian.PutUint16(b[6:], uint16(len(value)))
	}
	copy(rest, key)
	copy(rest[len(key):], value)
	return Ref(chunk<<(chunkShift-unitShift) | at>>unitShift)
}

// grow adds a chunk: larger than usual for a record that needs it.
func (s *slabs) grow(n int) {
	if len(s.chunks) == maxChunks {
		panic("store: a table of more than 32 GiB")
	}
	s.free = 0
	if len(s.chunks) == 0 {
		s.free = 1 << unitShift // Ref 0 is none
	}
	s.chunks = append(s.chunks, make([]byte, max(1<<chunkShift, s.free+n)))
}

// record returns a record's bytes, from its head on.
func record(chunks [][]byte, r Ref) []byte {
	return chunks[r>>(chunkShift-unitShift)][int(r&(chunkUnits-1))<<unitShift:]
}

// keyOf returns a record's key.
func keyOf(chunks [][]byte, r Ref) []byte {
	b := record(chunks, r)
	n := int(binary.NativeEndian.Uint16(b[4:]))
	b = b[headLen:]
	if binary.NativeEndian.Uint16(record(chunks, r)[6:]) == longValue {
		b = b[4:]
	}
	return b[:n:n]
}

// split returns a record's key and value.
func split(chunks [][]byte, r Ref) (key, value []byte) {
	b := record(chunks, r)
	k, v := int(binary.NativeEndian.Uint16(b[4:])), int(binary.NativeEndian.Uint16(b[6:]))
	b = b[headLen:]
	if v == longValue {
		v = int(binary.NativeEndian.Uint32(b))
		b = b[4:]
	}
	return b[:k:k], b[k : k+v : k+v]
}
