package nl

import (
	"encoding/binary"
	"net/netip"
	"reflect"
)

// appendTo appends the bytes of a C struct, which v is a value of. It is for
// structs that stand alone, in what is printed: messages have theirs encoded by
// generated code.
func (t *structType) appendTo(dst []byte, v reflect.Value) []byte {
	base := len(dst)
	dst = append(dst, make([]byte, t.size)...)
	for _, m := range t.members {
		if m.blank {
			continue
		}
		at := base + m.offset
		m.put(dst[at:at+m.size], v.FieldByIndex(m.index))
	}
	return dst
}

// put writes a member's value to the bytes it has.
func (m *field) put(p []byte, v reflect.Value) {
	if !v.CanInterface() {
		return
	}
	switch x := v.Interface().(type) {
	case netip.Addr:
		if m.kind == kindNumber && x.Is4() {
			b := x.As4()
			writeNumber(p, m.order, uint64(binary.BigEndian.Uint32(b[:])))
			return
		}
		copy(p, x.AsSlice())
		return
	case HardwareAddr:
		copy(p, x.Slice())
		return
	}
	switch {
	case m.kind == kindNumber && v.CanUint():
		writeNumber(p, m.order, v.Uint())
	case m.kind == kindNumber && v.CanInt():
		writeNumber(p, m.order, uint64(v.Int()))
	case v.Kind() == reflect.Struct:
		copy(p, typeOf(v.Type()).appendTo(nil, v))
	case v.Kind() == reflect.String:
		copy(p, v.String())
	case v.Kind() == reflect.Array || v.Kind() == reflect.Slice:
		for i := range min(v.Len(), len(p)) {
			if e := v.Index(i); e.CanUint() {
				p[i] = byte(e.Uint())
			}
		}
	}
}

// writeNumber writes an integer into 1, 2, 4 or 8 bytes.
func writeNumber(p []byte, by order, v uint64) {
	var to binary.ByteOrder = binary.NativeEndian
	switch by {
	case big:
		to = binary.BigEndian
	case little:
		to = binary.LittleEndian
	}
	switch len(p) {
	case 1:
		p[0] = byte(v)
	case 2:
		to.PutUint16(p, uint16(v))
	case 4:
		to.PutUint32(p, uint32(v))
	case 8:
		to.PutUint64(p, v)
	}
}
