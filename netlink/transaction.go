package netlink

import (
	"context"
	"iter"

	"github.com/nlkit/nlkit/wire"
)

// transaction is one request in flight, or a batch of them with consecutive
// sequence numbers. All fields are guarded by Conn.mu.
//
// What arrives for it is kept in one of two ways. A request and a batch collect:
// messages are copied one behind the other, since they are few and short, and
// looked at when the transaction is complete. A dump streams: it takes over the
// buffers its datagrams were received in.
type transaction struct {
	first, last uint32 // sequence numbers; they differ in a batch

	replies []byte   // collected messages, each aligned
	stream  bool     // a dump
	queue   [][]byte // datagrams of a dump, not yet taken

	complete  bool   // the message that ends it has arrived, or err is set
	ended     bool   // that message has arrived
	err       error  // it cannot be completed
	sent      bool   // the send call has returned
	sentAt    uint64 // Conn.reads at that time
	suspect   bool   // the queue overran before that
	lossy     bool   // the queue overran while it was in flight
	abandoned bool   // nobody waits for it any more; its messages are dropped

	wake    chan struct{} // holds one token: look again
	waiting int           // 1 + index in Conn.waiters, or 0
}

func (x *transaction) covers(seq uint32) bool { return seq-x.first <= x.last-x.first }

func (x *transaction) signal() {
	select {
	case x.wake <- struct{}{}:
	default:
	}
}

// fail completes x with an error, unless it has ended by itself.
func (x *transaction) fail(err error) {
	if !x.complete {
		x.complete, x.err = true, err
		x.signal()
	}
}

// begin registers a transaction of n consecutive sequence numbers. stream makes
// it a dump.
func (c *Conn) begin(n int, stream bool) (*transaction, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.settle()
	if c.closed != nil {
		return nil, c.closed
	}
	var x *transaction
	if k := len(c.idle); k > 0 {
		x, c.idle = c.idle[k-1], c.idle[:k-1]
	} else {
		x = &transaction{wake: make(chan struct{}, 1)}
	}
	x.first = c.reserve(uint32(n))
	x.last = x.first + uint32(n) - 1
	x.stream = stream
	x.lossy = c.overrun
	if n == 1 {
		c.inFlight[x.first] = x
	} else {
		c.ranges = append(c.ranges, x)
	}
	return x, nil
}

// reserve returns the first of n sequence numbers that nobody uses. 0 is left
// out: it is what notifications carry.
func (c *Conn) reserve(n uint32) uint32 {
	for {
		first := c.seq + 1
		last := first + n - 1
		if first == 0 || last < first {
			c.seq, c.seqWrapped = 0, true
			continue
		}
		c.seq = last
		if !c.overlaps(first, last) {
			return first
		}
	}
}

// transactions yields all that are in flight. c.mu is held.
func (c *Conn) transactions() iter.Seq[*transaction] {
	return func(yield func(*transaction) bool) {
		for _, x := range c.inFlight {
			if !yield(x) {
				return
			}
		}
		for _, x := range c.ranges {
			if !yield(x) {
				return
			}
		}
	}
}

// overlaps reports whether a transaction in flight uses one of the numbers. It
// matters after four thousand million requests.
func (c *Conn) overlaps(first, last uint32) bool {
	if !c.seqWrapped {
		return false
	}
	for x := range c.transactions() {
		if x.first <= last && first <= x.last {
			return true
		}
	}
	return false
}

// lookup finds the transaction a message belongs to.
func (c *Conn) lookup(seq uint32) *transaction {
	if x, ok := c.inFlight[seq]; ok {
		return x
	}
	for _, x := range c.ranges {
		if x.covers(seq) {
			return x
		}
	}
	return nil
}

// forget takes a transaction out of the tables. What comes for it later is stale.
func (c *Conn) forget(x *transaction) {
	if x.first == x.last {
		delete(c.inFlight, x.first)
		return
	}
	for i, r := range c.ranges {
		if r == x {
			c.ranges[i] = c.ranges[len(c.ranges)-1]
			c.ranges = c.ranges[:len(c.ranges)-1]
			return
		}
	}
}

// drop forgets a transaction that was not sent.
func (c *Conn) drop(x *transaction) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forget(x)
}

// end forgets a transaction and keeps its memory for the next one. One that was
// abandoned stays until its end has been read.
func (c *Conn) end(x *transaction) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !x.abandoned {
		c.forget(x)
		c.recycle(x)
	}
}

// abandon ends the caller's part in a request or batch that is not complete.
// The answers, which the kernel has already queued, are dropped when somebody
// reads them. c.mu is held.
func (c *Conn) abandon(x *transaction) {
	if c.peer != 0 || c.closed != nil {
		c.forget(x) // there may never be an answer
		return
	}
	x.abandoned = true
	c.owed++
}

// retire forgets an abandoned transaction, whose end has been read or will not
// come. c.mu is held.
func (c *Conn) retire(x *transaction) {
	c.forget(x)
	if !x.stream {
		c.owed--
	}
	if c.dump == x {
		c.releaseDump()
	}
}

// settle reads what lies in the queue of requests that were abandoned: it takes
// the room of answers to come. After an overrun it reads the queue empty, since
// until then the kernel drops answers. c.mu is held, and released meanwhile.
func (c *Conn) settle() {
	if c.owed == 0 && !c.overrun {
		return
	}
	for (c.owed > 0 || c.overrun) && !c.reading && c.closed == nil {
		if c.read(context.Background(), false) != nil {
			break
		}
	}
	c.passOn()
}

const maxIdle = 64

func (c *Conn) recycle(x *transaction) {
	for _, buf := range x.queue {
		c.putBuffer(buf)
	}
	select {
	case <-x.wake:
	default:
	}
	if len(c.idle) >= maxIdle || cap(x.replies) > bufferSize {
		return
	}
	*x = transaction{wake: x.wake, replies: x.replies[:0]}
	c.idle = append(c.idle, x)
}

// maxReplies bounds what a request may collect, in bytes. A kernel stays far
// below: it keeps no more than the receive buffer holds.
const maxReplies = 64 << 20

// collect copies messages behind those collected before.
func (x *transaction) collect(data []byte) {
	x.replies = append(x.replies, data...)
	for len(x.replies)%wire.Alignment != 0 {
		x.replies = append(x.replies, 0)
	}
}

// take removes and returns the oldest datagram of a dump, or nil.
func (x *transaction) take() []byte {
	if len(x.queue) == 0 {
		return nil
	}
	buf := x.queue[0]
	n := copy(x.queue, x.queue[1:])
	x.queue[n] = nil
	x.queue = x.queue[:n]
	return buf
}
