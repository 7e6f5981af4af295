package codec

import (
	"encoding/binary"
	"net/netip"

	"github.com/nlkit/nlkit/ynl"
)

// readInt reads an integer of 1, 2, 4 or 8 bytes.
func readInt(p []byte, size int, order ynl.ByteOrder) uint64 {
	switch size {
	case 1:
		return uint64(p[0])
	case 2:
		switch order {
		case ynl.BigEndian:
			return uint64(binary.BigEndian.Uint16(p))
		case ynl.LittleEndian:
			return uint64(binary.LittleEndian.Uint16(p))
		}
		return uint64(binary.NativeEndian.Uint16(p))
	case 4:
		switch order {
		case ynl.BigEndian:
			return uint64(binary.BigEndian.Uint32(p))
		case ynl.LittleEndian:
			return uint64(binary.LittleEndian.Uint32(p))
		}
		return uint64(binary.NativeEndian.Uint32(p))
	}
	switch order {
	case ynl.BigEndian:
		return binary.BigEndian.Uint64(p)
	case ynl.LittleEndian:
		return binary.LittleEndian.Uint64(p)
	}
	return binary.NativeEndian.Uint64(p)
}

// extend makes an int64 of a signed integer of some bytes.
func extend(v uint64, size int) int64 {
	shift := 64 - 8*size
	return int64(v<<shift) >> shift
}

// integer tells an integer, as its enum or its hint has it.
func (w *walker) integer(e *ynl.Enum, bits bool, hint ynl.Hint, size int, signed bool, v uint64) {
	switch {
	case bits:
		w.out.bits(e, v)
	case e != nil:
		wide := v
		if signed {
			wide = uint64(extend(v, size))
		}
		entry := e.ByValue(wide)
		if entry == nil && signed {
			entry = e.ByValue(v)
		} else if entry == nil {
			entry = e.ByValue(uint64(extend(v, size)))
		}
		if entry != nil {
			w.out.word(entry.Name)
			return
		}
		w.out.nameless(wide, signed)
	case hint == ynl.HintHex && !signed:
		w.out.hex(v)
	case (hint == ynl.HintIPv4 || hint == ynl.HintIP) && size == 4 && !signed:
		w.out.addr(netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)}))
	case signed:
		w.out.sint(extend(v, size))
	default:
		w.out.uint(v)
	}
}

func (w *walker) bitfield(spec *ynl.Attr, p []byte) {
	if len(p) != 8 {
		w.out.raw(p)
		return
	}
	w.out.begin()
	w.out.key("value", spec, nil, 0, nil)
	w.integer(spec.Enum, spec.Enum != nil, spec.Hint, 4, false, readInt(p, 4, ynl.Native))
	w.out.key("selector", spec, nil, 0, nil)
	w.integer(spec.Enum, spec.Enum != nil, spec.Hint, 4, false, readInt(p[4:], 4, ynl.Native))
	w.out.end()
}
