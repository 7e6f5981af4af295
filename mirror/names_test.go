package mirror

import (
	"slices"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/ynl/specs"
)

// TestNames finds every table by its name, and by its family's operation.
func TestNames(t *testing.T) {
	names := Names()
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("not sorted, or twice: %v", names)
	}
	for _, name := range names {
		found, err := ByName(name)
		if err != nil || found.Name() != name {
			t.Errorf("%s: %v, %v", name, found.Name(), err)
			continue
		}
		l, ok := found.Layout()
		if !ok || l.Set == nil {
			t.Errorf("%s: its records have no names", name)
		}
		if found.Announced() == (found.def.Put == nil) {
			t.Errorf("%s: announced %v, but by no message", name, found.Announced())
		}
	}
	for path, d := range builtin {
		found, err := ByName(path)
		if err != nil || found.def != d {
			t.Errorf("%s is not the table %s: %v", path, d.Name, err)
		}
		family, op, _ := strings.Cut(path, "/")
		spec, err := specs.Open(family)
		if err != nil || spec.Op(op) == nil || spec.Op(op).Dump == nil {
			t.Errorf("%s cannot be dumped: %v", path, err)
		}
	}
	if found, err := ByName("ethtool/rings-get"); err != nil || found.Name() != "ethtool-rings" {
		t.Errorf("ethtool/rings-get is %s: %v", found.Name(), err)
	}
}

// TestByName takes families, and keys.
func TestByName(t *testing.T) {
	for _, tt := range []struct{ name, want, says string }{
		{"netdev/dev-get", "netdev/dev-get", ""},
		{"netdev/dev-get/ifindex", "netdev/dev-get", ""},
		{"netdev/dev-get/", "netdev/dev-get", ""},
		{"tcp-metrics/get", "tcp_metrics/get", ""},
		{"rout", "", `there is no table "rout": did you mean route`},
		{"", "", `there is no table "": there are addr, class, conntrack, `},
		{"netdev/dev-get/nosuch", "", `the key has "nosuch"`},
		{"netdev/nosuch", "", `netdev has no operation "nosuch"`},
		{"nosuch/get", "", "nosuch"},
		{"netdev/", "", `netdev is a family: say which of its operations, netdev/dev-get, `},
		{"/", "", ""},
		{"rt-link/newlink", "", "cannot be dumped; what can: "},
	} {
		found, err := ByName(tt.name)
		if tt.want == "" {
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%q: %v, want %q", tt.name, err, tt.says)
			}
			continue
		}
		if err != nil || found.Name() != tt.want {
			t.Errorf("%q: %q, %v", tt.name, found.Name(), err)
		}
	}
}
