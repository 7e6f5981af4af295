//go:build linux

package scene

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
	"github.com/nlkit/nlkit/ynl/specs"
)

// Scene is a network namespace with something in it for every family that looks
// at namespaces, and a second one for the far end of a link.
type Scene struct {
	ns    netlink.Namespace
	path  string            // of ns, for other processes
	Links map[string]uint32 // their indexes, by name
	order []string          // their names, by index
	rules []uint32          // handles of the rules in chain "in" of table "t"
	Done  map[string]bool   // groups of steps: whether every step of one was done
}

// New makes the namespace and does all steps. What the kernel lacks of those
// that need not succeed is logged.
func New(t *testing.T) *Scene {
	t.Helper()
	var missing []string
	for _, tool := range []string{"sh", "nsenter", "ip", "tc", "bridge", "nft", "conntrack", "ethtool"} {
		if _, err := exec.LookPath(tool); err != nil {
			missing = append(missing, tool)
		}
	}
	if len(missing) > 0 {
		testenv.Missing(t, "tools", "not installed: "+strings.Join(missing, ", ")+
			" (Debian: apt install iproute2 nftables conntrack ethtool)")
	}
	ns, peer := testenv.NewNetNS(t), testenv.NewNetNS(t)
	outside := func(n *testenv.NetNS) string { return fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), n.FD()) }
	s := &Scene{ns: netlink.NamespaceFD(ns.FD()), path: outside(ns), Links: map[string]uint32{}, Done: map[string]bool{}}
	for _, group := range steps {
		line, out, err := s.run(t, group.lines, outside(peer))
		s.Done[group.name] = err == nil
		if err == nil {
			continue
		}
		switch reason := firstLine(out); {
		case !lacks(out):
			t.Errorf("%s: %v\n%s", line, err, out)
		case group.must:
			testenv.Missing(t, "kernel", fmt.Sprintf("this kernel refuses %q: %s", line, reason))
		default:
			t.Logf("this kernel lacks %s: %s: %s", group.name, line, reason)
		}
	}
	s.talk(t)
	s.Look(t)
	s.readRules(t)
	return s
}

// run runs the lines of a group, until one fails, which it returns with what it
// wrote. One shell runs all of them: processes are what takes time.
func (s *Scene) run(t *testing.T, lines []string, peer string) (failed, out string, err error) {
	const mark = "\a" // begins the line that tells which one follows
	var script strings.Builder
	for i, line := range lines {
		fmt.Fprintf(&script, "printf '%s%d\\n'\n%s\n", mark, i, strings.ReplaceAll(line, "$PEER", peer))
	}
	out, err = s.Shell(t, "set -e\n"+script.String())
	if err == nil {
		return "", "", nil
	}
	if at := strings.LastIndex(out, mark); at >= 0 {
		var number string
		number, out, _ = strings.Cut(out[at+len(mark):], "\n")
		if i, convErr := strconv.Atoi(number); convErr == nil && i < len(lines) {
			failed = lines[i]
		}
	}
	return failed, out, err
}

// lacks reports whether a tool failed because the kernel was built without
// something, and not because the step is wrong.
func lacks(out string) bool {
	return slices.ContainsFunc([]string{
		"Unknown device type", "kind is unknown", "not supported", "No such file or directory", "Directory nonexistent", "classifier not found",
		"Protocol not available", "Failed to load", "Unknown qdisc", "unknown device type",
	}, func(part string) bool { return strings.Contains(out, part) })
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// Shell runs a line of shell in the namespace.
func (s *Scene) Shell(t *testing.T, line string) (string, error) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "nsenter", "--net="+s.path, "sh", "-c", line)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

// talk sends something over TCP, of which metrics are kept, and which conntrack
// sees.
func (s *Scene) talk(t *testing.T) {
	t.Helper()
	ns, err := os.Open(s.path)
	if err != nil {
		t.Fatal(err)
	}
	defer ns.Close()
	done := make(chan error)
	go func() {
		// The thread is not given back: it ends with this goroutine, and with it
		// its place in the namespace.
		runtime.LockOSThread()
		done <- func() error {
			if err := unix.Setns(int(ns.Fd()), unix.CLONE_NEWNET); err != nil {
				return err
			}
			return exchange(net.TCPAddr{IP: net.IPv4(192, 0, 2, 77)})
		}()
	}()
	if err := <-done; err != nil {
		t.Fatalf("a TCP connection in the namespace: %v", err)
	}
}

// exchange connects to itself and sends enough for a measurement of the path.
func exchange(at net.TCPAddr) error {
	l, err := net.ListenTCP("tcp4", &at)
	if err != nil {
		return err
	}
	defer l.Close()
	c, err := net.DialTCP("tcp4", &at, l.Addr().(*net.TCPAddr))
	if err != nil {
		return err
	}
	defer c.Close()
	a, err := l.AcceptTCP()
	if err != nil {
		return err
	}
	defer a.Close()
	buf := make([]byte, 16<<10)
	for range 50 {
		if _, err := c.Write(buf); err != nil {
			return err
		}
		for n := 0; n < len(buf); {
			k, err := a.Read(buf)
			if err != nil {
				return err
			}
			n += k
		}
	}
	return nil
}

// Path is a name under which any process can open the namespace.
func (s *Scene) Path() string { return s.path }

// Look notes the links there are, for a test that has made more of them.
func (s *Scene) Look(t *testing.T) {
	t.Helper()
	s.Links, s.order = map[string]uint32{}, nil
	c := s.Dial(t, Open(t, "rt-link"))
	for m, err := range c.Dump(t.Context(), client.Request{Op: "getlink"}) {
		if err != nil {
			t.Fatalf("getlink: %v", err)
		}
		o := m.Object(codec.Options{})
		name, _ := o.Get("ifname").(string)
		index, _ := o.Get("ifi-index").(int64)
		if name == "" || index <= 0 {
			t.Fatalf("a link without a name or an index: %s", o.AppendJSON(nil))
		}
		s.Links[name] = uint32(index)
		s.order = append(s.order, name)
	}
	slices.SortFunc(s.order, func(a, b string) int { return int(s.Links[a]) - int(s.Links[b]) })
}

// readRules notes the handles of some rules.
func (s *Scene) readRules(t *testing.T) {
	t.Helper()
	c := s.Dial(t, Open(t, "nftables"))
	for m, err := range c.Dump(t.Context(), client.Request{Op: "getrule", Attrs: map[string]any{"nfgen-family": 1, "table": "t", "chain": "in"}}) {
		if err != nil {
			t.Fatalf("getrule: %v", err)
		}
		handle, _ := m.Object(codec.Options{}).Get("handle").(uint64)
		s.rules = append(s.rules, uint32(handle))
	}
}

// Dial makes a client for a family in the namespace.
func (s *Scene) Dial(t *testing.T, spec *ynl.Spec) *client.Client {
	t.Helper()
	c, err := client.Dial(spec, &netlink.Options{Namespace: s.ns})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// Open opens a spec of the catalogue.
func Open(t *testing.T, name string) *ynl.Spec {
	t.Helper()
	spec, err := specs.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}
