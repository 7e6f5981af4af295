//go:build linux

package families_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// announced are what has to be heard of the changes that the tests make.
var announced = []string{
	"nlctrl delfamily-ntf", "nlctrl newfamily-ntf", "nlctrl newmcast-grp-ntf",
	"team options-ntf", "team port-list-ntf",
	"ovs_datapath new-ntf", "ovs_datapath del-ntf", "ovs_vport new-ntf", "ovs_vport del-ntf", "ovs_flow new-ntf", "ovs_flow del-ntf",
	"devlink new-ntf", "devlink port-new-ntf", "devlink port-del-ntf", "devlink param-new-ntf", "devlink region-new-ntf", "devlink rate-new-ntf", "devlink trap-new-ntf",
	"devlink health-reporter-recover-ntf", "devlink flash-update-begin-ntf", "devlink flash-update-status-ntf", "devlink flash-update-end-ntf",
	"nl80211 new-wiphy-ntf", "nl80211 new-interface-ntf", "nl80211 trigger-scan-ntf", "nl80211 new-scan-results-ntf", "nl80211 new-station-ntf",
	"ethtool features-ntf", "ethtool rings-ntf", "ethtool coalesce-ntf", "ethtool channels-ntf",
	"netdev dev-add-ntf", "netdev dev-del-ntf", "netdev page-pool-add-ntf",
	"rt-addr newaddr-ntf", "rt-addr deladdr-ntf", "rt-link newlink-ntf", "rt-link dellink-ntf", "rt-neigh newneigh-ntf", "rt-route newroute-ntf", "rt-rule newrule-ntf",
	"tc newqdisc-ntf", "tc delqdisc-ntf", "nftables newtable-ntf", "nftables newchain-ntf", "nftables deltable-ntf", "conntrack new-ntf",
	"mptcp_pm listener-created-event", "mptcp_pm created-event", "mptcp_pm established-event", "mptcp_pm closed-event",
}

// announce makes the changes that no other step makes, and waits until all has
// been heard.
func announce(t *testing.T, w *world) {
	if err := w.vm.Rmmod("vdpa"); err != nil {
		t.Error(err)
	}
	if err := w.vm.Insmod("vdpa"); err != nil {
		t.Error(err)
	}
	// It has a group, which vdpa has not.
	if err := w.vm.Rmmod("nbd"); err != nil {
		t.Error(err)
	}
	if err := w.vm.Insmod("nbd"); err != nil {
		t.Error(err)
	}
	w.shell(t, "ip link add gone type dummy", "ip link del gone")
	for _, line := range []string{"-G ne1000e rx 512 tx 512", "-C eth0 rx-usecs 30", "-L eth0 combined 2", "-K eth0 gro off"} {
		w.shell(t, "ethtool "+line)
	}
	if err := os.MkdirAll("/lib/firmware", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("/lib/firmware/nlkit.bin", []byte("firmware"), 0o644); err != nil {
		t.Fatal(err)
	}
	w.do(t, "devlink", "flash-update", "{"+device+`, "flash-update-file-name": "nlkit.bin"}`)
	w.shell(t, "echo 0 > /sys/bus/netdevsim/devices/netdevsim1/sriov_numvfs",
		"ip addr add 10.99.0.1/24 dev tp0", "ip addr del 10.99.0.1/24 dev tp0", "ip rule add from 10.99.0.0/16 lookup 99", "ip neigh add 10.0.0.99 lladdr 02:00:00:00:00:99 dev va",
		"ip route add 10.98.0.0/16 dev va", "tc qdisc add dev tp1 root handle 1: pfifo limit 5", "tc qdisc del dev tp1 root", "nft add table inet announced",
		"nft add chain inet announced c", "nft delete table inet announced")
	dp := w.Links["dp0"]
	w.do(t, "ovs_flow", "del", fmt.Sprintf(`{"dp-ifindex": %d, "ufid": "00000000-0000-0000-0000-000000000002"}`, dp))
	w.do(t, "ovs_vport", "del", fmt.Sprintf(`{"dp-ifindex": %d, "name": "ovi0"}`, dp))
	w.do(t, "ovs_datapath", "del", fmt.Sprintf(`{"dp-ifindex": %d}`, dp))
	if err := w.inside(t, talkMPTCP); err != nil {
		t.Errorf("a connection by MPTCP: %v", err)
	}

	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for _, name := range w.listener.wait(ctx, announced) {
		t.Errorf("not heard: %s", name)
	}
	w.listener.stop()
	w.listener.report(t)
}

// inside calls f with a thread in the world's namespace.
func (w *world) inside(t *testing.T, f func() error) error {
	t.Helper()
	ns, err := os.Open(w.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer ns.Close()
	done := make(chan error)
	go func() {
		// The thread is not given back: it ends with this goroutine, and with it
		// its place in the namespace.
		runtime.LockOSThread()
		err := unix.Setns(int(ns.Fd()), unix.CLONE_NEWNET)
		if err == nil {
			err = f()
		}
		done <- err
	}()
	return <-done
}

// talkMPTCP connects to itself by MPTCP, says something, and closes both ends.
func talkMPTCP() error {
	socket := func() (int, error) {
		return unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, unix.IPPROTO_MPTCP)
	}
	at := &unix.SockaddrInet4{Port: 4444, Addr: [4]byte{192, 0, 2, 77}}
	server, err := socket()
	if err != nil {
		return err
	}
	defer unix.Close(server)
	if err := unix.Bind(server, at); err != nil {
		return err
	}
	if err := unix.Listen(server, 1); err != nil {
		return err
	}
	caller, err := socket()
	if err != nil {
		return err
	}
	defer unix.Close(caller)
	if err := unix.Connect(caller, at); err != nil {
		return err
	}
	called, _, err := unix.Accept(server)
	if err != nil {
		return err
	}
	defer unix.Close(called)
	text := []byte("hello")
	for _, pair := range [][2]int{{caller, called}, {called, caller}} {
		if _, err := unix.Write(pair[0], text); err != nil {
			return err
		}
		if _, err := unix.Read(pair[1], text); err != nil {
			return err
		}
	}
	return nil
}

// report logs what was heard, and names what is not accounted for.
func (l *listener) report(t *testing.T) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var b strings.Builder
	total, kinds, family := 0, 0, ""
	for _, name := range slices.Sorted(maps.Keys(l.heard)) {
		of, what, _ := strings.Cut(name, " ")
		if of != family {
			fmt.Fprintf(&b, "\n%s:", of)
			family = of
		}
		fmt.Fprintf(&b, " %s %d", what, l.heard[name])
		total += l.heard[name]
		kinds++
	}
	t.Logf("%d announcements of %d kinds%s", total, kinds, &b)
	for family, n := range l.lost {
		t.Errorf("%s: %d announcements lost", family, n)
	}
	for _, err := range l.errors {
		t.Error(err)
	}
	for _, family := range slices.Sorted(maps.Keys(l.families)) {
		l.families[family].tell(t)
	}
}
