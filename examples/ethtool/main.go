// Ethtool prints the rings and the link modes of a network card, or of all there
// are. Where -rx is given it sets the length of the receive rings of that one.
//
//	go run ./examples/ethtool
//	sudo go run ./examples/ethtool -rx 512 eth0
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/family/ethtool"
	"github.com/nlkit/nlkit/family/nl"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("ethtool: ")
	rx := flag.Uint("rx", 0, "set the length of the receive rings")
	flag.Parse()
	if *rx != 0 && flag.NArg() != 1 {
		log.Fatal("-rx needs the name of one interface: ethtool -rx 512 eth0")
	}
	if err := run(context.Background(), flag.Arg(0), uint32(*rx)); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, name string, rx uint32) error {
	c, err := ethtool.Dial(ctx, nil)
	if err != nil {
		return err
	}
	defer c.Close()

	if rx != 0 {
		err := c.RingsSet(ctx, &ethtool.RingsSetRequest{Header: device(name), Rx: nl.U32(rx)})
		if err != nil {
			return err
		}
	}

	if name != "" {
		rings, err := c.RingsGet(ctx, &ethtool.RingsGetRequest{Header: device(name)})
		if err != nil {
			return err
		}
		printRings(rings)
		modes, err := c.LinkModesGet(ctx, &ethtool.LinkModesGetRequest{Header: device(name)})
		if err != nil {
			return err
		}
		printModes(modes)
		return nil
	}

	// A dump leaves out what has no rings, or no link modes. Older kernels such as
	// 6.1 want a header even so, and take an empty one.
	all := &ethtool.Header{}
	for rings, err := range c.RingsGetDump(ctx, &ethtool.RingsGetDumpRequest{Header: all}) {
		if err != nil {
			return err
		}
		printRings(rings)
	}
	for modes, err := range c.LinkModesGetDump(ctx, &ethtool.LinkModesGetDumpRequest{Header: all}) {
		if err != nil {
			return err
		}
		printModes(modes)
	}
	return nil
}

// device is the header that says which device a request is about.
func device(name string) *ethtool.Header { return &ethtool.Header{DevName: nl.Some(name)} }

func printRings(r *ethtool.Rings) {
	fmt.Printf("%v: rings: rx %v of %v, tx %v of %v\n", r.Header.DevName, r.Rx, r.RxMax, r.Tx, r.TxMax)
}

func printModes(m *ethtool.LinkModes) {
	fmt.Printf("%v: link: speed %s, autoneg %v\n", m.Header.DevName, speed(m.Speed), m.Autoneg)
	// All that the set tells of is supported; what is on is advertised.
	supported, advertised := slices.Collect(m.Ours.Names()), slices.Collect(m.Ours.On())
	if len(supported) > 0 { // virtual devices have none
		fmt.Printf("  supported:  %s\n", strings.Join(supported, " "))
		fmt.Printf("  advertised: %s\n", strings.Join(advertised, " "))
	}
}

// speed is all ones where the device does not know it.
func speed(s nl.Opt[uint32]) string {
	if v, ok := s.Get(); ok && v != 0xffffffff {
		return fmt.Sprintf("%d Mbit/s", v)
	}
	return "unknown"
}
