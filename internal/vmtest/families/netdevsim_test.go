//go:build linux

package families_test

import (
	"fmt"
	"testing"

	"github.com/nlkit/nlkit/ynl/codec"
)

const device = `"bus-name": "netdevsim", "dev-name": "netdevsim1"`

// setDevlink makes a netdevsim with two ports and four virtual functions, and
// turns its knobs: what it has is then what the questions ask for.
func setDevlink(t *testing.T, w *world) {
	const debugfs = "/sys/kernel/debug/netdevsim/netdevsim1"
	if !w.shell(t, "echo 1 2 4 > /sys/bus/netdevsim/new_device",
		"echo 4 > /sys/bus/netdevsim/devices/netdevsim1/sriov_numvfs",
		"echo hello > "+debugfs+"/health/break_health",
		"echo 1 > "+debugfs+"/psample/enable") {
		return
	}
	for _, r := range []struct{ op, attrs string }{
		{"eswitch-set", `, "eswitch-mode": "switchdev"`}, // of which the functions get ports
		{"rate-new", `, "rate-node-name": "group", "rate-tx-max": 125000000`},
		{"rate-set", `, "port-index": 128, "rate-tx-max": 12500000, "rate-parent-node-name": "group"`},
		{"param-set", `, "param-name": "max_macs", "param-type": "u32", "param-value-cmode": "driverinit", "param-value-data": "40000000"`},
		{"trap-set", `, "trap-name": "blackhole_route", "trap-action": "trap"`},
		{"trap-policer-set", `, "trap-policer-id": 1, "trap-policer-rate": 2048, "trap-policer-burst": 256`},
		{"health-reporter-set", `, "health-reporter-name": "dummy", "health-reporter-graceful-period": 5`},
		{"resource-set", `, "resource-id": 2, "resource-size": 1000`},
	} {
		w.do(t, "devlink", r.op, "{"+device+r.attrs+"}")
	}
	// Cards that are up have queues with page pools.
	w.shell(t, "echo 1 > "+debugfs+"/take_snapshot", "ip link set eth0 up", "ip link set eth1 up")

	flavours := map[string]int{}
	for _, o := range w.dump(t, "devlink", "port-get", "{}") {
		flavours[fmt.Sprint(o.Get("port-flavour"))]++
	}
	if flavours["physical"] != 2 || flavours["pci-vf"] != 4 {
		t.Errorf("ports %v, want 2 physical and 4 pci-vf", flavours)
	}
	for _, o := range w.do(t, "devlink", "rate-get", "{"+device+`, "port-index": 128}`) {
		if o.Get("rate-tx-max") != uint64(12500000) || o.Get("rate-parent-node-name") != "group" {
			t.Errorf("the rate is %s", o.AppendJSON(nil))
		}
	}
	for _, o := range w.do(t, "devlink", "trap-get", "{"+device+`, "trap-name": "blackhole_route"}`) {
		if o.Get("trap-action") != "trap" {
			t.Errorf("the trap is %s", o.AppendJSON(nil))
		}
	}
	for _, o := range w.do(t, "devlink", "health-reporter-diagnose", "{"+device+`, "health-reporter-name": "dummy"}`) {
		names, types := at(o, "fmsg.fmsg-obj-name"), 0
		if fmsg, ok := o.Get("fmsg").(codec.Object); ok {
			types = len(fmsg.All("fmsg-obj-value-type"))
			if len(fmsg.All("fmsg-obj-value-data")) != types || types < 20 || len(fmsg.All("fmsg-obj-name")) < 20 {
				t.Errorf("the reporter says %s (%v)", o.AppendJSON(nil), names)
			}
		}
	}
	t.Logf("ports %v, rates, traps, parameters, resources and a reporter that broke", flavours)
}
