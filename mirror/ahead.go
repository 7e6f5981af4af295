package mirror

import (
	"encoding/binary"
	"iter"
)

const (
	// aheadBlock is how many bytes of rows are handed over at once, aheadBlocks how many
	// such there are at most.
	aheadBlock  = 64 << 10
	aheadBlocks = 4
)

// ahead is a part of a dump that was read before it is taken in.
type ahead struct {
	rows []byte // each behind its length in four bytes
	err  error  // that comes behind them
}

// readAhead yields what rows yields, which another goroutine reads meanwhile: the kernel
// is at work on the next part of a dump while this one is taken in. The goroutine has
// ended when the iteration has.
func readAhead(rows iter.Seq2[[]byte, error]) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		full, free, stop := make(chan ahead, aheadBlocks), make(chan []byte, aheadBlocks), make(chan struct{})
		for range aheadBlocks {
			free <- nil
		}
		go fillBlocks(rows, full, free, stop)
		defer func() {
			close(stop)
			for range full {
			}
		}()
		for a := range full {
			for b := a.rows; len(b) > 0; {
				n := 4 + int(binary.NativeEndian.Uint32(b))
				if !yield(b[4:n:n], nil) {
					return
				}
				b = b[n:]
			}
			if a.err != nil && !yield(nil, a.err) {
				return
			}
			free <- a.rows[:0]
		}
	}
}

// fillBlocks reads rows into blocks until there are no more, or nobody wants them.
func fillBlocks(rows iter.Seq2[[]byte, error], full chan<- ahead, free <-chan []byte, stop <-chan struct{}) {
	defer close(full)
	block := <-free
	for row, err := range rows {
		if err != nil {
			full <- ahead{block, err}
			block = nil
		} else {
			block = append(binary.NativeEndian.AppendUint32(block, uint32(len(row))), row...)
			if len(block) < aheadBlock {
				continue
			}
			full <- ahead{rows: block}
		}
		select {
		case block = <-free:
		case <-stop:
			return
		}
	}
	full <- ahead{rows: block}
}
