package netlink

import "syscall"

// isSyscall makes errors.Is work with syscall.Errno, whose numbers are the same here.
func (e Errno) isSyscall(target error) bool {
	n, ok := target.(syscall.Errno)
	return ok && Errno(n) == e
}
