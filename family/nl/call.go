package nl

import (
	"context"
	"errors"
	"fmt"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// maxKept is the largest request buffer that is kept for the next call, bytes.
const maxKept = 64 << 10

// call is one request under way. It is used again, so that a request allocates
// nothing.
type call struct {
	c      *Conn
	op     *Op
	family *genetlink.Family // nil for a raw family
	o      callOptions
	b      wire.Builder
	buf    []byte // kept for the next request
	req    []byte // the message, in buf

	replies int
	echoes  *messages // what EchoTo's are decoded with, once there was one
	own     error     // what the caller's own function returned
}

// prepare checks a request and makes the message of it. The call is to be
// released.
func (c *Conn) prepare(ctx context.Context, req Request, dump bool, opts []Option) (*call, error) {
	k := c.calls.Get().(*call)
	for _, o := range opts {
		o.apply(&k.o)
	}
	if err := k.prepare(ctx, req, dump); err != nil {
		k.release()
		return nil, err
	}
	return k, nil
}

func (k *call) prepare(ctx context.Context, req Request, dump bool) (err error) {
	if req == nil {
		return errNoRequest
	}
	k.op = req.NetlinkOp()
	if k.op.Dump != dump {
		return modeError(k.op)
	}
	if err := k.c.speaks(k.op.Family); err != nil {
		return err
	}
	if err := req.Check(); err != nil {
		return checked(err, k.op)
	}
	if k.c.gen != nil {
		if k.family, err = k.c.gen.Family(ctx, k.op.Family.Name); err != nil {
			return fmt.Errorf("%s: %w", k.op, err)
		}
	}
	return k.build(req)
}

// build makes the message.
func (k *call) build(req Request) error {
	b := &k.b
	b.Reset(k.buf[:0])
	if f := k.family; f == nil {
		b.Message(wire.Header{Type: wire.Type(k.op.ID), Flags: k.o.flags})
		req.AppendNetlink(b)
	} else {
		version := k.op.Family.Version
		if version == 0 {
			version = uint8(f.Version)
		}
		genetlink.Begin(b, f.ID, k.o.flags, genetlink.Header{Cmd: uint8(k.op.ID), Version: version}, nil)
		at := b.Len()
		req.AppendNetlink(b)
		if f.HeaderLen > 0 {
			k.fill(at, wire.Align(int(f.HeaderLen)))
		}
	}
	msg, err := b.Bytes()
	if err != nil {
		return fmt.Errorf("%s: %w", k.op, err)
	}
	k.req, k.buf = msg, msg
	return nil
}

// fill makes up for a user header of the kernel's that is longer than the fixed
// header of the spec: what the spec does not know of it is zeros. Where it is
// shorter the rest of the spec's is what the family reads in front of its
// attributes, and nothing is to be done.
func (k *call) fill(at, want int) {
	have := k.c.headerLen(k.op)
	msg, err := k.b.Bytes()
	if have >= want || err != nil {
		return
	}
	out := append(make([]byte, 0, len(msg)+want), msg[:at+have]...)
	out = append(out, make([]byte, want-have)...)
	out = append(out, msg[at+have:]...)
	h, _ := wire.ParseHeader(out)
	k.b.Reset(k.buf[:0])
	k.b.Message(h)
	k.b.Verbatim(out[wire.HeaderLen:])
}

// release ends a call. Its memory is used again.
func (k *call) release() {
	if k.echoes != nil {
		k.echoes.release(k.c)
	}
	if cap(k.buf) > maxKept {
		k.buf = make([]byte, 0, 256)
	}
	k.b.Reset(nil)
	*k = call{c: k.c, b: k.b, buf: k.buf}
	k.c.calls.Put(k)
}

// do sends the message and calls each, which may be nil, for every reply.
func (k *call) do(ctx context.Context, req Request, each func(wire.Message) error) error {
	for retry := true; ; retry = false {
		ack, err := k.c.nl.Do(ctx, k.req, each)
		switch {
		case err == nil:
			k.o.warned(ack)
			return nil
		case k.own != nil:
			return k.own
		case retry && k.family != nil && k.replies == 0:
			if again, err := k.moved(ctx, req, err); !again {
				return err
			}
		default:
			return k.explain(err)
		}
	}
}

// moved makes the message anew where it was refused because the family has
// another number by now. If it reports false the error is what the call ends
// with.
func (k *call) moved(ctx context.Context, req Request, cause error) (bool, error) {
	f, err := k.c.gen.Moved(ctx, k.family, cause)
	if err != nil {
		return false, k.explain(err)
	}
	k.family = f
	err = k.build(req)
	return err == nil, err
}

// payload returns what stands behind the headers of a reply.
func (k *call) payload(m wire.Message) ([]byte, error) {
	k.replies++
	data := m.Data()
	if k.family == nil {
		return data, nil
	}
	if m.Type() != wire.Type(k.family.ID) {
		return nil, fmt.Errorf("%s: reply of message type %v instead of %v", k.op, m.Type(), wire.Type(k.family.ID))
	}
	if len(data) < genetlink.HeaderLen {
		return nil, fmt.Errorf("%s: reply of %d bytes without a generic netlink header", k.op, len(m))
	}
	return data[genetlink.HeaderLen:], nil
}

// id is the number of a message whose payload was taken: the type of a raw
// family's, the command of another's.
func (k *call) id(m wire.Message) uint16 {
	if k.family == nil {
		return uint16(m.Type())
	}
	return uint16(m.Data()[0])
}

// echo gives a message to the caller.
func (k *call) echo(id uint16, payload []byte) {
	if k.echoes == nil {
		k.echoes = newMessages(k.c, k.op.Family)
	}
	k.o.echo(k.echoes.decode(id, payload))
}

// headers is how many bytes of a message stand before its payload.
func (k *call) headers() int {
	if k.family == nil {
		return wire.HeaderLen
	}
	return wire.HeaderLen + genetlink.HeaderLen
}

// errStopped stands for an error of the caller's own function on its way through
// the layers below, so that none of them takes it for the kernel's.
var errStopped = errors.New("stopped by the caller")

// errNoRequest says that the interface is nil, which names no operation.
var errNoRequest = errors.New("the request is nil, without a type: give a pointer to one of a family's request types")

// checked puts the operation into an error of Check.
func checked(err error, op *Op) error {
	if e, ok := errors.AsType[*CheckError](err); ok && e.Op == "" {
		e.Op = op.String()
	}
	return err
}

func modeError(op *Op) error {
	if op.Dump {
		return fmt.Errorf("%s: the request asks for a dump: give it to Dump", op)
	}
	return fmt.Errorf("%s: the request asks for no dump: give it to Do", op)
}

// warned gives an acknowledgement to Warn's function.
func (o *callOptions) warned(ack netlink.Ack) {
	if o.warn != nil && !ack.IsZero() {
		o.warn(ack)
	}
}
