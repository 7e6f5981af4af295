//go:build linux

package families_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// addRadios makes virtual Wi-Fi cards in the namespace: wlan0, wlan1, ...
func (w *world) addRadios(t *testing.T, n int) {
	t.Helper()
	c, err := genetlink.Dial(&netlink.Options{Namespace: w.namespace(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	// HWSIM_CMD_NEW_RADIO, HWSIM_ATTR_RADIO_NAME and HWSIM_ATTR_SUPPORT_P2P_DEVICE.
	const newRadio, radioName, p2p = 4, 17, 14
	for i := range n {
		_, err := c.Do(t.Context(), genetlink.Request{Family: "MAC80211_HWSIM", Cmd: newRadio, Attrs: func(b *wire.Builder) {
			b.Text(radioName, fmt.Sprintf("radio%d", i))
			b.Flag(p2p)
		}}, nil)
		// The answer is the radio's number, where others have an error: that of the
		// second radio is 1, and looks like EPERM.
		if e, ok := errors.AsType[*netlink.Error](err); err != nil && (!ok || int(e.Errno) != i) {
			t.Fatalf("radio %d: %v", i, err)
		}
	}
	w.Look(t)
}

// setRadios makes three radios. Two of them are a mesh, and the third one scans
// and hears one of them.
func setRadios(t *testing.T, w *world) {
	w.addRadios(t, 3)
	for _, name := range []string{"wlan0", "wlan1"} {
		w.do(t, "nl80211", "set-interface", fmt.Sprintf(`{"ifindex": %d, "iftype": "mesh-point"}`, w.Links[name]))
		w.shell(t, "ip link set "+name+" up")
		w.do(t, "nl80211", "join-mesh", fmt.Sprintf(`{"ifindex": %d, "mesh-id": "%x", "wiphy-freq": 2412}`, w.Links[name], "nlkit"))
	}
	w.shell(t, "ip link set wlan2 up")
	sub, err := w.client(t, "nl80211").Subscribe(t.Context(), "scan")
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	// Beacons of a mesh are a second apart, and stations meet by them.
	heard, stations := 0, 0
	for scans := 1; heard < 1 || stations < 1; scans++ {
		w.do(t, "nl80211", "trigger-scan", fmt.Sprintf(`{"ifindex": %d, "scan-frequencies": [2412], "scan-ssids": [""]}`, w.Links["wlan2"]))
		for e, err := range sub.Events(ctx) {
			if err != nil {
				t.Fatalf("after %d scans %d stations of the mesh are heard and %d are neighbours, want one at the least: %v", scans, heard, stations, err)
			}
			if e.Message.Name == "new-scan-results-ntf" {
				break
			}
		}
		heard = len(w.dump(t, "nl80211", "get-scan", fmt.Sprintf(`{"ifindex": %d}`, w.Links["wlan2"])))
		stations = len(w.dump(t, "nl80211", "get-station", fmt.Sprintf(`{"ifindex": %d}`, w.Links["wlan0"])))
	}
	for _, o := range w.dump(t, "nl80211", "get-scan", fmt.Sprintf(`{"ifindex": %d}`, w.Links["wlan2"])) {
		t.Logf("heard %v at %v MHz, %v/100 dBm", at(o, "bss.bssid"), at(o, "bss.frequency"), at(o, "bss.signal-mbm"))
	}
	for _, o := range w.dump(t, "nl80211", "get-station", fmt.Sprintf(`{"ifindex": %d}`, w.Links["wlan0"])) {
		if signal := at(o, "sta-info.signal"); signal != int64(-30) {
			t.Errorf("a neighbour heard with %v dBm, want -30", signal)
		}
	}
}
