package genetlink

import "fmt"

// EventKind says what an [Event] tells.
type EventKind uint8

// The kinds of events.
const (
	// Notification is a message of the family.
	Notification EventKind = iota + 1
	// Overrun says that messages were lost here because the receive queue was
	// full: Event.Lost of them. Whoever keeps a copy of a state has to read it
	// anew.
	Overrun
	// Unloaded says that the kernel has the family no more, as when its module
	// is removed. Nothing comes until Loaded.
	Unloaded
	// Loaded says that the family is there again, under another number, and
	// that its groups have been joined again: Event.Family. What it multicast
	// before that is lost.
	Loaded
	// Marked says that the stream has come to a mark, Event.Mark: see
	// [Subscription.Mark].
	Marked
)

var eventKindNames = [...]string{Notification: "notification", Overrun: "overrun", Unloaded: "unloaded", Loaded: "loaded", Marked: "marked"}

// String returns the kind's name in lower case.
func (k EventKind) String() string {
	if int(k) < len(eventKindNames) && k != 0 {
		return eventKindNames[k]
	}
	return fmt.Sprintf("event kind %d", uint8(k))
}

// Event is one element of a subscription's stream.
type Event struct {
	Kind EventKind

	Message Message // of a Notification; valid until the next Receive
	Group   string  // name of the group a Notification was sent to; empty if it was sent to this socket alone
	GroupID uint32  // the group's number, or 0
	From    uint32  // port id of the sender; 0 is the kernel
	NSID    int32   // id of the network namespace it came from, where HasNSID
	HasNSID bool

	Mark uint32 // with Marked: its number

	Lost uint64 // with Overrun: how many messages, those of the controller included

	// Family is the family as it is with Loaded, and as it was with Unloaded.
	Family *Family
	// Err, with Loaded, says which groups could not be joined again: an
	// [*UnknownGroupError] where the family has lost one, or several errors
	// joined. It is nil where all went well.
	Err error
}
