package sim

import (
	"errors"
	"iter"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// rawFamily is a family of a raw protocol whose every type is asked for both ways.
func rawFamily(name string, p wire.Protocol, types ...uint16) *nl.Service {
	f := &nl.Family{Name: name, Protocol: p, Groups: []nl.GroupInfo{{Name: nl.Group(name), ID: uint32(types[0])}}}
	s := &nl.Service{Family: f}
	for _, typ := range types {
		reply := func(way string) *ship { return &ship{Name: nl.Some(name + " " + way)} }
		do := &nl.Op{Family: f, Name: "do", ID: typ, ReplyID: typ, New: func() nl.Request { return new(shipGet) }}
		dump := &nl.Op{Family: f, Name: "dump", ID: typ, ReplyID: typ, Dump: true, New: func() nl.Request { return new(shipDump) }}
		s.Handlers = append(s.Handlers,
			nl.HandleDo(do, func(*nl.Incoming, *shipGet) (*ship, error) { return reply("do"), nil }),
			nl.HandleDump(dump, func(*nl.Incoming, *shipDump) iter.Seq2[*ship, error] {
				return func(yield func(*ship, error) bool) {
					_ = yield(nil, nil) && yield(reply("dump"), nil) // one that is left out
				}
			}))
	}
	return s
}

// TestServeRawTypes sends each type with flags and looks at who answers.
func TestServeRawTypes(t *testing.T) {
	const quux wire.Protocol = 28
	for _, c := range []struct {
		protocol wire.Protocol
		typ      wire.Type
		flags    wire.Flags
		plain    bool // without rights
		want     string
	}{
		{quux, 32, 0, false, "one do"},
		{quux, 32, wire.Dump, false, "one dump"},
		{quux, 32, wire.Root, false, "one do"},
		{quux, 36, 0, false, "two do"},
		{quux, 36, wire.Dump, true, "two dump"},
		{quux, 33, 0, false, "operation not supported"},
		{wire.Route, 18, 0, true, "one do"},
		{wire.Route, 18, wire.Root, true, "one dump"},
		{wire.Route, 18, wire.Match, false, "one dump"},
		{wire.Route, 18, wire.Dump, false, "one dump"},
		{wire.Route, 20, wire.Replace | wire.Excl, false, "two do"},
		{wire.Route, 20, 0, true, "operation not permitted"},
		{wire.Route, 22, 0, false, "operation not supported"},
		{wire.Netfilter, 512, wire.Dump, false, "one dump"},
		{wire.Netfilter, 512, wire.Dump, true, "operation not permitted"},
	} {
		k := newKernel(t)
		types := map[wire.Protocol][2]uint16{quux: {32, 36}, wire.Route: {18, 20}, wire.Netfilter: {512, 513}}[c.protocol]
		if _, err := ServeRaw(k, c.protocol, rawFamily("one", c.protocol, types[0]), rawFamily("two", c.protocol, types[1])); err != nil {
			t.Fatal(err)
		}
		via := netlink.Opener(k)
		if c.plain {
			via = k.Unprivileged()
		}
		conn := open(t, via, c.protocol, nil)
		send(t, conn, build(t, wire.Header{Type: c.typ, Flags: wire.Request | c.flags, Seq: 1}, func(b *wire.Builder) { b.Raw(make([]byte, 4)) }))
		got := ""
		for m, err := range wire.Messages(receive(t, conn)) {
			if err != nil {
				t.Fatal(err)
			}
			if m.Type() == wire.TypeError {
				errno, _ := ackOf(t, m)
				got = errno.Error()
			} else if name, ok := wire.FindAttr(m.Data()[4:], 2); ok && m.Type() == c.typ {
				got += name.Text()
			}
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%v type %d flags %v: %q, want %q", c.protocol, c.typ, c.flags, got, c.want)
		}
	}
}

// TestServeRawShort sends a request that ends in its fixed header.
func TestServeRawShort(t *testing.T) {
	s := serveHarbour(t, true)
	conn := open(t, s.kernel, harbourProtocol, nil)
	for _, flags := range []wire.Flags{0, wire.Dump} {
		send(t, conn, build(t, wire.Header{Type: cmdShipGet, Flags: wire.Request | flags}, func(b *wire.Builder) { b.Verbatim([]byte{1, 2}) }))
		if errno, _ := ackOf(t, receive(t, conn)); errno != netlink.EINVAL {
			t.Errorf("flags %v: %v", flags, errno)
		}
	}
}

func TestServeRawClash(t *testing.T) {
	const quux wire.Protocol = 28
	_, err := ServeRaw(newKernel(t), quux, rawFamily("one", quux, 32), rawFamily("two", quux, 32))
	if !errors.Is(err, netlink.EEXIST) || !strings.Contains(err.Error(), "do of one") {
		t.Errorf("a type twice: %v", err)
	}
	if _, err = ServeRaw(newKernel(t), quux, rawFamily("one", quux, 32), rawFamily("one", quux, 33)); !errors.Is(err, netlink.EINVAL) {
		t.Errorf("one group of two numbers: %v", err)
	}
	k := newKernel(t)
	served, err := ServeRaw(k, quux, rawFamily("one", quux, 32), rawFamily("two", quux, 64))
	if err != nil {
		t.Fatal(err)
	}
	conn := open(t, k, quux, nil)
	if err := conn.Join(64); err != nil {
		t.Fatal(err)
	}
	if served.HasListeners("one") || !served.HasListeners("two") || served.HasListeners("three") {
		t.Error("listeners of another group")
	}
	if err := served.Notify("two", &ship{}); err != nil {
		t.Fatal(err)
	}
	if got := receive(t, conn); wire.Message(got).Type() != cmdShip {
		t.Errorf("% x", got)
	}
}
