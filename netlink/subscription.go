package netlink

import (
	"context"
	"fmt"
	"iter"
	"os"
	"sync"
	"sync/atomic"

	"github.com/nlkit/nlkit/wire"
)

// Event is one step of a subscription: a message, the news that messages were lost,
// or a mark.
type Event struct {
	// Message is what was multicast; nil in an overrun and with a mark. It is
	// borrowed until the next step.
	Message wire.Message
	// Group is the number of the group it was sent to, 0 for unicast.
	Group uint32
	// From is the sender's port id: 0, the kernel, or Options.Peer.
	From uint32
	// NSID is the id of the namespace it came from, where HasNSID: see
	// Options.ListenAllNSID.
	NSID    int32
	HasNSID bool

	// Mark is the number of a mark that the stream has come to, 0 for none: see
	// [Subscription.Mark].
	Mark uint32

	// Overrun says that messages were lost between the step before and the
	// next one: whoever keeps a copy of the kernel's state has to read it anew.
	Overrun bool
	// Lost is how many: exact in sum over all events. It is 0 where the event
	// before had already told of them, because loss followed loss, and where
	// the kernel ran out of memory without counting. A datagram that was
	// malformed or larger than the receive buffer counts as one message,
	// however many it held.
	Lost uint64
}

// Subscription receives what is multicast to groups, on a socket of its own.
//
// Loss is part of the stream. When the receive queue overflows, the kernel
// keeps what is queued, drops everything after it until the queue has been read
// empty, and counts. A Subscription yields what was queued, then one Event with
// Overrun set and the exact count, and goes on.
//
// Receive, TryReceive, Events and Congested are for one goroutine at a time; Join, Leave,
// Mark, Port, Stats, MemInfo and Close may be called from any.
type Subscription struct {
	t    Transport
	peer uint32
	rx   receiver

	buf   []byte
	burst burst
	rest  []byte // messages of the last datagram that are not yet yielded
	last  Datagram
	extra uint64 // messages lost on this side, not yet told

	// congested says that the kernel reported ENOBUFS: messages are lost behind
	// those that are queued. again says that it reported it twice, without the
	// queue having been seen empty.
	congested, again bool
	ahead            int64 // bytes of the queue before the place of the loss, at most
	// due says that the place of the loss is reached when rest is empty. drops
	// is the kernel's counter there, told what of it was told.
	due         bool
	drops, told uint32

	noENOBUFS bool
	since     int   // datagrams since drops were last looked at
	noticed   bool  // there were some, to be told when what was queued then is read
	behind    int64 // bytes of that still to be read, at most

	marks marks

	mu    sync.Mutex // guards stats
	stats Stats

	closed atomic.Bool
	busy   atomic.Bool // a goroutine is receiving
}

// Subscribe opens a socket for a protocol and joins groups, by number. o may be
// nil. The Subscription must be closed.
//
// Messages sent from then on are queued, whether or not somebody receives.
func Subscribe(protocol wire.Protocol, o *Options, groups ...uint32) (*Subscription, error) {
	t, err := Open(protocol, o)
	if err != nil {
		return nil, err
	}
	s := NewSubscription(t, o)
	for _, g := range groups {
		if err := s.Join(g); err != nil {
			s.Close()
			return nil, err
		}
	}
	return s, nil
}

// NewSubscription returns a Subscription on a transport, which from then on is
// the Subscription's. Of o, which may be nil, Peer and NoENOBUFS matter.
func NewSubscription(t Transport, o *Options) *Subscription {
	s := &Subscription{t: t, rx: newReceiver(t), buf: make([]byte, bufferSize)}
	if o != nil {
		s.peer, s.noENOBUFS = o.Peer, o.NoENOBUFS
	}
	return s
}

// Join joins a group by its number.
func (s *Subscription) Join(group uint32) error {
	if err := s.t.Join(group); err != nil {
		return fmt.Errorf("join group %d of %v: %w", group, s.t.Protocol(), err)
	}
	return nil
}

// Leave leaves a group. Messages already queued still come.
func (s *Subscription) Leave(group uint32) error {
	if err := s.t.Leave(group); err != nil {
		return fmt.Errorf("leave group %d of %v: %w", group, s.t.Protocol(), err)
	}
	return nil
}

// Port returns the port id of the socket.
func (s *Subscription) Port() uint32 { return s.t.Port() }

// Stats returns what was counted so far. It may be called at any time.
func (s *Subscription) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stats
}

// count changes a counter. All of them stand for something rare.
func (s *Subscription) count(change func(*Stats)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.stats)
}

// Congested reports whether it is known that messages were lost that no Overrun has told
// of yet, because its place in the stream is not reached: what has been yielded since may
// lie behind the loss. It is for the goroutine that receives, between two steps.
func (s *Subscription) Congested() bool {
	return s.congested || s.noticed || s.due || s.extra > 0
}

// MemInfo reads the state of the receive queue. It may be called at any time.
func (s *Subscription) MemInfo() (MemInfo, error) { return s.t.MemInfo() }

// Close closes the socket. A Receive in progress returns os.ErrClosed.
func (s *Subscription) Close() error {
	s.closed.Store(true)
	err := s.t.Close()
	s.tidy()
	return err
}

// tidy stops watching a context, once closed and nobody receiving.
func (s *Subscription) tidy() {
	if s.closed.Load() && s.busy.CompareAndSwap(false, true) {
		s.rx.unwatch()
	}
}

// Events yields events until ctx ends or the socket fails, which is the last
// step's error. Breaking out is allowed at any time.
func (s *Subscription) Events(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for {
			ev, err := s.Receive(ctx)
			if !yield(ev, err) || err != nil {
				return
			}
		}
	}
}

// Receive waits for the next event. After the end of ctx the subscription goes
// on as before.
func (s *Subscription) Receive(ctx context.Context) (Event, error) {
	ev, _, err := s.receive(ctx, true)
	return ev, err
}

// TryReceive returns the next event if there is one. It never waits.
func (s *Subscription) TryReceive() (ev Event, ok bool, err error) {
	return s.receive(context.Background(), false)
}

// receive yields the next event.
func (s *Subscription) receive(ctx context.Context, wait bool) (Event, bool, error) {
	if !s.busy.CompareAndSwap(false, true) {
		if s.closed.Load() {
			return Event{}, false, os.ErrClosed
		}
		return Event{}, false, fmt.Errorf("netlink: two goroutines receive from one subscription: %w", EBUSY)
	}
	defer func() {
		s.busy.Store(false)
		s.tidy()
	}()
	for {
		// Events come as fast as they are read: waiting alone would not notice.
		if err := ctx.Err(); err != nil {
			return Event{}, false, err
		}
		if m := s.next(); m != nil && !s.arrived(m) {
			return Event{Message: m, Group: s.last.Group, From: s.last.Port, NSID: s.last.NSID, HasNSID: s.last.HasNSID}, true, nil
		}
		if ev, ok := s.overrun(); ok {
			return ev, true, nil
		}
		if seq := s.marks.pending; seq != 0 {
			s.marks.pending = 0
			return Event{Mark: seq}, true, nil
		}
		switch err := s.fill(ctx, wait); err {
		case nil:
		case EAGAIN:
			return Event{}, false, nil
		default:
			return Event{}, false, err
		}
	}
}

// next takes the next message out of the datagram at hand.
func (s *Subscription) next() wire.Message {
	for m, err := range wire.Messages(s.rest) {
		if err != nil {
			// What cannot be read is as good as lost.
			s.count(func(st *Stats) { st.Malformed++ })
			s.rest = nil
			s.extra++
			return nil
		}
		s.rest = s.rest[min(wire.Align(len(m)), len(s.rest)):]
		return m
	}
	return nil
}

// overrun makes the event that tells of loss, if there is one to be told here.
func (s *Subscription) overrun() (Event, bool) {
	lost := s.extra
	found := lost > 0
	s.extra = 0
	if s.due {
		s.due, s.noticed = false, false
		found = found || s.congested || s.drops != s.told
		lost += uint64(s.drops - s.told)
		s.told = s.drops
		s.congested, s.again = s.again, false
	}
	if found {
		s.count(func(st *Stats) { st.Lost += lost })
	}
	return Event{Overrun: found, Lost: lost}, found
}

// reached notes that the place of a loss is reached, once rest is empty.
func (s *Subscription) reached() {
	s.due = true
	if info, err := s.t.MemInfo(); err == nil {
		s.drops = info.Drops
	}
}

// dropsInterval is after how many datagrams a socket that does not report loss
// is asked for it.
const dropsInterval = 256

// minCharge is what Linux charges a datagram with beside its length, at least:
// the structures that describe it.
const minCharge = 512

// lookForDrops asks a socket that does not report loss for it. What was lost by
// now lies behind what is queued by now.
func (s *Subscription) lookForDrops() {
	if s.since++; s.since < dropsInterval || s.noticed {
		return
	}
	s.since = 0
	if info, err := s.t.MemInfo(); err == nil && info.Drops != s.told {
		s.noticed, s.drops, s.behind = true, info.Drops, int64(info.Queued)
	}
}

// fill receives the next datagram, or finds out that an overrun is due. EAGAIN
// says that there is nothing and that it is not to wait.
func (s *Subscription) fill(ctx context.Context, wait bool) error {
	if s.noENOBUFS {
		s.lookForDrops()
	}
	d, b, err := s.poll()
	if err == EAGAIN {
		if s.congested || s.noENOBUFS && s.hasDrops() {
			s.reached()
			return nil
		}
		if !wait {
			return EAGAIN
		}
		d, err = s.rx.receive(ctx, s.buf)
		b = s.buf[:d.N]
	}
	switch err {
	case nil:
		s.accept(d, b)
		return nil
	case ENOBUFS, ENOMEM:
		s.count(func(st *Stats) { st.Overruns++ })
		if s.congested {
			// A second report means that the queue was empty in between,
			// unseen: the first loss is told now, the second in its turn.
			s.again = true
			s.reached()
		}
		s.congested = true
		s.marks.reported = s.marks.issued.Load()
		if info, err := s.t.MemInfo(); err == nil {
			s.ahead = int64(info.Queued)
		}
		return nil
	}
	return err
}

func (s *Subscription) hasDrops() bool {
	info, err := s.t.MemInfo()
	return err == nil && info.Drops != s.told
}

// accept takes a datagram that has been received, whose bytes are b.
func (s *Subscription) accept(d Datagram, b []byte) {
	if s.congested {
		// The loss lies where the queue ends. That it has been empty is not seen if
		// it is being filled again; then what was queued at the report has been read
		// at some time. That it has grown proves nothing: Linux charges a datagram
		// before it finds that it is to be dropped (netlink_broadcast_deliver).
		s.ahead -= int64(d.Len) + minCharge
		if info, err := s.t.MemInfo(); err == nil && (info.Queued == 0 || s.ahead <= 0) {
			s.due, s.drops = true, info.Drops
		}
	}
	if s.noticed {
		s.behind -= int64(d.Len) + minCharge
		s.due = s.due || s.behind <= 0
	}
	if d.Port != 0 && d.Port != s.peer {
		s.count(func(st *Stats) { st.Foreign++ })
		return
	}
	if d.Len > d.N {
		s.count(func(st *Stats) { st.Truncated++ })
		s.extra++
		if size := min(2*d.Len, maxBufferSize); size > len(s.buf) {
			s.buf = make([]byte, size)
		}
		return
	}
	s.last, s.rest = d, b
}
