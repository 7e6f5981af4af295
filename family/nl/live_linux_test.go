package nl_test

import (
	"encoding/binary"
	"errors"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Link is of rt-link what these tests need, by hand: package rtlink has it all.
type Link struct {
	Family, _ uint8
	Index     int32
	Flags     uint32
	Change    uint32
	Name      nl.Opt[string] `nl:"3,ifname,string"`
	nl.Extra
}

func (m *Link) AppendNetlink(b *wire.Builder) {
	head := make([]byte, 16)
	head[0] = m.Family
	binary.NativeEndian.PutUint32(head[4:], uint32(m.Index))
	binary.NativeEndian.PutUint32(head[8:], m.Flags)
	binary.NativeEndian.PutUint32(head[12:], m.Change)
	b.Raw(head)
	nl.PutText(b, 3, m.Name)
	nl.PutExtra(b, &m.Extra)
}

func (m *Link) DecodeNetlink(d *nl.Decoder, payload []byte) {
	*m = Link{}
	head, rest := nl.Head(d, &m.Extra, payload, 16)
	m.Index, m.Flags = int32(binary.NativeEndian.Uint32(head[4:])), binary.NativeEndian.Uint32(head[8:])
	for a, err := range wire.Attrs(rest) {
		if err == nil && (a.Type() != 3 || !nl.GetText(d, &m.Name, a.Data())) {
			nl.Keep(d, &m.Extra, a)
		}
	}
}

func (m *Link) Check() error   { return nil }
func (m *Link) Own()           { nl.OwnExtra(&m.Extra) }
func (m *Link) String() string { return m.Name.String() }

type (
	LinkGet     struct{ Link }
	LinkGetDump struct{ Link }
	LinkSet     struct{ Link }
	LinkChanged struct{ Link }
)

func (*LinkGet) NetlinkOp() *nl.Op       { return opLinkGet }
func (*LinkGetDump) NetlinkOp() *nl.Op   { return opLinkGetDump }
func (*LinkSet) NetlinkOp() *nl.Op       { return opLinkSet }
func (*LinkChanged) NetlinkName() string { return "newlink-ntf" }

var (
	linkFamily = &nl.Family{
		Name: "link", Protocol: wire.Route, Groups: []nl.GroupInfo{{Name: "link", ID: 1}},
		Notification: func(id uint16) nl.Message {
			if id == 16 {
				return new(LinkChanged)
			}
			return nil
		},
	}
	opLinkGet     = &nl.Op{Family: linkFamily, Name: "getlink", ID: 18, ReplyID: 16, New: func() nl.Request { return new(LinkGet) }}
	opLinkGetDump = &nl.Op{Family: linkFamily, Name: "getlink", Dump: true, ID: 18, ReplyID: 16, New: func() nl.Request { return new(LinkGetDump) }}
	opLinkSet     = &nl.Op{Family: linkFamily, Name: "setlink", ID: 19, New: func() nl.Request { return new(LinkSet) }}
)

// TestLiveLinks asks a kernel in a namespace of the test's own.
func TestLiveLinks(t *testing.T) {
	ns := testenv.NewNetNS(t)
	o := &netlink.Options{Namespace: netlink.NamespaceFD(ns.FD())}
	c := dial(t, wire.Route, o)
	ctx := soon(t)
	lo, err := nl.DoReply[Link](ctx, c, &LinkGet{Link{Index: 1}})
	if err != nil || lo.Name.Value() != "lo" || lo.Flags&1 != 0 {
		t.Fatalf("%+v, %v", lo, err)
	}
	links, err := nl.Collect(nl.Dump[Link](ctx, c, &LinkGetDump{}))
	if err != nil || len(links) == 0 || links[0].Name.Value() != "lo" || len(links[0].Unknown()) < 10 {
		t.Fatalf("%d links, %v", len(links), err)
	}
	_, err = nl.DoReply[Link](ctx, c, &LinkGet{Link{Index: 4711}})
	if e, ok := errors.AsType[*netlink.Error](err); !ok || e.Errno != netlink.ENODEV || e.Op != "link getlink" {
		t.Errorf("a link that is not there: %v", err)
	}
	s := subscribe(t, c, nl.NewSource(linkFamily))
	if err := nl.Do(ctx, c, &LinkSet{Link{Index: 1, Flags: 1, Change: 1}}); err != nil {
		t.Fatal(err)
	}
	ev := next(t, s)
	if n, ok := ev.Notification.(*LinkChanged); !ok || n.Index != 1 || n.Flags&1 == 0 || ev.Group != "link" || ev.String() != "newlink-ntf lo" {
		t.Errorf("event %v of %s", ev, ev.Group)
	}
}

// TestLiveBatch: one datagram of many requests, the answers to which are all
// there when it is sent, and one that is refused.
func TestLiveBatch(t *testing.T) {
	ns := testenv.NewNetNS(t)
	c := dial(t, wire.Route, &netlink.Options{Namespace: netlink.NamespaceFD(ns.FD())})
	var calls []nl.BatchCall
	names := 0
	reply := nl.ReplyTo(func(l *Link) {
		if l.Name.Value() == "lo" {
			names++
		}
	})
	const n = 300
	for i := range n {
		index := int32(1)
		if i == 100 {
			index = 4711
		}
		calls = append(calls, nl.Call(&LinkGet{Link{Index: index}}, reply))
	}
	results, err := c.Batch(soon(t), calls...)
	if err != nil || len(results) != n || names != n-1 {
		t.Fatalf("%d results, %d names, %v", len(results), names, err)
	}
	for i, r := range results {
		if (i == 100) != errors.Is(r.Err, netlink.ENODEV) || i != 100 && r.Err != nil {
			t.Errorf("result %d: %v", i, r.Err)
		}
	}
}

// TestLiveFamily resolves families of the kernel's.
func TestLiveFamily(t *testing.T) {
	testenv.NewNetNS(t)
	c, err := nl.DialFamily(soon(t), &nl.Family{Name: genetlink.ControllerName, Protocol: wire.Generic}, nil)
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	if _, err := nl.DialFamily(soon(t), crateFamily, nil); !isUnknownFamily(err) {
		t.Errorf("a family no kernel has: %v", err)
	}
}
