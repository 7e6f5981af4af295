package netlink

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// burstCall is a recvmmsg with its arguments and results.
type burstCall struct {
	msgs    [burstLen]messageHeader
	iovs    [burstLen]unix.Iovec
	from    [burstLen]unix.RawSockaddrNetlink
	control [burstLen][controlLen]byte

	room  int // how many there are to be
	n     int
	errno syscall.Errno
	call  func(fd uintptr) bool
}

// messageHeader is struct mmsghdr.
type messageHeader struct {
	msg unix.Msghdr
	len uint32
}

func (s *socket) newBurst() *burstCall {
	c := &burstCall{}
	for i := range c.msgs {
		m := &c.msgs[i].msg
		m.Name = (*byte)(unsafe.Pointer(&c.from[i]))
		m.Iov = &c.iovs[i]
		m.SetIovlen(1)
		m.Control = &c.control[i][0]
	}
	c.call = func(fd uintptr) bool {
		for {
			s.rx.dumps.Lock()
			// MSG_TRUNC as with recvmsg: the lengths are those of the datagrams.
			n, _, errno := unix.Syscall6(unix.SYS_RECVMMSG, fd, uintptr(unsafe.Pointer(&c.msgs)), uintptr(c.room),
				unix.MSG_TRUNC|unix.MSG_DONTWAIT, 0, 0)
			s.rx.dumps.Unlock()
			if errno != unix.EINTR {
				c.n, c.errno = int(n), errno
				return true
			}
		}
	}
	return c
}

// ReceiveBurst reads what is queued, without waiting. Where an error comes behind some
// datagrams Linux keeps it for the next call (net/socket.c, do_recvmmsg).
func (s *socket) ReceiveBurst(buf []byte, list []Datagram) (int, error) {
	if s.burst == nil {
		s.burst = s.newBurst()
	}
	c := s.burst
	list = list[:min(len(list), burstLen)]
	c.room = len(list)
	size := len(buf) / len(list)
	for i := range c.msgs[:len(list)] {
		c.iovs[i].Base = &buf[i*size]
		c.iovs[i].SetLen(size)
		m := &c.msgs[i].msg
		m.Namelen = unix.SizeofSockaddrNetlink
		m.SetControllen(controlLen)
		m.Flags = 0
	}
	err := s.conn.Read(c.call)
	if err != nil {
		return 0, s.fileError(err)
	}
	if c.errno != 0 {
		return 0, Errno(c.errno)
	}
	for i := range list[:c.n] {
		n := int(c.msgs[i].len)
		list[i] = Datagram{N: min(n, size), Len: n, Port: c.from[i].Pid}
		if k := int(c.msgs[i].msg.Controllen); k > 0 {
			parseControl(c.control[i][:min(k, controlLen)], &list[i])
		}
	}
	return c.n, nil
}
