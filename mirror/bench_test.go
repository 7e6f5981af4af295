package mirror

import (
	"encoding/binary"
	"testing"

	"github.com/nlkit/nlkit/wire"
)

// benchFeed is a feed without sockets, which has n IPv4 routes over a link.
func benchFeed(b *testing.B, n int) (*feed, func(i int) []byte) {
	m := &Mirror{}
	if err := m.add(Routes.source()); err != nil {
		b.Fatal(err)
	}
	m.addHidden()
	m.current.Store(&Snapshot{tables: make([][]view, len(m.tables))})
	m.makeFeeds()
	f := m.feeds[0]
	payload := make([]byte, rtMsgLen, rtMsgLen+32)
	copy(payload, []byte{afInet, 32, 0, 0, 254, 4, 253, 1})
	payload = putAttrU32(payload, rtaTable, 254)
	payload = putAttrU32(payload, rtaDst, 0)
	payload = putAttrU32(payload, rtaOIF, 7)
	route := func(i int) []byte {
		binary.BigEndian.PutUint32(payload[rtMsgLen+8+wire.AttrHeaderLen:], 16<<24+uint32(i))
		return payload
	}
	for i := range n {
		f.take(event{kind: eventMessage, typ: rtmNewRoute, flags: wire.Create | wire.Excl, payload: route(i), nsid: Own})
	}
	f.publish()
	return f, route
}

// BenchmarkEvents takes in events of routes that come and go, of which a snapshot is
// published every so many.
func BenchmarkEvents(b *testing.B) {
	const routes = 100_000
	for _, bm := range []struct {
		name  string
		every int
	}{{"each", 1}, {"many", 256}} {
		b.Run(bm.name, func(b *testing.B) {
			f, route := benchFeed(b, routes)
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				typ, flags := uint16(rtmNewRoute), wire.Create|wire.Excl
				if i&1 == 1 {
					typ, flags = rtmDelRoute, 0
				}
				// Two events each for places all over the table.
				f.take(event{kind: eventMessage, typ: typ, flags: flags, payload: route(routes + i/2*7919%routes), nsid: Own})
				if i++; i%bm.every == 0 {
					f.publish()
					if _, err := f.tidy(); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
