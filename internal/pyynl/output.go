package pyynl

import "io"

// output holds the beginning of what is to be printed back: the Python client
// prints a dump when it is complete, and nothing but the error if it fails. What
// is longer than held is written as it comes, so that memory does not grow with
// the table.
type output struct {
	w       io.Writer
	buf     []byte
	written bool // something is out already
	midline bool // and what is out ends in the middle of a line
	err     error
}

// Sizes in bytes.
const (
	held  = 512 << 10 // how much is held back
	chunk = 64 << 10  // how much is written at once when something is out already
)

func newOutput(w io.Writer) *output { return &output{w: w} }

func (o *output) Write(p []byte) (int, error) {
	o.buf = append(o.buf, p...)
	if o.written && len(o.buf) >= chunk || len(o.buf) >= held {
		return len(p), o.Flush()
	}
	return len(p), o.err
}

// Flush writes what is held back.
func (o *output) Flush() error {
	if o.err == nil && len(o.buf) > 0 {
		o.written, o.midline = true, o.buf[len(o.buf)-1] != '\n'
		_, o.err = o.w.Write(o.buf)
	}
	if cap(o.buf) > 2*chunk {
		o.buf = nil // what was held back is not needed again
	}
	o.buf = o.buf[:0]
	return o.err
}

// restart drops what is held back, or ends the line where that is too late.
func (o *output) restart() {
	o.buf = o.buf[:0]
	if o.midline {
		o.buf = append(o.buf, '\n')
	}
}
