package mirror

import (
	"strings"
	"testing"
	"time"
)

// TestTableEthtool changes settings of links.
func TestTableEthtool(t *testing.T) {
	s := newScene(t)
	s.ip("link set lo up", "link add va type veth peer name vb", "link set va up", "link set vb up")
	s.can("ethtool", "ethtool -K va gro on")
	sorts := []Source{Ethtool("features"), Ethtool("channels"), Ethtool("linkinfo"), Ethtool("rings")}
	var defs []*Definition
	for _, table := range sorts {
		defs = append(defs, table.source().def)
	}
	m := s.open(s.options(), sorts...)
	s.steps(m, defs,
		"ethtool -K va gro off",
		"ethtool -K va gro on tx off",
		"ethtool -L va rx 2 tx 2",
		"ip link set va name vx",
		"ip link add vc type veth peer name vd",
		"ethtool -K vc tso off",
		"ip link set vb down",
		"ip link set vb up",
		"ip link del vc",
		"ip link del vb",
	)
	if n := len(s.mirrored(m.Snapshot(), defs[0])); n != 1 {
		t.Errorf("features of %d links, want those of lo alone", n)
	}
}

// TestTableFamily mirrors families by name: one that announces, and one that has to be
// asked again and again.
func TestTableFamily(t *testing.T) {
	s := newScene(t)
	s.ip("link set lo up")
	devices, endpoints := Family("netdev", "dev-get"), Family("mptcp_pm", "get-addr", "addr.id").Poll(50*time.Millisecond)
	m := s.open(s.options(), devices, endpoints)
	s.steps(m, []*Definition{devices.def, endpoints.def},
		"ip link add va type veth peer name vb",
		"ip link set va up",
		"ip mptcp endpoint add 10.0.0.1 id 3 subflow",
		"ip mptcp endpoint add 10.0.0.2 id 4 signal",
		"ip mptcp endpoint change id 3 backup",
		"ip mptcp endpoint delete id 4",
		"ip link add vc type veth peer name vd",
		"ip link del va",
	)
	if n := len(s.mirrored(m.Snapshot(), devices.def)); n != 3 {
		t.Errorf("%d devices, want lo, vc and vd", n)
	}
	if n := len(s.mirrored(m.Snapshot(), endpoints.def)); n != 1 {
		t.Errorf("%d endpoints, want that of id 3", n)
	}
}

// TestFamilyRefusals: what cannot be mirrored is told when it is opened, and what can.
func TestFamilyRefusals(t *testing.T) {
	for _, k := range []struct {
		table Source
		want  []string
	}{
		{Family("nosuch", "get"), []string{"nosuch"}},
		{Family("netdev", "nosuch"), []string{"netdev", "nosuch", "dev-get"}},
		{Family("ethtool", "cable-test-act"), []string{"cannot be dumped"}},
		{Family("tcp_metrics", "get"), []string{"tcp_metrics", "not announced", "Poll"}},
		{Ethtool("feature"), []string{"features"}},
	} {
		m, err := Open(t.Context(), k.table)
		if err == nil {
			m.Close()
			t.Errorf("%v: opened", k.want)
			continue
		}
		for _, word := range k.want {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%v: says nothing of %q", err, word)
			}
		}
	}
}
