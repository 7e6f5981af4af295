// Fake tests a program without the hardware it is for. The program, largest, sets
// a network card's receive rings as long as they get. The card is a typed fake of
// the kernel's ethtool family: two methods, served by a simulated kernel.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/nlkit/nlkit/family/ethtool"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
)

func main() {
	log.SetFlags(0)
	if err := run(context.Background()); err != nil {
		log.Fatal("fake: ", err)
	}
}

// largest makes the receive rings of a device as long as they get.
func largest(ctx context.Context, c *ethtool.Client, name string) error {
	dev := &ethtool.Header{DevName: nl.Some(name)}
	rings, err := c.RingsGet(ctx, &ethtool.RingsGetRequest{Header: dev})
	if err != nil {
		return err
	}
	if rings.Rx == rings.RxMax {
		return nil
	}
	return c.RingsSet(ctx, &ethtool.RingsSetRequest{Header: dev, Rx: rings.RxMax})
}

// card is a network card with rings, and with nothing else: all other operations
// of ethtool answer EOPNOTSUPP, as those of many drivers do.
type card struct {
	ethtool.Unimplemented
	rings ethtool.Rings
	sets  int // how often it was reset
}

func (c *card) RingsGet(call *nl.Incoming, req *ethtool.RingsGetRequest) (*ethtool.Rings, error) {
	if req.Header == nil || req.Header.DevName != c.rings.Header.DevName {
		return nil, call.Refuse(netlink.ENODEV, ".header.dev-name", "no device matches name")
	}
	return &c.rings, nil
}

func (c *card) RingsSet(call *nl.Incoming, req *ethtool.RingsSetRequest) error {
	rx := req.Rx.Or(c.rings.Rx.Value())
	if rx > c.rings.RxMax.Value() {
		return call.Refuse(netlink.EINVAL, ".rx", "requested ring size exceeds maximum")
	}
	c.rings.Rx.Set(rx)
	c.sets++
	return nil
}

func run(ctx context.Context) error {
	kernel := sim.NewKernel()
	defer kernel.Close()
	nic := &card{rings: ethtool.Rings{
		Header: &ethtool.Header{DevIndex: nl.U32(2), DevName: nl.Some("nic0")},
		Rx:     nl.U32(256), RxMax: nl.U32(4096),
	}}
	if _, err := sim.Serve(kernel, ethtool.Service(nic)); err != nil {
		return err
	}
	c, err := ethtool.Dial(ctx, &netlink.Options{Via: kernel})
	if err != nil {
		return err
	}
	defer c.Close()

	for range 2 {
		if err := largest(ctx, c, "nic0"); err != nil {
			return err
		}
		fmt.Printf("nic0: rx %v of %v, set %d time(s)\n", nic.rings.Rx, nic.rings.RxMax, nic.sets)
	}
	fmt.Println("nic1:", largest(ctx, c, "nic1"))
	return nil
}
