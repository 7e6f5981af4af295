package genetlink

import (
	"fmt"

	"github.com/nlkit/nlkit/wire"
)

// Message is a generic netlink message taken apart. Its slices are views of
// the message they came from and valid as long as that is.
type Message struct {
	Header
	User  []byte       // the family's user header, empty for most families
	Attrs []byte       // the attributes, for wire.Attrs
	Wire  wire.Message // the whole message
}

// Parse takes a message apart. userHeaderLen is the size of the family's user
// header in bytes, Family.HeaderLen. The error is a [*wire.Malformed] where the
// message is too short for its headers; the attributes are not looked at. It
// allocates nothing.
func Parse(m wire.Message, userHeaderLen int) (Message, error) {
	if len(m) >= wire.HeaderLen && m.Type().IsControl() {
		return Message{}, fmt.Errorf("%v is a control message and has no generic netlink header", m.Type())
	}
	userHeaderLen = max(userHeaderLen, 0)
	data := m.Data()
	h, ok := ParseHeader(data)
	if !ok {
		return Message{}, &wire.Malformed{Offset: wire.HeaderLen, What: "generic netlink header", Reason: "cut short", Want: HeaderLen, Have: len(data)}
	}
	rest := data[HeaderLen:]
	if userHeaderLen > len(rest) {
		return Message{}, &wire.Malformed{Offset: wire.HeaderLen + HeaderLen, What: "user header", Reason: "cut short", Want: userHeaderLen, Have: len(rest)}
	}
	return Message{
		Header: h,
		User:   rest[:userHeaderLen:userHeaderLen],
		Attrs:  rest[min(wire.Align(userHeaderLen), len(rest)):],
		Wire:   m,
	}, nil
}

// Clone returns a copy that is the caller's.
func (m Message) Clone() Message {
	// The views are cut out of the copy at the same places.
	w := m.Wire.Clone()
	data := w.Data()
	if len(data) < HeaderLen {
		return Message{Header: m.Header, Wire: w}
	}
	rest := data[HeaderLen:]
	return Message{
		Header: m.Header,
		User:   rest[:len(m.User):len(m.User)],
		Attrs:  rest[len(rest)-len(m.Attrs):],
		Wire:   w,
	}
}

// Begin starts a message in b: the message header, the generic netlink header
// and the user header, padded. Attributes follow through b. family is
// Family.ID. user must have the family's Family.HeaderLen bytes; it is nil for
// the families that have no user header.
//
// Sequence number and port id are left 0: netlink.Conn fills them in.
func Begin(b *wire.Builder, family uint16, flags wire.Flags, h Header, user []byte) {
	b.Message(wire.Header{Type: wire.Type(family), Flags: flags})
	var hdr [HeaderLen]byte
	b.Raw(h.Append(hdr[:0]))
	if len(user) > 0 {
		b.Raw(user)
	}
}
