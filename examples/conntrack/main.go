// Conntrack lists connections as the kernel tracks them. It puts two into the
// table of a namespace of its own, lists all of them, then those with a mark, and
// deletes one. (With -here it lists those of the machine, and changes nothing.)
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net/netip"

	"github.com/nlkit/nlkit/examples/internal/scratch"
	"github.com/nlkit/nlkit/family/conntrack"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/netlink"
)

const tcp, udp = 6, 17 // IPPROTO_TCP, IPPROTO_UDP

// ipv4 is the header of all requests here.
var ipv4 = conntrack.NfGenMsg{Family: nl.AFInet}

func main() {
	log.SetFlags(0)
	here := flag.Bool("here", false, "list the connections of this machine")
	flag.Parse()
	if err := run(context.Background(), *here); err != nil {
		log.Fatal("conntrack: ", err)
	}
}

func run(ctx context.Context, here bool) (err error) {
	var opts *netlink.Options // nil: the namespace we are in
	if !here {
		if opts, err = scratch.Namespace(); err != nil {
			return err
		}
	}
	c, err := conntrack.Dial(ctx, opts)
	if err != nil {
		return err
	}
	defer c.Close()
	if here {
		return list(ctx, c, nil)
	}

	client, web, dns := netip.MustParseAddrPort("192.0.2.1:40000"),
		netip.MustParseAddrPort("198.51.100.80:443"), netip.MustParseAddrPort("198.51.100.53:53")
	for _, entry := range []*conntrack.NewRequest{
		{
			TupleOrig:  tuple(tcp, client, web),
			TupleReply: tuple(tcp, web, client),
			Status:     nl.Some(conntrack.StatusConfirmed | conntrack.StatusAssured),
			Mark:       nl.U32(7),
			Timeout:    nl.U32(300), // seconds
			ProtoInfo:  &conntrack.ProtoInfo{TCP: &conntrack.ProtoInfoTCP{State: nl.Some(conntrack.TCPStateEstablished)}},
		},
		{
			TupleOrig: tuple(udp, client, dns), TupleReply: tuple(udp, dns, client),
			Status: nl.Some(conntrack.StatusConfirmed), Timeout: nl.U32(30),
		},
	} {
		entry.Header = ipv4
		if err := c.New(ctx, entry, nl.Create, nl.Excl); err != nil {
			return err
		}
	}

	fmt.Println("all:")
	if err := list(ctx, c, nil); err != nil {
		return err
	}
	fmt.Println("with mark 7:")
	marked := &conntrack.GetDumpRequest{Mark: nl.U32(7), MarkMask: nl.U32(0xffffffff)}
	if err := list(ctx, c, marked); err != nil {
		return err
	}
	if err := c.Delete(ctx, &conntrack.DeleteRequest{Header: ipv4, TupleOrig: tuple(tcp, client, web)}); err != nil {
		return err
	}
	fmt.Println("without the first:")
	return list(ctx, c, nil)
}

// list prints connections; those of all protocols where req is nil.
func list(ctx context.Context, c *conntrack.Client, req *conntrack.GetDumpRequest) error {
	for entry, err := range c.GetDump(ctx, req) {
		if err != nil {
			return err
		}
		fmt.Printf("  %s  %v s  %v", flow(entry.TupleOrig), entry.Timeout, entry.Status)
		if info := entry.ProtoInfo; info != nil && info.TCP != nil {
			fmt.Printf("  %v", info.TCP.State)
		}
		if mark := entry.Mark.Value(); mark != 0 {
			fmt.Printf("  mark %d", mark)
		}
		fmt.Println()
	}
	return nil
}

// tuple is one direction of a connection.
func tuple(proto uint8, src, dst netip.AddrPort) *conntrack.Tuple {
	return &conntrack.Tuple{
		IP: &conntrack.TupleIP{IPv4Src: src.Addr(), IPv4Dst: dst.Addr()},
		Proto: &conntrack.TupleProto{
			Num:     nl.U8(proto),
			SrcPort: nl.U16(src.Port()),
			DstPort: nl.U16(dst.Port()),
		},
	}
}

func flow(t *conntrack.Tuple) string {
	ip, p := t.IP, t.Proto
	src, dst := ip.IPv4Src, ip.IPv4Dst
	if ip.IPv6Src.IsValid() {
		src, dst = ip.IPv6Src, ip.IPv6Dst
	}
	return fmt.Sprintf("%v %v -> %v", p.Num,
		netip.AddrPortFrom(src, p.SrcPort.Value()), netip.AddrPortFrom(dst, p.DstPort.Value()))
}
