package rtnh

import (
	"encoding/binary"
	"fmt"
	"iter"
)

// memberLen is the length of struct nexthop_grp (linux/nexthop.h).
const memberLen = 8

// Member is one of the nexthop objects in a group. It is a view of the bytes that it was
// found in.
type Member []byte

// Members yields the members in the value of a NHA_GROUP. An error is the last step: what is
// there is no member.
func Members(b []byte) iter.Seq2[Member, error] {
	return func(yield func(Member, error) bool) {
		for i := 1; len(b) > 0; i++ {
			if len(b) < memberLen {
				yield(nil, fmt.Errorf("member %d: %d bytes, want %d", i, len(b), memberLen))
				return
			}
			if !yield(b[:memberLen:memberLen], nil) {
				return
			}
			b = b[memberLen:]
		}
	}
}

// ID is that of the member's object.
func (m Member) ID() uint32 { return binary.NativeEndian.Uint32(m) }

// Weight is the member's share of the packets, 1 to 65536: one more than what is sent, of
// which the lower byte comes first. Before Linux 6.12 the other is reserved.
func (m Member) Weight() int { return int(m[5])<<8 + int(m[4]) + 1 }

// Reserved is 0 as far as is known.
func (m Member) Reserved() uint16 { return binary.NativeEndian.Uint16(m[6:]) }
