package tchandle

import (
	"testing"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/ynl"
)

func TestMain(m *testing.M) { testenv.Main(m) }

func TestHandles(t *testing.T) {
	for _, tc := range []struct {
		handle uint32
		name   string
	}{
		{0x00010000, "1:"},
		{0x0001000a, "1:a"},
		{0x8001ffff, "8001:ffff"},
		{0x00000005, "0:5"},
		{0xffffffff, "root"},
		{0xfffffff1, "ingress"},
		{0xffff0000, "ffff:"},
	} {
		if got := Name(tc.handle); got != tc.name {
			t.Errorf("%#x is %q, want %q", tc.handle, got, tc.name)
		}
		if n, ok := Number(tc.name); !ok || n != tc.handle {
			t.Errorf("%q is %#x, %v, want %#x", tc.name, n, ok, tc.handle)
		}
	}
	if n, ok := Number(":a"); !ok || n != 0xa {
		t.Errorf("\":a\" is %#x, %v", n, ok)
	}
	for _, bad := range []string{"", ":", "1", "rot", "10000:", "1:10000", "g:", "1:2:3", "-1:"} {
		if n, ok := Number(bad); ok {
			t.Errorf("%q is %#x, and should be none", bad, n)
		}
	}
	if Name(0) != "" {
		t.Error("0 is no handle")
	}
}

func TestIs(t *testing.T) {
	member := func(name string, typ ynl.Type) *ynl.Member { return &ynl.Member{Name: name, Type: typ} }
	attr := func(set, name string) *ynl.Attr {
		return &ynl.Attr{Name: name, Type: ynl.U32, Set: &ynl.AttrSet{Name: set}}
	}
	if !Is(nil, member("handle", ynl.U32)) || !Is(nil, member("parent", ynl.U32)) || !Is(attr("tc-u32-attrs", "classid"), nil) {
		t.Error("handles are not seen")
	}
	if Is(nil, member("handle", ynl.U64)) || Is(nil, member("info", ynl.U32)) || Is(attr("other", "classid"), nil) || Is(nil, nil) {
		t.Error("seen where there is none")
	}
}
