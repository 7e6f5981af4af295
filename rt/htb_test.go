package rt

import (
	"math"
	"testing"

	"github.com/nlkit/nlkit/family/tc"
)

func TestHTBClass(t *testing.T) {
	const gigabyte = 1 << 30
	for _, c := range []struct {
		rate, ceil     uint64 // asked for
		wantCeil       uint64
		rate32, ceil32 uint32
		long, longCeil bool // the rate stands in an attribute of its own
		buffer         uint32
	}{
		// 4 ms are 62500 ticks; 1600 bytes at 12500000/s are 128 us, 2000 ticks.
		{12500000, 0, 12500000, 12500000, 12500000, false, false, 64500},
		{12500000, 25000000, 25000000, 12500000, 25000000, false, false, 64500},
		{math.MaxUint32, math.MaxUint32, math.MaxUint32, math.MaxUint32, math.MaxUint32, false, false, 62505},
		{gigabyte, 8 * gigabyte, 8 * gigabyte, gigabyte, math.MaxUint32, false, true, 62523},
		{8 * gigabyte, 8 * gigabyte, 8 * gigabyte, math.MaxUint32, math.MaxUint32, true, true, 62502},
		{1, 1, 1, 1, 1, false, false, math.MaxUint32}, // more ticks than fit
		{0, 0, 0, 0, 0, false, false, 0},
	} {
		o := HTBClass(c.rate, c.ceil)
		p := o.Parms
		if p.Rate.Rate != c.rate32 || p.Ceil.Rate != c.ceil32 || o.Rate64.IsSet() != c.long || o.Ceil64.IsSet() != c.longCeil ||
			p.Buffer != c.buffer || p.Rate.LinkLayer != 1 || p.Ceil.LinkLayer != 1 {
			t.Errorf("%d, %d: %v", c.rate, c.ceil, o)
		}
		if rate, ceil := HTBRates(o); rate != c.rate || ceil != c.wantCeil {
			t.Errorf("%d, %d: read as %d, %d", c.rate, c.ceil, rate, ceil)
		}
		if c.wantCeil == c.rate && p.CBuffer != p.Buffer {
			t.Errorf("%d: bursts of %d and %d ticks", c.rate, p.Buffer, p.CBuffer)
		}
	}
	if rate, ceil := HTBRates(&tc.HTB{Init: &tc.HTBGlob{Version: 3}}); rate != 0 || ceil != 0 {
		t.Errorf("the options of a qdisc: %d, %d", rate, ceil)
	}
}
