// Private is a family of one's own: lamps.yaml describes it, package lamps is
// generated from that, and here are both its sides. The kernel's side is served by
// a simulated kernel, so that this runs anywhere and needs no rights; a client
// cannot tell, and works with the real one unchanged.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/nlkit/nlkit/examples/private/lamps"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
)

//go:generate go run ../../cmd/nlkit gen go --output lamps lamps.yaml

func main() {
	log.SetFlags(0)
	if err := run(context.Background()); err != nil {
		log.Fatal("private: ", err)
	}
}

func run(ctx context.Context) error {
	kernel := sim.NewKernel()
	defer kernel.Close()
	h := &house{lamps: map[uint32]lamps.Lamp{}}
	for i, room := range []string{"hall", "kitchen", "attic"} {
		id := uint32(i + 1)
		h.lamps[id] = lamps.Lamp{ID: nl.U32(id), Room: nl.Some(room), Brightness: nl.U8(0)}
	}
	var err error
	if h.served, err = sim.Serve(kernel, lamps.Service(h)); err != nil {
		return err
	}

	// Via the simulated kernel; without it this would be the machine's own.
	opts := &netlink.Options{Via: kernel}
	c, err := lamps.Dial(ctx, opts)
	if err != nil {
		return err
	}
	defer c.Close()
	sub, err := c.Subscribe(ctx, lamps.GroupSwitched)
	if err != nil {
		return err
	}
	defer sub.Close()

	err = c.LampSet(ctx, &lamps.LampSetRequest{ID: nl.U32(2), Brightness: nl.U8(60), Colour: nl.Some(lamps.ColourAmber)})
	if err != nil {
		return err
	}
	for ev, err := range sub.Events(ctx) {
		if err != nil {
			return err
		}
		if n, ok := ev.Notification.(*lamps.LampNotification); ok {
			fmt.Printf("switched: %v to %v%%, %v\n", n.Room, n.Brightness, n.Colour)
			break
		}
	}
	for lamp, err := range c.LampGetDump(ctx, nil) {
		if err != nil {
			return err
		}
		fmt.Printf("  %v %-8v %3v%%\n", lamp.ID, lamp.Room, lamp.Brightness)
	}

	// What the spec forbids is not even sent; what the kernel refuses, it explains.
	err = c.LampSet(ctx, &lamps.LampSetRequest{ID: nl.U32(1), Brightness: nl.U8(200)})
	var check *nl.CheckError
	if !errors.As(err, &check) {
		return fmt.Errorf("200 percent should be too bright: %w", err)
	}
	fmt.Println("not sent:", err)
	_, err = c.LampGet(ctx, &lamps.LampGetRequest{ID: nl.U32(9)})
	if !errors.Is(err, netlink.ENOENT) {
		return fmt.Errorf("lamp 9 should not be there: %w", err)
	}
	fmt.Println("refused: ", err)
	return nil
}
