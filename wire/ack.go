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
// senders leave it out. An NLMSG_ERROR that ends after the header of the
// request is accepted without [Capped]: that is how kernels before Linux 4.12,
// which introduced the flag, answer.
//
// The error is a [*Malformed] whose Offset counts from the start of m. Errno is
// filled in nevertheless if it could be read.
func ParseAck(m Message) (AckFields, error) {
	data := m.Data()
	if len(data) < 4 {
		if m.Type() == TypeDone {
			return AckFields{}, nil
		}
		return AckFields{}, &Malformed{Offset: HeaderLen, What: whatErrno, Reason: reasonCut, Want: 4, Have: len(data)}
	}
	a := AckFields{Errno: int32(binary.NativeEndian.Uint32(data))}
	rest := data[4:]
	if m.Type() == TypeError {
		n, ok := requestLen(rest, m.Flags())
		if !ok {
			return a, lengthFault(m, HeaderLen+4, whatRequest, whatRequestHeader)
		}
		a.Request = Message(rest[:n:n])
		rest = rest[min(Align(n), len(rest)):]
	}
	if m.Flags().Has(AckTLVs) {
		a.TLVs = rest
	}
	return a, nil
}

// requestLen returns how many bytes of an ACK, from the header of the repeated
// request on, are that request. The length in that header is the request's own,
// also where its payload was left out.
func requestLen(rest []byte, flags Flags) (int, bool) {
	h, ok := ParseHeader(rest)
	if !ok {
		return 0, false
	}
	if flags.Has(Capped) {
		return HeaderLen, true
	}
	if h.Len >= HeaderLen && uint64(h.Len) <= uint64(len(rest)) {
		return int(h.Len), true
	}
	return HeaderLen, h.Len >= HeaderLen && len(rest) == HeaderLen
}
