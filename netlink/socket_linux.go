package netlink

import (
	"errors"
	"fmt"
	"math"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/wire"
)

// socket is a real AF_NETLINK socket in the Go poller.
type socket struct {
	file     *os.File // owns the descriptor; not in the poller
	conn     syscall.RawConn
	protocol wire.Protocol
	port     uint32

	rx      receiveCall
	burst   *burstCall // nil until one is made
	waiting pollFile
	closed  atomic.Bool
	pktInfo sync.Once
}

func openSocket(protocol wire.Protocol, o *Options) (Transport, error) {
	var fd int
	err := inNamespace(o.Namespace, func() (err error) {
		fd, err = unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, int(protocol))
		return err
	})
	if err != nil {
		return nil, openError(protocol, err)
	}
	port, err := configure(fd, o)
	if err != nil {
		unix.Close(fd)
		return nil, openError(protocol, err)
	}
	// A blocking descriptor given to NewFile stays out of the poller: each call
	// says MSG_DONTWAIT instead.
	file := os.NewFile(uintptr(fd), protocol.String())
	conn, err := file.SyscallConn()
	if err != nil {
		file.Close()
		return nil, openError(protocol, err)
	}
	s := &socket{file: file, conn: conn, protocol: protocol, port: port}
	s.rx.init()
	return s, nil
}

func openError(protocol wire.Protocol, err error) error {
	return fmt.Errorf("open %v: %w", protocol, fromSyscall(err))
}

// configure sets the options and binds; it returns the port id.
func configure(fd int, o *Options) (uint32, error) {
	// Older kernels lack some of these; what they improve then stays as it was.
	for _, opt := range []struct {
		want bool
		name int
	}{
		{!o.NoExtAck, unix.NETLINK_EXT_ACK},
		{!o.NoCapAck, unix.NETLINK_CAP_ACK},
		{!o.NoStrict, unix.NETLINK_GET_STRICT_CHK},
	} {
		if !opt.want {
			continue
		}
		if err := unix.SetsockoptInt(fd, unix.SOL_NETLINK, opt.name, 1); err != nil && err != unix.ENOPROTOOPT {
			return 0, callError("setsockopt", err)
		}
	}
	// These were asked for: without them the caller would be misled.
	for _, opt := range []struct {
		want bool
		name int
		text string
	}{
		{o.NoENOBUFS, unix.NETLINK_NO_ENOBUFS, "NETLINK_NO_ENOBUFS"},
		{o.ListenAllNSID, unix.NETLINK_LISTEN_ALL_NSID, "NETLINK_LISTEN_ALL_NSID"},
		{o.BroadcastError, unix.NETLINK_BROADCAST_ERROR, "NETLINK_BROADCAST_ERROR"},
	} {
		if !opt.want {
			continue
		}
		if err := unix.SetsockoptInt(fd, unix.SOL_NETLINK, opt.name, 1); err != nil {
			return 0, callError(opt.text, err)
		}
	}
	if err := setBuffer(fd, "receive buffer", o.ReceiveBuffer, unix.SO_RCVBUFFORCE, unix.SO_RCVBUF); err != nil {
		return 0, err
	}
	if err := setBuffer(fd, "send buffer", o.SendBuffer, unix.SO_SNDBUFFORCE, unix.SO_SNDBUF); err != nil {
		return 0, err
	}
	if err := attachFilter(fd, o.Filter); err != nil {
		return 0, err
	}
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Pid: o.Port}); err != nil {
		return 0, callError(fmt.Sprintf("bind to port %d", o.Port), err)
	}
	sa, err := unix.Getsockname(fd)
	if err != nil {
		return 0, callError("getsockname", err)
	}
	nl, ok := sa.(*unix.SockaddrNetlink)
	if !ok {
		return 0, errors.New("getsockname: not a netlink address")
	}
	return nl.Pid, nil
}

// setBuffer sets a buffer's size, past the system's limit where the process may.
func setBuffer(fd int, what string, size, force, plain int) error {
	if size == 0 {
		return nil
	}
	if size < 0 || size > math.MaxInt32 {
		return callError(fmt.Sprintf("%s of %d bytes", what, size), unix.EINVAL)
	}
	if unix.SetsockoptInt(fd, unix.SOL_SOCKET, force, size) == nil {
		return nil
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, plain, size); err != nil {
		return callError(fmt.Sprintf("%s of %d bytes", what, size), err)
	}
	return nil
}

func attachFilter(fd int, filter []BPFInstruction) error {
	if len(filter) == 0 {
		return nil
	}
	if len(filter) > 1<<16-1 {
		return callError(fmt.Sprintf("filter of %d instructions", len(filter)), unix.EINVAL)
	}
	prog := make([]unix.SockFilter, len(filter))
	for i, in := range filter {
		prog[i] = unix.SockFilter{Code: in.Op, Jt: in.Jt, Jf: in.Jf, K: in.K}
	}
	fprog := unix.SockFprog{Len: uint16(len(prog)), Filter: &prog[0]}
	if err := unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &fprog); err != nil {
		return callError("attach filter", err)
	}
	return nil
}

func callError(what string, err error) error {
	return fmt.Errorf("%s: %w", what, fromSyscall(err))
}

// fromSyscall makes an error number of this system one of ours.
func fromSyscall(err error) error {
	if err == nil {
		return nil
	}
	if n, ok := err.(syscall.Errno); ok {
		return Errno(n)
	}
	return err
}

func (s *socket) Port() uint32            { return s.port }
func (s *socket) Protocol() wire.Protocol { return s.protocol }

func (s *socket) Close() error {
	s.closed.Store(true)
	s.waiting.close()
	return s.file.Close()
}

// fileError gives the poller's own errors their public names: the one for a
// closed file has none.
func (s *socket) fileError(err error) error {
	if s.closed.Load() {
		return os.ErrClosed
	}
	return err
}

func (s *socket) SetReadDeadline(t time.Time) error {
	if s.closed.Load() {
		return os.ErrClosed
	}
	return s.waiting.setDeadline(t)
}

func (s *socket) Join(group uint32) error {
	// From now on datagrams may belong to a group: ask for its number.
	s.pktInfo.Do(func() {
		// Without it, on kernels before 2.6.14, Group stays 0.
		_ = s.setOption(unix.NETLINK_PKTINFO, 1)
	})
	return s.membership(unix.NETLINK_ADD_MEMBERSHIP, group)
}

func (s *socket) Leave(group uint32) error {
	return s.membership(unix.NETLINK_DROP_MEMBERSHIP, group)
}

func (s *socket) membership(option int, group uint32) error {
	if group == 0 || group > 1<<31-1 {
		return EINVAL
	}
	return s.setOption(option, int(group))
}

func (s *socket) setOption(name, value int) error {
	var errno error
	err := s.conn.Control(func(fd uintptr) {
		errno = unix.SetsockoptInt(int(fd), unix.SOL_NETLINK, name, value)
	})
	if err != nil {
		return s.fileError(err)
	}
	return fromSyscall(errno)
}

// Words of SO_MEMINFO (linux/sock_diag.h).
const (
	memInfoQueued = 0
	memInfoLimit  = 1
	memInfoDrops  = 8
	memInfoWords  = 9
)

func (s *socket) MemInfo() (MemInfo, error) {
	var words [memInfoWords]uint32
	size := uint32(unsafe.Sizeof(words))
	var errno syscall.Errno
	err := s.conn.Control(func(fd uintptr) {
		_, _, errno = unix.Syscall6(unix.SYS_GETSOCKOPT, fd, unix.SOL_SOCKET, unix.SO_MEMINFO,
			uintptr(unsafe.Pointer(&words)), uintptr(unsafe.Pointer(&size)), 0)
	})
	if err != nil {
		return MemInfo{}, s.fileError(err)
	}
	if errno != 0 {
		return MemInfo{}, Errno(errno)
	}
	return MemInfo{Queued: words[memInfoQueued], Limit: words[memInfoLimit], Drops: words[memInfoDrops]}, nil
}
