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
