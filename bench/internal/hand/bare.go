//go:build linux

package hand

import (
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Bare is a NETLINK_ROUTE socket outside Go's poller, for the system calls
// alone: what is left when a library costs nothing.
type Bare struct {
	fd  int
	buf []byte
}

// OpenBare opens a blocking socket in the current network namespace.
func OpenBare() (*Bare, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	if err := prepare(fd, nil); err != nil {
		unix.Close(fd)
		return nil, err
	}
	return &Bare{fd: fd, buf: make([]byte, BufferSize)}, nil
}

// Close closes the socket.
func (s *Bare) Close() error { return unix.Close(s.fd) }

// Exchange sends a request and reads as many datagrams as it is known to be
// answered with. It looks at none of them.
func (s *Bare) Exchange(req []byte, replies int) error {
	_, _, e := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(s.fd), uintptr(unsafe.Pointer(&req[0])), uintptr(len(req)), 0, 0, 0)
	if e != 0 {
		return os.NewSyscallError("sendto", e)
	}
	for range replies {
		_, _, e := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(s.fd), uintptr(unsafe.Pointer(&s.buf[0])), uintptr(len(s.buf)), 0, 0, 0)
		if e != 0 {
			return os.NewSyscallError("recvfrom", e)
		}
	}
	return nil
}
