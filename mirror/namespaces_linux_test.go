package mirror

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
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

// allNamespaces are options for a mirror of those namespaces that this process makes, and
// of those of some processes: what other programs do on the machine is no matter.
func (s *scene) allNamespaces(processes ...int) Options {
	o := s.options()
	o.AllNamespaces = true
	o.lookAt = func(path string) bool {
		if strings.HasPrefix(path, fmt.Sprintf("/run/netns/nlkit-%d-", os.Getpid())) {
			return true
		}
		return slices.ContainsFunc(processes, func(pid int) bool { return path == fmt.Sprintf("/proc/%d/ns/net", pid) })
	}
	return o
}

// TestAllNamespaces mirrors namespaces that come, change and go.
func TestAllNamespaces(t *testing.T) {
	s := newScene(t)
	one, two := fmt.Sprintf("nlkit-%d-1", os.Getpid()), fmt.Sprintf("nlkit-%d-2", os.Getpid())
	s.named(one)
	o := s.allNamespaces()
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

// awaited waits until the mirror's namespaces, as they are known by their paths, are so.
func (s *scene) awaited(m *Mirror, what string, ok func(snap *Snapshot, ids map[string]int32) bool) {
	s.Helper()
	for until := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		ids := map[string]int32{}
		for _, ns := range m.Namespaces() {
			ids[ns.Path] = ns.NSID
		}
		if snap := m.Snapshot(); ok(snap, ids) {
			return
		}
		if time.Now().After(until) {
			s.Fatalf("%s: not after 20 s; namespaces %v, health %+v", what, m.Namespaces(), m.Health())
		}
	}
}

// linksIn are the names of the links of a namespace.
func linksIn(snap *Snapshot, nsid int32) (names []string) {
	for l := range Links.In(snap, nsid) {
		name, _ := l.IfName.Get()
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// TestNamespaceIDs: an id that is given to another namespace at once, by the same name,
// is not taken for the one that has gone.
func TestNamespaceIDs(t *testing.T) {
	s := newScene(t)
	name := fmt.Sprintf("nlkit-%d-id", os.Getpid())
	path := "/run/netns/" + name
	s.named(name)
	s.shell("ip -n " + name + " link add before type veth peer name before2")
	o := s.allNamespaces()
	m := s.open(o, Links, Routes)
	stop := s.follow(m, m.Snapshot())
	s.awaited(m, "the first", func(snap *Snapshot, ids map[string]int32) bool {
		id, ok := ids[path]
		return ok && slices.Equal(linksIn(snap, id), []string{"before", "before2", "lo"})
	})
	for i := range 3 {
		link := fmt.Sprint("after", i)
		s.shell(fmt.Sprintf("ip netns del %s && ip netns add %[1]s && ip -n %[1]s link add %[2]s type veth peer name peer", name, link))
		s.awaited(m, "the next", func(snap *Snapshot, ids map[string]int32) bool {
			id, ok := ids[path]
			return ok && slices.Equal(linksIn(snap, id), []string{link, "lo", "peer"})
		})
	}
	stop()
}

// inside waits until a process is in the namespace of a path.
func (s *scene) inside(pid int, path string) {
	s.Helper()
	for begin := time.Now(); ; time.Sleep(time.Millisecond) {
		its, err := os.Stat(fmt.Sprintf("/proc/%d/ns/net", pid))
		if err != nil {
			s.Fatal(err)
		}
		of, err := os.Stat(path)
		if err != nil {
			s.Fatal(err)
		}
		if os.SameFile(its, of) {
			return
		}
		if time.Since(begin) > slowest {
			s.Fatalf("process %d is not in %s", pid, path)
		}
	}
}

// TestNamespaceUnnamed: a namespace that has lost its name stays mirrored without a gap
// as long as a process is in it.
func TestNamespaceUnnamed(t *testing.T) {
	s := newScene(t)
	name := fmt.Sprintf("nlkit-%d-un", os.Getpid())
	path := "/run/netns/" + name
	s.named(name)
	cmd := exec.Command("ip", "netns", "exec", name, "sleep", "60")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		cmd.Process.Kill()
		cmd.Wait()
	}()
	s.inside(cmd.Process.Pid, path)
	o := s.allNamespaces(cmd.Process.Pid)
	m := s.open(o, Links)
	var id int32
	s.awaited(m, "the namespace", func(snap *Snapshot, ids map[string]int32) (ok bool) {
		id, ok = ids[path]
		return ok && len(linksIn(snap, id)) == 1
	})
	from := m.Snapshot()
	s.shell("ip netns del " + name)
	s.awaited(m, "another path", func(_ *Snapshot, ids map[string]int32) bool {
		for p, other := range ids {
			if other == id && p != path {
				return true
			}
		}
		return false
	})
	s.shell(fmt.Sprintf("nsenter --net=/proc/%d/ns/net ip link set lo up", cmd.Process.Pid))
	s.awaited(m, "a change", func(snap *Snapshot, _ map[string]int32) bool {
		for l := range Links.In(snap, id) {
			return l.Header.Flags&iffUp != 0
		}
		return false
	})
	for c := range delta(from, m.Snapshot()).Changes() {
		if c.NSID == id && c.Kind != Changed {
			t.Errorf("%v of %x: it was there all the time", c.Kind, c.Key)
		}
	}
}

// TestNamespacesChurn has namespaces come and go by the dozen while the mirror looks for
// them: in the end it has those that there are, each as it is, and no more descriptors
// than before.
func TestNamespacesChurn(t *testing.T) {
	n := envInt(t, "NLKIT_MIRROR_NAMESPACES", 16)
	s := newScene(t)
	o := s.allNamespaces()
	m := s.open(o, Links, Addrs, Routes)
	s.settled(m)
	open := descriptors(t)
	name := func(i int) string { return fmt.Sprintf("nlkit-%d-c%d", os.Getpid(), i) }
	t.Cleanup(func() {
		for i := range n {
			exec.Command("ip", "netns", "del", name(i)).Run()
		}
	})
	for round := range 3 {
		for i := range n {
			if round > 0 && i%2 == round%2 {
				s.shell("ip netns del " + name(i))
			}
			if round == 0 || i%2 == round%2 && i%4 != 3 {
				s.shell(fmt.Sprintf("ip netns add %s && ip -n %[1]s link add r%d type veth peer name p && ip -n %[1]s addr add 10.%d.%d.1/24 dev p", name(i), round, round, i))
			}
		}
	}
	s.awaited(m, "all that are left", func(snap *Snapshot, ids map[string]int32) bool {
		if !snap.Synced() {
			return false
		}
		for i := range n {
			id, ok := ids["/run/netns/"+name(i)]
			there := i%4 != 3 // those of the second round
			if ok != there {
				return false
			}
			round := 2
			if i%2 == 1 {
				round = 1
			}
			if there && !slices.Equal(linksIn(snap, id), []string{"lo", "p", fmt.Sprint("r", round)}) {
				return false
			}
		}
		return true
	})
	before := s.settled(m)
	report, err := m.Audit(t.Context())
	for c := range delta(before, m.Snapshot()).Changes() {
		t.Logf("%v in %d: %s\n%s", c.Kind, c.NSID, c.def.appendJSON(nil, c.Old), c.def.appendJSON(nil, c.New))
	}
	if err != nil || report.Drift != 0 || len(report.Tables) < 3*(n/2) {
		t.Errorf("%v, %+v", err, report)
	}
	// A scan that is going on has one of its own.
	for until := time.Now().Add(patience); descriptors(t) > open; time.Sleep(time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("%d descriptors, %d before", descriptors(t), open)
		}
	}
}

// descriptors counts those of this process.
func descriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// shell runs a command line that has to work.
func (s *scene) shell(line string) {
	s.Helper()
	if out, err := exec.Command("sh", "-c", line).CombinedOutput(); err != nil {
		s.Fatalf("%s: %v %s", line, err, out)
	}
}

// TestAllNamespacesRefused is run by itself again, without CAP_NET_BROADCAST.
func TestAllNamespacesRefused(t *testing.T) {
	const variable = "NLKIT_TEST_REFUSED"
	if os.Getenv(variable) != "" {
		m, err := Options{AllNamespaces: true}.Open(t.Context(), Links)
		if err == nil {
			m.Close()
		}
		fmt.Println("Open says:", err)
		return
	}
	newScene(t) // for root
	cmd := exec.Command("setpriv", "--bounding-set", "-net_broadcast", os.Args[0], "-test.run=^TestAllNamespacesRefused$")
	cmd.Env = append(os.Environ(), variable+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "CAP_NET_BROADCAST") || !strings.Contains(string(out), "NETLINK_LISTEN_ALL_NSID") {
		t.Errorf("%v\n%s", err, out)
	}
}
