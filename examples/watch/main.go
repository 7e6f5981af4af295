// Watch prints what changes in the network of this machine (links, addresses,
// routes, rules, neighbours, traffic control) until it is interrupted. It changes
// nothing, and needs no rights.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtaddr"
	"github.com/nlkit/nlkit/family/rtlink"
	"github.com/nlkit/nlkit/family/rtneigh"
	"github.com/nlkit/nlkit/family/rtroute"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/rt"
)

func main() {
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil && !errors.Is(err, context.Canceled) {
		log.Fatal("watch: ", err)
	}
}

func run(ctx context.Context) error {
	// A large buffer is for bursts: a full routing table is a million events.
	c, err := rt.Dial(ctx, &netlink.Options{ReceiveBuffer: 8 << 20})
	if err != nil {
		return err
	}
	defer c.Close()
	// Several families on one socket, so that what happened first comes first.
	sub, err := c.Subscribe(ctx)
	if err != nil {
		return err
	}
	defer sub.Close()
	fmt.Println("watching; Ctrl-C ends")

	for ev, err := range sub.Events(ctx) {
		if err != nil {
			return err
		}
		switch n := ev.Notification.(type) { // good until the next step
		case *rtlink.LinkNewNotification:
			fmt.Printf("link %v: %v, mtu %v\n", n.IfName, n.Header.Flags, n.MTU)
		case *rtlink.LinkDelNotification:
			what := "is gone"
			if n.Header.Family == nl.AFBridge { // the port is, but not the link
				what = "has left its bridge"
			}
			fmt.Printf("link %v %s\n", n.IfName, what)
		case *rtaddr.AddrNewNotification:
			fmt.Printf("address %v on link %d\n", rt.AddrPrefix(&n.Addr), n.Header.Index)
		case *rtaddr.AddrDelNotification:
			fmt.Printf("address %v on link %d is gone\n", rt.AddrPrefix(&n.Addr), n.Header.Index)
		case *rtroute.RouteNewNotification:
			fmt.Printf("route to %v in table %v\n", n.DstPrefix(), n.Table)
		case *rtroute.RouteDelNotification:
			fmt.Printf("route to %v in table %v is gone\n", n.DstPrefix(), n.Table)
		case *rtneigh.NeighNewNotification:
			if n.Dst.IsValid() { // else it is a bridge's, which knows no other address
				fmt.Printf("neighbour %v at %v: %v\n", n.Dst, n.LLAddr, n.Header.State)
			}
		case *nl.Overrun:
			fmt.Printf("%d changes were lost here: whoever keeps a copy reads it anew\n", n.Lost)
		default:
			fmt.Println(ev) // the operation's name, and all there is
		}
	}
	return nil
}
