package client

import (
	"cmp"
	"context"
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
	k := call{c: c, target: t, codec: r.Codec, each: each}
	if c.whole(&r) {
		req, err := k.whole(ctx, &r)
		if err != nil {
			return netlink.Ack{}, err
		}
		var deliver func(wire.Message) error
		if each != nil {
			deliver = func(m wire.Message) error { return k.deliver(m, c.behind(m)) }
		}
		ack, err := c.nl.Do(ctx, req, deliver)
		return ack, k.explain(err)
	}
	req, err := k.generic(ctx, &r)
	if err != nil {
		return netlink.Ack{}, err
	}
	var deliver func(genetlink.Message) error
	if each != nil {
		deliver = func(m genetlink.Message) error { return k.deliver(m.Wire, behind(m)) }
	}
	ack, err := c.gen.Do(ctx, req, deliver)
	return ack, k.explain(err)
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
			k := call{c: c, target: t, codec: r.Codec}
			if c.whole(&r) {
				err = k.dumpWhole(ctx, &r, o, yield)
			} else {
				err = k.dumpGeneric(ctx, &r, o, yield)
			}
		}
		if err != nil {
			yield(Message{}, err)
		}
	}
}

// dumpWhole returns nil where the dump has ended or the caller has left it.
func (k *call) dumpWhole(ctx context.Context, r *Request, o netlink.DumpOptions, yield func(Message, error) bool) error {
	req, err := k.whole(ctx, r)
	if err != nil {
		return err
	}
	for m, err := range k.c.nl.DumpWith(ctx, req, o) {
		if err != nil {
			return k.explain(err)
		}
		if !yield(k.target.reply(m, k.c.behind(m)), nil) {
			return nil
		}
	}
	return nil
}

// dumpGeneric is dumpWhole for requests that genetlink makes.
func (k *call) dumpGeneric(ctx context.Context, r *Request, o netlink.DumpOptions, yield func(Message, error) bool) error {
	req, err := k.generic(ctx, r)
	if err != nil {
		return err
	}
	for m, err := range k.c.gen.DumpWith(ctx, req, o) {
		if err != nil {
			return k.explain(err)
		}
		if !yield(k.target.reply(m.Wire, behind(m)), nil) {
			return nil
		}
	}
	return nil
}

// whole reports whether a request's message is made here and not by genetlink,
// which fills up what is too short for the family's header.
func (c *Client) whole(r *Request) bool { return c.gen == nil || r.Payload != nil }

// build makes the message of such a request.
func (c *Client) build(ctx context.Context, r *Request, t *target) ([]byte, error) {
	var b wire.Builder
	if c.gen == nil {
		b.Message(wire.Header{Type: wire.Type(t.id), Flags: r.Flags})
	} else {
		f, err := c.gen.Family(ctx, c.spec.Name)
		if err != nil {
			return nil, err
		}
		genetlink.Begin(&b, f.ID, r.Flags, genetlink.Header{Cmd: uint8(t.id), Version: c.version(r, f)}, nil)
	}
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
	return genetlink.Request{
		Family:  c.spec.Name,
		Cmd:     uint8(t.id),
		Flags:   r.Flags,
		Version: c.version(r, f),
		User:    payload[:min(cut, int(f.HeaderLen))],
		Attrs:   func(b *wire.Builder) { b.Raw(payload[cut:]) },
	}, payload, nil
}

// version is what goes into the header of a generic netlink message.
func (c *Client) version(r *Request, f *genetlink.Family) uint8 {
	return cmp.Or(r.Version, c.spec.Version, uint8(f.Version))
}

// behind returns what stands behind the headers of a message; of a generic
// netlink family's that ends before, nothing.
func (c *Client) behind(m wire.Message) []byte {
	data := m.Data()
	return data[min(len(data), c.headers()-wire.HeaderLen):]
}

// behind returns what stands behind the generic netlink header.
func behind(m genetlink.Message) []byte { return m.Wire.Data()[genetlink.HeaderLen:] }
