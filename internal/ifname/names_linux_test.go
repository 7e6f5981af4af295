package ifname

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

func TestLoopback(t *testing.T) {
	n := New(t.Context(), nil)
	defer n.Close()
	i, err := n.Index("lo")
	if err != nil {
		testenv.Missing(t, "netlink", err.Error())
	}
	if name := n.Name(i); name != "lo" {
		t.Errorf("interface %d is %q, want lo", i, name)
	}
	if name := n.Name(1 << 30); name != "" {
		t.Errorf("interface %d is %q, want none", 1<<30, name)
	}
	for name, want := range map[string]string{
		"":                       "empty",
		"la":                     "did you mean lo?",
		strings.Repeat("x", 200): "at most 127 bytes",
		strings.Repeat("x", 60):  "there is no interface",
	} {
		if _, err := n.Index(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", name, err, want)
		}
	}
}

// TestNamespace asks in a namespace, where an interface comes late, changes its
// name and goes.
func TestNamespace(t *testing.T) {
	ns := testenv.NewNetNS(t)
	o := &netlink.Options{Namespace: netlink.NamespaceFD(ns.FD())}
	n := New(t.Context(), o)
	defer n.Close()
	if n.Name(1) != "lo" {
		t.Errorf("interface 1 is %q, want lo", n.Name(1))
	}
	c, err := netlink.Dial(wire.Route, o)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	change(t, c, unix.RTM_NEWLINK, 0, "late", "ifb")
	i, err := n.Index("late")
	if err != nil {
		t.Fatal(err)
	}
	if name := n.Name(i); name != "late" {
		t.Errorf("the new interface is %q, want late", name)
	}
	change(t, c, unix.RTM_NEWLINK, i, "other", "")
	n.now = func() time.Time { return time.Now().Add(2 * Fresh) }
	if name := n.Name(i); name != "other" {
		t.Errorf("renamed it is %q, want other", name)
	}
	change(t, c, unix.RTM_DELLINK, i, "", "")
	n.now = func() time.Time { return time.Now().Add(4 * Fresh) }
	if name := n.Name(i); name != "other" {
		t.Errorf("deleted it is %q, want what it was", name)
	}
}

// change makes, renames or deletes an interface.
func change(t *testing.T, c *netlink.Conn, typ wire.Type, index uint32, name, kind string) {
	t.Helper()
	var b wire.Builder
	h := wire.Header{Type: typ}
	if index == 0 {
		h.Flags = wire.Create | wire.Excl
	}
	b.Message(h)
	msg := request(index, "")
	b.Raw(msg[wire.HeaderLen : wire.HeaderLen+headerLen])
	if name != "" {
		b.Text(iflaIfname, name)
	}
	if kind != "" {
		n := b.Nest(unix.IFLA_LINKINFO)
		b.Text(unix.IFLA_INFO_KIND, kind)
		b.End(n)
	}
	req, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Do(context.Background(), req, nil); err != nil {
		testenv.Missing(t, "links", "no ifb interface to test with: "+err.Error())
	}
}

// TestKeep asks after the end of the context that it was made with.
func TestKeep(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	n := New(ctx, nil)
	defer n.Close()
	i, err := n.Index("lo")
	if err != nil {
		testenv.Missing(t, "netlink", err.Error())
	}
	cancel()
	if _, err := n.Index("lo"); err == nil {
		t.Error("it asks after the end of its context")
	}
	n.Keep(t.Context(), time.Nanosecond)
	if _, err := n.Index("lo"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("with a limit of 1 ns: %v, want that it is exceeded", err)
	}
	n.Keep(t.Context(), 10*time.Second)
	if again, err := n.Index("lo"); err != nil || again != i || n.Name(i) != "lo" {
		t.Errorf("index %d, %v, name %q; want lo, %d", again, err, n.Name(i), i)
	}
}
