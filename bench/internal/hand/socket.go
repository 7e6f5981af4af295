//go:build linux

// Package hand is the yardstick: the receive loop a careful programmer would
// write for one purpose. A non-blocking Netlink socket in Go's poller, the bare
// system calls, one reused buffer, no allocation. What a general library costs
// more than this is what it costs.
//
// The system calls tell the scheduler (Syscall, not RawSyscall): a Netlink
// request may wait for a kernel lock, and a loop that then blocked a whole
// processor would be fast in a benchmark only.
package hand

import (
	"encoding/binary"
	"fmt"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// BufferSize is the size of the receive buffer: the largest datagram the kernel
// makes of a dump fits.
const BufferSize = 32 << 10

// Socket is a NETLINK_ROUTE socket. It is for one goroutine at a time.
type Socket struct {
	file *os.File
	raw  syscall.RawConn
	recv func(fd uintptr) bool // made once: a closure per call would be an allocation
	send func(fd uintptr) bool

	buf  []byte
	out  []byte
	n    int
	err  unix.Errno
	from unix.RawSockaddrNetlink
	iov  unix.Iovec
	msg  unix.Msghdr
	seq  uint32
}

// Open opens a socket in the current network namespace and joins the groups.
func Open(groups ...int) (*Socket, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.NETLINK_ROUTE)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	if err := prepare(fd, groups); err != nil {
		unix.Close(fd)
		return nil, err
	}
	s := &Socket{file: os.NewFile(uintptr(fd), "netlink"), buf: make([]byte, BufferSize)}
	if s.raw, err = s.file.SyscallConn(); err != nil {
		s.file.Close()
		return nil, err
	}
	s.iov.Base = &s.buf[0]
	s.iov.SetLen(len(s.buf))
	s.msg.Iov = &s.iov
	s.msg.SetIovlen(1)
	s.msg.Name = (*byte)(unsafe.Pointer(&s.from))
	s.recv = s.recvmsg
	s.send = s.sendto
	return s, nil
}

func prepare(fd int, groups []int) error {
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return os.NewSyscallError("bind", err)
	}
	// The same options nlkit sets, so that the kernel has the same work.
	for _, opt := range []int{unix.NETLINK_EXT_ACK, unix.NETLINK_CAP_ACK, unix.NETLINK_GET_STRICT_CHK} {
		if err := unix.SetsockoptInt(fd, unix.SOL_NETLINK, opt, 1); err != nil {
			return os.NewSyscallError("setsockopt", err)
		}
	}
	for _, g := range groups {
		if err := unix.SetsockoptInt(fd, unix.SOL_NETLINK, unix.NETLINK_ADD_MEMBERSHIP, g); err != nil {
			return os.NewSyscallError("setsockopt NETLINK_ADD_MEMBERSHIP", err)
		}
	}
	return nil
}

// Close closes the socket.
func (s *Socket) Close() error { return s.file.Close() }

func (s *Socket) recvmsg(fd uintptr) bool {
	s.msg.Namelen = unix.SizeofSockaddrNetlink
	n, _, e := unix.Syscall(unix.SYS_RECVMSG, fd, uintptr(unsafe.Pointer(&s.msg)), 0)
	s.n, s.err = int(n), e
	return e != unix.EAGAIN
}

func (s *Socket) sendto(fd uintptr) bool {
	_, _, e := unix.Syscall6(unix.SYS_SENDTO, fd, uintptr(unsafe.Pointer(&s.out[0])), uintptr(len(s.out)), 0, 0, 0)
	s.err = e
	return e != unix.EAGAIN
}

// Receive waits for a datagram of the kernel's and returns it. The bytes are
// the socket's until the next Receive.
func (s *Socket) Receive() ([]byte, error) {
	for {
		if err := s.raw.Read(s.recv); err != nil {
			return nil, err
		}
		switch {
		case s.err == unix.EINTR:
			continue
		case s.err != 0:
			return nil, os.NewSyscallError("recvmsg", s.err)
		case s.msg.Flags&unix.MSG_TRUNC != 0:
			return nil, fmt.Errorf("datagram larger than %d bytes", len(s.buf))
		case s.from.Pid != 0:
			continue // not the kernel
		}
		return s.buf[:s.n], nil
	}
}

// Send sends a datagram to the kernel.
func (s *Socket) Send(b []byte) error {
	s.out = b
	if err := s.raw.Write(s.send); err != nil {
		return err
	}
	if s.err != 0 {
		return os.NewSyscallError("sendto", s.err)
	}
	return nil
}

// NextSeq returns a fresh sequence number.
func (s *Socket) NextSeq() uint32 {
	s.seq++
	return s.seq
}

// Next cuts the first message off a datagram. It returns nil at the end and at
// malformed bytes.
func Next(b []byte) (msg, rest []byte) {
	if len(b) < unix.NLMSG_HDRLEN {
		return nil, nil
	}
	n := binary.NativeEndian.Uint32(b)
	if n < unix.NLMSG_HDRLEN || uint64(n) > uint64(len(b)) {
		return nil, nil
	}
	return b[:n], b[min((int(n)+3)&^3, len(b)):]
}

// Errno returns the error number of an NLMSG_ERROR or NLMSG_DONE message, or 0.
func Errno(msg []byte) unix.Errno {
	if len(msg) < unix.NLMSG_HDRLEN+4 {
		return 0
	}
	return unix.Errno(-int32(binary.NativeEndian.Uint32(msg[unix.NLMSG_HDRLEN:])))
}
