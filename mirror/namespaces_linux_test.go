package mirror

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/nlkit/nlkit/family/rtlink"
)

// named makes a namespace with a name, until the test ends.
func (s *scene) named(name string) {
	s.Helper()
	if out, err := exec.Command("ip", "netns", "add", name).CombinedOutput(); err != nil {
		s.Fatalf("ip netns add: %v %s", err, out)
	}
	s.Cleanup(func() { exec.Command("ip", "netns", "del", name).Run() })
}

// TestAllNamespaces mirrors namespaces that come, change and go.
func TestAllNamespaces(t *testing.T) {
	s := newScene(t)
	one, two := fmt.Sprintf("nlkit-%d-1", os.Getpid()), fmt.Sprintf("nlkit-%d-2", os.Getpid())
	s.named(one)
	o := s.options()
	o.AllNamespaces = true
	m := s.open(o, Links, Addrs, Routes)
	stop := s.follow(m, m.Snapshot())
	find := func(name string) (int32, bool) {
		for _, ns := range m.Namespaces() {
			if ns.Path == "/run/netns/"+name {
				return ns.NSID, true
			}
		}
		return 0, false
	}
	// until waits for what a snapshot shows.
	until := func(what string, ok func(*Snapshot) bool) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		if ok(m.Snapshot()) {
			return
		}
		for d, err := range m.Changes(ctx, m.Snapshot()) {
			if err != nil {
				t.Fatalf("%s: %v; namespaces %v", what, err, m.Namespaces())
			}
			if ok(d.To) {
				return
			}
		}
	}
	hasLink := func(name, link string) func(*Snapshot) bool {
		return func(snap *Snapshot) bool {
			id, ok := find(name)
			if !ok {
				return false
			}
			for l := range Links.In(snap, id) {
				if v, _ := l.IfName.Get(); v == link {
					return true
				}
			}
			return false
		}
	}
	if !hasLink(one, "lo")(m.Snapshot()) {
		t.Fatal("a namespace that was there is not mirrored")
	}
	exec.Command("ip", "-n", one, "link", "add", "va", "type", "veth", "peer", "name", "vb").Run()
	until("a link in the first", hasLink(one, "va"))
	s.named(two)
	until("a new namespace", hasLink(two, "lo"))
	exec.Command("ip", "-n", one, "link", "set", "vb", "netns", two).Run()
	until("a link that has moved", hasLink(two, "vb"))
	until("and is gone where it was", func(snap *Snapshot) bool { return !hasLink(one, "vb")(snap) })
	id, _ := find(two)
	exec.Command("ip", "netns", "del", two).Run()
	until("a namespace that has gone", func(snap *Snapshot) bool { return !slices.Contains(snap.Namespaces(), id) })
	var own []*rtlink.Link
	for l := range Links.All(m.Snapshot()) {
		own = append(own, l.Clone())
	}
	if len(own) != 1 {
		t.Errorf("%d links in the own namespace", len(own))
	}
	s.equal(m, "the own namespace", &linkDefinition, &addrDefinition, &routeDefinition)
	stop()
}
