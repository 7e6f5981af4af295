package wire

import "fmt"

// Type is a message type (nlmsg_type). Values below [TypeMin] are control
// messages and mean the same in every protocol; the others are the protocol's
// own: an rtnetlink operation, a generic netlink family id, and so on.
type Type uint16

// The control messages (linux/netlink.h).
const (
	TypeNoop    Type = 1    // nothing: to be skipped
	TypeError   Type = 2    // the end of a request: an errno, or 0, which is the ACK
	TypeDone    Type = 3    // the end of a dump
	TypeOverrun Type = 4    // data was lost; defined, but never sent by today's kernels
	TypeMin     Type = 0x10 // the first number that is not a control message
)

// IsControl reports whether t is one of the 16 numbers reserved for control
// messages.
func (t Type) IsControl() bool { return t < TypeMin }

// String returns the C name of a control message and the number of any other.
func (t Type) String() string {
	switch t {
	case TypeNoop:
		return "NLMSG_NOOP"
	case TypeError:
		return "NLMSG_ERROR"
	case TypeDone:
		return "NLMSG_DONE"
	case TypeOverrun:
		return "NLMSG_OVERRUN"
	}
	return fmt.Sprintf("0x%x", uint16(t))
}
