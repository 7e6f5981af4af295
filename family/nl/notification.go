package nl

import (
	"fmt"

	"github.com/nlkit/nlkit/genetlink"
)

// Notification is what comes unasked: a message of a family, whose type is one
// of its package, or one of [*Overrun], [*Unknown], [*Unloaded] and [*Loaded]. A
// family's are [Message]s too.
type Notification interface {
	// NetlinkName is the name by the spec ("newlink-ntf"), or "overrun" and the
	// like.
	NetlinkName() string
	// String writes what it says, on one line.
	String() string
}

// Overrun says that messages were lost at this place of the stream because the
// receive queue was full. Whoever keeps a copy of the kernel's state has to read
// it anew.
type Overrun struct {
	// Lost is how many, as far as the kernel counted them: see
	// [netlink.Event].
	Lost uint64
}

// NetlinkName returns "overrun".
func (*Overrun) NetlinkName() string { return "overrun" }

// String says how many messages were lost.
func (o *Overrun) String() string { return fmt.Sprintf("%d messages lost", o.Lost) }

// Unknown is a message that the spec does not know.
type Unknown struct {
	Family  string // empty where several families share the socket
	Type    uint16 // the message type, or the command of a generic netlink family
	Payload []byte // behind the headers of netlink and generic netlink
}

// NetlinkName returns "msg-" and the type's number.
func (u *Unknown) NetlinkName() string { return fmt.Sprintf("msg-%d", u.Type) }

// String writes the payload as hexadecimal digits.
func (u *Unknown) String() string { return fmt.Sprintf("%x", u.Payload) }

// Unloaded says that the kernel has a generic netlink family no more, as when its
// module is removed. Nothing comes until Loaded.
type Unloaded struct {
	Family *genetlink.Family // as it was
}

// NetlinkName returns "unloaded".
func (*Unloaded) NetlinkName() string { return "unloaded" }

// String names the family.
func (u *Unloaded) String() string { return u.Family.Name }

// Loaded says that a generic netlink family is there again, and that its groups
// have been joined again. What it multicast before is lost.
type Loaded struct {
	Family *genetlink.Family
	Err    error // groups that could not be joined again; nil where all went well
}

// NetlinkName returns "loaded".
func (*Loaded) NetlinkName() string { return "loaded" }

// String names the family, and the groups that are not joined.
func (l *Loaded) String() string {
	if l.Err != nil {
		return fmt.Sprintf("%s: %v", l.Family.Name, l.Err)
	}
	return l.Family.Name
}

// typed is what notifications of a family are.
type typedNotification interface {
	Notification
	Message
}

// messages decodes the notifications of one family. Each kind has one message,
// which is used again. What decode returns is borrowed until it is called again.
type messages struct {
	family  *Family
	d       *Decoder
	known   map[uint16]typedNotification
	unknown Unknown
}

func newMessages(c *Conn, f *Family) *messages {
	return &messages{family: f, d: c.decoder(f), known: map[uint16]typedNotification{}}
}

// release gives the memory back to the Conn.
func (s *messages) release(c *Conn) { c.keep(s.family, s.d) }

// find returns the message for a number, nil where the spec knows none.
func (s *messages) find(id uint16) typedNotification {
	if n, ok := s.known[id]; ok {
		return n
	}
	if s.family.Notification == nil {
		return nil
	}
	n, ok := s.family.Notification(id).(typedNotification)
	if ok {
		s.known[id] = n
	}
	return n
}

// decode reads a notification.
func (s *messages) decode(id uint16, payload []byte) Notification {
	if n := s.find(id); n != nil {
		s.d.Reset()
		n.DecodeNetlink(s.d, payload)
		return n
	}
	s.unknown = Unknown{Family: s.family.Name, Type: id, Payload: payload}
	return &s.unknown
}
