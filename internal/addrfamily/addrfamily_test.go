package addrfamily

import (
	"testing"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/ynl"
)

func TestMain(m *testing.M) { testenv.Main(m) }

func TestNames(t *testing.T) {
	for _, name := range Names() {
		n, ok := Number(name)
		if !ok || Name(n) != name {
			t.Errorf("%s: %d, %v, which is %q", name, n, ok, Name(n))
		}
	}
	if n, ok := Number("inet6"); n != 10 || !ok {
		t.Errorf("inet6 is %d, %v; want 10", n, ok)
	}
	if _, ok := Number("inet7"); ok || Name(200) != "" {
		t.Error("there is no such family")
	}
}

func TestIs(t *testing.T) {
	for name, want := range map[string]bool{"rtm-family": true, "family": true, "nfgen-family": false, "mtu": false} {
		if Is(name, ynl.U8) != want {
			t.Errorf("%s: %v, want %v", name, !want, want)
		}
	}
	if Is("family", ynl.U32) {
		t.Error("a u32 is a number of Netfilter's")
	}
}
