package rtnh

import (
	"encoding/binary"
	"testing"
)

// leg makes a leg over link 7 with a weight of 3; length is what its header tells.
func leg(length int, attrs ...byte) []byte {
	b := binary.NativeEndian.AppendUint16(nil, uint16(length))
	b = append(b, OnLink, 2)
	b = binary.NativeEndian.AppendUint32(b, 7)
	return append(b, attrs...)
}

func TestLegs(t *testing.T) {
	join := func(parts ...[]byte) (b []byte) {
		for _, p := range parts {
			b = append(b, p...)
		}
		return b
	}
	for _, tt := range []struct {
		name string
		in   []byte
		want []int // lengths of legs, with padding
		err  string
	}{
		{"none", nil, nil, ""},
		{"one", leg(8), []int{8}, ""},
		{"two", join(leg(10, 1, 2, 0, 0), leg(8)), []int{12, 8}, ""},
		{"unpadded at the end", join(leg(8), leg(9, 1)), []int{8, 9}, ""},
		{"short", leg(8)[:7], nil, "next hop 1: 7 bytes, want at least 8"},
		{"second short", join(leg(8), []byte{1, 2, 3}), []int{8}, "next hop 2: 3 bytes, want at least 8"},
		{"no length", leg(0), nil, "next hop 1: a length of 0 bytes, want 8 to 8"},
		{"length below", leg(7), nil, "next hop 1: a length of 7 bytes, want 8 to 8"},
		{"length beyond", join(leg(8), leg(9)), []int{8}, "next hop 2: a length of 9 bytes, want 8 to 8"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			i := 0
			for l, err := range Legs(tt.in) {
				if err != nil {
					if err.Error() != tt.err {
						t.Errorf("%v, want %q", err, tt.err)
					}
					tt.err = ""
					continue
				}
				if i >= len(tt.want) || len(l) != tt.want[i] {
					t.Fatalf("leg %d has %d bytes, want %v", i, len(l), tt.want)
				}
				i++
			}
			if i != len(tt.want) || tt.err != "" {
				t.Errorf("%d legs, want %d; no error %q", i, len(tt.want), tt.err)
			}
		})
	}
}

func TestLeg(t *testing.T) {
	b := leg(10, 1, 2, 0, 0)
	for l, err := range Legs(b) {
		if err != nil {
			t.Fatal(err)
		}
		if l.Flags() != OnLink || l.Weight() != 3 || l.Link() != 7 || string(l.Attrs()) != "\x01\x02" {
			t.Errorf("flags %d, weight %d, link %d, attributes % x", l.Flags(), l.Weight(), l.Link(), l.Attrs())
		}
		l.ClearFlags()
		break
	}
	if b[2] != 0 {
		t.Error("flags are not cleared in place")
	}
}

// FuzzLegs: no bytes make a walk over legs panic, loop, or leave its slice.
func FuzzLegs(f *testing.F) {
	f.Add(leg(8))
	f.Add(append(leg(10, 1, 2, 0, 0), leg(8)...))
	f.Add(leg(9))
	f.Fuzz(func(t *testing.T, b []byte) {
		total := 0
		for l, err := range Legs(b) {
			if err != nil {
				return
			}
			total += len(l)
			if len(l.Attrs()) > len(l)-HeaderLen || l.Weight() < 1 {
				t.Fatalf("attributes of %d bytes in a leg of %d, weight %d", len(l.Attrs()), len(l), l.Weight())
			}
		}
		if total != len(b) {
			t.Fatalf("%d bytes of %d are in legs, and no error tells of the others", total, len(b))
		}
	})
}
