package netlink

import (
	"context"
	"os"
	"time"
)

// bufferSize is the size of a receive buffer. The kernel fills a dump's
// datagrams by the largest buffer it has seen on the socket, up to 32 KiB; more
// gains nothing there. The rest is room for single replies that are larger,
// such as a link with a hundred virtual functions; pages never written to cost
// nothing.
const bufferSize = 64 << 10

// maxBufferSize bounds the growth after a truncated datagram.
const maxBufferSize = 4 << 20

// receiver waits for datagrams of a transport until a context ends. It is used
// by one goroutine at a time.
type receiver struct {
	t Transport

	// A context is watched from the first time it has to be waited with until
	// another one comes: a long-lived one costs its registration once.
	done  <-chan struct{}
	stop  func() bool
	fired chan struct{} // holds one token per interrupt that has run
}

func newReceiver(t Transport) receiver {
	return receiver{t: t, fired: make(chan struct{}, 1)}
}

// interrupted is a time that has always passed.
var interrupted = time.Unix(1, 0)

// receive waits for the next datagram, or until ctx ends.
func (r *receiver) receive(ctx context.Context, buf []byte) (Datagram, error) {
	if err := ctx.Err(); err != nil {
		return Datagram{}, err
	}
	r.watch(ctx)
	d, err := r.t.Receive(buf, true)
	// Any other error is told even if ctx has ended meanwhile: an ENOBUFS comes
	// only once.
	if err == os.ErrDeadlineExceeded && ctx.Err() != nil {
		err = ctx.Err()
	}
	return d, err
}

// poll returns the next datagram if there is one, else EAGAIN.
func (r *receiver) poll(buf []byte) (Datagram, error) {
	d, err := r.t.Receive(buf, false)
	if err == os.ErrDeadlineExceeded {
		// The interrupt of a context that was waited with earlier.
		r.unwatch()
		d, err = r.t.Receive(buf, false)
	}
	return d, err
}

// watch arranges that the end of ctx interrupts Receive.
func (r *receiver) watch(ctx context.Context) {
	done := ctx.Done()
	if done == r.done {
		return
	}
	r.unwatch()
	if done == nil {
		return
	}
	r.done = done
	r.stop = context.AfterFunc(ctx, func() {
		// An error means the transport is closed, which interrupts as well.
		_ = r.t.SetReadDeadline(interrupted)
		r.fired <- struct{}{}
	})
}

// unwatch forgets the watched context and undoes its interrupt, if any.
func (r *receiver) unwatch() {
	if r.done == nil {
		return
	}
	if !r.stop() {
		<-r.fired
		_ = r.t.SetReadDeadline(time.Time{})
	}
	r.done, r.stop = nil, nil
}
