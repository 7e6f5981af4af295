package rt

import (
	"encoding/binary"
	"testing"
)

func TestHandle(t *testing.T) {
	for _, c := range []struct {
		handle uint32
		text   string
	}{
		{Handle(1, 0), "1:"},
		{Handle(1, 0x10), "1:10"},
		{Handle(0xffff, 0xfff2), "ffff:fff2"},
		{Handle(0, 0x10), ":10"},
		{0, "none"},
		{HandleRoot, "root"},
	} {
		if got := HandleString(c.handle); got != c.text {
			t.Errorf("%#x: %q, want %q", c.handle, got, c.text)
		}
		if got, err := ParseHandle(c.text); err != nil || got != c.handle {
			t.Errorf("%q: %#x, %v, want %#x", c.text, got, err, c.handle)
		}
	}
	for text, want := range map[string]uint32{
		"ingress": HandleIngress, "clsact": HandleClsact, "0:0": 0, "ABC:d": Handle(0xabc, 0xd), "1:0": Handle(1, 0),
	} {
		if got, err := ParseHandle(text); err != nil || got != want {
			t.Errorf("%q: %#x, %v, want %#x", text, got, err, want)
		}
	}
	for _, text := range []string{"", ":", "1", "1:2:3", "10000:1", "1:10000", "g:1", "-1:1", "+1:1", " 1:1", "0x1:1"} {
		if got, err := ParseHandle(text); err == nil {
			t.Errorf("%q was taken as %#x", text, got)
		}
	}
}

func TestFilterInfo(t *testing.T) {
	info := FilterInfo(7, 0x0806)
	low := binary.NativeEndian.AppendUint16(nil, uint16(info))
	if info>>16 != 7 || low[0] != 0x08 || low[1] != 0x06 {
		t.Errorf("%#x", info)
	}
	if prio, proto := ParseFilterInfo(info); prio != 7 || proto != 0x0806 {
		t.Errorf("%d, %#x", prio, proto)
	}
}
