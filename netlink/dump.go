package netlink

import (
	"context"
	"iter"

	"github.com/nlkit/nlkit/wire"
)

// DumpOptions say how a dump is made. The zero value is what [Conn.Dump] uses.
type DumpOptions struct {
	// Retries is how often a dump that was interrupted is made anew before
	// ErrDumpInterrupted is reported. What was yielded until then is void:
	// Restart tells.
	Retries int
	// Restart, if set, is called before each new attempt.
	Restart func()
	// Done, if set, is given the message that ended the dump well: it may hold
	// a warning.
	Done func(Ack)
}

// Dump makes a dump request and yields its messages as they arrive. REQUEST and
// DUMP are added to the flags.
//
// req is one whole message and stays the caller's; flags and sequence number
// are written into it, so it must not be shared by calls in flight. The message
// is borrowed until the next step.
//
// An error is the last step: the kernel's refusal, an error in the middle of
// the table or at its end, the context's end, or [ErrDumpInterrupted] after all
// data.
//
// Memory does not grow with the table, as long as no other request is made on
// the Conn while the iteration stands still: the dump's data lies in the same
// queue as the answer and then has to wait in memory. Breaking out is allowed
// at any time.
//
// The kernel makes one dump at a time for each socket: a further one waits for
// its turn, and meanwhile reads what is left of the one before, for its reader,
// or to drop it if the reader has broken it off. A dump may therefore be made in
// the loop over another. The tables wait in memory then; use a second Conn where
// they are huge.
func (c *Conn) Dump(ctx context.Context, req []byte) iter.Seq2[wire.Message, error] {
	return c.DumpWith(ctx, req, DumpOptions{})
}

// DumpWith is [Conn.Dump] with options.
func (c *Conn) DumpWith(ctx context.Context, req []byte, o DumpOptions) iter.Seq2[wire.Message, error] {
	return func(yield func(wire.Message, error) bool) {
		if err := checkRequest(req); err != nil {
			yield(nil, err)
			return
		}
		for attempt := 0; ; attempt++ {
			d := dump{c: c, yield: yield}
			err := d.run(ctx, req)
			switch {
			case d.stopped:
				return
			case err == ErrDumpInterrupted && attempt < o.Retries:
				if o.Restart != nil {
					o.Restart()
				}
				continue
			case err != nil:
				yield(nil, c.explain(err, req))
			case o.Done != nil:
				o.Done(d.ack)
			}
			return
		}
	}
}

// dump is one attempt at a dump.
type dump struct {
	c     *Conn
	yield func(wire.Message, error) bool

	stopped     bool // the caller broke out
	interrupted bool
	ack         Ack
}

func (d *dump) run(ctx context.Context, req []byte) error {
	c := d.c
	if err := ctx.Err(); err != nil {
		return err
	}
	x, err := c.begin(1, true)
	if err != nil {
		return err
	}
	if err := c.acquireDump(ctx, x); err != nil {
		c.end(x)
		return err
	}
	m := wire.Message(req)
	m.SetSeq(x.first)
	// The kernel acknowledges no dump. It does acknowledge what its family has not
	// made a dump although it was asked for (nf_tables' getgen): without this such a
	// request would never end.
	m.SetFlags(m.Flags() | wire.Request | wire.Ack | wire.Dump)
	if err := c.transmit(ctx, req, Address{Port: c.peer}); err != nil {
		c.leaveDump(x, true)
		return err
	}
	defer func() { c.leaveDump(x, false) }()
	for {
		// A dump always has something to read: await alone would not notice.
		if err := ctx.Err(); err != nil {
			return err
		}
		buf, err := c.await(ctx, x, false)
		if err != nil {
			return err
		}
		if buf == nil {
			// Complete, and yet no end among what was queued: it cannot be.
			return ErrOverrun
		}
		end, err := d.datagram(buf, req)
		c.mu.Lock()
		c.putBuffer(buf)
		c.mu.Unlock()
		if end || err != nil {
			return err
		}
	}
}

// datagram yields the messages of one datagram and reports whether the dump is
// over.
func (d *dump) datagram(data, req []byte) (end bool, err error) {
	for m, err := range wire.Messages(data) {
		if err != nil {
			return true, err
		}
		if m.Flags().Has(wire.DumpInterrupted) {
			d.interrupted = true
		}
		switch m.Type() {
		case wire.TypeError, wire.TypeDone:
			d.ack, err = ParseAck(m, req)
			if err == nil && d.interrupted {
				err = ErrDumpInterrupted
			}
			return true, err
		case wire.TypeNoop:
			continue
		}
		if !d.yield(m, nil) {
			d.stopped = true
			return true, nil
		}
	}
	return false, nil
}

// acquireDump waits until the socket's one dump is x's. If nobody else reads,
// what is left of the dump before has to be read here: it may have been broken
// off, or be waiting for this very goroutine, which makes a dump in the loop over
// another.
func (c *Conn) acquireDump(ctx context.Context, x *transaction) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dump == nil && c.closed == nil {
		c.dump = x
		return nil
	}
	c.dumpQueue = append(c.dumpQueue, x)
	var err error
	for c.dump != x && err == nil {
		if err = c.waitOrRead(ctx, x); err == nil {
			err = ctx.Err()
		}
	}
	if err != nil {
		c.dequeueDump(x)
	}
	c.passOn()
	return err
}

// dequeueDump takes x out of the queue, or gives its turn on if it has just got
// it. c.mu is held.
func (c *Conn) dequeueDump(x *transaction) {
	if c.dump == x {
		c.releaseDump()
		return
	}
	for i, w := range c.dumpQueue {
		if w == x {
			c.dumpQueue = append(c.dumpQueue[:i], c.dumpQueue[i+1:]...)
			return
		}
	}
}

// releaseDump lets the next dump begin. c.mu is held.
func (c *Conn) releaseDump() {
	c.dump = nil
	if len(c.dumpQueue) > 0 {
		c.dump = c.dumpQueue[0]
		c.dumpQueue = append(c.dumpQueue[:0], c.dumpQueue[1:]...)
		c.dump.signal()
	}
}

// leaveDump ends the caller's part in a dump. Unless it has ended or was never
// begun, the kernel has more of it, which is dropped as it arrives. A peer's end
// is not waited for: it may never come, and only the kernel wants one dump at a
// time.
func (c *Conn) leaveDump(x *transaction, unsent bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if unsent || x.ended || x.err == ErrOverrun || c.peer != 0 || c.closed != nil {
		c.forget(x)
		c.recycle(x)
		if c.dump == x {
			c.releaseDump()
		}
		return
	}
	c.markSent(x)
	x.abandoned = true
	for _, buf := range x.queue {
		c.putBuffer(buf)
	}
	x.queue = nil
	c.passOn()
}
