// Package exchange sends several requests as one datagram and reads what each is
// answered with.
package exchange

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// ErrUnanswered says that the kernel did not answer a request. Of a batch of
// netfilter's nothing is done where another request failed; otherwise what became
// of the request is unknown.
var ErrUnanswered = errors.New("not answered; of a batch of which another request failed nothing is done")

// Item is one request, and what it is answered with.
type Item struct {
	Msg     wire.Message   // its sequence number is given by Run
	Replies []wire.Message // copies
	Ack     netlink.Ack
	// Err is a [*netlink.Error] where the kernel refused the request, or
	// [ErrUnanswered].
	Err   error
	ended bool // an ACK or an error has come
}

// take takes a message that answers it.
func (it *Item) take(m wire.Message) {
	switch m.Type() {
	case wire.TypeNoop:
	case wire.TypeError, wire.TypeDone:
		if !it.ended {
			it.ended = true
			it.Ack, it.Err = netlink.ParseAck(m, it.Msg)
		}
	default:
		it.Replies = append(it.Replies, m.Clone())
	}
}

// Exchange is a socket of its own, opened by the first Run and kept: nftables
// knows the owner of a table by its port id. Runs of several goroutines take
// turns. netlink.Batch is not for this: that may divide its items between
// datagrams, and waits for an answer to each, which of a failed batch of
// netfilter's do not come.
type Exchange struct {
	mu     sync.Mutex
	t      netlink.Transport // nil until the first Run
	closed bool

	turn chan struct{} // holds one token while nobody uses what follows
	peer uint32
	seq  uint32
	buf  []byte
}

// bufferSize is the size of the buffers asked for, in bytes. A datagram has to fit
// into the one, and all answers lie in the other before the first is read: the
// kernel works off the whole datagram within the call that sends it.
const bufferSize = 4 << 20

// New returns an Exchange without a socket yet.
func New() *Exchange {
	x := &Exchange{turn: make(chan struct{}, 1)}
	x.turn <- struct{}{}
	return x
}

// Close closes the socket, which ends a Run under way. Later ones return
// os.ErrClosed. Closing twice is harmless, and no error: the owner's socket tells.
func (x *Exchange) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	again := x.closed
	x.closed = true
	if x.t == nil || again {
		return nil
	}
	return x.t.Close()
}

// Run sends the items as one datagram and fills in what they are answered with.
// The flags are the caller's. Of a request without the flag Ack no answer is taken
// for success if no other has failed: the kernel reports failures all the same; of
// a peer nothing less than its ACK ends it. If there is no socket yet it
// is opened by o, which is Run's from then on. The error tells why requests could
// not be sent or answers not be read.
func (x *Exchange) Run(ctx context.Context, protocol wire.Protocol, o *netlink.Options, items []Item) error {
	select {
	case <-x.turn:
		defer func() { x.turn <- struct{}{} }()
	case <-ctx.Done():
		return ctx.Err()
	}
	t, err := x.open(protocol, o)
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
		items[i].Msg.SetSeq(x.seq)
		datagram = append(datagram, items[i].Msg...)
		for len(datagram)%wire.Alignment != 0 {
			datagram = append(datagram, 0)
		}
	}
	switch err := x.send(ctx, t, datagram); err {
	case nil:
		return x.answers(ctx, t, first, items)
	case netlink.EMSGSIZE:
		return fmt.Errorf("%d requests of %d bytes in all are more than the socket takes: make several batches, or set Options.SendBuffer: %w", len(items), len(datagram), err)
	default:
		return err
	}
}

func (x *Exchange) open(protocol wire.Protocol, o *netlink.Options) (netlink.Transport, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil, os.ErrClosed
	}
	if x.t != nil {
		return x.t, nil
	}
	o.ReceiveBuffer = max(o.ReceiveBuffer, bufferSize)
	o.SendBuffer = max(o.SendBuffer, bufferSize)
	o.NoENOBUFS = false // a loss must be known here
	t, err := netlink.Open(protocol, o)
	if err != nil {
		return nil, err
	}
	x.t, x.peer, x.buf = t, o.Peer, make([]byte, 64<<10)
	return t, nil
}

// send sends a datagram. Only a peer that is a process can make it wait.
func (x *Exchange) send(ctx context.Context, t netlink.Transport, datagram []byte) error {
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
func (x *Exchange) answers(ctx context.Context, t netlink.Transport, first uint32, items []Item) error {
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
			return settle(t.Protocol(), items, lost)
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
			if items[i].take(m); items[i].ended && !before {
				missing--
			}
		}
	}
	return lost
}

// settle accounts for the items that will not be answered. lost says that
// answers were lost.
func settle(protocol wire.Protocol, items []Item, lost error) error {
	if lost != nil {
		return lost
	}
	failed := slices.ContainsFunc(items, func(it Item) bool { return it.Err != nil })
	for i := range items {
		it := &items[i]
		due := it.Msg.Flags().Has(wire.Ack) && !marksBatch(protocol, it.Msg)
		if !it.ended && (failed || due) {
			it.Err = ErrUnanswered
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

// Usable returns os.ErrClosed behind Close.
func (x *Exchange) Usable() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return os.ErrClosed
	}
	return nil
}
