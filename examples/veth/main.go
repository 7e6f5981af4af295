// Veth makes a pair of interfaces, moves one end into another network namespace,
// gives both an address, and sets them up.
package main

import (
	"context"
	"fmt"
	"log"
	"net/netip"

	"github.com/nlkit/nlkit/examples/internal/scratch"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtlink"
	"github.com/nlkit/nlkit/rt"
)

func main() {
	log.SetFlags(0)
	if err := run(context.Background()); err != nil {
		log.Fatal("veth: ", err)
	}
}

func run(ctx context.Context) error {
	// A container's namespace would be netlink.NamespacePath("/proc/42/ns/net"),
	// one that "ip netns add" has made netlink.NamespaceName("blue").
	host, err := scratch.Namespace()
	if err != nil {
		return err
	}
	guest, err := scratch.Namespace()
	if err != nil {
		return err
	}
	outside, err := rt.Dial(ctx, host)
	if err != nil {
		return err
	}
	defer outside.Close()
	inside, err := rt.Dial(ctx, guest)
	if err != nil {
		return err
	}
	defer inside.Close()

	_, err = outside.AddLink(ctx, &rtlink.LinkNewRequest{
		IfName: nl.Some("veth0"),
		LinkInfo: &rtlink.LinkInfo{Data: &rtlink.LinkInfoVeth{
			Peer: &rtlink.Link{IfName: nl.Some("eth0")},
		}},
	})
	if err != nil {
		return err
	}
	peer, err := outside.LinkByName(ctx, "eth0")
	if err != nil {
		return err
	}
	// Its index may be another one over there; its name and its address stay.
	if err := outside.SetNamespace(ctx, peer.Header.Index, guest.Namespace); err != nil {
		return err
	}

	if err := setUp(ctx, outside, "veth0", "192.0.2.1/24"); err != nil {
		return err
	}
	if err := setUp(ctx, inside, "eth0", "192.0.2.2/24"); err != nil {
		return err
	}
	if err := list(ctx, outside, "outside"); err != nil {
		return err
	}
	return list(ctx, inside, "inside")
}

func list(ctx context.Context, c *rt.Client, where string) error {
	for link, err := range c.LinkGetDump(ctx, nil) {
		if err != nil {
			return err
		}
		fmt.Printf("%-8s %v %v\n", where, link.IfName, link.Header.Flags)
	}
	return nil
}

// setUp sets the link of that name up and gives it an address.
func setUp(ctx context.Context, c *rt.Client, name, addr string) error {
	link, err := c.LinkByName(ctx, name)
	if err != nil {
		return err
	}
	if err := c.AddAddr(ctx, link.Header.Index, netip.MustParsePrefix(addr)); err != nil {
		return err
	}
	return c.SetUp(ctx, link.Header.Index)
}
