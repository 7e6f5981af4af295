package sockets

import "github.com/nlkit/nlkit/wire"

// Socket is one netlink socket as the kernel tells of it.
type Socket struct {
	Protocol wire.Protocol
	Port     uint32 // port id; 0 for the kernel's own, and for one that is not bound
	Inode    uint32 // what /proc/PID/fd calls it
	Cookie   uint64 // tells sockets apart for as long as the system runs; 0 from /proc

	Queued  uint32 // bytes accounted to the receive queue
	Limit   uint32 // bytes at which it is full; 0 where the kernel does not say
	Sending uint32 // bytes accounted to what is being sent
	Drops   uint32 // messages dropped since the socket was opened; wraps around

	Groups   []uint32 // numbers of the multicast groups, ascending
	Flags    Flags
	HasFlags bool // Flags holds; not from /proc
}

// IsKernel reports whether the socket is the kernel's own. Those have port 0. A
// process's socket has it too while it is not bound, but then it is listed only
// if it has joined a group, which the kernel's never do.
func (s *Socket) IsKernel() bool { return s.Port == 0 && len(s.Groups) == 0 }

// Key tells sockets of one reading, and of readings soon after each other, apart.
func (s *Socket) Key() Key { return Key{s.Protocol, s.Inode, s.Cookie} }

// Key identifies a [Socket].
type Key struct {
	Protocol wire.Protocol
	Inode    uint32
	Cookie   uint64
}
