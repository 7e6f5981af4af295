package sim

import (
	"encoding/binary"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// ack answers a request with NLMSG_ERROR: errno 0 is the acknowledgement. The
// request's header is repeated, and its payload too if it failed and the socket
// has not asked for capped ones. A full queue drops the answer.
func (s *socket) ack(r *Request, errno netlink.Errno) {
	var flags wire.Flags
	repeat := wire.HeaderLen
	if errno != 0 && !s.capAck {
		repeat = len(r.msg)
	} else {
		flags |= wire.Capped
	}
	var tlvs wire.Builder
	if s.extAck {
		appendExtAck(&tlvs, &r.ext, errno, len(r.msg))
	}
	ext, err := tlvs.Bytes()
	if err != nil {
		ext = nil // a text with a NUL or of 64 KiB: the number counts
	}
	if len(ext) > 0 {
		flags |= wire.AckTLVs
	}
	b := make([]byte, 0, wire.HeaderLen+4+wire.Align(repeat)+len(ext))
	b = wire.Header{Type: wire.TypeError, Flags: flags, Seq: r.head.Seq, Port: s.port}.Append(b)
	b = binary.NativeEndian.AppendUint32(b, -uint32(errno))
	b = append(b, r.msg[:repeat]...)
	for len(b)%wire.Alignment != 0 {
		b = append(b, 0)
	}
	b = append(b, ext...)
	binary.NativeEndian.PutUint32(b, uint32(len(b)))
	_ = s.deliver(datagram{bytes: b, charge: charge(len(b))})
}

// appendExtAck appends the attributes of an extended ACK in the kernel's order.
// What points at an attribute is told with an error only, and only if it lies
// in the request, which has size bytes.
func appendExtAck(b *wire.Builder, x *netlink.ExtAck, errno netlink.Errno, size int) {
	if x.Text != "" {
		b.Text(wire.AckMessage, x.Text)
	}
	if len(x.Cookie) > 0 {
		b.Attr(wire.AckCookie, x.Cookie)
	}
	if errno == 0 {
		return
	}
	if x.HasOffset && x.Offset >= 0 && x.Offset < size {
		b.Uint32(wire.AckOffset, uint32(x.Offset))
	}
	if x.Policy != nil {
		nest := b.Nest(wire.AckPolicy)
		x.Policy.Append(b)
		b.End(nest)
	}
	if x.HasMissingType {
		b.Uint32(wire.AckMissingType, uint32(x.MissingType))
	}
	if x.HasMissingNest && x.MissingNest >= 0 && x.MissingNest < size {
		b.Uint32(wire.AckMissingNest, uint32(x.MissingNest))
	}
}
