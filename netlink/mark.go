package netlink

import (
	"sync"
	"sync/atomic"

	"github.com/nlkit/nlkit/wire"
)

// marks is how a Subscription finds a place in its stream again.
type marks struct {
	mu     sync.Mutex // makes them arrive in the order of their numbers
	buf    [wire.HeaderLen]byte
	issued atomic.Uint32 // the last one that was sent, or is about to be

	// The rest belongs to the receiver.
	come     uint32 // the last one that came
	pending  uint32 // one that has come and is not yielded yet, or 0
	reported uint32 // the last one issued when the kernel last reported loss
}

// Mark puts a mark into the stream: an Event with its number, which is never 0,
// comes behind everything that was multicast before the call. With that a reader
// knows that it has seen all that happened before. It is also a way to wake a
// goroutine that waits in Receive. Numbers ascend, and are this Subscription's own.
//
// The kernel's acknowledgement of a message that asks for nothing is the mark: it
// goes through the same queue as the events do. One that refuses, as that of
// netfilter to those without CAP_NET_ADMIN, is as good.
//
// What was lost before the mark is told before it. If the queue is full, the mark
// itself is lost, and the Overrun that tells so comes in its place: whoever waits
// for a mark waits for either.
//
// Where Options.Peer names another process, the mark is asked of that one, and
// comes behind what it has sent, if it acknowledges such messages at all; one that
// finds the queue full is not reported as loss, so that it should not be waited
// for without a limit. An Options.Filter must let messages of type 2 (NLMSG_ERROR)
// pass. A protocol without a kernel's side, such as NETLINK_USERSOCK, is
// ECONNREFUSED.
//
// Mark may be called from any goroutine.
func (s *Subscription) Mark() (seq uint32, err error) {
	m := &s.marks
	m.mu.Lock()
	defer m.mu.Unlock()
	if seq = m.issued.Load() + 1; seq == 0 {
		seq = 1
	}
	m.issued.Store(seq)
	req := wire.Header{Len: wire.HeaderLen, Type: wire.TypeNoop, Flags: wire.Request | wire.Ack, Seq: seq}.Append(m.buf[:0])
	if err := s.t.Send(req, Address{Port: s.peer}); err != nil {
		return 0, err
	}
	return seq, nil
}

// arrived reports whether a message is a mark that was waited for, and then has it
// yielded behind the loss that lies before it.
func (s *Subscription) arrived(m wire.Message) bool {
	if m.Type() != wire.TypeError || s.last.Group != 0 {
		return false
	}
	seq, issued := m.Header().Seq, s.marks.issued.Load()
	if seq == 0 || int32(seq-s.marks.come) <= 0 || int32(issued-seq) < 0 {
		return false
	}
	s.marks.come, s.marks.pending = seq, seq
	switch {
	case s.noENOBUFS:
		// A queue that drops message by message may have had room for the mark
		// and none for an event before it.
		if s.hasDrops() {
			s.reached()
		}
	case s.congested && !s.due && int32(seq-s.marks.reported) > 0:
		// A queue that is full takes nothing until it has been read empty: the
		// loss lies before a mark that was asked for after the report.
		s.reached()
	case s.congested && !s.due:
		// The loss may lie on either side. It is told twice, before the mark and
		// where the queue ends.
		s.again = true
		s.reached()
	}
	return true
}
