package mirror

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// frail opens sockets that can be made to fail: those of the live kernel, and those
// of other openers for some protocols.
type frail struct {
	via map[wire.Protocol]netlink.Opener

	mu     sync.Mutex
	open   []*frailSocket
	opened int  // how many there were
	refuse bool // to open more
}

// frailSocket is one of its sockets.
type frailSocket struct {
	netlink.Transport
	f *frail

	dead   atomic.Int32 // an error number, for whatever is asked
	nobufs atomic.Bool  // the next receive is ENOBUFS
	unsent atomic.Int32 // an error number, for the next send
	stall  atomic.Int64 // how long the next receive takes longer
	listen atomic.Bool  // it has joined a group: an events socket
}

func (f *frail) Open(p wire.Protocol, o *netlink.Options) (netlink.Transport, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.refuse {
		return nil, netlink.ENOBUFS
	}
	own := *o
	own.Tap = nil // Open of package netlink sees to it
	if own.Via = f.via[p]; own.Via != nil {
		own.Namespace = netlink.Namespace{} // a simulated kernel has one
	}
	t, err := netlink.Open(p, &own)
	if err != nil {
		return nil, err
	}
	s := &frailSocket{Transport: t, f: f}
	f.open = append(f.open, s)
	f.opened++
	return s, nil
}

// refusing has no more sockets opened, or again.
func (f *frail) refusing(yes bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refuse = yes
}

// some returns one of the open sockets, nil where there is none.
func (f *frail) some(r *rand.Rand) *frailSocket {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.open) == 0 {
		return nil
	}
	return f.open[r.IntN(len(f.open))]
}

// sockets returns all that are open.
func (f *frail) sockets() []*frailSocket {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]*frailSocket(nil), f.open...)
}

// kill breaks the socket, and wakes whoever waits for it.
func (s *frailSocket) kill(err netlink.Errno) {
	if s.dead.CompareAndSwap(0, int32(err)) {
		s.Transport.Close()
	}
}

// fate is what the socket was killed with, or else err.
func (s *frailSocket) fate(err error) error {
	if n := s.dead.Load(); n != 0 {
		return netlink.Errno(n)
	}
	return err
}

func (s *frailSocket) Receive(buf []byte, wait bool) (netlink.Datagram, error) {
	if d := s.stall.Swap(0); d > 0 {
		time.Sleep(time.Duration(d))
	}
	if s.nobufs.Swap(false) {
		return netlink.Datagram{}, netlink.ENOBUFS
	}
	d, err := s.Transport.Receive(buf, wait)
	if err != nil {
		err = s.fate(err)
	}
	return d, err
}

func (s *frailSocket) ReceiveBurst(buf []byte, list []netlink.Datagram) (int, error) {
	if d := s.stall.Swap(0); d > 0 {
		time.Sleep(time.Duration(d))
	}
	if s.nobufs.Swap(false) {
		return 0, netlink.ENOBUFS
	}
	n, err := receiveBurst(s.Transport, buf, list)
	if err != nil && err != netlink.ENOSYS {
		err = s.fate(err)
	}
	return n, err
}

// receiveBurst is ReceiveBurst of a transport that may have it.
func receiveBurst(t netlink.Transport, buf []byte, list []netlink.Datagram) (int, error) {
	if b, ok := t.(netlink.BurstReceiver); ok {
		return b.ReceiveBurst(buf, list)
	}
	return 0, netlink.ENOSYS
}

func (s *frailSocket) Send(b []byte, to netlink.Address) error {
	if n := s.unsent.Swap(0); n != 0 {
		return netlink.Errno(n)
	}
	if err := s.Transport.Send(b, to); err != nil {
		return s.fate(err)
	}
	return nil
}

func (s *frailSocket) Join(group uint32) error {
	s.listen.Store(true)
	return s.Transport.Join(group)
}

func (s *frailSocket) Close() error {
	s.f.mu.Lock()
	for i, o := range s.f.open {
		if o == s {
			s.f.open = append(s.f.open[:i], s.f.open[i+1:]...)
			break
		}
	}
	s.f.mu.Unlock()
	err := s.Transport.Close()
	if s.dead.Load() != 0 {
		return nil
	}
	return err
}

// mishaps are what can be done to a socket.
var mishaps = []struct {
	name string
	do   func(s *frailSocket, r *rand.Rand)
}{
	{"killed with EIO", func(s *frailSocket, _ *rand.Rand) { s.kill(netlink.EIO) }},
	{"killed with ECONNRESET", func(s *frailSocket, _ *rand.Rand) { s.kill(netlink.ECONNRESET) }},
	{"loss reported", func(s *frailSocket, _ *rand.Rand) { s.nobufs.Store(true) }},
	{"a request not sent", func(s *frailSocket, _ *rand.Rand) { s.unsent.Store(int32(netlink.ENOBUFS)) }},
	{"stalled", func(s *frailSocket, r *rand.Rand) {
		s.stall.Store(int64(time.Duration(1+r.IntN(60)) * time.Millisecond))
	}},
}
