package mirror

import (
	"net/netip"
	"os/exec"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtrule"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/mirror/internal/store"
)

// sh runs a command line in the namespace; it may fail, as steps may that a kernel
// does not know.
func (s *scene) sh(line string) {
	s.Helper()
	cmd := exec.Command("nsenter", "--net=/proc/self/fd/3", "sh", "-c", line)
	cmd.ExtraFiles = append(cmd.ExtraFiles, s.ns.File)
	if out, err := cmd.CombinedOutput(); err != nil {
		s.Logf("%s: %v: %s", line, err, out)
	}
}

// can skips the test where a command line does not work, which it has to be undone
// after.
func (s *scene) can(ability, line string) {
	s.Helper()
	cmd := exec.Command("nsenter", "--net=/proc/self/fd/3", "sh", "-c", line)
	cmd.ExtraFiles = append(cmd.ExtraFiles, s.ns.File)
	if out, err := cmd.CombinedOutput(); err != nil {
		testenv.Missing(s, ability, strings.TrimSpace(line+": "+string(out)))
	}
}

// known reads the tables that requests for another one are made of.
func (s *scene) known(d *Definition) (tables []*table) {
	for _, on := range map[*Definition][]*Definition{
		&classDefinition:      {&linkDefinition},
		&filterDefinition:     {&qdiscDefinition, &classDefinition},
		&nftElementDefinition: {&nftSetDefinition},
	}[d] {
		t := &table{def: on, store: store.New(on.Links)}
		for k, v := range s.truth(on) {
			t.store.Put([]byte(k), []byte(v))
		}
		tables = append(tables, t)
	}
	return tables
}

// steps makes changes one after the other, and compares the tables after each.
func (s *scene) steps(m *Mirror, defs []*Definition, lines ...string) {
	s.Helper()
	stop := s.follow(m, m.Snapshot())
	s.equal(m, "at first", defs...)
	for _, line := range lines {
		s.sh(line)
		if !s.equal(m, line, defs...) {
			break
		}
	}
	stop()
	if s.Failed() {
		for _, h := range m.Health().Tables {
			s.Logf("%+v", h)
		}
	}
}

func TestTableRules(t *testing.T) {
	s := newScene(t)
	s.ip("link set lo up", "rule add iif vx table 70", "rule add goto 500 priority 50")
	m := s.open(s.options(), Rules)
	s.steps(m, []*Definition{Rules.def},
		"ip rule add from 10.0.0.0/8 table 100",
		"ip rule add from 10.0.0.0/8 table 100 priority 7",
		"ip rule add to 10.1.0.0/16 fwmark 3/7 table 101 priority 7",
		"ip -6 rule add from fd00::/8 table 100",
		"ip link add vx type veth peer name vy",
		"ip link set vx name vz",
		"ip link set vz name vx",
		"ip rule add oif vy table 71 priority 12",
		"ip link del vx",
		"ip rule add priority 500 table 99",
		"ip rule del priority 500",
		"ip rule del priority 7",
		"ip -6 rule del from fd00::/8 table 100",
		"ip rule add not from 10.9.0.0/16 ipproto tcp dport 80-90 table 9 priority 4",
		"ip rule flush",
	)
}

// TestRuleCopies makes rules that are the same, which ip(8) refuses to.
func TestRuleCopies(t *testing.T) {
	s := newScene(t)
	m := s.open(s.options(), Rules)
	o := s.options().Netlink
	c, err := rtrule.Dial(t.Context(), &o)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	rule := rtrule.RuleNewRequest{Header: rtrule.Header{Family: afInet, Action: 1}, Priority: nl.U32(77), Table: nl.U32(99)}
	change := func(add bool) {
		t.Helper()
		var err error
		if add {
			err = c.RuleNew(t.Context(), &rule, nl.Create)
		} else {
			err = c.RuleDel(t.Context(), (*rtrule.RuleDelRequest)(&rule))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	before := Rules.Len(m.Snapshot())
	for i, step := range []struct {
		add  bool
		want int
	}{{true, 1}, {true, 2}, {true, 3}, {false, 2}, {false, 1}, {true, 2}, {false, 1}, {false, 0}} {
		change(step.add)
		s.equal(m, "copies", Rules.def)
		if got := Rules.Len(m.Snapshot()) - before; got != step.want {
			t.Errorf("step %d: %d rules, want %d", i, got, step.want)
		}
	}
	change(true)
	change(true)
	again := s.open(s.options(), Rules)
	s.equal(again, "read", Rules.def)
	if got := Rules.Len(again.Snapshot()) - before; got != 2 {
		t.Errorf("%d rules read, want 2", got)
	}
}

func TestTableNeighbours(t *testing.T) {
	s := newScene(t)
	s.ip("link set lo up", "link add va type veth peer name vb", "link set va up", "link set vb up",
		"addr add 10.1.0.1/24 dev va", "neigh add 10.1.0.7 lladdr 02:00:00:00:00:07 dev va")
	m := s.open(s.options(), Neighbours)
	s.steps(m, []*Definition{Neighbours.def},
		"ip neigh add 10.1.0.8 lladdr 02:00:00:00:00:08 dev va nud permanent",
		"ip neigh add 10.1.0.9 lladdr 02:00:00:00:00:09 dev va nud reachable",
		"ip neigh replace 10.1.0.9 lladdr 02:00:00:00:00:0a dev va nud stale",
		"bash -c 'echo > /dev/udp/10.1.0.99/9'",
		"ip neigh add fd00::9 lladdr 02:00:00:00:00:09 dev va router",
		"ip neigh add proxy 10.1.0.55 dev va",
		"ip neigh change 10.1.0.9 dev va nud failed",
		"ip neigh del 10.1.0.8 dev va",
		"ip neigh replace 10.1.0.8 lladdr 02:00:00:00:00:08 dev va nud noarp",
		"ip link set va down",
		"ip link set va up",
		"ip neigh add 10.1.0.8 lladdr 02:00:00:00:00:08 dev va nud permanent",
		"ip neigh flush dev va",
		"ip neigh add 10.1.0.8 lladdr 02:00:00:00:00:08 dev vb nud permanent",
		"ip link del va",
	)
	if _, ok := Neighbours.Get(m.Snapshot(), NeighbourKey(1, netip.MustParseAddr("10.1.0.8"))); ok {
		t.Error("a neighbour of the deleted link is there")
	}
}

func TestTableFDB(t *testing.T) {
	s := newScene(t)
	s.ip("link set lo up", "link add b0 type bridge", "link add va type veth peer name vb", "link set va up", "link set vb up", "link set b0 up", "link set va master b0")
	m := s.open(s.options(), FDB)
	s.steps(m, []*Definition{FDB.def},
		"bridge fdb add 02:00:00:00:00:01 dev va master",
		"bridge fdb add 02:00:00:00:00:02 dev va master static",
		"bridge fdb replace 02:00:00:00:00:01 dev va master dynamic",
		"bridge fdb add 02:00:00:00:00:03 dev vb self",
		"ip link add vc type veth peer name vd && ip link set vc up && ip link set vd up && ip link set vc master b0",
		"bridge fdb replace 02:00:00:00:00:02 dev vc master static",
		"ip link set va nomaster",
		"ip link set va master b0",
		"bridge fdb add 02:00:00:00:00:01 dev va master",
		"ip link set va down",
		"ip link set va up",
		"bridge fdb del 02:00:00:00:00:01 dev va master",
		"ip link add vx type vxlan id 7 dstport 4789 remote 10.0.0.9",
		"bridge fdb append 00:00:00:00:00:00 dev vx dst 10.0.0.10 self",
		"bridge fdb add 02:00:00:00:00:77 dev vx dst 10.0.0.11 self",
		"bridge fdb del 00:00:00:00:00:00 dev vx dst 10.0.0.10 self",
		"ip link set vx master b0",
		"ip link del vx",
		"ip link del va",
		"ip link del b0",
	)
}
