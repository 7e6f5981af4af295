package netlink

import (
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/wire"
)

// The wrappers of package unix allocate an address for every message. These
// calls keep their arguments in structures that live as long as the socket, and
// hand the poller functions that were made once.

// controlLen is room for the group and the namespace id, in bytes.
const controlLen = 64

// receiveCall is a recvmsg with its arguments and results.
type receiveCall struct {
	msg     unix.Msghdr
	iov     unix.Iovec
	from    unix.RawSockaddrNetlink
	control [controlLen]byte

	wait  bool
	n     int
	errno syscall.Errno
	call  func(fd uintptr) bool

	// dumps keeps the order of a dump's datagrams. Linux makes the first inside
	// the send call, and each further one inside a receive call; where the two
	// run at the same time it can queue a further one, even the end, before the
	// first (netlink_dump queues after it has released its lock).
	dumps sync.Mutex
}

func (r *receiveCall) init() {
	r.msg.Name = (*byte)(unsafe.Pointer(&r.from))
	r.msg.Iov = &r.iov
	r.msg.SetIovlen(1)
	r.msg.Control = &r.control[0]
	r.call = r.try
}

// try makes one call and reports whether the poller need not wait for more.
func (r *receiveCall) try(fd uintptr) bool {
	for {
		r.msg.Namelen = unix.SizeofSockaddrNetlink
		r.msg.SetControllen(len(r.control))
		r.msg.Flags = 0
		// MSG_TRUNC makes the kernel return the datagram's full length.
		r.dumps.Lock()
		n, _, errno := unix.Syscall(unix.SYS_RECVMSG, fd, uintptr(unsafe.Pointer(&r.msg)), unix.MSG_TRUNC|unix.MSG_DONTWAIT)
		r.dumps.Unlock()
		if errno == unix.EINTR {
			continue
		}
		r.n, r.errno = int(n), errno
		return errno != unix.EAGAIN || !r.wait
	}
}

func (s *socket) Receive(buf []byte, wait bool) (Datagram, error) {
	r := &s.rx
	if len(buf) > 0 {
		r.iov.Base = &buf[0]
	}
	r.iov.SetLen(len(buf))
	r.wait = wait
	err := s.read(wait)
	r.iov.Base = nil
	if err != nil {
		return Datagram{}, s.fileError(err)
	}
	if r.errno != 0 {
		return Datagram{}, Errno(r.errno)
	}
	d := Datagram{N: min(r.n, len(buf)), Len: r.n, Port: r.from.Pid}
	if r.msg.Controllen > 0 {
		parseControl(r.control[:min(int(r.msg.Controllen), controlLen)], &d)
	}
	return d, nil
}

// read makes the call, in the poller if it is to wait.
func (s *socket) read(wait bool) error {
	if !wait {
		return s.conn.Read(s.rx.call)
	}
	conn, err := s.waiting.open(s.conn)
	if err != nil {
		return err
	}
	return conn.Read(s.rx.call)
}

// parseControl reads the control messages by hand: the wrapper allocates.
func parseControl(b []byte, d *Datagram) {
	for len(b) >= unix.SizeofCmsghdr {
		h := (*unix.Cmsghdr)(unsafe.Pointer(&b[0]))
		n := int(h.Len)
		if n < unix.SizeofCmsghdr || n > len(b) {
			return
		}
		data := b[unix.CmsgLen(0):n]
		if h.Level == unix.SOL_NETLINK && len(data) >= 4 {
			value := *(*uint32)(unsafe.Pointer(&data[0]))
			switch h.Type {
			case unix.NETLINK_PKTINFO:
				d.Group = value
			case unix.NETLINK_LISTEN_ALL_NSID:
				d.NSID, d.HasNSID = int32(value), true
			}
		}
		b = b[min(unix.CmsgSpace(len(data)), len(b)):]
	}
}

// sendCall is a sendto with its arguments and results. Several goroutines may
// send at once, each with one of these.
type sendCall struct {
	buf   []byte
	to    unix.RawSockaddrNetlink
	errno syscall.Errno
	call  func(fd uintptr)
}

var sendCalls = sync.Pool{New: func() any {
	c := &sendCall{}
	c.call = c.try
	return c
}}

func (c *sendCall) try(fd uintptr) {
	for {
		_, _, c.errno = unix.Syscall6(unix.SYS_SENDTO, fd,
			uintptr(unsafe.Pointer(unsafe.SliceData(c.buf))), uintptr(len(c.buf)), unix.MSG_DONTWAIT,
			uintptr(unsafe.Pointer(&c.to)), unix.SizeofSockaddrNetlink)
		if c.errno != unix.EINTR {
			return
		}
	}
}

func (s *socket) Send(datagram []byte, to Address) error {
	c := sendCalls.Get().(*sendCall)
	defer sendCalls.Put(c)
	c.to = unix.RawSockaddrNetlink{Family: unix.AF_NETLINK, Pid: to.Port}
	if to.Group != 0 {
		if to.Group > 32 {
			// The address holds a mask of 32 groups and no more.
			return EINVAL
		}
		c.to.Groups = 1 << (to.Group - 1)
	}
	c.buf = datagram
	// Of a request that is no dump the two bits mean something else, and the
	// lock does no harm.
	if wire.Message(datagram).Flags().Has(wire.Request | wire.Dump) {
		s.rx.dumps.Lock()
		defer s.rx.dumps.Unlock()
	}
	// Control, unlike Write, lets several goroutines into the kernel at once.
	err := s.conn.Control(c.call)
	c.buf = nil
	if err != nil {
		return s.fileError(err)
	}
	if c.errno != 0 {
		return Errno(c.errno)
	}
	return nil
}
