package sim

import (
	"os"
	"slices"
	"sync"
	"time"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// socket is one socket of the simulated kernel; it is the netlink.Transport that
// Open returns.
type socket struct {
	kernel *Kernel
	proto  *protocol
	port   uint32
	admin  bool // may do what needs CAP_NET_ADMIN

	strict, extAck, capAck, broadcastError bool
	sendLimit                              int // sk_sndbuf

	groups map[uint32]bool // guarded by kernel.mu

	mu      sync.Mutex
	wake    sync.Cond // the queue, the deadline or closed has changed
	queue   queue
	closed  bool
	killed  netlink.Errno // what everything is answered with, 0 while all is well
	expired bool          // the read deadline has passed
	timer   *time.Timer   // of the read deadline, or nil
	largest int           // largest buffer seen in Receive, at most maxDump
	dump    *dump         // under way, or nil
}

var _ netlink.Transport = (*socket)(nil)

func newSocket(k *Kernel, proto *protocol, port uint32, o *netlink.Options, admin bool) *socket {
	s := &socket{
		kernel: k, proto: proto, port: port, admin: admin,
		strict: !o.NoStrict, extAck: !o.NoExtAck, capAck: !o.NoCapAck, broadcastError: o.BroadcastError,
		sendLimit: bufferSize(o.SendBuffer, minSend, admin),
		groups:    make(map[uint32]bool),
	}
	s.wake.L = &s.mu
	s.queue.limit = bufferSize(o.ReceiveBuffer, minReceive, admin)
	s.queue.silent = o.NoENOBUFS
	return s
}

func (s *socket) Port() uint32            { return s.port }
func (s *socket) Protocol() wire.Protocol { return s.proto.number }

// Send does what sendmsg does: a copy to the group, if there is one, and then
// one to the port, 0 being the kernel. Only the latter's outcome is reported,
// so that a multicast with port 0 is ECONNREFUSED where there is no kernel
// side, after it was delivered.
func (s *socket) Send(b []byte, to netlink.Address) error {
	if err := s.state(); err != nil {
		return err
	}
	if to.Group > 32 {
		return netlink.EINVAL // the address holds a mask of 32 groups
	}
	if (to.Port != 0 || to.Group != 0) && !s.admin && !s.proto.UnprivilegedSend {
		return netlink.EPERM
	}
	if len(b) == 0 {
		return netlink.ENODATA
	}
	if len(b) > s.sendLimit-sendOverhead {
		return netlink.EMSGSIZE
	}
	if to.Group != 0 {
		// The sender and the port that gets its own copy are left out.
		s.kernel.multicast(s.proto, datagram{
			bytes: slices.Clone(b), charge: charge(len(b)), port: s.port, group: to.Group,
		}, s, to.Port)
	}
	if to.Port == 0 {
		return s.proto.toKernel(s, b)
	}
	peer := s.kernel.lookup(s.proto, to.Port)
	if peer == nil {
		return netlink.ECONNREFUSED
	}
	d := datagram{bytes: slices.Clone(b), charge: chargeUnicast(len(b)), port: s.port, group: to.Group}
	if to.Group != 0 {
		d.charge = charge(len(b)) // the same memory as the multicast's
	}
	return peer.accept(d)
}

// accept queues a user's unicast or says EAGAIN: nothing is dropped, the sender
// keeps it.
func (s *socket) accept(d datagram) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed || s.killed != 0:
		return netlink.ECONNREFUSED
	case !s.queue.fits(d.charge):
		return netlink.EAGAIN
	}
	s.queue.push(d)
	s.wake.Broadcast()
	return nil
}

// deliver queues what the kernel sends, or drops it, counts that and says EAGAIN. A
// socket that is about to leave the tables is ECONNREFUSED, as one that has left them.
func (s *socket) deliver(d datagram) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.killed != 0 {
		return netlink.ECONNREFUSED
	}
	defer s.wake.Broadcast() // for the error as well
	if !s.queue.fits(d.charge) || s.kernel.drops(s.port, d.group) {
		s.queue.overrun()
		return netlink.EAGAIN
	}
	s.queue.push(d)
	return nil
}

// Receive reads a datagram and, where a dump is under way and the queue is at
// most half full, makes its next one: a dump goes as fast as it is read.
func (s *socket) Receive(buf []byte, wait bool) (netlink.Datagram, error) {
	d, dump, err := s.receive(buf, wait)
	if dump != nil {
		errno := s.continueDump(dump)
		s.mu.Lock()
		if errno != 0 {
			s.queue.err = errno
		}
		s.queue.read()
		s.mu.Unlock()
	}
	return d, err
}

// receive returns the dump whose next datagram is to be made, if any: it is then
// the caller's.
func (s *socket) receive(buf []byte, wait bool) (d netlink.Datagram, next *dump, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case s.closed || s.killed != 0:
			return d, nil, s.broken()
		case s.expired:
			return d, nil, os.ErrDeadlineExceeded
		case s.queue.err != 0:
			err, s.queue.err = s.queue.err, 0
			s.queue.read()
			return d, nil, err
		case s.queue.count > 0:
			got := s.queue.pop()
			s.largest = max(s.largest, min(len(buf), maxDump))
			d = netlink.Datagram{N: copy(buf, got.bytes), Len: len(got.bytes), Port: got.port, Group: got.group}
			// A dump that is being made, be it by a handler further up that has
			// called this, needs no push.
			if s.dump == nil || s.dump.making || s.queue.used > s.queue.limit/2 {
				s.queue.read()
				return d, nil, nil
			}
			s.dump.making = true
			s.dump.turn++
			return d, s.dump, nil
		case !wait:
			s.queue.read()
			return d, nil, netlink.EAGAIN
		}
		s.wake.Wait()
	}
}

// SetReadDeadline holds for every Receive, as it does for a real socket: also for
// one that does not wait, and with datagrams queued.
func (s *socket) SetReadDeadline(t time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.broken(); err != nil {
		return err
	}
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
	s.expired = false
	if t.IsZero() {
		return nil
	}
	left := time.Until(t)
	if left <= 0 {
		s.expired = true
		s.wake.Broadcast()
		return nil
	}
	var own *time.Timer
	own = time.AfterFunc(left, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		// A timer that was replaced may still have fired.
		if s.timer == own {
			s.expired = true
			s.wake.Broadcast()
		}
	})
	s.timer = own
	return nil
}

// MemInfo reads what SO_MEMINFO tells of the receive queue.
func (s *socket) MemInfo() (netlink.MemInfo, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.broken(); err != nil {
		return netlink.MemInfo{}, err
	}
	return netlink.MemInfo{Queued: uint32(s.queue.used), Limit: uint32(s.queue.limit), Drops: s.queue.drops}, nil
}

// Close wakes the socket's reader, takes the socket out of the tables and ends a dump
// under way; one that is being made at this moment ends when its datagram is
// complete. Closing twice is os.ErrClosed and otherwise harmless.
//
// It is closed before it is out of the tables: a reader would take answers that find no
// port any more for answers that were never sent.
func (s *socket) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return os.ErrClosed
	}
	s.closed = true
	s.queue.ring, s.queue.count, s.queue.used = nil, 0, 0
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
	s.wake.Broadcast()
	s.mu.Unlock()
	s.kernel.detach(s)
	s.releaseDump()
	return nil
}
