package netlink

import (
	"errors"
	"math"
	"testing"

	"github.com/nlkit/nlkit/wire"
)

// policies are descriptions as kernels give them, and their texts.
var policies = []struct {
	p    AttrPolicy
	text string
}{
	{AttrPolicy{Type: PolicyFlag}, "flag"},
	{AttrPolicy{Type: PolicyU32, HasUnsigned: true, MinU: 1, MaxU: math.MaxUint32}, "u32 1..4294967295"},
	{AttrPolicy{Type: PolicyU64, HasUnsigned: true, MaxU: math.MaxUint64}, "u64 0..18446744073709551615"},
	{AttrPolicy{Type: PolicyS8, HasSigned: true, MinS: -128, MaxS: 127}, "s8 -128..127"},
	{AttrPolicy{Type: PolicyU16, HasMask: true, Mask: 0x3ff}, "u16 mask 0x3ff"},
	{AttrPolicy{Type: PolicyNulString, HasMaxLen: true, MaxLen: 15}, "nul-string up to 15 bytes"},
	{AttrPolicy{Type: PolicyBinary, HasMinLen: true, MinLen: 6, HasMaxLen: true, MaxLen: 6}, "binary of 6 bytes"},
	{AttrPolicy{Type: PolicyBinary, HasMinLen: true, MinLen: 4, HasMaxLen: true, MaxLen: 16}, "binary of 4 to 16 bytes"},
	{AttrPolicy{Type: PolicyBinary, HasMinLen: true, MinLen: 4}, "binary of at least 4 bytes"},
	{AttrPolicy{Type: PolicyBitfield32, HasBitfield32Mask: true, Bitfield32Mask: 7}, "bitfield32 mask 0x7"},
	{AttrPolicy{Type: PolicyNested, HasNested: true, Nested: 3, NestedMaxType: 9}, "nested"},
	{AttrPolicy{Type: 99}, "type 99"},
}

func encodePolicy(t testing.TB, p AttrPolicy) []byte {
	t.Helper()
	var b wire.Builder
	p.Append(&b)
	buf, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return buf
}

func TestAttrPolicy(t *testing.T) {
	for _, c := range policies {
		got, err := ParseAttrPolicy(encodePolicy(t, c.p))
		if err != nil || got != c.p {
			t.Errorf("%+v came back as %+v, %v", c.p, got, err)
		}
		if s := c.p.String(); s != c.text {
			t.Errorf("%q, want %q", s, c.text)
		}
	}
	if p, err := ParseAttrPolicy(nil); err != nil || p != (AttrPolicy{}) || p.String() != "invalid" {
		t.Errorf("nothing: %v, %v", p, err)
	}
	if p, err := ParseAttrPolicy(attr(77, 1, 2, 3)); err != nil || p != (AttrPolicy{}) {
		t.Errorf("an attribute it does not know: %v, %v", p, err)
	}
}

func TestAttrPolicyMalformed(t *testing.T) {
	for typ := PolicyAttrType; typ <= PolicyAttrMask; typ++ {
		if typ == PolicyAttrPad {
			continue
		}
		_, err := ParseAttrPolicy(attr(typ, 1, 2))
		var v *wire.ValueError
		if !errors.As(err, &v) || v.Attr != typ {
			t.Errorf("attribute %d of 2 bytes: %v, want a *wire.ValueError that names it", typ, err)
		}
	}
	var m *wire.Malformed
	if _, err := ParseAttrPolicy([]byte{1, 0, 0}); !errors.As(err, &m) {
		t.Errorf("half an attribute: %v", err)
	}
}
