// Batch makes a thousand routes with a few system calls, reads them back, and
// takes away every other one, as it was read.
package main

import (
	"context"
	"fmt"
	"log"
	"net/netip"
	"time"

	"github.com/nlkit/nlkit/examples/internal/scratch"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtroute"
	"github.com/nlkit/nlkit/rt"
)

const table, routes = 1000, 1000 // a table of our own, and how many go there

func main() {
	log.SetFlags(0)
	if err := run(context.Background()); err != nil {
		log.Fatal("batch: ", err)
	}
}

func run(ctx context.Context) error {
	opts, err := scratch.Namespace()
	if err != nil {
		return err
	}
	c, err := rt.Dial(ctx, opts)
	if err != nil {
		return err
	}
	defer c.Close()

	add := make([]nl.BatchCall, routes)
	for i := range add {
		dst := netip.AddrFrom4([4]byte{10, byte(i >> 8), byte(i), 0})
		req, err := rt.Route{
			Dst:   netip.PrefixFrom(dst, 24),
			Type:  rtroute.RtmTypeBlackhole,
			Table: table,
		}.Request()
		if err != nil {
			return err
		}
		add[i] = nl.Call(req, nl.Create, nl.Excl)
	}
	start := time.Now()
	// Those that fail do not stop the others: the error names each of them.
	if _, err := c.Batch(ctx, add...); err != nil {
		return err
	}
	fmt.Printf("%d routes made in %v\n", len(add), time.Since(start).Round(time.Millisecond))

	var del []nl.BatchCall
	for r, err := range c.RouteGetDump(ctx, mine) {
		if err != nil {
			return err
		}
		if r.Dst.As4()[2]%2 != 0 {
			// r is the kernel's until the next step; its clone is ours.
			del = append(del, nl.Call((*rtroute.RouteDelRequest)(r.Clone())))
		}
	}
	if _, err := c.Batch(ctx, del...); err != nil {
		return err
	}

	left, err := nl.Collect(c.RouteGetDump(ctx, mine))
	if err != nil {
		return err
	}
	fmt.Printf("%d deleted, %d left, the last one to %v\n", len(del), len(left), left[len(left)-1].DstPrefix())
	return nil
}

// mine asks for the routes of our table.
var mine = &rtroute.RouteGetDumpRequest{
	Header: rtroute.RtMsg{Family: nl.AFInet},
	Table:  nl.U32(table),
}
