package mirror

import (
	"encoding/binary"
	"slices"
	"testing"
	"time"

	"github.com/nlkit/nlkit/wire"
)

// fuzzTables are all tables of this package and some of families by name.
func fuzzTables() []Raw {
	tables := append(named(), Family("netdev", "dev-get"), Family("tcp_metrics", "get"))
	for i, t := range tables {
		tables[i] = t.Poll(time.Hour) // of some nothing is announced
	}
	return tables
}

// fuzzFeeds makes a mirror of one table, and of those that it depends on, without
// sockets.
func fuzzFeeds(t testing.TB, raw Raw) (*Mirror, *table) {
	m := &Mirror{}
	if err := m.add(raw.source()); err != nil {
		t.Fatal(err)
	}
	m.addHidden()
	m.current.Store(&Snapshot{tables: make([][]view, len(m.tables))})
	m.makeFeeds()
	for _, f := range m.feeds {
		for _, tb := range f.spaces[0].tables {
			if tb.def == raw.def {
				return m, tb
			}
		}
	}
	t.Fatal("no feed has the table")
	return nil, nil
}

// handle has a table take in messages as events, as rows of a dump and as events during
// it, and reads what becomes of them.
func handle(t testing.TB, raw Raw, del bool, flags uint16, messages ...[]byte) {
	m, tb := fuzzFeeds(t, raw)
	f := tb.feed
	v := verbPut
	if del {
		v = verbDelete
	}
	for _, b := range messages {
		tb.message(verbPut, wire.Flags(flags), slices.Clone(b))
	}
	tb.pass = f.newPass(Scope{})
	for i, b := range messages {
		rows := one(slices.Clone(b))
		if tb.def.records != nil {
			rows = tb.def.records(rows)
		}
		for payload, err := range rows {
			if err == nil {
				tb.row(payload)
			}
		}
		if i%2 == 0 {
			tb.message(v, wire.Flags(flags), slices.Clone(b))
		}
	}
	tb.merge(Resynced, !del, true)
	tb.endPass(&job{})
	for _, other := range m.feeds {
		other.shared.runPosted()
	}
	for r := range tb.store.All() {
		key, value := tb.store.Key(r), tb.store.Value(r)
		tb.def.appendJSON(nil, value)
		tb.covers(Scope{Link: 1}, key, value)
		tb.def.Dump(View{tb.space, tb}, Scope{Prefix: string(key)})
		tb.def.Dump(View{tb.space, tb}, Scope{Link: 1})
	}
	if tb.def.parts != nil {
		tb.def.parts(tb)
	}
	for _, b := range messages {
		tb.message(v, wire.Flags(flags), slices.Clone(b))
	}
}

// fuzzSeeds are messages of several kinds: headers with attributes behind them, some of
// which hold others.
func fuzzSeeds() [][]byte {
	var seeds [][]byte
	for _, head := range []int{0, 1, 4, 8, 12, 16, 20} {
		for _, family := range []byte{0, afInet, afBridge, afInet6} {
			b := make([]byte, head)
			if head > 0 {
				b[0] = family
			}
			for typ := uint16(1); typ < 24; typ++ {
				b = putAttrU32(b, typ, uint32(typ))
			}
			inner := putAttrU32(putAttrText(nil, 1, "bridge"), 2, 7)
			b = appendNested(b, 18, appendNested(inner, 2, inner))
			seeds = append(seeds, b)
		}
	}
	return append(seeds, host6(1, 2), nil)
}

// TestMalformed cuts messages off at every length, and writes lengths into them that
// are wrong.
func TestMalformed(t *testing.T) {
	for _, raw := range fuzzTables() {
		for _, seed := range fuzzSeeds() {
			for n := 0; n <= len(seed); n += 1 + n/8 {
				handle(t, raw, n%2 == 0, uint16(n), seed[:n], seed)
				if n+2 <= len(seed) {
					bad := slices.Clone(seed)
					binary.NativeEndian.PutUint16(bad[n&^3:], uint16(n*40503))
					handle(t, raw, n%2 == 1, 0x100, bad)
				}
			}
		}
	}
}

// FuzzMessage gives tables messages of any bytes.
func FuzzMessage(f *testing.F) {
	tables := fuzzTables()
	for i, seed := range fuzzSeeds() {
		f.Add(uint8(i), i%2 == 0, uint16(0x400), seed, seed)
	}
	f.Fuzz(func(t *testing.T, n uint8, del bool, flags uint16, a, b []byte) {
		handle(t, tables[int(n)%len(tables)], del, flags, a, b)
	})
}
