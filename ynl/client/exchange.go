package client

import (
	"context"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// exchange is the socket of Multi. netlink.Batch is not for it: that may divide
// its items between datagrams, and waits for an answer to each, which of a
// failed batch of netfilter's do not come.
type exchange struct {
	mu     sync.Mutex
	t      netlink.Transport // nil until the first Multi
	closed bool

	turn chan struct{} // holds one token while nobody uses what follows
	peer uint32
	seq  uint32
	buf  []byte
}

// multiBuffer is the receive buffer asked for, in bytes. All answers lie in it
// before the first is read: the kernel works off the whole datagram within the
// call that sends it.
const multiBuffer = 4 << 20

func (x *exchange) init() {
	x.turn = make(chan struct{}, 1)
	x.turn <- struct{}{}
}

// close closes the socket, which ends a Multi under way.
func (x *exchange) close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.closed = true
	if x.t == nil {
		return nil
	}
	return x.t.Close()
}

// run sends the items as one datagram and fills in what they are answered with.
func (x *exchange) run(ctx context.Context, c *Client, o *netlink.Options, items []item) error {
	select {
	case <-x.turn:
		defer func() { x.turn <- struct{}{} }()
	case <-ctx.Done():
		return ctx.Err()
	}
	t, err := x.open(c, o)
	if err != nil {
		return err
	}
	// What is still there belongs to one that was broken off.
	for {
		if _, err := t.Receive(x.buf, false); err == netlink.EAGAIN {
			break
		} else if err != nil && err != netlink.ENOBUFS {
			return err
		}
	}
	var datagram []byte
	first := x.seq + 1
	for i := range items {
		x.seq++
		items[i].msg.SetSeq(x.seq)
		datagram = append(datagram, items[i].msg...)
		for len(datagram)%wire.Alignment != 0 {
			datagram = append(datagram, 0)
		}
	}
	if err := x.send(ctx, t, datagram); err != nil {
		return err
	}
	return x.answers(ctx, t, c, first, items)
}

func (x *exchange) open(c *Client, o *netlink.Options) (netlink.Transport, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil, os.ErrClosed
	}
	if x.t != nil {
		return x.t, nil
	}
	o.ReceiveBuffer = max(o.ReceiveBuffer, multiBuffer)
	o.NoENOBUFS = false // a loss must be known here
	t, err := netlink.Open(c.spec.Protocol, o)
	if err != nil {
		return nil, err
	}
	x.t, x.peer, x.buf = t, o.Peer, make([]byte, 64<<10)
	return t, nil
}

// send sends a datagram. Only a peer that is a process can make it wait.
func (x *exchange) send(ctx context.Context, t netlink.Transport, datagram []byte) error {
	const pause = time.Millisecond
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := t.Send(datagram, netlink.Address{Port: x.peer})
		if err != netlink.EAGAIN {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// answers reads until every item has its end. The kernel has queued all it has
// to say when the send call returns: once its queue is empty nothing more will
// come, and items without an end never get one. A peer is waited for.
func (x *exchange) answers(ctx context.Context, t netlink.Transport, c *Client, first uint32, items []item) error {
	if x.peer != 0 {
		stop := context.AfterFunc(ctx, func() {
			// An error means that the transport is closed, which ends a Receive too.
			_ = t.SetReadDeadline(time.Unix(1, 0))
		})
		defer func() {
			stop()
			_ = t.SetReadDeadline(time.Time{}) // as above
		}()
	}
	var lost error
	for missing := len(items); missing > 0; {
		if err := ctx.Err(); err != nil {
			return err
		}
		d, err := t.Receive(x.buf, x.peer != 0)
		switch {
		case err == netlink.EAGAIN:
			return x.settle(c.spec.Protocol, items, lost)
		case err == netlink.ENOBUFS:
			lost = netlink.ErrOverrun
			continue
		case err == os.ErrDeadlineExceeded && ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return err
		case d.Port != 0 && d.Port != x.peer:
			continue
		case d.Len > d.N:
			lost = netlink.ErrTruncated
		}
		for m, err := range wire.Messages(x.buf[:d.N]) {
			if err != nil {
				if lost == nil {
					lost = err
				}
				break
			}
			i := m.Seq() - first
			if uint64(i) >= uint64(len(items)) {
				continue // stale
			}
			before := items[i].ended
			if items[i].take(c, m); items[i].ended && !before {
				missing--
			}
		}
	}
	return lost
}

// settle accounts for the items that will not be answered. lost says that
// answers were lost.
func (x *exchange) settle(protocol wire.Protocol, items []item, lost error) error {
	if lost != nil {
		return lost
	}
	failed := slices.ContainsFunc(items, func(it item) bool { return it.result.Err != nil })
	for i := range items {
		if it := &items[i]; !it.ended && (failed || !marksBatch(protocol, it.msg)) {
			it.result.Err = ErrUnanswered
		}
	}
	return nil
}

// marksBatch reports whether a message is the begin or the end of a batch of
// netfilter's (NFNL_MSG_BATCH_BEGIN and _END). Before Linux 6.10 these have no
// ACK where the batch goes well.
func marksBatch(protocol wire.Protocol, m wire.Message) bool {
	const begin, end = wire.Type(0x10), wire.Type(0x11)
	return protocol == wire.Netfilter && (m.Type() == begin || m.Type() == end)
}

// usable returns os.ErrClosed behind close.
func (x *exchange) usable() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return os.ErrClosed
	}
	return nil
}
