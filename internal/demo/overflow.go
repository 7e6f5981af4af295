package demo

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nlkit/nlkit/netlink"
)

const (
	smallBuffer    = 4096    // bytes asked for; Linux makes it twice that
	largeBuffer    = 1 << 18 // enough for all
	burst          = 200     // broadcasts
	burstSize      = 280     // bytes of payload each
	burstsReceived = 1 << 16 // bytes read at a time
)

// overflow shows what a queue that is full does to its reader.
func overflow(ctx context.Context, s *session) error {
	s.title("overflow: a receive queue that is too small")
	s.explain("From kernel to user messages are queued, and the queue is bounded (SO_RCVBUF). A multicast to a full queue is " +
		"dropped. It is often said that a blocking socket is safe from this. It is not: blocking makes a reader wait " +
		"while the queue is empty; nothing makes the kernel wait while it is full.")
	c, err := s.dialPlain("client", netlink.Options{})
	if err != nil {
		return err
	}
	defer c.Close()
	if err := naiveReader(ctx, s, c); err != nil {
		return err
	}
	if err := correctReader(ctx, s, c); err != nil {
		return err
	}
	return largeReader(ctx, s, c)
}

// naiveReader is the blocking receive loop of many examples.
func naiveReader(ctx context.Context, s *session, c *netlink.Conn) error {
	s.explain(fmt.Sprintf("A blocking reader with a receive buffer of %d bytes joins group %d, and is busy elsewhere while %d "+
		"broadcasts are sent. Linux doubles the number asked for and charges the memory a message lies in, not its bytes.",
		smallBuffer, PlainGroup, burst))
	o := s.client("reader", PlainProtocol, netlink.Options{Via: s.side.Opener(), ReceiveBuffer: smallBuffer})
	t, err := netlink.Open(PlainProtocol, o)
	if err != nil {
		return err
	}
	defer t.Close()
	if err := t.Join(PlainGroup); err != nil {
		return err
	}
	if err := s.broadcast(ctx, c, burst, burstSize); err != nil {
		return err
	}
	full, err := t.MemInfo()
	if err != nil {
		return err
	}
	s.fact("SO_MEMINFO before the first read: %d bytes queued of at most %d, %d messages dropped", full.Queued, full.Limit, full.Drops)
	r, err := readBlocking(s, t)
	if err != nil {
		return err
	}
	s.add(Event{Kind: Overrun, From: kernelName, To: "reader", Lost: uint64(full.Drops),
		Text: fmt.Sprintf("%d arrived, %d lost, of %d", r.arrived, full.Drops, burst)})
	s.explain("ENOBUFS came first, before the messages that were queued already, and once; after it everything was dropped " +
		"in silence until the queue was read empty. A reader that stops at the error loses the rest as well; one that " +
		"ignores it never learns that something is missing; and one more blocking receive would sleep for ever.")
	if r.errors != 1 || !r.errorFirst {
		return fmt.Errorf("expected one ENOBUFS ahead of the messages, got %d (first: %v)", r.errors, r.errorFirst)
	}
	if got := r.arrived + int(full.Drops); got != burst {
		return fmt.Errorf("%d arrived and %d dropped, expected %d together", r.arrived, full.Drops, burst)
	}
	return nil
}

type blockingRead struct {
	arrived    int
	errors     int
	errorFirst bool
}

// readBlocking receives until the queue is empty.
func readBlocking(s *session, t netlink.Transport) (blockingRead, error) {
	var r blockingRead
	buf := make([]byte, burstsReceived)
	if err := t.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return r, err
	}
	for i := 1; ; i++ {
		// Without waiting, so that the demo ends where the loop of the
		// examples would sleep. The first receive does wait.
		_, err := t.Receive(buf, i == 1)
		switch {
		case err == nil:
			r.arrived++
		case errors.Is(err, netlink.ENOBUFS):
			r.errors++
			r.errorFirst = r.arrived == 0
			s.fact("receive %d: %s, %v", i, netlink.ENOBUFS.Name(), netlink.ENOBUFS)
		case errors.Is(err, netlink.EAGAIN):
			s.fact("receive %d: %s, the queue is empty; a blocking receive would wait here", i, netlink.EAGAIN.Name())
			return r, nil
		default:
			return r, err
		}
	}
}

// correctReader takes loss as a part of the stream.
func correctReader(ctx context.Context, s *session, c *netlink.Conn) error {
	s.explain("A correct reader: on ENOBUFS it drains the queue to EAGAIN (until then everything is dropped anyway), reads the exact " +
		"number of losses from SO_MEMINFO, and then asks for the state anew, because what it knows is no longer true. " +
		"netlink.Subscription does the first two and yields the loss as an event between the messages; the third is the " +
		"program's, which alone knows what to ask for.")
	before, err := total(ctx, c)
	if err != nil {
		return err
	}
	l, err := s.subscribePlain("reader", netlink.Options{ReceiveBuffer: smallBuffer})
	if err != nil {
		return err
	}
	defer l.Close()
	arrived, lost, err := s.burst(ctx, c, l)
	if err != nil {
		return err
	}
	s.explain("Resync: ask the kernel side for its state, here how many it has sent.")
	after, err := total(ctx, c)
	if err != nil {
		return err
	}
	s.fact("%d sent = %d received + %d lost: every message is accounted for", after-before, arrived, lost)
	if arrived+lost != after-before || lost == 0 {
		return fmt.Errorf("%d received and %d lost, but %d sent", arrived, lost, after-before)
	}
	if err := s.broadcast(ctx, c, 1, burstSize); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	ev, err := l.Receive(ctx)
	if err != nil || ev.Overrun {
		return fmt.Errorf("after the overrun: expected the next broadcast, got overrun %v, error %w", ev.Overrun, err)
	}
	s.fact("the queue is empty again and the next broadcast arrives: the subscription goes on")
	return nil
}

// drain receives all there is.
func (s *session) drain(l *netlink.Subscription) (arrived, lost int, err error) {
	for {
		ev, ok, err := l.TryReceive()
		switch {
		case err != nil || !ok:
			return arrived, lost, err
		case ev.Overrun:
			lost += int(ev.Lost)
			s.add(Event{Kind: Overrun, From: kernelName, To: "reader", Lost: ev.Lost,
				Text: fmt.Sprintf("%d arrived, then %d were lost", arrived, ev.Lost)})
		default:
			arrived++
		}
	}
}

// total asks how many broadcasts the kernel side has sent.
func total(ctx context.Context, c *netlink.Conn) (int, error) {
	text, err := ask(ctx, c, typeCount, "")
	if err != nil {
		return 0, fmt.Errorf("asking for the number of broadcasts: %w", err)
	}
	return strconv.Atoi(text)
}

// burst has the kernel side send a burst and reads what a listener got of it.
func (s *session) burst(ctx context.Context, c *netlink.Conn, l *netlink.Subscription) (arrived, lost int, err error) {
	if err := s.broadcast(ctx, c, burst, burstSize); err != nil {
		return 0, 0, err
	}
	return s.drain(l)
}

// largeReader has room for the burst.
func largeReader(ctx context.Context, s *session, c *netlink.Conn) error {
	s.explain(fmt.Sprintf("And a buffer that fits the burst: %d bytes. It makes loss rarer, never impossible; the reader stays "+
		"the same.", largeBuffer))
	// Not shown message by message.
	l, err := netlink.Subscribe(PlainProtocol, &netlink.Options{Via: s.side.Opener(), ReceiveBuffer: largeBuffer}, PlainGroup)
	if err != nil {
		return err
	}
	defer l.Close()
	arrived, lost, err := s.burst(ctx, c, l)
	if err != nil {
		return err
	}
	s.fact("%d arrived, %d lost", arrived, lost)
	if arrived != burst || lost != 0 {
		return fmt.Errorf("with the large buffer: %d arrived and %d lost, expected %d and 0", arrived, lost, burst)
	}
	s.done("loss is data: count it, resync, go on")
	return nil
}
