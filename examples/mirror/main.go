// Mirror keeps a copy of links, addresses and routes, looks a destination up in it, and
// tells what becomes of it when a link is set down: the kernel deletes the link's
// routes without a word, and the copy is right all the same.
package main

import (
	"context"
	"fmt"
	"log"
	"net/netip"
	"time"

	"github.com/nlkit/nlkit/examples/internal/scratch"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtlink"
	"github.com/nlkit/nlkit/mirror"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/rt"
)

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal("mirror: ", err)
	}
}

func run() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	opts, err := scratch.Namespace()
	if err != nil {
		return err
	}
	c, err := rt.Dial(ctx, opts)
	if err != nil {
		return err
	}
	defer c.Close()
	link, err := network(ctx, c)
	if err != nil {
		return err
	}

	// Open returns when everything has been read for the first time.
	m, err := mirror.Options{Netlink: netlink.Options{Namespace: opts.Namespace}}.
		Open(ctx, mirror.Links, mirror.Addrs, mirror.Routes.Where("table == main"))
	if err != nil {
		return err
	}
	defer m.Close()

	// A snapshot never changes; reading it takes no locks.
	first := m.Snapshot()
	fmt.Printf("%d links, %d addresses, %d routes\n", mirror.Links.Len(first), mirror.Addrs.Len(first), mirror.Routes.Len(first))
	way(first)

	if err := c.SetDown(ctx, link); err != nil {
		return err
	}
	// From the first snapshot on, step by step, until the routes are gone.
	for d, err := range m.Changes(ctx, first) {
		if err != nil {
			return err
		}
		for step := range mirror.Links.Changes(d) {
			if step.Kind == mirror.Changed {
				fmt.Printf("link %v: %v\n", step.New.IfName, step.New.Header.Flags)
			}
		}
		for step := range mirror.Routes.Changes(d) {
			if step.Kind == mirror.Deleted {
				fmt.Printf("route to %v is gone (%v)\n", step.Old.DstPrefix(), step.Reasons)
			}
		}
		if mirror.Routes.Len(d.To) == 0 {
			break
		}
	}
	way(m.Snapshot())

	// Is the copy right? An audit compares all of it with the kernel.
	report, err := m.Audit(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("audit: %d records, %d wrong\n", report.Records, report.Drift)
	return nil
}

// way prints which route an address is sent by.
func way(s *mirror.Snapshot) {
	addr := netip.MustParseAddr("203.0.113.77")
	if r, ok := mirror.LookupRoute(s, 254, addr); ok {
		fmt.Printf("%v: via %v, by the route to %v\n", addr, r.Gateway, r.DstPrefix())
	} else {
		fmt.Printf("%v: no route\n", addr)
	}
}

// network makes a link with an address and a few routes.
func network(ctx context.Context, c *rt.Client) (link int32, err error) {
	l, err := c.AddLink(ctx, &rtlink.LinkNewRequest{
		IfName:   nl.Some("east"),
		LinkInfo: &rtlink.LinkInfo{Data: &rtlink.LinkInfoVeth{Peer: &rtlink.Link{IfName: nl.Some("west")}}},
	})
	if err != nil {
		return 0, err
	}
	link = l.Header.Index
	if err := c.AddAddr(ctx, link, netip.MustParsePrefix("192.0.2.1/24")); err != nil {
		return 0, err
	}
	if err := c.SetUp(ctx, link); err != nil {
		return 0, err
	}
	for _, dst := range []string{"0.0.0.0/0", "203.0.113.0/24", "203.0.113.64/26"} {
		r := rt.Route{Dst: netip.MustParsePrefix(dst), Via: netip.MustParseAddr("192.0.2.9")}
		if err := c.AddRoute(ctx, r); err != nil {
			return 0, fmt.Errorf("%s: %w", dst, err)
		}
	}
	return link, nil
}
