package sim_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log"
	"testing"
	"time"

	"github.com/nlkit/nlkit/family/ethtool"
	"github.com/nlkit/nlkit/family/netdev"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtaddr"
	"github.com/nlkit/nlkit/family/rtlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
)

// card is a network card of which only the rings are known.
type card struct {
	ethtool.Unimplemented
	rx uint32
}

func (c *card) RingsGet(call *nl.Incoming, req *ethtool.RingsGetRequest) (*ethtool.Rings, error) {
	switch {
	case req.Header == nil:
		return nil, call.Missing(".header.dev-name")
	case req.Header.DevName.Value() != "nic0":
		return nil, call.Refuse(netlink.ENODEV, ".header.dev-name", "no device matches name")
	}
	return &ethtool.Rings{Header: req.Header, Rx: nl.Some(c.rx), RxMax: nl.Some[uint32](4096)}, nil
}

func (c *card) RingsSet(call *nl.Incoming, req *ethtool.RingsSetRequest) error {
	rx := req.Rx.Or(c.rx)
	if rx > 4096 {
		return call.Refuse(netlink.EINVAL, ".rx", "requested ring size exceeds maximum")
	}
	c.rx = rx
	return nil
}

// A typed fake of a network card, and the program under test that talks to it.
func ExampleServe() {
	kernel := sim.NewKernel()
	defer kernel.Close()
	if _, err := sim.Serve(kernel, ethtool.Service(&card{rx: 256})); err != nil {
		log.Fatal(err)
	}

	ctx := context.Background()
	c, err := ethtool.Dial(ctx, &netlink.Options{Via: kernel})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	header := &ethtool.Header{DevName: nl.Some("nic0")}
	for _, rx := range []uint32{512, 8192} {
		fmt.Println(c.RingsSet(ctx, &ethtool.RingsSetRequest{Header: header, Rx: nl.Some(rx)}))
	}
	rings, err := c.RingsGet(ctx, &ethtool.RingsGetRequest{Header: header})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rings.Header.DevName, rings.Rx, "of", rings.RxMax)
	// Output:
	// <nil>
	// ethtool rings-set: requested ring size exceeds maximum: invalid argument (attribute .rx)
	// nic0 512 of 4096
}

func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestServeEthtool(t *testing.T) {
	kernel := sim.NewKernel()
	defer kernel.Close()
	if _, err := sim.Serve(kernel, ethtool.Service(&card{rx: 256})); err != nil {
		t.Fatal(err)
	}
	ctx := soon(t)
	c, err := ethtool.Dial(ctx, &netlink.Options{Via: kernel})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	named := func(name string) *ethtool.RingsGetRequest {
		return &ethtool.RingsGetRequest{Header: &ethtool.Header{DevName: nl.Some(name)}}
	}
	for _, x := range []struct {
		req           *ethtool.RingsGetRequest
		errno         netlink.Errno
		attr, missing string
	}{
		{named("nic1"), netlink.ENODEV, ".header.dev-name", ""},
		{&ethtool.RingsGetRequest{}, netlink.EINVAL, "", ".header"},
	} {
		_, err := c.RingsGet(ctx, x.req)
		e, ok := errors.AsType[*netlink.Error](err)
		if !ok || e.Errno != x.errno || e.Attr != x.attr || e.Missing != x.missing {
			t.Errorf("%v: %v", x.req, err)
		}
	}
	if _, err := c.ChannelsGet(ctx, &ethtool.ChannelsGetRequest{}); !errors.Is(err, netlink.EOPNOTSUPP) {
		t.Errorf("not implemented: %v", err)
	}
	for _, err := range c.RingsGetDump(ctx, nil) {
		if !errors.Is(err, netlink.EOPNOTSUPP) {
			t.Errorf("dump not implemented: %v", err)
		}
	}
}

// devices are those of a netdev family.
type devices struct {
	netdev.Unimplemented
	n uint32
}

func (d *devices) DevGet(call *nl.Incoming, req *netdev.DevGetRequest) (*netdev.Dev, error) {
	if id := req.IfIndex.Value(); id == 0 || id > d.n {
		return nil, call.Refuse(netlink.ENODEV, ".ifindex", "")
	}
	return &netdev.Dev{IfIndex: req.IfIndex}, nil
}

func (d *devices) DevGetDump(*nl.Incoming, *netdev.DevGetDumpRequest) iter.Seq2[*netdev.Dev, error] {
	return func(yield func(*netdev.Dev, error) bool) {
		var dev netdev.Dev // one for all: each is encoded before the next is asked for
		for i := range d.n {
			dev.IfIndex.Set(i + 1)
			if !yield(&dev, nil) {
				return
			}
		}
	}
}

func TestServeNetdev(t *testing.T) {
	kernel := sim.NewKernel()
	defer kernel.Close()
	served, err := sim.Serve(kernel, netdev.Service(&devices{n: 1000}))
	if err != nil {
		t.Fatal(err)
	}
	ctx := soon(t)
	c, err := netdev.Dial(ctx, &netlink.Options{Via: kernel})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	list, err := nl.Collect(c.DevGetDump(ctx, nil))
	if err != nil || len(list) != 1000 || list[0].IfIndex.Value() != 1 || list[999].IfIndex.Value() != 1000 {
		t.Fatalf("%d devices, %v", len(list), err)
	}
	if _, err := c.DevGet(ctx, &netdev.DevGetRequest{IfIndex: nl.Some[uint32](1001)}); !errors.Is(err, netlink.ENODEV) {
		t.Errorf("device 1001: %v", err)
	}

	plain, err := netdev.Dial(ctx, &netlink.Options{Via: kernel.Unprivileged()})
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	set := &netdev.NAPISetRequest{ID: nl.Some[uint32](1)}
	for c, want := range map[*netdev.Client]netlink.Errno{plain: netlink.EPERM, c: netlink.EOPNOTSUPP} {
		if err := c.NAPISet(ctx, set); !errors.Is(err, want) {
			t.Errorf("napi-set: %v, want %v", err, want)
		}
	}

	sub, err := c.Subscribe(ctx, netdev.GroupMgmt)
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	if err := served.Notify(netdev.GroupPagePool, &netdev.PagePoolAddNotification{}); err != nil {
		t.Errorf("a group nobody listens to: %v", err)
	}
	dev := netdev.Dev{IfIndex: nl.Some[uint32](7)}
	for _, n := range []nl.Announcement{&netdev.DevAddNotification{Dev: dev}, &netdev.DevDelNotification{Dev: dev}} {
		if err := served.Notify(netdev.GroupMgmt, n); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for ev, err := range sub.Events(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		switch n := ev.Notification.(type) {
		case *netdev.DevAddNotification:
			got = append(got, fmt.Sprint("added ", n.IfIndex))
		case *netdev.DevDelNotification:
			got = append(got, fmt.Sprint("deleted ", n.IfIndex))
		default:
			t.Errorf("%T", n)
		}
		if len(got) == 2 {
			break
		}
	}
	if fmt.Sprint(got) != "[added 7 deleted 7]" {
		t.Error(got)
	}
	if err := served.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := nl.Collect(c.DevGetDump(ctx, nil)); err == nil {
		t.Error("a family that is gone answers")
	}
}

// links are those of a namespace.
type links struct {
	rtlink.Unimplemented
	served *sim.Served
	links  map[int32]*rtlink.Link
}

func (l *links) LinkGet(call *nl.Incoming, req *rtlink.LinkGetRequest) (*rtlink.Link, error) {
	if link := l.links[req.Header.Index]; link != nil {
		return link.Clone(), nil
	}
	return nil, netlink.ENODEV
}

func (l *links) LinkGetDump(*nl.Incoming, *rtlink.LinkGetDumpRequest) iter.Seq2[*rtlink.Link, error] {
	return func(yield func(*rtlink.Link, error) bool) {
		for i := int32(1); l.links[i] != nil; i++ {
			if !yield(l.links[i], nil) {
				return
			}
		}
	}
}

func (l *links) LinkNew(call *nl.Incoming, req *rtlink.LinkNewRequest) error {
	switch {
	case !call.Has(nl.Create):
		return call.Refuse(netlink.ENODEV, "", "no such link")
	case !req.IfName.IsSet():
		return call.Missing(".ifname")
	case req.LinkInfo == nil || !req.LinkInfo.Kind.IsSet():
		return call.Missing(".linkinfo.kind")
	}
	if vlan, ok := req.LinkInfo.Data.(*rtlink.LinkInfoVLAN); ok && vlan.ID.Value() > 4094 {
		return call.Refuse(netlink.ERANGE, ".linkinfo.data.id", "Invalid VLAN id")
	}
	link := (*rtlink.Link)(req) // the request is the handler's to keep
	link.Header.Index = int32(len(l.links) + 1)
	l.links[link.Header.Index] = link
	n := &rtlink.LinkNewNotification{Link: *link.Clone()}
	return errors.Join(call.Echo(n), l.served.Notify(rtlink.GroupLink, n))
}

// addrs has no addresses, and shares the protocol with the links.
type addrs struct{ rtaddr.Unimplemented }

func (addrs) AddrGetDump(*nl.Incoming, *rtaddr.AddrGetDumpRequest) iter.Seq2[*rtaddr.Addr, error] {
	return func(func(*rtaddr.Addr, error) bool) {}
}

func TestServeRoute(t *testing.T) {
	kernel := sim.NewKernel()
	defer kernel.Close()
	l := &links{links: map[int32]*rtlink.Link{}}
	var err error
	if l.served, err = sim.ServeRaw(kernel, wire.Route, rtlink.Service(l), rtaddr.Service(addrs{})); err != nil {
		t.Fatal(err)
	}
	ctx := soon(t)
	c, err := rtlink.Dial(ctx, &netlink.Options{Via: kernel})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	sub, err := c.Subscribe(ctx, rtlink.GroupLink)
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()

	vlan := func(name string, id uint16) *rtlink.LinkNewRequest {
		return &rtlink.LinkNewRequest{
			IfName:   nl.Some(name),
			LinkInfo: &rtlink.LinkInfo{Kind: nl.Some("vlan"), Data: &rtlink.LinkInfoVLAN{ID: nl.Some(id)}},
		}
	}
	for _, x := range []struct {
		req           *rtlink.LinkNewRequest
		opts          []nl.Option
		errno         netlink.Errno
		attr, missing string
	}{
		{vlan("v5", 5), nil, netlink.ENODEV, "", ""},
		{vlan("v5", 4095), []nl.Option{nl.Create}, netlink.ERANGE, ".linkinfo.data(vlan).id", ""},
		{&rtlink.LinkNewRequest{}, []nl.Option{nl.Create}, netlink.EINVAL, "", ".ifname"},
		{&rtlink.LinkNewRequest{IfName: nl.Some("x")}, []nl.Option{nl.Create}, netlink.EINVAL, "", ".linkinfo"},
		{&rtlink.LinkNewRequest{IfName: nl.Some("x"), LinkInfo: &rtlink.LinkInfo{}}, []nl.Option{nl.Create}, netlink.EINVAL, "", ".linkinfo.kind"},
	} {
		e, ok := errors.AsType[*netlink.Error](c.LinkNew(ctx, x.req, x.opts...))
		if !ok || e.Errno != x.errno || e.Attr != x.attr || e.Missing != x.missing {
			t.Errorf("%v: %v", x.req, e)
		}
	}

	var echo string
	seen := nl.EchoTo(func(n nl.Notification) {
		if n, ok := n.(*rtlink.LinkNewNotification); ok {
			echo = n.IfName.Value()
		}
	})
	for i, name := range []string{"v5", "v6"} {
		if err := c.LinkNew(ctx, vlan(name, uint16(5+i)), nl.Create, nl.Excl, seen); err != nil || echo != name {
			t.Fatalf("%s: echo %q, %v", name, echo, err)
		}
	}
	for ev, err := range sub.Events(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		n, ok := ev.Notification.(*rtlink.LinkNewNotification)
		if !ok || n.Header.Index != 1 || n.IfName.Value() != "v5" {
			t.Errorf("%v", ev.Notification)
		}
		break
	}
	got, err := c.LinkGet(ctx, &rtlink.LinkGetRequest{Header: rtlink.IfInfoMsg{Index: 2}})
	if err != nil {
		t.Fatal(err)
	}
	if data, ok := got.LinkInfo.Data.(*rtlink.LinkInfoVLAN); !ok || data.ID.Value() != 6 || got.IfName.Value() != "v6" {
		t.Errorf("%v", got)
	}
	all, err := nl.Collect(c.LinkGetDump(ctx, nil))
	if err != nil || len(all) != 2 {
		t.Errorf("%d links, %v", len(all), err)
	}
	// Another family on the same socket, and what that does not have.
	a := rtaddr.New(c.Conn)
	if none, err := nl.Collect(a.AddrGetDump(ctx, nil)); err != nil || len(none) != 0 {
		t.Errorf("%d addresses, %v", len(none), err)
	}
	if err := a.AddrNew(ctx, &rtaddr.AddrNewRequest{}); !errors.Is(err, netlink.EOPNOTSUPP) {
		t.Errorf("address: %v", err)
	}
}
