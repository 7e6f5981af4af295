package rtnh

import (
	"encoding/binary"
	"net/netip"
	"testing"
)

func TestParseVia(t *testing.T) {
	via := func(family uint16, rest ...byte) []byte {
		return append(binary.NativeEndian.AppendUint16(nil, family), rest...)
	}
	for _, tt := range []struct {
		name string
		in   []byte
		want netip.Addr
		err  string
	}{
		{"IPv4", via(2, 192, 0, 2, 1), netip.MustParseAddr("192.0.2.1"), ""},
		{"IPv6", append(via(10), netip.MustParseAddr("fe80::1").AsSlice()...), netip.MustParseAddr("fe80::1"), ""},
		{"a link-layer address", via(17, 2, 0, 0, 0, 0, 1), netip.Addr{}, ""},
		{"no family", []byte{2}, netip.Addr{}, "via: 1 bytes, want a family and an address"},
		{"no address", via(2), netip.Addr{}, "via: an address of 0 bytes for the family 2"},
		{"an address of the other family", via(10, 192, 0, 2, 1), netip.Addr{}, "via: an address of 4 bytes for the family 10"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseVia(tt.in)
			told := ""
			if err != nil {
				told = err.Error()
			}
			if got != tt.want || told != tt.err {
				t.Errorf("%v and error %q, want %v and %q", got, told, tt.want, tt.err)
			}
		})
	}
}
