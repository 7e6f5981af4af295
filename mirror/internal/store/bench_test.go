package store

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"
)

// many is how many records the benchmarks work with.
const many = 1_000_000

// layout makes records of the shape that a table's have.
type layout struct {
	name   string
	key    func(dst []byte, i uint32) []byte
	value  int // bytes of a value, of which the first four are its link
	within int // bytes a record may cost at most, the index included
}

// layouts are IPv4 routes, told apart within the first 8 bytes of the key and the
// two behind, and IPv6 ones, whose first 8 bytes are all the same.
var layouts = []layout{
	{"IPv4", func(dst []byte, i uint32) []byte {
		dst = append(dst, 2, 0, 0, 0, 254)
		dst = binary.BigEndian.AppendUint32(dst, 10<<24+i)
		return append(dst, 32, 0, 0, 0, 0, 20, 0)
	}, 48, 110},
	{"IPv6", func(dst []byte, i uint32) []byte {
		dst = append(dst, 10, 0, 0, 0, 254, 0x20, 0x01, 0x0d, 0xb8, 0, 0)
		dst = binary.BigEndian.AppendUint32(dst, i)
		dst = append(dst, 0, 0, 0, 0, 0, 0, 128)
		return append(dst, make([]byte, 24)...)
	}, 120, 220},
}

// byLink is the index of the benchmarks: eight links that alternate.
func byLink(_, value []byte, add func(uint32)) { add(binary.NativeEndian.Uint32(value)) }

func (l layout) record(key, value []byte, i, generation uint32) ([]byte, []byte) {
	binary.NativeEndian.PutUint32(value, i%8)
	binary.NativeEndian.PutUint32(value[4:], generation)
	return l.key(key[:0], i), value
}

// fill returns a table of n records, in the order of their keys or in that of a
// permutation.
func (l layout) fill(n int, order []int) *Table {
	t := New(byLink)
	key, value := make([]byte, 0, 64), make([]byte, l.value)
	for i := range n {
		if order != nil {
			i = order[i]
		}
		t.Put(l.record(key, value, uint32(i), 0))
	}
	return t
}

func permutation(n int) []int { return rand.New(rand.NewPCG(1, 2)).Perm(n) }

func perLayout(b *testing.B, run func(b *testing.B, l layout)) {
	for _, l := range layouts {
		b.Run(l.name, func(b *testing.B) {
			b.ReportAllocs()
			run(b, l)
		})
	}
}

// BenchmarkFillAscending puts a million records in the order of their keys.
func BenchmarkFillAscending(b *testing.B) {
	perLayout(b, func(b *testing.B, l layout) {
		for b.Loop() {
			l.fill(many, nil)
		}
	})
}

// BenchmarkFillRandom puts a million records in no order.
func BenchmarkFillRandom(b *testing.B) {
	order := permutation(many)
	perLayout(b, func(b *testing.B, l layout) {
		for b.Loop() {
			l.fill(many, order)
		}
	})
}

// BenchmarkLoad loads a million records that are staged in the order of their keys.
func BenchmarkLoad(b *testing.B) {
	perLayout(b, func(b *testing.B, l layout) {
		for b.Loop() {
			t := New(byLink)
			key, value := make([]byte, 0, 64), make([]byte, l.value)
			refs := make([]Ref, 0, many)
			for i := range many {
				refs = append(refs, t.Stage(l.record(key, value, uint32(i), 0)))
			}
			t.Load(refs)
		}
	})
}

// BenchmarkGet finds records of a million, in no order.
func BenchmarkGet(b *testing.B) {
	order := permutation(many)
	perLayout(b, func(b *testing.B, l layout) {
		s := l.fill(many, nil).Snapshot()
		key := make([]byte, 0, 64)
		i := 0
		for b.Loop() {
			key = l.key(key[:0], uint32(order[i%many]))
			if _, ok := s.Get(key); !ok {
				b.Fatal("not there")
			}
			i++
		}
	})
}

// BenchmarkFloor finds the record before a key that is not there.
func BenchmarkFloor(b *testing.B) {
	order := permutation(many)
	perLayout(b, func(b *testing.B, l layout) {
		s := l.fill(many, nil).Snapshot()
		key := make([]byte, 0, 64)
		i := 0
		for b.Loop() {
			key = append(l.key(key[:0], uint32(order[i%many])), 1)
			if _, _, ok := s.Floor(key); !ok {
				b.Fatal("not there")
			}
			i++
		}
	})
}

// BenchmarkOverwrite replaces records of a million in no order, and takes a
// snapshot every hundred; dead records are tidied away.
func BenchmarkOverwrite(b *testing.B) {
	order := permutation(many)
	perLayout(b, func(b *testing.B, l layout) {
		t := l.fill(many, nil)
		key, value := make([]byte, 0, 64), make([]byte, l.value)
		var s *Snapshot
		i := 0
		for b.Loop() {
			t.Put(l.record(key, value, uint32(order[i%many]), uint32(i)))
			if i++; i%100 == 0 {
				s = t.Snapshot()
				t.Tidy()
			}
		}
		_ = s
	})
}

// BenchmarkFlap deletes records of a million in no order and puts them again.
func BenchmarkFlap(b *testing.B) {
	order := permutation(many)
	perLayout(b, func(b *testing.B, l layout) {
		t := l.fill(many, nil)
		key, value := make([]byte, 0, 64), make([]byte, l.value)
		i := 0
		for b.Loop() {
			key, value := l.record(key, value, uint32(order[i%many]), uint32(i))
			if t.Delete(key) == 0 {
				b.Fatal("not there")
			}
			t.Put(key, value)
			if i++; i%100 == 0 {
				t.Snapshot()
				t.Tidy()
			}
		}
	})
}

// BenchmarkTidy frees the memory of a chunk of which a tenth is in use.
func BenchmarkTidy(b *testing.B) {
	perLayout(b, func(b *testing.B, l layout) {
		var t *Table
		more := false
		for b.Loop() {
			if !more {
				b.StopTimer()
				t = l.fill(many, nil)
				key := make([]byte, 0, 64)
				for i := range uint32(many) {
					if i%10 != 0 {
						t.Delete(l.key(key[:0], i))
					}
				}
				t.Snapshot()
				b.StartTimer()
			}
			more = t.Tidy()
		}
	})
}

// BenchmarkAll reads a million records that were put in the order of their keys.
func BenchmarkAll(b *testing.B) {
	perLayout(b, func(b *testing.B, l layout) {
		s := l.fill(many, nil).Snapshot()
		for b.Loop() {
			for range s.All() {
			}
		}
	})
}

// BenchmarkDiff compares snapshots of a million records between which some were
// changed.
func BenchmarkDiff(b *testing.B) {
	order := permutation(many)
	for _, changes := range []int{1, 100, 10_000} {
		b.Run(fmt.Sprint(changes), func(b *testing.B) {
			l := layouts[0]
			t := l.fill(many, nil)
			from := t.Snapshot()
			key, value := make([]byte, 0, 64), make([]byte, l.value)
			for _, i := range order[:changes] {
				t.Put(l.record(key, value, uint32(i), 1))
			}
			to := t.Snapshot()
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				for range Diff(from, to) {
					n++
				}
				if n != changes {
					b.Fatalf("%d changes, want %d", n, changes)
				}
			}
		})
	}
}
