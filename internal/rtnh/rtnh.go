// Package rtnh reads where routes lead, as far as no spec has words for it: the legs in
// RTA_MULTIPATH, a row of struct rtnexthop with attributes of routes behind each
// (linux/rtnetlink.h); the members of a group of nexthop objects; and RTA_VIA.
package rtnh

import (
	"encoding/binary"
	"fmt"
	"iter"

	"github.com/nlkit/nlkit/wire"
)

// HeaderLen is the length of struct rtnexthop.
const HeaderLen = 8

// Attributes that say where a leg leads.
const (
	Gateway = 5  // RTA_GATEWAY: an address of the route's own family
	Via     = 18 // RTA_VIA: see ParseVia
)

// OnLink is the flag of a leg whose gateway is reachable on the link, whatever routes say
// (RTNH_F_ONLINK).
const OnLink = 4

// Leg is one of the ways a route goes, and what pads it. It is a view of the bytes that
// it was found in.
type Leg []byte

// Legs yields the legs in the value of a RTA_MULTIPATH. An error is the last step: what
// is there is no leg, and says which one it would be.
func Legs(b []byte) iter.Seq2[Leg, error] {
	return func(yield func(Leg, error) bool) {
		for i := 1; len(b) > 0; i++ {
			n, err := legLen(b)
			if err != nil {
				yield(nil, fmt.Errorf("next hop %d: %w", i, err))
				return
			}
			n = min(wire.Align(n), len(b))
			if !yield(b[:n:n], nil) {
				return
			}
			b = b[n:]
		}
	}
}

// legLen is the length, without padding, of the leg that b begins with.
func legLen(b []byte) (int, error) {
	if len(b) < HeaderLen {
		return 0, fmt.Errorf("%d bytes, want at least %d", len(b), HeaderLen)
	}
	n := int(binary.NativeEndian.Uint16(b))
	if n < HeaderLen || n > len(b) {
		return 0, fmt.Errorf("a length of %d bytes, want %d to %d", n, HeaderLen, len(b))
	}
	return n, nil
}

// Flags tell how the leg's link is: RTNH_F_DEAD (1), OnLink and others.
func (l Leg) Flags() uint8 { return l[2] }

// ClearFlags makes the flags zero, in place.
func (l Leg) ClearFlags() { l[2] = 0 }

// Weight is the leg's share of the packets, 1 to 256: one more than what is sent.
func (l Leg) Weight() int { return int(l[3]) + 1 }

// Link is the index of the leg's link; 0 where the gateway tells it.
func (l Leg) Link() uint32 { return binary.NativeEndian.Uint32(l[4:]) }

// Attrs are the leg's attributes, without what pads the last of them.
func (l Leg) Attrs() []byte { return l[HeaderLen:binary.NativeEndian.Uint16(l)] }
