package rt

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/tc"
)

// U32Key is one comparison of the classifier u32: four bytes of a packet, as a
// number in network byte order, are under Mask the same as Value.
type U32Key struct {
	Mask, Value uint32
	Offset      int32 // in bytes from the start of the network header; a multiple of 4
	// OffMask is -1 where Offset counts from the header behind that, as found by
	// the hash table's offset; else 0.
	OffMask int32
}

// What the kernel has of keys (linux/pkt_cls.h): struct tc_u32_sel, with as many
// structs tc_u32_key behind it as it says.
const (
	attrU32Sel  = 5 // TCA_U32_SEL
	sizeU32Key  = 16
	maxU32Keys  = 255
	u32Terminal = 1 // TC_U32_TERMINAL: a packet that matches is classified
)

// U32 are the options of a filter of the kind u32 that gives packets a class where
// all the matches are met; without any, that is every packet. With more than 255
// keys the kernel refuses it (EINVAL).
func U32(classid uint32, matches ...U32Match) *tc.U32 {
	var keys []byte
	n := 0
	for _, m := range matches {
		keys = appendU32Keys(keys, m)
		n += len(m)
	}
	if n > maxU32Keys {
		// Fewer keys would match more: the count without the keys is malformed.
		n, keys = maxU32Keys, nil
	}
	o := &tc.U32{
		ClassID: nl.U32(classid),
		Sel:     &tc.U32Sel{Flags: u32Terminal, NKeys: uint8(n)},
	}
	o.SetTail(attrU32Sel, keys)
	return o
}

// U32Keys are the keys of a filter of the kind u32, of all its matches.
func U32Keys(o *tc.U32) []U32Key {
	if o.Sel == nil {
		return nil
	}
	return parseU32Keys(o.Tail(attrU32Sel), int(o.Sel.NKeys))
}

// String writes a key as tc(8)'s "match ip" reads it, where it is one of those, and
// others as "match u32" has them. What a key of IPv6 looks at may be where IPv4 has
// something else, and is then called that.
func (k U32Key) String() string {
	if k.OffMask != 0 {
		return fmt.Sprintf("u32 %#08x %#08x at nexthdr+%d", k.Value, k.Mask, k.Offset)
	}
	bits, isPrefix := prefixLen(k.Mask)
	switch {
	case k.Offset == offSrc4 && isPrefix:
		return fmt.Sprintf("src %v/%d", addr4(k.Value), bits)
	case k.Offset == offDst4 && isPrefix:
		return fmt.Sprintf("dst %v/%d", addr4(k.Value), bits)
	case k.Offset == offProto4 && k.Mask == protoMask4:
		return fmt.Sprintf("protocol %d", k.Value>>16)
	case k.Offset == offPorts4 && k.Mask>>16 == 0:
		return portString("dport", k.Value, k.Mask)
	case k.Offset == offPorts4 && k.Mask<<16 == 0:
		return portString("sport", k.Value>>16, k.Mask>>16)
	}
	return fmt.Sprintf("u32 %#08x %#08x at %d", k.Value, k.Mask, k.Offset)
}

func portString(name string, value, mask uint32) string {
	if mask == 0xffff {
		return fmt.Sprintf("%s %d", name, value)
	}
	return fmt.Sprintf("%s %d/%#x", name, value, mask)
}

func addr4(v uint32) netip.Addr {
	var a [4]byte
	binary.BigEndian.PutUint32(a[:], v)
	return netip.AddrFrom4(a)
}

// prefixLen is the number of ones a mask begins with, and whether nothing but zeros
// is behind them.
func prefixLen(mask uint32) (int, bool) {
	for n := range 33 {
		if mask == ^uint32(0)<<(32-n) {
			return n, true
		}
	}
	return 0, false
}

// appendU32Keys appends structs tc_u32_key.
func appendU32Keys(b []byte, keys []U32Key) []byte {
	for _, k := range keys {
		b = binary.BigEndian.AppendUint32(b, k.Mask)
		b = binary.BigEndian.AppendUint32(b, k.Value)
		b = binary.NativeEndian.AppendUint32(b, uint32(k.Offset))
		b = binary.NativeEndian.AppendUint32(b, uint32(k.OffMask))
	}
	return b
}

// parseU32Keys reads n keys, or as many as there are.
func parseU32Keys(b []byte, n int) []U32Key {
	var keys []U32Key
	for ; n > 0 && len(b) >= sizeU32Key; n, b = n-1, b[sizeU32Key:] {
		keys = append(keys, U32Key{
			Mask:    binary.BigEndian.Uint32(b),
			Value:   binary.BigEndian.Uint32(b[4:]),
			Offset:  int32(binary.NativeEndian.Uint32(b[8:])),
			OffMask: int32(binary.NativeEndian.Uint32(b[12:])),
		})
	}
	return keys
}
