// Command vm runs the tests of packages in virtual machines; see package vmtest.
// As the first process of a virtual machine it runs one test binary there.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/internal/vmtest"
	"github.com/nlkit/nlkit/internal/vmtest/guest"
)

// Exit statuses besides 0, all tests have passed.
const (
	exitFailed      = 1
	exitUsage       = 2
	exitSkipped     = 3 // virtual machines cannot run here, and are not required
	exitInterrupted = 130
)

func main() {
	if os.Getpid() == 1 {
		guest.Init()
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

const usage = `Usage: go run ./internal/vmtest/... [flags] [PACKAGE...] [-args ...]

Runs the tests of packages that ask for it in virtual machines, on kernels of
Debian's, and prints what go test would. Without PACKAGE all packages are looked
through. A package asks by "//nlkit:vm" in one of its test files; what else it
can ask for: go doc ./internal/vmtest. What follows -args goes to the tests.

All, on the kernels they ask for; kernels, and packages that ask; one package, its
tests by name; some tests of it on two kernels:

  go run ./internal/vmtest/...
  go run ./internal/vmtest/... -list
  go run ./internal/vmtest/... -v ./internal/vmtest/selftest
  go run ./internal/vmtest/... -kernel 6.12,7.2-cloud -run Load ./internal/vmtest/modules

Flags:
`

const statuses = `
Exit status: 0 all have passed, 1 some have not, 2 the command line is wrong,
3 programs are missing (1 if NLKIT_REQUIRE has vm or all), 130 it was interrupted.
"go run" prints these and ends with 1 itself; go build ./internal/vmtest/vm makes
a program that does not.
Kernels are kept in the folder nlkit/vm of the user's cache, or %s.
`

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("vm", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, usage)
		flags.PrintDefaults()
		fmt.Fprintf(stderr, statuses, vmtest.CacheEnv)
	}
	opts := vmtest.Options{Out: stdout, Say: func(line string) { fmt.Fprintln(stderr, "# "+line) }}
	kernels := flags.String("kernel", "", "the `kernels` to use, with commas between, or all; not those that\npackages ask for")
	flags.StringVar(&opts.Run, "run", "", "only tests whose names match the `regexp`")
	flags.BoolVar(&opts.Verbose, "v", false, "print all tests by name")
	flags.DurationVar(&opts.Timeout, "timeout", 0, "the `time` for a boot and its tests, instead of what packages ask for")
	flags.StringVar(&opts.Keep, "keep", "", "keep archives, consoles' logs and what tests want kept in this `folder`")
	list := flags.Bool("list", false, "list the kernels and the packages that ask for one; run nothing")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return exitUsage
	}
	switch *kernels {
	case "":
	case "all":
		opts.Kernels = vmtest.Kernels()
	default:
		opts.Kernels = strings.Split(*kernels, ",")
		for _, name := range opts.Kernels {
			if _, err := vmtest.FindKernel(name); err != nil {
				fmt.Fprintln(stderr, "vm:", err)
				return exitUsage
			}
		}
	}
	patterns := flags.Args()
	if i := slices.Index(patterns, "-args"); i >= 0 {
		patterns, opts.Args = patterns[:i], patterns[i+1:]
	}
	if i := slices.IndexFunc(patterns, func(p string) bool { return strings.HasPrefix(p, "-") }); i >= 0 {
		fmt.Fprintf(stderr, "vm: %s stands behind a package: flags stand before them, and those for the tests behind -args\n", patterns[i])
		return exitUsage
	}
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	ok, err := false, error(nil)
	if *list {
		ok, err = true, printList(ctx, stdout, patterns)
	} else {
		ok, err = runAll(ctx, opts, patterns)
	}
	switch {
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "vm: interrupted")
		return exitInterrupted
	case vmtest.IsMissing(err) && !testenv.Required("vm"):
		fmt.Fprintln(stderr, "vm: skipped:", err)
		return exitSkipped
	case err != nil:
		fmt.Fprintln(stderr, "vm:", err)
		return exitFailed
	case !ok:
		return exitFailed
	}
	return 0
}

func runAll(ctx context.Context, opts vmtest.Options, patterns []string) (ok bool, err error) {
	packages, err := vmtest.Packages(ctx, patterns...)
	if err != nil {
		return false, err
	}
	if len(packages) == 0 {
		return false, fmt.Errorf("none of the packages %s asks for a virtual machine, by //nlkit:vm in a test file", strings.Join(patterns, " "))
	}
	r, err := vmtest.NewRunner(ctx, opts)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return r.Run(ctx, packages)
}

func printList(ctx context.Context, w io.Writer, patterns []string) error {
	packages, err := vmtest.Packages(ctx, patterns...)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "kernels:", strings.Join(vmtest.Kernels(), " "))
	for _, p := range packages {
		fmt.Fprintf(w, "%s\t[%s]\n", p.Path, strings.Join(p.Kernels, " "))
	}
	return nil
}
