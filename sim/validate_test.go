package sim

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// TestValidate holds what the checks of Linux say, one row for each. Offsets
// count from the message header; attributes begin at 20.
func TestValidate(t *testing.T) {
	inner := Policy{1: {Kind: U32}, 2: {Kind: NulString, Len: 127}}
	deep := Policy{1: {Kind: Nested}}
	deep[1].Nested = deep
	p := Policy{
		1: {Kind: U32}, 2: {Kind: U16}, 3: {Kind: Flag}, 4: {Kind: NulString, Len: 15}, 5: {Kind: String, Len: 15},
		6: {Kind: Binary, Len: 8}, 7: {Kind: Binary, MinLen: 16, MaxLen: 16}, 8: {Kind: Nested, Nested: inner},
		9: {Kind: NestedArray, Nested: inner}, 10: {Kind: Uint}, 11: {Kind: Bitfield32, Mask: 3}, 12: {Kind: Reject},
		13: {Kind: Reject, Text: "gone since 6.1"}, 14: {}, 15: {Kind: S64}, 16: {Kind: Nested, Nested: deep},
		17: {Kind: BE32}, 18: {Kind: Msecs}, 19: {Kind: Sint}, 20: {Kind: Unspec, Len: 4}, 21: {Kind: Binary, MinLen: 4},
		22: {Kind: NulString}, 23: {Kind: S8},
	}
	const nested = wire.AttrNested
	attr := func(typ uint16, value ...byte) func(*wire.Builder) {
		return func(b *wire.Builder) { b.Attr(typ, value) }
	}
	text := func(typ uint16, s string) func(*wire.Builder) { return attr(typ, []byte(s)...) }
	in := func(typ uint16, fill ...func(*wire.Builder)) func(*wire.Builder) {
		return func(b *wire.Builder) {
			n := b.NestPlain(typ)
			for _, f := range fill {
				f(b)
			}
			b.End(n)
		}
	}
	raw := func(v ...byte) func(*wire.Builder) { return func(b *wire.Builder) { b.Raw(v) } }
	nest10 := attr(1|nested, 1, 2, 3, 4) // ten nests around it are too many
	for range 10 {
		nest10 = in(1|nested, nest10)
	}
	unsigned := func(typ netlink.PolicyType, highest uint64) *netlink.AttrPolicy {
		return &netlink.AttrPolicy{Type: typ, HasUnsigned: true, MaxU: highest}
	}
	u32, u16 := unsigned(netlink.PolicyU32, 1<<32-1), unsigned(netlink.PolicyU16, 1<<16-1)
	maxLen := func(typ netlink.PolicyType, n uint32) *netlink.AttrPolicy {
		return &netlink.AttrPolicy{Type: typ, HasMaxLen: true, MaxLen: n}
	}
	exact16 := &netlink.AttrPolicy{Type: netlink.PolicyBinary, HasMinLen: true, MinLen: 16, HasMaxLen: true, MaxLen: 16}
	bits := &netlink.AttrPolicy{Type: netlink.PolicyBitfield32, HasBitfield32Mask: true, Bitfield32Mask: 3}
	type verdict struct {
		errno  netlink.Errno
		text   string
		off    int // 0: none
		policy *netlink.AttrPolicy
	}
	fine := verdict{}
	tests := []struct {
		name    string
		fill    func(*wire.Builder)
		strict  verdict
		liberal verdict
	}{
		{"nothing", nil, fine, fine},
		{"u32", attr(1, 1, 0, 0, 0), fine, fine},
		{"u32 too long", attr(1, 1, 0, 0, 0, 0, 0, 0, 0), verdict{netlink.EINVAL, textLength, 20, u32}, fine},
		{"u32 too short", attr(1, 1, 0), verdict{netlink.EINVAL, textLength, 20, u32}, verdict{netlink.ERANGE, textFailed, 20, u32}},
		{"u16 too short", attr(2, 1), verdict{netlink.EINVAL, textLength, 20, u16}, verdict{netlink.ERANGE, textFailed, 20, u16}},
		{"s8 too short", attr(23), verdict{netlink.EINVAL, textLength, 20, &netlink.AttrPolicy{Type: netlink.PolicyS8, HasSigned: true, MinS: -128, MaxS: 127}},
			verdict{netlink.ERANGE, textFailed, 20, &netlink.AttrPolicy{Type: netlink.PolicyS8, HasSigned: true, MinS: -128, MaxS: 127}}},
		{"big endian too short: no policy is told", attr(17, 1), verdict{netlink.EINVAL, textLength, 20, nil}, verdict{netlink.ERANGE, textFailed, 20, nil}},
		{"milliseconds too short", attr(18, 1, 2, 3, 4), verdict{netlink.ERANGE, textFailed, 20, unsigned(netlink.PolicyUint, 1<<64-1)}, verdict{netlink.ERANGE, textFailed, 20, unsigned(netlink.PolicyUint, 1<<64-1)}},
		{"u32 marked as nest", attr(1|nested, 1, 0, 0, 0), verdict{netlink.EINVAL, textNoNested, 20, u32}, fine},
		{"the second one", func(b *wire.Builder) { b.Uint32(1, 1); b.Uint16(1, 1) }, verdict{netlink.EINVAL, textLength, 28, u32}, verdict{netlink.ERANGE, textFailed, 28, u32}},
		{"unknown", attr(99, 1), verdict{netlink.EINVAL, textUnknown, 20, nil}, fine},
		{"number 0", attr(0, 1), verdict{netlink.EINVAL, textUnknown, 20, nil}, fine},
		{"without a rule", attr(14, 1), verdict{netlink.EINVAL, textUnspec, 20, nil}, fine},
		{"without a kind, too short", attr(20, 1), verdict{netlink.EINVAL, textUnspec, 20, nil}, verdict{netlink.ERANGE, textFailed, 20, nil}},
		{"flag", attr(3), fine, fine},
		{"flag with a value", attr(3, 1), verdict{netlink.ERANGE, textFailed, 20, &netlink.AttrPolicy{Type: netlink.PolicyFlag}}, verdict{netlink.ERANGE, textFailed, 20, &netlink.AttrPolicy{Type: netlink.PolicyFlag}}},
		{"nul-string", text(4, "fifteen-bytes-n\x00"), fine, fine},
		{"nul-string unterminated", text(4, "ab"), verdict{netlink.EINVAL, textFailed, 20, maxLen(netlink.PolicyNulString, 15)}, verdict{netlink.EINVAL, textFailed, 20, maxLen(netlink.PolicyNulString, 15)}},
		{"nul-string empty", text(4, ""), verdict{netlink.EINVAL, textFailed, 20, maxLen(netlink.PolicyNulString, 15)}, verdict{netlink.EINVAL, textFailed, 20, maxLen(netlink.PolicyNulString, 15)}},
		{"nul-string too long", text(4, "sixteen-bytes-na\x00"), verdict{netlink.EINVAL, textFailed, 20, maxLen(netlink.PolicyNulString, 15)}, verdict{netlink.EINVAL, textFailed, 20, maxLen(netlink.PolicyNulString, 15)}},
		{"nul-string with more after its NUL", text(4, "a\x00bcdefghijklmnopqrstuvw"), verdict{netlink.ERANGE, textFailed, 20, maxLen(netlink.PolicyNulString, 15)}, verdict{netlink.ERANGE, textFailed, 20, maxLen(netlink.PolicyNulString, 15)}},
		{"nul-string of one NUL", text(4, "\x00"), fine, fine},
		{"nul-string without a limit", text(22, "a long string without a limit\x00"), fine, fine},
		{"string", text(5, "fifteen-bytes-n"), fine, fine},
		{"string with its NUL", text(5, "fifteen-bytes-n\x00"), fine, fine},
		{"string too long", text(5, "sixteen-bytes-na"), verdict{netlink.ERANGE, textFailed, 20, maxLen(netlink.PolicyString, 15)}, verdict{netlink.ERANGE, textFailed, 20, maxLen(netlink.PolicyString, 15)}},
		{"string empty", text(5, ""), verdict{netlink.ERANGE, textFailed, 20, maxLen(netlink.PolicyString, 15)}, verdict{netlink.ERANGE, textFailed, 20, maxLen(netlink.PolicyString, 15)}},
		{"binary", text(6, "12345678"), fine, fine},
		{"binary empty", text(6, ""), fine, fine},
		{"binary too long", text(6, "123456789"), verdict{netlink.ERANGE, textFailed, 20, maxLen(netlink.PolicyBinary, 8)}, verdict{netlink.ERANGE, textFailed, 20, maxLen(netlink.PolicyBinary, 8)}},
		{"binary of 16", text(7, "1234567890123456"), fine, fine},
		{"binary not of 16", text(7, "12345"), verdict{netlink.ERANGE, textBinary, 20, exact16}, verdict{netlink.ERANGE, textBinary, 20, exact16}},
		{"binary of at least 4", text(21, "12345678901234567890"), fine, fine},
		{"binary below 4", text(21, "123"), verdict{netlink.ERANGE, textBinary, 20, &netlink.AttrPolicy{Type: netlink.PolicyBinary}}, verdict{netlink.ERANGE, textBinary, 20, &netlink.AttrPolicy{Type: netlink.PolicyBinary}}},
		{"uint of 4", attr(10, 1, 0, 0, 0), fine, fine},
		{"uint of 8", attr(10, 1, 0, 0, 0, 0, 0, 0, 0), fine, fine},
		{"uint of 5", attr(10, 1, 0, 0, 0, 0), verdict{netlink.EINVAL, textLength, 20, unsigned(netlink.PolicyUint, 1<<64-1)}, verdict{netlink.EINVAL, textLength, 20, unsigned(netlink.PolicyUint, 1<<64-1)}},
		{"sint of 2", attr(19, 1, 0), verdict{netlink.EINVAL, textLength, 20, &netlink.AttrPolicy{Type: netlink.PolicySint, HasSigned: true, MinS: -1 << 63, MaxS: 1<<63 - 1}},
			verdict{netlink.EINVAL, textLength, 20, &netlink.AttrPolicy{Type: netlink.PolicySint, HasSigned: true, MinS: -1 << 63, MaxS: 1<<63 - 1}}},
		{"bitfield", func(b *wire.Builder) { b.Bitfield32(11, wire.Bitfield32{Value: 1, Selector: 3}) }, fine, fine},
		{"bitfield too short", attr(11, 1, 2, 3, 4), verdict{netlink.ERANGE, textFailed, 20, bits}, verdict{netlink.ERANGE, textFailed, 20, bits}},
		{"bitfield, unknown bit", func(b *wire.Builder) { b.Bitfield32(11, wire.Bitfield32{Value: 0, Selector: 4}) }, verdict{netlink.EINVAL, textFailed, 20, bits}, verdict{netlink.EINVAL, textFailed, 20, bits}},
		{"bitfield, value not selected", func(b *wire.Builder) { b.Bitfield32(11, wire.Bitfield32{Value: 3, Selector: 1}) }, verdict{netlink.EINVAL, textFailed, 20, bits}, verdict{netlink.EINVAL, textFailed, 20, bits}},
		{"reject", attr(12), verdict{netlink.EINVAL, textFailed, 20, nil}, verdict{netlink.EINVAL, textFailed, 20, nil}},
		{"reject with a text", attr(13), verdict{netlink.EINVAL, "gone since 6.1", 20, nil}, verdict{netlink.EINVAL, "gone since 6.1", 20, nil}},
		{"nest", in(8|nested, attr(1, 1, 0, 0, 0)), fine, fine},
		{"nest empty", attr(8 | nested), fine, fine},
		{"nest without the mark", in(8, attr(1, 1, 0, 0, 0)), verdict{netlink.EINVAL, textNeedNested, 20, &netlink.AttrPolicy{Type: netlink.PolicyNested}}, fine},
		{"nest of 3 bytes", attr(8|nested, 1, 2, 3), verdict{netlink.ERANGE, textFailed, 20, &netlink.AttrPolicy{Type: netlink.PolicyNested}}, verdict{netlink.ERANGE, textFailed, 20, &netlink.AttrPolicy{Type: netlink.PolicyNested}}},
		{"nest, inner too short", in(8|nested, attr(1, 1, 0)), verdict{netlink.EINVAL, textLength, 24, u32}, verdict{netlink.ERANGE, textFailed, 24, u32}},
		{"nest, inner unknown", in(8|nested, attr(1, 1, 0, 0, 0), attr(9, 1)), verdict{netlink.EINVAL, textUnknown, 32, nil}, fine},
		{"nest, bytes left", in(8|nested, attr(1, 1, 0, 0, 0), raw(1, 0, 0, 0)), verdict{netlink.EINVAL, textLeftover, 0, nil}, verdict{0, textLeftover, 0, nil}},
		{"array", in(9|nested, in(1, attr(1, 1, 0, 0, 0)), in(2), in(3, text(2, "x\x00"))), fine, fine},
		{"array, short entry", in(9|nested, attr(1, 1, 2)), verdict{netlink.ERANGE, textShortEntry, 24, nil}, verdict{netlink.ERANGE, textShortEntry, 24, nil}},
		{"array, inner too short", in(9|nested, in(1, attr(1, 1))), verdict{netlink.EINVAL, textLength, 28, u32}, verdict{netlink.ERANGE, textFailed, 28, u32}},
		{"bytes left", func(b *wire.Builder) { b.Uint32(1, 1); b.Raw([]byte{1, 0, 0, 0}) }, verdict{netlink.EINVAL, textLeftover, 0, nil}, verdict{0, textLeftover, 0, nil}},
		{"attribute past the end", raw(append(wireU16(9), 1, 0)...), verdict{netlink.EINVAL, textLeftover, 0, nil}, verdict{0, textLeftover, 0, nil}},
		{"nested too deep", in(16|nested, nest10), verdict{netlink.EINVAL, textDepth, 0, nil}, verdict{netlink.EINVAL, textDepth, 0, nil}},
	}
	for _, tt := range tests {
		for _, strict := range []bool{true, false} {
			name, want := tt.name+"/liberal", tt.liberal
			if strict {
				name, want = tt.name+"/strict", tt.strict
			}
			t.Run(name, func(t *testing.T) {
				msg := genl(t, 0x20, wire.Request, 1, tt.fill)
				before := bytes.Clone(msg)
				r := &Request{msg: msg, payload: 20}
				var got verdict
				if err := r.validate(p, strict); err != nil {
					got.errno = errnoOf(err)
				}
				got.text, got.off, got.policy = r.ext.Text, r.ext.Offset, r.ext.Policy
				if r.ext.HasOffset != (want.off != 0) || !reflect.DeepEqual(got, want) {
					t.Errorf("got %+v (policy %+v)\nwant %+v (policy %+v)", got, got.policy, want, want.policy)
				}
				if !bytes.Equal(msg, before) {
					t.Error("the request was changed")
				}
			})
		}
	}
}

func TestRejectAllAndNone(t *testing.T) {
	msg := genl(t, 0x20, wire.Request, 1, func(b *wire.Builder) { b.Raw([]byte{9, 9, 9, 9}) })
	r := &Request{msg: msg, payload: 20}
	if err := r.validate(nil, true); err != nil || !r.ext.IsZero() {
		t.Errorf("no policy: %v, %+v, want no look at all", err, r.ext)
	}
}
