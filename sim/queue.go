package sim

import (
	"math/bits"

	"github.com/nlkit/nlkit/netlink"
)

// What one datagram costs of a receive buffer. The kernel does not count the
// bytes of a message but the memory it lies in: the buffer's descriptor (struct
// sk_buff), the bytes rounded up to a cache line, the bookkeeping behind them
// (struct skb_shared_info), and what the allocator rounds that up to. The numbers
// are those of x86-64, measured on Linux 6.18 with SO_MEMINFO for sizes from 1
// byte to 34,000.
const (
	skbSize    = 256 // struct sk_buff, rounded to cache lines
	sharedSize = 320 // struct skb_shared_info, rounded to cache lines
	cacheLine  = 64
	// smallHead is the size of the cache that small buffers come from. It
	// depends on the kernel's configuration; this one was measured.
	smallHead = 576
	pageSize  = 4096
	// goodSize is what fits a page beside the bookkeeping (NLMSG_GOODSIZE).
	goodSize = pageSize - sharedSize
	// maxDump is the largest datagram of a dump: 32 KiB less the bookkeeping.
	maxDump = 32768 - sharedSize
)

// Sizes of the socket buffers, in bytes, as Linux keeps them.
const (
	defaultBuffer = 212992         // net.core.rmem_default and wmem_default
	maxBuffer     = 212992         // net.core.rmem_max: what a user without rights may ask for
	minReceive    = 2048 + skbSize // SOCK_MIN_RCVBUF
	minSend       = 2 * minReceive // SOCK_MIN_SNDBUF
	sendOverhead  = 32             // what netlink leaves free of the send buffer
	maxInt32      = 1<<31 - 1
)

// bufferSize is what Linux makes of SO_RCVBUFFORCE or, without rights, SO_RCVBUF:
// twice the number, for the bookkeeping, and not below a minimum.
func bufferSize(asked, least int, admin bool) int {
	if asked <= 0 {
		return defaultBuffer
	}
	if !admin {
		asked = min(asked, maxBuffer)
	}
	return max(2*min(asked, maxInt32/2), least)
}

// charge is the cost of a datagram of n bytes that was made to measure: all that
// the kernel makes, dumps excepted, and multicasts of users. (The kernel
// often makes more room than needed, but trims a message that is less than
// half of it before it is queued.)
func charge(n int) int {
	need := (n+cacheLine-1)&^(cacheLine-1) + sharedSize
	if need <= smallHead {
		return skbSize + smallHead
	}
	return skbSize + 1<<bits.Len(uint(need-1))
}

// chargeUnicast is the cost of a datagram one user sends to another: beyond a
// page its memory is not rounded up to a power of two (it may be vmalloc'ed).
func chargeUnicast(n int) int {
	if need := (n+cacheLine-1)&^(cacheLine-1) + sharedSize; need > pageSize {
		return skbSize + need
	}
	return charge(n)
}

// datagram is one entry of a receive queue. The bytes are shared by all receivers
// of a multicast and never written to.
type datagram struct {
	bytes  []byte
	charge int
	port   uint32 // the sender's, 0 is the kernel
	group  uint32
}

// queue is a socket's receive queue. The socket's lock guards it.
type queue struct {
	ring  []datagram
	head  int
	count int

	used      int // sum of the charges (sk_rmem_alloc)
	limit     int // sk_rcvbuf
	drops     uint32
	congested bool          // dropped something, and has not been empty since
	err       netlink.Errno // reported by the next receive (sk_err)
	silent    bool          // NETLINK_NO_ENOBUFS
}

// fits is the kernel's rule: the sum with the new one may reach the limit, and one
// datagram alone may be of any size. A congested queue takes nothing at all.
func (q *queue) fits(charge int) bool {
	return !q.congested && (q.used == 0 || q.used+charge <= q.limit)
}

// overrun counts a datagram that was dropped. The first of an episode leaves
// ENOBUFS for the reader, ahead of what is queued, and closes the queue until it
// has been read empty.
func (q *queue) overrun() {
	q.drops++
	if !q.silent && !q.congested {
		q.congested = true
		q.err = netlink.ENOBUFS
	}
}

// push appends without asking whether it fits.
func (q *queue) push(d datagram) {
	if q.count == len(q.ring) {
		grown := make([]datagram, max(8, 2*q.count))
		n := copy(grown, q.ring[q.head:])
		copy(grown[n:], q.ring[:q.head])
		q.ring, q.head = grown, 0
	}
	q.ring[(q.head+q.count)%len(q.ring)] = d
	q.count++
	q.used += d.charge
}

// pop removes the oldest. There must be one.
func (q *queue) pop() datagram {
	d := q.ring[q.head]
	q.ring[q.head] = datagram{}
	q.head = (q.head + 1) % len(q.ring)
	q.count--
	q.used -= d.charge
	return d
}

// read is told after every attempt to receive, failed ones included: that is
// when the kernel looks whether the queue is empty and the episode over.
func (q *queue) read() {
	if q.count == 0 {
		q.congested = false
	}
}
