// Htb shapes what leaves an interface: 100 Mbit/s for all of it, of which web
// traffic is promised 60 and the rest 40, and either may take what the other
// leaves. A u32 filter tells them apart by port.
package main

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"net/netip"
	"slices"

	"github.com/nlkit/nlkit/examples/internal/scratch"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtlink"
	"github.com/nlkit/nlkit/family/tc"
	"github.com/nlkit/nlkit/rt"
)

const (
	mbit = 1e6 / 8 // in bytes per second, which is what the kernel counts in
	ipv4 = 0x0800  // ETH_P_IP
	tcp  = 6       // IPPROTO_TCP
)

func main() {
	log.SetFlags(0)
	if err := run(context.Background()); err != nil {
		log.Fatal("htb: ", err)
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
		IfName:   nl.Some("out"),
		LinkInfo: &rtlink.LinkInfo{Data: &rtlink.LinkInfoVeth{Peer: &rtlink.Link{IfName: nl.Some("far")}}},
	})
	if err != nil {
		return err
	}
	out := link.Header.Index

	err = c.QdiscNew(ctx, &tc.QdiscNewRequest{
		Header: tc.TcMsg{IfIndex: out, Parent: rt.HandleRoot, Handle: rt.Handle(1, 0)},
		Options: &tc.HTB{
			Init: &tc.HTBGlob{Version: 3, Rate2Quantum: 10, DefCls: 0x20}, // the rest goes to 1:20
		},
	}, nl.Create, nl.Excl)
	if err != nil {
		return err
	}

	for _, class := range []struct {
		parent, id uint32
		rate, ceil uint64
	}{
		{rt.Handle(1, 0), rt.Handle(1, 1), 100 * mbit, 100 * mbit},
		{rt.Handle(1, 1), rt.Handle(1, 0x10), 60 * mbit, 100 * mbit},
		{rt.Handle(1, 1), rt.Handle(1, 0x20), 40 * mbit, 100 * mbit},
	} {
		err := c.ClassNew(ctx, &tc.ClassNewRequest{
			Header:  tc.TcMsg{IfIndex: out, Parent: class.parent, Handle: class.id},
			Options: rt.HTBClass(class.rate, class.ceil),
		}, nl.Create, nl.Excl)
		if err != nil {
			return err
		}
	}

	// The first filter that matches decides: web servers, but not those of 10/8.
	for i, filter := range []struct {
		class uint32
		match []rt.U32Match
	}{
		{rt.Handle(1, 0x20), []rt.U32Match{rt.MatchDst(netip.MustParsePrefix("10.0.0.0/8"))}},
		{rt.Handle(1, 0x10), []rt.U32Match{rt.MatchProtocol(tcp), rt.MatchDstPort(443, 0xffff)}},
	} {
		err := c.FilterNew(ctx, &tc.FilterNewRequest{
			Header:  tc.TcMsg{IfIndex: out, Parent: rt.Handle(1, 0), Info: rt.FilterInfo(uint16(i+1), ipv4)},
			Options: rt.U32(filter.class, filter.match...),
		}, nl.Create, nl.Excl)
		if err != nil {
			return err
		}
	}
	return list(ctx, c, out)
}

func list(ctx context.Context, c *rt.Client, index int32) error {
	// The kernel tells them in the order of a hash table.
	classes, err := nl.Collect(c.ClassGetDump(ctx, &tc.ClassGetDumpRequest{Header: tc.TcMsg{IfIndex: index}}))
	if err != nil {
		return err
	}
	slices.SortFunc(classes, func(a, b tc.Class) int { return cmp.Compare(a.Header.Handle, b.Header.Handle) })
	for _, class := range classes {
		if htb, ok := class.Options.(*tc.HTB); ok {
			rate, ceil := rt.HTBRates(htb)
			fmt.Printf("class %-5s rate %3.0f Mbit/s, at most %3.0f\n",
				rt.HandleString(class.Header.Handle), float64(rate)/mbit, float64(ceil)/mbit)
		}
	}
	filters := &tc.FilterGetDumpRequest{Header: tc.TcMsg{IfIndex: index, Parent: rt.Handle(1, 0)}}
	for filter, err := range c.FilterGetDump(ctx, filters) {
		if err != nil {
			return err
		}
		u32, ok := filter.Options.(*tc.U32)
		if !ok || !u32.ClassID.IsSet() {
			continue // a hash table, which the kernel made by itself
		}
		fmt.Printf("filter %d to %s:", filter.Header.Info>>16, rt.HandleString(u32.ClassID.Value()))
		for _, key := range rt.U32Keys(u32) {
			fmt.Printf(" %v", key)
		}
		fmt.Println()
	}
	return nil
}
