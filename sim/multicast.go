package sim

import (
	"os"
	"slices"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Multicast sends a message from the kernel to a group. The bytes are copied,
// once. As in the kernel the error is ESRCH where nobody took it, be it for want
// of members or because all their queues were full, and ENOBUFS where a member
// dropped it that had asked for Options.BroadcastError. Neither is a failure of
// the sender.
func (k *Kernel) Multicast(p wire.Protocol, group uint32, msg []byte) error {
	proto, err := k.protocol(p)
	if err != nil {
		return err
	}
	return k.multicast(proto, datagram{bytes: slices.Clone(msg), charge: charge(len(msg)), group: group}, nil, 0)
}

// Unicast sends a message from the kernel to a port. The bytes are copied. A
// port nobody has is ECONNREFUSED; a full queue drops the message and is EAGAIN.
func (k *Kernel) Unicast(p wire.Protocol, port uint32, msg []byte) error {
	proto, err := k.protocol(p)
	if err != nil {
		return err
	}
	peer := k.lookup(proto, port)
	if peer == nil {
		return netlink.ECONNREFUSED
	}
	return peer.deliver(datagram{bytes: slices.Clone(msg), charge: charge(len(msg))})
}

// multicast hands d to the members of its group but the sender and the socket of
// the port except. d.bytes belongs to the queues from here on.
func (k *Kernel) multicast(proto *protocol, d datagram, sender *socket, except uint32) error {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return proto.multicast(d, sender, except)
}

// multicast is the same with Kernel.mu held.
func (p *protocol) multicast(d datagram, sender *socket, except uint32) error {
	delivered, failed := false, false
	for _, s := range p.members[d.group] {
		if s == sender || except != 0 && s.port == except {
			continue
		}
		switch s.deliver(d) {
		case nil:
			delivered = true
		case netlink.EAGAIN:
			failed = failed || s.broadcastError
		}
	}
	switch {
	case failed:
		return netlink.ENOBUFS
	case !delivered:
		return netlink.ESRCH
	}
	return nil
}

// HasListeners reports whether a socket is a member of the group: what a kernel
// subsystem asks before it makes a message nobody wants.
func (k *Kernel) HasListeners(p wire.Protocol, group uint32) bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return p >= 0 && int(p) < len(k.protos) && k.protos[p] != nil && len(k.protos[p].members[group]) > 0
}

// lookup finds the socket of a port.
func (k *Kernel) lookup(proto *protocol, port uint32) *socket {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return proto.ports[port]
}

// Join makes the socket a member. Group 0 and those beyond what the protocol has
// are EINVAL; a group nobody multicasts to may be joined.
func (s *socket) Join(group uint32) error {
	if err := s.state(); err != nil {
		return err
	}
	if err := s.mayJoin(group); err != nil {
		return err
	}
	if s.proto.Join != nil {
		if err := s.proto.Join(group, s.admin); err != nil {
			return errnoOf(err)
		}
	}
	k := s.kernel
	k.mu.Lock()
	defer k.mu.Unlock()
	if s.proto.ports[s.port] != s {
		return os.ErrClosed
	}
	if !s.groups[group] {
		s.groups[group] = true
		s.proto.members[group] = append(s.proto.members[group], s)
	}
	return nil
}

// Leave ends a membership. Leaving a group one is not in is no error.
func (s *socket) Leave(group uint32) error {
	if err := s.state(); err != nil {
		return err
	}
	if err := s.mayJoin(group); err != nil {
		return err
	}
	s.kernel.mu.Lock()
	defer s.kernel.mu.Unlock()
	s.leave(group)
	return nil
}

func (s *socket) mayJoin(group uint32) error {
	if !s.admin && !s.proto.UnprivilegedReceive {
		return netlink.EPERM
	}
	s.kernel.mu.RLock()
	defer s.kernel.mu.RUnlock()
	if group == 0 || group > s.proto.groups {
		return netlink.EINVAL
	}
	return nil
}

// leave removes the socket from a group. kernel.mu is held.
func (s *socket) leave(group uint32) {
	if !s.groups[group] {
		return
	}
	delete(s.groups, group)
	members := s.proto.members[group]
	if i := slices.Index(members, s); i >= 0 {
		members = slices.Delete(members, i, i+1)
	}
	if len(members) == 0 {
		delete(s.proto.members, group)
		return
	}
	s.proto.members[group] = members
}

// detach takes a socket out of all tables.
func (k *Kernel) detach(s *socket) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for group := range s.groups {
		s.leave(group)
	}
	if s.proto.ports[s.port] == s {
		delete(s.proto.ports, s.port)
	}
}
