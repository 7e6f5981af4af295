package mirror_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/mirror"
	"github.com/nlkit/nlkit/netlink"
)

// TestCustom mirrors a table of one's own while ids are given and a namespace goes.
func TestCustom(t *testing.T) {
	ns := testenv.NewNetNS(t)
	run := func(args ...string) {
		t.Helper()
		cmd := exec.Command("nsenter", append([]string{"--net=/proc/self/fd/3"}, args...)...)
		cmd.ExtraFiles = []*os.File{ns.File}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v: %s", args, err, out)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	m, err := mirror.Options{Netlink: netlink.Options{Namespace: netlink.NamespaceFD(ns.FD())}}.Open(ctx, nsids)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	count := func(want int) {
		t.Helper()
		if err := m.Sync(ctx); err != nil {
			t.Fatal(err)
		}
		n := 0
		for range nsids.All(m.Snapshot()) {
			n++
		}
		if n != want {
			t.Errorf("%d ids, want %d", n, want)
		}
	}
	count(0)
	name := fmt.Sprintf("nlkit-%d-custom", os.Getpid())
	run("ip", "netns", "add", name)
	t.Cleanup(func() { exec.Command("ip", "netns", "del", name).Run() })
	run("ip", "netns", "set", name, "7")
	count(1)
	before := m.Snapshot()
	run("ip", "netns", "del", name)
	for d, err := range m.Changes(ctx, before) {
		if err != nil {
			t.Fatal("the end of a namespace: ", err)
		}
		deleted := false
		for c := range d.Changes() {
			deleted = deleted || c.Kind == mirror.Deleted
		}
		if deleted {
			break
		}
	}
	count(0)
	if r, err := m.Audit(ctx); err != nil || r.Drift != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}
