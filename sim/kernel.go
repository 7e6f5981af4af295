package sim

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Kernel is one simulated kernel. Its methods may be called from any goroutine.
type Kernel struct {
	ctx  context.Context // ends with Close
	stop context.CancelFunc

	faults atomic.Pointer[Faults]

	// mu guards everything below: the tables of sockets, groups and families. It
	// is never held while a handler runs. Order: mu before a socket's own lock.
	mu       sync.RWMutex
	closed   bool
	protos   [wire.MaxProtocols]*protocol
	nextPort uint32
	genl     registry
}

var _ netlink.Opener = (*Kernel)(nil)

// NewKernel starts a kernel. It has NETLINK_USERSOCK and NETLINK_GENERIC with
// the controller nlctrl; other protocols come with [Kernel.HandleProtocol].
func NewKernel() *Kernel {
	k := &Kernel{nextPort: firstPort}
	k.ctx, k.stop = context.WithCancel(context.Background())
	k.protos[wire.UserSock] = newProtocol(wire.UserSock, Protocol{UnprivilegedSend: true})
	k.protos[wire.Generic] = newProtocol(wire.Generic, Protocol{
		Do: k.genericDo, Join: k.genericJoin, UnprivilegedReceive: true, Groups: genlFirstGroups,
	})
	k.genl.init(k)
	return k
}

// Open opens a socket with the rights of root. It is what netlink.Open and
// netlink.Dial call where Options.Via is the kernel. A protocol nobody handles
// is EPROTONOSUPPORT, a Port that is taken EADDRINUSE.
func (k *Kernel) Open(p wire.Protocol, o *netlink.Options) (netlink.Transport, error) {
	s, err := k.open(p, o, true)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Unprivileged returns an opener of sockets without any rights, as those of an
// ordinary user: operations and groups that need a right answer EPERM.
func (k *Kernel) Unprivileged() netlink.Opener { return unprivileged{k} }

type unprivileged struct{ k *Kernel }

func (u unprivileged) Open(p wire.Protocol, o *netlink.Options) (netlink.Transport, error) {
	s, err := u.k.open(p, o, false)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// firstPort is the port id of the first socket that asks for none. Linux takes
// the process id; any number a process might have will do.
const firstPort = 1001

func (k *Kernel) open(p wire.Protocol, o *netlink.Options, admin bool) (*socket, error) {
	if o == nil {
		o = &netlink.Options{}
	}
	if !o.Namespace.IsCurrent() {
		return nil, fmt.Errorf("simulated kernel: namespace %v: it has one namespace only; leave Options.Namespace empty", o.Namespace)
	}
	if len(o.Filter) > 0 {
		return nil, fmt.Errorf("simulated kernel: socket filter: %w", netlink.EOPNOTSUPP)
	}
	if o.ReceiveBuffer < 0 || o.SendBuffer < 0 {
		return nil, fmt.Errorf("simulated kernel: a buffer of negative size: %w", netlink.EINVAL)
	}
	if o.ListenAllNSID && !admin {
		return nil, fmt.Errorf("simulated kernel: NETLINK_LISTEN_ALL_NSID: %w", netlink.EPERM)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return nil, os.ErrClosed
	}
	if p < 0 || int(p) >= len(k.protos) || k.protos[p] == nil {
		return nil, fmt.Errorf("open %v: %w", p, netlink.EPROTONOSUPPORT)
	}
	proto := k.protos[p]
	port := o.Port
	if port == 0 {
		port = k.freePort(proto)
	} else if proto.ports[port] != nil {
		return nil, fmt.Errorf("open %v: bind to port %d: %w", p, port, netlink.EADDRINUSE)
	}
	s := newSocket(k, proto, port, o, admin)
	proto.ports[port] = s
	return s, nil
}

// freePort picks a port id that no socket of the protocol has. k.mu is held.
func (k *Kernel) freePort(proto *protocol) uint32 {
	for {
		port := k.nextPort
		k.nextPort++
		if port != 0 && proto.ports[port] == nil {
			return port
		}
	}
}

// Close closes every socket and ends the dumps under way. From then on Open and
// whatever else asks something of the kernel is os.ErrClosed. It may be called
// from anywhere, handlers included, and does not wait for them.
func (k *Kernel) Close() error {
	k.stop()
	k.mu.Lock()
	k.closed = true
	var open []*socket
	for _, proto := range k.protos {
		if proto == nil {
			continue
		}
		for _, s := range proto.ports {
			open = append(open, s)
		}
	}
	k.mu.Unlock()
	for _, s := range open {
		s.Close()
	}
	return nil
}

// protocol returns the state of p, EPROTONOSUPPORT if nobody handles it, or
// os.ErrClosed.
func (k *Kernel) protocol(p wire.Protocol) (*protocol, error) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	switch {
	case k.closed:
		return nil, os.ErrClosed
	case p < 0 || int(p) >= len(k.protos) || k.protos[p] == nil:
		return nil, netlink.EPROTONOSUPPORT
	}
	return k.protos[p], nil
}
