//go:build linux

package main

import (
	"context"
	"flag"
	"net"
	"os"
	"os/exec"
	"testing"

	"github.com/nlkit/nlkit/family/conntrack"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

var update = flag.Bool("update", false, "record testdata anew from this kernel")

const conntrackFile = "testdata/conntrack.bin"

// TestConntrackRecording looks at the recording, and makes it where -update is
// given: connections over lo that the kernel tracks, by a table with one rule.
func TestConntrackRecording(t *testing.T) {
	if *update {
		recordConntrack(t)
	}
	recording, err := os.ReadFile(conntrackFile)
	if err != nil {
		t.Fatal(err)
	}
	var d nl.Decoder
	var e conntrack.Entry
	n, tcp, udp, v6, counted := 0, 0, 0, 0, 0
	for m, err := range wire.Messages(recording) {
		if err != nil {
			t.Fatal(err)
		}
		d.Reset()
		e.DecodeNetlink(&d, m.Data())
		n++
		switch e.TupleOrig.Proto.Num.Value() {
		case 6:
			tcp++
			if e.ProtoInfo == nil || e.ProtoInfo.TCP == nil {
				t.Errorf("message %d: TCP without its state: %v", n, &e)
			}
		case 17:
			udp++
		}
		if e.TupleOrig.IP.IPv6Src.IsValid() {
			v6++
		}
		if e.CountersOrig != nil && e.CountersOrig.Packets.Value() > 0 {
			counted++
		}
	}
	if n < 50 || tcp == 0 || udp == 0 || v6 == 0 || counted != n {
		t.Errorf("%d entries, %d of TCP, %d of UDP, %d of IPv6, %d with counters", n, tcp, udp, v6, counted)
	}
}

func recordConntrack(t *testing.T) {
	needNamespace(t)
	for file, value := range map[string]string{
		"/proc/sys/net/netfilter/nf_conntrack_acct":      "1",
		"/proc/sys/net/netfilter/nf_conntrack_timestamp": "1",
	} {
		if err := os.WriteFile(file, []byte(value), 0); err != nil {
			testenv.Missing(t, "conntrack", err.Error())
		}
	}
	nft := exec.Command("nft", "-f", "-")
	nft.Stdin, _ = os.Open("testdata/conntrack.nft")
	if out, err := nft.CombinedOutput(); err != nil {
		testenv.Missing(t, "nft", string(out)+err.Error())
	}
	defer exec.Command("nft", "flush", "ruleset").Run()
	for i := range 64 {
		network, address := "tcp", "127.0.0.1:0"
		switch i % 8 {
		case 1, 4:
			address = "[::1]:0"
		case 6:
			network = "udp"
		case 7:
			network, address = "udp", "[::1]:0"
		}
		connect(t, network, address)
	}
	ctx := context.Background()
	c, err := netlink.Dial(wire.Netfilter, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var b wire.Builder
	b.Message(wire.Header{Type: wire.Type((*conntrack.GetDumpRequest).NetlinkOp(nil).ID)})
	new(conntrack.GetDumpRequest).AppendNetlink(&b)
	req, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	var recording []byte
	for m, err := range c.Dump(ctx, req) {
		if err != nil {
			t.Fatal(err)
		}
		recording = append(recording, m...)
	}
	if err := os.WriteFile(conntrackFile, recording, 0o644); err != nil {
		t.Fatal(err)
	}
}

// connect makes a connection to this process and says something. It is closed when
// the test ends.
func connect(t *testing.T, network, address string) {
	t.Helper()
	if network == "udp" {
		l, err := net.ListenPacket(network, address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		address = l.LocalAddr().String()
	} else {
		l, err := net.Listen(network, address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		address = l.Addr().String()
	}
	c, err := net.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if _, err := c.Write([]byte("hello")); err != nil {
		t.Fatal(err)
	}
}

// TestPlayback checks that each dump has as many messages as are wanted.
func TestPlayback(t *testing.T) {
	wants := conntrackWants()
	decode, done, err := typedConntrack()
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	for _, n := range []int{0, 1, len(wants) - 1, len(wants), 1000} {
		got, err := decode(n)
		if want := conntrackWant(wants, n); err != nil || got != want || got.n != n {
			t.Errorf("%d messages: got %+v, %v, want %+v", n, got, err, want)
		}
	}
}
