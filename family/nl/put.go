package nl

import (
	"net/netip"

	"github.com/nlkit/nlkit/wire"
)

// The functions of this file append a field to a message, if it is set.

// PutU8 appends a u8 or an s8.
func PutU8[T Int](b *wire.Builder, typ uint16, o Opt[T]) {
	if o.set {
		b.Uint8(typ, uint8(o.v))
	}
}

// PutU16 appends a u16 or an s16.
func PutU16[T Int](b *wire.Builder, typ uint16, o Opt[T]) {
	if o.set {
		b.Uint16(typ, uint16(o.v))
	}
}

// PutU32 appends a u32 or an s32.
func PutU32[T Int](b *wire.Builder, typ uint16, o Opt[T]) {
	if o.set {
		b.Uint32(typ, uint32(o.v))
	}
}

// PutU64 appends a u64 or an s64.
func PutU64[T Int](b *wire.Builder, typ uint16, o Opt[T]) {
	if o.set {
		b.Uint64(typ, uint64(o.v))
	}
}

// PutU16BE appends 2 bytes in network byte order.
func PutU16BE[T Int](b *wire.Builder, typ uint16, o Opt[T]) {
	if o.set {
		b.Uint16BE(typ, uint16(o.v))
	}
}

// PutU32BE appends 4 bytes in network byte order.
func PutU32BE[T Int](b *wire.Builder, typ uint16, o Opt[T]) {
	if o.set {
		b.Uint32BE(typ, uint32(o.v))
	}
}

// PutU64BE appends 8 bytes in network byte order.
func PutU64BE[T Int](b *wire.Builder, typ uint16, o Opt[T]) {
	if o.set {
		b.Uint64BE(typ, uint64(o.v))
	}
}

// PutU16LE appends 2 bytes in little-endian byte order.
func PutU16LE[T Int](b *wire.Builder, typ uint16, o Opt[T]) {
	if o.set {
		b.Uint16LE(typ, uint16(o.v))
	}
}

// PutU32LE appends 4 bytes in little-endian byte order.
func PutU32LE[T Int](b *wire.Builder, typ uint16, o Opt[T]) {
	if o.set {
		b.Uint32LE(typ, uint32(o.v))
	}
}

// PutU64LE appends 8 bytes in little-endian byte order.
func PutU64LE[T Int](b *wire.Builder, typ uint16, o Opt[T]) {
	if o.set {
		b.Uint64LE(typ, uint64(o.v))
	}
}

// PutUint appends the YNL type uint: 4 bytes if the value fits, else 8.
func PutUint[T Int](b *wire.Builder, typ uint16, o Opt[T]) {
	if o.set {
		b.Uint(typ, uint64(o.v))
	}
}

// PutSint appends the YNL type sint: 4 bytes if the value fits, else 8.
func PutSint[T Int](b *wire.Builder, typ uint16, o Opt[T]) {
	if o.set {
		b.Sint(typ, int64(o.v))
	}
}

// PutFlag appends a flag that is true.
func PutFlag(b *wire.Builder, typ uint16, f bool) {
	if f {
		b.Flag(typ)
	}
}

// PutBitfield32 appends a bitfield32.
func PutBitfield32(b *wire.Builder, typ uint16, o Opt[wire.Bitfield32]) {
	if o.set {
		b.Bitfield32(typ, o.v)
	}
}

// PutNamedBitfield32 appends a bitfield32 whose bits have names.
func PutNamedBitfield32[T Int](b *wire.Builder, typ uint16, o Opt[Bitfield32[T]]) {
	if o.set {
		b.Bitfield32(typ, wire.Bitfield32{Value: uint32(o.v.Value), Selector: uint32(o.v.Selector)})
	}
}

// PutText appends a string with the NUL that ends it.
func PutText(b *wire.Builder, typ uint16, o Opt[string]) {
	if o.set {
		b.Text(typ, o.v)
	}
}

// PutBytes appends bytes that are not nil.
func PutBytes(b *wire.Builder, typ uint16, f []byte) {
	if f != nil {
		b.Attr(typ, f)
	}
}

// PutAddr appends an IP address as long as it is: 4 bytes or 16.
func PutAddr(b *wire.Builder, typ uint16, f netip.Addr) {
	switch {
	case f.Is4():
		v := f.As4()
		b.Attr(typ, v[:])
	case f.IsValid():
		v := f.As16()
		b.Attr(typ, v[:])
	}
}

// PutAddr4 appends an IPv4 address.
func PutAddr4(b *wire.Builder, typ uint16, f netip.Addr) { PutAddr(b, typ, f) }

// PutAddr6 appends an IPv6 address.
func PutAddr6(b *wire.Builder, typ uint16, f netip.Addr) { PutAddr(b, typ, f) }

// PutAddrU32 appends an IPv4 address as a number, its highest byte the first.
func PutAddrU32(b *wire.Builder, typ uint16, f netip.Addr) {
	if f.IsValid() {
		b.Uint32(typ, AddrUint32(f))
	}
}

// PutAddrU32BE appends such a number in network byte order.
func PutAddrU32BE(b *wire.Builder, typ uint16, f netip.Addr) { PutAddr(b, typ, f) }

// PutHardwareAddr appends a link-layer address.
func PutHardwareAddr(b *wire.Builder, typ uint16, f HardwareAddr) {
	if f.IsValid() {
		b.Attr(typ, f.b[:f.Len()])
	}
}

// PutUUID appends a UUID.
func PutUUID(b *wire.Builder, typ uint16, o Opt[UUID]) {
	if o.set {
		b.Attr(typ, o.v[:])
	}
}
