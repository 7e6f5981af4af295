package rt_test

import (
	"context"
	"fmt"
	"log"
	"net/netip"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtlink"
	"github.com/nlkit/nlkit/family/rtroute"
	"github.com/nlkit/nlkit/family/tc"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/rt"
)

// A VLAN on an interface, with an address and a default route. It needs
// CAP_NET_ADMIN, and changes how the machine reaches others.
func Example() {
	ctx := context.Background()
	c, err := rt.Dial(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	eth, err := c.LinkByName(ctx, "eth0")
	if err != nil {
		log.Fatal(err)
	}
	vlan, err := c.AddLink(ctx, &rtlink.LinkNewRequest{
		IfName:   nl.Some("office"),
		Link:     nl.U32(uint32(eth.Header.Index)),
		LinkInfo: &rtlink.LinkInfo{Data: &rtlink.LinkInfoVLAN{ID: nl.U16(10)}},
	})
	if err != nil {
		log.Fatal(err)
	}
	office := vlan.Header.Index
	if err := c.AddAddr(ctx, office, netip.MustParsePrefix("192.0.2.1/24")); err != nil {
		log.Fatal(err)
	}
	if err := c.SetUp(ctx, office); err != nil {
		log.Fatal(err)
	}
	err = c.ReplaceRoute(ctx, rt.Route{
		Dst: netip.MustParsePrefix("0.0.0.0/0"),
		Via: netip.MustParseAddr("192.0.2.254"),
	})
	if err != nil {
		log.Fatal(err)
	}
}

// The ways of all multipath routes.
func ExampleNexthops() {
	ctx := context.Background()
	c, err := rt.Dial(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	for route, err := range c.RouteGetDump(ctx, &rtroute.RouteGetDumpRequest{}) {
		if err != nil {
			log.Fatal(err)
		}
		for hop, err := range rt.Nexthops(route) {
			if err != nil {
				log.Fatal(err)
			}
			fmt.Println(route.DstPrefix(), hop.Via, hop.Index, hop.Weight)
		}
	}
}

// A link moves into the namespace that "ip netns add guest" made.
func ExampleClient_SetNamespace() {
	ctx := context.Background()
	c, err := rt.Dial(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	link, err := c.LinkByName(ctx, "veth1")
	if err != nil {
		log.Fatal(err)
	}
	if err := c.SetNamespace(ctx, link.Header.Index, netlink.NamespaceName("guest")); err != nil {
		log.Fatal(err)
	}
}

// Web traffic gets the class 1:10.
func ExampleU32() {
	filter := &tc.FilterNewRequest{
		Header: tc.TcMsg{
			IfIndex: 3,
			Parent:  rt.Handle(1, 0),
			Info:    rt.FilterInfo(1, 0x0800), // IPv4
		},
		Options: rt.U32(rt.Handle(1, 0x10), rt.MatchProtocol(6), rt.MatchDstPort(443, 0xffff)),
	}
	fmt.Println(rt.HandleString(filter.Header.Parent), rt.U32Keys(filter.Options.(*tc.U32)))
	// Output: 1: [protocol 6 dport 443]
}
