package nl

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// CheckError says that a value is against the spec's checks: the kernel would
// refuse it. Nothing was sent.
type CheckError struct {
	Op   string // the operation, where it is known
	Path string // of the attribute: ".linkinfo.kind"
	Text string // what is wrong, and what would be right
}

func (e *CheckError) Error() string {
	s := e.Path + ": " + e.Text
	if e.Op != "" {
		s = e.Op + ": " + s
	}
	return s
}

// Bad makes the error of a value that is against a check, which limit names: "at
// most 15 bytes".
func Bad(name string, value any, limit string) error {
	text := fmt.Sprintf("%v is not allowed: %s", value, limit)
	switch v := value.(type) {
	case string:
		text = fmt.Sprintf("%q is not allowed: %s", v, limit)
	case []byte:
		text = fmt.Sprintf("has %d bytes: %s", len(v), limit)
	}
	return &CheckError{Path: "." + name, Text: text}
}

// BadElem is Bad for an element of a list: the one at i, or of an indexed array
// the one with that index.
func BadElem(name string, i int, value any, limit string) error {
	return Bad(fmt.Sprintf("%s[%d]", name, i), value, limit)
}

// HasNUL reports whether a string holds a NUL, where the kernel would cut it.
func HasNUL(s string) bool { return strings.IndexByte(s, 0) >= 0 }

// In puts the name of a nest in front of the path of an error in it.
func In(name string, err error) error {
	var e *CheckError
	if errors.As(err, &e) {
		inside := *e
		inside.Path = "." + name + e.Path
		return &inside
	}
	return err
}

// InList puts the name of a list in front of the path of an error in one of its
// elements: the one at i, or of an indexed array the one with that index.
func InList(name string, i int, err error) error { return In(fmt.Sprintf("%s[%d]", name, i), err) }

// CheckSelector finds out whether a sub-message is what the attribute beside it
// says. kind is the selector's value that the sub-message's type stands for; empty
// where it stands for several, or none.
func CheckSelector(selector string, value Opt[string], name string, given bool, kind string) error {
	switch {
	case !given || kind == value.v && value.set:
	case !value.set && kind == "":
		return &CheckError{Path: "." + selector, Text: fmt.Sprintf("is missing: the type of %q alone does not tell it", name)}
	case value.set && kind != "":
		return &CheckError{Path: "." + name, Text: fmt.Sprintf("is that of %q, but %q is %q", kind, selector, value.v)}
	}
	return nil
}

// Selector is the text of a number that chooses the format of a sub-message: the
// name it has, or the number.
func Selector[T Int](o Opt[T]) string {
	if !o.set {
		return ""
	}
	if s, ok := any(o.v).(fmt.Stringer); ok {
		return s.String()
	}
	return strconv.FormatInt(int64(o.v), 10)
}
