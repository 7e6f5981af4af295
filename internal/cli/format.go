package cli

import (
	"fmt"
	"slices"
	"strings"
)

// Format is an output format, the value of the flag --output.
type Format string

// The formats.
const (
	Text  Format = "text"  // for people
	JSON  Format = "json"  // one JSON value; of a stream of events: one per line
	JSONL Format = "jsonl" // one JSON object per line
)

var formats = []string{string(Text), string(JSON), string(JSONL)}

// String returns the format's name.
func (f *Format) String() string { return string(*f) }

// Set takes a format's name. It makes a *Format a flag's value.
func (f *Format) Set(s string) error {
	if !slices.Contains(formats, s) {
		return fmt.Errorf("must be one of %s", strings.Join(formats, ", "))
	}
	*f = Format(s)
	return nil
}

// Type is what a flag's usage calls the value.
func (f *Format) Type() string { return "FORMAT" }

// Formats returns the names of all formats, for completion.
func Formats() []string { return slices.Clone(formats) }
