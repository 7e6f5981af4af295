//go:build !race

package conntrack

import (
	"encoding/hex"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/internal/testenv"
)

func TestMain(m *testing.M) { testenv.Main(m) }

// recorded is a TCP connection over lo, with counters and a timestamp, as a little-endian kernel sent it.
const recorded = "020000003400018014000180080001007f000001080002007f0000011c00028005000100060000000600020085ec0000" +
	"06000300b10300003400028014000180080001007f000001080002007f0000011c000280050001000600000006000200" +
	"b10300000600030085ec0000080003000000000e080008000000000008000c00aa30725108000b000000000108000700" +
	"0006977f300004802c0001800500010003000000050002000a000000050003000a000000060004002300000006000500" +
	"230000001c0009800c00010000000000000000030c00020000000000000000a91c000a800c0001000000000000000002" +
	"0c0002000000000000000070100014800c00010018ead910ebe10465"

func payload(tb testing.TB) []byte {
	tb.Helper()
	b, err := hex.DecodeString(recorded)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func BenchmarkDecode(b *testing.B) {
	p := payload(b)
	b.ReportAllocs()
	b.SetBytes(int64(len(p)))
	var d nl.Decoder
	var m Entry
	for b.Loop() {
		d.Reset()
		m.DecodeNetlink(&d, p)
	}
}

// TestDecodeAllocatesNothing: once a message of the kind was decoded there is room
// for the next. The race detector allocates on its own.
func TestDecodeAllocatesNothing(t *testing.T) {
	p := payload(t)
	var d nl.Decoder
	var m Entry
	allocs := testing.AllocsPerRun(100, func() {
		d.Reset()
		m.DecodeNetlink(&d, p)
	})
	if allocs != 0 {
		t.Errorf("%v allocations for a message, want none", allocs)
	}
	if m.TupleOrig.IP.IPv4Src.String() != "127.0.0.1" || m.ProtoInfo.TCP == nil || m.CountersReply.Packets.Value() != 2 {
		t.Errorf("decoded %v", &m)
	}
}
