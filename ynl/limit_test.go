package ynl

import (
	"math"
	"testing"
)

func TestLimitCmp(t *testing.T) {
	known := func(neg bool, abs uint64) Limit { return Limit{Set: true, Known: true, Neg: neg, Abs: abs} }
	for _, tt := range []struct {
		limit Limit
		neg   bool
		abs   uint64
		want  int
	}{
		{known(false, 5), false, 4, -1},
		{known(false, 5), false, 5, 0},
		{known(false, 5), false, 6, 1},
		{known(false, 5), true, 6, -1},
		{known(true, 5), true, 6, -1},
		{known(true, 5), true, 5, 0},
		{known(true, 5), true, 4, 1},
		{known(true, 5), false, 0, 1},
		{known(false, 0), true, 0, 0}, // minus zero
		{known(true, 0), false, 0, 0},
		{known(false, math.MaxUint64), false, math.MaxUint64, 0},
		{Limit{Set: true, Symbol: "SOMEWHERE"}, false, 1 << 40, 0},
		{Limit{}, false, 7, 0},
	} {
		if got := tt.limit.Cmp(tt.neg, tt.abs); got != tt.want {
			t.Errorf("%v with %v %d: %d, want %d", tt.limit, tt.neg, tt.abs, got, tt.want)
		}
	}
}

func TestTypeLimit(t *testing.T) {
	for name, want := range map[string]string{
		"u8-max": "255", "u8-min": "0", "u16-max": "65535", "u32-max": "4294967295", "u64-max": "18446744073709551615",
		"s8-min": "-128", "s8-max": "127", "s16-min": "-32768", "s32-max": "2147483647", "s64-min": "-9223372036854775808", "s64-max": "9223372036854775807",
	} {
		if got, ok := typeLimit(name); !ok || got.String() != want {
			t.Errorf("%s: %v, %v; want %s", name, got, ok, want)
		}
	}
	for _, name := range []string{"u8", "u8-mid", "uint-max", "max", "", "-max", "u128-max"} {
		if got, ok := typeLimit(name); ok {
			t.Errorf("%s: %v, want none", name, got)
		}
	}
}

func TestNames(t *testing.T) {
	for _, tt := range []struct {
		got  any
		want string
	}{
		{U32, "u32"}, {IndexedArray, "indexed-array"}, {Type(99), "type 99"}, {BigEndian, "big-endian"}, {Native, ""},
		{HintIP, "ipv4-or-v6"}, {NetlinkRaw, "netlink-raw"}, {Level(9), "level 9"},
		{Pos{"a.yaml", 3}, "a.yaml:3"}, {Pos{"a.yaml", 0}, "a.yaml"}, {Pos{"", 3}, "line 3"},
	} {
		if s := tt.got.(interface{ String() string }).String(); s != tt.want {
			t.Errorf("%#v: %q, want %q", tt.got, s, tt.want)
		}
	}
}
