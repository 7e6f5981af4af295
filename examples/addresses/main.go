// Addresses gives lo some addresses, IPv4 and IPv6, one of which ends by itself,
// lists them, and takes one away again.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/netip"
	"time"

	"github.com/nlkit/nlkit/examples/internal/scratch"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtaddr"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/rt"
)

func main() {
	log.SetFlags(0)
	if err := run(context.Background()); err != nil {
		log.Fatal("addresses: ", err)
	}
}

func run(ctx context.Context) error {
	opts, err := scratch.Namespace()
	if err != nil {
		return err
	}
	// One socket for all of rtnetlink: links, addresses, routes and the rest.
	c, err := rt.Dial(ctx, opts)
	if err != nil {
		return err
	}
	defer c.Close()

	lo, err := c.LinkByName(ctx, "lo")
	if err != nil {
		return err
	}
	if err := c.SetUp(ctx, lo.Header.Index); err != nil {
		return err
	}

	for _, s := range []string{"192.0.2.1/24", "198.51.100.7/32", "2001:db8::1/64"} {
		if err := c.AddAddr(ctx, lo.Header.Index, netip.MustParsePrefix(s)); err != nil {
			return err
		}
	}
	// A second time is an error, and one to test for.
	err = c.AddAddr(ctx, lo.Header.Index, netip.MustParsePrefix("192.0.2.1/24"))
	if !errors.Is(err, netlink.EEXIST) {
		return fmt.Errorf("an address that is there was added again: %w", err)
	}
	fmt.Println("the same address again:", err)

	// Whatever else an address can have is in the request that AddAddr makes.
	req := rt.AddrRequest(lo.Header.Index, netip.MustParsePrefix("2001:db8::2/64"))
	req.Flags = nl.Some(rtaddr.FlagNoDAD)
	req.CacheInfo = &rtaddr.CacheInfo{
		Preferred: uint32((30 * time.Minute).Seconds()),
		Valid:     uint32(time.Hour.Seconds()),
	}
	if err := c.AddrNew(ctx, req, nl.Create, nl.Excl); err != nil {
		return err
	}

	if err := list(ctx, c, lo.Header.Index); err != nil {
		return err
	}
	if err := c.DelAddr(ctx, lo.Header.Index, netip.MustParsePrefix("198.51.100.7/32")); err != nil {
		return err
	}
	fmt.Println("without 198.51.100.7:")
	return list(ctx, c, lo.Header.Index)
}

// list prints the addresses of one link: the kernel looks for them, not we.
func list(ctx context.Context, c *rt.Client, index int32) error {
	req := &rtaddr.AddrGetDumpRequest{Header: rtaddr.IfAddrMsg{Index: uint32(index)}}
	for addr, err := range c.AddrGetDump(ctx, req) {
		if err != nil {
			return err
		}
		fmt.Printf("  %-15v  %v", rt.AddrPrefix(addr), addr.Flags)
		if life := addr.CacheInfo; life != nil && life.Valid != rt.Forever {
			fmt.Printf(", valid for %v", time.Duration(life.Valid)*time.Second)
		}
		fmt.Println()
	}
	return nil
}
