// Rules makes the kernel look into another routing table for some packets: those
// from a network, those with a mark, and those to a port.
package main

import (
	"context"
	"fmt"
	"log"
	"net/netip"

	"github.com/nlkit/nlkit/examples/internal/scratch"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtrule"
)

const (
	table = 100 // the routing table of our own
	tcp   = 6   // IPPROTO_TCP
)

func main() {
	log.SetFlags(0)
	if err := run(context.Background()); err != nil {
		log.Fatal("rules: ", err)
	}
}

func run(ctx context.Context) error {
	opts, err := scratch.Namespace()
	if err != nil {
		return err
	}
	c, err := rtrule.Dial(ctx, opts)
	if err != nil {
		return err
	}
	defer c.Close()

	lookup := rtrule.Header{Family: nl.AFInet, Action: rtrule.ActionToTbl}

	from := &rtrule.RuleNewRequest{Header: lookup, Priority: nl.U32(1000), Table: nl.U32(table)}
	from.SetSrcPrefix(netip.MustParsePrefix("192.0.2.0/24"))

	marked := &rtrule.RuleNewRequest{
		Header:   lookup,
		Priority: nl.U32(1001),
		Table:    nl.U32(table),
		FwMark:   nl.U32(0x10),
		FwMask:   nl.U32(0xf0),
	}

	web := &rtrule.RuleNewRequest{
		Header:     rtrule.Header{Family: nl.AFInet, Action: rtrule.ActionUnreachable},
		Priority:   nl.U32(1002),
		IPProto:    nl.U8(tcp),
		DPortRange: &rtrule.PortRange{Start: 8000, End: 8080},
	}

	for _, rule := range []*rtrule.RuleNewRequest{from, marked, web} {
		// Without Excl the kernel would make a second one like it.
		if err := c.RuleNew(ctx, rule, nl.Create, nl.Excl); err != nil {
			return err
		}
	}
	if err := list(ctx, c); err != nil {
		return err
	}

	// What was made can be taken away by the same words.
	if err := c.RuleDel(ctx, (*rtrule.RuleDelRequest)(marked)); err != nil {
		return err
	}
	fmt.Println("without the mark's:")
	return list(ctx, c)
}

func list(ctx context.Context, c *rtrule.Client) error {
	req := &rtrule.RuleGetDumpRequest{Header: rtrule.Header{Family: nl.AFInet}}
	for rule, err := range c.RuleGetDump(ctx, req) {
		if err != nil {
			return err
		}
		fmt.Printf("  %5v:", rule.Priority.Or(0))
		if src := rule.SrcPrefix(); src.Bits() > 0 {
			fmt.Printf(" from %v", src)
		}
		if mark, ok := rule.FwMark.Get(); ok {
			fmt.Printf(" mark %#x/%#x", mark, rule.FwMask.Value())
		}
		if ports := rule.DPortRange; ports != nil {
			fmt.Printf(" to ports %d-%d", ports.Start, ports.End)
		}
		fmt.Printf(" %v", rule.Header.Action)
		if rule.Header.Action == rtrule.ActionToTbl {
			fmt.Printf(" %v", rule.Table)
		}
		fmt.Println()
	}
	return nil
}
