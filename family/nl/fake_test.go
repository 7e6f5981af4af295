package nl_test

import (
	"testing"
	"time"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// player is a socket that allocates nothing: it answers each request with the
// same datagram, so often, and the end. Unasked it has the datagram without end.
type player struct {
	datagram []byte
	times    int
	group    uint32

	end  []byte
	left int
}

func newPlayer(times int, typ wire.Type, labels ...string) *player {
	var b wire.Builder
	for _, l := range labels {
		b.Message(wire.Header{Type: typ, Flags: wire.Multi})
		c := labelled(l)
		c.Inner = &CrateInner{Level: nl.U32(1)}
		c.AddUnknown(9, []byte{1})
		c.AppendNetlink(&b)
	}
	datagram, err := b.Bytes()
	if err != nil {
		panic(err) // no such label is given
	}
	return &player{datagram: datagram, times: times, end: build(wire.Header{Type: wire.TypeDone, Flags: wire.Multi}, u32(0))}
}

func (p *player) Open(wire.Protocol, *netlink.Options) (netlink.Transport, error) { return p, nil }

func (p *player) Send(b []byte, _ netlink.Address) error {
	for m := range wire.Messages(p.datagram) {
		m.SetSeq(wire.Message(b).Seq())
	}
	wire.Message(p.end).SetSeq(wire.Message(b).Seq())
	p.left = p.times + 1
	return nil
}

func (p *player) Receive(buf []byte, _ bool) (netlink.Datagram, error) {
	from := p.datagram
	if p.group == 0 {
		switch p.left--; {
		case p.left < 0:
			return netlink.Datagram{}, netlink.EAGAIN
		case p.left == 0:
			from = p.end
		}
	}
	n := copy(buf, from)
	return netlink.Datagram{N: n, Len: n, Group: p.group}, nil
}

func (p *player) SetReadDeadline(time.Time) error   { return nil }
func (p *player) Join(uint32) error                 { return nil }
func (p *player) Leave(uint32) error                { return nil }
func (p *player) MemInfo() (netlink.MemInfo, error) { return netlink.MemInfo{}, nil }
func (p *player) Port() uint32                      { return 1 }
func (p *player) Protocol() wire.Protocol           { return wire.Netfilter }
func (p *player) Close() error                      { return nil }

func (p *player) dial(t testing.TB) *nl.Conn {
	return dial(t, wire.Netfilter, &netlink.Options{Via: p})
}
