package near

import (
	"slices"
	"strings"
	"testing"
)

func TestNear(t *testing.T) {
	names := []string{"nlctrl", "netdev", "ethtool", "tcp_metrics", "mptcp_pm", "SEG6", "IOAM6", "TASKSTATS", "ovs_datapath", "ovs_vport", "devlink", "nl80211"}
	for _, tt := range []struct {
		name string
		want []string
	}{
		{"ethool", []string{"ethtool"}},
		{"ehttool", []string{"ethtool"}},
		{"ETHTOOL", []string{"ethtool"}},
		{"taskstats", []string{"TASKSTATS"}},
		{"tcp-metrics", []string{"tcp_metrics"}},
		{"tcpmetric", []string{"tcp_metrics"}},
		{"metrics", []string{"tcp_metrics"}},
		{"mptcp", []string{"mptcp_pm"}},
		{"netdevs", []string{"netdev"}},
		{"seg5", []string{"SEG6"}},
		{"ovs", []string{"ovs_datapath", "ovs_vport"}},
		{"nosuch", []string{}},
		{"x", []string{}},
		{"", nil},
		{strings.Repeat("a", 1<<16), []string{}},
	} {
		if got := Names(tt.name, names); !slices.Equal(got, tt.want) {
			t.Errorf("Names(%.20q) = %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := Names("a1", []string{"a2", "a3", "a4", "a5", "A1"}); len(got) != Max || got[0] != "A1" {
		t.Errorf("got %q, want %d names, the nearest first", got, Max)
	}
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"abc", "abc", 0}, {"", "abc", 3}, {"abc", "", 3},
		{"abc", "acb", 1}, {"abc", "abd", 1}, {"abc", "ab", 1}, {"kitten", "sitting", 3},
	} {
		if got := distance(tt.a, tt.b); got != tt.want {
			t.Errorf("distance(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
		if got := distance(tt.b, tt.a); got != tt.want {
			t.Errorf("distance(%q, %q) = %d, want %d", tt.b, tt.a, got, tt.want)
		}
	}
}
