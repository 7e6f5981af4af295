package netlink

import (
	"context"
	"encoding/binary"
	"errors"

	"github.com/nlkit/nlkit/wire"
)

// This file is how goroutines share a socket. At any time at most one of them
// reads it (Conn.reading): the first that finds nothing for itself and nobody
// reading. It goes on until its own transaction has what it needs and then
// wakes one of the others, which reads on. No caller's code runs meanwhile.

// await waits until there is something for x: with whole set its end, after
// which x is out of the tables and nobody but the caller touches it; else the
// next datagram of a dump, which is returned and is then the caller's until
// putBuffer.
func (c *Conn) await(ctx context.Context, x *transaction, whole bool) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.markSent(x)
	var err error
	for {
		if buf := x.take(); buf != nil {
			c.passOn()
			return buf, nil
		}
		if x.complete {
			err = x.err
			break
		}
		if err != nil {
			break
		}
		if err = c.waitOrRead(ctx, x); err == nil {
			// What is there already counts even if ctx has ended; but a stream
			// of other goroutines' messages must not keep this one.
			err = ctx.Err()
		}
	}
	switch {
	case !whole:
	case x.complete:
		c.forget(x)
	default:
		c.abandon(x)
	}
	// The token that was to make this goroutine read, if there is one, must not
	// be lost.
	c.passOn()
	return nil, err
}

// markSent notes that the send call of x has returned. c.mu is held.
func (c *Conn) markSent(x *transaction) {
	if x.sent {
		return
	}
	x.sent, x.sentAt = true, c.reads
	if x.suspect {
		c.overrun = true // seen before the answer could arrive: look again
	}
}

// waitOrRead reads a datagram if nobody else reads, or waits until x is to look
// again. c.mu is held, and released meanwhile.
func (c *Conn) waitOrRead(ctx context.Context, x *transaction) error {
	if c.closed != nil {
		return c.closed
	}
	if !c.reading {
		return c.read(ctx, true)
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
	i, last := x.waiting-1, len(c.waiters)-1
	c.waiters[i] = c.waiters[last]
	c.waiters[i].waiting = i + 1
	c.waiters[last] = nil
	c.waiters = c.waiters[:last]
	x.waiting = 0
}

// passOn wakes somebody who can read, if nobody does. c.mu is held.
func (c *Conn) passOn() {
	if !c.reading && len(c.waiters) > 0 {
		c.waiters[0].signal()
	}
}

// read receives one datagram and hands it out. c.mu is held, and released while
// the socket is read.
func (c *Conn) read(ctx context.Context, wait bool) error {
	c.reading = true
	c.reads++
	buf := c.getBuffer()
	c.mu.Unlock()
	d, err := c.rx.poll(buf)
	if err == EAGAIN && !c.emptied() && wait {
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
		c.faults = 0
		c.dispatch(buf, d)
		return nil
	case ENOBUFS, ENOMEM:
		c.stats.Overruns++
		c.dropped() // told herewith
		c.overran()
		err = nil
	case EAGAIN:
		c.faults = 0
		err = nil
	default:
		err = c.receiveFault(ctx, err)
	}
	c.putBuffer(buf)
	return err
}

// maxFaults is after how many failed receive calls in a row a socket is given up.
const maxFaults = 100

// receiveFault deals with an error of a receive call that is none of the usual
// ones, and returns what the caller is told. c.mu is held.
func (c *Conn) receiveFault(ctx context.Context, err error) error {
	// Linux reports an error of one socket call in the next one: a receive that
	// finds a dump already at its end leaves EINVAL behind.
	if _, ok := err.(Errno); ok && err != EBADF && err != ENOTSOCK && c.faults < maxFaults {
		c.faults++
		if c.dropped() {
			// There is one place for such an error: it has displaced an ENOBUFS.
			c.overran()
		}
		return nil
	}
	if ctx.Err() == nil {
		c.shut(err) // the socket is of no use any more
	}
	return err
}

// dropped reports whether the kernel has dropped anything since it was asked
// last. c.mu is held.
func (c *Conn) dropped() bool {
	info, err := c.t.MemInfo()
	if err != nil {
		return true // nobody can tell
	}
	before := c.drops
	c.drops = info.Drops
	return info.Drops != before
}

// overran notes that answers may have been dropped, of every transaction in
// flight and of those that begin before the queue has been seen empty. c.mu is
// held.
func (c *Conn) overran() {
	c.overrun = true
	for x := range c.transactions() {
		x.lossy = true
	}
}

// emptied is called when the read in progress has found the receive queue
// empty. It reports whether that has changed anything.
//
// The kernel queues its answer before the send call returns: after an overrun,
// the answer to what was sent before this read began, and is not there by now,
// was dropped. A dump goes on whenever a datagram is read: with the queue empty
// there is none, whatever became of the message that was to end it.
//
// A peer is a process and answers when it likes; it waits where the kernel drops.
func (c *Conn) emptied() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.peer != 0 {
		c.overrun = false
		return false
	}
	if !c.overrun && c.owed == 0 && (c.dump == nil || !c.dump.abandoned) {
		return false
	}
	overrun := c.overrun
	c.overrun = false
	for x := range c.transactions() {
		seen := x.sent && x.sentAt < c.reads
		switch {
		case x.abandoned && seen:
			c.retire(x)
		case x.complete || x.abandoned || !overrun:
		case seen:
			x.fail(ErrOverrun)
		case x.sent:
			c.overrun = true // since this read began: look again
		default:
			x.suspect = true // its answer may have been dropped all the same
		}
	}
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
		c.bufSize = max(c.bufSize, min(2*d.Len, maxBufferSize))
	}
	if x, end := c.soleDump(data); x != nil && d.Len <= d.N {
		// All of it is one dump's, who takes the buffer over.
		x.queue = append(x.queue, data)
		if end != nil {
			c.ended(x, end)
		}
		x.signal()
		return
	}
	var dump *transaction // rare: its messages beside others'
	var part []byte       // copies of them
	var last *transaction // the one the message before belongs to
	for m, err := range wire.Messages(data) {
		if err != nil {
			c.malformed(data, err, d, last)
			last = nil
			break
		}
		if m.Type() == wire.TypeNoop {
			continue
		}
		x := c.lookup(m.Seq())
		last = x
		switch {
		case x == nil:
			c.stats.Stale++
			continue
		case x.abandoned || x.complete:
			c.stats.Stale++
		case x.stream:
			if dump == nil {
				dump, part = x, c.getBuffer()[:0]
			}
			part = append(part, m...)
			part = append(part, zeros[:wire.Align(len(part))-len(part)]...)
		case len(x.replies)+len(m) > maxReplies:
			x.fail(ErrReplies)
		default:
			x.collect(m)
		}
		if endsTransaction(m, x) && !x.ended {
			c.ended(x, m)
		}
	}
	if d.Len > d.N && last != nil {
		last.fail(ErrTruncated) // cut between two messages
	}
	if dump != nil {
		// There is one dump at a time: all of part is its.
		dump.queue = append(dump.queue, part)
		dump.signal()
	}
	c.putBuffer(buf)
}

var zeros [wire.Alignment]byte

func endsTransaction(m wire.Message, x *transaction) bool {
	t := m.Type()
	return (t == wire.TypeError || t == wire.TypeDone) && m.Seq() == x.last
}

// soleDump returns the dump that every message of a datagram belongs to, and
// the message that ends it if that is among them. It returns nil where the
// datagram is anything else.
func (c *Conn) soleDump(data []byte) (x *transaction, end wire.Message) {
	for m, err := range wire.Messages(data) {
		if err != nil || end != nil {
			return nil, nil
		}
		if x == nil {
			x = c.lookup(m.Seq())
			if x == nil || !x.stream || x.abandoned || x.complete {
				return nil, nil
			}
		}
		if m.Seq() != x.first {
			return nil, nil
		}
		if endsTransaction(m, x) {
			end = m
		}
	}
	return x, end
}

// malformed deals with the bytes of a datagram that are no whole message: the
// transaction named in what there is of the header fails, or where there is not
// even that much the one the message before belongs to.
func (c *Conn) malformed(data []byte, err error, d Datagram, last *transaction) {
	var bad *wire.Malformed
	if errors.As(err, &bad) {
		data = data[bad.Offset:]
	}
	if d.Len > d.N {
		err = ErrTruncated // counted already
	} else {
		c.stats.Malformed++
	}
	if h, ok := wire.ParseHeader(data); ok {
		if x := c.lookup(h.Seq); x != nil {
			last = x
		}
	}
	if last != nil {
		last.fail(err)
	}
}

// ended marks a transaction whose last message, m, has arrived.
func (c *Conn) ended(x *transaction, m wire.Message) {
	x.complete = true
	x.signal()
	if x.stream && c.peer == 0 && startFailed(m) {
		return
	}
	x.ended = true
	switch {
	case x.abandoned:
		c.retire(x)
	case c.dump == x:
		c.releaseDump()
	}
}

// startFailed reports whether m is what Linux answers if it had no memory, or
// no room in the receive queue, for a dump's first datagram. It does begin the
// dump nevertheless, and goes on with it when the socket is read.
func startFailed(m wire.Message) bool {
	data := m.Data()
	if m.Type() != wire.TypeError || len(data) < 4 {
		return false
	}
	errno := Errno(-binary.NativeEndian.Uint32(data))
	return errno == ENOBUFS || errno == ENOMEM
}

const maxFree = 8

// getBuffer returns a receive buffer. c.mu is held.
func (c *Conn) getBuffer() []byte {
	for k := len(c.free); k > 0; k = len(c.free) {
		buf := c.free[k-1]
		c.free[k-1] = nil
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
