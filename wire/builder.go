package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
)

// Errors a [Builder] reports.
var (
	// ErrTooLong says that an attribute would exceed [MaxAttrLen], header included.
	ErrTooLong = errors.New("longer than 65535 bytes")
	// ErrNest says that a nest was not ended, or not innermost first.
	ErrNest = errors.New("nests must be ended innermost first")
	// ErrText says that a string holds a NUL, where the reader would cut it.
	ErrText = errors.New("string holds a NUL byte")
)

// Builder appends messages and attributes to a buffer.
//
//	var b wire.Builder
//	b.Reset(buf[:0])
//	b.Message(wire.Header{Type: 18, Flags: wire.Request})
//	b.Raw(fixed)
//	b.Text(3, "eth0")
//	nest := b.Nest(18)
//	b.Text(1, "vlan")
//	b.End(nest)
//	req, err := b.Bytes()
//
// The zero value is ready to use and allocates its buffer; Reset gives it one
// of the caller's. The first error sticks: later calls do nothing and Bytes
// returns it. Lengths and padding are kept right by the Builder.
type Builder struct {
	buf   []byte
	start int // offset+1 of the message in progress, or 0
	open  int // offset+1 of the innermost open nest, or 0
	err   error
}

// Reset makes b append to buf, forgetting what b held. What is in buf stays at
// the start, padded to a multiple of 4; buf[:0] starts afresh. Capacity is used
// as far as it goes; beyond it the bytes move to a larger buffer and buf is left
// as it is.
func (b *Builder) Reset(buf []byte) {
	*b = Builder{buf: buf}
	b.pad()
}

// Len returns the number of bytes in the buffer so far.
func (b *Builder) Len() int { return len(b.buf) }

// Err returns the first error, or nil.
func (b *Builder) Err() error { return b.err }

// Bytes ends the message in progress and returns the buffer, or the first error.
// The buffer is the Builder's until the next Reset.
func (b *Builder) Bytes() ([]byte, error) {
	b.finish()
	if b.err != nil {
		return nil, b.err
	}
	return b.buf, nil
}

// Message begins a message and ends the one before it. The length field of h is
// ignored: it is filled in when the message ends.
func (b *Builder) Message(h Header) {
	b.finish()
	if b.err != nil {
		return
	}
	b.start = len(b.buf) + 1
	b.buf = h.Append(b.buf)
}

// finish writes the length of the message in progress.
func (b *Builder) finish() {
	if b.err != nil {
		return
	}
	if b.open != 0 {
		b.fail(fmt.Errorf("attribute %d: nest not ended: %w", b.nestType(), ErrNest))
		return
	}
	if b.start == 0 {
		return
	}
	n := len(b.buf) - (b.start - 1)
	if uint64(n) > math.MaxUint32 {
		b.fail(errors.New("message longer than 4 GiB"))
		return
	}
	binary.NativeEndian.PutUint32(b.buf[b.start-1:], uint32(n))
}

func (b *Builder) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *Builder) pad() {
	for len(b.buf)%Alignment != 0 {
		b.buf = append(b.buf, 0)
	}
}

// Raw appends a family's fixed header, padded to a multiple of 4.
func (b *Builder) Raw(p []byte) {
	if b.err != nil {
		return
	}
	b.buf = append(b.buf, p...)
	b.pad()
}

// Verbatim appends bytes as they are, without padding: the rest of a message
// that was made elsewhere, or that is not well-formed on purpose.
func (b *Builder) Verbatim(p []byte) {
	if b.err == nil {
		b.buf = append(b.buf, p...)
	}
}

// head appends an attribute's header for a value of n bytes and reports
// whether the value is to follow.
func (b *Builder) head(typ uint16, n int) bool {
	if b.err != nil {
		return false
	}
	if n > MaxAttrLen-AttrHeaderLen {
		b.fail(fmt.Errorf("attribute %d: value of %d bytes: %w", typ&AttrTypeMask, n, ErrTooLong))
		return false
	}
	b.buf = binary.NativeEndian.AppendUint16(b.buf, uint16(AttrHeaderLen+n))
	b.buf = binary.NativeEndian.AppendUint16(b.buf, typ)
	return true
}

// Attr appends an attribute with the given value. typ may carry flag bits.
func (b *Builder) Attr(typ uint16, value []byte) {
	if b.head(typ, len(value)) {
		b.buf = append(b.buf, value...)
		b.pad()
	}
}

// Flag appends an attribute without a value: its presence is the message.
func (b *Builder) Flag(typ uint16) { b.head(typ, 0) }

// Text appends a string and the NUL that ends it.
func (b *Builder) Text(typ uint16, s string) { b.text(typ, s, 1) }

// TextRaw appends a string without a NUL, for the few attributes that want it so.
func (b *Builder) TextRaw(typ uint16, s string) { b.text(typ, s, 0) }

func (b *Builder) text(typ uint16, s string, nul int) {
	if b.err == nil && strings.IndexByte(s, 0) >= 0 {
		b.fail(fmt.Errorf("attribute %d: %w", typ&AttrTypeMask, ErrText))
	}
	if b.head(typ, len(s)+nul) {
		b.buf = append(b.buf, s...)
		if nul > 0 {
			b.buf = append(b.buf, 0)
		}
		b.pad()
	}
}

// Uint8 appends a u8.
func (b *Builder) Uint8(typ uint16, v uint8) {
	if b.head(typ, 1) {
		b.buf = append(b.buf, v, 0, 0, 0)
	}
}

// Uint16 appends a u16 in host byte order.
func (b *Builder) Uint16(typ uint16, v uint16) {
	if b.head(typ, 2) {
		b.buf = binary.NativeEndian.AppendUint16(b.buf, v)
		b.buf = append(b.buf, 0, 0)
	}
}

// Uint32 appends a u32 in host byte order.
func (b *Builder) Uint32(typ uint16, v uint32) {
	if b.head(typ, 4) {
		b.buf = binary.NativeEndian.AppendUint32(b.buf, v)
	}
}

// Uint64 appends a u64 in host byte order, aligned to 4 bytes.
func (b *Builder) Uint64(typ uint16, v uint64) {
	if b.head(typ, 8) {
		b.buf = binary.NativeEndian.AppendUint64(b.buf, v)
	}
}

// Uint16BE appends a u16 in network byte order.
func (b *Builder) Uint16BE(typ uint16, v uint16) {
	if b.head(typ, 2) {
		b.buf = binary.BigEndian.AppendUint16(b.buf, v)
		b.buf = append(b.buf, 0, 0)
	}
}

// Uint32BE appends a u32 in network byte order.
func (b *Builder) Uint32BE(typ uint16, v uint32) {
	if b.head(typ, 4) {
		b.buf = binary.BigEndian.AppendUint32(b.buf, v)
	}
}

// Uint64BE appends a u64 in network byte order.
func (b *Builder) Uint64BE(typ uint16, v uint64) {
	if b.head(typ, 8) {
		b.buf = binary.BigEndian.AppendUint64(b.buf, v)
	}
}

// Uint16LE appends a u16 in little-endian byte order.
func (b *Builder) Uint16LE(typ uint16, v uint16) {
	if b.head(typ, 2) {
		b.buf = binary.LittleEndian.AppendUint16(b.buf, v)
		b.buf = append(b.buf, 0, 0)
	}
}

// Uint32LE appends a u32 in little-endian byte order.
func (b *Builder) Uint32LE(typ uint16, v uint32) {
	if b.head(typ, 4) {
		b.buf = binary.LittleEndian.AppendUint32(b.buf, v)
	}
}

// Uint64LE appends a u64 in little-endian byte order.
func (b *Builder) Uint64LE(typ uint16, v uint64) {
	if b.head(typ, 8) {
		b.buf = binary.LittleEndian.AppendUint64(b.buf, v)
	}
}

// Int8 appends an s8.
func (b *Builder) Int8(typ uint16, v int8) { b.Uint8(typ, uint8(v)) }

// Int16 appends an s16 in host byte order.
func (b *Builder) Int16(typ uint16, v int16) { b.Uint16(typ, uint16(v)) }

// Int32 appends an s32 in host byte order.
func (b *Builder) Int32(typ uint16, v int32) { b.Uint32(typ, uint32(v)) }

// Int64 appends an s64 in host byte order.
func (b *Builder) Int64(typ uint16, v int64) { b.Uint64(typ, uint64(v)) }

// Uint appends the YNL type uint: 4 bytes if the value fits, else 8.
func (b *Builder) Uint(typ uint16, v uint64) {
	if v <= math.MaxUint32 {
		b.Uint32(typ, uint32(v))
		return
	}
	b.Uint64(typ, v)
}

// Sint appends the YNL type sint: 4 bytes if the value fits, else 8.
func (b *Builder) Sint(typ uint16, v int64) {
	if v >= math.MinInt32 && v <= math.MaxInt32 {
		b.Int32(typ, int32(v))
		return
	}
	b.Int64(typ, v)
}

// Bitfield32 appends a bitfield32.
func (b *Builder) Bitfield32(typ uint16, v Bitfield32) {
	if b.head(typ, 8) {
		b.buf = binary.NativeEndian.AppendUint32(b.buf, v.Value)
		b.buf = binary.NativeEndian.AppendUint32(b.buf, v.Selector)
	}
}

// Nest is a nest that was begun and is to be given to [Builder.End].
type Nest struct {
	at    int // offset+1 of its header in the buffer
	outer int // the same of the nest around it, or 0
}

// Nest begins an attribute whose value is attributes and marks it with
// [AttrNested]. What is appended until End lies in it.
func (b *Builder) Nest(typ uint16) Nest { return b.NestPlain(typ | AttrNested) }

// NestPlain is Nest without the mark, as some older families send and want it.
func (b *Builder) NestPlain(typ uint16) Nest {
	n := Nest{at: len(b.buf) + 1, outer: b.open}
	if b.head(typ, 0) {
		b.open = n.at
	}
	return n
}

// End ends a nest. It must be the innermost one still open.
func (b *Builder) End(n Nest) {
	if b.err != nil {
		return
	}
	if n.at == 0 || n.at != b.open {
		if b.open == 0 {
			b.fail(fmt.Errorf("no nest is open: %w", ErrNest))
		} else {
			b.fail(fmt.Errorf("attribute %d is the innermost open nest, another was ended: %w", b.nestType(), ErrNest))
		}
		return
	}
	at := n.at - 1
	size := len(b.buf) - at
	if size > MaxAttrLen {
		b.fail(fmt.Errorf("attribute %d: nest of %d bytes: %w", b.nestType(), size, ErrTooLong))
		return
	}
	binary.NativeEndian.PutUint16(b.buf[at:], uint16(size))
	b.open = n.outer
	b.pad() // what was appended verbatim need not end where an attribute can begin
}

// nestType returns the type of the innermost open nest.
func (b *Builder) nestType() uint16 {
	return binary.NativeEndian.Uint16(b.buf[b.open+1:]) & AttrTypeMask
}
