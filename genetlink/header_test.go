package genetlink

import "testing"

func TestHeaderRoundTrip(t *testing.T) {
	for _, h := range []Header{{}, {Cmd: 1, Version: 2}, {Cmd: 255, Version: 255, Reserved: 0xfffe}} {
		b := h.Append(nil)
		if len(b) != HeaderLen {
			t.Errorf("%v: %d bytes, want %d", h, len(b), HeaderLen)
		}
		if got, ok := ParseHeader(b); !ok || got != h {
			t.Errorf("ParseHeader(%x) = %v, %v; want %v", b, got, ok, h)
		}
		if _, ok := ParseHeader(b[:3]); ok {
			t.Error("3 bytes taken for a header")
		}
	}
}

func TestHeaderString(t *testing.T) {
	for _, tt := range []struct {
		h    Header
		want string
	}{
		{Header{Cmd: 3, Version: 1}, "cmd 3 version 1"},
		{Header{Cmd: 3, Reserved: 16}, "cmd 3 version 0 reserved 0x10"},
	} {
		if got := tt.h.String(); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.h, got, tt.want)
		}
	}
}
