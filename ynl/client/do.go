package client

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Do makes a request and calls each, which may be nil, for every reply. It ends
// at the kernel's acknowledgement, which may carry a warning, or at its refusal,
// a [*netlink.Error]. What is wrong with the request itself is found before
// anything is sent: an [*UnknownOpError], a [*ModeError], a [*codec.Error]. An
// error of each is returned as it is.
func (c *Client) Do(ctx context.Context, r Request, each func(Message) error) (netlink.Ack, error) {
	t, err := c.resolve(&r, false)
	if err != nil {
		return netlink.Ack{}, err
	}
	if c.gen == nil {
		req, err := c.build(&r, &t)
		if err != nil {
			return netlink.Ack{}, err
		}
		var deliver func(wire.Message) error
		if each != nil {
			deliver = func(m wire.Message) error { return each(t.reply(m, m.Data())) }
		}
		ack, err := c.nl.Do(ctx, req, deliver)
		return ack, c.explain(err, &t, req[wire.HeaderLen:], r.Codec)
	}
	req, payload, err := c.generic(ctx, &r, &t)
	if err != nil {
		return netlink.Ack{}, err
	}
	var deliver func(genetlink.Message) error
	if each != nil {
		deliver = func(m genetlink.Message) error { return each(t.reply(m.Wire, behind(m))) }
	}
	ack, err := c.gen.Do(ctx, req, deliver)
	return ack, c.explainGeneric(err, &req, &t, payload, &r)
}

// Dump asks for a whole table and yields its entries as they arrive. A Message
// is valid until the next step. The iteration may be left at any time; an error
// is its last step. [netlink.ErrDumpInterrupted] comes after the data. Where the
// spec says that the operation cannot be dumped nothing is sent.
func (c *Client) Dump(ctx context.Context, r Request) iter.Seq2[Message, error] {
	return c.DumpWith(ctx, r, netlink.DumpOptions{})
}

// DumpWith is [Client.Dump] with options.
func (c *Client) DumpWith(ctx context.Context, r Request, o netlink.DumpOptions) iter.Seq2[Message, error] {
	return func(yield func(Message, error) bool) {
		t, err := c.resolve(&r, true)
		if err == nil {
			if c.gen == nil {
				err = c.dumpRaw(ctx, &r, &t, o, yield)
			} else {
				err = c.dumpGeneric(ctx, &r, &t, o, yield)
			}
		}
		if err != nil {
			yield(Message{}, err)
		}
	}
}

// dumpRaw returns nil where the dump has ended or the caller has left it.
func (c *Client) dumpRaw(ctx context.Context, r *Request, t *target, o netlink.DumpOptions, yield func(Message, error) bool) error {
	req, err := c.build(r, t)
	if err != nil {
		return err
	}
	for m, err := range c.nl.DumpWith(ctx, req, o) {
		if err != nil {
			return c.explain(err, t, req[wire.HeaderLen:], r.Codec)
		}
		if !yield(t.reply(m, m.Data()), nil) {
			return nil
		}
	}
	return nil
}

// dumpGeneric is dumpRaw for generic netlink.
func (c *Client) dumpGeneric(ctx context.Context, r *Request, t *target, o netlink.DumpOptions, yield func(Message, error) bool) error {
	req, payload, err := c.generic(ctx, r, t)
	if err != nil {
		return err
	}
	for m, err := range c.gen.DumpWith(ctx, req, o) {
		if err != nil {
			return c.explainGeneric(err, &req, t, payload, r)
		}
		if !yield(t.reply(m.Wire, behind(m)), nil) {
			return nil
		}
	}
	return nil
}

// build makes the message of a raw family.
func (c *Client) build(r *Request, t *target) ([]byte, error) {
	var b wire.Builder
	b.Message(wire.Header{Type: wire.Type(t.id), Flags: r.Flags})
	if err := r.appendTo(&b, t); err != nil {
		return nil, err
	}
	return b.Bytes()
}

// generic makes the request to a generic netlink family. That the kernel has the
// family is asked first: errors of the request are then those of the family.
func (c *Client) generic(ctx context.Context, r *Request, t *target) (genetlink.Request, []byte, error) {
	payload, err := r.payload(t)
	if err != nil {
		return genetlink.Request{}, nil, err
	}
	f, err := c.gen.Family(ctx, c.spec.Name)
	if err != nil {
		return genetlink.Request{}, nil, err
	}
	// What the kernel calls the user header is the spec's fixed header. If the
	// kernel's is longer genetlink fills it up; if it is shorter the rest of the
	// spec's is what the family reads in front of its attributes.
	cut := 0
	if t.layout.Header != nil {
		cut = min(wire.Align(t.layout.Header.Size), wire.Align(int(f.HeaderLen)), len(payload))
	}
	version := r.Version
	if version == 0 {
		version = c.spec.Version
	}
	return genetlink.Request{
		Family:  c.spec.Name,
		Cmd:     uint8(t.id),
		Flags:   r.Flags,
		Version: version,
		User:    payload[:min(cut, int(f.HeaderLen))],
		Attrs:   func(b *wire.Builder) { b.Raw(payload[cut:]) },
	}, payload, nil
}

// explainGeneric is explain for what came of a genetlink.Request: refusals of
// the controller, which may have been asked for the family anew, have their
// names already.
func (c *Client) explainGeneric(err error, req *genetlink.Request, t *target, payload []byte, r *Request) error {
	if e, ok := errors.AsType[*netlink.Error](err); ok && e.Op == fmt.Sprintf("%s op %d", req.Family, req.Cmd) {
		return c.explain(err, t, payload, r.Codec)
	}
	return err
}

// behind returns what stands behind the generic netlink header.
func behind(m genetlink.Message) []byte { return m.Wire.Data()[genetlink.HeaderLen:] }
