//nlkit:vm
//nlkit:modules kmod/plain kmod/doc_exmpl kmod/nlkit_test internal/vmtest/modules/testdata/crowd ?drop_monitor
//nlkit:commands cmd/nlkit
//nlkit:files docs/demos-kernel.md kmod/doc_exmpl/doc_exmpl.yaml kmod/doc_exmpl/uapi /bin/sh /usr/sbin/insmod /usr/sbin/rmmod /usr/bin/dmesg /usr/bin/grep
//nlkit:timeout 5m
package modules

import (
	"errors"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/internal/vmtest"
)

func TestMain(m *testing.M) { testenv.Main(m) }

// load loads modules for one test and unloads them after it.
func load(t testing.TB, vm *vmtest.VM, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := vm.Insmod(name); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { unload(t, vm, name) })
	}
}

// unload unloads a module. One that is in use, as one is for a moment after the
// last dump from it, is asked for again.
func unload(t testing.TB, vm *vmtest.VM, name string) {
	t.Helper()
	var err error
	for start := time.Now(); time.Since(start) < 5*time.Second; time.Sleep(5 * time.Millisecond) {
		if err = vm.Rmmod(name); !errors.Is(err, unix.EAGAIN) {
			break
		}
	}
	if err != nil {
		t.Error(err)
	}
}
