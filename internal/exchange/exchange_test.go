package exchange_test

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/exchange"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
)

func TestMain(m *testing.M) { testenv.Main(m) }

// Types of messages that the simulated kernel has answers for.
const (
	good    = wire.Type(0x20) // a reply, and an ACK if one is wanted
	bad     = wire.Type(0x21) // EEXIST
	silence = wire.Type(0x22)
	mark    = wire.Type(0x10) // nothing: the begin of a batch
)

func u32(v uint32) []byte { return binary.NativeEndian.AppendUint32(nil, v) }

func build(h wire.Header, payload []byte) []byte {
	h.Len = uint32(wire.HeaderLen + len(payload))
	return append(h.Append(nil), payload...)
}

func newKernel(t *testing.T) *sim.Kernel {
	t.Helper()
	k := sim.NewKernel()
	t.Cleanup(func() { k.Close() })
	err := k.HandleProtocol(wire.Netfilter, sim.Protocol{Datagram: func(from uint32, datagram []byte) {
		for m := range wire.Messages(datagram) {
			errno := netlink.Errno(0)
			switch m.Type() {
			case good:
				_ = k.Unicast(wire.Netfilter, from, build(wire.Header{Type: 0x30, Seq: m.Seq()}, m.Data())) // a full queue is tested for
			case bad:
				errno = netlink.EEXIST
			default:
				continue
			}
			if errno != 0 || m.Flags().Has(wire.Ack) {
				ack := build(wire.Header{Type: wire.TypeError, Flags: wire.Capped, Seq: m.Seq()}, append(u32(-uint32(errno)), m[:wire.HeaderLen]...))
				_ = k.Unicast(wire.Netfilter, from, ack) // as above
			}
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func items(flags wire.Flags, types ...wire.Type) []exchange.Item {
	var list []exchange.Item
	for i, typ := range types {
		list = append(list, exchange.Item{Msg: build(wire.Header{Type: typ, Flags: wire.Request | flags}, []byte{byte(i)})})
	}
	return list
}

func run(t *testing.T, x *exchange.Exchange, o *netlink.Options, list []exchange.Item) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	return x.Run(ctx, wire.Netfilter, o, list)
}

func TestRun(t *testing.T) {
	for _, tt := range []struct {
		name  string
		flags wire.Flags
		types []wire.Type
		want  string // for each: ok, refused, unanswered
	}{
		{"well", wire.Ack, []wire.Type{mark, good, good}, "ok ok ok"},
		{"one refused", wire.Ack, []wire.Type{mark, good, bad, good}, "unanswered ok refused ok"},
		{"no answer", wire.Ack, []wire.Type{mark, silence, good}, "ok unanswered ok"},
		{"without ACKs", 0, []wire.Type{mark, good, silence}, "ok ok ok"},
		{"without ACKs, refused", 0, []wire.Type{good, bad}, "unanswered refused"},
	} {
		x := exchange.New()
		k := newKernel(t)
		for range 2 { // the socket is used again
			list := items(tt.flags, tt.types...)
			if err := run(t, x, &netlink.Options{Via: k}, list); err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
			var got []string
			for i, it := range list {
				switch {
				case it.Err == nil:
					got = append(got, "ok")
				case errors.Is(it.Err, netlink.EEXIST):
					got = append(got, "refused")
				case it.Err == exchange.ErrUnanswered:
					got = append(got, "unanswered")
				}
				if tt.types[i] == good && (len(it.Replies) != 1 || it.Replies[0].Data()[0] != byte(i)) {
					t.Errorf("%s: %d: replies %v", tt.name, i, it.Replies)
				}
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("%s: %s, want %s", tt.name, s, tt.want)
			}
		}
		x.Close()
	}
}

// shy is an opener whose sockets have small queues, whatever is asked for.
type shy struct{ *sim.Kernel }

func (s shy) Open(p wire.Protocol, o *netlink.Options) (netlink.Transport, error) {
	small := *o
	small.ReceiveBuffer, small.SendBuffer = 8192, 8192
	return s.Kernel.Open(p, &small)
}

// TestLoss: where answers were lost nobody knows what became of which request.
func TestLoss(t *testing.T) {
	k := newKernel(t)
	x := exchange.New()
	defer x.Close()
	many := make([]wire.Type, 200)
	for i := range many {
		many[i] = good
	}
	if err := run(t, x, &netlink.Options{Via: shy{k}}, items(wire.Ack, many...)); !errors.Is(err, netlink.ErrOverrun) {
		t.Errorf("%v, want an overrun", err)
	}
	if err := run(t, x, nil, items(wire.Ack, good)); err != nil {
		t.Errorf("behind it: %v", err)
	}
}

// TestTooLong: what does not fit into one datagram is told before anything is
// sent.
func TestTooLong(t *testing.T) {
	k := newKernel(t)
	x := exchange.New()
	defer x.Close()
	list := items(wire.Ack, good)
	list[0].Msg = build(wire.Header{Type: good, Flags: wire.Request}, make([]byte, 32<<20))
	err := run(t, x, &netlink.Options{Via: k}, list)
	if !errors.Is(err, netlink.EMSGSIZE) || !strings.Contains(err.Error(), "1 requests of 33554448 bytes in all") {
		t.Errorf("%v, want EMSGSIZE", err)
	}
}

func TestClosed(t *testing.T) {
	k := newKernel(t)
	x := exchange.New()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := x.Run(ended, wire.Netfilter, &netlink.Options{Via: k}, items(wire.Ack, good)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := x.Usable(); err != nil {
		t.Error(err)
	}
	x.Close()
	if err := run(t, x, &netlink.Options{Via: k}, items(wire.Ack, good)); !errors.Is(err, os.ErrClosed) || x.Usable() != os.ErrClosed {
		t.Errorf("closed: %v", err)
	}
}
