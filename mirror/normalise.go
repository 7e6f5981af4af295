package mirror

import (
	"encoding/binary"
	"slices"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/codec"
)

// hostOrder is the byte order of netlink's numbers.
var hostOrder = binary.NativeEndian

// normalise appends what of a payload is kept.
func (d *Definition) normalise(dst, payload []byte) []byte {
	if d.Normalise != nil {
		return d.Normalise(dst, payload)
	}
	if len(payload) < d.HeaderLen {
		return nil
	}
	dst = append(dst, payload[:d.HeaderLen]...)
	return appendAttrs(dst, payload[d.HeaderLen:], d.Strip)
}

// appendAttrs appends attributes, but for those of some types; nil where the bytes
// are no attributes. The flags of their types are kept.
func appendAttrs(dst, attrs []byte, without []uint16) []byte {
	for a, err := range wire.Attrs(attrs) {
		if err != nil {
			return nil
		}
		if slices.Contains(without, a.Type()) {
			continue
		}
		dst = appendAttr(dst, a)
	}
	return dst
}

// appendAttr appends an attribute and its padding, which is zero whatever the
// sender has left there.
func appendAttr(dst []byte, a wire.Attr) []byte {
	dst = append(dst, a...)
	for range wire.Align(len(a)) - len(a) {
		dst = append(dst, 0)
	}
	return dst
}

// attrU32 finds a number of 32 bits among attributes.
func attrU32(attrs []byte, typ uint16) (uint32, bool) {
	a, ok := wire.FindAttr(attrs, typ)
	if !ok || len(a.Data()) < 4 {
		return 0, false
	}
	return hostOrder.Uint32(a.Data()), true
}

// appendU32 appends a number so that the order of bytes is that of numbers.
func appendU32(dst []byte, v uint32) []byte { return binary.BigEndian.AppendUint32(dst, v) }

// putAttrU32 appends an attribute with a number.
func putAttrU32(dst []byte, typ uint16, v uint32) []byte {
	dst = hostOrder.AppendUint16(dst, 8)
	dst = hostOrder.AppendUint16(dst, typ)
	return hostOrder.AppendUint32(dst, v)
}

// appendJSON appends a value as JSON, by the names of its spec.
func (d *Definition) appendJSON(dst, value []byte) []byte {
	if d.Layout == nil {
		dst = append(dst, `{"payload":"`...)
		for _, c := range value {
			dst = append(dst, "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
		}
		return append(dst, `"}`...)
	}
	return d.Layout().AppendJSON(dst, value, codec.Options{})
}
