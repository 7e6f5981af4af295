package nl

import (
	"encoding/binary"
	"net/netip"

	"github.com/nlkit/nlkit/wire"
)

// The functions of this file read a payload into a field. They report false, and
// leave the field as it is, where the payload is not of the field's type.

// Int is what numbers of the wire become: integers, and enums of them.
type Int interface {
	~uint8 | ~uint16 | ~uint32 | ~uint64 | ~int8 | ~int16 | ~int32 | ~int64
}

// GetU8 reads a u8.
func GetU8[T Int](o *Opt[T], v []byte) bool {
	if len(v) != 1 {
		return false
	}
	o.v, o.set = T(v[0]), true
	return true
}

// GetU16 reads a u16.
func GetU16[T Int](o *Opt[T], v []byte) bool {
	if len(v) != 2 {
		return false
	}
	o.v, o.set = T(binary.NativeEndian.Uint16(v)), true
	return true
}

// GetU32 reads a u32.
func GetU32[T Int](o *Opt[T], v []byte) bool {
	if len(v) != 4 {
		return false
	}
	o.v, o.set = T(binary.NativeEndian.Uint32(v)), true
	return true
}

// GetU64 reads a u64.
func GetU64[T Int](o *Opt[T], v []byte) bool {
	if len(v) != 8 {
		return false
	}
	o.v, o.set = T(binary.NativeEndian.Uint64(v)), true
	return true
}

// GetS8 reads an s8.
func GetS8[T Int](o *Opt[T], v []byte) bool {
	if len(v) != 1 {
		return false
	}
	o.v, o.set = T(int8(v[0])), true
	return true
}

// GetS16 reads an s16.
func GetS16[T Int](o *Opt[T], v []byte) bool {
	if len(v) != 2 {
		return false
	}
	o.v, o.set = T(int16(binary.NativeEndian.Uint16(v))), true
	return true
}

// GetS32 reads an s32.
func GetS32[T Int](o *Opt[T], v []byte) bool {
	if len(v) != 4 {
		return false
	}
	o.v, o.set = T(int32(binary.NativeEndian.Uint32(v))), true
	return true
}

// GetS64 reads an s64.
func GetS64[T Int](o *Opt[T], v []byte) bool {
	if len(v) != 8 {
		return false
	}
	o.v, o.set = T(int64(binary.NativeEndian.Uint64(v))), true
	return true
}

// GetU16BE reads a u16 in network byte order.
func GetU16BE[T Int](o *Opt[T], v []byte) bool {
	if len(v) != 2 {
		return false
	}
	o.v, o.set = T(binary.BigEndian.Uint16(v)), true
	return true
}

// GetU32BE reads a u32 in network byte order.
func GetU32BE[T Int](o *Opt[T], v []byte) bool {
	if len(v) != 4 {
		return false
	}
	o.v, o.set = T(binary.BigEndian.Uint32(v)), true
	return true
}

// GetU64BE reads a u64 in network byte order.
func GetU64BE[T Int](o *Opt[T], v []byte) bool {
	if len(v) != 8 {
		return false
	}
	o.v, o.set = T(binary.BigEndian.Uint64(v)), true
	return true
}

// GetS32BE reads an s32 in network byte order.
func GetS32BE[T Int](o *Opt[T], v []byte) bool {
	if len(v) != 4 {
		return false
	}
	o.v, o.set = T(int32(binary.BigEndian.Uint32(v))), true
	return true
}

// GetS64BE reads an s64 in network byte order.
func GetS64BE[T Int](o *Opt[T], v []byte) bool {
	if len(v) != 8 {
		return false
	}
	o.v, o.set = T(int64(binary.BigEndian.Uint64(v))), true
	return true
}

// GetU16LE reads a u16 in little-endian byte order.
func GetU16LE[T Int](o *Opt[T], v []byte) bool {
	if len(v) != 2 {
		return false
	}
	o.v, o.set = T(binary.LittleEndian.Uint16(v)), true
	return true
}

// GetU32LE reads a u32 in little-endian byte order.
func GetU32LE[T Int](o *Opt[T], v []byte) bool {
	if len(v) != 4 {
		return false
	}
	o.v, o.set = T(binary.LittleEndian.Uint32(v)), true
	return true
}

// GetU64LE reads a u64 in little-endian byte order.
func GetU64LE[T Int](o *Opt[T], v []byte) bool {
	if len(v) != 8 {
		return false
	}
	o.v, o.set = T(binary.LittleEndian.Uint64(v)), true
	return true
}

// GetUint reads the YNL type uint, of 4 or 8 bytes.
func GetUint[T Int](o *Opt[T], v []byte) bool {
	if len(v) == 4 {
		o.v, o.set = T(binary.NativeEndian.Uint32(v)), true
		return true
	}
	return GetU64(o, v)
}

// GetSint reads the YNL type sint, of 4 or 8 bytes.
func GetSint[T Int](o *Opt[T], v []byte) bool {
	if len(v) == 4 {
		o.v, o.set = T(int32(binary.NativeEndian.Uint32(v))), true
		return true
	}
	return GetS64(o, v)
}

// GetFlag reads a flag, which is there or not.
func GetFlag(f *bool, v []byte) bool {
	if len(v) != 0 {
		return false
	}
	*f = true
	return true
}

// GetBitfield32 reads a bitfield32.
func GetBitfield32(o *Opt[wire.Bitfield32], v []byte) bool {
	if len(v) != 8 {
		return false
	}
	o.v.Value = binary.NativeEndian.Uint32(v)
	o.v.Selector = binary.NativeEndian.Uint32(v[4:])
	o.set = true
	return true
}

// GetNamedBitfield32 reads a bitfield32 whose bits have names.
func GetNamedBitfield32[T Int](o *Opt[Bitfield32[T]], v []byte) bool {
	if len(v) != 8 {
		return false
	}
	o.v.Value = T(binary.NativeEndian.Uint32(v))
	o.v.Selector = T(binary.NativeEndian.Uint32(v[4:]))
	o.set = true
	return true
}

// GetText reads a string. It reports false where a NUL stands inside.
func GetText(d *Decoder, o *Opt[string], v []byte) bool {
	b, ok := text(v)
	if !ok {
		return false
	}
	o.v, o.set = d.Text(b), true
	return true
}

// GetBytes reads bytes, which are borrowed.
func GetBytes(d *Decoder, f *[]byte, v []byte) bool {
	*f = d.bytes(v)
	return true
}

// GetAddr reads an IP address, of 4 or 16 bytes.
func GetAddr(f *netip.Addr, v []byte) bool {
	switch len(v) {
	case 4:
		*f = netip.AddrFrom4([4]byte(v))
	case 16:
		*f = netip.AddrFrom16([16]byte(v))
	default:
		return false
	}
	return true
}

// GetAddr4 reads an IPv4 address.
func GetAddr4(f *netip.Addr, v []byte) bool {
	if len(v) != 4 {
		return false
	}
	*f = netip.AddrFrom4([4]byte(v))
	return true
}

// GetAddr6 reads an IPv6 address.
func GetAddr6(f *netip.Addr, v []byte) bool {
	if len(v) != 16 {
		return false
	}
	*f = netip.AddrFrom16([16]byte(v))
	return true
}

// GetAddrU32 reads a number that is an IPv4 address, its highest byte the first.
func GetAddrU32(f *netip.Addr, v []byte) bool {
	if len(v) != 4 {
		return false
	}
	*f = AddrFromUint32(binary.NativeEndian.Uint32(v))
	return true
}

// GetAddrU32BE reads such a number in network byte order.
func GetAddrU32BE(f *netip.Addr, v []byte) bool { return GetAddr4(f, v) }

// GetHardwareAddr reads a link-layer address.
func GetHardwareAddr(f *HardwareAddr, v []byte) bool {
	if len(v) > MaxHardwareAddrLen {
		return false
	}
	*f = HardwareAddrFrom(v)
	return true
}

// GetUUID reads a UUID.
func GetUUID(o *Opt[UUID], v []byte) bool {
	if len(v) != len(o.v) {
		return false
	}
	o.v, o.set = UUID(v), true
	return true
}
