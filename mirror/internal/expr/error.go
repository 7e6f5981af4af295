package expr

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error says what is wrong with a text, and where.
type Error struct {
	Line, Column int      // from 1 on, in characters
	Text         string   // what is wrong, and what was expected
	Near         []string // what may have been meant
}

// Error begins with the place: "1:9: ...".
func (e *Error) Error() string {
	text := fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Text)
	if len(e.Near) > 0 {
		text += "; did you mean " + strings.Join(e.Near, " or ") + "?"
	}
	return text
}

// errorAt makes an error about the byte at an offset of a text.
func errorAt(text string, at int, format string, args ...any) *Error {
	before := text[:at]
	line := strings.LastIndexByte(before, '\n') + 1
	return &Error{
		Line: 1 + strings.Count(before, "\n"), Column: 1 + utf8.RuneCountInString(before[line:]),
		Text: fmt.Sprintf(format, args...),
	}
}

// maxListed is how many names an error lists before it gives up.
const maxListed = 12

// list joins names for a person, of many the first ones.
func list(names []string) string {
	switch n := len(names); {
	case n == 0:
		return "nothing"
	case n > maxListed:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:maxListed], ", "), n-maxListed)
	}
	return strings.Join(names, ", ")
}

// maxShown is how much of a word an error repeats.
const maxShown = 40

// show is a word as an error repeats it.
func show(word string) string {
	if len(word) > maxShown {
		word = word[:maxShown] + "..."
	}
	return fmt.Sprintf("%q", word)
}
