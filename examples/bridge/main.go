// Bridge makes a bridge that tells VLANs apart, with two ports: an access port,
// whose frames are in VLAN 10 and have no tag, and a trunk, which has VLANs 10 and
// 20 with their tags. The kernel needs CONFIG_BRIDGE_VLAN_FILTERING.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/nlkit/nlkit/examples/internal/scratch"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtlink"
	"github.com/nlkit/nlkit/rt"
)

func main() {
	log.SetFlags(0)
	if err := run(context.Background()); err != nil {
		log.Fatal("bridge: ", err)
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

	bridge, err := c.AddLink(ctx, &rtlink.LinkNewRequest{
		IfName: nl.Some("br0"),
		LinkInfo: &rtlink.LinkInfo{Data: &rtlink.LinkInfoBridge{
			VLANFiltering:   nl.U8(1),
			VLANDefaultPVID: nl.U16(0), // no VLAN but those we name
			STPState:        nl.U32(0),
			AgeingTime:      nl.U32(300 * 100), // in hundredths of a second
		}},
	})
	if err != nil {
		return fmt.Errorf("a bridge with VLANs: %w", err)
	}

	vlans := map[string][]rt.VLAN{
		"access": {{ID: 10, PVID: true, Untagged: true}},
		"trunk":  {{ID: 10}, {ID: 20}},
	}
	for _, name := range []string{"access", "trunk"} {
		// Master makes it a port of the bridge while it is made.
		port, err := c.AddLink(ctx, &rtlink.LinkNewRequest{
			IfName:   nl.Some(name),
			Master:   nl.U32(uint32(bridge.Header.Index)),
			LinkInfo: &rtlink.LinkInfo{Data: &rtlink.LinkInfoVeth{Peer: &rtlink.Link{IfName: nl.Some(name + "-far")}}},
		})
		if err != nil {
			return err
		}
		for _, vlan := range vlans[name] {
			if err := c.AddVLAN(ctx, port.Header.Index, vlan); err != nil {
				return fmt.Errorf("VLAN %d on %s: %w", vlan.ID, name, err)
			}
		}
	}

	// What is so of a port as a port is SlaveData, in front of what it is itself.
	for link, err := range c.LinkGetDump(ctx, &rtlink.LinkGetDumpRequest{Master: nl.U32(uint32(bridge.Header.Index))}) {
		if err != nil {
			return err
		}
		if port, ok := link.LinkInfo.SlaveData.(*rtlink.LinkInfoBrPort); ok {
			fmt.Printf("port %v: state %v, cost %v, learning %v\n", link.IfName, port.State, port.Cost, port.Learning)
		}
	}
	for vlan, err := range c.VLANs(ctx) {
		if err != nil {
			return err
		}
		fmt.Printf("link %d has VLAN %d, pvid %v, untagged %v\n", vlan.Index, vlan.ID, vlan.PVID, vlan.Untagged)
	}
	return nil
}
