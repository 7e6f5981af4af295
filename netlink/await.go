package netlink

import (
	"context"
	"errors"

	"github.com/nlkit/nlkit/wire"
)

// This file is how goroutines share a socket. At any time at most one of them
// reads it (Conn.reading): the first that finds nothing for itself and nobody
// reading. It goes on until its own transaction has what it needs and then
// wakes one of the others, which reads on. No caller's code runs meanwhile.

// await waits until there is something for x: with whole set its end, else the
// next datagram of a dump, which is returned and is then the caller's until
// putBuffer.
func (c *Conn) await(ctx context.Context, x *transaction, whole bool) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	x.sent = true
	if x.suspect {
		c.overrun = true // seen before the answer could arrive: look again
	}
	for {
		if !whole {
			if buf := x.take(); buf != nil {
				c.passOn()
				return buf, nil
			}
		}
		if x.complete {
			c.passOn()
			return nil, x.err
		}
		if err := c.waitOrRead(ctx, x); err != nil && !x.complete {
			// The token that was to make this goroutine read, if there is one,
			// must not be lost.
			c.passOn()
			return nil, err
		}
	}
}

// waitOrRead reads a datagram if nobody else reads, or waits until x is to look
// again. c.mu is held, and released meanwhile.
func (c *Conn) waitOrRead(ctx context.Context, x *transaction) error {
	if c.closed != nil {
		return c.closed
	}
	if !c.reading {
		return c.read(ctx)
	}
	c.waiters = append(c.waiters, x)
	x.waiting = len(c.waiters)
	c.mu.Unlock()
	var err error
	select {
	case <-x.wake:
	case <-ctx.Done():
		err = ctx.Err()
	}
	c.mu.Lock()
	c.unwait(x)
	return err
}

func (c *Conn) unwait(x *transaction) {
	if x.waiting == 0 {
		return
	}
	i, last := x.waiting-1, len(c.waiters)-1
	c.waiters[i] = c.waiters[last]
	c.waiters[i].waiting = i + 1
	c.waiters[last] = nil
	c.waiters = c.waiters[:last]
	x.waiting = 0
}

// passOn wakes somebody who can read, if nobody does. c.mu is held.
func (c *Conn) passOn() {
	switch {
	case c.reading:
	case len(c.waiters) > 0:
		c.waiters[0].signal()
	case len(c.dumpQueue) > 0 && c.dump != nil && c.dump.abandoned:
		c.dumpQueue[0].signal()
	}
}

// read receives one datagram and hands it out. c.mu is held, and released while
// the socket is read.
func (c *Conn) read(ctx context.Context) error {
	c.reading = true
	buf := c.getBuffer()
	c.mu.Unlock()
	d, err := c.rx.poll(buf)
	if err == EAGAIN && !c.emptied() {
		d, err = c.rx.receive(ctx, buf)
	}
	c.mu.Lock()
	if c.closed != nil {
		c.rx.unwatch() // Close left it to the one who reads
		return c.closed
	}
	c.reading = false
	switch err {
	case nil:
		c.dispatch(buf, d)
		return nil
	case ENOBUFS, ENOMEM:
		c.overrun = true
		c.stats.Overruns++
		err = nil
	case EAGAIN:
		err = nil
	default:
		if ctx.Err() == nil {
			c.shut(err) // the socket is of no use any more
		}
	}
	c.putBuffer(buf)
	return err
}

// emptied is called when the receive queue has been read empty. The kernel
// queues its answer before the send call returns: after an overrun, what is not
// there by now was dropped. emptied fails those who wait for it, and reports
// whether there was an overrun.
func (c *Conn) emptied() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.overrun {
		return false
	}
	c.overrun = false
	c.failAll(func(x *transaction) bool {
		x.suspect = !x.sent // its answer may yet be dropped
		return x.sent
	}, ErrOverrun)
	return true
}

// dispatch hands out the messages of a datagram. c.mu is held. buf is kept or
// given back.
func (c *Conn) dispatch(buf []byte, d Datagram) {
	data := buf[:d.N]
	if d.Port != 0 && d.Port != c.peer {
		c.stats.Foreign++
		c.putBuffer(buf)
		return
	}
	if d.Len > d.N {
		c.stats.Truncated++
		c.bufSize = min(max(c.bufSize, 2*d.Len), maxBufferSize)
	}
	if x, ended := c.soleDump(data); x != nil {
		// All of it is one dump's, who takes the buffer over.
		x.queue = append(x.queue, data)
		if ended {
			c.ended(x)
		}
		x.signal()
		return
	}
	for m, err := range wire.Messages(data) {
		if err != nil {
			c.malformed(data, err, d)
			continue
		}
		x := c.lookup(m.Seq())
		if x == nil {
			c.stats.Stale++
			continue
		}
		switch {
		case x.abandoned:
		case x.stream:
			// Rare: a datagram for several. The dump gets a copy of its part.
			x.queue = append(x.queue, append(c.getBuffer()[:0], m...))
			x.signal()
		default:
			x.collect(m)
		}
		if endsTransaction(m, x) {
			c.ended(x)
		}
	}
	c.putBuffer(buf)
}

func endsTransaction(m wire.Message, x *transaction) bool {
	t := m.Type()
	return (t == wire.TypeError || t == wire.TypeDone) && m.Seq() == x.last
}

// soleDump returns the dump that every message of a datagram belongs to, and
// whether it ends there. It returns nil where the datagram is anything else.
func (c *Conn) soleDump(data []byte) (x *transaction, ended bool) {
	for m, err := range wire.Messages(data) {
		if err != nil {
			return nil, false
		}
		if x == nil {
			x = c.lookup(m.Seq())
			if x == nil || !x.stream || x.abandoned {
				return nil, false
			}
		}
		if m.Seq() != x.first {
			return nil, false
		}
		ended = ended || endsTransaction(m, x)
	}
	return x, ended
}

// malformed deals with the bytes of a datagram that are no whole message: the
// transaction named in what there is of the header fails.
func (c *Conn) malformed(data []byte, err error, d Datagram) {
	var bad *wire.Malformed
	if errors.As(err, &bad) {
		data = data[bad.Offset:]
	}
	if d.Len > d.N {
		err = ErrTruncated // counted already
	} else {
		c.stats.Malformed++
	}
	h, ok := wire.ParseHeader(data)
	if x := c.lookup(h.Seq); ok && x != nil {
		x.fail(err)
		return
	}
	c.stats.Stale++
}

// ended marks a transaction whose last message has arrived.
func (c *Conn) ended(x *transaction) {
	x.complete, x.ended = true, true
	x.signal()
	if x.abandoned {
		c.forget(x)
		c.releaseDump()
	}
}

const maxFree = 8

// getBuffer returns a receive buffer. c.mu is held.
func (c *Conn) getBuffer() []byte {
	for k := len(c.free); k > 0; k = len(c.free) {
		buf := c.free[k-1]
		c.free = c.free[:k-1]
		if cap(buf) >= c.bufSize {
			return buf[:cap(buf)]
		}
	}
	return make([]byte, c.bufSize)
}

// putBuffer gives a receive buffer back. c.mu is held.
func (c *Conn) putBuffer(buf []byte) {
	if len(c.free) < maxFree && cap(buf) > 0 {
		c.free = append(c.free, buf)
	}
}
