package sim

import (
	"math"

	"github.com/nlkit/nlkit/netlink"
)

// Policy says what attributes a request may have and what their values must look
// like, by attribute number:
//
//	sim.Policy{
//		attrName:  {Kind: sim.NulString, Len: 15},
//		attrIndex: {Kind: sim.U32},
//		attrOpts:  {Kind: sim.Nested, Nested: optsPolicy},
//	}
//
// Numbers without a rule are refused by strict checks and ignored by liberal
// ones. The highest number is that of the last rule.
type Policy []Rule

// Kind is the type of an attribute (the NLA_ constants of the kernel).
type Kind uint8

// The kinds.
const (
	Unspec Kind = iota // no rule
	U8
	U16
	U32
	U64
	S8
	S16
	S32
	S64
	BE16 // u16 and u32 in network byte order
	BE32
	Uint // 4 or 8 bytes
	Sint
	Msecs // a time in milliseconds: a u64
	Flag
	String     // a NUL at the end may be there or not
	NulString  // must hold a NUL
	Binary     // bytes
	Bitfield32 // struct nla_bitfield32
	Nested     // attributes
	NestedArray
	Reject // not to be sent
)

// Rule is what one attribute must be.
type Rule struct {
	Kind Kind

	// Len is the most bytes of a String, NulString (without its NUL) or Binary,
	// and the least bytes of any other kind with a value of free length; 0 is
	// no limit.
	Len int

	// MinLen and MaxLen bound a Binary, both included; MaxLen 0 is no limit.
	// They have their own message ("binary attribute size out of range").
	MinLen, MaxLen int

	// Range bounds a number; nil is no limit but the kind's own. Mask, where it
	// is not 0, are the bits a number may have, and Bitfield32 may set: its own
	// 0 allows none. Valid, if set, tells what is wrong with a value: an error
	// number and a text, and 0 where nothing is. A rule has one of the three (the
	// kernel's NLA_POLICY_RANGE and its like, _MASK and _VALIDATE_FN).
	Range *Range
	Mask  uint64
	Valid func(value []byte) (netlink.Errno, string)

	// Nested is the policy of the attributes in a Nested, or of those in each
	// entry of a NestedArray; nil leaves them unchecked.
	Nested Policy

	// Text is said when a Reject is sent.
	Text string
}

// Range bounds the values of a number, both ends included: those of the signed
// kinds by MinS and MaxS, those of the others by MinU and MaxU. Numbers in network
// byte order are compared as numbers.
type Range struct {
	MinU, MaxU uint64
	MinS, MaxS int64
}

// rejectAll is the policy of an op that has none, in families that refuse what
// they do not know.
var rejectAll = Policy{0: {Kind: Reject}, 1: {Kind: Reject}}

// max is the highest attribute number.
func (p Policy) max() int { return max(len(p)-1, 0) }

// same reports whether two policies are one and the same, not just alike.
func (p Policy) same(q Policy) bool {
	return len(p) == len(q) && (len(p) == 0 || &p[0] == &q[0])
}

// minLen is the least length a value of the kind must have.
func (k Kind) minLen() int {
	switch k {
	case U8, S8:
		return 1
	case U16, S16, BE16:
		return 2
	case U32, S32, BE32:
		return 4
	case U64, S64, Msecs:
		return 8
	}
	return 0
}

// fixed reports whether strict checks want exactly minLen bytes.
func (k Kind) fixed() bool {
	switch k {
	case U8, U16, U32, U64, S8, S16, S32, S64, BE16, BE32:
		return true
	}
	return false
}

// describe puts the rule into the words the kernel has for it. It reports false
// for the kinds it does not describe.
func (r *Rule) describe() (netlink.AttrPolicy, bool) {
	unsigned := func(t netlink.PolicyType, highest uint64) (netlink.AttrPolicy, bool) {
		p := netlink.AttrPolicy{Type: t, HasUnsigned: true, MaxU: highest}
		switch {
		case r.Mask != 0:
			p = netlink.AttrPolicy{Type: t, HasMask: true, Mask: r.Mask}
		case r.Range != nil:
			p.MinU, p.MaxU = r.Range.MinU, r.Range.MaxU
		}
		return p, true
	}
	signed := func(t netlink.PolicyType, lowest, highest int64) (netlink.AttrPolicy, bool) {
		p := netlink.AttrPolicy{Type: t, HasSigned: true, MinS: lowest, MaxS: highest}
		if r.Range != nil {
			p.MinS, p.MaxS = r.Range.MinS, r.Range.MaxS
		}
		return p, true
	}
	switch r.Kind {
	case U8:
		return unsigned(netlink.PolicyU8, math.MaxUint8)
	case U16:
		return unsigned(netlink.PolicyU16, math.MaxUint16)
	case U32:
		return unsigned(netlink.PolicyU32, math.MaxUint32)
	case U64:
		return unsigned(netlink.PolicyU64, math.MaxUint64)
	case Uint, Msecs:
		return unsigned(netlink.PolicyUint, math.MaxUint64)
	case S8:
		return signed(netlink.PolicyS8, math.MinInt8, math.MaxInt8)
	case S16:
		return signed(netlink.PolicyS16, math.MinInt16, math.MaxInt16)
	case S32:
		return signed(netlink.PolicyS32, math.MinInt32, math.MaxInt32)
	case S64:
		return signed(netlink.PolicyS64, math.MinInt64, math.MaxInt64)
	case Sint:
		return signed(netlink.PolicySint, math.MinInt64, math.MaxInt64)
	case Flag:
		return netlink.AttrPolicy{Type: netlink.PolicyFlag}, true
	case Bitfield32:
		return netlink.AttrPolicy{Type: netlink.PolicyBitfield32, HasBitfield32Mask: true, Bitfield32Mask: uint32(r.Mask)}, true
	case Nested:
		return netlink.AttrPolicy{Type: netlink.PolicyNested}, true
	case NestedArray:
		return netlink.AttrPolicy{Type: netlink.PolicyNestedArray}, true
	case String:
		return r.lengths(netlink.PolicyString)
	case NulString:
		return r.lengths(netlink.PolicyNulString)
	case Binary:
		return r.lengths(netlink.PolicyBinary)
	}
	return netlink.AttrPolicy{}, false
}

func (r *Rule) lengths(t netlink.PolicyType) (netlink.AttrPolicy, bool) {
	p := netlink.AttrPolicy{Type: t}
	if r.ranged() {
		// The kernel tells both or none: for one alone it has other checks
		// (NLA_POLICY_MIN_LEN, NLA_POLICY_MAX_LEN).
		if r.MinLen > 0 && r.MaxLen > 0 {
			p.HasMinLen, p.MinLen = true, uint32(r.MinLen)
			p.HasMaxLen, p.MaxLen = true, uint32(r.MaxLen)
		}
	} else if r.Len > 0 {
		p.HasMaxLen, p.MaxLen = true, uint32(r.Len)
	}
	return p, true
}

// ranged reports whether the rule bounds a binary on the way that has its own
// message.
func (r *Rule) ranged() bool { return r.Kind == Binary && (r.MinLen > 0 || r.MaxLen > 0) }
