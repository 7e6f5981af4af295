package nl

import (
	"context"
	"fmt"

	"github.com/nlkit/nlkit/wire"
)

// Do makes a request that is answered by an acknowledgement alone. What comes
// beside it goes to [ReplyTo] and [EchoTo].
//
// A refusal by the kernel is a [*netlink.Error], with attributes by the names of
// the spec. What the spec's checks find is a [*CheckError], and nothing was sent.
// After the context's end the outcome is unknown: the kernel may have done what
// was asked.
func Do(ctx context.Context, c *Conn, req Request, opts ...Option) error {
	k, err := c.prepare(ctx, req, false, opts)
	if err != nil {
		return err
	}
	defer k.release()
	if k.o.echo == nil && k.o.reply == nil {
		return k.do(ctx, req, nil)
	}
	return k.do(ctx, req, k.take)
}

// take gives a reply to the functions of the options.
func (k *call) take(m wire.Message) error {
	payload, err := k.payload(m)
	switch {
	case err != nil:
		return err
	case k.o.reply != nil && k.id(m) == k.op.ReplyID:
		d := k.c.decoder(k.op.Family)
		k.o.reply(d, payload)
		k.c.keep(k.op.Family, d)
	case k.o.echo != nil:
		k.echo(k.id(m), payload)
	}
	return nil
}

// DoReply makes a request and returns its one reply, which is the caller's own.
// None is [ErrNoReply]. Beside the first of several the error is
// [ErrMoreReplies]; those who want all of them use [DoEach]. With a [Memory] of T it
// is borrowed. Otherwise it is as [Do]. With [EchoTo] what is no reply by its number goes there.
func DoReply[T any, P Reply[T]](ctx context.Context, c *Conn, req Request, opts ...Option) (*T, error) {
	k, err := c.prepare(ctx, req, false, opts)
	if err != nil {
		return nil, err
	}
	defer k.release()
	var reply *T
	more := false
	err = k.do(ctx, req, func(m wire.Message) error {
		payload, err := k.reply(m)
		switch {
		case payload == nil || err != nil:
		case reply != nil:
			more = true
		default:
			if mem, ok := k.o.memory.(*Memory[T]); ok {
				reply = decodeInto[T, P](mem, payload)
				break
			}
			reply = new(T)
			d := c.decoder(k.op.Family)
			d.own = true
			P(reply).DecodeNetlink(d, payload)
			d.release()
			c.keep(k.op.Family, d)
		}
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case reply == nil:
		err = ErrNoReply
	case more:
		err = ErrMoreReplies
	default:
		return reply, nil
	}
	return reply, fmt.Errorf("%s: %w", k.op, err)
}

// DoEach makes a request and calls each for every reply, in order, after all of
// them have arrived. A reply is borrowed until each returns. An error of each
// ends the call and is returned as it is. Otherwise it is as [DoReply].
func DoEach[T any, P Reply[T]](ctx context.Context, c *Conn, req Request, each func(*T) error, opts ...Option) error {
	k, err := c.prepare(ctx, req, false, opts)
	if err != nil {
		return err
	}
	defer k.release()
	d := c.decoder(k.op.Family)
	defer c.keep(k.op.Family, d)
	var v T
	return k.do(ctx, req, func(m wire.Message) error {
		payload, err := k.reply(m)
		if payload == nil || err != nil {
			return err
		}
		d.Reset()
		P(&v).DecodeNetlink(d, payload)
		if k.own = each(&v); k.own != nil {
			return errStopped
		}
		return nil
	})
}

// reply returns the payload of a reply, and nil where it was none but an echo.
func (k *call) reply(m wire.Message) ([]byte, error) {
	payload, err := k.payload(m)
	if err != nil || k.o.echo == nil {
		return payload, err
	}
	if id := k.id(m); id != k.op.ReplyID {
		k.echo(id, payload)
		return nil, nil
	}
	return payload, nil
}
