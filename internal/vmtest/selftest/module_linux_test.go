//nlkit:vm
//nlkit:modules dummy vxlan ?nlkit_no_such_module internal/vmtest/selftest/testdata/nlkit_selftest
//nlkit:files internal/vmtest/doc.go /usr/sbin/ip
package selftest

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/internal/vmtest"
)

const module = "nlkit_selftest"

// loaded reports whether the kernel has a module.
func loaded(name string) bool {
	_, err := os.Stat("/sys/module/" + name)
	return err == nil
}

func TestModuleOfImage(t *testing.T) {
	vm := vmtest.Need(t)
	if loaded("dummy") {
		t.Error("a module was loaded that no test has asked for")
	}
	if err := vm.Rmmod("dummy"); !errors.Is(err, unix.ENOENT) {
		t.Errorf("unloading what was never loaded: error %v, want ENOENT", err)
	}
	if err := vm.Insmod("dummy", "numdummies=2"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"dummy0", "dummy1"} {
		if _, err := net.InterfaceByName(name); err != nil {
			t.Errorf("with numdummies=2: %v", err)
		}
	}
	if err := vm.Insmod("dummy"); !errors.Is(err, unix.EEXIST) {
		t.Errorf("loading it again: error %v, want EEXIST", err)
	}
	if err := vm.Rmmod("dummy"); err != nil {
		t.Error(err)
	}
	if loaded("dummy") {
		t.Error("it is there after it was unloaded")
	}
}

func TestModuleDependencies(t *testing.T) {
	vm := vmtest.Need(t)
	const needed = "udp_tunnel"
	if loaded(needed) {
		t.Fatalf("%s is loaded before what needs it", needed)
	}
	if err := vm.Insmod("vxlan"); err != nil {
		t.Fatal(err)
	}
	if !loaded(needed) {
		t.Errorf("vxlan is there without %s", needed)
	}
	if err := vm.Rmmod(needed); err == nil {
		t.Errorf("%s could be unloaded while it is in use", needed)
	}
	if err := vm.Rmmod("vxlan"); err != nil {
		t.Error(err)
	}
	if err := vm.Rmmod(needed); err != nil {
		t.Error(err)
	}
}

func TestModuleNotShipped(t *testing.T) {
	vm := vmtest.Need(t)
	const optional = "nlkit_no_such_module"
	if vm.Has(optional) {
		t.Errorf("%s is said to be there", optional)
	}
	for _, name := range []string{optional, "bonding"} {
		if err := vm.Insmod(name); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: error %v, want %v", name, err, os.ErrNotExist)
		}
	}
}

func TestModuleOfTree(t *testing.T) {
	vm := vmtest.Need(t)
	if err := vm.Insmod("nlkit-selftest", "refuse=22"); !errors.Is(err, unix.EINVAL) {
		t.Errorf("a module that refuses: error %v, want EINVAL", err)
	}
	vm.Mark()
	if err := vm.Insmod(module); err != nil {
		t.Fatal(err)
	}
	if err := vm.Rmmod(module); err != nil {
		t.Fatal(err)
	}
	log := vm.Dmesg()
	if strings.Count(log, "nlkit_selftest: loaded") != 1 || !strings.Contains(log, "nlkit_selftest: unloaded") {
		t.Errorf("the log since the mark has not one line of loading, and one of unloading:\n%s", log)
	}
	if w := vm.Warnings(); len(w) > 0 {
		t.Errorf("warnings: %q", w)
	}
}

func TestSlab(t *testing.T) {
	vm := vmtest.Need(t)
	insmod := func(params ...string) int64 {
		before := vm.Slab()
		if err := vm.Insmod(module, params...); err != nil {
			t.Fatal(err)
		}
		if err := vm.Rmmod(module); err != nil {
			t.Fatal(err)
		}
		return vm.Slab() - before
	}
	insmod() // what the first loading leaves in the kernel's own tables
	const pages, noise = 256, 64 * 4096
	if n := insmod(); n > noise {
		t.Errorf("%d bytes of slabs more though nothing was leaked", n)
	}
	if n := insmod("leak=256"); n < pages*4096-noise {
		t.Errorf("%d bytes of slabs more; %d were leaked", n, pages*4096)
	}
}

func TestFiles(t *testing.T) {
	vmtest.Need(t)
	for _, name := range []string{"../doc.go", "../../../go.mod", "testdata/nlkit_selftest/Kbuild"} {
		if _, err := os.Stat(name); err != nil {
			t.Error(err)
		}
	}
	out, err := exec.Command("ip", "link", "show", "lo").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "LOOPBACK,UP") {
		t.Errorf("ip link: error %v\n%s", err, out)
	}
}

func TestKeep(t *testing.T) {
	vm := vmtest.Need(t)
	vm.Keep("kernel.txt", []byte(vm.Kernel()+"\n"))
}
