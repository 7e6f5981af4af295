package sim

import (
	"fmt"
	"os"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Protocol is the kernel's side of a classic protocol, such as NETLINK_ROUTE or
// one of a module's own. Set Datagram, or Do and Dump, or neither for a protocol
// that only multicasts: sending to its kernel side is then ECONNREFUSED.
type Protocol struct {
	// Groups is the number of multicast groups; at least 32.
	Groups int

	// Datagram is given each datagram sent to the kernel, as it is: no flag is
	// looked at and nothing is acknowledged. from is the sender's port id. The
	// bytes are borrowed until it returns.
	Datagram func(from uint32, datagram []byte)

	// Do handles one request: a message with NLM_F_REQUEST whose type is not
	// one of the control messages. Its error is answered as Op.Do's.
	Do func(*Request) error

	// Dump, if set, handles the requests for which it returns not nil: those
	// with both bits of NLM_F_DUMP are shown to it before Do.
	Dump func(*Request) *DumpOp

	// Join, if set, is asked before a socket joins a group; an error refuses.
	Join func(group uint32, privileged bool) error

	// UnprivilegedReceive and UnprivilegedSend say whether a socket without
	// rights may join groups, and send to other sockets (NL_CFG_F_NONROOT_RECV
	// and _SEND). NETLINK_ROUTE and NETLINK_GENERIC have the first,
	// NETLINK_USERSOCK the second.
	UnprivilegedReceive, UnprivilegedSend bool
}

// minGroups is what every protocol has, asked for or not.
const minGroups = 32

// protocol is a registered protocol with its sockets. All is guarded by
// Kernel.mu, the embedded Protocol excepted, which never changes.
type protocol struct {
	Protocol
	number  wire.Protocol
	groups  uint32 // highest group number
	ports   map[uint32]*socket
	members map[uint32][]*socket
}

func newProtocol(number wire.Protocol, p Protocol) *protocol {
	return &protocol{
		Protocol: p,
		number:   number,
		groups:   uint32(max(p.Groups, minGroups)),
		ports:    make(map[uint32]*socket),
		members:  make(map[uint32][]*socket),
	}
}

// HandleProtocol gives the kernel a protocol. Each number can be given once;
// NETLINK_GENERIC and NETLINK_USERSOCK are the kernel's own.
func (k *Kernel) HandleProtocol(number wire.Protocol, p Protocol) error {
	if number < 0 || number >= wire.MaxProtocols {
		return fmt.Errorf("simulated kernel: protocol %d: numbers are 0 to %d", int(number), wire.MaxProtocols-1)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return os.ErrClosed
	}
	if k.protos[number] != nil {
		return fmt.Errorf("simulated kernel: %v: %w", number, netlink.EEXIST)
	}
	k.protos[number] = newProtocol(number, p)
	return nil
}

// toKernel works off a datagram that was sent to port 0.
func (p *protocol) toKernel(s *socket, datagram []byte) error {
	switch {
	case p.Datagram != nil:
		p.Datagram(s.port, datagram)
	case p.Do != nil || p.Dump != nil:
		s.requests(datagram)
	default:
		return netlink.ECONNREFUSED
	}
	return nil
}

// handle hands one request to the protocol.
func (p *protocol) handle(r *Request) error {
	if p.Dump != nil && r.head.Flags.Has(wire.Dump) {
		if op := p.Dump(r); op != nil {
			return r.startDump(op)
		}
	}
	if p.Do == nil {
		return netlink.EOPNOTSUPP
	}
	return p.Do(r)
}
