// Routes makes routes of several kinds, one over two next hops with weights,
// lists the table, asks the kernel which way it would go, and takes a route away.
package main

import (
	"context"
	"fmt"
	"log"
	"net/netip"

	"github.com/nlkit/nlkit/examples/internal/scratch"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtlink"
	"github.com/nlkit/nlkit/family/rtroute"
	"github.com/nlkit/nlkit/rt"
)

func main() {
	log.SetFlags(0)
	if err := run(context.Background()); err != nil {
		log.Fatal("routes: ", err)
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
	east, west, err := twoLinks(ctx, c)
	if err != nil {
		return err
	}

	routes := []rt.Route{
		{Dst: netip.MustParsePrefix("203.0.113.0/24"), Via: netip.MustParseAddr("192.0.2.9")},
		{Dst: netip.MustParsePrefix("10.0.0.0/8"), Type: rtroute.RtmTypeBlackhole},
		{Dst: netip.MustParsePrefix("10.1.0.0/16"), Index: east, MTU: 1400, Metric: 50},
		// Three packets of four go east.
		{Dst: netip.MustParsePrefix("0.0.0.0/0"), Nexthops: []rt.Nexthop{
			{Via: netip.MustParseAddr("192.0.2.9"), Index: east, Weight: 3},
			{Via: netip.MustParseAddr("198.51.100.9"), Index: west, Weight: 1},
		}},
	}
	for _, r := range routes {
		// ReplaceRoute makes it, or takes the place of the one that is there.
		if err := c.ReplaceRoute(ctx, r); err != nil {
			return fmt.Errorf("%v: %w", r.Dst, err)
		}
	}
	if err := list(ctx, c); err != nil {
		return err
	}

	dst := netip.MustParseAddr("203.0.113.77")
	req := &rtroute.RouteGetRequest{}
	req.SetDstPrefix(netip.PrefixFrom(dst, dst.BitLen()))
	way, err := c.RouteGet(ctx, req)
	if err != nil {
		return err
	}
	fmt.Printf("to %v: via %v from %v\n", dst, way.Gateway, way.PrefSrc)

	if err := c.DelRoute(ctx, rt.Route{Dst: netip.MustParsePrefix("203.0.113.0/24")}); err != nil {
		return err
	}
	fmt.Println("without 203.0.113.0/24:")
	return list(ctx, c)
}

// list prints the main table. Kernels since 4.20 look for the table themselves.
func list(ctx context.Context, c *rt.Client) error {
	req := &rtroute.RouteGetDumpRequest{
		Header: rtroute.RtMsg{Family: nl.AFInet},
		Table:  nl.U32(rt.TableMain),
	}
	for r, err := range c.RouteGetDump(ctx, req) {
		if err != nil {
			return err
		}
		// r is the kernel's own message, and good until the next step.
		fmt.Printf("  %-10v %v", r.Header.Type, r.DstPrefix())
		for hop, err := range rt.Nexthops(r) {
			if err != nil {
				return err
			}
			fmt.Print(" ")
			if hop.Via.IsValid() {
				fmt.Printf(" via %v", hop.Via)
			}
			fmt.Printf(" on %d", hop.Index)
			if hop.Weight > 1 {
				fmt.Printf(" weight %d", hop.Weight)
			}
		}
		if r.Metrics != nil {
			fmt.Printf("  mtu %v", r.Metrics.MTU)
		}
		fmt.Println()
	}
	return nil
}

// twoLinks makes interfaces with an address each, 192.0.2.1 and 198.51.100.1.
func twoLinks(ctx context.Context, c *rt.Client) (east, west int32, err error) {
	link, err := c.AddLink(ctx, &rtlink.LinkNewRequest{
		IfName:   nl.Some("east"),
		LinkInfo: &rtlink.LinkInfo{Data: &rtlink.LinkInfoVeth{Peer: &rtlink.Link{IfName: nl.Some("west")}}},
	})
	if err != nil {
		return 0, 0, err
	}
	peer, err := c.LinkByName(ctx, "west")
	if err != nil {
		return 0, 0, err
	}
	east, west = link.Header.Index, peer.Header.Index
	for index, addr := range map[int32]string{east: "192.0.2.1/24", west: "198.51.100.1/24"} {
		if err := c.AddAddr(ctx, index, netip.MustParsePrefix(addr)); err != nil {
			return 0, 0, err
		}
		if err := c.SetUp(ctx, index); err != nil {
			return 0, 0, err
		}
	}
	return east, west, nil
}
