package nl

import (
	"encoding/binary"

	"github.com/nlkit/nlkit/wire"
)

// GetPacked reads numbers of some bytes each, one behind the other.
func GetPacked[T Int](d *Decoder, slab int, f *[]T, v []byte, size int, get func(*Opt[T], []byte) bool) bool {
	if len(v)%size != 0 {
		return false
	}
	list := Reserve[T](d, slab, len(v)/size)
	if len(list) > 0 {
		one := &slabOf[T](d, slab).one // one on the stack would escape
		for i := range list {
			get(one, v[i*size:][:size])
			list[i] = one.v
		}
	}
	*f = list
	return true
}

// PutPacked appends numbers one behind the other, if the list is not nil.
func PutPacked[T Int](b *wire.Builder, typ uint16, list []T, appendNumber func([]byte, uint64) []byte) {
	if list == nil {
		return
	}
	v := make([]byte, 0, 8*len(list)) // none is of more bytes
	for _, x := range list {
		v = appendNumber(v, uint64(x))
	}
	b.Attr(typ, v)
}

// AppendU8 and its like append a number of some bytes.
func AppendU8(b []byte, v uint64) []byte { return append(b, byte(v)) }

// AppendU16 appends 2 bytes.
func AppendU16(b []byte, v uint64) []byte { return binary.NativeEndian.AppendUint16(b, uint16(v)) }

// AppendU32 appends 4 bytes.
func AppendU32(b []byte, v uint64) []byte { return binary.NativeEndian.AppendUint32(b, uint32(v)) }

// AppendU64 appends 8 bytes.
func AppendU64(b []byte, v uint64) []byte { return binary.NativeEndian.AppendUint64(b, v) }

// AppendU16BE appends 2 bytes in network byte order.
func AppendU16BE(b []byte, v uint64) []byte { return binary.BigEndian.AppendUint16(b, uint16(v)) }

// AppendU32BE appends 4 bytes in network byte order.
func AppendU32BE(b []byte, v uint64) []byte { return binary.BigEndian.AppendUint32(b, uint32(v)) }

// AppendU64BE appends 8 bytes in network byte order.
func AppendU64BE(b []byte, v uint64) []byte { return binary.BigEndian.AppendUint64(b, v) }

// AppendU16LE appends 2 bytes in little-endian byte order.
func AppendU16LE(b []byte, v uint64) []byte { return binary.LittleEndian.AppendUint16(b, uint16(v)) }

// AppendU32LE appends 4 bytes in little-endian byte order.
func AppendU32LE(b []byte, v uint64) []byte { return binary.LittleEndian.AppendUint32(b, uint32(v)) }

// AppendU64LE appends 8 bytes in little-endian byte order.
func AppendU64LE(b []byte, v uint64) []byte { return binary.LittleEndian.AppendUint64(b, v) }
