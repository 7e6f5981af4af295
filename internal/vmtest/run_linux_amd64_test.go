package vmtest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/testenv"
)

const spoiledKernel = "6.12-cloud"

// newSelftest prepares to boot the package selftest. That is skipped where it
// cannot be done, and unless it is required, where the kernel would have to be
// fetched first: testing alone uses no network.
func newSelftest(t *testing.T) *Runner {
	t.Helper()
	if err := Check(); err != nil {
		testenv.Missing(t, "vm", err.Error())
	}
	if testing.Short() {
		t.Skip("boots virtual machines")
	}
	if !testenv.Required("vm") && !Cached(spoiledKernel) {
		t.Skipf("kernel %s is not in the cache: go run ./internal/vmtest/... fetches it", spoiledKernel)
	}
	r, err := NewRunner(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// spoil boots the package selftest with a test that does something that must not
// pass unnoticed, and returns what was printed.
func spoil(t *testing.T, r *Runner, opts Options) (ok bool, out string) {
	t.Helper()
	var b strings.Builder
	opts.Kernels, opts.Out, opts.Say = []string{spoiledKernel}, &b, func(line string) { t.Log(line) }
	if opts.Run == "" {
		opts.Run = "^TestSpoil$"
	}
	r.opts = opts
	packages, err := Packages(t.Context(), "./selftest")
	if err != nil || len(packages) != 1 {
		t.Fatalf("%d packages, error %v", len(packages), err)
	}
	if ok, err = r.Run(t.Context(), packages); err != nil {
		t.Fatal(err)
	}
	return ok, b.String()
}

// TestSpoiled: what goes wrong in a virtual machine is a failure, and says what.
// Each case is a boot.
func TestSpoiled(t *testing.T) {
	r := newSelftest(t)
	for _, tt := range []struct {
		how  string
		opts Options
		ok   bool
		want string // regular expression
	}{
		{how: "fail", want: `--- FAIL: TestSpoil .*\n.*failed on purpose\n(?s:.*)\nFAIL\t`},
		{how: "panic", want: `panic: panicked on purpose(?s:.*)\nFAIL\t`},
		{how: "kill", want: `could not be run to its end: signal: killed\nFAIL\t`},
		{how: "warn", want: `the kernel has complained, .*WARNING: .*\nThe kernel's log:\n(?s:.*)Call Trace:(?s:.*)\nFAIL\t`},
		{how: "expect", ok: true, want: `^ok  \t`},
		{how: "oops", want: `no verdict: the kernel panicked\. (?s:.*)nlkit_selftest_init(?s:.*)\nFAIL\t`},
		{how: "crash", want: `no verdict: the kernel panicked\. (?s:.*)sysrq(?s:.*)\nFAIL\t`},
		{how: "hang", opts: Options{Timeout: 14 * time.Second}, want: `panic: test timed out after [0-9]+s(?s:.*)\nFAIL\t`},
		{how: "stuck", opts: Options{Timeout: 10 * time.Second}, want: `about to be stuck\n(?s:.*)was ended after 10s, its limit(?s:.*)\nFAIL\t`},
	} {
		t.Run(tt.how, func(t *testing.T) {
			tt.opts.Env = []string{"NLKIT_SELFTEST_SPOIL=" + tt.how}
			ok, out := spoil(t, r, tt.opts)
			if ok != tt.ok || !regexp.MustCompile(tt.want).MatchString(out) {
				t.Errorf("passed %v, want %v and output that matches\n%s\noutput:\n%s", ok, tt.ok, tt.want, out)
			}
		})
	}
}

// TestRunKeep: what is to be kept is where it was asked for.
func TestRunKeep(t *testing.T) {
	r, dir := newSelftest(t), t.TempDir()
	if ok, out := spoil(t, r, Options{Keep: dir, Verbose: true, Run: "none", Args: []string{"-test.run=Keep"}}); !ok || !strings.Contains(out, "--- PASS: TestKeep") {
		t.Errorf("passed %v, output:\n%s", ok, out)
	}
	for _, name := range []string{"initramfs.cpio", "console.log", "kernel.txt"} {
		b, err := os.ReadFile(filepath.Join(dir, "6.12-cloud/internal/vmtest/selftest", name))
		if err != nil {
			t.Error(err)
		}
		if name == "kernel.txt" && string(b) != "6.12-cloud\n" {
			t.Errorf("%s: %q", name, b)
		}
	}
}

func TestPackages(t *testing.T) {
	got, err := Packages(t.Context(), "./...")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(got, func(p Package) bool { return strings.HasSuffix(p.Path, "/internal/vmtest/selftest") })
	if i < 0 || !slices.Contains(got[i].Modules, "dummy") {
		t.Errorf("selftest is not found: %+v", got)
	}
	if slices.ContainsFunc(got, func(p Package) bool { return strings.HasSuffix(p.Path, "/vmtest") }) {
		t.Error("this package asks for no virtual machine")
	}
	if _, err := Packages(t.Context(), "./nowhere"); err == nil {
		t.Error("a package that is not there: no error")
	}
}

// TestCheck: without the programs it is said which ones, and what to type.
func TestCheck(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	err := Check()
	var missing *MissingError
	if !errors.As(err, &missing) || !IsMissing(err) {
		t.Fatalf("error %v", err)
	}
	for _, want := range []string{"qemu-system-x86_64", "make", "apt-get install --no-install-recommends qemu-system-x86 "} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in %v", want, err)
		}
	}
}

// skipper is a test that notes that it was skipped.
type skipper struct {
	testing.TB
	why string
}

func (s *skipper) Helper() {}

func (s *skipper) Skip(args ...any) {
	s.why = fmt.Sprint(args...)
	runtime.Goexit()
}

func TestNeed(t *testing.T) {
	t.Setenv("NLKIT_REQUIRE", "all")
	t.Setenv("NLKIT_VM", "")
	s := &skipper{TB: t}
	var wait sync.WaitGroup
	wait.Go(func() { Need(s) })
	wait.Wait()
	if !strings.Contains(s.why, "go run ./internal/vmtest/...") {
		t.Errorf("outside of a virtual machine: skipped because %q", s.why)
	}
}
