package netlink

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/nlkit/nlkit/wire"
)

// BatchOptions say how a batch is sent.
type BatchOptions struct {
	// ElideAcks asks for one ACK per system call instead of one per item.
	// Errors are reported all the same; warnings of items that succeed are not.
	ElideAcks bool
	// OnError, if set, is called for each item that failed, in order, instead
	// of keeping it for the BatchError. The index counts from 0, and anew after
	// each Flush.
	OnError func(index int, err error)
	// OnAck, if set, is called for each item that went well and whose ACK says
	// more than that: a warning, most likely.
	OnAck func(index int, ack Ack)
	// OnReply, if set, is called for messages an item was answered with beside
	// its ACK (the ECHO flag asks for them). The message is borrowed.
	OnReply func(index int, m wire.Message)
}

// ItemError says what happened to one item of a batch.
type ItemError struct {
	Index int // position among the items added since the last Flush, from 0
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
	maxBytes int   // of a datagram
	cost     int   // what the answers to the items in buf take, in bytes
	room     int   // what they may take

	total  int // items in datagrams that were sent
	failed []ItemError
	err    error // nothing more can be sent
}

// Sizes of a batch's datagrams and of what comes back, in bytes.
const (
	// batchBytes is what the kernel can take in one piece of memory without
	// effort; larger ones gain nothing.
	batchBytes = 32 << 10
	// ackCost is what one ACK or error takes of the receive buffer, at most:
	// Linux accounts 832 bytes for a short one and 1,280 for one of up to 700
	// bytes.
	ackCost = 1280
	// replyCost is what a reply or an echoed notification takes.
	replyCost = 4608
	// dumpCost is what a dump's datagram takes.
	dumpCost = 36 << 10
)

// Batch begins a batch. ctx holds for all of it.
func (c *Conn) Batch(ctx context.Context, o BatchOptions) *Batch {
	b := &Batch{c: c, ctx: ctx, o: o, maxBytes: batchBytes}
	// All items may fail, and no error may be lost: there has to be room for an
	// answer to each. A dump that is in progress adds a datagram while the queue
	// is at most half full. Where the size is not known items go one by one: one
	// datagram always fits.
	if info, err := c.t.MemInfo(); err == nil {
		limit := int(min(info.Limit, math.MaxInt32))
		b.room = max(limit/2-dumpCost, limit/4)
	}
	return b
}

// answerCost is the most that the answer to an item takes of the receive buffer.
func (b *Batch) answerCost(msg wire.Message) int {
	cost := ackCost
	if b.c.echoes {
		cost += 2 * len(msg)
	}
	if b.o.OnReply != nil || msg.Flags().Has(wire.Echo) {
		cost += replyCost
	}
	return cost
}

// Add adds one request, which is one whole message and is copied. REQUEST, and
// as far as needed ACK, are added to its flags. When enough have come together
// they are sent and their ACKs awaited. The error is that of the connection,
// or of the message itself if it is no whole message; either way the message
// was not added. What the kernel says of items comes out of Flush.
func (b *Batch) Add(msg []byte) error {
	if b.err != nil {
		return b.err
	}
	if err := checkRequest(msg); err != nil {
		return ItemError{b.total + len(b.starts), err}
	}
	cost := b.answerCost(msg)
	if len(b.starts) > 0 && (b.cost+cost > b.room || len(b.buf)+len(msg) > b.maxBytes) {
		if err := b.send(); err != nil {
			return err
		}
	}
	b.starts = append(b.starts, len(b.buf))
	b.cost += cost
	b.buf = append(b.buf, msg...)
	b.buf = append(b.buf, zeros[:wire.Align(len(b.buf))-len(b.buf)]...)
	return nil
}

// Flush sends what is left and returns what became of all items since the last
// Flush: nil, a [*BatchError], or the error that keeps the Batch from going on,
// such as the context's, joined with it. Unless there is such an error the Batch
// can be used again.
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
	switch {
	case err == nil:
		return items
	case items == nil:
		return err
	}
	return errors.Join(err, items)
}

// send sends the items in the buffer and awaits their answers.
func (b *Batch) send() error {
	n := len(b.starts)
	if n == 0 {
		return nil
	}
	b.exchange(0, n)
	b.total += n
	b.buf, b.starts, b.cost = b.buf[:0], b.starts[:0], 0
	return b.err
}

// exchange sends the items from i up to j as one datagram and goes through the
// answers. b.err is set if no more can be sent.
func (b *Batch) exchange(i, j int) {
	x, err := b.c.begin(j-i, false)
	if err != nil {
		b.err = err
		b.unanswered(i, j, err)
		return
	}
	defer b.c.end(x)
	for k := i; k < j; k++ {
		m := b.item(k)
		m.SetSeq(x.first + uint32(k-i))
		flags := m.Flags() | wire.Request
		if !b.o.ElideAcks || k == j-1 {
			flags |= wire.Ack
		}
		m.SetFlags(flags)
	}
	datagram := b.buf[b.starts[i]:]
	if j < len(b.starts) {
		datagram = b.buf[b.starts[i]:b.starts[j]]
	}
	err = b.request(x, datagram)
	if err == EMSGSIZE && j-i > 1 {
		// The send buffer is smaller than usual. Nothing of it was sent.
		b.maxBytes = len(datagram) / 2
		mid := i + (j-i)/2
		b.exchange(i, mid)
		if b.err == nil {
			b.exchange(mid, j)
		} else {
			b.unanswered(mid, j, b.err)
		}
		return
	}
	b.answers(x, i, j, err)
	if err != nil && (b.ctx.Err() != nil || b.c.failed()) {
		b.err = err
	}
}

// request sends a datagram and awaits the answers. One batch's datagram at a
// time is on its way: the room for answers is shared.
func (b *Batch) request(x *transaction, datagram []byte) error {
	select {
	case b.c.batch <- struct{}{}:
		defer func() { <-b.c.batch }()
		return b.c.request(b.ctx, x, datagram)
	case <-b.ctx.Done():
		b.c.drop(x)
		return b.ctx.Err()
	}
}

// item returns the i-th message in the buffer.
func (b *Batch) item(i int) wire.Message {
	h, _ := wire.ParseHeader(b.buf[b.starts[i]:])
	return wire.Message(b.buf[b.starts[i]:][:h.Len])
}

// answers goes through what the items from i up to j were answered with. broken
// is the error that kept the rest of the answers away, or nil.
func (b *Batch) answers(x *transaction, i, j int, broken error) {
	missing := broken
	if missing == nil && (x.lossy || !b.o.ElideAcks) {
		// Only where nothing was dropped does no answer mean success.
		missing = ErrOverrun
	}
	next := i // the first item not accounted for
	for m, err := range wire.Messages(x.replies) {
		if err != nil {
			break // what was collected are whole messages
		}
		k := i + int(m.Seq()-x.first)
		if t := m.Type(); t != wire.TypeError && t != wire.TypeDone {
			if b.o.OnReply != nil {
				b.o.OnReply(b.total+k, m)
			}
			continue
		}
		if k < next {
			continue // answered before
		}
		b.unanswered(next, k, missing)
		next = k + 1
		ack, err := ParseAck(m, b.item(k))
		switch {
		case err != nil:
			b.fail(k, b.c.explain(err, b.item(k)))
		case b.o.OnAck != nil && !ack.IsZero():
			b.o.OnAck(b.total+k, ack)
		}
	}
	b.unanswered(next, j, missing)
}

// unanswered accounts for the items from i up to j, for which no answer came
// before the one of item j. They failed with err, or if it is nil went well.
func (b *Batch) unanswered(i, j int, err error) {
	if err == nil {
		return
	}
	for ; i < j; i++ {
		b.fail(i, b.c.explain(err, b.item(i)))
	}
}

func (b *Batch) fail(i int, err error) {
	if b.o.OnError != nil {
		b.o.OnError(b.total+i, err)
		return
	}
	b.failed = append(b.failed, ItemError{b.total + i, err})
}
