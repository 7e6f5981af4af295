package nl

import "bytes"

// Decoder is the memory that messages are decoded into: what their fields point
// to. It is used again for the next message, so that decoding allocates nothing
// once it has seen messages of the kind. Texts are the exception that is none:
// they are kept in a table and handed out again where they are the same, so a
// string that was decoded may be kept for ever.
//
// What was decoded is valid until Reset. A Decoder is for one goroutine at a
// time; the zero value is ready to use.
type Decoder struct {
	slabs []slab
	used  []slab // since Reset
	texts map[string]string
	own   bool   // what is decoded is handed over: nothing is borrowed or used again
	arena []byte // where bytes that are handed over are copied to
	depth int
}

// slab is memory for values of one type.
type slab interface {
	reset()
	release()
}

// maxDepth bounds how deep a nest may lie in nests of its own kind.
const maxDepth = 32

// maxTexts bounds the table of texts; maxText the length of those in it, bytes.
const (
	maxTexts = 1 << 14
	maxText  = 64
)

// Numbers of slabs that are not those of a family's types.
const (
	slabExtra = iota
	slabAttr
	slabSized
	slabPadding
	// FirstSlab is the first number that generated packages give.
	FirstSlab
)

// Reset makes the memory ready for the next message. What was decoded is void.
func (d *Decoder) Reset() {
	for _, s := range d.used {
		s.reset()
	}
	d.used = d.used[:0]
}

// release hands over what was decoded: it is not used again.
func (d *Decoder) release() {
	for _, s := range d.used {
		s.release()
	}
	d.used = d.used[:0]
	d.arena = nil
}

// Enter begins a nest that may lie in itself, and reports false where it lies
// too deep. Leave must follow where it is true.
func (d *Decoder) Enter() bool {
	if d.depth >= maxDepth {
		return false
	}
	d.depth++
	return true
}

// Leave ends what Enter began.
func (d *Decoder) Leave() { d.depth-- }

// Text returns b as a string. The same text is the same string, and costs no
// memory the second time.
func (d *Decoder) Text(b []byte) string {
	if len(b) > maxText {
		return string(b)
	}
	if s, ok := d.texts[string(b)]; ok {
		return s
	}
	if d.texts == nil || len(d.texts) >= maxTexts {
		d.texts = make(map[string]string)
	}
	s := string(b)
	d.texts[s] = s
	return s
}

// bytes returns b, or a copy where what is decoded is handed over. It is not nil.
func (d *Decoder) bytes(b []byte) []byte {
	if !d.own || len(b) == 0 {
		return b[:len(b):len(b)]
	}
	if cap(d.arena)-len(d.arena) < len(b) {
		d.arena = make([]byte, 0, max(len(b), min(2*cap(d.arena), maxArena), minArena))
	}
	at := len(d.arena)
	d.arena = append(d.arena, b...)
	return d.arena[at:len(d.arena):len(d.arena)]
}

// Sizes of the memory that bytes are copied to where they are handed over.
const (
	minArena = 64
	maxArena = 1024
)

// maxOwn is how many values are made room for at once where they are handed over:
// as long as one of them is held all of them are.
const maxOwn = 64

// grown returns how many values to make room for where n were not enough and
// need are wanted.
func (d *Decoder) grown(n, need int) int {
	n *= 2
	if d.own {
		n = min(n, maxOwn)
	}
	return max(n, need)
}

// typed is memory for values of type T, the used part of buf. A full buf makes
// room for a larger one, which soon holds all that one message needs.
type typed[T any] struct {
	buf []T
	one Opt[T] // for GetPacked
}

func (s *typed[T]) reset()   { s.buf = s.buf[:0] }
func (s *typed[T]) release() { s.buf = nil }

// slabOf returns the memory for type T. The number is T's own in its package.
func slabOf[T any](d *Decoder, number int) *typed[T] {
	if number < len(d.slabs) {
		if s, ok := d.slabs[number].(*typed[T]); ok {
			if len(s.buf) == 0 {
				d.used = append(d.used, s)
			}
			return s
		}
	}
	return addSlab[T](d, number)
}

func addSlab[T any](d *Decoder, number int) *typed[T] {
	for number >= len(d.slabs) {
		d.slabs = append(d.slabs, nil)
	}
	s := new(typed[T])
	d.slabs[number] = s
	d.used = append(d.used, s)
	return s
}

// New returns a zero T of the Decoder's memory.
func New[T any](d *Decoder, number int) *T {
	s := slabOf[T](d, number)
	n := len(s.buf)
	if n == cap(s.buf) {
		s.buf = make([]T, 0, d.grown(n, 1))
		n = 0
	}
	s.buf = s.buf[:n+1]
	p := &s.buf[n]
	var zero T
	*p = zero
	return p
}

// Add appends v to a list in the Decoder's memory. A list that has to move gets
// room to double, which is its own: lists that grow in turns, or are handed over,
// cost no more than a few times their length.
func Add[T any](d *Decoder, number int, list []T, v T) []T {
	k := len(list)
	if k < cap(list) {
		return append(list, v)
	}
	s := slabOf[T](d, number)
	n := len(s.buf)
	if k > 0 && n > 0 && n < cap(s.buf) && &s.buf[n-1] == &list[k-1] {
		// The list is the last thing in the memory: it grows in place.
		s.buf = s.buf[:n+1]
		s.buf[n] = v
		return s.buf[n-k : n+1 : n+1]
	}
	room := max(1, 2*k)
	if n+room > cap(s.buf) {
		s.buf = make([]T, 0, d.grown(cap(s.buf), room))
		n = 0
	}
	s.buf = s.buf[:n+room]
	return append(append(s.buf[n:n:n+room], list...), v)
}

// Reserve returns a list of n zero values in the Decoder's memory; not nil.
func Reserve[T any](d *Decoder, number, n int) []T {
	if n == 0 {
		return []T{}
	}
	s := slabOf[T](d, number)
	at := len(s.buf)
	if at+n > cap(s.buf) {
		s.buf = make([]T, 0, d.grown(cap(s.buf), n))
		at = 0
	}
	s.buf = s.buf[:at+n]
	out := s.buf[at : at+n : at+n]
	clear(out)
	return out
}

// text cuts a string off at its NULs. It reports false where a NUL stands inside.
func text(v []byte) ([]byte, bool) {
	if i := bytes.IndexByte(v, 0); i >= 0 {
		for _, c := range v[i:] {
			if c != 0 {
				return nil, false
			}
		}
		v = v[:i]
	}
	return v, true
}
