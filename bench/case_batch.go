//go:build linux

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"

	"github.com/jsimonetti/rtnetlink/v2"
	mdlayher "github.com/mdlayher/netlink"
	"github.com/nlkit/nlkit/bench/internal/hand"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	vishvananda "github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

const (
	addCaseName    = "add routes in a batch"
	deleteCaseName = "delete routes in a batch"
	ipBatchName    = "ip -batch"
	elidedName     = "nlkit, ACKs elided"
	batchRoutes    = 100_000
	singleRoutes   = 10_000 // for those who change one by one
)

// changer adds or deletes the first n of the batch routes.
type changer struct {
	prepare func(add bool, n int) error // not measured; may be nil
	change  func(add bool, n int) error
	close   func() error
}

type changerMaker struct {
	name    string
	ops     int
	outside bool
	open    func() (changer, error)
}

func changers() []changerMaker {
	return []changerMaker{
		{name: nlkitName, open: nlkitChanger(false)},
		{name: elidedName, open: nlkitChanger(true)},
		{name: handName, open: handChanger},
		{name: ipBatchName, outside: true, open: ipChanger},
		{name: mdlayherName + ", one by one", ops: singleRoutes, open: mdlayherChanger},
		{name: vishName + ", one by one", ops: singleRoutes, open: vishvanandaChanger},
		{name: jsimName + ", one by one", ops: singleRoutes, open: jsimonettiChanger},
	}
}

// addCase and deleteCase: change many routes, with as many messages per system
// call as the library can. What comes before and after, by hand, is not measured.
func addCase() *Case {
	return batchCase(addCaseName, "add one route of 100,000 (one by one: of 10,000)", true)
}

func deleteCase() *Case {
	return batchCase(deleteCaseName, "delete one route of 100,000 (one by one: of 10,000)", false)
}

func batchCase(name, op string, add bool) *Case {
	c := &Case{Name: name, Op: op, Ops: batchRoutes, Reference: nlkitName, Yardstick: handName}
	for _, m := range changers() {
		c.Candidates = append(c.Candidates, Candidate{
			Name: m.name, Ops: m.ops, Outside: m.outside,
			Open: func() (Runner, error) { return openChanger(m.open, add) },
		})
	}
	return c
}

func openChanger(open func() (changer, error), add bool) (Runner, error) {
	k, err := open()
	if err != nil {
		return Runner{}, err
	}
	run := func(clock Clock, n int) error {
		clock.StopTimer()
		defer clock.StartTimer()
		if k.prepare != nil {
			if err := k.prepare(add, n); err != nil {
				return err
			}
		}
		if !add {
			if err := changeByHand(true, n); err != nil {
				return err
			}
		}
		clock.StartTimer()
		err := k.change(add, n)
		clock.StopTimer()
		if err != nil {
			return err
		}
		want := 0
		if add {
			want = n
		}
		return errors.Join(checkTable(want), emptyTable())
	}
	return Runner{Run: run, Close: k.close}, nil
}

func changeByHand(add bool, n int) error {
	return withSocket(func(s *hand.Socket) error { return handChange(s, add, n) })
}

func handChange(s *hand.Socket, add bool, n int) error {
	build := delRoute
	if add {
		build = addRoute
	}
	return s.Batch(n, func(b []byte, i int) []byte { return build(b, batchBase+uint32(i)) })
}

func handChanger() (changer, error) {
	s, err := hand.Open()
	if err != nil {
		return changer{}, err
	}
	return changer{change: func(add bool, n int) error { return handChange(s, add, n) }, close: s.Close}, nil
}

func nlkitChanger(elide bool) func() (changer, error) {
	return func() (changer, error) {
		c, err := netlink.Dial(wire.Route, nil)
		if err != nil {
			return changer{}, err
		}
		return changer{close: c.Close, change: func(add bool, n int) error {
			batch := c.Batch(context.Background(), netlink.BatchOptions{ElideAcks: elide})
			buf := make([]byte, 0, 64)
			for i := range n {
				if err := addToBatch(batch, buf, add, batchBase+uint32(i)); err != nil {
					return err
				}
			}
			return batch.Flush()
		}}, nil
	}
}

// addToBatch writes a request into buf, as a user would, and adds it: the batch
// copies it.
func addToBatch(batch *netlink.Batch, buf []byte, add bool, dst uint32) error {
	var b wire.Builder
	b.Reset(buf[:0])
	if add {
		b.Message(wire.Header{Type: unix.RTM_NEWROUTE, Flags: wire.Create | wire.Excl})
	} else {
		b.Message(wire.Header{Type: unix.RTM_DELROUTE})
	}
	b.Raw(routeMsg[:])
	b.Uint32BE(unix.RTA_DST, dst)
	b.Uint32(unix.RTA_OIF, loopback)
	msg, err := b.Bytes()
	if err != nil {
		return err
	}
	return batch.Add(msg)
}

func ipChanger() (changer, error) {
	path, err := exec.LookPath("ip")
	if err != nil {
		return changer{}, fmt.Errorf("%w: install iproute2", err)
	}
	file, err := os.CreateTemp("", "nlkit-bench-*.batch")
	if err != nil {
		return changer{}, err
	}
	return changer{
		prepare: func(add bool, n int) error { return writeBatchFile(file, add, n) },
		change: func(bool, int) error {
			var out bytes.Buffer
			cmd := exec.Command(path, "-batch", file.Name())
			cmd.Stderr = &out
			if err := cmd.Run(); err != nil {
				return fmt.Errorf("ip -batch: %w: %s", err, bytes.TrimSpace(out.Bytes()))
			}
			return nil
		},
		close: func() error { return errors.Join(file.Close(), os.Remove(file.Name())) },
	}, nil
}

func writeBatchFile(file *os.File, add bool, n int) error {
	if err := file.Truncate(0); err != nil {
		return err
	}
	if _, err := file.Seek(0, 0); err != nil {
		return err
	}
	verb := "del"
	if add {
		verb = "add"
	}
	w := bufio.NewWriter(file)
	for i := range n {
		fmt.Fprintf(w, "route %s %v/32 dev lo\n", verb, routeIP(i))
	}
	return w.Flush()
}

func routeIP(i int) net.IP {
	a := ip4(batchBase + uint32(i))
	return a[:]
}

func mdlayherChanger() (changer, error) {
	c, err := mdlayher.Dial(unix.NETLINK_ROUTE, nil)
	if err != nil {
		return changer{}, err
	}
	return changer{close: c.Close, change: func(add bool, n int) error {
		for i := range n {
			if err := mdlayherChange(c, add, batchBase+uint32(i)); err != nil {
				return err
			}
		}
		return nil
	}}, nil
}

func mdlayherChange(c *mdlayher.Conn, add bool, dst uint32) error {
	ae := mdlayher.NewAttributeEncoder()
	a := ip4(dst)
	ae.Bytes(unix.RTA_DST, a[:])
	ae.Uint32(unix.RTA_OIF, loopback)
	attrs, err := ae.Encode()
	if err != nil {
		return err
	}
	m := mdlayher.Message{
		Header: mdlayher.Header{Type: unix.RTM_DELROUTE, Flags: mdlayher.Request | mdlayher.Acknowledge},
		Data:   append(routeMsg[:len(routeMsg):len(routeMsg)], attrs...),
	}
	if add {
		m.Header.Type = unix.RTM_NEWROUTE
		m.Header.Flags |= mdlayher.Create | mdlayher.Excl
	}
	_, err = c.Execute(m)
	return err
}

func vishvanandaChanger() (changer, error) {
	h, err := vishvananda.NewHandle(unix.NETLINK_ROUTE)
	if err != nil {
		return changer{}, err
	}
	return changer{close: func() error { h.Close(); return nil }, change: func(add bool, n int) error {
		change := h.RouteDel
		if add {
			change = h.RouteAdd
		}
		for i := range n {
			err := change(&vishvananda.Route{
				LinkIndex: loopback, Scope: vishvananda.SCOPE_LINK,
				Dst: &net.IPNet{IP: routeIP(i), Mask: net.CIDRMask(32, 32)},
			})
			if err != nil {
				return err
			}
		}
		return nil
	}}, nil
}

func jsimonettiChanger() (changer, error) {
	c, err := rtnetlink.Dial(nil)
	if err != nil {
		return changer{}, err
	}
	return changer{close: c.Close, change: func(add bool, n int) error {
		change := c.Route.Delete
		if add {
			change = c.Route.Add
		}
		for i := range n {
			err := change(&rtnetlink.RouteMessage{
				Family: unix.AF_INET, DstLength: 32, Table: unix.RT_TABLE_MAIN, Protocol: unix.RTPROT_BOOT,
				Scope: unix.RT_SCOPE_LINK, Type: unix.RTN_UNICAST,
				Attributes: rtnetlink.RouteAttributes{Dst: routeIP(i), OutIface: loopback},
			})
			if err != nil {
				return err
			}
		}
		return nil
	}}, nil
}
