package codec

import (
	"github.com/nlkit/nlkit/ynl"
)

// Layout says what a payload is made of: what follows the netlink header of a
// raw family's message, or the generic netlink header of another.
type Layout struct {
	Header *ynl.Struct  // the fixed header in front; may be nil
	Set    *ynl.AttrSet // of the attributes behind it; may be nil
}

// Of is the layout of an operation's messages, of requests and replies alike.
func Of(op *ynl.Op) Layout { return Layout{op.Header, op.Set} }

// Dialect is a way to write values.
type Dialect uint8

const (
	// Native is nlkit's own: nothing is lost, and what is printed can be put in
	// again.
	Native Dialect = iota
	// Python is what the kernel's Python client prints and takes.
	Python
)

// Options say how values are written and read. The zero value is what most need.
type Options struct {
	Dialect Dialect
	// Lookup finds the number that a text stands for where an integer is wanted
	// and the text is neither a number nor a name of its enum: the index of an
	// interface, say. The text is refused where Lookup is nil or finds nothing.
	Lookup func(a *ynl.Attr, m *ynl.Member, text string) (uint64, bool)
	// Unchecked leaves it to the kernel to refuse values that are against the
	// spec's checks: ranges, lengths, masks. They are checked before they are sent
	// otherwise, in the native dialect.
	Unchecked bool
	// Fallback finds a format that a sub-message of the spec lacks.
	Fallback func(s *ynl.SubMessage, value string) *ynl.Format
}
