package mirror

import "testing"

func TestTableTC(t *testing.T) {
	s := newScene(t)
	s.ip("link set lo up", "link add va type veth peer name vb", "link set va up", "link set vb up")
	s.can("tc", "tc qdisc replace dev lo root handle 1: htb && tc qdisc del dev lo root")
	s.sh("tc qdisc add dev va root handle 1: htb default 10")
	s.sh("tc class add dev va parent 1: classid 1:10 htb rate 1mbit")
	s.sh("tc filter add dev va parent 1: prio 3 protocol ip u32 match ip dst 10.0.0.1 flowid 1:10")
	m := s.open(s.options(), Qdiscs, Classes, Filters)
	s.steps(m, []*Definition{Qdiscs.def, Classes.def, Filters.def},
		"tc class add dev va parent 1:10 classid 1:11 htb rate 1mbit",
		"tc qdisc add dev va parent 1:11 handle 11: tbf rate 1mbit burst 10k limit 100k",
		"tc class change dev va parent 1:10 classid 1:11 htb rate 2mbit",
		"tc filter add dev va parent 1: prio 3 protocol ip u32 match ip dst 10.0.0.2 flowid 1:11",
		"tc filter add dev va parent 1: prio 4 protocol ipv6 u32 match ip6 dst fd00::/8 flowid 1:11",
		"tc filter add dev va parent 1:11 prio 9 protocol ip u32 match ip dst 10.0.0.3 flowid 1:11",
		"tc filter add dev va parent 1: prio 6 protocol ip u32 match ip dst 10.0.0.3 flowid 1:11",
		"tc filter add dev va parent 1: prio 6 handle 10: protocol ip u32 divisor 16",
		"tc filter del dev va parent 1: prio 3",
		"tc filter del dev va parent 1:",
		"tc qdisc add dev vb clsact",
		"tc filter add dev vb ingress prio 1 protocol ip u32 match u32 0 0",
		"tc filter add dev vb egress prio 1 protocol ip u32 match u32 0 0",
		"tc qdisc del dev vb clsact",
		"tc qdisc add dev vb ingress",
		"tc filter add dev vb ingress prio 1 protocol ip u32 match u32 0 0",
		"tc filter add dev vb parent ffff: prio 2 protocol ip chain 7 u32 match u32 0 0",
		"tc qdisc del dev vb ingress",
		"tc qdisc add dev va ingress_block 5 ingress",
		"tc qdisc add dev vb ingress_block 5 ingress",
		"tc filter add block 5 prio 1 protocol ip u32 match u32 0 0",
		"tc filter add block 5 prio 2 protocol ip u32 match u32 1 1",
		"tc filter del block 5 prio 1",
		"tc qdisc del dev va ingress",
		"tc qdisc del dev vb ingress",
		"tc filter add dev va parent 1:11 prio 9 protocol ip u32 match ip dst 10.0.0.3 flowid 1:11",
		"tc filter del dev va parent 1:11",
		"tc class del dev va classid 1:11",
		"tc qdisc replace dev va root handle 2: tbf rate 1mbit burst 10k limit 100k",
		"tc qdisc add dev va parent 2:1 handle 3: pfifo",
		"tc qdisc del dev va root",
		"tc qdisc replace dev va root handle 1: htb && tc class add dev va parent 1: classid 1:1 htb rate 1mbit",
		"tc class add dev va parent 1:1 classid 1:2 htb rate 1mbit",
		"ip link set va down",
		"ip link set va up",
		"ip link add vc numtxqueues 4 type veth peer name vd",
		"ip link set vc up && ip link set vd up",
		"tc qdisc add dev vc root handle 9: mq",
		"ip link del vc",
		"tc qdisc replace dev va root handle 4: htb",
		"ip link del va",
	)
}
