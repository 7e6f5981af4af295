package mirror_test

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/family/conntrack"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// dumpFact is what a dump is like during which records go.
type dumpFact struct {
	name   string
	proto  wire.Protocol
	get    wire.Type
	fixed  int
	family byte
	// prepare makes so many that a dump takes several datagrams, and those again that
	// the round before has deleted.
	prepare func(w *world)
	// remove deletes a record that was shown; nil means by the same message with the
	// next type.
	remove func(w *world, m wire.Message) error
	// after are lines of `ip` after that.
	after []string
	// rounds is how often it is tried, 1 where it is 0.
	rounds int

	told   bool // by NLM_F_DUMP_INTR
	misses bool // records that nobody has touched
	// perhaps tells that this depends on where a hash puts them.
	perhaps bool
}

var dumpFacts = []dumpFact{
	// All of these have a number that changes with each change of the table.
	{name: "link", get: unix.RTM_GETLINK, fixed: unix.SizeofIfInfomsg, told: true,
		prepare: numbered("link add w%d-%d type bridge", 80), remove: removeLink},
	{name: "addr4", get: unix.RTM_GETADDR, fixed: unix.SizeofIfAddrmsg, family: unix.AF_INET, told: true, misses: true,
		prepare: numbered("addr add 10.%d.9.%d/32 dev v0", 400)},
	{name: "addr6", get: unix.RTM_GETADDR, fixed: unix.SizeofIfAddrmsg, family: unix.AF_INET6, told: true, misses: true,
		prepare: numbered("-6 addr add fd00::%d:%d/128 dev v0 nodad", 400)},
	{name: "nexthop", get: unix.RTM_GETNEXTHOP, fixed: 8, told: true,
		prepare: numbered("nexthop add id 1%d%d via 10.0.0.2 dev v0", 450),
		remove: func(w *world, m wire.Message) error {
			return w.ask(unix.RTM_DELNEXTHOP, make([]byte, 8), append([]byte{8, 0, 1, 0}, attrs(m.Data(), 8)[1]...))
		}},
	// And these have none. IPv4 routes and connections go on behind the one shown
	// last, the others count.
	{name: "route4", get: unix.RTM_GETROUTE, fixed: unix.SizeofRtMsg, family: unix.AF_INET, rounds: 3,
		prepare: numbered("route replace 10.%d.9.%d/32 dev v0", 500)},
	{name: "conntrack", proto: wire.Netfilter, get: 1<<8 | 1, fixed: 4, rounds: 3,
		prepare: connections(500), remove: removeConnection},
	{name: "route6", get: unix.RTM_GETROUTE, fixed: unix.SizeofRtMsg, family: unix.AF_INET6, misses: true,
		prepare: numbered("-6 route add fd00:%d:9:%d::/64 dev v0", 500), after: []string{"-6 route add fd01::/64 dev v0"}},
	{name: "neigh", get: unix.RTM_GETNEIGH, fixed: unix.SizeofNdMsg, family: unix.AF_INET, perhaps: true,
		prepare: numbered("neigh replace 10.%d.0.%d dev v0 lladdr 02:00:00:00:00:01 nud permanent", 900)},
	{name: "fdb", get: unix.RTM_GETNEIGH, fixed: unix.SizeofNdMsg, family: unix.AF_BRIDGE, misses: true,
		prepare: func(w *world) {
			w.ip("link add b0 type bridge", "link set v0 master b0")
			port := w.number("v0")
			for i := range 400 {
				if err := w.fdb(unix.RTM_NEWNEIGH, port, []byte{2, 0, 0, 0, byte(i >> 8), byte(i)}); err != nil {
					w.Fatal(err)
				}
			}
		},
		remove: func(w *world, m wire.Message) error {
			return w.fdb(unix.RTM_DELNEIGH, number(m.Data()[4:]), attrs(m.Data(), unix.SizeofNdMsg)[unix.NDA_LLADDR])
		}},
	{name: "rule", get: unix.RTM_GETRULE, fixed: 12, family: unix.AF_INET, misses: true,
		prepare: numbered("rule add table 7 prio 1%d%d", 300)},
	{name: "qdisc", get: unix.RTM_GETQDISC, fixed: 20, misses: true, remove: removeLink,
		prepare: func(w *world) {
			numbered("link add w%d-%d type bridge", 125)(w)
			numbered("link set w%d-%d up", 125)(w)
		}},
}

// TestFactDumps: of most tables a dump that was going on when records went can miss
// others, which did not change; that it may have (NLM_F_DUMP_INTR) is told of a few
// alone.
func TestFactDumps(t *testing.T) {
	for _, k := range dumpFacts {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, shortQuiet, "", pair...)
			told, missed := false, 0
			for round := range max(k.rounds, 1) {
				k.prepare(w)
				w.settle()
				again, more := k.observe(w, round+1)
				told, missed = told || again, missed+more
				if told == k.told && k.misses && missed > 0 {
					break
				}
			}
			if told != k.told {
				t.Errorf("NLM_F_DUMP_INTR was set: %v, want %v", told, k.told)
			}
			if missed > 0 != k.misses && !k.perhaps {
				t.Errorf("%d records were missed, want some: %v", missed, k.misses)
			}
		})
	}
}

// observe makes a dump. When so many of its datagrams are fetched, it deletes what they
// and the next one show, and counts what of the rest is not shown then.
func (k *dumpFact) observe(w *world, datagrams int) (told bool, missed int) {
	w.Helper()
	t, err := netlink.Open(k.proto, w.options(0))
	if err != nil {
		w.Fatal(err)
	}
	defer t.Close()
	fixed := make([]byte, k.fixed)
	fixed[0] = k.family
	var b wire.Builder
	b.Message(wire.Header{Type: k.get, Flags: wire.Request | wire.Dump, Seq: 1})
	b.Raw(fixed)
	req, err := b.Bytes()
	if err != nil {
		w.Fatal(err)
	}
	// datagram yields the records of the next one.
	buf := make([]byte, 4096)
	datagram := func() (list []wire.Message, end bool) {
		d, err := t.Receive(buf, true)
		if err != nil {
			w.Fatal(err)
		}
		for m, err := range wire.Messages(buf[:d.N]) {
			switch {
			case err != nil:
				w.Fatal(err)
			case m.Type() == wire.TypeDone:
				end = true
			case m.Type() == wire.TypeError:
				w.Fatalf("the dump is refused: %x", m)
			default:
				told = told || m.Flags().Has(wire.DumpInterrupted)
				list = append(list, m.Clone())
			}
		}
		return list, end
	}
	all := func(end bool) (list []wire.Message) {
		for !end {
			var more []wire.Message
			more, end = datagram()
			list = append(list, more...)
		}
		return list
	}
	ask := func() {
		if err := t.Send(req, netlink.Address{}); err != nil {
			w.Fatal(err)
		}
	}
	ask()
	before := all(false)
	// The first datagram is made as the request is worked off, each other one when
	// that before it is fetched. All have room for as many.
	ask()
	var shown []wire.Message
	end, each := false, 0
	for i := range datagrams {
		var more []wire.Message
		if more, end = datagram(); i == 0 {
			each = len(more)
		}
		shown = append(shown, more...)
	}
	gone := (datagrams + 1) * each
	if told {
		w.Fatal("NLM_F_DUMP_INTR before anything was deleted")
	}
	if gone+each > len(before) || end {
		w.Fatalf("a dump of %d records, %d of them in the first datagram: too few", len(before), each)
	}
	deleted := map[string]bool{}
	for _, m := range before[:gone] {
		deleted[k.id(w, m)] = true
		remove := k.remove
		if remove == nil {
			remove = func(w *world, m wire.Message) error { return w.ask(m.Type()+1, m.Data(), nil) }
		}
		if err := remove(w, m); err != nil {
			w.Log(k.id(w, m), err)
		}
	}
	w.ip(k.after...)
	for _, m := range append(shown, all(end)...) {
		deleted[k.id(w, m)] = true
	}
	return told, len(slices.DeleteFunc(before, func(m wire.Message) bool { return deleted[k.id(w, m)] }))
}

// id is what a record is called.
func (k *dumpFact) id(w *world, m wire.Message) string {
	if k.proto == wire.Netfilter {
		return string(attrs(m.Data(), k.fixed)[1])
	}
	return w.text(m, false)
}

// numbered makes a function that does so many lines of `ip`.
func numbered(format string, n int) func(w *world) {
	return func(w *world) {
		w.Helper()
		var lines []string
		for i := range n {
			lines = append(lines, fmt.Sprintf(format, i/250, 1+i%250))
		}
		w.ip(lines...)
	}
}

// removeLink deletes the link that a message is about.
func removeLink(w *world, m wire.Message) error {
	fixed := make([]byte, unix.SizeofIfInfomsg)
	copy(fixed[4:], m.Data()[4:8])
	return w.ask(unix.RTM_DELLINK, fixed, nil)
}

// fdb makes or deletes an entry of a bridge's port.
func (w *world) fdb(typ wire.Type, link uint32, lladdr []byte) error {
	var b wire.Builder
	b.Message(wire.Header{Type: typ, Flags: wire.Create})
	fixed := make([]byte, unix.SizeofNdMsg)
	fixed[0], fixed[8], fixed[10] = unix.AF_BRIDGE, unix.NUD_PERMANENT, unix.NTF_MASTER
	binary.NativeEndian.PutUint32(fixed[4:], link)
	b.Raw(fixed)
	b.Attr(unix.NDA_LLADDR, lladdr)
	req, err := b.Bytes()
	if err != nil {
		return err
	}
	_, err = w.conn.Do(w.Context(), req, nil)
	return err
}

// connections makes a function that makes so many connections.
func connections(n int) func(w *world) {
	return func(w *world) {
		w.Helper()
		c := w.conntrack()
		defer c.Close()
		at := func(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}) }
		tuple := func(from, to netip.Addr) *conntrack.Tuple {
			return &conntrack.Tuple{IP: &conntrack.TupleIP{IPv4Src: from, IPv4Dst: to},
				Proto: &conntrack.TupleProto{Num: nl.U8(unix.IPPROTO_UDP), SrcPort: nl.U16(1), DstPort: nl.U16(1)}}
		}
		for i := range n {
			err := c.New(w.Context(), &conntrack.NewRequest{Header: conntrack.NfGenMsg{Family: unix.AF_INET},
				TupleOrig: tuple(at(0), at(i+1)), TupleReply: tuple(at(i+1), at(0)), Timeout: nl.U32(1000)}, nl.Create)
			if err != nil {
				w.Fatal(err)
			}
		}
	}
}

func removeConnection(w *world, m wire.Message) error {
	c := w.conntrack()
	defer c.Close()
	var d nl.Decoder
	var entry conntrack.Entry
	entry.DecodeNetlink(&d, m.Data())
	return c.Delete(w.Context(), &conntrack.DeleteRequest{Header: entry.Header, TupleOrig: entry.TupleOrig})
}

func (w *world) conntrack() *conntrack.Client {
	w.Helper()
	c, err := conntrack.Dial(w.Context(), w.options(0))
	if err != nil {
		w.Fatal(err)
	}
	return c
}
