package mirror

import "testing"

// TestTables mirrors a small network through changes of all kinds.
func TestTables(t *testing.T) {
	s := newScene(t)
	s.ip("link set lo up", "link add va type veth peer name vb", "link set va up", "link set vb up",
		"addr add 10.1.0.1/24 dev va", "addr add 10.2.0.1/24 dev vb", "route add 10.9.0.0/16 via 10.1.0.2")
	m := s.open(s.options(), Links, Addrs, Routes, Nexthops)
	stop := s.follow(m, m.Snapshot())
	defs := []*Definition{&linkDefinition, &addrDefinition, &routeDefinition, &nexthopDefinition}
	s.equal(m, "at first", defs...)
	for _, step := range []string{
		"route add 10.8.0.0/16 via 10.1.0.2",
		"route replace 10.8.0.0/16 via 10.1.0.3",
		"route append 10.8.0.0/16 via 10.1.0.4",
		"route prepend 10.8.0.0/16 via 10.1.0.5",
		"route replace 10.8.0.0/16 via 10.1.0.6",
		"route del 10.8.0.0/16 via 10.1.0.3",
		"route del 10.8.0.0/16",
		"route add 10.7.0.0/16 nexthop via 10.1.0.7 nexthop via 10.2.0.7",
		"link set va mtu 1400",
		"link set va down",
		"link set va up",
		"addr del 10.1.0.1/24 dev va",
		"addr add 10.1.0.1/24 dev va",
		"nexthop add id 1 via 10.1.0.9 dev va",
		"nexthop add id 2 via 10.2.0.9 dev vb",
		"nexthop add id 3 group 1/2",
		"route add 10.6.0.0/16 nhid 1",
		"route add 10.5.0.0/16 nhid 3",
		"nexthop replace id 1 via 10.1.0.10 dev va",
		"nexthop del id 1",
		"route add 10.6.0.0/16 nhid 2",
		"link set vb down",
		"link set vb up",
		"addr add 10.3.0.1/24 dev vb",
		"route add 10.20.0.0/16 via 10.1.0.2 src 10.3.0.1",
		"route add 10.21.0.0/16 via 10.3.0.2 table 100 metric 5",
		"addr del 10.3.0.1/24 dev vb",
		"addr add fd00:1::1/64 dev va nodad", "addr add fd00:2::1/64 dev vb nodad",
		"route add fd00:9::/64 via fd00:1::2 metric 7",
		"route append fd00:9::/64 via fd00:2::2 metric 7",
		"route append fd00:9::/64 via fd00:2::3 metric 7",
		"route del fd00:9::/64 via fd00:2::2 metric 7",
		"route replace fd00:9::/64 via fd00:1::4 metric 7",
		"route replace fd00:9::/64 dev vb metric 7",
		"route add fd00:8::/64 nexthop via fd00:1::2 nexthop via fd00:2::2",
		"link set va down",
		"link set va up",
		"link set vb mtu 1300",
		"link add br type bridge", "link set vb master br", "link set vb nomaster",
		"link del va",
		"link del br",
	} {
		s.tryIP(step)
		s.equal(m, step, defs...)
	}
	stop()
	if t.Failed() {
		for _, h := range m.Health().Tables {
			t.Logf("%+v", h)
		}
	}
}
