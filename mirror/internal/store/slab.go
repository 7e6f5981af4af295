package store

import (
	"encoding/binary"
	"iter"
	"slices"
)

// Ref is a record: where it lies in the slabs, as the number of its chunk and the
// place in it in units of 8 bytes. 0 is none. It is valid until the table is
// compacted.
type Ref uint32

const (
	unitShift  = 3
	chunkShift = 18 // bytes of the largest chunk for many records: 256 KiB
	chunkUnits = 1 << (chunkShift - unitShift)
	maxChunks  = 1 << (32 - (chunkShift - unitShift))
	maxChunk   = 1 << chunkShift
	minChunk   = 2 << 10
	aheadFrom  = 16 * maxChunk // bytes of a table from which on chunks are made ahead
	pageSize   = 4 << 10       // at most, of any system: a page is touched more than once then

	// A record: four bytes of mark, two each for the lengths of key and value, and
	// these. Where one of them is longLen bytes or more, the length of the value says
	// so and both lengths follow in four bytes each.
	headLen  = 8
	longHead = 16
	longLen  = 1<<16 - 1
)

// slabs is where records lie. But for the marks, what is in a chunk does not change,
// and an element of the slice of chunks only in a copy of it, so that an older slice
// stays valid.
type slabs struct {
	chunks [][]byte
	about  []chunk // of each chunk
	open   int     // the chunk that takes the next record
	size   uint64  // bytes of all chunks
	limit  int     // how many chunks there may be
	full   bool    // a record was refused
	poor   []int   // chunks that were not open when less than half of them was in use
	holes  []int   // numbers of chunks that are no more
	// ready is the next of the largest chunks while records come in large numbers: made,
	// and each of its pages touched, by another goroutine. nil where none was asked for.
	ready chan []byte
}

// chunk is what is known of a chunk.
type chunk struct {
	end  int  // bytes that are filled
	live int  // bytes of records that are linked
	poor bool // it is in the list
}

// recordLen is how many bytes a record takes, and how many of them are its head.
func recordLen(key, value []byte) (n, head int) {
	head = headLen
	if len(key) >= longLen || len(value) >= longLen {
		head = longHead
	}
	return recordSize(len(key), len(value)), head
}

// recordSize is recordLen by the lengths alone.
func recordSize(key, value int) int {
	head := headLen
	if key >= longLen || value >= longLen {
		head = longHead
	}
	return (head + key + value + 7) &^ 7
}

// add copies a record. It returns 0 where the table is full.
func (s *slabs) add(key, value []byte) Ref {
	n, head := recordLen(key, value)
	i, at := s.room(n)
	if i < 0 {
		s.full = true
		return 0
	}
	b := s.chunks[i][at : at+n : at+n]
	if head == headLen {
		binary.NativeEndian.PutUint16(b[4:], uint16(len(key)))
		binary.NativeEndian.PutUint16(b[6:], uint16(len(value)))
	} else {
		binary.NativeEndian.PutUint16(b[6:], longLen)
		binary.NativeEndian.PutUint32(b[8:], uint32(len(key)))
		binary.NativeEndian.PutUint32(b[12:], uint32(len(value)))
	}
	copy(b[head:], key)
	copy(b[head+len(key):], value)
	return Ref(i<<(chunkShift-unitShift) | at>>unitShift)
}

// room finds n bytes: in the open chunk, in a new one, or in a chunk of its own for a
// record that would leave too much of the open one unused. The chunk is negative if
// there may be no more chunks.
func (s *slabs) room(n int) (i, at int) {
	if len(s.chunks) > 0 {
		if c := &s.about[s.open]; c.end+n <= len(s.chunks[s.open]) {
			at, c.end = c.end, c.end+n
			return s.open, at
		}
	}
	if len(s.chunks)-len(s.holes) >= s.limit {
		return -1, 0
	}
	// As large as all before, so that small tables stay small.
	size := int(min(max(s.size, minChunk), maxChunk))
	i = len(s.chunks)
	if i == 0 {
		at = 1 << unitShift // Ref 0 is none
		size = max(size, at+n)
	}
	alone := i > 0 && n > size/4
	if alone {
		size = n
	}
	b := s.bytes(size)
	if k := len(s.holes) - 1; k >= 0 {
		i, s.holes = s.holes[k], s.holes[:k]
		if i == 0 { // as above
			at = 1 << unitShift
			b = make([]byte, max(size, at+n))
		}
		s.chunks = slices.Clone(s.chunks)
		s.chunks[i], s.about[i] = b, chunk{end: at + n}
	} else {
		s.chunks, s.about = append(s.chunks, b), append(s.about, chunk{end: at + n})
	}
	s.size += uint64(len(b))
	if alone {
		s.look(i) // it may never be linked
	} else {
		last := s.open
		s.open = i
		s.look(last)
	}
	return i, at
}

// bytes makes the bytes of a chunk. Of a system that gives a page when it is first
// written to that is most of the work of copying a record: it is done ahead.
func (s *slabs) bytes(size int) []byte {
	if size < maxChunk || s.size < aheadFrom {
		return make([]byte, size)
	}
	if size > maxChunk {
		return make([]byte, size)
	}
	var b []byte
	if s.ready != nil {
		b = <-s.ready
	} else {
		b = make([]byte, size)
	}
	ready := make(chan []byte, 1)
	s.ready = ready
	go func() {
		b := make([]byte, maxChunk)
		for i := 0; i < len(b); i += pageSize {
			b[i] = 0
		}
		ready <- b
	}()
	return b
}

// look lists a chunk if it has become poor.
func (s *slabs) look(i int) {
	if c := &s.about[i]; i != s.open && !c.poor && c.live < len(s.chunks[i])/2 {
		c.poor = true
		s.poor = append(s.poor, i)
	}
}

// use counts the bytes of a record that is linked, waste those of one that is not any
// more.
func (s *slabs) use(r Ref, key, value int) {
	s.about[chunkOf(r)].live += recordSize(key, value)
}

func (s *slabs) waste(r Ref, key, value int) {
	i := chunkOf(r)
	s.about[i].live -= recordSize(key, value)
	s.look(i)
}

// poorest takes a chunk from the list of those that are poor, if there is one.
func (s *slabs) poorest() (i int, ok bool) {
	for k := len(s.poor) - 1; k >= 0; k-- {
		i, s.poor = s.poor[k], s.poor[:k]
		c := &s.about[i]
		// One that was read into when it was listed may be rich by now, or open.
		if c.poor = false; i != s.open && c.live < len(s.chunks[i])/2 {
			return i, true
		}
	}
	return 0, false
}

// drop gives up a chunk.
func (s *slabs) drop(i int) {
	s.size -= uint64(len(s.chunks[i]))
	s.chunks = slices.Clone(s.chunks)
	s.chunks[i], s.about[i] = nil, chunk{}
	s.holes = append(s.holes, i)
}

// records yields what was ever put into a chunk.
func (s *slabs) records(i int) iter.Seq[Ref] {
	return func(yield func(Ref) bool) {
		at := 0
		if i == 0 {
			at = 1 << unitShift
		}
		for at < s.about[i].end {
			r := Ref(i<<(chunkShift-unitShift) | at>>unitShift)
			key, value := split(s.chunks, r)
			at += recordSize(len(key), len(value))
			if !yield(r) {
				return
			}
		}
	}
}

func chunkOf(r Ref) int { return int(r >> (chunkShift - unitShift)) }

// record returns a record's bytes, from its head on.
func record(chunks [][]byte, r Ref) []byte {
	return chunks[chunkOf(r)][int(r&(chunkUnits-1))<<unitShift:]
}

// keyOf returns a record's key.
func keyOf(chunks [][]byte, r Ref) []byte {
	b := record(chunks, r)
	n := int(binary.NativeEndian.Uint16(b[4:]))
	if binary.NativeEndian.Uint16(b[6:]) == longLen {
		n = int(binary.NativeEndian.Uint32(b[8:]))
		b = b[longHead:]
	} else {
		b = b[headLen:]
	}
	return b[:n:n]
}

// split returns a record's key and value.
func split(chunks [][]byte, r Ref) (key, value []byte) {
	b := record(chunks, r)
	k, v := int(binary.NativeEndian.Uint16(b[4:])), int(binary.NativeEndian.Uint16(b[6:]))
	if v == longLen {
		k, v = int(binary.NativeEndian.Uint32(b[8:])), int(binary.NativeEndian.Uint32(b[12:]))
		b = b[longHead:]
	} else {
		b = b[headLen:]
	}
	return b[:k:k], b[k : k+v : k+v]
}

// markOf returns a record's mark.
func markOf(chunks [][]byte, r Ref) uint32 { return binary.NativeEndian.Uint32(record(chunks, r)) }

// setMark marks a record. Those who read its key and value do not look there.
func setMark(chunks [][]byte, r Ref, mark uint32) {
	binary.NativeEndian.PutUint32(record(chunks, r), mark)
}
