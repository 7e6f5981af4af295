package genetlink

import (
	"fmt"
	"iter"

	"github.com/nlkit/nlkit/wire"
)

// maxKept is the largest request buffer that is kept for the next call.
const maxKept = 64 << 10

// call is the memory one request needs. It is reused, so that a request
// allocates nothing.
type call struct {
	b       wire.Builder
	buf     []byte // kept for the next request
	req     []byte // the request, in buf
	f       *Family
	each    func(Message) error
	replies int
	deliver func(wire.Message) error // receive, bound once
}

func newCall() *call {
	c := &call{buf: make([]byte, 0, 256)}
	c.deliver = c.receive
	return c
}

// begin builds the request.
func (c *call) begin(r *Request, f *Family, each func(Message) error) error {
	c.f, c.each, c.replies = f, each, 0
	c.b.Reset(c.buf[:0])
	if err := r.append(&c.b, f); err != nil {
		return err
	}
	req, err := c.b.Bytes()
	if err != nil {
		return fmt.Errorf("%s op %d: %w", f.Name, r.Cmd, err)
	}
	c.req, c.buf = req, req
	return nil
}

// parse takes a reply apart.
func (c *call) parse(m wire.Message) (Message, error) {
	c.replies++
	if m.Type() != wire.Type(c.f.ID) {
		return Message{}, fmt.Errorf("reply to a request to family %q: message type %v instead of %v", c.f.Name, m.Type(), wire.Type(c.f.ID))
	}
	return Parse(m, int(c.f.HeaderLen))
}

func (c *call) receive(m wire.Message) error {
	g, err := c.parse(m)
	if err != nil || c.each == nil {
		return err
	}
	return c.each(g)
}

// dump yields the replies. It returns nil when the dump has ended or the
// caller has left it.
func (c *call) dump(replies iter.Seq2[wire.Message, error], yield func(Message, error) bool) error {
	for m, err := range replies {
		var g Message
		if err == nil {
			g, err = c.parse(m)
		}
		if err != nil {
			return err
		}
		if !yield(g, nil) {
			return nil
		}
	}
	return nil
}
