//go:build linux

package families_test

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/internal/vmtest"
	"github.com/nlkit/nlkit/internal/vmtest/guest"
)

// load loads all modules that the package asks for. Nothing in the virtual
// machine loads one by itself.
func load(t *testing.T) *vmtest.VM {
	t.Helper()
	vm := vmtest.Need(t)
	// New namespaces shall not begin with a dozen tunnels nobody asked for.
	if err := os.WriteFile("/proc/sys/net/core/fb_tunnels_only_for_init_net", []byte("1"), 0); err != nil {
		t.Fatal(err)
	}
	// Radios are made where they are wanted.
	if err := vm.Insmod("mac80211_hwsim", "radios=0"); err != nil && !errors.Is(err, unix.EEXIST) {
		t.Fatal(err)
	}
	plan, err := guest.ReadPlan()
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := os.ReadFile("/proc/modules")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range plan.Modules {
		// To ask for it again would cost as much as to load it.
		if bytes.Contains(loaded, []byte("\n"+m.Name+" ")) {
			continue
		}
		if err := vm.Insmod(m.Name); err != nil && !errors.Is(err, unix.EEXIST) {
			t.Fatal(err)
		}
	}
	return vm
}
