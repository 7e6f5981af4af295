package client

import (
	"slices"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/codec"
)

// Message is a message of the family: a reply, or a notification. It is
// borrowed; Clone makes a copy.
type Message struct {
	// Name is the name of the operation: of a reply, the one that was asked for.
	// Where the spec does not know the message it is its number ("msg-77").
	Name   string
	Op     *ynl.Op // nil where the spec does not know the message
	Layout codec.Layout
	Header wire.Header
	// Payload is the fixed header and the attributes. The header of a generic
	// netlink message is not part of it.
	Payload []byte
}

// Object decodes the message. The Object owns its memory.
func (m Message) Object(o codec.Options) codec.Object { return m.Layout.Decode(m.Payload, o) }

// AppendJSON appends the message as a JSON object to dst, without decoding it
// first.
func (m Message) AppendJSON(dst []byte, o codec.Options) []byte {
	return m.Layout.AppendJSON(dst, m.Payload, o)
}

// Clone returns a copy that is the caller's.
func (m Message) Clone() Message {
	m.Payload = slices.Clone(m.Payload)
	return m
}

// reply makes a Message of a reply.
func (t *target) reply(m wire.Message, payload []byte) Message {
	return Message{Name: t.name, Op: t.op, Layout: t.layout, Header: m.Header(), Payload: payload}
}
