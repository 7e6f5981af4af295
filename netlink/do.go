package netlink

import (
	"context"

	"github.com/nlkit/nlkit/wire"
)

// Do makes a request and waits for its end, which is an ACK or an error: a
// reply alone does not end it. REQUEST and ACK are added to the flags.
//
// req is one whole message and stays the caller's; flags and sequence number
// are written into it, so it must not be shared by calls in flight. each, which
// may be nil, is called for every reply, in order, after the end has arrived;
// the message is borrowed until each returns. If each returns an error, Do
// returns it.
//
// A refusal by the kernel is an [*Error]. After the context's end the outcome
// is unknown: the kernel may have done what was asked.
func (c *Conn) Do(ctx context.Context, req []byte, each func(wire.Message) error) (Ack, error) {
	if err := checkRequest(req); err != nil {
		return Ack{}, err
	}
	x, err := c.begin(1, false)
	if err != nil {
		return Ack{}, c.explain(err, req)
	}
	defer c.end(x)
	m := wire.Message(req)
	m.SetSeq(x.first)
	m.SetFlags(m.Flags() | wire.Request | wire.Ack)
	if err := c.request(ctx, x, req); err != nil {
		return Ack{}, c.explain(err, req)
	}
	return c.replies(x, req, each)
}

// request sends what belongs to x and waits until x is complete. Afterwards x
// is the caller's alone.
func (c *Conn) request(ctx context.Context, x *transaction, datagram []byte) error {
	err := ctx.Err()
	if err == nil {
		err = c.transmit(ctx, datagram, Address{Port: c.peer})
	}
	if err != nil {
		c.drop(x)
		return err
	}
	_, err = c.await(ctx, x, true)
	return err
}

// replies hands out what a complete transaction has collected.
func (c *Conn) replies(x *transaction, req []byte, each func(wire.Message) error) (Ack, error) {
	for m, err := range wire.Messages(x.replies) {
		if err != nil {
			return Ack{}, c.explain(err, req)
		}
		switch m.Type() {
		case wire.TypeError, wire.TypeDone:
			ack, err := ParseAck(m, req)
			if err == nil && x.lossy && each != nil {
				err = ErrOverrun // it went well, but a reply may be missing
			}
			return ack, c.explain(err, req)
		case wire.TypeNoop:
			continue
		}
		if each == nil {
			continue
		}
		if err := each(m); err != nil {
			return Ack{}, err
		}
	}
	// A complete transaction ends in one of the two messages above.
	return Ack{}, c.explain(ErrOverrun, req)
}
