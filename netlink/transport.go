package netlink

import (
	"time"

	"github.com/nlkit/nlkit/wire"
)

// Transport is one Netlink socket, real or not: what [Conn] and [Subscription]
// stand on. The live kernel's socket, the simulated kernel's (package sim) and
// recordings implement it.
//
// Errors are [Errno] where Linux would return an error number, os.ErrClosed
// after Close, and os.ErrDeadlineExceeded once the read deadline has passed.
// Receive is called by one goroutine at a time; the rest may be called at any
// time from any goroutine.
type Transport interface {
	// Send hands one datagram over. It never waits: EAGAIN says that the
	// receiver's queue is full. The kernel works a request off inside this
	// call. The bytes are the caller's again when it returns.
	Send(datagram []byte, to Address) error

	// Receive reads one datagram into buf. With wait false it returns EAGAIN
	// where nothing is queued. ENOBUFS says that datagrams were dropped; those
	// queued before stay queued. A kernel's dump goes on whenever a datagram is
	// read, so that with an empty queue none is in progress.
	Receive(buf []byte, wait bool) (Datagram, error)

	// SetReadDeadline makes a Receive that waits, or is waiting already, return
	// os.ErrDeadlineExceeded from t on. The zero time removes it. A Receive that
	// does not wait may disregard it.
	SetReadDeadline(t time.Time) error

	// Join and Leave change the membership in the multicast group of the given
	// number, 1 and up.
	Join(group uint32) error
	Leave(group uint32) error

	// MemInfo reads the state of the receive queue.
	MemInfo() (MemInfo, error)

	// Port returns the port id this socket is bound to.
	Port() uint32
	// Protocol returns the protocol it was opened for.
	Protocol() wire.Protocol
	// Close closes the socket and wakes a waiting Receive.
	Close() error
}

// Address is where a datagram goes.
type Address struct {
	Port  uint32 // 0 is the kernel
	Group uint32 // number of a multicast group to send to as well, 1 to 32, or 0
}

// Datagram says what Receive has read.
type Datagram struct {
	N       int    // bytes now in the buffer
	Len     int    // bytes the datagram had; more than N if the buffer was too small
	Port    uint32 // the true sender, as the kernel knows it; 0 is the kernel
	Group   uint32 // number of the multicast group it was sent to, 0 for unicast
	NSID    int32  // id of the network namespace it came from, where HasNSID
	HasNSID bool   // only with Options.ListenAllNSID, and not for the own namespace
}

// MemInfo is the part of SO_MEMINFO that tells about the receive queue.
type MemInfo struct {
	Queued uint32 // bytes accounted to the receive queue now
	Limit  uint32 // bytes at which it is full
	Drops  uint32 // datagrams dropped since the socket was opened; wraps around
}

// Opener opens transports: the live kernel's sockets or those of a simulated
// kernel.
type Opener interface {
	Open(protocol wire.Protocol, o *Options) (Transport, error)
}

// Open opens a transport by o, which may be nil.
func Open(protocol wire.Protocol, o *Options) (Transport, error) {
	if o == nil {
		o = &Options{}
	}
	var t Transport
	var err error
	if o.Via != nil {
		t, err = o.Via.Open(protocol, o)
	} else {
		t, err = openSocket(protocol, o)
	}
	if err != nil {
		return nil, err
	}
	if o.Tap != nil {
		t = &tap{Transport: t, fn: o.Tap}
	}
	return t, nil
}

// Direction says which way a tapped datagram went.
type Direction uint8

// The directions.
const (
	Sent     Direction = iota + 1 // to the kernel or a peer
	Received                      // from the kernel or a peer
)

// tap shows every datagram to a function.
type tap struct {
	Transport
	fn func(Direction, []byte)
}

func (t *tap) Send(b []byte, to Address) error {
	t.fn(Sent, b)
	return t.Transport.Send(b, to)
}

func (t *tap) ReceiveBurst(buf []byte, list []Datagram) (int, error) {
	n, err := receiveBurst(t.Transport, buf, list)
	size := len(buf) / len(list)
	for i := range list[:n] {
		t.fn(Received, buf[i*size:i*size+list[i].N])
	}
	return n, err
}

func (t *tap) Receive(buf []byte, wait bool) (Datagram, error) {
	d, err := t.Transport.Receive(buf, wait)
	if err == nil {
		t.fn(Received, buf[:d.N])
	}
	return d, err
}
