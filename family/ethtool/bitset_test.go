package ethtool_test

import (
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"github.com/nlkit/nlkit/family/ethtool"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/wire"
)

func TestMain(m *testing.M) { testenv.Main(m) }

// words are those of a compact set, low bits first.
func words(w ...uint32) []byte {
	var b []byte
	for _, x := range w {
		b = binary.NativeEndian.AppendUint32(b, x)
	}
	return b
}

func TestBitset(t *testing.T) {
	named := &ethtool.BitsetBits{Bit: []*ethtool.BitsetBit{
		{Index: nl.U32(3), Name: nl.Some("100baseT/Full"), Value: true},
		{Index: nl.U32(6), Name: nl.Some("Autoneg")},
		{Index: nl.U32(99), Value: true},
	}}
	for _, tt := range []struct {
		name      string
		set       *ethtool.Bitset
		names, on []string
	}{
		{"nil", nil, nil, nil},
		{"empty", &ethtool.Bitset{}, nil, nil},
		{"named with mask", &ethtool.Bitset{Size: nl.U32(100), Bits: named},
			[]string{"100baseT/Full", "Autoneg", "99"}, []string{"100baseT/Full", "99"}},
		{"named without mask", &ethtool.Bitset{NoMask: true, Bits: ethtool.BitsetOf("a", "b").Bits},
			[]string{"a", "b"}, []string{"a", "b"}},
		{"compact with mask", &ethtool.Bitset{Size: nl.U32(40), Mask: words(0b1011, 1), Value: words(0b0010, 1)},
			[]string{"0", "1", "3", "32"}, []string{"1", "32"}},
		{"compact without mask", &ethtool.Bitset{NoMask: true, Size: nl.U32(40), Value: words(0b0110, 1)},
			[]string{"1", "2", "32"}, []string{"1", "2", "32"}},
		{"beyond its size", &ethtool.Bitset{NoMask: true, Size: nl.U32(32), Value: words(1, 1)}, []string{"0"}, []string{"0"}},
		{"without a size", &ethtool.Bitset{NoMask: true, Value: words(0, 1<<31)}, []string{"63"}, []string{"63"}},
		{"cut short", &ethtool.Bitset{Size: nl.U32(64), Mask: words(1, 1)[:7], Value: words(1)[:3]}, []string{"0"}, nil},
		{"value on outside of the mask", &ethtool.Bitset{Size: nl.U32(8), Mask: words(1), Value: words(3)}, []string{"0"}, []string{"0"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := slices.Collect(tt.set.Names()); !slices.Equal(got, tt.names) {
				t.Errorf("Names: %q, want %q", got, tt.names)
			}
			if got := slices.Collect(tt.set.On()); !slices.Equal(got, tt.on) {
				t.Errorf("On: %q, want %q", got, tt.on)
			}
			for range tt.set.All() { // may be left at any bit
				break
			}
		})
	}
}

// TestBitsetMade compares what is made with how it is read back from bytes.
func TestBitsetMade(t *testing.T) {
	for _, tt := range []struct {
		set  *ethtool.Bitset
		want string
	}{
		{ethtool.BitsetOf(), "true []"},
		{ethtool.BitsetOf("tx", "rx"), "true [{0 tx true} {0 rx true}]"},
		{ethtool.BitsetChange([]string{"tx"}, []string{"rx"}), "false [{0 tx true} {0 rx false}]"},
	} {
		var b wire.Builder
		b.Message(wire.Header{})
		tt.set.AppendNetlink(&b)
		raw, err := b.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		var d nl.Decoder
		var got ethtool.Bitset
		got.DecodeNetlink(&d, raw[wire.HeaderLen:])
		if text := fmt.Sprint(got.NoMask, slices.Collect(got.All())); text != tt.want {
			t.Errorf("read back as %s, want %s", text, tt.want)
		}
	}
}
