package nl

import (
	"github.com/nlkit/nlkit/wire"
)

// Message is a message of a family: what stands behind the netlink header, and
// behind that of generic netlink where there is one. Pointers to the structs of
// generated packages are Messages.
type Message interface {
	// AppendNetlink appends the fixed header, if there is one, and the
	// attributes to a message that b has begun.
	AppendNetlink(b *wire.Builder)
	// DecodeNetlink reads a payload. What it holds borrows from the payload and
	// from d, and is valid until either is used again. It never fails: what is
	// not as the spec says is kept as bytes.
	DecodeNetlink(d *Decoder, payload []byte)
}

// Request is a message that asks for an operation, which its type tells.
type Request interface {
	Message
	// NetlinkOp is what is asked for.
	NetlinkOp() *Op
	// Check finds what the kernel would refuse, as far as the spec tells: a
	// [*CheckError].
	Check() error
}

// Reply is the constraint of messages that are decoded and kept: *T is a
// Message.
type Reply[T any] interface {
	*T
	Message
	// Own makes what the message points to its own, which borrowed before.
	Own()
}

// Family is what a generated package knows of its family.
type Family struct {
	Name     string        // as the kernel knows it
	Protocol wire.Protocol // wire.Generic, or a raw family's own
	Version  uint8         // of a generic netlink family
	// Legacy tells that the family is from before the kernel's checks of flags
	// and reserved fields: of the spec's protocol genetlink-c or genetlink-legacy.
	Legacy bool
	Groups []GroupInfo
	// Ops are the operations that can be asked for; one that can be asked for
	// once and as a dump is two.
	Ops []*Op
	// Notification makes the message, of a pointer's type, that a notification
	// with this number is; nil where the spec knows none.
	Notification func(id uint16) Message
}

// Op is one way to ask for an operation: for one answer, or for a dump.
type Op struct {
	Family  *Family
	Name    string // by the spec: "getlink"
	Dump    bool
	ID      uint16 // of requests: the message type of a raw family, the command of another
	ReplyID uint16 // of replies; 0 where only an ACK is answered
	// AdminPerm and UnsAdminPerm tell that CAP_NET_ADMIN is asked for, in the
	// initial user namespace or in the one of the network namespace.
	AdminPerm, UnsAdminPerm bool
	// Liberal tells that the kernel ignores attributes it does not know, and
	// Unvalidated, of a dump, that it looks at none (dont-validate of the spec).
	Liberal, Unvalidated bool
	// New makes an empty request, NewReply an empty reply. NewReply is nil where
	// only an ACK is answered.
	New      func() Request
	NewReply func() Message
}

// String returns the family's name and the operation's: "rt-link getlink".
func (o *Op) String() string { return o.Family.Name + " " + o.Name }

// Group is the name of a multicast group.
type Group string

// GroupInfo is a multicast group of a family.
type GroupInfo struct {
	Name Group
	ID   uint32 // of a raw family's; those of generic netlink are told by the kernel
}
