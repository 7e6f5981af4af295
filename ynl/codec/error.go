package codec

import "strings"

// Error says what is wrong with a value that was to be encoded.
type Error struct {
	Path string   // of the attribute: ".linkinfo.kind"; "" for the message itself
	Text string   // what is wrong with it, and what was expected
	Near []string // names that may have been meant
}

func (e *Error) Error() string {
	s := e.Text
	if e.Path != "" {
		s = e.Path + ": " + s
	}
	if len(e.Near) > 0 {
		s += " (did you mean " + strings.Join(e.Near, " or ") + "?)"
	}
	return s
}
