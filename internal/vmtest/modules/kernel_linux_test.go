package modules

import (
	"context"
	"fmt"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/internal/kmod/nlkittest"
	"github.com/nlkit/nlkit/internal/kmod/testtwin"
	"github.com/nlkit/nlkit/internal/vmtest"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
)

// subject is a kernel with the family nlkit_test: a real one with the module, or
// the simulated one with its twin. Tests that need no more than that run on both.
type subject struct {
	name string
	via  netlink.Opener // nil: the real one
	// modern tells that the kernel has the types uint and sint, and a policy for
	// each mode of an operation: it is 6.7 or later.
	modern bool
	newest bool // it is 7.2 or later
	// nobody runs f with an opener of sockets that have no right.
	nobody func(t *testing.T, f func(via netlink.Opener))
}

func (s *subject) options(o netlink.Options) *netlink.Options {
	o.Via = s.via
	return &o
}

func (s *subject) dial(t testing.TB, o netlink.Options) *nlkittest.Client {
	t.Helper()
	c, err := nlkittest.Dial(context.Background(), s.options(o))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// simulated is the simulated kernel.
func simulated(t testing.TB) *subject {
	t.Helper()
	k := sim.NewKernel()
	t.Cleanup(func() { k.Close() })
	twin, err := testtwin.New(k)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { twin.Close() })
	return &subject{name: "simulated", via: k, modern: true, nobody: func(_ *testing.T, f func(netlink.Opener)) { f(k.Unprivileged()) }}
}

// real is the kernel of the virtual machine. It skips the test elsewhere.
func real(t testing.TB) *subject {
	t.Helper()
	vm := vmtest.Need(t)
	load(t, vm, "nlkit_test")
	return &subject{name: vm.Kernel(), modern: atLeast(t, 6, 7), newest: atLeast(t, 7, 2), nobody: func(t *testing.T, f func(netlink.Opener)) { asNobody(t, func() { f(nil) }) }}
}

// atLeast reports whether this kernel has at least a version.
func atLeast(t testing.TB, major, minor int) bool {
	t.Helper()
	var uts unix.Utsname
	if err := unix.Uname(&uts); err != nil {
		t.Fatal(err)
	}
	release := unix.ByteSliceToString(uts.Release[:])
	var a, b int
	if _, err := fmt.Sscanf(release, "%d.%d", &a, &b); err != nil {
		t.Fatalf("kernel %q: %v", release, err)
	}
	return a > major || a == major && b >= minor
}

// onBoth runs a test on both kernels, on the real one in a virtual machine only.
func onBoth(t *testing.T, f func(t *testing.T, s *subject)) {
	t.Run("simulated", func(t *testing.T) { f(t, simulated(t)) })
	t.Run("real", func(t *testing.T) { f(t, real(t)) })
}
