package nl

import (
	"runtime"
	"testing"
)

// TestListsInTurns grows two lists of one type in turns, so that neither stays the
// last thing in the memory, and a long one that is handed over: what is allocated
// has to follow the number of elements and not its square.
func TestListsInTurns(t *testing.T) {
	const number = FirstSlab
	for _, own := range []bool{false, true} {
		for _, n := range []int{1_000, 16_000} {
			var a, b []uint64
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			d := &Decoder{own: own}
			for i := range n {
				a = Add(d, number, a, uint64(i))
				b = Add(d, number, b, uint64(2*i))
			}
			runtime.ReadMemStats(&after)
			if got, most := after.TotalAlloc-before.TotalAlloc, uint64(n)*8*2*16; got > most {
				t.Errorf("own %v: two lists of %d numbers allocated %d bytes, want at most %d", own, n, got, most)
			}
			for i := range n {
				if a[i] != uint64(i) || b[i] != uint64(2*i) {
					t.Fatalf("own %v: element %d is %d and %d", own, i, a[i], b[i])
				}
			}
		}
	}
}
