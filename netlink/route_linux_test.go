package netlink

import (
	"context"
	"encoding/binary"
	"testing"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/wire"
)

// Message types and groups of rtnetlink that the tests use.
const (
	rtmNewLink  wire.Type = 16
	rtmDelLink  wire.Type = 17
	rtmGetLink  wire.Type = 18
	rtmSetLink  wire.Type = 19
	rtmNewAddr  wire.Type = 20
	rtmNewRoute wire.Type = 24
	rtmDelRoute wire.Type = 25
	rtmGetRoute wire.Type = 26
	rtmNewNSID  wire.Type = 88
	rtmNewNH    wire.Type = 104
	rtmNewVLAN  wire.Type = 112

	groupLink  = 1
	groupAddr  = 5
	groupRoute = 7
	groupNH    = 32
	groupVLAN  = 33
)

// build makes one message; fill adds what follows the header.
func build(t testing.TB, typ wire.Type, flags wire.Flags, fill func(b *wire.Builder)) []byte {
	t.Helper()
	var b wire.Builder
	b.Message(wire.Header{Type: typ, Flags: flags})
	fill(&b)
	req, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return req
}

// ifinfo is a struct ifinfomsg.
func ifinfo(index uint32, flags, change uint32) []byte {
	b := make([]byte, 16)
	binary.NativeEndian.PutUint32(b[4:], index)
	binary.NativeEndian.PutUint32(b[8:], flags)
	binary.NativeEndian.PutUint32(b[12:], change)
	return b
}

func getLink(t testing.TB, index uint32) []byte {
	return build(t, rtmGetLink, 0, func(b *wire.Builder) { b.Raw(ifinfo(index, 0, 0)) })
}

func setLinkUp(t testing.TB, index uint32) []byte {
	return build(t, rtmSetLink, 0, func(b *wire.Builder) { b.Raw(ifinfo(index, 1, 1)) })
}

func newVeth(t testing.TB, name, peer string) []byte {
	return build(t, rtmNewLink, wire.Create|wire.Excl, func(b *wire.Builder) {
		b.Raw(ifinfo(0, 0, 0))
		b.Text(3, name)
		info := b.Nest(18)
		b.Text(1, "veth")
		data := b.Nest(2)
		other := b.Nest(1)
		b.Raw(ifinfo(0, 0, 0))
		b.Text(3, peer)
		b.End(other)
		b.End(data)
		b.End(info)
	})
}

func newBridge(t testing.TB, name string) []byte {
	return build(t, rtmNewLink, wire.Create|wire.Excl, func(b *wire.Builder) {
		b.Raw(ifinfo(0, 0, 0))
		b.Text(3, name)
		info := b.Nest(18)
		b.Text(1, "bridge")
		data := b.Nest(2)
		b.Uint8(7, 1) // vlan_filtering
		b.End(data)
		b.End(info)
	})
}

func newAddr(t testing.TB, index uint32, addr [4]byte) []byte {
	return build(t, rtmNewAddr, wire.Create|wire.Excl, func(b *wire.Builder) {
		fixed := []byte{2, 32, 0, 0, 0, 0, 0, 0}
		binary.NativeEndian.PutUint32(fixed[4:], index)
		b.Raw(fixed)
		b.Attr(2, addr[:])
	})
}

// route is a request about the blackhole route to 10.x.y.z/32 made of n. It
// needs no link.
func route(t testing.TB, typ wire.Type, flags wire.Flags, n uint32, table uint32) []byte {
	return build(t, typ, flags, func(b *wire.Builder) {
		b.Raw([]byte{2, 32, 0, 0, byte(min(table, 252)), 3, 0, 6, 0, 0, 0, 0})
		b.Attr(1, []byte{10, byte(n >> 16), byte(n >> 8), byte(n)})
		b.Uint32(15, table)
	})
}

const mainTable = 254

func addRoute(t testing.TB, n uint32) []byte {
	return route(t, rtmNewRoute, wire.Create|wire.Excl, n, mainTable)
}

func delRoute(t testing.TB, n uint32) []byte { return route(t, rtmDelRoute, 0, n, mainTable) }

// getRoutes is a dump request for the IPv4 routes of a table, 0 for all.
func getRoutes(t testing.TB, table uint32) []byte {
	return build(t, rtmGetRoute, 0, func(b *wire.Builder) {
		b.Raw([]byte{2, 0, 0, 0, byte(min(table, 252)), 0, 0, 0, 0, 0, 0, 0})
		if table != 0 {
			b.Uint32(15, table)
		}
	})
}

// dialTest opens a Conn that is closed with the test.
func dialTest(t testing.TB, o *Options) *Conn {
	t.Helper()
	c, err := Dial(wire.Route, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// openTest opens a transport that is closed with the test.
func openTest(t testing.TB, p wire.Protocol, o *Options) Transport {
	t.Helper()
	s, err := Open(p, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// subscribeTest opens a Subscription that is closed with the test.
func subscribeTest(t testing.TB, o *Options, groups ...uint32) *Subscription {
	t.Helper()
	s, err := Subscribe(wire.Route, o, groups...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// inNew returns options for sockets in a new network namespace.
func inNew(t testing.TB) *Options {
	t.Helper()
	return &Options{Namespace: NamespaceFD(testenv.NewNetNS(t).FD())}
}

// with returns a copy of o, changed.
func with(o *Options, change func(*Options)) *Options {
	c := *o
	change(&c)
	return &c
}

// do makes a request that is to go well.
func do(t testing.TB, c *Conn, req []byte) {
	t.Helper()
	if _, err := c.Do(patience(t), req, nil); err != nil {
		t.Fatal(err)
	}
}

// addRoutes adds the routes from first up to end.
func addRoutes(t testing.TB, c *Conn, first, end uint32) {
	t.Helper()
	b := c.Batch(patience(t), BatchOptions{ElideAcks: true})
	for n := first; n < end; n++ {
		if err := b.Add(addRoute(t, n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Flush(); err != nil {
		t.Fatal(err)
	}
}

// rows counts the rows of a dump that is to go well.
func rows(t testing.TB, c *Conn, ctx context.Context, req []byte) (n int) {
	t.Helper()
	for _, err := range c.Dump(ctx, req) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

// routeNumber reads out of an RTM_NEWROUTE what route put in, or 1<<32-1.
func routeNumber(m wire.Message) uint32 {
	if len(m.Data()) < 12 {
		return 1<<32 - 1
	}
	a, ok := wire.FindAttr(m.Data()[12:], 1)
	d := a.Data()
	if !ok || len(d) != 4 || d[0] != 10 {
		return 1<<32 - 1
	}
	return uint32(d[1])<<16 | uint32(d[2])<<8 | uint32(d[3])
}
