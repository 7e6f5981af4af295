package mirror_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/mirror"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// ip runs ip(8) in a namespace.
func ip(t *testing.T, ns *testenv.NetNS, args string) {
	t.Helper()
	cmd := exec.Command("nsenter", append([]string{"--net=/proc/self/fd/3", "ip"}, strings.Fields(args)...)...)
	cmd.ExtraFiles = []*os.File{ns.File}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("ip %s: %v: %s", args, err, out)
	}
}

// TestCustom mirrors a table of one's own while ids are given and a namespace goes.
func TestCustom(t *testing.T) {
	ns := testenv.NewNetNS(t)
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
	ip(t, ns, "netns add "+name)
	t.Cleanup(func() { exec.Command("ip", "netns", "del", name).Run() })
	ip(t, ns, "netns set "+name+" 7")
	count(1)
	before := m.Snapshot()
	ip(t, ns, "netns del "+name)
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

// linkByLink is a table of links that are asked for one by one.
func linkByLink(perLink bool) mirror.Raw {
	const getLink, index = 18, 4
	return mirror.NewRaw(mirror.Definition{Name: "link-by-link", Protocol: wire.Route, Poll: time.Hour, PerLink: perLink, HeaderLen: 16,
		Dump: func(v mirror.View, s mirror.Scope) (list []mirror.Request) {
			for link := range v.Links() {
				if s.Link == 0 || s.Link == link {
					payload := make([]byte, 16)
					binary.NativeEndian.PutUint32(payload[index:], link)
					list = append(list, mirror.Request{Type: getLink, Payload: payload, One: true})
				}
			}
			return list
		},
		Key:   func(dst, value []byte) []byte { return append(dst, value[index:index+4]...) },
		Links: func(_, value []byte, add func(uint32)) { add(binary.NativeEndian.Uint32(value[index:])) }})
}

// TestCustomPerLink: a table that is read link by link has what links there are, and says
// so where it was not told that it is one.
func TestCustomPerLink(t *testing.T) {
	ns := testenv.NewNetNS(t)
	o := mirror.Options{Netlink: netlink.Options{Namespace: netlink.NamespaceFD(ns.FD())}}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	const want = "mirror link-by-link: its Dump asks for links, which nothing watches: its Definition needs PerLink"
	if _, err := o.Open(ctx, linkByLink(false)); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	table := linkByLink(true)
	m, err := o.Open(ctx, table)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	for _, step := range []struct {
		ip    string
		links int
	}{{"-V", 1}, {"link add va type veth peer name vb", 3}, {"link set va up", 3}, {"link del vb", 1}} {
		ip(t, ns, step.ip)
		if err := m.Sync(ctx); err != nil {
			t.Fatal(err)
		}
		n := 0
		for range table.All(m.Snapshot()) {
			n++
		}
		if n != step.links {
			t.Errorf("after ip %s: %d links, want %d", step.ip, n, step.links)
		}
	}
	if h := m.Health(); len(h.Rules) != 1 || h.Rules[0].Name != "link" || h.Rules[0].Records != 1 || !h.Rules[0].Synced {
		t.Errorf("what rules watch: %+v", h.Rules)
	}
}

// TestCustomKey: a key that does not tell records apart is refused, not believed.
func TestCustomKey(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for _, table := range []mirror.Source{mirror.Family("nlctrl", "getfamily", "version"),
		mirror.NewRaw(mirror.Definition{Name: "one", Protocol: wire.Route, Groups: []uint32{1}, Put: []uint16{16}, HeaderLen: 16,
			Dump: func(mirror.View, mirror.Scope) []mirror.Request {
				return []mirror.Request{{Type: 18, Payload: make([]byte, 16)}}
			},
			Key: func(dst, value []byte) []byte { return append(dst, 1) }})} {
		ns := testenv.NewNetNS(t)
		ip(t, ns, "link add va type veth peer name vb")
		m, err := mirror.Options{Netlink: netlink.Options{Namespace: netlink.NamespaceFD(ns.FD())}}.Open(ctx, table)
		if err == nil {
			m.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "two different records of one dump have the same key") {
			t.Errorf("%v", err)
		}
	}
}
