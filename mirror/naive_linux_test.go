package mirror

import (
	"testing"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// naive keeps a copy of a table as nobody should: it joins the groups, asks for a
// dump on the same socket, and applies what comes in the order in which it comes.
type naive struct {
	testing.TB
	t     netlink.Transport
	d     *Definition
	feed  feed // for normal alone
	table map[string]string
	buf   []byte
	seq   uint32
}

// newNaive returns when the dump has ended.
func newNaive(tb testing.TB, a *arena, d *Definition) *naive {
	tb.Helper()
	o := a.options().Netlink
	o.ReceiveBuffer = 64 << 20 // nothing is lost: that is not its only fault
	t, err := netlink.Open(d.Protocol, &o)
	if err != nil {
		tb.Fatal(err)
	}
	n := &naive{TB: tb, t: t, d: d, table: map[string]string{}, buf: make([]byte, 64<<10)}
	for _, g := range d.Groups {
		if err := t.Join(g); err != nil {
			tb.Fatal(err)
		}
	}
	for _, q := range d.Dump(View{}, Scope{}) {
		n.request(wire.Type(q.Type), wire.Request|wire.Dump, q.Payload)
		for !n.step() {
		}
	}
	return n
}

func (n *naive) request(typ wire.Type, flags wire.Flags, payload []byte) {
	n.Helper()
	n.seq++
	var b wire.Builder
	b.Message(wire.Header{Type: typ, Flags: flags, Seq: n.seq})
	b.Raw(payload)
	req, err := b.Bytes()
	if err == nil {
		err = n.t.Send(req, netlink.Address{})
	}
	if err != nil {
		n.Fatal(err)
	}
}

// step takes in a datagram. It reports whether the request has come to its end.
func (n *naive) step() (end bool) {
	n.Helper()
	d, err := n.t.Receive(n.buf, true)
	if err != nil {
		n.Fatal(err)
	}
	for m, err := range wire.Messages(n.buf[:d.N]) {
		if err != nil {
			n.Fatal(err)
		}
		switch m.Type() {
		case wire.TypeDone, wire.TypeError:
			end = end || m.Header().Seq == n.seq && d.Group == 0
		case rtmNewRoute, rtmDelRoute:
			key, value := n.feed.normal(n.d, m.Data())
			if key == nil {
				break
			}
			if m.Type() == rtmNewRoute {
				n.table[string(key)] = string(value)
			} else {
				delete(n.table, string(key))
			}
		}
	}
	return end
}

// settled reads until an acknowledgement comes, behind everything that was
// announced.
func (n *naive) settled(*Definition) map[string]string {
	n.Helper()
	n.request(wire.TypeNoop, wire.Request|wire.Ack, nil)
	for !n.step() {
	}
	return n.table
}

func (n *naive) Close() error { return n.t.Close() }
