package examples

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/rt"
)

// TestKernel runs the programs that ask the kernel, as TestAnywhere does. What they
// print depends on the kernel here and there.
func TestKernel(t *testing.T) {
	for _, tt := range []struct {
		name     string
		anywhere bool // needs no rights
		want     []string
		// lacks is the whole of what is said where the kernel was built without
		// what the program shows.
		lacks string
	}{
		{name: "links", want: []string{
			`^  \d+ left   mtu 1500  [0-9a-f:]{17}  broadcast\|multicast$`,
			`^  \d+ uplink mtu 9000 `,
			`^both are up:$`, `^  \d+ uplink .*  up\|broadcast(\|running)?\|multicast\|lower-up$`,
			`^right is down`, `^  \d+ uplink .*  up\|broadcast(\|running)?\|multicast$`,
		}},
		{name: "addresses", want: []string{
			`^the same address again: rt-addr newaddr: .*file exists`,
			`^  192\.0\.2\.1/24 +permanent$`, `^  198\.51\.100\.7/32 +permanent$`,
			`^  2001:db8::2/64 .*valid for 1h0m0s$`,
			`^without 198`, `^  192\.0\.2\.1/24`,
		}},
		{name: "routes", want: []string{
			`^  unicast +0\.0\.0\.0/0  via 192\.0\.2\.9 on \d+ weight 3  via 198\.51\.100\.9 on \d+$`,
			`^  blackhole +10\.0\.0\.0/8$`, `^  unicast +10\.1\.0\.0/16  on \d+  mtu 1400$`,
			`^to 203\.0\.113\.77: via 192\.0\.2\.9 from 192\.0\.2\.1$`,
			`^without 203`, `^  blackhole `,
		}},
		{name: "rules", want: []string{
			`^      0: to-tbl 255$`, `^   1000: from 192\.0\.2\.0/24 to-tbl 100$`,
			`^   1001: mark 0x10/0xf0 to-tbl 100$`, `^   1002: to ports 8000-8080 unreachable$`,
			`^  32766: to-tbl 254$`, `^without`, `^   1000: `, `^   1002: `,
		}},
		{name: "neighbours", want: []string{
			`^192\.0\.2\.10 is at 02:00:5e:10:00:01$`, `^  192\.0\.2\.1[01] +02:00:5e:10:00:0[12] permanent$`,
			`^192\.0\.2\.10 is forgotten: rt-neigh getneigh: .*no such file`,
		}},
		{name: "veth", want: []string{
			`^outside  veth0 +up\|.*lower-up`, `^inside   eth0 +up\|.*lower-up`,
		}},
		{name: "bridge", want: []string{
			`^port access: `, `^port trunk: `,
			`VLAN 10, pvid true, untagged true$`, `VLAN 10, pvid false, untagged false$`, `VLAN 20, pvid false`,
		}, lacks: `^bridge: a bridge with VLANs: rt-link newlink: .*operation not supported`},
		{name: "htb", want: []string{
			`^class 1:1 +rate 100 Mbit/s, at most 100$`, `^class 1:10 +rate  60 Mbit/s, at most 100$`,
			`^class 1:20 +rate  40 Mbit/s, at most 100$`,
			`^filter 1 to 1:20: dst 10\.0\.0\.0/8$`, `^filter 2 to 1:10: protocol 6 dport 443$`,
		}},
		{name: "nftables", want: []string{
			`^example input, rule \d+: ct bitwise cmp accept$`,
			`^example input, rule \d+: meta cmp payload cmp counter\(0 packets\) accept$`,
			`^refused as a whole: item 1: nftables newtable.*file exists`, `^example input, rule `, `^example input, rule `,
		}},
		{name: "conntrack", want: []string{
			`^all:$`, `192\.0\.2\.1:40000 -> 198\.51\.100\.`,
			`^with mark 7:$`, `^  6 192\.0\.2\.1:40000 -> 198\.51\.100\.80:443 .*assured.*established  mark 7$`,
			`^without the first:$`, `^  17 192\.0\.2\.1:40000 -> 198\.51\.100\.53:53 `,
		}},
		{name: "wireguard", want: []string{
			`^wg0: port 51820, key [A-Za-z0-9+/]{43}=$`,
			`^  peer [A-Za-z0-9+/]{43}= at 192\.0\.2\.7:51820: 10\.0\.7\.0/24 2001:db8:7::/48$`, `^  peer [A-Za-z0-9+/]{43}= at \[2001:db8::8\]:51820: 10\.0\.8\.0/24$`,
		}, lacks: `^wireguard: rt-link newlink: .*operation not supported`},
		{name: "ethtool", anywhere: true, want: []string{}},
		{name: "mirror", want: []string{
			`^3 links, \d+ addresses, 4 routes$`, `^203\.0\.113\.77: via 192\.0\.2\.9, by the route to 203\.0\.113\.64/26$`,
			`^route to 203\.0\.113\.64/26 is gone \(.*inferred.*\)$`, `^203\.0\.113\.77: no route$`, `^audit: \d+ records, 0 wrong$`,
		}},
		{name: "batch", want: []string{
			`^1000 routes made in `, `^500 deleted, 500 left, the last one to 10\.3\.230\.0/24$`,
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !tt.anywhere {
				testenv.NeedRoot(t)
			}
			out, stderr, err := start(t, tt.name)
			if err != nil && tt.lacks != "" && regexp.MustCompile(tt.lacks).MatchString(stderr) {
				t.Logf("this kernel cannot: %s", stderr)
				return
			}
			if err != nil {
				t.Fatalf("%v\nstdout:\n%s\nstderr:\n%s", err, out, stderr)
			}
			checkLines(t, out, tt.want)
		})
	}
}

// TestWithoutRoot: one line that says what is needed, and status 1.
func TestWithoutRoot(t *testing.T) {
	testenv.NeedRoot(t) // to be somebody else
	nobody := func(cmd *exec.Cmd) {
		cmd.Dir = "/"
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	for _, name := range []string{"links", "addresses", "routes", "rules", "neighbours", "veth", "bridge", "htb", "nftables", "conntrack", "wireguard", "mirror", "batch"} {
		t.Run(name, func(t *testing.T) {
			out, stderr, err := start(t, name, nobody)
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != 1 {
				t.Errorf("ended with %v, want exit status 1", err)
			}
			want := fmt.Sprintf("%[1]s: a network namespace needs root: sudo go run ./examples/%[1]s, or unshare -Urn go run ./examples/%[1]s\n", name)
			if out != "" || stderr != want {
				t.Errorf("said %q and %q, want %q", out, stderr, want)
			}
		})
	}
}

// TestWatch changes the network that watch looks at, and interrupts it.
func TestWatch(t *testing.T) {
	ns := testenv.NewNetNS(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "nsenter", "--net=/proc/self/fd/3", filepath.Join(programs, "watch"))
	cmd.ExtraFiles = []*os.File{ns.File}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	wait := func(expr string) {
		t.Helper()
		re := regexp.MustCompile(expr)
		var seen []string
		for lines.Scan() {
			if re.MatchString(lines.Text()) {
				return
			}
			seen = append(seen, lines.Text())
		}
		t.Fatalf("no line %s in:\n%s\nstderr:\n%s", expr, strings.Join(seen, "\n"), stderr.String())
	}
	wait(`^watching; Ctrl-C ends$`)

	c, err := rt.Dial(ctx, &netlink.Options{Namespace: netlink.NamespaceFD(ns.FD())})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	lo, err := c.LinkByName(ctx, "lo")
	if err != nil {
		t.Fatal(err)
	}
	prefix := netip.MustParsePrefix("192.0.2.1/24")
	if err := c.SetUp(ctx, lo.Header.Index); err != nil {
		t.Fatal(err)
	}
	wait(`^link lo: up\|loopback\|running`)
	if err := c.AddAddr(ctx, lo.Header.Index, prefix); err != nil {
		t.Fatal(err)
	}
	wait(`^address 192\.0\.2\.1/24 on link 1$`)
	if err := c.DelAddr(ctx, lo.Header.Index, prefix); err != nil {
		t.Fatal(err)
	}
	wait(`^address 192\.0\.2\.1/24 on link 1 is gone$`)

	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() { // what is left, so that it can end
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("interrupted: %v\n%s", err, stderr.String())
	}
}
