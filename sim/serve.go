package sim

import (
	"errors"
	"fmt"
	"iter"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Served is a typed family, or several of one raw protocol, at work in a kernel.
// Its methods may be called from any goroutine, handlers included.
type Served struct {
	multicast func(group nl.Group, n nl.Announcement) error
	send      func(port uint32, n nl.Announcement) error
	listeners func(group nl.Group) bool
	close     func() error
}

// Serve puts the typed kernel's side of a family to work, which generated packages
// make of a Server:
//
//	served, err := sim.Serve(kernel, ethtool.Service(&card{}))
//
// A family of generic netlink gets an id, and nlctrl tells of it. Its requests are
// checked as Linux checks them, with policies that the request types tell: what
// an operation does not list is refused, and so are numbers of the wrong length
// and texts without a NUL. Operations that the spec gives to CAP_NET_ADMIN are
// EPERM to others. For a raw family it is [ServeRaw] of one.
func Serve(k *Kernel, s *nl.Service) (*Served, error) {
	if s.Family.Protocol != wire.Generic {
		return ServeRaw(k, s.Family.Protocol, s)
	}
	return serveGeneric(k, s)
}

// Notify multicasts a notification to a group of the family. That nobody listens is
// no error, as for the kernel's own. [netlink.ENOBUFS] says that a listener lost
// it that had asked to be told so (Options.BroadcastError). A group the family
// does not have is [netlink.EINVAL].
func (s *Served) Notify(group nl.Group, n nl.Announcement) error {
	if err := s.multicast(group, n); !errors.Is(err, netlink.ESRCH) {
		return err
	}
	return nil
}

// Send sends a notification to one socket, by its port id. It is nobody's reply:
// its sequence number is 0. A port that no socket has is [netlink.ECONNREFUSED], a
// socket whose queue is full [netlink.EAGAIN], which loses it.
func (s *Served) Send(port uint32, n nl.Announcement) error { return s.send(port, n) }

// HasListeners reports whether somebody has joined a group.
func (s *Served) HasListeners(group nl.Group) bool { return s.listeners(group) }

// Close takes the family away. One of generic netlink is gone as if its module
// were unloaded; a raw protocol stays, and all its requests are EOPNOTSUPP. A
// second Close is [netlink.ENOENT].
func (s *Served) Close() error { return s.close() }

// checkService finds what would only be seen when a request comes.
func checkService(s *nl.Service) error {
	seen := make(map[*nl.Op]bool)
	for i, h := range s.Handlers {
		switch {
		case h.Op == nil || h.Op.New == nil:
			return fmt.Errorf("simulated kernel: family %s: handler %d: need an Op with New: %w", s.Family.Name, i, netlink.EINVAL)
		case h.Op.Dump && h.Dump == nil || !h.Op.Dump && h.Do == nil:
			return fmt.Errorf("simulated kernel: family %s: %s: need Do, or Dump if the operation is one: %w", s.Family.Name, h.Op.Name, netlink.EINVAL)
		case seen[h.Op]:
			return fmt.Errorf("simulated kernel: family %s: %s: two handlers: %w", s.Family.Name, h.Op.Name, netlink.EEXIST)
		}
		seen[h.Op] = true
	}
	return nil
}

// incoming decodes a request. at is the offset of its fixed header or attributes.
func (r *Request) incoming(op *nl.Op, at int) (*nl.Incoming, nl.Request) {
	return nl.NewIncoming(op, nl.Origin{
		Context: r.ctx, Message: r.msg, Payload: at, Port: r.Port(), Privileged: r.Privileged(),
		Send:      r.reply,
		Warn:      func(text string) { r.SetText("%s", text) },
		Cookie:    r.SetCookie,
		Interrupt: func() { r.interrupted = true },
	})
}

// reply sends a typed message to the requester; id is its command or its type.
func (r *Request) reply(id uint16, m nl.Message) error {
	if r.family != nil {
		return r.ReplyCommand(uint8(id), 0, m.AppendNetlink)
	}
	return r.ReplyMessage(wire.Type(id), 0, m.AppendNetlink)
}

// serve answers a request that is no dump.
func (r *Request) serve(h *nl.Handler, at int) error {
	call, req := r.incoming(h.Op, at)
	m, err := h.Do(call, req)
	switch {
	case err != nil || m == nil:
		return err
	case h.Op.ReplyID == 0:
		return fmt.Errorf("simulated kernel: %s %s has no reply by its spec, and its handler made one", h.Op.Family.Name, h.Op.Name)
	}
	return r.reply(h.Op.ReplyID, m)
}

// servedDump are the options of a typed dump. Start asks the handler for the
// entries, which servedEntries yields.
func servedDump(h *nl.Handler, at int) DumpOptions {
	return DumpOptions{grow: true, Start: func(r *Request) error {
		call, req := r.incoming(h.Op, at)
		if r.served = h.Dump(call, req); r.served == nil {
			return netlink.EOPNOTSUPP
		}
		return nil
	}}
}

// servedEntries are the entries that the handler was asked for.
func servedEntries(r *Request) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for m, err := range r.served {
			var entry Entry
			if m != nil {
				entry = m.AppendNetlink
			}
			if !yield(entry, err) {
				return
			}
		}
	}
}
