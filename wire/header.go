package wire

import (
	"encoding/binary"
	"fmt"
)

// Sizes and limits of the format, in bytes.
const (
	// HeaderLen is the size of a message header (struct nlmsghdr).
	HeaderLen = 16
	// AttrHeaderLen is the size of an attribute header (struct nlattr).
	AttrHeaderLen = 4
	// Alignment is what messages and attributes start at a multiple of.
	Alignment = 4
	// MaxAttrLen is the longest attribute, header included: its length field
	// has 16 bits.
	MaxAttrLen = 1<<16 - 1
)

// Align rounds n up to the next multiple of [Alignment].
func Align(n int) int { return (n + Alignment - 1) &^ (Alignment - 1) }

// Header is a message header, struct nlmsghdr, in decoded form.
type Header struct {
	Len   uint32 // bytes of the message, this header included
	Type  Type   // what the payload is: a control message, or the family's own number
	Flags Flags  // see Flags: the upper bits depend on the type
	Seq   uint32 // chosen by the requester, repeated in every reply
	Port  uint32 // port id of a socket; 0 is the kernel (nlmsg_pid)
}

// ParseHeader decodes the header at the start of b. It reports false if b is
// shorter than [HeaderLen]; the length field is not checked against b.
func ParseHeader(b []byte) (Header, bool) {
	if len(b) < HeaderLen {
		return Header{}, false
	}
	return Header{
		Len:   binary.NativeEndian.Uint32(b[0:4]),
		Type:  Type(binary.NativeEndian.Uint16(b[4:6])),
		Flags: Flags(binary.NativeEndian.Uint16(b[6:8])),
		Seq:   binary.NativeEndian.Uint32(b[8:12]),
		Port:  binary.NativeEndian.Uint32(b[12:16]),
	}, true
}

// Append appends the 16 bytes of h to b, its Len as it stands.
func (h Header) Append(b []byte) []byte {
	b = binary.NativeEndian.AppendUint32(b, h.Len)
	b = binary.NativeEndian.AppendUint16(b, uint16(h.Type))
	b = binary.NativeEndian.AppendUint16(b, uint16(h.Flags))
	b = binary.NativeEndian.AppendUint32(b, h.Seq)
	return binary.NativeEndian.AppendUint32(b, h.Port)
}

// String shows the header in one line, for logs and traces.
func (h Header) String() string {
	flags := h.Flags.String()
	if h.Type.IsControl() {
		flags = h.Flags.Names(VerbAck)
	}
	return fmt.Sprintf("len %d type %v flags %s seq %d port %d", h.Len, h.Type, flags, h.Seq, h.Port)
}
