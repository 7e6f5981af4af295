package sim

import (
	"maps"
	"os"
	"slices"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Faults decide where a kernel goes wrong: see [Kernel.SetFaults]. All of them are
// what Linux does when memory is short or somebody else is faster, and what a program
// has to bear. A nil function is no fault.
//
// The functions are called from the goroutines that send, receive and multicast, from
// several at once, and some with locks of the kernel held: they must not use the
// kernel nor its sockets.
type Faults struct {
	// Drop has a datagram lost on its way from the kernel to a socket, as if its
	// receive queue had no room for it: the next receive is ENOBUFS, and until the
	// queue has been read empty nothing is queued. group is 0 for replies and
	// acknowledgements. The datagrams of dumps are not asked about: in Linux they
	// wait for room.
	Drop func(port, group uint32) bool
	// Refuse answers a request with an error before its handler sees it: EBUSY,
	// ENOMEM, EINTR, ... In generic netlink the type in the request's header is the
	// family's id.
	Refuse func(r *Request) error
	// Interrupt tells that a table has changed while it is dumped: the next message
	// carries NLM_F_DUMP_INTR. It is asked for each datagram of a dump.
	Interrupt func(r *Request) bool
	// Break ends a dump with an error, which comes with NLMSG_DONE behind the
	// entries that were dumped so far. It is asked for each datagram of a dump.
	Break func(r *Request) error
}

// SetFaults has the kernel go wrong from now on as f says, which must not be changed
// afterwards; nil ends that.
func (k *Kernel) SetFaults(f *Faults) { k.faults.Store(f) }

// drops reports whether a datagram is to be lost.
func (k *Kernel) drops(port, group uint32) bool {
	f := k.faults.Load()
	return f != nil && f.Drop != nil && f.Drop(port, group)
}

// refuses returns the error that a request is to be refused with.
func (k *Kernel) refuses(r *Request) error {
	f := k.faults.Load()
	if f == nil || f.Refuse == nil {
		return nil
	}
	if r.sock.proto.number == wire.Generic && len(r.msg) >= wire.HeaderLen+genetlink.HeaderLen {
		r.cmd = r.msg[wire.HeaderLen] // what the handler will find as well
	}
	return f.Refuse(r)
}

// spoil applies the faults to the next datagram of a dump.
func (d *dump) spoil() {
	f := d.req.kernel.faults.Load()
	if f == nil || d.ended || d.req.sock == nil {
		return
	}
	if f.Interrupt != nil && f.Interrupt(d.req) {
		d.req.interrupted = true
	}
	if f.Break != nil {
		if err := f.Break(d.req); err != nil {
			d.finish(d.req.explain(err))
		}
	}
}

// Kill breaks the socket of a port: whatever is asked of it from now on, and what
// waits in it, is err. Its owner has to close it. Linux does not do this to a
// socket; it is for tests of what a program does when it loses one. A port
// that nobody has is ECONNREFUSED.
func (k *Kernel) Kill(p wire.Protocol, port uint32, err netlink.Errno) error {
	proto, e := k.protocol(p)
	if e != nil {
		return e
	}
	s := k.lookup(proto, port)
	if s == nil {
		return netlink.ECONNREFUSED
	}
	// It is broken before it is out of the tables, for the reason that socket.Close has.
	s.mu.Lock()
	s.killed = err
	s.wake.Broadcast()
	s.mu.Unlock()
	k.detach(s)
	return nil
}

// Ports lists the port ids of the sockets of a protocol, in order: those that
// [Kernel.Kill] can break.
func (k *Kernel) Ports(p wire.Protocol) []uint32 {
	proto, err := k.protocol(p)
	if err != nil {
		return nil
	}
	k.mu.RLock()
	defer k.mu.RUnlock()
	return slices.Sorted(maps.Keys(proto.ports))
}

// broken returns why a socket is of no use: it was closed or killed. s.mu is held.
func (s *socket) broken() error {
	switch {
	case s.closed:
		return os.ErrClosed
	case s.killed != 0:
		return s.killed
	}
	return nil
}

// state is broken for those who do not hold s.mu.
func (s *socket) state() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.broken()
}
