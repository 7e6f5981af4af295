// Wireguard makes a WireGuard interface with a key of its own and two peers, and
// prints what the kernel has of it. The kernel needs CONFIG_WIREGUARD.
package main

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"log"
	"net/netip"

	"github.com/nlkit/nlkit/examples/internal/scratch"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtlink"
	"github.com/nlkit/nlkit/family/wireguard"
	"github.com/nlkit/nlkit/rt"
)

func main() {
	log.SetFlags(0)
	if err := run(context.Background()); err != nil {
		log.Fatal("wireguard: ", err)
	}
}

func run(ctx context.Context) error {
	opts, err := scratch.Namespace()
	if err != nil {
		return err
	}
	// The interface is a link as any other; what makes it WireGuard is a family.
	links, err := rt.Dial(ctx, opts)
	if err != nil {
		return err
	}
	defer links.Close()
	link, err := links.AddLink(ctx, &rtlink.LinkNewRequest{
		IfName:   nl.Some("wg0"),
		LinkInfo: &rtlink.LinkInfo{Kind: nl.Some("wireguard")},
	})
	if err != nil {
		return err
	}
	c, err := wireguard.Dial(ctx, opts)
	if err != nil {
		return err
	}
	defer c.Close()

	key, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	east, err := peer("192.0.2.7:51820", "10.0.7.0/24", "2001:db8:7::/48")
	if err != nil {
		return err
	}
	west, err := peer("[2001:db8::8]:51820", "10.0.8.0/24")
	if err != nil {
		return err
	}
	index := nl.U32(uint32(link.Header.Index))
	err = c.DeviceSet(ctx, &wireguard.DeviceSetRequest{
		IfIndex:    index,
		PrivateKey: key.Bytes(),
		ListenPort: nl.U16(51820),
		Flags:      nl.Some(wireguard.DeviceFlagReplacePeers),
		Peers:      nl.List(east, west),
	})
	if err != nil {
		return err
	}

	// A device with many peers comes in several parts, each with some of them.
	for dev, err := range c.DeviceGetDump(ctx, &wireguard.DeviceGetDumpRequest{IfIndex: index}) {
		if err != nil {
			return err
		}
		fmt.Printf("%v: port %v, key %s\n", dev.IfName, dev.ListenPort, text(dev.PublicKey))
		for _, p := range dev.Peers {
			fmt.Printf("  peer %s at %v:", text(p.Value.PublicKey), p.Value.EndpointAddrPort())
			for _, ip := range p.Value.AllowedIPs {
				fmt.Printf(" %v", ip.Value.Prefix())
			}
			fmt.Println()
		}
	}
	return nil
}

// peer is one to be reached at an address, with some networks behind it. Its key
// would be its own; here one is made up.
func peer(endpoint string, networks ...string) (*wireguard.Peer, error) {
	p := &wireguard.Peer{PublicKey: make([]byte, 32)}
	rand.Read(p.PublicKey) // never fails
	var prefixes []netip.Prefix
	for _, s := range networks {
		prefixes = append(prefixes, netip.MustParsePrefix(s))
	}
	p.AllowedIPs = wireguard.AllowedIPs(prefixes...)
	return p, p.SetEndpointAddrPort(netip.MustParseAddrPort(endpoint))
}

func text(key []byte) string { return base64.StdEncoding.EncodeToString(key) }
