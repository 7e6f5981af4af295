package churn

import (
	"encoding/binary"
	"net/netip"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// full is how many bytes of requests are sent at once.
const full = 24 << 10

// Writer sends requests to rtnetlink. Nothing is acknowledged, and what the kernel
// refuses is not read: a change that is not possible is not made. It is for one
// goroutine.
type Writer struct {
	t   netlink.Transport
	b   wire.Builder
	buf []byte
	// Changes counts the requests since Open, sent or not.
	Changes int
}

// Open opens a socket for a Writer in the namespace of o.
func Open(o *netlink.Options) (*Writer, error) {
	t, err := netlink.Open(wire.Route, o)
	if err != nil {
		return nil, err
	}
	w := &Writer{t: t}
	w.b.Reset(nil)
	return w, nil
}

// Close sends what is left and closes the socket.
func (w *Writer) Close() error {
	err := w.Flush()
	if closed := w.t.Close(); err == nil {
		err = closed
	}
	return err
}

// Flush sends what was requested. When it returns the kernel has done it.
func (w *Writer) Flush() error {
	if w.b.Len() == 0 {
		return nil
	}
	req, err := w.b.Bytes()
	if err == nil {
		err = w.t.Send(req, netlink.Address{})
	}
	w.buf = req[:0]
	w.b.Reset(w.buf)
	return err
}

// begin begins a request: flags are those beside NLM_F_REQUEST.
func (w *Writer) begin(typ uint16, flags wire.Flags, header []byte) error {
	if w.b.Len() > full {
		if err := w.Flush(); err != nil {
			return err
		}
	}
	w.Changes++
	w.b.Message(wire.Header{Type: wire.Type(typ), Flags: wire.Request | flags, Seq: uint32(w.Changes)})
	w.b.Raw(header)
	return nil
}

// Flags of a request to make something: what is to become of one that is there.
const (
	Add     = wire.Create | wire.Excl
	Replace = wire.Create | wire.Replace
	Append  = wire.Create | wire.Append
	Prepend = wire.Create
)

const (
	newLink, delLink       = 16, 17
	newAddr, delAddr       = 20, 21
	newRoute, delRoute     = 24, 25
	newNeigh, delNeigh     = 28, 29
	newRule, delRule       = 32, 33
	newNexthop, delNexthop = 104, 105

	inet, inet6 = 2, 10
)

func familyOf(a netip.Addr) byte {
	if a.Is4() {
		return inet
	}
	return inet6
}

// Hop is one way a route leads.
type Hop struct {
	Link    uint32
	Gateway netip.Addr // may be the zero Addr
}

// Route is a route to be made or deleted.
type Route struct {
	Dst     netip.Prefix
	Table   uint32 // 254 is the main one
	Metric  uint32 // 0 is the kernel's default
	TOS     uint8
	Hops    []Hop      // one, several, or none with Nexthop
	Nexthop uint32     // a nexthop object
	PrefSrc netip.Addr // may be the zero Addr
}

// AddRoute makes a route by flags such as Add, DelRoute deletes it.
func (w *Writer) AddRoute(flags wire.Flags, r Route) error { return w.route(newRoute, flags, r) }

// DelRoute deletes a route; of hops and source only what is given has to match.
func (w *Writer) DelRoute(r Route) error { return w.route(delRoute, 0, r) }

func (w *Writer) route(typ uint16, flags wire.Flags, r Route) error {
	var h [12]byte // struct rtmsg
	h[0], h[1], h[3] = familyOf(r.Dst.Addr()), uint8(r.Dst.Bits()), r.TOS
	h[5], h[7] = 186, 1 // a protocol of this package's own, unicast
	if r.Table < 256 {
		h[4] = uint8(r.Table)
	}
	if h[0] == inet && len(r.Hops) == 1 && !r.Hops[0].Gateway.IsValid() {
		h[6] = 253 // RT_SCOPE_LINK
	}
	if err := w.begin(typ, flags, h[:]); err != nil {
		return err
	}
	w.addr(1, r.Dst.Addr())
	if r.Table > 255 {
		w.b.Uint32(15, r.Table)
	}
	if r.Metric != 0 {
		w.b.Uint32(6, r.Metric)
	}
	if r.PrefSrc.IsValid() {
		w.addr(7, r.PrefSrc)
	}
	if r.Nexthop != 0 {
		w.b.Uint32(30, r.Nexthop)
	}
	if len(r.Hops) == 1 {
		w.b.Uint32(4, r.Hops[0].Link)
		if g := r.Hops[0].Gateway; g.IsValid() {
			w.addr(5, g)
		}
		return nil
	}
	if len(r.Hops) == 0 {
		return nil
	}
	n := w.b.NestPlain(9)
	for _, hop := range r.Hops {
		b := make([]byte, 8, 8+20) // struct rtnexthop
		binary.NativeEndian.PutUint32(b[4:], hop.Link)
		if hop.Gateway.IsValid() {
			a := hop.Gateway.AsSlice()
			b = binary.NativeEndian.AppendUint16(b, uint16(4+len(a)))
			b = binary.NativeEndian.AppendUint16(b, 5)
			b = append(b, a...)
		}
		binary.NativeEndian.PutUint16(b, uint16(len(b)))
		w.b.Raw(b)
	}
	w.b.End(n)
	return nil
}

// addr appends an address, without a detour over the heap.
func (w *Writer) addr(typ uint16, a netip.Addr) {
	if a.Is4() {
		b := a.As4()
		w.b.Attr(typ, b[:])
		return
	}
	b := a.As16()
	w.b.Attr(typ, b[:])
}

// Up sets a link up or down.
func (w *Writer) Up(link uint32, up bool) error {
	h := linkHeader(link)
	h[12] = 1 // IFF_UP is to be changed
	if up {
		h[8] = 1
	}
	return w.begin(newLink, 0, h)
}

// MTU sets a link's MTU.
func (w *Writer) MTU(link, mtu uint32) error { return w.setLink(link, 4, mtu) }

// Master puts a link into another one, 0 takes it out.
func (w *Writer) Master(link, master uint32) error { return w.setLink(link, 10, master) }

func (w *Writer) setLink(link uint32, attr uint16, v uint32) error {
	if err := w.begin(newLink, 0, linkHeader(link)); err != nil {
		return err
	}
	w.b.Uint32(attr, v)
	return nil
}

// AddLink makes a link of a kind that needs no more than that, such as bridge or
// ifb, with a number of the caller's choice.
func (w *Writer) AddLink(link uint32, name, kind string) error {
	if err := w.begin(newLink, Add, linkHeader(link)); err != nil {
		return err
	}
	w.b.Text(3, name)
	n := w.b.Nest(18)
	w.b.Text(1, kind)
	w.b.End(n)
	return nil
}

// DelLink deletes a link.
func (w *Writer) DelLink(link uint32) error { return w.begin(delLink, 0, linkHeader(link)) }

func linkHeader(link uint32) []byte {
	h := make([]byte, 16) // struct ifinfomsg
	binary.NativeEndian.PutUint32(h[4:], link)
	return h
}

// AddAddr gives a link an address; an IPv6 one without looking for duplicates.
func (w *Writer) AddAddr(link uint32, a netip.Prefix) error {
	return w.address(newAddr, Replace, link, a)
}

// DelAddr takes it away.
func (w *Writer) DelAddr(link uint32, a netip.Prefix) error { return w.address(delAddr, 0, link, a) }

func (w *Writer) address(typ uint16, flags wire.Flags, link uint32, a netip.Prefix) error {
	var h [8]byte // struct ifaddrmsg
	h[0], h[1] = familyOf(a.Addr()), uint8(a.Bits())
	if h[0] == inet6 {
		h[2] = 2 // IFA_F_NODAD
	}
	binary.NativeEndian.PutUint32(h[4:], link)
	if err := w.begin(typ, flags, h[:]); err != nil {
		return err
	}
	w.addr(2, a.Addr())
	w.addr(1, a.Addr())
	return nil
}

// AddNeigh makes a permanent neighbour, or changes one.
func (w *Writer) AddNeigh(link uint32, a netip.Addr, mac [6]byte) error {
	if err := w.neigh(newNeigh, Replace, link, a); err != nil {
		return err
	}
	w.b.Attr(2, mac[:])
	return nil
}

// DelNeigh deletes one.
func (w *Writer) DelNeigh(link uint32, a netip.Addr) error { return w.neigh(delNeigh, 0, link, a) }

func (w *Writer) neigh(typ uint16, flags wire.Flags, link uint32, a netip.Addr) error {
	var h [12]byte // struct ndmsg
	h[0] = familyOf(a)
	binary.NativeEndian.PutUint32(h[4:], link)
	binary.NativeEndian.PutUint16(h[8:], 0x80) // NUD_PERMANENT
	if err := w.begin(typ, flags, h[:]); err != nil {
		return err
	}
	w.addr(1, a)
	return nil
}

// AddRule makes a rule that sends what has a mark to a table, DelRule deletes it.
func (w *Writer) AddRule(v6 bool, priority, mark, table uint32) error {
	return w.rule(newRule, Add, v6, priority, mark, table)
}

// DelRule deletes a rule.
func (w *Writer) DelRule(v6 bool, priority, mark, table uint32) error {
	return w.rule(delRule, 0, v6, priority, mark, table)
}

func (w *Writer) rule(typ uint16, flags wire.Flags, v6 bool, priority, mark, table uint32) error {
	var h [12]byte // struct fib_rule_hdr
	h[0], h[7] = inet, 1
	if v6 {
		h[0] = inet6
	}
	if err := w.begin(typ, flags, h[:]); err != nil {
		return err
	}
	w.b.Uint32(6, priority)
	w.b.Uint32(10, mark)
	w.b.Uint32(15, table)
	return nil
}

// AddNexthop makes or changes a nexthop object.
func (w *Writer) AddNexthop(id uint32, hop Hop) error {
	var h [8]byte // struct nhmsg
	h[0] = inet
	if hop.Gateway.IsValid() {
		h[0] = familyOf(hop.Gateway)
	}
	if err := w.begin(newNexthop, Replace, h[:]); err != nil {
		return err
	}
	w.b.Uint32(1, id)
	w.b.Uint32(5, hop.Link)
	if hop.Gateway.IsValid() {
		w.addr(6, hop.Gateway)
	}
	return nil
}

// AddGroup makes or changes a group of nexthop objects.
func (w *Writer) AddGroup(id uint32, members ...uint32) error {
	if err := w.begin(newNexthop, Replace, make([]byte, 8)); err != nil {
		return err
	}
	w.b.Uint32(1, id)
	var b []byte
	for _, m := range members {
		b = binary.NativeEndian.AppendUint32(b, m)
		b = append(b, 0, 0, 0, 0) // struct nexthop_grp: its weight is 1
	}
	w.b.Attr(2, b)
	return nil
}

// DelNexthop deletes a nexthop object or a group.
func (w *Writer) DelNexthop(id uint32) error {
	if err := w.begin(delNexthop, 0, make([]byte, 8)); err != nil {
		return err
	}
	w.b.Uint32(1, id)
	return nil
}
