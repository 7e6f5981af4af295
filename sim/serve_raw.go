package sim

import (
	"errors"
	"fmt"
	"math"
	"sync/atomic"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// rawFamilies are the typed families of one raw protocol. But for closed nothing
// changes once it is served.
type rawFamilies struct {
	kernel   *Kernel
	protocol wire.Protocol
	types    map[wire.Type]*rawOp
	groups   map[nl.Group]uint32
	closed   atomic.Bool
}

// rawOp is what answers the requests of a message type.
type rawOp struct{ do, dump *rawHandler }

type rawHandler struct {
	*nl.Handler
	header int // length of the fixed header, bytes
}

// ServeRaw puts the typed kernel's sides of raw families to work: all those of one
// protocol, such as links, addresses and routes of NETLINK_ROUTE, which can be
// served once.
//
//	served, err := sim.ServeRaw(kernel, wire.Route, rtlink.Service(links), rtroute.Service(routes))
//
// A request goes to the family that has its message type; one without is
// EOPNOTSUPP. With both bits of NLM_F_DUMP it is a dump if there is a handler for
// that. NETLINK_ROUTE has rules of its own, as in Linux: requests to get are dumps
// with either bit and others never, and all but them need CAP_NET_ADMIN. So does
// whatever is asked of NETLINK_NETFILTER. Attributes are not checked: the raw
// families of Linux have too many ways to do that.
func ServeRaw(k *Kernel, p wire.Protocol, services ...*nl.Service) (*Served, error) {
	raw := &rawFamilies{kernel: k, protocol: p, types: make(map[wire.Type]*rawOp), groups: make(map[nl.Group]uint32)}
	var groups uint32
	for _, s := range services {
		if s.Family.Protocol != p {
			return nil, fmt.Errorf("simulated kernel: family %s is of %v, not of %v: %w", s.Family.Name, s.Family.Protocol, p, netlink.EINVAL)
		}
		if err := checkService(s); err != nil {
			return nil, err
		}
		for _, g := range s.Family.Groups {
			if id, ok := raw.groups[g.Name]; ok && id != g.ID || g.ID > math.MaxUint16 {
				return nil, fmt.Errorf("simulated kernel: family %s: group %s is %d, and %d in another family: %w", s.Family.Name, g.Name, g.ID, id, netlink.EINVAL)
			}
			raw.groups[g.Name] = g.ID
			groups = max(groups, g.ID)
		}
		for i := range s.Handlers {
			if err := raw.add(&s.Handlers[i]); err != nil {
				return nil, fmt.Errorf("simulated kernel: family %s: %s: %w", s.Family.Name, s.Handlers[i].Op.Name, err)
			}
		}
	}
	err := k.HandleProtocol(p, Protocol{Groups: int(groups), Do: raw.handle, UnprivilegedReceive: p == wire.Route})
	if errors.Is(err, netlink.EEXIST) {
		err = fmt.Errorf("%w: serve all families of a protocol with one ServeRaw", err)
	}
	if err != nil {
		return nil, err
	}
	return &Served{multicast: raw.multicast, send: raw.send, listeners: raw.hasListeners, close: raw.close}, nil
}

func (f *rawFamilies) add(h *nl.Handler) error {
	header, err := headerLen(h.Op)
	if err != nil {
		return err
	}
	typ := wire.Type(h.Op.ID)
	if typ.IsControl() {
		return fmt.Errorf("message type %d is one of netlink's own: %w", h.Op.ID, netlink.EINVAL)
	}
	op := f.types[typ]
	if op == nil {
		op = new(rawOp)
		f.types[typ] = op
	}
	at := &op.do
	if h.Op.Dump {
		at = &op.dump
	}
	if *at != nil {
		return fmt.Errorf("message type %d has another handler, %s of %s: %w", h.Op.ID, (*at).Op.Name, (*at).Op.Family.Name, netlink.EEXIST)
	}
	*at = &rawHandler{Handler: h, header: header}
	return nil
}

// handle answers a request.
func (f *rawFamilies) handle(r *Request) error {
	if f.closed.Load() {
		return netlink.EOPNOTSUPP
	}
	if f.needsAdmin(r.head.Type) && !r.Privileged() {
		return netlink.EPERM
	}
	op := f.types[r.head.Type]
	if op == nil {
		return netlink.EOPNOTSUPP
	}
	h := op.do
	switch asked := f.dump(r); {
	case asked && op.dump != nil:
		h = op.dump
	case asked && f.protocol == wire.Route:
		return netlink.EOPNOTSUPP
	}
	switch {
	case h == nil:
		return netlink.EOPNOTSUPP
	case (h.Op.AdminPerm || h.Op.UnsAdminPerm) && !r.Privileged():
		return netlink.EPERM
	case len(r.msg) < wire.HeaderLen+h.header:
		return netlink.EINVAL
	case h == op.dump:
		return r.startDump(&DumpOp{Type: wire.Type(h.Op.ReplyID), Entries: servedEntries, DumpOptions: servedDump(h.Handler, wire.HeaderLen)})
	}
	return r.serve(h.Handler, wire.HeaderLen)
}

// routeGet reports whether a message type of NETLINK_ROUTE is one that only
// reads: they come in fours of new, delete, get and set.
func routeGet(t wire.Type) bool { return t&3 == 2 }

// needsAdmin tells what a protocol gives to CAP_NET_ADMIN whatever its specs say.
func (f *rawFamilies) needsAdmin(t wire.Type) bool {
	return f.protocol == wire.Netfilter || f.protocol == wire.Route && !routeGet(t)
}

// dump reports whether a request asks for a dump.
func (f *rawFamilies) dump(r *Request) bool {
	if f.protocol == wire.Route {
		return routeGet(r.head.Type) && r.head.Flags&wire.Dump != 0
	}
	return r.head.Flags.Has(wire.Dump)
}

func (f *rawFamilies) multicast(group nl.Group, n nl.Announcement) error {
	id, ok := f.groups[group]
	switch {
	case f.closed.Load():
		return fmt.Errorf("simulated kernel: %v is not served any more: %w", f.protocol, netlink.ENOENT)
	case !ok:
		return fmt.Errorf("simulated kernel: %v has no group %q: %w", f.protocol, group, netlink.EINVAL)
	}
	msg, err := announce(0, n)
	if err != nil {
		return fmt.Errorf("simulated kernel: multicast to %s: %w", group, err)
	}
	return f.kernel.Multicast(f.protocol, id, msg)
}

func (f *rawFamilies) send(port uint32, n nl.Announcement) error {
	if f.closed.Load() {
		return fmt.Errorf("simulated kernel: %v is not served any more: %w", f.protocol, netlink.ENOENT)
	}
	msg, err := announce(port, n)
	if err != nil {
		return fmt.Errorf("simulated kernel: message to port %d: %w", port, err)
	}
	return f.kernel.Unicast(f.protocol, port, msg)
}

// announce builds a message that nobody has asked for.
func announce(port uint32, n nl.Announcement) ([]byte, error) {
	var b wire.Builder
	b.Message(wire.Header{Type: wire.Type(n.NetlinkID()), Port: port})
	n.AppendNetlink(&b)
	return b.Bytes()
}

func (f *rawFamilies) hasListeners(group nl.Group) bool {
	id, ok := f.groups[group]
	return ok && f.kernel.HasListeners(f.protocol, id)
}

func (f *rawFamilies) close() error {
	if f.closed.Swap(true) {
		return fmt.Errorf("simulated kernel: %v is not served any more: %w", f.protocol, netlink.ENOENT)
	}
	return nil
}
