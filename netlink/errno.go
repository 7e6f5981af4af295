package netlink

import (
	"os"
	"strconv"
)

// Errno is an error number of Linux. It exists beside syscall.Errno because the
// simulated kernel and recorded conversations are read on systems whose own
// numbers differ.
//
// errors.Is(err, netlink.ENOENT) works everywhere; so do os.ErrNotExist,
// os.ErrExist, os.ErrPermission, os.ErrInvalid and context-free time-outs
// (os.ErrDeadlineExceeded). On Linux syscall.ENOENT and unix.ENOENT work too.
type Errno uint32

// Name returns the C name, such as "ENOENT", or "errno 4711".
func (e Errno) Name() string {
	if row, ok := errnoTable[e]; ok {
		return row.name
	}
	return "errno " + strconv.Itoa(int(e))
}

// Error returns the text a person knows the number by.
func (e Errno) Error() string {
	if row, ok := errnoTable[e]; ok {
		return row.text
	}
	return "errno " + strconv.Itoa(int(e))
}

// Is reports whether e means target, for errors.Is.
func (e Errno) Is(target error) bool {
	switch target {
	case os.ErrPermission:
		return e == EPERM || e == EACCES
	case os.ErrExist:
		return e == EEXIST || e == ENOTEMPTY
	case os.ErrNotExist:
		return e == ENOENT || e == ENODEV
	case os.ErrInvalid:
		return e == EINVAL
	case os.ErrDeadlineExceeded:
		return e == ETIMEDOUT
	}
	return e.isSyscall(target)
}

// Temporary reports whether the same call may succeed later.
func (e Errno) Temporary() bool {
	return e == EINTR || e == EAGAIN || e == ENOBUFS || e == EBUSY || e == ENOMEM
}
