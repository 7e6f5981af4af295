package catalogue

import (
	"fmt"
	"math"
	"reflect"

	"github.com/nlkit/nlkit/family/nl"
)

// Role is what a message is for.
type Role uint8

const (
	Request Role = iota
	Reply
	Notification
)

// String names the role.
func (r Role) String() string {
	return [...]string{"request", "reply", "notification"}[r]
}

// Message is a message that stands alone, not only in another.
type Message struct {
	Family *nl.Family
	Role   Role
	Op     *nl.Op // of requests and replies; nil of a notification
	Name   string // by the spec, of the operation or the notification
	ID     uint16 // the message type of a raw family's, the command of another
	New    func() nl.Message
}

// String names the family, the message and what it is for.
func (m Message) String() string {
	dump := ""
	if m.Op != nil && m.Op.Dump {
		dump = " dump"
	}
	return fmt.Sprintf("%s %s%s %s", m.Family.Name, m.Name, dump, m.Role)
}

// Type is the struct's type. Several messages can share one.
func (m Message) Type() reflect.Type { return reflect.TypeOf(m.New()).Elem() }

// Messages are all messages of a family: requests and replies in the order of its
// operations, then notifications in that of their numbers.
func Messages(f *nl.Family) []Message {
	var list []Message
	for _, op := range f.Ops {
		list = append(list, Message{Family: f, Role: Request, Op: op, Name: op.Name, ID: op.ID, New: func() nl.Message { return op.New() }})
		if op.NewReply != nil {
			list = append(list, Message{Family: f, Role: Reply, Op: op, Name: op.Name, ID: op.ReplyID, New: op.NewReply})
		}
	}
	for id := range math.MaxUint16 + 1 {
		m := f.Notification(uint16(id))
		if m == nil {
			continue
		}
		name := ""
		if n, ok := m.(nl.Notification); ok {
			name = n.NetlinkName()
		}
		list = append(list, Message{Family: f, Role: Notification, Name: name, ID: uint16(id),
			New: func() nl.Message { return f.Notification(uint16(id)) }})
	}
	return list
}
