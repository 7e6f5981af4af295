package vmtest

import (
	"os"
	"testing"

	"github.com/nlkit/nlkit/internal/vmtest/guest"
)

// VM is the kernel that a test runs on, in a virtual machine of its package's
// own. The tests of a package share it, one after the other: what a test loads
// stays loaded for the next unless it unloads it.
type VM struct {
	tb   testing.TB
	plan *guest.Plan
	mark uint64
}

// Need gives a test its virtual machine. Elsewhere the test is skipped, even
// where everything is required: what has to pass is the command that boots.
func Need(tb testing.TB) *VM {
	tb.Helper()
	if os.Getenv(guest.Env) == "" {
		tb.Skip("runs in a virtual machine: go run ./internal/vmtest/...")
	}
	plan, err := guest.ReadPlan()
	if err != nil {
		tb.Fatal(err)
	}
	vm := &VM{tb: tb, plan: plan}
	vm.Mark()
	return vm
}

// Kernel is the name of the kernel, as in "6.12-cloud".
func (vm *VM) Kernel() string { return vm.plan.Kernel }

// Has reports whether a module was shipped or is built in: what [VM.Insmod] can
// load. A package that asks for "?name" has to ask here too.
func (vm *VM) Has(name string) bool { return vm.plan.Has(name) }

// Insmod loads a module that was shipped, and first what it depends on. Params
// are like "hop=2". The error wraps the kernel's errno: EEXIST for one that is
// loaded already. One that was not shipped is [os.ErrNotExist]; for one that the
// kernel has built in there is nothing to do. It is not unloaded by itself.
func (vm *VM) Insmod(name string, params ...string) error { return vm.plan.Insmod(name, params...) }

// Rmmod unloads a module, without waiting for one that is in use: the error wraps
// the kernel's errno, EWOULDBLOCK or EBUSY then, ENOENT for one that is not
// loaded.
func (vm *VM) Rmmod(name string) error { return guest.Rmmod(name) }

// Mark sets where [VM.Dmesg] and [VM.Warnings] begin: here. [Need] does so, too.
func (vm *VM) Mark() {
	vm.tb.Helper()
	mark, err := guest.LogEnd()
	if err != nil {
		vm.tb.Fatal(err)
	}
	vm.mark = mark
}

// Dmesg returns the kernel's log since the mark, in lines as dmesg writes them.
func (vm *VM) Dmesg() string {
	vm.tb.Helper()
	records, _, err := guest.Log(vm.mark)
	if err != nil {
		vm.tb.Fatal(err)
	}
	var log []byte
	for _, r := range records {
		log = append(append(log, r.String()...), '\n')
	}
	return string(log)
}

// Warnings returns the lines since the mark by which the kernel complains about
// itself, its modules or their memory. The package fails for any of them at its
// end, even if no test asks here, unless one has called [VM.ExpectWarnings].
func (vm *VM) Warnings() []string {
	vm.tb.Helper()
	found, _, err := guest.Complaints(vm.mark)
	if err != nil {
		vm.tb.Fatal(err)
	}
	return found
}

// ExpectWarnings makes the kernel's complaints no reason for the package to fail.
// It holds for all tests of the package in this boot.
func (vm *VM) ExpectWarnings() {
	vm.tb.Helper()
	if err := guest.ExpectWarnings(); err != nil {
		vm.tb.Fatal(err)
	}
}

// Slab returns how many bytes of the kernel's slabs are in use and cannot be
// reclaimed, once its caches are dropped and what was freed after a grace period
// is gone, for which it waits up to some seconds. Two readings differ by some
// pages even if nothing has leaked.
func (vm *VM) Slab() int64 {
	vm.tb.Helper()
	n, err := guest.Slab()
	if err != nil {
		vm.tb.Fatal(err)
	}
	return n
}

// Keep has a file kept, beyond the virtual machine, in the folder that the
// command was told by -keep, for this kernel and package; without it nothing is
// kept. The name is one without folders.
func (vm *VM) Keep(name string, contents []byte) {
	vm.tb.Helper()
	if err := guest.Keep(name, contents); err != nil {
		vm.tb.Fatal(err)
	}
}
