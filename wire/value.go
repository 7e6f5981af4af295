package wire

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// The getters below read an attribute's value as one type. A value longer than
// the type is accepted and its first bytes are read, as the kernel does for its
// own users: that is how attributes grow. A shorter one is a [*ValueError].

// ValueError says that an attribute's value has the wrong size for its type.
type ValueError struct {
	Attr uint16 // the attribute's number
	Kind string // the type asked for, such as "u32"
	Want int    // bytes that type needs
	Have int    // bytes the value has
}

func (e *ValueError) Error() string {
	return fmt.Sprintf("attribute %d: value too short for %s (need %d bytes, have %d)", e.Attr, e.Kind, e.Want, e.Have)
}

func (a Attr) short(kind string, want int) error {
	return &ValueError{Attr: a.Type(), Kind: kind, Want: want, Have: len(a.Data())}
}

// Uint8 reads a u8.
func (a Attr) Uint8() (uint8, error) {
	if len(a) < AttrHeaderLen+1 {
		return 0, a.short("u8", 1)
	}
	return a[4], nil
}

// Uint16 reads a u16 in host byte order.
func (a Attr) Uint16() (uint16, error) {
	if len(a) < AttrHeaderLen+2 {
		return 0, a.short("u16", 2)
	}
	return binary.NativeEndian.Uint16(a[4:6]), nil
}

// Uint32 reads a u32 in host byte order.
func (a Attr) Uint32() (uint32, error) {
	if len(a) < AttrHeaderLen+4 {
		return 0, a.short("u32", 4)
	}
	return binary.NativeEndian.Uint32(a[4:8]), nil
}

// Uint64 reads a u64 in host byte order. Values are aligned to 4 bytes only;
// that is taken care of.
func (a Attr) Uint64() (uint64, error) {
	if len(a) < AttrHeaderLen+8 {
		return 0, a.short("u64", 8)
	}
	return binary.NativeEndian.Uint64(a[4:12]), nil
}

// Uint16BE reads a u16 in network byte order.
func (a Attr) Uint16BE() (uint16, error) {
	if len(a) < AttrHeaderLen+2 {
		return 0, a.short("be16", 2)
	}
	return binary.BigEndian.Uint16(a[4:6]), nil
}

// Uint32BE reads a u32 in network byte order.
func (a Attr) Uint32BE() (uint32, error) {
	if len(a) < AttrHeaderLen+4 {
		return 0, a.short("be32", 4)
	}
	return binary.BigEndian.Uint32(a[4:8]), nil
}

// Uint64BE reads a u64 in network byte order.
func (a Attr) Uint64BE() (uint64, error) {
	if len(a) < AttrHeaderLen+8 {
		return 0, a.short("be64", 8)
	}
	return binary.BigEndian.Uint64(a[4:12]), nil
}

// Uint16LE reads a u16 in little-endian byte order.
func (a Attr) Uint16LE() (uint16, error) {
	if len(a) < AttrHeaderLen+2 {
		return 0, a.short("le16", 2)
	}
	return binary.LittleEndian.Uint16(a[4:6]), nil
}

// Uint32LE reads a u32 in little-endian byte order.
func (a Attr) Uint32LE() (uint32, error) {
	if len(a) < AttrHeaderLen+4 {
		return 0, a.short("le32", 4)
	}
	return binary.LittleEndian.Uint32(a[4:8]), nil
}

// Uint64LE reads a u64 in little-endian byte order.
func (a Attr) Uint64LE() (uint64, error) {
	if len(a) < AttrHeaderLen+8 {
		return 0, a.short("le64", 8)
	}
	return binary.LittleEndian.Uint64(a[4:12]), nil
}

// Int8 reads an s8.
func (a Attr) Int8() (int8, error) {
	if len(a) < AttrHeaderLen+1 {
		return 0, a.short("s8", 1)
	}
	return int8(a[4]), nil
}

// Int16 reads an s16 in host byte order.
func (a Attr) Int16() (int16, error) {
	if len(a) < AttrHeaderLen+2 {
		return 0, a.short("s16", 2)
	}
	return int16(binary.NativeEndian.Uint16(a[4:6])), nil
}

// Int32 reads an s32 in host byte order.
func (a Attr) Int32() (int32, error) {
	if len(a) < AttrHeaderLen+4 {
		return 0, a.short("s32", 4)
	}
	return int32(binary.NativeEndian.Uint32(a[4:8])), nil
}

// Int64 reads an s64 in host byte order.
func (a Attr) Int64() (int64, error) {
	if len(a) < AttrHeaderLen+8 {
		return 0, a.short("s64", 8)
	}
	return int64(binary.NativeEndian.Uint64(a[4:12])), nil
}

// Uint reads the YNL type uint: 8 bytes if there are 8, else 4.
func (a Attr) Uint() (uint64, error) {
	if len(a) >= AttrHeaderLen+8 {
		return a.Uint64()
	}
	if len(a) < AttrHeaderLen+4 {
		return 0, a.short("uint", 4)
	}
	return uint64(binary.NativeEndian.Uint32(a[4:8])), nil
}

// Sint reads the YNL type sint: 8 bytes if there are 8, else 4.
func (a Attr) Sint() (int64, error) {
	if len(a) >= AttrHeaderLen+8 {
		return a.Int64()
	}
	if len(a) < AttrHeaderLen+4 {
		return 0, a.short("sint", 4)
	}
	return int64(int32(binary.NativeEndian.Uint32(a[4:8]))), nil
}

// TextBytes returns a string's bytes up to the first NUL, or all of them if
// there is none. It borrows: the bytes are the buffer's.
func (a Attr) TextBytes() []byte {
	data := a.Data()
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return data[:i:i]
	}
	return data
}

// Text returns a string up to the first NUL, or all of it if there is none.
// The kernel does not promise UTF-8. The string is a copy.
func (a Attr) Text() string { return string(a.TextBytes()) }

// Bitfield32 is struct nla_bitfield32: the bits of Value, as far as Selector
// names them.
type Bitfield32 struct {
	Value    uint32
	Selector uint32
}

// Bitfield32 reads a bitfield32.
func (a Attr) Bitfield32() (Bitfield32, error) {
	if len(a) < AttrHeaderLen+8 {
		return Bitfield32{}, a.short("bitfield32", 8)
	}
	return Bitfield32{
		Value:    binary.NativeEndian.Uint32(a[4:8]),
		Selector: binary.NativeEndian.Uint32(a[8:12]),
	}, nil
}
