package sim

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Request is one message on its way through a handler. It is the handler's for
// the duration of the call, or, for a dump, until the dump has ended; the bytes
// it shows are borrowed for the same time and must not be written to.
type Request struct {
	kernel *Kernel
	ctx    context.Context
	sock   *socket   // the requester, nil for Kernel.Call
	out    collector // replies to a Kernel.Call

	msg     wire.Message
	head    wire.Header
	payload int // offset of the attributes in msg

	family *Registered // nil for a classic protocol
	op     *Op
	cmd    uint8
	vers   uint8

	ext         netlink.ExtAck
	answer      wire.Flags                   // extra flags of a dump's messages
	interrupted bool                         // a typed dump's next message is to say so
	served      iter.Seq2[nl.Message, error] // entries of a typed dump
}

// collector takes the replies to a Kernel.Call.
type collector struct{ messages []wire.Message }

// Kernel returns the kernel that serves the request.
func (r *Request) Kernel() *Kernel { return r.kernel }

// Context ends when the kernel is closed or the caller of [Kernel.Call] gives up.
func (r *Request) Context() context.Context { return r.ctx }

// Header returns the message header as it was sent.
func (r *Request) Header() wire.Header { return r.head }

// Message returns the whole message.
func (r *Request) Message() wire.Message { return r.msg }

// Port returns the requester's true port id, whatever the header claims; 0 is a
// subsystem of the kernel itself ([Kernel.Call]).
func (r *Request) Port() uint32 {
	if r.sock == nil {
		return 0
	}
	return r.sock.port
}

// Privileged reports whether the requester may do what needs CAP_NET_ADMIN.
func (r *Request) Privileged() bool { return r.sock == nil || r.sock.admin }

// Strict reports whether the requester has set NETLINK_GET_STRICT_CHK, which
// the handlers of classic protocols look at.
func (r *Request) Strict() bool { return r.sock == nil || r.sock.strict }

// Command returns the command of the generic netlink header; 0 in a classic
// protocol.
func (r *Request) Command() uint8 { return r.cmd }

// Version returns the version the requester wrote. The kernel ignores it.
func (r *Request) Version() uint8 { return r.vers }

// UserHeader returns the family's header between the generic netlink header and
// the attributes, Family.HeaderLen bytes long.
func (r *Request) UserHeader() []byte {
	if r.family == nil {
		return nil
	}
	at := wire.HeaderLen + genetlink.HeaderLen
	return r.msg[at : at+r.family.spec.HeaderLen]
}

// Data returns what follows the message header (classic protocols) or the
// headers of generic netlink: there, the attributes.
func (r *Request) Data() []byte { return r.msg[min(r.payload, len(r.msg)):] }

// Attrs yields the attributes of a generic netlink request. The classic
// protocols have a header of their own before them: use wire.Attrs.
func (r *Request) Attrs() iter.Seq2[wire.Attr, error] { return wire.Attrs(r.Data()) }

// Attr returns the last attribute of the type, as the kernel's handlers see it,
// and whether there is one.
func (r *Request) Attr(typ uint16) (wire.Attr, bool) { return wire.FindAttr(r.Data(), typ) }

// Reply sends a message of the family to the requester: the family's id, the
// request's sequence number, the op's reply command. fill appends the user
// header, if the family has one ([wire.Builder.Raw]), and the attributes. It is
// for generic netlink; a classic protocol uses ReplyMessage.
//
// A requester whose queue is full loses the reply: EAGAIN, and ENOBUFS for it. One that
// has gone is ECONNREFUSED.
func (r *Request) Reply(fill func(b *wire.Builder)) error {
	if r.family == nil {
		return fmt.Errorf("simulated kernel: Reply is for generic netlink, use ReplyMessage: %w", netlink.EINVAL)
	}
	return r.ReplyCommand(r.op.reply(), 0, fill)
}

// ReplyCommand is Reply with another command and with flags such as [wire.Multi].
func (r *Request) ReplyCommand(cmd uint8, flags wire.Flags, fill func(b *wire.Builder)) error {
	if r.family == nil {
		return fmt.Errorf("simulated kernel: ReplyCommand is for generic netlink, use ReplyMessage: %w", netlink.EINVAL)
	}
	return r.ReplyMessage(wire.Type(r.family.id), flags, func(b *wire.Builder) {
		r.family.head(b, cmd)
		if fill != nil {
			fill(b)
		}
	})
}

// ReplyMessage sends a message of any type to the requester; fill appends its
// payload. Sequence number and port are filled in.
func (r *Request) ReplyMessage(typ wire.Type, flags wire.Flags, fill func(b *wire.Builder)) error {
	var b wire.Builder
	b.Message(wire.Header{Type: typ, Flags: flags, Seq: r.head.Seq, Port: r.Port()})
	if fill != nil {
		fill(&b)
	}
	msg, err := b.Bytes()
	if err != nil {
		return fmt.Errorf("simulated kernel: reply: %w", err)
	}
	return r.send(msg, charge(len(msg)))
}

// send hands a datagram to the requester. The bytes are given away.
func (r *Request) send(msg []byte, charge int) error {
	if r.sock == nil {
		for m, err := range wire.Messages(msg) {
			if err == nil {
				r.out.messages = append(r.out.messages, m)
			}
		}
		return nil
	}
	return r.sock.deliver(datagram{bytes: msg, charge: charge})
}

// SetText sets the text of the extended ACK. With an error it explains it; with
// none it is a warning.
func (r *Request) SetText(format string, args ...any) {
	r.ext.Text = format
	if len(args) > 0 {
		r.ext.Text = fmt.Sprintf(format, args...)
	}
}

// SetBadAttr names the attribute an error is about. a must be one of this
// request's ([Request.Attr] and the like); anything else is ignored.
func (r *Request) SetBadAttr(a wire.Attr) {
	if off, ok := r.offset(a); ok {
		r.ext.HasOffset, r.ext.Offset = true, off
	}
}

// SetMissing says that an attribute is missing: at the top level if nest is nil,
// else in that nest. Linux sends EINVAL without a text with it.
func (r *Request) SetMissing(typ uint16, nest wire.Attr) {
	r.ext.HasMissingType, r.ext.MissingType = true, typ
	if off, ok := r.offset(nest); ok {
		r.ext.HasMissingNest, r.ext.MissingNest = true, off
	}
}

// maxCookie is how many bytes a cookie may have (NETLINK_MAX_COOKIE_LEN).
const maxCookie = 20

// SetCookie sets the data for the requester in the extended ACK: at most 20
// bytes, the rest is cut.
func (r *Request) SetCookie(cookie []byte) {
	r.ext.Cookie = append([]byte{}, cookie[:min(len(cookie), maxCookie)]...)
}

// MarkFiltered sets NLM_F_DUMP_FILTERED in the messages of a dump: it was
// filtered as asked.
func (r *Request) MarkFiltered() { r.answer |= wire.DumpFiltered }

// offset finds where in the message an attribute lies. Attributes start at a
// multiple of 4, nests included.
func (r *Request) offset(a wire.Attr) (int, bool) {
	if len(a) == 0 {
		return 0, false
	}
	for off := wire.HeaderLen; off < len(r.msg); off += wire.Alignment {
		if &r.msg[off] == &a[0] {
			return off, true
		}
	}
	return 0, false
}

// requests works off a datagram as a sequence of messages. A length that is too
// short or runs past the end ends it in silence; an error does not.
func (s *socket) requests(datagram []byte) {
	for len(datagram) >= wire.HeaderLen {
		n := uint64(binary.NativeEndian.Uint32(datagram))
		if n < wire.HeaderLen || n > uint64(len(datagram)) {
			return
		}
		msg := wire.Message(datagram[:n:n])
		r := &Request{kernel: s.kernel, ctx: s.kernel.ctx, sock: s, msg: msg, head: msg.Header(), payload: wire.HeaderLen}
		var err error
		if r.head.Flags.Has(wire.Request) && !r.head.Type.IsControl() {
			if err = s.kernel.refuses(r); err == nil {
				err = s.proto.handle(r)
			}
		}
		if err != errDumpStarted && (err != nil || r.head.Flags.Has(wire.Ack)) {
			s.ack(r, r.explain(err))
		}
		datagram = datagram[min(wire.Align(int(n)), len(datagram)):]
	}
}

// explain turns a handler's error into a number, and takes over what a
// *netlink.Error says beside it.
func (r *Request) explain(err error) netlink.Errno {
	if err == nil {
		return 0
	}
	if e, ok := errors.AsType[*netlink.Error](err); ok {
		if !e.ExtAck.IsZero() {
			r.ext = e.ExtAck
		}
		return e.Errno
	}
	errno := errnoOf(err)
	if _, known := errors.AsType[netlink.Errno](err); !known && r.ext.Text == "" {
		r.ext.Text = err.Error()
	}
	return errno
}

// errnoOf returns the number in an error. One without is EIO.
func errnoOf(err error) netlink.Errno {
	if errno, ok := errors.AsType[netlink.Errno](err); ok {
		return errno
	}
	return netlink.EIO
}
