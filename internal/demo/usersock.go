package demo

import (
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// userSock opens sockets of NETLINK_USERSOCK that stand for sockets of another
// protocol: "the kernel" is the process whose port serves that protocol.
type userSock struct {
	peers map[wire.Protocol]uint32 // port ids
}

func (u userSock) Open(p wire.Protocol, o *netlink.Options) (netlink.Transport, error) {
	port, ok := u.peers[p]
	if !ok {
		return nil, netlink.EPROTONOSUPPORT
	}
	opts := *o
	opts.Via, opts.Tap = nil, nil // Tap is netlink.Open's business, outside of this
	t, err := netlink.Open(wire.UserSock, &opts)
	if err != nil {
		return nil, err
	}
	return &peerTransport{Transport: t, protocol: p, peer: port}, nil
}

// peerTransport shows one peer process as the kernel: port 0.
type peerTransport struct {
	netlink.Transport
	protocol wire.Protocol
	peer     uint32
}

func (t *peerTransport) Protocol() wire.Protocol { return t.protocol }

func (t *peerTransport) Send(b []byte, to netlink.Address) error {
	if to.Port == 0 {
		to.Port = t.peer
	}
	return t.Transport.Send(b, to)
}

// Receive skips what anybody but the peer has sent: only the true sender's port
// id counts, whatever a message claims.
func (t *peerTransport) Receive(buf []byte, wait bool) (netlink.Datagram, error) {
	for {
		d, err := t.Transport.Receive(buf, wait)
		if err != nil || d.Port == t.peer {
			d.Port = 0
			return d, err
		}
	}
}

// JoinsUserSock reports whether this process may join groups of
// NETLINK_USERSOCK.
func JoinsUserSock() bool {
	t, err := netlink.Open(wire.UserSock, nil)
	if err != nil {
		return false
	}
	defer t.Close()
	return t.Join(PlainGroup) == nil
}
