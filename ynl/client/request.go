package client

import (
	"fmt"
	"strconv"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/codec"
)

// Request is what to ask for.
type Request struct {
	// Op is the operation's name. A number in its place ("3", "0x12") is the
	// number of a request, whether the spec knows it or not: it is sent as it
	// is, as do and as dump.
	Op string
	// Attrs are the members of the fixed header and the attributes, as
	// [codec.Layout.Append] takes them; nil for none.
	Attrs any
	// Payload, if not nil, is sent as it is in place of Attrs: all that follows
	// the headers of netlink and generic netlink, a fixed header included, right
	// or wrong. No bytes of padding are added.
	Payload []byte
	Flags   wire.Flags // beside those that Do, Dump and Multi set themselves
	// Codec says how Attrs are read.
	Codec codec.Options
	// AnyMode asks for an operation as do or as dump even where the spec lists
	// only the other. The two flags of a dump mean Replace and Excl in a request
	// of a raw family that makes something.
	AnyMode bool
	// Version goes into the header of a generic netlink message; 0 stands for
	// the spec's.
	Version uint8
}

// target is what a request is addressed to.
type target struct {
	name   string  // of the operation, or its number
	op     *ynl.Op // nil where the spec does not know the number
	id     uint16  // the type of a raw family's message, the command of another's
	layout codec.Layout
}

// resolve finds what a request asks for.
func (c *Client) resolve(r *Request, dump bool) (target, error) {
	op := c.spec.Op(r.Op)
	if op == nil {
		if t, ok, err := c.number(r.Op); ok || err != nil {
			return t, err
		}
		return target{}, c.unknownOp(r.Op)
	}
	mode, other := op.Do, op.Dump
	if dump {
		mode, other = other, mode
	}
	if mode == nil && r.AnyMode {
		mode = other
	}
	if mode == nil {
		return target{}, &ModeError{Family: c.spec.Name, Op: op, Dump: dump}
	}
	return target{op.Name, op, mode.RequestID, codec.Of(op)}, nil
}

// number resolves an operation that is asked for by its number.
func (c *Client) number(text string) (target, bool, error) {
	n, err := strconv.ParseUint(text, 0, 64)
	if err != nil {
		return target{}, false, nil
	}
	limit, lowest := uint64(1<<16-1), uint64(wire.TypeMin)
	if c.gen != nil {
		limit, lowest = 1<<8-1, 0
	}
	if n < lowest || n > limit {
		return target{}, true, fmt.Errorf("%s: there can be no operation %d: its numbers are %d to %d", c.spec.Name, n, lowest, limit)
	}
	id := uint16(n)
	if op := c.spec.Request(id); op != nil {
		return target{op.Name, op, id, codec.Of(op)}, true, nil
	}
	return target{"op " + strconv.Itoa(int(id)), nil, id, codec.Layout{Header: c.spec.Header}}, true, nil
}

// payload encodes what stands behind the headers.
func (r *Request) payload(t *target) ([]byte, error) {
	var b wire.Builder
	if err := r.appendTo(&b, t); err != nil {
		return nil, err
	}
	return b.Bytes()
}

func (r *Request) appendTo(b *wire.Builder, t *target) error {
	if r.Payload != nil {
		b.Verbatim(r.Payload)
		return b.Err()
	}
	v := r.Attrs
	if v == nil {
		v = codec.Object{}
	}
	return t.layout.Append(b, v, r.Codec)
}
