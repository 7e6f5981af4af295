package wire

import "encoding/binary"

// Attributes of an extended ACK (enum nlmsgerr_attrs, linux/netlink.h).
const (
	AckMessage     uint16 = 1 // text, NUL-terminated
	AckOffset      uint16 = 2 // u32: the offending attribute's header, from the start of the request
	AckCookie      uint16 = 3 // binary: data for the requester, on success
	AckPolicy      uint16 = 4 // nest: the offending attribute's policy
	AckMissingType uint16 = 5 // u32: the number of an attribute that is missing
	AckMissingNest uint16 = 6 // u32: the nest it is missing in, as AckOffset
)

// AckFields are the parts of an NLMSG_ERROR or NLMSG_DONE message.
type AckFields struct {
	Errno   int32   // 0 for success, else a negative errno of Linux
	Request Message // what was answered; with [Capped] its header only; nil in NLMSG_DONE
	TLVs    []byte  // the extended ACK's attributes, empty if there are none
}

// ParseAck splits an NLMSG_ERROR or NLMSG_DONE message into its parts, which
// are views of m. An NLMSG_DONE shorter than an errno means errno 0: some
// senders leave it out.
func ParseAck(m Message) (AckFields, error) {
	data := m.Data()
	if len(data) < 4 {
		if m.Type() == TypeDone {
			return AckFields{}, nil
		}
		return AckFields{}, &Malformed{Offset: HeaderLen, What: "errno", Reason: "cut short", Want: 4, Have: len(data)}
	}
	a := AckFields{Errno: int32(binary.NativeEndian.Uint32(data))}
	rest := data[4:]
	if m.Type() == TypeError {
		h, ok := ParseHeader(rest)
		if !ok {
			return a, &Malformed{Offset: HeaderLen + 4, What: "message header", Reason: "cut short", Want: HeaderLen, Have: len(rest)}
		}
		// The length in the repeated header is the request's own, also where
		// its payload was left out.
		n := uint64(HeaderLen)
		if !m.Flags().Has(Capped) {
			n = uint64(h.Len)
			if n < HeaderLen || n > uint64(len(rest)) {
				return a, messageFault(m, HeaderLen+4)
			}
		}
		a.Request = Message(rest[:n:n])
		rest = rest[min(Align(int(n)), len(rest)):]
	}
	if m.Flags().Has(AckTLVs) {
		a.TLVs = rest
	}
	return a, nil
}
