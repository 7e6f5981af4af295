package codec

import (
	"github.com/nlkit/nlkit/wire"
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
	// Fallback finds a format that a sub-message of the spec lacks.
	Fallback func(s *ynl.SubMessage, value string) *ynl.Format
}

// Decode makes an Object of a payload. It owns its memory. Nothing in the
// payload makes it fail: what cannot be read as what it should be is kept as
// bytes (see the package's text). Bytes behind the last attribute that are none
// are the value of a last field, ":rest".
func (l Layout) Decode(payload []byte, o Options) Object { panic("soon") }

// AppendJSON appends the payload as a JSON object, in one line. It allocates
// nothing if dst has room.
func (l Layout) AppendJSON(dst, payload []byte, o Options) []byte { panic("soon") }

// Append encodes v, an Object or a map[string]any, behind what b has: the fixed
// header with the members v has and zeros for the others, then the attributes.
// It fails with an [*Error] before anything of the message is sent.
func (l Layout) Append(b *wire.Builder, v any, o Options) error { panic("soon") }

// AppendJSON appends the object as JSON, as [Layout.AppendJSON] does.
func (o Object) AppendJSON(dst []byte) []byte { panic("soon") }

// ParseJSON reads JSON as values that Append takes: objects become Object, in
// the order of the text, arrays []any, numbers json.Number.
func ParseJSON(text []byte) (any, error) { panic("soon") }

// Path finds the attribute that begins at an offset of a payload, and writes the
// way to it: ".linkinfo.data(vxlan).id". Offsets count from the payload's first
// byte, its fixed header.
func (l Layout) Path(payload []byte, offset int, o Options) (path string, a *ynl.Attr, ok bool) {
	panic("soon")
}

// MissingPath writes the way to an attribute that is missing from the nest at an
// offset, or from the message itself if offset is negative.
func (l Layout) MissingPath(payload []byte, offset int, typ uint16, o Options) (path string, a *ynl.Attr, ok bool) {
	panic("soon")
}

// Error says what is wrong with a value that was to be encoded.
type Error struct {
	Path string   // of the attribute: ".linkinfo.kind"
	Text string   // what is wrong with it, and what was expected
	Near []string // names that may have been meant
}

func (e *Error) Error() string { panic("soon") }
