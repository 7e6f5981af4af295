package sim

import (
	"encoding/binary"
	"math"
)

// number reads the value of a number. Of one that is longer than its kind the first
// bytes count, as in the kernel where it lets such pass. It reports false for
// kinds that are no number, and for what is too short.
func (k Kind) number(b []byte) (u uint64, s int64, ok bool) {
	size := k.minLen()
	if k == Uint || k == Sint {
		size = len(b)
	}
	if len(b) < size {
		return 0, 0, false
	}
	ne := binary.NativeEndian
	switch k {
	case BE16:
		u = uint64(binary.BigEndian.Uint16(b))
		return u, int64(u), true
	case BE32:
		u = uint64(binary.BigEndian.Uint32(b))
		return u, int64(u), true
	case U8, U16, U32, U64, S8, S16, S32, S64, Uint, Sint, Msecs:
	default:
		return 0, 0, false
	}
	switch size {
	case 1:
		return uint64(b[0]), int64(int8(b[0])), true
	case 2:
		v := ne.Uint16(b)
		return uint64(v), int64(int16(v)), true
	case 4:
		v := ne.Uint32(b)
		return uint64(v), int64(int32(v)), true
	case 8:
		v := ne.Uint64(b)
		return v, int64(v), true
	}
	return 0, 0, false
}

// signed reports whether a number of the kind can be below zero.
func (k Kind) signed() bool {
	switch k {
	case S8, S16, S32, S64, Sint:
		return true
	}
	return false
}

// full is the range of a kind without limits of its own.
func (k Kind) full() Range {
	r := Range{MaxU: math.MaxUint64, MinS: math.MinInt64, MaxS: math.MaxInt64}
	switch k.minLen() {
	case 1:
		r = Range{MaxU: math.MaxUint8, MinS: math.MinInt8, MaxS: math.MaxInt8}
	case 2:
		r = Range{MaxU: math.MaxUint16, MinS: math.MinInt16, MaxS: math.MaxInt16}
	case 4:
		r = Range{MaxU: math.MaxUint32, MinS: math.MinInt32, MaxS: math.MaxInt32}
	}
	return r
}
