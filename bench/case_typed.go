//go:build linux

package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"net/netip"
	"runtime"
	"unsafe"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/nlkit/nlkit/bench/internal/hand"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtlink"
	"github.com/nlkit/nlkit/family/rtroute"
	vishvananda "github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// What the generated packages do: every attribute decoded into a struct, where
// nlkitName reads the bytes.
const (
	typedName     = nlkitName + ", typed"
	typedReused   = typedName + ", memory reused"
	typedListName = nlkitName + ", typed list"
)

// ipv4Routes asks for what dumpRequest asks for.
func ipv4Routes() *rtroute.RouteGetDumpRequest {
	return &rtroute.RouteGetDumpRequest{Header: rtroute.RtMsg{Family: unix.AF_INET}}
}

// typedRoute takes out of a decoded route what hand.ParseRoute reads.
func typedRoute(r *rtroute.Route) hand.Route {
	return hand.Route{Dst: ip4Number(r.Dst), DstLen: r.Header.DstLen, OIF: r.OIF.Value(), Table: r.Table.Value()}
}

// ip4Number is the number of an IPv4 address, and 0 where there is none.
func ip4Number(a netip.Addr) uint32 {
	if !a.Is4() {
		return 0
	}
	b := a.As4()
	return binary.BigEndian.Uint32(b[:])
}

func typedDumper(list bool) func() (dumper, error) {
	return func() (dumper, error) {
		ctx := context.Background()
		c, err := rtroute.Dial(ctx, nil)
		if err != nil {
			return dumper{}, err
		}
		return dumper{close: c.Close, dump: func() (d routeSum, err error) {
			if !list {
				for r, err := range c.RouteGetDump(ctx, ipv4Routes()) {
					if err != nil {
						return d, err
					}
					d.add(typedRoute(r))
				}
				return d, nil
			}
			routes, err := nl.Collect(c.RouteGetDump(ctx, ipv4Routes()))
			for i := range routes {
				d.add(typedRoute(&routes[i]))
			}
			return d, err
		}}, nil
	}
}

// Kept is the memory that a table takes as long as it is kept, bytes for an entry.
type Kept struct {
	Struct float64 `json:"struct"` // of the slice's element alone
	Beyond float64 `json:"beyond"` // the rest: what the element points to, and room the slice has over
}

// keepers get all routes as a slice, and tell how large an element is. What they
// return is kept while memory is measured.
var keepers = map[string]func() (table any, n int, size uintptr, err error){
	typedListName: func() (any, int, uintptr, error) {
		ctx := context.Background()
		c, err := rtroute.Dial(ctx, nil)
		if err != nil {
			return nil, 0, 0, err
		}
		defer c.Close()
		routes, err := nl.Collect(c.RouteGetDump(ctx, ipv4Routes()))
		return routes, len(routes), unsafe.Sizeof(rtroute.Route{}), err
	},
	vishList: func() (any, int, uintptr, error) {
		routes, err := vishvananda.RouteList(nil, unix.AF_INET)
		return routes, len(routes), unsafe.Sizeof(vishvananda.Route{}), err
	},
	jsimList: func() (any, int, uintptr, error) {
		c, err := rtnetlink.Dial(nil)
		if err != nil {
			return nil, 0, 0, err
		}
		defer c.Close()
		routes, err := c.Route.List()
		return routes, len(routes), unsafe.Sizeof(rtnetlink.RouteMessage{}), err
	},
}

// measureKept keeps a table of so many routes and looks what the heap has grown by.
func measureKept(candidate string, routes int) (*Kept, error) {
	keep, ok := keepers[candidate]
	if !ok {
		return nil, nil
	}
	before := heapInUse()
	table, n, size, err := keep()
	if err != nil {
		return nil, fmt.Errorf("keep the routes of %s: %w", candidate, err)
	}
	if err := checkCount(n, routes); err != nil {
		return nil, fmt.Errorf("keep the routes of %s: %w", candidate, err)
	}
	grown := float64(heapInUse()) - float64(before)
	runtime.KeepAlive(table)
	return &Kept{Struct: float64(size), Beyond: grown/float64(n) - float64(size)}, nil
}

// heapInUse is the heap after garbage collection, bytes. What finalizers and pools
// held needs a second round.
func heapInUse() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// addKept measures those who return a table.
func addKept(results []Result, routes int, log func(string, ...any)) error {
	for i := range results {
		log("%s: memory kept by %s", results[i].Case, results[i].Candidate)
		var err error
		if results[i].Kept, err = measureKept(results[i].Candidate, routes); err != nil {
			return err
		}
	}
	return nil
}

// typedGetter asks for the loopback link as a user of the generated package does:
// all of it decoded, and the caller's own.
func typedGetter() (getter, error) {
	ctx := context.Background()
	c, err := rtlink.Dial(ctx, nil)
	if err != nil {
		return getter{}, err
	}
	return getter{close: c.Close, get: func() error {
		link, err := c.LinkGet(ctx, &rtlink.LinkGetRequest{Header: rtlink.IfInfoMsg{Index: loopback}})
		if err != nil {
			return err
		}
		l := hand.Link{Index: link.Header.Index, MTU: link.MTU.Value()}
		l.NameLen = copy(l.Name[:], link.IfName.Value())
		return checkLink(&l)
	}}, nil
}

// typedReuser does so with the memory of the call before, as who asks often does.
func typedReuser() (getter, error) {
	ctx := context.Background()
	c, err := rtlink.Dial(ctx, nil)
	if err != nil {
		return getter{}, err
	}
	var mem nl.Memory[rtlink.Link]
	req := &rtlink.LinkGetRequest{Header: rtlink.IfInfoMsg{Index: loopback}}
	return getter{close: c.Close, get: func() error {
		link, err := c.LinkGet(ctx, req, &mem)
		if err != nil {
			return err
		}
		l := hand.Link{Index: link.Header.Index, MTU: link.MTU.Value()}
		l.NameLen = copy(l.Name[:], link.IfName.Value())
		return checkLink(&l)
	}}, nil
}
