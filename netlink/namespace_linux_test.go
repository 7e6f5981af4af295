package netlink

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/wire"
)

// named binds a namespace to a name as ip-netns(8) does, until the end of the test.
func named(t *testing.T, ns *testenv.NetNS) string {
	t.Helper()
	testenv.NeedRoot(t)
	name := fmt.Sprintf("nlkit-test-%d", os.Getpid())
	if err := os.MkdirAll(namespaceDir, 0o755); err != nil { // and it stays, as ip leaves it
		t.Fatal(err)
	}
	path := filepath.Join(namespaceDir, name)
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(path) })
	if err := unix.Mount(ns.Path(), path, "", unix.MS_BIND, ""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(path, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return name
}

func TestNamespaces(t *testing.T) {
	ns := testenv.NewNetNS(t)
	name := named(t, ns)
	// Only there are there routes to 10.0.0.0.
	addRoutes(t, dialTest(t, &Options{Namespace: NamespaceFD(ns.FD())}), 0, 3)
	for _, n := range []Namespace{
		NamespaceFD(ns.FD()), NamespaceName(name), NamespacePath(ns.Path()), NamespacePath(namespaceDir + "/" + name),
		ParseNamespace(name), ParseNamespace(ns.Path()),
	} {
		if got := rows(t, dialTest(t, &Options{Namespace: n}), patience(t), getRoutes(t, mainTable)); got != 3 {
			t.Errorf("%v: %d routes, want 3", n, got)
		}
	}
	allThreadsAtHome(t)
	if got := rows(t, dialTest(t, &Options{Namespace: ParseNamespace("")}), patience(t), getLink(t, 0)); got == 0 {
		t.Error("no link in the namespace the test runs in")
	}
}

// allThreadsAtHome fails the test if a thread of this process stays in a
// namespace other than the process's.
func allThreadsAtHome(t *testing.T) {
	t.Helper()
	var away string
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); runtime.Gosched() {
		away = ""
		home, err := os.Readlink("/proc/self/ns/net")
		if err != nil {
			t.Fatal(err)
		}
		tasks, err := filepath.Glob("/proc/self/task/*/ns/net")
		if err != nil || len(tasks) == 0 {
			t.Fatalf("no threads: %v", err)
		}
		for _, task := range tasks {
			// A thread that was made for a namespace and has ended is no more.
			if at, err := os.Readlink(task); err == nil && at != home {
				away = task + " is in " + at + ", not in " + home
			}
		}
		if away == "" {
			return
		}
	}
	t.Error(away)
}

func TestNamespaceErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "plain")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	open, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	for _, c := range []struct {
		n    Namespace
		err  error
		text string
	}{
		{NamespaceName("nlkit-there-is-none"), os.ErrNotExist, "/run/netns/nlkit-there-is-none"},
		{NamespacePath("/proc/1234567890/ns/net"), os.ErrNotExist, "/proc/1234567890/ns/net"},
		{NamespacePath(file), EINVAL, file + ": not a network namespace"},
		{NamespacePath("/proc/self/ns/uts"), EINVAL, "not a network namespace"},
		{NamespaceFD(int(open.Fd())), EINVAL, "not a network namespace"},
		{NamespaceFD(1 << 20), EBADF, "fd 1048576"},
		{NamespaceFD(-1), EBADF, "invalid fd"},
	} {
		s, err := Open(wire.Route, &Options{Namespace: c.n})
		if err == nil {
			t.Errorf("%v: opened", c.n)
			s.Close()
			continue
		}
		var e *NamespaceError
		if !errors.As(err, &e) || e.Namespace != c.n || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%v: %v, want a *NamespaceError with %q", c.n, err, c.text)
		}
		// Without the right to enter any, that is what is reported first.
		if !errors.Is(err, c.err) && !(os.Geteuid() != 0 && errors.Is(err, EPERM)) {
			t.Errorf("%v: %v, want %v", c.n, err, c.err)
		}
	}
	allThreadsAtHome(t)
}
