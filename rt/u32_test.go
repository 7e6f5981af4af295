package rt

import (
	"bytes"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/tc"
	"github.com/nlkit/nlkit/wire"
)

var matchCases = []struct {
	match U32Match
	want  string
	keys  U32Match
}{
	{MatchDst(netip.MustParsePrefix("10.0.0.0/8")), "[dst 10.0.0.0/8]", U32Match{{Mask: 0xff000000, Value: 0x0a000000, Offset: 16}}},
	{MatchSrc(netip.MustParsePrefix("192.0.2.77/25")), "[src 192.0.2.0/25]", U32Match{{Mask: 0xffffff80, Value: 0xc0000200, Offset: 12}}},
	{MatchSrc(netip.MustParsePrefix("192.0.2.1/32")), "[src 192.0.2.1/32]", U32Match{{Mask: 0xffffffff, Value: 0xc0000201, Offset: 12}}},
	{MatchSrc(netip.MustParsePrefix("0.0.0.0/0")), "[]", nil},
	{MatchSrc(netip.Prefix{}), "[]", nil},
	{MatchSrc(netip.MustParsePrefix("2001:db8::/33")), "[u32 0x20010db8 0xffffffff at 8 src 0.0.0.0/1]", // where IPv4 has its source
		U32Match{{Mask: 0xffffffff, Value: 0x20010db8, Offset: 8}, {Mask: 0x80000000, Offset: 12}}},
	{MatchDst(netip.MustParsePrefix("::1/128")), "", U32Match{
		{Mask: 0xffffffff, Offset: 24}, {Mask: 0xffffffff, Offset: 28}, {Mask: 0xffffffff, Offset: 32}, {Mask: 0xffffffff, Value: 1, Offset: 36}}},
	{MatchProtocol(6), "[protocol 6]", U32Match{{Mask: 0x00ff0000, Value: 0x00060000, Offset: 8}}},
	{MatchProtocol6(6), "[u32 0x00000600 0x0000ff00 at 4]", U32Match{{Mask: 0x0000ff00, Value: 0x00000600, Offset: 4}}},
	{MatchSrcPort(53, 0xffff), "[sport 53]", U32Match{{Mask: 0xffff0000, Value: 53 << 16, Offset: 20}}},
	{MatchSrcPort(0x1237, 0xfff0), "[sport 4656/0xfff0]", U32Match{{Mask: 0xfff00000, Value: 0x12300000, Offset: 20}}},
	{MatchDstPort(443, 0xffff), "[dport 443]", U32Match{{Mask: 0xffff, Value: 443, Offset: 20}}},
	{MatchSrcPort6(53, 0xffff), "[u32 0x00350000 0xffff0000 at 40]", U32Match{{Mask: 0xffff0000, Value: 53 << 16, Offset: 40}}},
	{MatchDstPort6(443, 0xffff), "[u32 0x000001bb 0x0000ffff at 40]", U32Match{{Mask: 0xffff, Value: 443, Offset: 40}}},
	{U32Match{{Mask: 0xff, Value: 2, Offset: 0, OffMask: -1}}, "[u32 0x00000002 0x000000ff at nexthdr+0]", nil},
	{U32Match{{Mask: 0xff, Value: 2, Offset: -4}}, "[u32 0x00000002 0x000000ff at -4]", nil},
}

func TestU32Match(t *testing.T) {
	for _, c := range matchCases {
		if c.keys != nil && !slices.Equal(c.match, c.keys) {
			t.Errorf("%s: %+v, want %+v", c.want, c.match, c.keys)
		}
		if got := fmt.Sprint(c.match); c.want != "" && got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// TestU32 makes options, sends them nowhere and reads them again.
func TestU32(t *testing.T) {
	long := make(U32Match, 255)
	for i := range long {
		long[i] = U32Key{Mask: 0xff, Value: uint32(i), Offset: int32(i) * 4}
	}
	for _, c := range []struct {
		name    string
		matches []U32Match
		want    []U32Key
	}{
		{"every packet", nil, nil},
		{"two matches", []U32Match{MatchProtocol(6), MatchDstPort(443, 0xffff)},
			[]U32Key{{Mask: 0x00ff0000, Value: 0x00060000, Offset: 8}, {Mask: 0xffff, Value: 443, Offset: 20}}},
		{"next header", []U32Match{{{Mask: 1, Value: 1, Offset: 4, OffMask: -1}}}, []U32Key{{Mask: 1, Value: 1, Offset: 4, OffMask: -1}}},
		{"as many as can be", []U32Match{long}, long},
		{"too many", []U32Match{long, MatchProtocol(6)}, nil},
	} {
		o := U32(Handle(1, 0x10), c.matches...)
		var b wire.Builder
		b.Message(wire.Header{})
		o.AppendNetlink(&b)
		m, err := b.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		var d nl.Decoder
		var got tc.U32
		got.DecodeNetlink(&d, m[wire.HeaderLen:])
		if keys := U32Keys(&got); !reflect.DeepEqual(keys, c.want) {
			t.Errorf("%s: %v, want %v", c.name, keys, c.want)
		}
		if got.ClassID.Value() != 0x10010 || got.Sel == nil || got.Sel.Flags != 1 {
			t.Errorf("%s: %v", c.name, &got)
		}
		sel, _ := wire.FindAttr(m[wire.HeaderLen:], attrU32Sel)
		if size := 16 + 16*int(got.Sel.NKeys); (len(sel.Data()) == size) == (c.name == "too many") {
			t.Errorf("%s: %d bytes for %d keys", c.name, len(sel.Data()), got.Sel.NKeys)
		}
	}
	if keys := U32Keys(new(tc.U32)); keys != nil {
		t.Errorf("keys without a selector: %v", keys)
	}
}

func TestU32KeyBytes(t *testing.T) {
	want := join([]byte{0xff, 0, 0, 0, 10, 0, 0, 0}, h32(16), h32(0xffffffff))
	got := appendU32Keys(nil, []U32Key{{Mask: 0xff000000, Value: 0x0a000000, Offset: 16, OffMask: -1}})
	if !bytes.Equal(got, want) {
		t.Errorf("% x, want % x", got, want)
	}
}

func FuzzU32Keys(f *testing.F) {
	for _, c := range matchCases {
		f.Add(appendU32Keys(nil, c.match), uint8(len(c.match)))
	}
	f.Add(make([]byte, 31), uint8(255))
	f.Fuzz(func(t *testing.T, b []byte, n uint8) {
		keys := parseU32Keys(b, int(n))
		if len(keys) > int(n) || len(keys) > len(b)/sizeU32Key {
			t.Fatalf("%d keys of %d bytes", len(keys), len(b))
		}
		if again := appendU32Keys(nil, keys); !bytes.Equal(again, b[:len(again)]) {
			t.Fatalf("% x, then % x", b, again)
		}
		for _, k := range keys {
			if k.String() == "" {
				t.Fatal("no text")
			}
		}
	})
}
