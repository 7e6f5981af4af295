//go:build linux

package families_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/ynl/codec"
)

// flows are what the switch shall do with packets: a key, a mask where not all of
// the key counts, and actions. Dots of names are those of the spec's sets.
var flows = []struct{ name, key, mask, actions string }{
	{"tcp to two ports", `"in-port": 1, "ethernet": {"eth-src": "020000000001", "eth-dst": "020000000002"}, "ethertype": 2048,
		"ipv4": {"ipv4-src": "10.0.0.1", "ipv4-dst": "10.0.0.2", "ipv4-proto": 6}, "tcp": {"tcp-src": 1, "tcp-dst": 80}, "tcp-flags": 2`,
		"", `"output": [2, 3]`},
	{"ipv6, masked, through conntrack", `"in-port": 1, "ethertype": 34525, "ipv6": {"ipv6-src": "fd00::1", "ipv6-dst": "fd00::2", "ipv6-proto": 17}, "udp": {"udp-src": 53, "udp-dst": 53}`,
		`"in-port": 4294967295, "ethertype": 65535, "ipv6": {"ipv6-dst": "ffff:ffff::"}`, `"ct": {"commit": true, "zone": 5}, "recirc": 7`},
	{"arp, tagged", `"in-port": 2, "ethernet": {"eth-src": "020000000003", "eth-dst": "ffffffffffff"}, "ethertype": 2054,
		"arp": {"arp-sip": "10.0.0.1", "arp-tip": "10.0.0.2", "arp-op": 1, "arp-sha": "020000000003", "arp-tha": "000000000000"}`,
		`"in-port": 4294967295, "ethertype": 65535`, `"push-vlan": {"vlan-tpid": 33024, "vlan-tci": 4101}, "output": [1]`},
	{"sampled, cut and cloned", `"in-port": 3, "ethertype": 2048, "ipv4": {"ipv4-proto": 1}, "icmp": {"icmp-type": 8, "icmp-code": 0}`, `"in-port": 4294967295, "ethertype": 65535`,
		`"sample": {"probability": 1000, "actions": {"trunc": 60, "output": [1]}}, "clone": {"output": [2]}`},
}

// setOVS makes a switch with ports of three kinds and flows, and reads them back.
func setOVS(t *testing.T, w *world) {
	w.do(t, "ovs_datapath", "new", `{"dp-ifindex": 0, "name": "dp0", "upcall-pid": 0, "user-features": ["unaligned", "vport-pids"]}`)
	w.shell(t, "ip link add ovp0 type dummy")
	w.Look(t)
	dp := w.Links["dp0"]
	for _, port := range []string{
		`"name": "ovp0", "type": "netdev"`, `"name": "ovi0", "type": "internal"`,
		`"name": "ovx0", "type": "vxlan", "options": {"dst-port": 4799, "extension": {"gbp": true}}`,
	} {
		w.do(t, "ovs_vport", "new", fmt.Sprintf(`{"dp-ifindex": %d, "upcall-pid": [0], %s}`, dp, port))
	}
	var ports []string
	for _, o := range w.dump(t, "ovs_vport", "get", fmt.Sprintf(`{"dp-ifindex": %d}`, dp)) {
		ports = append(ports, fmt.Sprintf("%v=%v/%v %v", o.Get("port-no"), o.Get("name"), o.Get("type"), at(o, "options.dst-port")))
	}
	if have, want := strings.Join(ports, ", "), "0=dp0/internal <nil>, 1=ovp0/netdev <nil>, 2=ovi0/internal <nil>, 3=ovx0/vxlan 4799"; have != want {
		t.Errorf("ports are %s, want %s", have, want)
	}
	want := map[string]string{}
	for i, f := range flows {
		ufid := fmt.Sprintf("00000000-0000-0000-0000-0000000000%02d", i)
		text := fmt.Sprintf(`{"dp-ifindex": %d, "ufid": %q, "key": {%s}, "actions": {%s}`, dp, ufid, f.key, f.actions)
		if f.mask != "" {
			text += fmt.Sprintf(`, "mask": {%s}`, f.mask)
		}
		w.vm.Mark()
		if _, err := w.try(t, "ovs_flow", "new", text+"}"); err != nil {
			t.Errorf("flow %q: %v\n%s", f.name, err, w.vm.Dmesg()) // the kernel logs the reason
		}
		want[ufid] = f.name
	}
	for _, o := range w.dump(t, "ovs_flow", "get", fmt.Sprintf(`{"dp-ifindex": %d}`, dp)) {
		ufid := fmt.Sprint(o.Get("ufid"))
		actions, _ := o.Get("actions").(codec.Object)
		t.Logf("%s: %s", want[ufid], actions.AppendJSON(nil))
		if ufid == "00000000-0000-0000-0000-000000000000" {
			if have := fmt.Sprint(actions.All("output")); have != "[2 3]" {
				t.Errorf("output to %s, want [2 3]", have)
			}
		}
		delete(want, ufid)
	}
	for _, name := range want {
		t.Errorf("flow %q is not there", name)
	}
}

// at is the value at the end of a path of names; nil where there is none.
func at(o codec.Object, path string) any {
	for {
		name, rest, more := strings.Cut(path, ".")
		v := o.Get(name)
		if !more {
			return v
		}
		inner, ok := v.(codec.Object)
		if !ok {
			return nil
		}
		o, path = inner, rest
	}
}
