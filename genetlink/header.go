package genetlink

import (
	"encoding/binary"
	"fmt"
)

// HeaderLen is the size of a generic netlink header (struct genlmsghdr) in
// bytes.
const HeaderLen = 4

// Header is the generic netlink header, struct genlmsghdr, in decoded form.
type Header struct {
	Cmd      uint8  // the operation, in a request; what the message is, in a reply or event
	Version  uint8  // version of the family; hardly any family looks at it
	Reserved uint16 // 0; strict families refuse anything else
}

// ParseHeader decodes the header at the start of b. It reports false if b is
// shorter than [HeaderLen].
func ParseHeader(b []byte) (Header, bool) {
	if len(b) < HeaderLen {
		return Header{}, false
	}
	return Header{Cmd: b[0], Version: b[1], Reserved: binary.NativeEndian.Uint16(b[2:4])}, true
}

// Append appends the 4 bytes of h to b.
func (h Header) Append(b []byte) []byte {
	b = append(b, h.Cmd, h.Version)
	return binary.NativeEndian.AppendUint16(b, h.Reserved)
}

// String shows the header in one line, for logs and traces.
func (h Header) String() string {
	if h.Reserved != 0 {
		return fmt.Sprintf("cmd %d version %d reserved 0x%x", h.Cmd, h.Version, h.Reserved)
	}
	return fmt.Sprintf("cmd %d version %d", h.Cmd, h.Version)
}
