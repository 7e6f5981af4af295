//go:build !race

package rtroute

import (
	"encoding/hex"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/internal/testenv"
)

func TestMain(m *testing.M) { testenv.Main(m) }

// recorded is the route 198.51.100.0/24 via 192.0.2.2 metric 100, as a little-endian kernel sent it.
const recorded = "02180000fe0300011000000008000f00fe00000008000100c6336400080006006400000008000500c000020208000400" +
	"03000000"

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
	var m Route
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
	var m Route
	allocs := testing.AllocsPerRun(100, func() {
		d.Reset()
		m.DecodeNetlink(&d, p)
	})
	if allocs != 0 {
		t.Errorf("%v allocations for a message, want none", allocs)
	}
	if got := m.DstPrefix().String(); got != "198.51.100.0/24" || m.Gateway.String() != "192.0.2.2" || m.Priority.Value() != 100 {
		t.Errorf("decoded %v", &m)
	}
}
