package testenv

import (
	"fmt"
	"os"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// NetNS is a network namespace made for one test.
type NetNS struct {
	// File keeps the namespace alive; its descriptor is what netlink.NamespaceFD
	// takes. It is closed at the end of the test.
	File *os.File
}

// FD returns the descriptor of the namespace.
func (n *NetNS) FD() int { return int(n.File.Fd()) }

// Path returns a name under which this process can open the namespace.
func (n *NetNS) Path() string { return fmt.Sprintf("/proc/self/fd/%d", n.FD()) }

// NewNetNS makes an empty network namespace that ends with the test. Without
// the right to, the test is skipped; ability "netns".
func NewNetNS(tb testing.TB) *NetNS {
	tb.Helper()
	type result struct {
		file *os.File
		err  error
	}
	done := make(chan result)
	go func() {
		file, err := unshare()
		done <- result{file, err}
	}()
	r := <-done
	if r.err != nil {
		Missing(tb, "netns", "cannot make a network namespace (root is needed): "+r.err.Error())
	}
	tb.Cleanup(func() { r.file.Close() })
	return &NetNS{File: r.file}
}

// unshare makes a namespace and opens it. The thread goes back to its own one:
// the main thread, which stands for the process in /proc/self, could not be
// thrown away.
func unshare() (*os.File, error) {
	runtime.LockOSThread()
	path := fmt.Sprintf("/proc/self/task/%d/ns/net", unix.Gettid())
	own, err := os.Open(path)
	if err != nil {
		runtime.UnlockOSThread()
		return nil, err
	}
	defer own.Close()
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		runtime.UnlockOSThread()
		return nil, fmt.Errorf("unshare: %w", err)
	}
	file, err := os.Open(path)
	if unix.Setns(int(own.Fd()), unix.CLONE_NEWNET) == nil {
		runtime.UnlockOSThread() // else it ends with this goroutine
	}
	return file, err
}

// NeedRoot skips the test unless it runs as root; ability "root".
func NeedRoot(tb testing.TB) {
	tb.Helper()
	if os.Geteuid() != 0 {
		Missing(tb, "root", "run as root")
	}
}
