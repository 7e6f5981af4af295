package pyynl

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestOutputHoldsBack(t *testing.T) {
	var w bytes.Buffer
	o := newOutput(&w)
	o.Write([]byte("[half a dump"))
	if w.Len() > 0 {
		t.Error("written at once")
	}
	o.restart()
	o.Write([]byte("refused\n"))
	if err := o.Flush(); err != nil || w.String() != "refused\n" {
		t.Errorf("%q, %v", w.String(), err)
	}
	// After so much it is too late.
	w.Reset()
	o = newOutput(&w)
	o.Write([]byte(strings.Repeat("x", held)))
	if w.Len() != held {
		t.Fatalf("%d bytes written, want %d", w.Len(), held)
	}
	o.Write([]byte("y"))
	o.restart()
	o.Write([]byte("refused\n"))
	o.Flush()
	if got := w.String()[held:]; got != "\nrefused\n" {
		t.Errorf("behind it: %q", got)
	}
}

type full struct{}

var errFull = errors.New("disk full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestOutputError(t *testing.T) {
	o := newOutput(full{})
	o.Write([]byte("x"))
	for range 2 {
		if err := o.Flush(); err != errFull {
			t.Errorf("Flush: %v", err)
		}
	}
	if _, err := o.Write([]byte("y")); err != errFull {
		t.Errorf("Write: %v", err)
	}
}

// TestOutputMemory: what was held back is given back once it is out, and from
// then on a piece is written as soon as it is complete.
func TestOutputMemory(t *testing.T) {
	var w bytes.Buffer
	o := newOutput(&w)
	line := []byte(strings.Repeat("x", 99) + "\n")
	most := 0
	for i := range 40 * chunk / len(line) {
		if n, err := o.Write(line); n != len(line) || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		most = max(most, cap(o.buf))
		if o.written && cap(o.buf) > 2*chunk {
			t.Fatalf("%d bytes kept behind line %d", cap(o.buf), i)
		}
		if o.written && len(o.buf) > chunk {
			t.Fatalf("%d bytes not written behind line %d", len(o.buf), i)
		}
	}
	if most > 2*held {
		t.Errorf("a buffer of %d bytes to hold %d", most, held)
	}
	if err := o.Flush(); err != nil || w.Len() != 40*chunk/len(line)*len(line) {
		t.Errorf("%d bytes, %v", w.Len(), err)
	}
}
