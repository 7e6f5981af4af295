package nl

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Incoming is a request as its server sees it, beside the typed message. It is
// valid as long as the handler runs, that of a dump until the dump has ended.
// The zero Incoming is one without anything, for tests that call a server's
// methods by themselves.
type Incoming struct {
	origin Origin
	op     *Op
	req    Request
}

// Origin is where a request came from. It is for those who put services to work,
// as package sim does.
type Origin struct {
	Context context.Context // nil is context.Background()
	// Message is the request as it was sent, and Payload the offset of what is
	// decoded: the fixed header, or the attributes where there is none.
	Message wire.Message
	Payload int
	Port    uint32 // of the requester; 0 is the kernel itself
	// Privileged tells that the requester has CAP_NET_ADMIN.
	Privileged bool
	// Send sends the requester a message of the family at once; nil sends none.
	Send func(id uint16, m Message) error
	// Warn puts a text into the acknowledgement of a request that goes well; nil
	// drops it.
	Warn func(text string)
	// Cookie puts data for the requester into the acknowledgement, and Interrupt
	// marks the next message of a dump; nil does neither.
	Cookie    func(data []byte)
	Interrupt func()
}

// NewIncoming decodes a request for an operation. The request borrows nothing.
func NewIncoming(op *Op, o Origin) (*Incoming, Request) {
	req := op.New()
	req.DecodeNetlink(&Decoder{own: true}, o.Message[min(o.Payload, len(o.Message)):])
	return &Incoming{origin: o, op: op, req: req}, req
}

// Context ends when the simulated kernel is closed or, for a request that one
// subsystem makes to another (Kernel.Call of package sim), when its caller gives up. That a
// requester on a socket gives up or closes it does not end it, as with Linux: a
// request that was sent is worked off.
//
// A handler runs in the goroutine of its caller, which sends the request or reads
// the dump's next entries. One that blocks holds it, beyond its own context's end:
// a handler that waits for something has to wait for this context too.
func (c *Incoming) Context() context.Context {
	if c.origin.Context == nil {
		return context.Background()
	}
	return c.origin.Context
}

// Flags returns the flags of the message header.
func (c *Incoming) Flags() wire.Flags {
	h, _ := wire.ParseHeader(c.origin.Message)
	return h.Flags
}

// Has reports whether the request was made with a flag: call.Has(nl.Create).
func (c *Incoming) Has(f Flag) bool { return c.Flags().Has(wire.Flags(f)) }

// Port returns the requester's port id; 0 is the kernel itself.
func (c *Incoming) Port() uint32 { return c.origin.Port }

// Privileged reports whether the requester may do what needs CAP_NET_ADMIN.
// Operations that the spec gives to such alone do not come to the server from
// others.
func (c *Incoming) Privileged() bool { return c.origin.Privileged }

// Message returns the whole request as it was sent, header included.
func (c *Incoming) Message() wire.Message { return c.origin.Message }

// SetCookie puts data for the requester, of at most 20 bytes, into the extended
// ACK of a request that goes well. It is copied.
func (c *Incoming) SetCookie(data []byte) {
	if c.origin.Cookie != nil {
		c.origin.Cookie(data)
	}
}

// Interrupt tells the requester of a dump that the table has changed since the
// entry before: the next message, or the end if there is none, is marked with
// NLM_F_DUMP_INTR.
func (c *Incoming) Interrupt() {
	if c.origin.Interrupt != nil {
		c.origin.Interrupt()
	}
}

// Reply sends a reply in front of the one that the handler returns, for the few
// operations that are answered with several. It is encoded before Reply returns.
func (c *Incoming) Reply(m Message) error {
	if c.op == nil {
		return nil
	}
	return c.send(c.op.ReplyID, m)
}

// Echo sends the requester the notification about what it did, if it asked for
// that ([Echo], [EchoTo]).
func (c *Incoming) Echo(n Announcement) error {
	if !c.Has(Echo) {
		return nil
	}
	return c.send(n.NetlinkID(), n)
}

func (c *Incoming) send(id uint16, m Message) error {
	if c.origin.Send == nil {
		return nil
	}
	return c.origin.Send(id, m)
}

// Warn says something beside success: the text of the acknowledgement. Of two the
// last is sent. The dumps of Linux have none.
func (c *Incoming) Warn(text string) {
	if c.origin.Warn != nil {
		c.origin.Warn(text)
	}
}

// Refuse returns an error for the requester: a number, the attribute it is about
// by its path of spec names (".rx", ".header.dev-name", ".linkinfo.data.id", with
// an index for one of several: ".entry[2].id"), and a text. Path and text may be
// empty. An attribute that the request does not have is not told. A path of a
// name that the request's type does not know is the server's own mistake, and so
// is the number 0, which would be success: the error then says so, and the
// requester gets it as the text of EIO.
func (c *Incoming) Refuse(errno netlink.Errno, path, text string) error {
	if errno == 0 {
		return c.mistake(path, text)
	}
	e := c.error(errno)
	e.Text = text
	if path == "" {
		return e
	}
	p, err := c.locate(path)
	if err != nil {
		return err
	}
	e.Attr = path
	if p.found {
		e.HasOffset, e.Offset = true, p.offset
	}
	return e
}

// Missing returns the error for a request that lacks an attribute: EINVAL, with
// the attribute's number and the nest it should be in. Where that nest itself is
// not there, it is what is missing.
func (c *Incoming) Missing(path string) error {
	e := c.error(netlink.EINVAL)
	p, err := c.locate(path)
	if err != nil {
		return err
	}
	if p.named {
		e.HasMissingType, e.MissingType, e.Missing = true, p.typ, p.path
		if p.nested {
			e.HasMissingNest, e.MissingNest = true, p.nest
		}
	}
	return e
}

// mistake is the error for a refusal with the number of success.
func (c *Incoming) mistake(path, text string) error {
	var b strings.Builder
	if c.op != nil {
		b.WriteString(c.op.String())
		b.WriteString(": ")
	}
	b.WriteString("the server refused the request with the number 0, which is success: want one like netlink.EINVAL")
	if what := strings.TrimSpace(path + " " + text); what != "" {
		fmt.Fprintf(&b, " (%s)", what)
	}
	return errors.New(b.String())
}

func (c *Incoming) error(errno netlink.Errno) *netlink.Error {
	e := &netlink.Error{Errno: errno}
	if c.op != nil {
		e.Op = c.op.String()
	}
	return e
}
