package ifname

import (
	"testing"

	"github.com/nlkit/nlkit/ynl"
)

func TestIsIndex(t *testing.T) {
	tests := []struct {
		name string
		t    ynl.Type
		want bool
	}{
		{"ifindex", ynl.U32, true},
		{"ifi-index", ynl.S32, true},
		{"ndm-ifindex", ynl.S32, true},
		{"dev-index", ynl.U32, true},
		{"oif", ynl.U32, true},
		{"link", ynl.U32, true},
		{"link", ynl.U8, false},    // ethtool's linkstate
		{"primary", ynl.U8, false}, // netkit's
		{"primary", ynl.U32, true},
		{"new-ifindex", ynl.S32, false},
		{"ifindex", ynl.String, false},
		{"index", ynl.U32, false},
		{"phy-index", ynl.U32, false},
		{"mtu", ynl.U32, false},
	}
	for _, tt := range tests {
		if got := IsIndex(tt.name, tt.t); got != tt.want {
			t.Errorf("%s %v: %v, want %v", tt.name, tt.t, got, tt.want)
		}
	}
}
