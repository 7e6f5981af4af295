//go:build linux

package families_test

import (
	"fmt"
	"strings"
	"testing"
)

// qdiscs are queueing disciplines beside those of the scene.
var qdiscs = []string{
	"red limit 400000 min 30000 max 90000 avpkt 1000 burst 55 ecn bandwidth 10mbit", "choke limit 1000 bandwidth 10mbit min 100 max 300",
	"codel limit 100 target 4ms interval 30ms ecn", "drr", "ets bands 4 strict 2 quanta 3000 1500", "gred setup DPs 3 default 1 grio",
	"hfsc default 1", "hhf limit 500", "multiq", "pie limit 100 target 15ms", "fq_pie flows 64", "qfq", "sfb limit 1000", "skbprio limit 64",
	"plug limit 1000", "mqprio num_tc 2 map 0 1 queues 1@0 1@1 hw 0",
	"taprio num_tc 2 map 0 1 queues 1@0 1@1 base-time 0 sched-entry S 01 300000 sched-entry S 02 300000 clockid CLOCK_TAI",
	"prio bands 4", "pfifo limit 10", "etf clockid CLOCK_TAI delta 300000", "cbs idleslope 20000 sendslope -980000 hicredit 30 locredit -1470",
}

// classes are of some of them.
var classes = map[string]string{"drr": "drr quantum 3000", "qfq": "qfq weight 5 maxpkt 1600", "hfsc default 1": "hfsc sc rate 1mbit ul rate 2mbit"}

// filters are classifiers and actions beside those of the scene.
var filters = []string{
	"basic match 'cmp(u8 at 0 layer 2 mask 0xff gt 20) and meta(priority gt 3)' classid 1:1", "route from 3 classid 1:3",
	"handle 1 flow hash keys src,dst divisor 16",
	"flower ip_proto tcp src_ip 10.0.0.0/8 dst_port 80-90 tcp_flags 0x2/0x7 ip_ttl 64 ct_state +trk+est ct_zone 3 ct_mark 7",
	"flower dst_mac 02:00:00:00:00:01 src_mac 02:00:00:00:00:02 indev tp0",
	"flower enc_key_id 7 enc_dst_ip 10.0.0.1 enc_src_ip 10.0.0.2 enc_dst_port 4789 geneve_opts 0102:80:00880022",
	"flower enc_key_id 7 vxlan_opts 100", "flower enc_key_id 7 erspan_opts 1:5:0:0",
	"matchall action pedit munge ip ttl set 64 pipe action csum ip and tcp", "matchall action pedit ex munge ip ttl set 64 munge tcp dport set 8080",
	"matchall action vlan push id 5 priority 2 protocol 802.1ad", "matchall action vlan modify id 7", "matchall action vlan pop",
	"matchall action tunnel_key set src_ip 10.0.0.1 dst_ip 10.0.0.2 id 5 dst_port 4789 tos 4 ttl 9 geneve_opts 0102:80:00880022",
	"matchall action tunnel_key unset", "matchall action skbedit priority 5 mark 7/0xff ptype host",
	"matchall action skbmod set dmac 02:00:00:00:00:01", "matchall action nat ingress 10.0.0.0/24 192.0.2.1",
	"matchall action ct commit zone 5 mark 7/0xff nat src addr 10.0.0.1-10.0.0.9 port 100-200", "matchall action ct clear",
	"matchall action ctinfo dscp 0x3f 0x40", "matchall action connmark zone 4", "matchall action bpf bytecode '1,6 0 0 4294967295'",
	"matchall action sample rate 100 group 5 trunc 60", "matchall action mpls push protocol mpls_uc label 20 tc 3 ttl 9 bos 1",
	"matchall action mpls pop protocol ipv4", "matchall action ife encode use mark 5 type 0xed3e dst 02:00:00:00:00:01",
	"matchall action gate clockid CLOCK_TAI base-time 0 sched-entry open 200000000 -1 8000000 sched-entry close 100000000",
	"matchall action simple sdata hello", "matchall action goto chain 3", "matchall action pass random netrand drop 5",
	"matchall action police rate 1mbit burst 20k conform-exceed drop/pipe", "matchall action police pkts_rate 1000 pkts_burst 100",
	"matchall action mirred ingress redirect dev va",
}

// setTraffic makes a link for every queueing discipline, and a filter of every
// kind. They are made by one process each: it is the processes that take time.
func setTraffic(t *testing.T, w *world) {
	var links, lines []string
	for i, q := range qdiscs {
		name := fmt.Sprintf("q%02d", i)
		links = append(links, "link add "+name+" numtxqueues 2 numrxqueues 2 type dummy", "link set "+name+" up")
		lines = append(lines, fmt.Sprintf("qdisc add dev %s root handle 5: %s", name, q))
		if class := classes[q]; class != "" {
			lines = append(lines, fmt.Sprintf("class add dev %s parent 5: classid 5:1 %s", name, class))
		}
	}
	lines = append(lines, "qdisc add dev tp0 clsact", "filter add dev tp0 egress protocol ip prio 1 handle 7 fw classid 1:2",
		"filter add dev tp0 egress protocol ip prio 2 handle 1 cgroup action ok")
	for i, f := range filters {
		lines = append(lines, fmt.Sprintf("filter add dev tp0 ingress protocol ip prio %d %s", 100+i, f))
	}
	batch := func(program string, lines []string) {
		out, err := w.Shell(t, program+" -batch - <<'E'\n"+strings.Join(lines, "\n")+"\nE")
		if err != nil {
			t.Errorf("%s: %v\n%s", program, err, out)
		}
	}
	batch("ip", links)
	batch("tc", lines)
	w.Look(t)
	t.Logf("%d queueing disciplines, %d classes, %d filters", len(qdiscs), len(classes), len(filters)+2)
}
