//go:build linux

package families_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/scene"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/specs"
)

// readUnknown dumps whatever families without a spec have to dump. Nobody knows
// here what their attributes mean, but each message has to consist of them to its
// last byte.
func readUnknown(t *testing.T, w *world) {
	w.shell(t, "ip link add bat0 type batadv", "ip link add bp0 type dummy", "ip link set bp0 up", "ip link set bp0 master bat0", "ip link set bat0 up",
		"ip l2tp add tunnel tunnel_id 1 peer_tunnel_id 2 encap udp local 10.0.0.1 remote 10.0.0.2 udp_sport 5000 udp_dport 5001",
		"ip l2tp add session tunnel_id 1 session_id 3 peer_session_id 4",
		"ip macsec add ms rx port 1 address 02:00:00:00:00:77", "ip ioam namespace add 7 data 1", "ip ioam schema add 5 hello")
	known := map[string]bool{}
	for _, name := range specs.Names() {
		known[scene.Open(t, name).Name] = true
	}
	dumps, answered, messages := 0, 0, 0
	must := map[string]bool{"batadv": true, "l2tp": true, "macsec": true, "IOAM6": true, "MAC80211_HWSIM": true, "TIPCv2": true}
	var log strings.Builder
	// Some families are in the initial namespace alone, and are asked there.
	for _, o := range []*netlink.Options{{Namespace: w.namespace(t)}, nil} {
		c, err := genetlink.Dial(o)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		families, err := c.Families(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range families {
			if known[f.Name] {
				continue
			}
			known[f.Name] = true
			fmt.Fprintf(&log, "\n%s:", f.Name)
			before := messages
			for _, op := range f.Ops {
				if !op.Flags.Has(genetlink.CanDump) {
					continue
				}
				dumps++
				n, err := dumpUnknown(t, c, f, op)
				messages += n
				var refusal *netlink.Error
				switch {
				case err == nil:
					answered++
					fmt.Fprintf(&log, " %d=%d", op.ID, n)
				case errors.As(err, &refusal):
					fmt.Fprintf(&log, " %d=%s", op.ID, refusal.Errno.Name())
				default:
					t.Errorf("%s, operation %d: %v", f.Name, op.ID, err)
				}
			}
			if must[f.Name] && messages == before {
				t.Errorf("%s has answered nothing", f.Name)
			}
		}
	}
	t.Logf("%d dumps, %d answered with %d messages; the others want to be told more (operation=messages)%s", dumps, answered, messages, &log)
}

// dumpUnknown dumps an operation without attributes, and returns how many
// messages came.
func dumpUnknown(t *testing.T, c *genetlink.Conn, f *genetlink.Family, op genetlink.Op) (n int, err error) {
	t.Helper()
	for m, err := range c.Dump(t.Context(), genetlink.Request{Family: f.Name, Cmd: uint8(op.ID)}) {
		if err != nil {
			return n, err
		}
		n++
		for a, err := range wire.Attrs(m.Attrs) {
			if err != nil {
				t.Errorf("%s, operation %d: after attribute %d of %x: %v", f.Name, op.ID, a.Type(), m.Attrs, err)
			}
		}
	}
	return n, nil
}
