//go:build !linux

package netlink

// isSyscall reports false: the numbers of this system are not those of Linux.
func (e Errno) isSyscall(error) bool { return false }
