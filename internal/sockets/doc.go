// Package sockets lists the netlink sockets of the system: whose they are, what
// is queued on them, what was dropped, which groups they have joined.
//
// The list is the kernel's own, told by netlink_diag over NETLINK_SOCK_DIAG.
// Where a kernel is without it, /proc/net/netlink tells part of it: neither the
// size of the receive buffer nor the flags, and of the groups the first 32.
// Either shows the sockets of one network namespace.
package sockets
