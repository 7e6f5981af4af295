package selftest

import (
	"fmt"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/internal/vmtest"
)

// TestSpoil does what must not pass unnoticed: what the environment variable
// NLKIT_SELFTEST_SPOIL says. The tests of package vmtest look at what comes of it.
func TestSpoil(t *testing.T) {
	vm := vmtest.Need(t)
	insmod := func(param string) {
		t.Logf("insmod: %v", vm.Insmod(module, param))
	}
	switch how := os.Getenv("NLKIT_SELFTEST_SPOIL"); how {
	case "":
	case "fail":
		t.Error("failed on purpose")
	case "panic":
		panic("panicked on purpose")
	case "hang":
		time.Sleep(time.Hour)
	case "exit":
		os.Exit(0)
	case "kill":
		t.Log(unix.Kill(os.Getpid(), unix.SIGKILL))
	case "warn":
		insmod("warn=1")
	case "expect":
		insmod("warn=1")
		if len(vm.Warnings()) == 0 {
			t.Errorf("no warnings in the log:\n%s", vm.Dmesg())
		}
		vm.ExpectWarnings()
	case "oops":
		insmod("oops=1")
	case "stuck":
		fmt.Println("about to be stuck")
		insmod("spin=1")
	case "crash":
		t.Log(os.WriteFile("/proc/sysrq-trigger", []byte("c"), 0o200))
	default:
		t.Errorf("there is no way %q to spoil a test", how)
	}
}
