package netlink

// Options say how a socket is opened. The zero value, and a nil *Options, is
// what most programs want: the current namespace, strict checking, extended
// ACKs, the system's buffer sizes.
type Options struct {
	// Via opens the socket: nil is the live kernel, a *sim.Kernel a simulated one.
	Via Opener

	// Namespace is the network namespace to open the socket in. The zero value
	// is the one of the calling thread. The socket stays there whatever thread
	// uses it later.
	Namespace Namespace

	// Port is the port id to bind to; 0 lets the kernel choose a free one,
	// which is right for nearly everybody.
	Port uint32

	// Peer is a port id to believe beside the kernel's, and to send requests
	// to: a family served by another process. 0 means the kernel alone.
	Peer uint32

	// ReceiveBuffer and SendBuffer are sizes in bytes; 0 leaves the system's
	// default. The limits of net.core.{r,w}mem_max are overridden where the
	// process may (SO_RCVBUFFORCE). Linux doubles the number for its own
	// bookkeeping.
	ReceiveBuffer int
	SendBuffer    int

	// NoStrict turns NETLINK_GET_STRICT_CHK off. With it on, which is the
	// default, the kernel honours the filters of a dump request and refuses
	// what it does not understand instead of ignoring it.
	NoStrict bool
	// NoExtAck turns extended ACKs off: errors come without an explanation.
	NoExtAck bool
	// NoCapAck makes errors repeat the whole request instead of its header.
	NoCapAck bool

	// NoENOBUFS sets NETLINK_NO_ENOBUFS: a full queue drops message by message
	// and is not reported by the kernel. A Subscription reports it nevertheless.
	// It is not for a Conn, which would wait for a lost reply until the
	// context's end.
	NoENOBUFS bool
	// ListenAllNSID delivers the events of every namespace that has an id in
	// the socket's own one. It needs CAP_NET_BROADCAST.
	ListenAllNSID bool
	// BroadcastError sets NETLINK_BROADCAST_ERROR: a broadcast that this socket
	// could not take fails for its sender.
	BroadcastError bool

	// Filter is a classic BPF program that is run on each datagram before it
	// is queued; it sees the datagram from its first message header.
	Filter []BPFInstruction

	// Tap, if set, is shown each datagram sent and received. It is called from
	// the goroutine that sends or receives, must not keep the bytes, and may be
	// called from several goroutines at once.
	Tap func(Direction, []byte)
}

// BPFInstruction is one instruction of a classic BPF program, struct
// sock_filter. It has the shape of golang.org/x/net/bpf.RawInstruction and can
// be converted from it.
type BPFInstruction struct {
	Op uint16
	Jt uint8
	Jf uint8
	K  uint32
}
