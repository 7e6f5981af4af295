package demo

import (
	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/layers"
	"github.com/nlkit/nlkit/wire"
)

// What both sides of the plain protocol of demos "unicast" and "overflow" agree
// on. A payload is text with its NUL, right behind the message header.
const (
	// PlainProtocol is the number the article behind the demo uses. The kernel
	// has since given it to RDMA: the numbers ran out, and generic netlink is
	// the answer to that.
	PlainProtocol wire.Protocol = 20
	// PlainGroup is the number of the multicast group.
	PlainGroup = 5
	// PlainMask is the same group as bind() wants it: bit number-1.
	PlainMask = 1 << (PlainGroup - 1)

	typeOneWay    wire.Type = 0x10 // the text is logged
	typeTwoWay    wire.Type = 0x11 // the text is logged and answered by kernelText
	typeBroadcast wire.Type = 0x12 // text as broadcastFormat: that many broadcasts to PlainGroup
	typeCount     wire.Type = 0x13 // answered by the number of broadcasts so far, as text
)

// broadcastFormat is the text of a typeBroadcast request: number of broadcasts,
// bytes of payload in each.
const broadcastFormat = "broadcasts: %d, bytes each: %d"

// What both sides of the generic netlink family agree on.
const (
	FamilyName    = "DOC_EXMPL"
	GroupName     = "DOC_EXMPL_GRP"
	familyVersion = 1
	cmdEcho       = 1
	attrMsg       = 1
)

// attrNames name the family's attributes in errors.
var attrNames = genetlink.Names{attrMsg: {Name: "msg"}}

// The texts of the notes. On the wire both carry their NUL.
const (
	userText   = "Hello World from user space!"
	kernelText = "Hello from kernel space!!!"
)

// triggerPath is where the module of demo "multicast" has its trigger.
const triggerPath = "/sys/kernel/genl_test/genl_trigger"

// plainSchema names the messages of the plain protocol.
type plainSchema struct{}

func (plainSchema) Describe(m wire.Message) layers.Description {
	d := layers.Description{Body: layers.Text, Verb: wire.VerbOther}
	switch m.Type() {
	case typeOneWay:
		d.Type = "ONE_WAY"
	case typeTwoWay:
		d.Type = "TWO_WAY"
	case typeBroadcast:
		d.Type = "BROADCAST"
	case typeCount:
		d.Type = "COUNT"
	}
	return d
}

// exampleFamily names the messages of DOC_EXMPL.
var exampleFamily = layers.Family{
	Name:     FamilyName,
	Commands: map[uint8]string{cmdEcho: "ECHO"},
	Set:      &layers.Set{Attrs: map[uint16]layers.Attr{attrMsg: {Name: "MSG", Kind: layers.Text}}},
}
