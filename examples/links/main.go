// Links makes a pair of interfaces, renames one, gives it a larger MTU, sets both
// up and one of them down again, and prints after each step what the kernel says.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/nlkit/nlkit/examples/internal/scratch"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtlink"
)

func main() {
	log.SetFlags(0)
	if err := run(context.Background()); err != nil {
		log.Fatal("links: ", err)
	}
}

func run(ctx context.Context) error {
	opts, err := scratch.Namespace() // nil would be the namespace we are in
	if err != nil {
		return err
	}
	c, err := rtlink.Dial(ctx, opts)
	if err != nil {
		return err
	}
	defer c.Close()

	fmt.Println("a pair of virtual Ethernet interfaces, left and right:")
	err = c.LinkNew(ctx, &rtlink.LinkNewRequest{
		IfName: nl.Some("left"),
		LinkInfo: &rtlink.LinkInfo{Data: &rtlink.LinkInfoVeth{
			Peer: &rtlink.Link{IfName: nl.Some("right")},
		}},
	}, nl.Create, nl.Excl)
	if err != nil {
		return err
	}
	if err := list(ctx, c); err != nil {
		return err
	}

	// From here on by index: a name may change hands.
	left, err := c.LinkGet(ctx, &rtlink.LinkGetRequest{IfName: nl.Some("left")})
	if err != nil {
		return err
	}
	right, err := c.LinkGet(ctx, &rtlink.LinkGetRequest{IfName: nl.Some("right")})
	if err != nil {
		return err
	}

	fmt.Println("left is called uplink now, and takes larger packets:")
	err = c.LinkSet(ctx, &rtlink.LinkSetRequest{
		Header: rtlink.IfInfoMsg{Index: left.Header.Index},
		IfName: nl.Some("uplink"),
		MTU:    nl.U32(9000),
	})
	if err != nil {
		return err
	}
	if err := list(ctx, c); err != nil {
		return err
	}

	fmt.Println("both are up:")
	for _, link := range []*rtlink.Link{left, right} {
		if err := setUp(ctx, c, link.Header.Index, true); err != nil {
			return err
		}
	}
	if err := list(ctx, c); err != nil {
		return err
	}

	fmt.Println("right is down, and uplink has lost its carrier:")
	if err := setUp(ctx, c, right.Header.Index, false); err != nil {
		return err
	}
	return list(ctx, c)
}

// setUp sets a link up or down. Change says which of the flags are meant: the
// others stay as they are. (Package rt has this as SetUp and SetDown.)
func setUp(ctx context.Context, c *rtlink.Client, index int32, up bool) error {
	h := rtlink.IfInfoMsg{Index: index, Change: rtlink.IfInfoFlagUp}
	if up {
		h.Flags = rtlink.IfInfoFlagUp
	}
	return c.LinkSet(ctx, &rtlink.LinkSetRequest{Header: h})
}

func list(ctx context.Context, c *rtlink.Client) error {
	for link, err := range c.LinkGetDump(ctx, nil) {
		if err != nil {
			return err
		}
		fmt.Printf("  %d %-6v mtu %-5v %v  %v\n",
			link.Header.Index, link.IfName, link.MTU, link.Address, link.Header.Flags)
	}
	return nil
}
