package rt

import (
	"math"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/tc"
)

// Bursts are sent as the time they take at the class's rate, in ticks of 64
// nanoseconds (PSCHED_SHIFT of the kernel).
const (
	ticksPerSecond = 1e9 / 64
	burstPerSecond = 250  // the burst is what comes in that part of a second,
	burstPacket    = 1600 // and one packet
	linkEthernet   = 1    // TC_LINKLAYER_ETHERNET; with 0 the kernel wants a table
)

// HTBClass are the options of a class of the qdisc htb that may send rate bytes per
// second at any time, and ceil where others leave them; ceil 0 is rate. A rate of 0
// is refused by the kernel (EINVAL).
//
// The bursts are what comes in 4 ms and one packet of 1600 bytes. Parms has more to
// choose: Prio, Quantum, Buffer and CBuffer.
func HTBClass(rate, ceil uint64) *tc.HTB {
	if ceil == 0 {
		ceil = rate
	}
	o := &tc.HTB{Parms: &tc.HTBOpt{
		Rate:    rateSpec(rate),
		Ceil:    rateSpec(ceil),
		Buffer:  burstTicks(rate),
		CBuffer: burstTicks(ceil),
	}}
	if rate > math.MaxUint32 {
		o.Rate64 = nl.U64(rate)
	}
	if ceil > math.MaxUint32 {
		o.Ceil64 = nl.U64(ceil)
	}
	return o
}

// HTBRates are the rates of a class of the qdisc htb, in bytes per second; 0 where
// the options are not those of a class.
func HTBRates(o *tc.HTB) (rate, ceil uint64) {
	if o.Parms == nil {
		return 0, 0
	}
	return o.Rate64.Or(uint64(o.Parms.Rate.Rate)), o.Ceil64.Or(uint64(o.Parms.Ceil.Rate))
}

func rateSpec(rate uint64) tc.RateSpec {
	return tc.RateSpec{LinkLayer: linkEthernet, Rate: uint32(min(rate, math.MaxUint32))}
}

// burstTicks is how long the burst takes at a rate. The part of it that grows with
// the rate takes the same time at any.
func burstTicks(rate uint64) uint32 {
	if rate == 0 {
		return 0
	}
	return uint32(min(ticksPerSecond/burstPerSecond+burstPacket*ticksPerSecond/rate, math.MaxUint32))
}
