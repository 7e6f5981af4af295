package netlink

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/nlkit/nlkit/wire"
)

// Conn makes requests over one socket.
//
// It is safe for concurrent use, and requests of many goroutines are in flight
// side by side: each is known by its sequence number. There is no goroutine
// behind a Conn. Whoever waits for an answer reads the socket, and hands over
// what belongs to others; a request made by one goroutine alone costs what the
// system calls cost.
//
// A request that is cancelled or times out leaves the Conn as usable as before:
// what still arrives for it is recognised and dropped.
//
// Replies are believed from the kernel and from Options.Peer alone; what others
// send is dropped and counted in [Stats].
type Conn struct {
	t    Transport
	peer uint32
	// echoes says that errors repeat the whole request: a batch needs room for it.
	echoes bool

	mu         sync.Mutex
	closed     error
	seq        uint32 // the last one given away
	seqWrapped bool
	inFlight   map[uint32]*transaction
	ranges     []*transaction // batches
	idle       []*transaction // for reuse
	free       [][]byte       // receive buffers for reuse
	bufSize    int
	stats      Stats

	reading bool           // somebody reads the socket
	reads   uint64         // how often that began
	waiters []*transaction // want to be woken when nobody does
	overrun bool           // ENOBUFS was seen and the queue is not yet empty
	faults  int            // receive calls in a row that failed otherwise
	drops   uint32         // the kernel's counter when it was last looked at
	owed    int            // abandoned requests and batches whose end has not been read

	dump      *transaction   // has the socket's one dump
	dumpQueue []*transaction // wait for it, first come first served

	batch chan struct{} // holds one token while a batch is on its way

	rx receiver // belongs to whoever has set reading
}

// Dial opens a socket for a protocol and returns a Conn on it. o may be nil.
// The Conn must be closed.
func Dial(protocol wire.Protocol, o *Options) (*Conn, error) {
	t, err := Open(protocol, o)
	if err != nil {
		return nil, err
	}
	return New(t, o), nil
}

// New returns a Conn on a transport, which from then on is the Conn's. Of o,
// which may be nil, Peer and NoCapAck matter.
func New(t Transport, o *Options) *Conn {
	c := &Conn{
		t:        t,
		inFlight: make(map[uint32]*transaction),
		bufSize:  bufferSize,
		batch:    make(chan struct{}, 1),
		rx:       newReceiver(t),
	}
	if o != nil {
		c.peer, c.echoes = o.Peer, o.NoCapAck
	}
	return c
}

// Port returns the port id of the socket.
func (c *Conn) Port() uint32 { return c.t.Port() }

// Protocol returns the protocol of the socket.
func (c *Conn) Protocol() wire.Protocol { return c.t.Protocol() }

// Stats returns what was counted so far.
func (c *Conn) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stats
}

// Close closes the socket. Calls in progress return an error that is
// os.ErrClosed, and so does every later one.
func (c *Conn) Close() error {
	err := c.t.Close()
	c.mu.Lock()
	c.closed = os.ErrClosed // also where the socket had failed before
	c.shut(os.ErrClosed)
	idle := !c.reading
	c.reading = true // nobody may read any more
	c.mu.Unlock()
	if idle {
		c.rx.unwatch()
	}
	return err
}

// shut ends every transaction with err. c.mu is held.
func (c *Conn) shut(err error) {
	if c.closed == nil {
		c.closed = err
	}
	for x := range c.transactions() {
		x.fail(c.closed)
	}
}

// failed reports whether the Conn is of no use any more.
func (c *Conn) failed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed != nil
}

// Send sends a message one way: nothing is waited for. The message's sequence
// number and flags are the caller's. If the receiver's queue is full, which can
// happen only where the receiver is a process, Send waits for room.
func (c *Conn) Send(ctx context.Context, msg []byte, to Address) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return c.transmit(ctx, msg, to)
}

// Bounds of the pause between two attempts to send to a full queue. Linux wakes
// a sender only if it blocks inside the system call, out of reach of a context.
const (
	minSendPause = 50 * time.Microsecond
	maxSendPause = 5 * time.Millisecond
)

func (c *Conn) transmit(ctx context.Context, b []byte, to Address) error {
	err := c.t.Send(b, to)
	if err != EAGAIN {
		return err
	}
	pause := time.NewTimer(minSendPause)
	defer pause.Stop()
	for d := minSendPause; ; d = min(2*d, maxSendPause) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-pause.C:
		}
		if err := c.t.Send(b, to); err != EAGAIN {
			return err
		}
		pause.Reset(d)
	}
}

// checkRequest reports what is wrong with a request as a whole.
func checkRequest(req []byte) error {
	h, ok := wire.ParseHeader(req)
	if !ok {
		return fmt.Errorf("request of %d bytes: a message has at least %d: %w", len(req), wire.HeaderLen, EINVAL)
	}
	if uint64(h.Len) != uint64(len(req)) {
		return fmt.Errorf("request of %d bytes whose length field says %d: give one whole message: %w", len(req), h.Len, EINVAL)
	}
	if h.Type.IsControl() {
		// The kernel makes no dump for one and would answer nothing at all.
		return fmt.Errorf("request of type %d: numbers below %d are control messages; give the protocol's own: %w", uint16(h.Type), uint16(wire.TypeMin), EINVAL)
	}
	return nil
}

// describe names a request for error messages.
func (c *Conn) describe(req []byte) string {
	return c.t.Protocol().TypeName(wire.Message(req).Type())
}

// explain adds what was asked to an error.
func (c *Conn) explain(err error, req []byte) error {
	if err == nil {
		return nil
	}
	if e, ok := err.(*Error); ok {
		e.Op = c.describe(req)
		return e
	}
	return fmt.Errorf("%s: %w", c.describe(req), err)
}
