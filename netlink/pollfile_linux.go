package netlink

import (
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// pollFile is a second descriptor of a socket, for waiting in the Go poller.
//
// A descriptor in the poller costs a wake-up of the thread that sleeps there
// for each datagram queued, needed or not: on a request, whose answer is there
// when the send call returns, as much as the answer itself. So a socket joins
// the poller when somebody has to wait for the first time, and many never do.
type pollFile struct {
	mu       sync.Mutex
	file     *os.File // nil until somebody waits
	conn     syscall.RawConn
	deadline time.Time // for when the file is made
	closed   bool
}

// open returns the connection to wait on, made from the socket's own the first
// time.
func (p *pollFile) open(socket syscall.RawConn) (syscall.RawConn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, os.ErrClosed
	}
	if p.conn != nil {
		return p.conn, nil
	}
	return p.join(socket)
}

// join takes the place in the poller. p.mu is held.
func (p *pollFile) join(socket syscall.RawConn) (syscall.RawConn, error) {
	var fd int
	var errno error
	err := socket.Control(func(own uintptr) {
		if fd, errno = unix.FcntlInt(own, unix.F_DUPFD_CLOEXEC, 0); errno == nil {
			// The flag belongs to the socket, so the first descriptor has it
			// too from now on. It was taken for blocking when that mattered.
			errno = unix.SetNonblock(fd, true)
		}
	})
	if err != nil {
		return nil, err
	}
	if errno != nil {
		return nil, callError("wait on a duplicate descriptor", errno)
	}
	file := os.NewFile(uintptr(fd), "netlink socket in the poller")
	conn, err := file.SyscallConn()
	if err == nil {
		err = file.SetReadDeadline(p.deadline)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	p.file, p.conn = file, conn
	return conn, nil
}

func (p *pollFile) setDeadline(t time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.deadline = t
	if p.file == nil {
		return nil
	}
	return p.file.SetReadDeadline(t)
}

// close wakes who waits.
func (p *pollFile) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	if p.file != nil {
		p.file.Close()
	}
}
