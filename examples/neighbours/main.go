// Neighbours tells the kernel link-layer addresses of machines on a link, asks
// for one, lists them all, and forgets one.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/netip"

	"github.com/nlkit/nlkit/examples/internal/scratch"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtlink"
	"github.com/nlkit/nlkit/family/rtneigh"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/rt"
)

func main() {
	log.SetFlags(0)
	if err := run(context.Background()); err != nil {
		log.Fatal("neighbours: ", err)
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

	link, err := c.AddLink(ctx, &rtlink.LinkNewRequest{
		IfName:   nl.Some("lan"),
		LinkInfo: &rtlink.LinkInfo{Data: &rtlink.LinkInfoBridge{}},
	})
	if err != nil {
		return err
	}
	if err := c.SetUp(ctx, link.Header.Index); err != nil {
		return err
	}

	for addr, mac := range map[string]string{
		"192.0.2.10":   "02:00:5e:10:00:01",
		"192.0.2.11":   "02:00:5e:10:00:02",
		"2001:db8::10": "02:00:5e:10:00:01",
	} {
		dst := netip.MustParseAddr(addr)
		err := c.NeighNew(ctx, &rtneigh.NeighNewRequest{
			Header: rtneigh.NdMsg{
				Family:  rt.FamilyOf(dst),
				IfIndex: link.Header.Index,
				State:   rtneigh.NUDStatePermanent,
			},
			Dst:    dst,
			LLAddr: nl.MustParseHardwareAddr(mac),
		}, nl.Create, nl.Replace)
		if err != nil {
			return err
		}
	}

	asked := &rtneigh.NeighGetRequest{
		Header: rtneigh.NdMsg{Family: nl.AFInet, IfIndex: link.Header.Index},
		Dst:    netip.MustParseAddr("192.0.2.10"),
	}
	who, err := c.NeighGet(ctx, asked)
	if err != nil {
		return err
	}
	fmt.Println(who.Dst, "is at", who.LLAddr)

	// The filter is a link's index, and the kernel's work.
	all := &rtneigh.NeighGetDumpRequest{IfIndex: nl.U32(uint32(link.Header.Index))}
	for n, err := range c.NeighGetDump(ctx, all) {
		if err != nil {
			return err
		}
		fmt.Printf("  %-14v %v %v\n", n.Dst, n.LLAddr, n.Header.State)
	}

	err = c.NeighDel(ctx, &rtneigh.NeighDelRequest{Header: asked.Header, Dst: asked.Dst})
	if err != nil {
		return err
	}
	if _, err = c.NeighGet(ctx, asked); !errors.Is(err, netlink.ENOENT) {
		return fmt.Errorf("%v should be forgotten: %w", asked.Dst, err)
	}
	fmt.Println(asked.Dst, "is forgotten:", err)
	return nil
}
