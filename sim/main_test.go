package sim

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

func TestMain(m *testing.M) { testenv.Main(m) }

// patience bounds every wait of the tests.
const patience = 10 * time.Second

// ctrlID is the number of nlctrl and of its group.
const ctrlID = genetlink.ControllerID

// newKernel is a kernel that ends with the test.
func newKernel(tb testing.TB) *Kernel {
	tb.Helper()
	k := NewKernel()
	tb.Cleanup(func() { k.Close() })
	return k
}

// open opens a socket that ends with the test and never waits for ever.
func open(tb testing.TB, via netlink.Opener, p wire.Protocol, o *netlink.Options) netlink.Transport {
	tb.Helper()
	own := netlink.Options{}
	if o != nil {
		own = *o
	}
	own.Via = via
	t, err := netlink.Open(p, &own)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { t.Close() })
	if err := t.SetReadDeadline(time.Now().Add(patience)); err != nil {
		tb.Fatal(err)
	}
	return t
}

// receive reads one datagram, without waiting.
func receive(tb testing.TB, t netlink.Transport) []byte {
	tb.Helper()
	buf := make([]byte, 1<<16)
	d, err := t.Receive(buf, false)
	if err != nil {
		tb.Fatalf("receive: %v", err)
	}
	return buf[:d.N]
}

// drain reads until the queue is empty.
func drain(tb testing.TB, t netlink.Transport) [][]byte {
	tb.Helper()
	var all [][]byte
	buf := make([]byte, 1<<16)
	for {
		d, err := t.Receive(buf, false)
		if errors.Is(err, netlink.EAGAIN) {
			return all
		}
		if err != nil {
			tb.Fatalf("receive: %v", err)
		}
		all = append(all, bytes.Clone(buf[:d.N]))
	}
}

// send sends to the kernel.
func send(tb testing.TB, t netlink.Transport, b []byte) {
	tb.Helper()
	if err := t.Send(b, netlink.Address{}); err != nil {
		tb.Fatalf("send: %v", err)
	}
}

// unhex reads hexadecimal bytes with blanks between them.
func unhex(tb testing.TB, s string) []byte {
	tb.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// build makes one message.
func build(tb testing.TB, h wire.Header, fill func(b *wire.Builder)) []byte {
	tb.Helper()
	var b wire.Builder
	b.Message(h)
	if fill != nil {
		fill(&b)
	}
	msg, err := b.Bytes()
	if err != nil {
		tb.Fatal(err)
	}
	return msg
}

// genl makes one message of generic netlink.
func genl(tb testing.TB, id uint16, flags wire.Flags, cmd uint8, fill func(b *wire.Builder)) []byte {
	tb.Helper()
	return build(tb, wire.Header{Type: wire.Type(id), Flags: flags, Seq: 1}, func(b *wire.Builder) {
		b.Raw([]byte{cmd, 1, 0, 0})
		if fill != nil {
			fill(b)
		}
	})
}

// ackOf reads the one NLMSG_ERROR or NLMSG_DONE in a datagram.
func ackOf(tb testing.TB, datagram []byte) (netlink.Errno, map[uint16]wire.Attr) {
	tb.Helper()
	for m, err := range wire.Messages(datagram) {
		if err != nil {
			tb.Fatal(err)
		}
		if m.Type() != wire.TypeError && m.Type() != wire.TypeDone {
			continue
		}
		f, err := wire.ParseAck(m)
		if err != nil {
			tb.Fatal(err)
		}
		tlvs := map[uint16]wire.Attr{}
		for a, err := range wire.Attrs(f.TLVs) {
			if err != nil {
				tb.Fatal(err)
			}
			tlvs[a.Type()] = a
		}
		return netlink.Errno(-f.Errno), tlvs
	}
	tb.Fatalf("no acknowledgement in % x", datagram)
	return 0, nil
}
