package wire

import (
	"bytes"
	"testing"
)

func TestAlign(t *testing.T) {
	for _, c := range []struct{ in, want int }{
		{0, 0}, {1, 4}, {2, 4}, {3, 4}, {4, 4}, {5, 8}, {16, 16}, {65535, 65536},
	} {
		if got := Align(c.in); got != c.want {
			t.Errorf("Align(%d) = %d, want %d", c.in, got, c.want)
		}
	}
}

func TestHeader(t *testing.T) {
	h := Header{Len: 0x01020304, Type: 0x0506, Flags: 0x0708, Seq: 0x090a0b0c, Port: 0x0d0e0f10}
	want := cat(h32(0x01020304), h16(0x0506), h16(0x0708), h32(0x090a0b0c), h32(0x0d0e0f10))
	got := h.Append([]byte("ab"))
	if !bytes.Equal(got, cat([]byte("ab"), want)) {
		t.Fatalf("Append: % x, want % x after \"ab\"", got, want)
	}
	back, ok := ParseHeader(append(want, 1, 2, 3))
	if !ok || back != h {
		t.Errorf("ParseHeader = %+v, %v, want %+v", back, ok, h)
	}
	for n := range HeaderLen {
		if back, ok := ParseHeader(want[:n]); ok || back != (Header{}) {
			t.Errorf("ParseHeader of %d bytes = %+v, %v", n, back, ok)
		}
	}
}

func TestHeaderString(t *testing.T) {
	for _, c := range []struct {
		h    Header
		want string
	}{
		{Header{}, "len 0 type 0x0 flags 0 seq 0 port 0"},
		{Header{Len: 36, Type: TypeError, Flags: Capped | AckTLVs, Seq: 4, Port: 5},
			"len 36 type NLMSG_ERROR flags CAPPED|ACK_TLVS seq 4 port 5"},
		{Header{Len: 40, Type: 18, Flags: Request | Dump, Seq: 4294967295},
			"len 40 type 0x12 flags REQUEST|0x300 seq 4294967295 port 0"},
	} {
		if got := c.h.String(); got != c.want {
			t.Errorf("String = %q, want %q", got, c.want)
		}
	}
}

func TestType(t *testing.T) {
	for _, c := range []struct {
		t       Type
		want    string
		control bool
	}{
		{0, "0x0", true}, {TypeNoop, "NLMSG_NOOP", true}, {TypeError, "NLMSG_ERROR", true},
		{TypeDone, "NLMSG_DONE", true}, {TypeOverrun, "NLMSG_OVERRUN", true}, {5, "0x5", true},
		{15, "0xf", true}, {TypeMin, "0x10", false}, {65535, "0xffff", false},
	} {
		if got := c.t.String(); got != c.want {
			t.Errorf("Type(%d) = %q, want %q", uint16(c.t), got, c.want)
		}
		if c.t.IsControl() != c.control {
			t.Errorf("Type(%d).IsControl = %v", uint16(c.t), !c.control)
		}
	}
}
