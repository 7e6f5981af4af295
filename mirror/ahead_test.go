package mirror

import (
	"bytes"
	"errors"
	"iter"
	"slices"
	"testing"
	"time"
)

// TestReadAhead: what is read ahead is what would be read without, errors in their
// places; an end before the end leaves nothing running.
func TestReadAhead(t *testing.T) {
	oops, ended := errors.New("oops"), make(chan bool, 1)
	sizes := []int{0, 1, aheadBlock - 4, aheadBlock, 3 * aheadBlock, -1, 5, -1, -1}
	for i := range 5000 {
		sizes = append(sizes, i%300)
	}
	rows := func(sizes []int) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			defer func() { ended <- true }()
			scratch := make([]byte, 3*aheadBlock)
			for i, n := range sizes {
				row, err := scratch[:max(n, 0)], error(nil)
				if n < 0 {
					row, err = nil, oops
				}
				for k := range row {
					row[k] = byte(i)
				}
				if !yield(row, err) {
					return
				}
			}
		}
	}
	for _, test := range [][]int{nil, {7}, {-1}, sizes} {
		i := 0
		for row, err := range readAhead(rows(test)) {
			want := bytes.Repeat([]byte{byte(i)}, max(test[i], 0))
			if (err != nil) != (test[i] < 0) || !bytes.Equal(row, want) {
				t.Fatalf("row %d: %d bytes, %v; want %d", i, len(row), err, test[i])
			}
			i++
		}
		if i != len(test) {
			t.Errorf("%d rows of %d", i, len(test))
		}
		<-ended
	}
	for _, at := range []int{0, 4, 6, 4000} {
		i := 0
		for range readAhead(rows(slices.Repeat(sizes, 100))) {
			if i++; i > at {
				break
			}
		}
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			t.Fatalf("broken off at row %d: the reader goes on", at)
		}
	}
}
