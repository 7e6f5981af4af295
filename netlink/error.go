package netlink

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nlkit/nlkit/wire"
)

// Errors that are not the kernel's answer to a request.
var (
	// ErrDumpInterrupted comes after a dump's data: the table changed while it
	// was read (NLM_F_DUMP_INTR), so that entries may be missing or doubled.
	// Only some tables are watched by the kernel; the absence of this error
	// proves nothing for the others.
	ErrDumpInterrupted = errors.New("dump interrupted: the table changed while it was read")
	// ErrOverrun says that a reply was dropped because the receive queue was
	// full: the request's outcome is unknown.
	ErrOverrun = errors.New("reply lost: receive queue overrun")
	// ErrReplies says that a request was answered with more than 64 MiB, as no
	// kernel does: what is that large is read with Dump.
	ErrReplies = errors.New("more than 64 MiB of replies to one request")
	// ErrTruncated says that a datagram was larger than the receive buffer.
	ErrTruncated = errors.New("datagram truncated")
	// ErrNotLinux says that there is no kernel to talk to. Packages wire and
	// sim work nevertheless.
	ErrNotLinux = errors.New("netlink sockets exist on Linux only; the simulated kernel (package sim, nlkit demo) works everywhere")
)

// ExtAck is what a kernel says beside an error number, or beside success.
// Which parts are there depends on the request and the kernel.
type ExtAck struct {
	Text   string // the kernel's own words
	Cookie []byte // data for the requester

	HasOffset bool
	Offset    int // of the offending attribute's header, from the start of the request's header

	Policy *AttrPolicy // what the offending attribute would have had to be

	HasMissingType bool
	MissingType    uint16 // number of an attribute that is missing
	HasMissingNest bool
	MissingNest    int // offset of the nest it is missing in, as Offset; without it: top level
}

// IsZero reports whether the kernel said nothing.
func (x *ExtAck) IsZero() bool {
	return x.Text == "" && x.Cookie == nil && !x.HasOffset && x.Policy == nil && !x.HasMissingType && !x.HasMissingNest
}

// Ack is the end of a transaction that went well. Its ExtAck is nearly always
// zero; a Text in it is a warning.
type Ack struct{ ExtAck }

// Error is a kernel's answer that a request failed.
type Error struct {
	// Op is what was asked, as far as known: "RTM_NEWLINK", "ethtool op 3".
	// Layers that know better names replace it.
	Op string
	// Errno is the number; errors.Is(err, netlink.EEXIST) and the like look at it.
	Errno Errno
	ExtAck

	// Attr is the path of the offending attribute (".header.dev-name") and
	// Missing that of the missing one. They are empty here: the layer that
	// knows the family's names fills them in from Offset and MissingType.
	Attr    string
	Missing string
	// Value is the offending attribute as it was sent, header included, where
	// Offset names one.
	Value wire.Attr
}

// Error renders everything known in one line.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Op != "" {
		b.WriteString(e.Op + ": ")
	}
	if e.Text != "" {
		b.WriteString(e.Text + ": ")
	}
	b.WriteString(e.Errno.Error())
	sep := " ("
	part := func(format string, args ...any) {
		b.WriteString(sep)
		fmt.Fprintf(&b, format, args...)
		sep = ", "
	}
	switch {
	case e.Attr != "":
		part("attribute %s", e.Attr)
	case e.Value != nil:
		part("attribute %d at offset %d", e.Value.Type(), e.Offset)
	case e.HasOffset:
		part("at offset %d of the request", e.Offset)
	}
	if e.Policy != nil {
		part("must be %v", *e.Policy)
	}
	switch {
	case e.Missing != "":
		part("missing attribute %s", e.Missing)
	case e.HasMissingType && e.HasMissingNest:
		part("missing attribute %d in the nest at offset %d", e.MissingType, e.MissingNest)
	case e.HasMissingType:
		part("missing attribute %d", e.MissingType)
	}
	if sep == ", " {
		b.WriteByte(')')
	}
	return b.String()
}

// Unwrap returns the error number, for errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Errno }

// parseExtAck decodes the attributes of an extended ACK. What is malformed ends
// the decoding and is otherwise ignored: the error number counts.
func parseExtAck(tlvs []byte) ExtAck {
	var x ExtAck
	for a, err := range wire.Attrs(tlvs) {
		if err != nil {
			break
		}
		switch a.Type() {
		case wire.AckMessage:
			x.Text = a.Text()
		case wire.AckOffset:
			if v, err := a.Uint32(); err == nil {
				x.HasOffset, x.Offset = true, int(v)
			}
		case wire.AckCookie:
			x.Cookie = append([]byte{}, a.Data()...)
		case wire.AckPolicy:
			if p, err := ParseAttrPolicy(a.Data()); err == nil {
				x.Policy = &p
			}
		case wire.AckMissingType:
			if v, err := a.Uint32(); err == nil {
				x.HasMissingType, x.MissingType = true, uint16(v)
			}
		case wire.AckMissingNest:
			if v, err := a.Uint32(); err == nil {
				x.HasMissingNest, x.MissingNest = true, int(v)
			}
		}
	}
	return x
}

// ParseAck reads the message that ends a transaction, an NLMSG_ERROR or an
// NLMSG_DONE: the Ack where it went well, an [*Error] where the kernel refused
// it, a [*wire.Malformed] where the message is none. request, which may be nil,
// is the whole message that was sent: of it comes Error.Value. [Conn] does this
// by itself; it is for those who read a [Transport] by hand. Everything is
// copied.
func ParseAck(m wire.Message, request []byte) (Ack, error) {
	f, err := wire.ParseAck(m)
	if err != nil {
		return Ack{}, err
	}
	var x ExtAck
	if len(f.TLVs) > 0 {
		x = parseExtAck(f.TLVs)
	}
	if f.Errno == 0 {
		return Ack{x}, nil
	}
	// Negated as unsigned: there is no positive twin of the smallest int32.
	e := &Error{Errno: Errno(-uint32(f.Errno)), ExtAck: x}
	if f.Errno > 0 {
		e.Errno = Errno(f.Errno)
	}
	if x.HasOffset {
		e.Value = attrAt(request, x.Offset)
	}
	return Ack{}, e
}

// attrAt returns a copy of the attribute at an offset of a request, or nil if
// there is none.
func attrAt(request []byte, off int) wire.Attr {
	if off < wire.HeaderLen || off >= len(request) {
		return nil
	}
	for a, err := range wire.Attrs(request[off:]) {
		if err != nil {
			break
		}
		return a.Clone()
	}
	return nil
}
