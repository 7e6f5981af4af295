package ynl

// Op is an operation: a request with its replies, or a notification.
type Op struct {
	Name   string
	Pos    Pos
	Doc    string
	Set    *AttrSet // of its attributes; nil where it has none
	Header *Struct  // its fixed header; nil where it has none

	Do     *Mode // nil where the op cannot be asked for once
	Dump   *Mode // nil where it cannot be dumped
	Notify *Op   // of a notification: the op whose reply it looks like
	Event  *Message
	Group  string // the multicast group of a notification; "" where it is not told

	// ID is the number the op has in a family that does not number by direction.
	// In one that does, it is the number of the notification's message, or of the
	// request. The numbers of requests and replies by mode are in Do and Dump.
	ID uint16

	AdminPerm    bool // asks for CAP_NET_ADMIN in the initial user namespace
	UnsAdminPerm bool // asks for CAP_NET_ADMIN in the network namespace's
	DontValidate []string
	ConfigCond   string // the kernel's option it is compiled with
}

// IsAsync reports whether the op is only ever received: a notification or an
// event.
func (o *Op) IsAsync() bool { return o.Notify != nil || o.Event != nil }

// IsReserved reports whether the op is no more than a number that is taken.
func (o *Op) IsReserved() bool { return o.Do == nil && o.Dump == nil && !o.IsAsync() }

// Mode is one of the two ways to ask for an operation.
type Mode struct {
	Pos     Pos
	Request *Message // nil where the spec lists no request
	Reply   *Message // nil where only an ACK is answered
	// RequestID and ReplyID are the numbers of the messages: the type of a raw
	// family's, the command of a generic one's. ReplyID is 0 and meaningless
	// where Reply is nil.
	RequestID uint16
	ReplyID   uint16
	Pre, Post string // the kernel's hooks
}

// Message is what a spec says of a request, a reply or an event: which
// attributes of the op's set it has.
type Message struct {
	Pos     Pos
	Attrs   []*Attr
	Unknown []UnknownAttr // names that the set does not have
}

// UnknownAttr is a name in a message's list that its set does not have.
type UnknownAttr struct {
	Name string
	Pos  Pos
}

// Group is a multicast group.
type Group struct {
	Name  string
	Pos   Pos
	ID    uint32 // of a raw family's group, 0 where the spec does not tell; those of generic netlink are dynamic
	CName string

	AdminPerm, UnsAdminPerm bool
}
