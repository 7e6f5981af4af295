package netlink

import (
	"context"
	"errors"
	"fmt"

	"github.com/nlkit/nlkit/wire"
)

// BatchOptions say how a batch is sent.
type BatchOptions struct {
	// ElideAcks asks for one ACK per system call instead of one per item.
	// Errors are reported all the same; warnings of items that succeed are not.
	ElideAcks bool
	// OnError, if set, is called for each item that failed, in order, instead
	// of keeping it for the BatchError. The index counts from 0.
	OnError func(index int, err error)
	// OnReply, if set, is called for messages an item was answered with beside
	// its ACK (the ECHO flag asks for them). The message is borrowed.
	OnReply func(index int, m wire.Message)
}

// ItemError says what happened to one item of a batch.
type ItemError struct {
	Index int // position among all items that were added, from 0
	Err   error
}

func (e ItemError) Error() string { return fmt.Sprintf("item %d: %v", e.Index, e.Err) }

// Unwrap returns the item's error, an [*Error] if the kernel refused it.
func (e ItemError) Unwrap() error { return e.Err }

// BatchError says which items of a batch failed. The others went through.
type BatchError struct {
	Total int // items that were added
	Items []ItemError
}

func (e *BatchError) Error() string {
	switch len(e.Items) {
	case 0:
		return "batch failed"
	case 1:
		return e.Items[0].Error()
	}
	return fmt.Sprintf("%d of %d items failed, the first: %v", len(e.Items), e.Total, e.Items[0])
}

// Unwrap returns the items' errors, for errors.Is and errors.As.
func (e *BatchError) Unwrap() []error {
	errs := make([]error, len(e.Items))
	for i, it := range e.Items {
		errs[i] = it
	}
	return errs
}

// Batch sends many requests with few system calls. Each is worked off on its
// own, in order: one that fails does not stop those behind it. Made by
// [Conn.Batch]; for one goroutine at a time. Several batches on one Conn take
// turns by datagram.
type Batch struct {
	c   *Conn
	ctx context.Context
	o   BatchOptions

	buf      []byte
	starts   []int // offset of each item in buf
	maxBytes int
	maxItems int

	total  int // items in datagrams that were sent
	failed []ItemError
	err    error // the connection failed: nothing more can be sent
}

// Sizes of a batch's datagrams.
const (
	// batchBytes is what the kernel can take in one piece of memory without
	// effort; larger ones gain nothing.
	batchBytes = 32 << 10
	// ackCost is what one ACK or error takes of the receive buffer: Linux
	// accounts 832 bytes for a short one. Explained errors are longer.
	ackCost = 1024
	// minBatchItems is sent together however small the buffer is.
	minBatchItems = 4
)

// Batch begins a batch. ctx holds for all of it.
func (c *Conn) Batch(ctx context.Context, o BatchOptions) *Batch {
	b := &Batch{c: c, ctx: ctx, o: o, maxBytes: batchBytes, maxItems: minBatchItems}
	// All items may fail, and no error may be lost: there has to be room for
	// an answer to each, and for what other requests receive meanwhile.
	if info, err := c.t.MemInfo(); err == nil {
		b.maxItems = max(minBatchItems, int(info.Limit/4*3/ackCost))
	}
	return b
}

// Add adds one request, which is one whole message and is copied. REQUEST, and
// as far as needed ACK, are added to its flags. When enough have come together
// they are sent and their ACKs awaited. The error is that of the connection,
// or of the message itself if it is no whole message; what the kernel says of
// items comes out of Flush.
func (b *Batch) Add(msg []byte) error {
	if b.err != nil {
		return b.err
	}
	if err := checkRequest(msg); err != nil {
		return ItemError{b.total + len(b.starts), err}
	}
	if len(b.starts) >= b.maxItems || len(b.buf) > 0 && len(b.buf)+len(msg) > b.maxBytes {
		if err := b.send(); err != nil {
			return err
		}
	}
	b.starts = append(b.starts, len(b.buf))
	b.buf = append(b.buf, msg...)
	for len(b.buf)%wire.Alignment != 0 {
		b.buf = append(b.buf, 0)
	}
	return nil
}

// Flush sends what is left and returns what became of all items since the last
// Flush: nil, a [*BatchError], or the error that broke the connection off
// joined with it. The Batch can be used again.
func (b *Batch) Flush() error {
	err := b.err
	if err == nil {
		err = b.send()
	}
	var items error
	if len(b.failed) > 0 {
		items = &BatchError{Total: b.total, Items: b.failed}
	}
	b.failed, b.total = nil, 0
	if err == nil {
		return items
	}
	return errors.Join(err, items)
}

// send sends the items in the buffer and awaits their answers.
func (b *Batch) send() error {
	n := len(b.starts)
	if n == 0 {
		return nil
	}
	// One datagram at a time: the room for answers is shared.
	select {
	case b.c.batch <- struct{}{}:
		defer func() { <-b.c.batch }()
	case <-b.ctx.Done():
		b.err = b.ctx.Err()
		return b.err
	}
	x, err := b.c.begin(n, false)
	if err != nil {
		b.err = err
		return err
	}
	defer b.c.end(x)
	for i := range n {
		m := b.item(i)
		m.SetSeq(x.first + uint32(i))
		flags := m.Flags() | wire.Request
		if !b.o.ElideAcks || i == n-1 {
			flags |= wire.Ack
		}
		m.SetFlags(flags)
	}
	err = b.c.request(b.ctx, x, b.buf)
	b.answers(x, err)
	b.total += n
	b.buf, b.starts = b.buf[:0], b.starts[:0]
	if err != nil && err != ErrOverrun {
		b.err = err
	}
	return b.err
}

// item returns the i-th message in the buffer.
func (b *Batch) item(i int) wire.Message {
	h, _ := wire.ParseHeader(b.buf[b.starts[i]:])
	return wire.Message(b.buf[b.starts[i]:][:h.Len])
}

// answers goes through what a datagram was answered with. broken is the error
// that kept the rest of the answers away, or nil.
func (b *Batch) answers(x *transaction, broken error) {
	next := 0 // the first item not accounted for
	for m, err := range wire.Messages(x.replies) {
		if err != nil {
			break // what was collected are whole messages
		}
		i := int(m.Seq() - x.first)
		if t := m.Type(); t != wire.TypeError && t != wire.TypeDone {
			if b.o.OnReply != nil && t != wire.TypeNoop {
				b.o.OnReply(b.total+i, m)
			}
			continue
		}
		b.unanswered(next, i, broken)
		next = i + 1
		if _, err := parseAck(m, b.item(i)); err != nil {
			b.fail(i, b.c.explain(err, b.item(i)))
		}
	}
	b.unanswered(next, len(b.starts), broken)
}

// unanswered accounts for the items from i up to end, for which no answer came
// before the one of item end.
func (b *Batch) unanswered(i, end int, broken error) {
	for ; i < end; i++ {
		switch {
		case broken != nil:
			b.fail(i, b.c.explain(broken, b.item(i)))
		case !b.o.ElideAcks:
			b.fail(i, b.c.explain(ErrOverrun, b.item(i)))
		}
	}
}

func (b *Batch) fail(i int, err error) {
	if b.o.OnError != nil {
		b.o.OnError(b.total+i, err)
		return
	}
	b.failed = append(b.failed, ItemError{b.total + i, err})
}
