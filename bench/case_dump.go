//go:build linux

package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/jsimonetti/rtnetlink/v2"
	mdlayher "github.com/mdlayher/netlink"
	"github.com/nlkit/nlkit/bench/internal/hand"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	vishvananda "github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// dumpSizes are the sizes of the dumped tables, in ascending order: each is
// filled on top of the one before.
var dumpSizes = []int{10_000, 100_000, 1_000_000}

func dumpCaseName(routes int) string { return fmt.Sprintf("dump %s routes", count(routes)) }

// count writes a number as people do: 10k, 1M.
func count(n int) string {
	switch {
	case n >= 1_000_000 && n%1_000_000 == 0:
		return fmt.Sprintf("%dM", n/1_000_000)
	case n >= 1000 && n%1000 == 0:
		return fmt.Sprintf("%dk", n/1000)
	}
	return fmt.Sprint(n)
}

// dumper dumps the table once.
type dumper struct {
	dump  func() (routeSum, error)
	close func() error
}

// routeSum is what a dump adds up: a result that depends on every value, so
// that none goes unread. The receive-only loop has no sum.
type routeSum struct {
	n   int // routes
	sum uint64
}

func (d *routeSum) add(r hand.Route) {
	d.n++
	d.sum += uint64(r.Dst) + uint64(r.DstLen) + uint64(r.OIF) + uint64(r.Table)
}

type dumperMaker struct {
	name string
	open func() (dumper, error)
}

func dumpers() []dumperMaker {
	return []dumperMaker{
		{nlkitName, nlkitDumper},
		{typedName, typedDumper(false)},
		{typedListName, typedDumper(true)},
		{mirrorName, mirrorDumper},
		{receiveOnly, handDumper(false)},
		{handName, handDumper(true)},
		{mdlayherName + ", iterator", mdlayherDumper(true)},
		{mdlayherName + ", list", mdlayherDumper(false)},
		{vishIterator, vishvanandaDumper(true)},
		{vishList, vishvanandaDumper(false)},
		{jsimList, jsimonettiDumper},
	}
}

// Names of candidates that the targets are about.
const (
	vishIterator = vishName + ", iterator"
	vishList     = vishName + ", list"
	jsimList     = jsimName + ", list"
)

// dumpCase: all routes of the namespace, with destination, table and interface
// read out of each (except "receive only", which counts). Of the typed candidates,
// vishvananda and jsimonetti a route is decoded as a whole.
func dumpCase(f *filler, routes int) *Case {
	c := &Case{
		Name: dumpCaseName(routes), Op: "one dump, attributes walked",
		Reference: nlkitName, Yardstick: receiveOnly,
		Setup: func() (func() error, error) { return nil, f.fill(routes) },
	}
	if routes >= 100_000 {
		c.Ops, c.Once = 1, true
	}
	for _, m := range dumpers() {
		c.Candidates = append(c.Candidates, Candidate{Name: m.name, Open: func() (Runner, error) {
			d, err := m.open()
			if err != nil {
				return Runner{}, err
			}
			return Runner{Close: d.close, Run: func(_ Clock, n int) error {
				for range n {
					if err := d.check(routes); err != nil {
						return err
					}
				}
				return nil
			}}, nil
		}})
	}
	return c
}

func (d dumper) check(routes int) error {
	got, err := d.dump()
	if err != nil {
		return err
	}
	return checkCount(got.n, routes)
}

func handDumper(walk bool) func() (dumper, error) {
	return func() (dumper, error) {
		s, err := hand.Open()
		if err != nil {
			return dumper{}, err
		}
		req := dumpRequest(nil)
		return dumper{close: s.Close, dump: func() (d routeSum, err error) {
			if walk {
				d.n, d.sum, err = s.Walk(req)
			} else {
				d.n, err = s.Count(req)
			}
			return d, err
		}}, nil
	}
}

func nlkitDumper() (dumper, error) {
	c, err := netlink.Dial(wire.Route, nil)
	if err != nil {
		return dumper{}, err
	}
	return dumper{close: c.Close, dump: func() (routeSum, error) { return nlkitDump(context.Background(), c) }}, nil
}

func nlkitDump(ctx context.Context, c *netlink.Conn) (d routeSum, err error) {
	var b wire.Builder
	b.Message(wire.Header{Type: unix.RTM_GETROUTE})
	b.Raw([]byte{unix.AF_INET, 11: 0})
	req, err := b.Bytes()
	if err != nil {
		return d, err
	}
	for m, err := range c.Dump(ctx, req) {
		if err != nil {
			return d, err
		}
		r, err := parseRoute(m)
		if err != nil {
			return d, err
		}
		d.add(r)
	}
	return d, nil
}

// parseRoute reads with nlkit what hand.ParseRoute reads by hand.
func parseRoute(m wire.Message) (r hand.Route, err error) {
	data := m.Data()
	if m.Type() != unix.RTM_NEWROUTE || len(data) < unix.SizeofRtMsg {
		return r, fmt.Errorf("unexpected message of type %v", m.Type())
	}
	r.DstLen = data[1]
	for a, err := range wire.Attrs(data[unix.SizeofRtMsg:]) {
		if err != nil {
			return r, err
		}
		switch a.Type() {
		case unix.RTA_DST:
			r.Dst, err = a.Uint32BE()
		case unix.RTA_OIF:
			r.OIF, err = a.Uint32()
		case unix.RTA_TABLE:
			r.Table, err = a.Uint32()
		}
		if err != nil {
			return r, err
		}
	}
	return r, nil
}

func mdlayherDumper(iterator bool) func() (dumper, error) {
	return func() (dumper, error) {
		c, err := mdlayher.Dial(unix.NETLINK_ROUTE, nil)
		if err != nil {
			return dumper{}, err
		}
		return dumper{close: c.Close, dump: func() (routeSum, error) {
			req := mdlayher.Message{
				Header: mdlayher.Header{Type: unix.RTM_GETROUTE, Flags: mdlayher.Request | mdlayher.Dump},
				Data:   []byte{unix.AF_INET, 11: 0},
			}
			var d routeSum
			var err error
			if iterator {
				err = mdlayherIterate(c, req, &d)
			} else {
				err = mdlayherList(c, req, &d)
			}
			return d, err
		}}, nil
	}
}

func mdlayherIterate(c *mdlayher.Conn, req mdlayher.Message, d *routeSum) error {
	if _, err := c.Send(req); err != nil {
		return err
	}
	for m, err := range c.ReceiveIter() {
		if err != nil {
			return err
		}
		r, err := mdlayherRoute(m)
		if err != nil {
			return err
		}
		d.add(r)
	}
	return nil
}

func mdlayherList(c *mdlayher.Conn, req mdlayher.Message, d *routeSum) error {
	msgs, err := c.Execute(req)
	if err != nil {
		return err
	}
	for _, m := range msgs {
		r, err := mdlayherRoute(m)
		if err != nil {
			return err
		}
		d.add(r)
	}
	return nil
}

func mdlayherRoute(m mdlayher.Message) (r hand.Route, err error) {
	if len(m.Data) < unix.SizeofRtMsg {
		return r, errors.New("route message too short")
	}
	r.DstLen = m.Data[1]
	ad, err := mdlayher.NewAttributeDecoder(m.Data[unix.SizeofRtMsg:])
	if err != nil {
		return r, err
	}
	for ad.Next() {
		switch ad.Type() {
		case unix.RTA_DST:
			r.Dst = binary.BigEndian.Uint32(ad.Bytes())
		case unix.RTA_OIF:
			r.OIF = ad.Uint32()
		case unix.RTA_TABLE:
			r.Table = ad.Uint32()
		}
	}
	return r, ad.Err()
}

// vishvanandaDumper reads the main table, which is the one that was filled.
func vishvanandaDumper(iterator bool) func() (dumper, error) {
	return func() (dumper, error) {
		h, err := vishvananda.NewHandle(unix.NETLINK_ROUTE)
		if err != nil {
			return dumper{}, err
		}
		return dumper{
			close: func() error { h.Close(); return nil },
			dump: func() (routeSum, error) {
				var d routeSum
				add := func(r *vishvananda.Route) {
					o := hand.Route{OIF: uint32(r.LinkIndex), Table: uint32(r.Table)}
					if r.Dst != nil && r.Dst.IP.To4() != nil {
						o.Dst = binary.BigEndian.Uint32(r.Dst.IP.To4())
					}
					d.add(o)
				}
				if iterator {
					err := h.RouteListFilteredIter(unix.AF_INET, &vishvananda.Route{}, 0, func(r vishvananda.Route) bool {
						add(&r)
						return true
					})
					return d, err
				}
				routes, err := h.RouteList(nil, unix.AF_INET)
				for i := range routes {
					add(&routes[i])
				}
				return d, err
			},
		}, nil
	}
}

func jsimonettiDumper() (dumper, error) {
	c, err := rtnetlink.Dial(nil)
	if err != nil {
		return dumper{}, err
	}
	return dumper{close: c.Close, dump: func() (d routeSum, err error) {
		routes, err := c.Route.List()
		if err != nil {
			return d, err
		}
		for i := range routes {
			a := &routes[i].Attributes
			o := hand.Route{DstLen: routes[i].DstLength, OIF: a.OutIface, Table: a.Table}
			if ip := a.Dst.To4(); ip != nil {
				o.Dst = binary.BigEndian.Uint32(ip)
			}
			d.add(o)
		}
		return d, nil
	}}, nil
}
