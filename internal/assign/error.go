package assign

import (
	"fmt"
	"strings"
)

// Error says what is wrong with one argument.
type Error struct {
	Arg  string   // as it was given
	Text string   // what is wrong with it, and what was expected
	Near []string // what may have been meant
	Err  error    // why a value was not found, where that is not the argument's fault alone
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Error begins with the argument.
func (e *Error) Error() string {
	text := fmt.Sprintf("%q: %s", e.Arg, e.Text)
	if len(e.Near) > 0 {
		text += "; did you mean " + strings.Join(e.Near, " or ") + "?"
	}
	return text
}

func errorf(arg, format string, args ...any) *Error {
	return &Error{Arg: arg, Text: fmt.Sprintf(format, args...)}
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
