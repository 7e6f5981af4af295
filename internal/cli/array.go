package cli

import (
	"encoding/json"
	"io"
)

// Array writes JSON values as they come: as one array, or one per line. An
// array is valid JSON once Close has been called; what was written before an
// error stays readable.
type Array struct {
	w     io.Writer
	lines bool
	begun bool
}

// NewArray returns an Array that writes to w in format f, which is JSON or
// JSONL.
func NewArray(w io.Writer, f Format) *Array { return &Array{w: w, lines: f == JSONL} }

// Add writes one value.
func (a *Array) Add(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	sep := "["
	switch {
	case a.lines:
		sep = ""
	case a.begun:
		sep = ",\n "
	}
	a.begun = true
	end := ""
	if a.lines {
		end = "\n"
	}
	_, err = io.WriteString(a.w, sep+string(b)+end)
	return err
}

// Close ends the array. It must be called, without values too.
func (a *Array) Close() error {
	if a.lines {
		return nil
	}
	text := "]\n"
	if !a.begun {
		text = "[]\n"
	}
	_, err := io.WriteString(a.w, text)
	return err
}
