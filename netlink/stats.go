package netlink

// Stats counts what a Conn or a Subscription had to do with what it received.
type Stats struct {
	Foreign   uint64 // datagrams from a port that is neither the kernel nor Options.Peer, dropped
	Stale     uint64 // messages no request waits for: of a cancelled one, or never asked for
	Truncated uint64 // datagrams larger than the receive buffer
	Malformed uint64 // datagrams with bytes that are no message
	Overruns  uint64 // times the kernel reported ENOBUFS
	Lost      uint64 // messages lost in them, as far as the kernel counts (Subscription only)
}
