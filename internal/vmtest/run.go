package vmtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/nlkit/nlkit/internal/vmtest/guest"
)

// Options say how tests are run.
type Options struct {
	Kernels []string      // instead of those that packages ask for
	Run     string        // only tests that match, as of go test
	Verbose bool          // all tests by name, as of go test
	Timeout time.Duration // instead of those that packages ask for
	Keep    string        // a folder to keep archives and logs in
	Args    []string      // further arguments of the test binaries
	Env     []string      // variables of the tests' environment
	Say     Progress
	Out     io.Writer // what go test would print
}

// passedEnv are the variables that tests get from this process.
var passedEnv = []string{"NLKIT_REQUIRE", "NLKIT_LOAD"}

// Runner runs packages in virtual machines, one after the other.
type Runner struct {
	opts     Options
	root     string
	work     string // a folder of its own, for what is built
	init     string
	trees    map[string]*Tree
	built    map[string]*Built // by kernel and folder
	commands map[string]string // files, by folder
}

// NewRunner prepares to run the tests of the module that the working folder is
// in. Close it after use. The error is a [MissingError] where virtual machines
// cannot run here.
func NewRunner(ctx context.Context, opts Options) (*Runner, error) {
	if err := Check(); err != nil {
		return nil, err
	}
	for _, name := range opts.Kernels {
		if _, err := FindKernel(name); err != nil {
			return nil, err
		}
	}
	root, err := Root(ctx)
	if err != nil {
		return nil, err
	}
	work, err := os.MkdirTemp("", "nlkit-vm-")
	if err != nil {
		return nil, err
	}
	r := &Runner{opts: opts, root: root, work: work, trees: map[string]*Tree{}, built: map[string]*Built{}, commands: map[string]string{}}
	r.init = filepath.Join(work, "init")
	if err := buildInit(ctx, root, r.init); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// Close removes what was built, and lets go of the kernels.
func (r *Runner) Close() error {
	errs := []error{os.RemoveAll(r.work)}
	for _, t := range r.trees {
		errs = append(errs, t.Close())
	}
	return errors.Join(errs...)
}

// Run runs the tests of packages on their kernels, and prints what go test would.
// It reports whether all of them passed. What keeps one package from being run
// (it does not compile, it wants modules that are not there) is a failure of that
// one; the error is one that would stop all of them.
func (r *Runner) Run(ctx context.Context, packages []Package) (ok bool, err error) {
	ok = true
	for _, p := range packages {
		names := p.Kernels
		if r.opts.Kernels != nil {
			names = r.opts.Kernels
		}
		if len(names) == 0 {
			continue
		}
		test := filepath.Join(r.work, "test")
		if err := buildTest(ctx, p.Path, test); err != nil {
			if ctx.Err() != nil {
				return false, context.Cause(ctx)
			}
			fmt.Fprintf(r.opts.Out, "%v\nFAIL\t%s [build failed]\n", err, p.Path)
			ok = false
			continue
		}
		for _, name := range names {
			passed, err := r.runOn(ctx, p, name, test)
			switch {
			case ctx.Err() != nil:
				return false, context.Cause(ctx)
			case IsMissing(err):
				return false, err
			case err != nil:
				fmt.Fprintf(r.opts.Out, "%v\nFAIL\t%s\t[%s] [setup failed]\n", err, p.Path, name)
			}
			ok = ok && passed
		}
	}
	return ok, nil
}

// Tree returns a kernel, which the runner keeps until it is closed.
func (r *Runner) Tree(ctx context.Context, name string) (*Tree, error) {
	if t := r.trees[name]; t != nil {
		return t, nil
	}
	k, err := FindKernel(name)
	if err != nil {
		return nil, err
	}
	t, err := Fetch(ctx, k, r.opts.Say)
	if err == nil {
		r.trees[name] = t
	}
	return t, err
}

// build builds a folder of the tree for a kernel, once.
func (r *Runner) build(ctx context.Context, t *Tree, dir string) (*Built, error) {
	key := t.Kernel.Name + " " + dir
	if b := r.built[key]; b != nil {
		return b, nil
	}
	start := time.Now()
	b, err := t.Build(ctx, filepath.Join(r.root, dir), filepath.Join(r.work, "build"))
	if err != nil {
		return nil, err
	}
	r.opts.Say.printf("%s: built %s in %.1fs", t.Kernel.Name, dir, time.Since(start).Seconds())
	if len(b.Warnings) > 0 {
		return nil, fmt.Errorf("module %s: warnings, and there may be none:\n%s", dir, strings.Join(b.Warnings, "\n"))
	}
	r.built[key] = b
	return b, nil
}

// command builds a main package of the tree, once.
func (r *Runner) command(ctx context.Context, dir string) (string, error) {
	if file := r.commands[dir]; file != "" {
		return file, nil
	}
	file := filepath.Join(r.work, "commands", path.Base(dir))
	if err := buildCommand(ctx, r.root, dir, file); err != nil {
		return "", err
	}
	r.commands[dir] = file
	return file, nil
}

// folders returns the modules of a request that are folders of the tree.
func folders(modules []string) []string {
	var found []string
	for _, m := range modules {
		if strings.Contains(m, "/") {
			found = append(found, m)
		}
	}
	return found
}

func (r *Runner) runOn(ctx context.Context, p Package, kernel, test string) (bool, error) {
	tree, err := r.Tree(ctx, kernel)
	if err != nil {
		return false, err
	}
	built := map[string]*Built{}
	for _, dir := range folders(p.Modules) {
		if built[dir], err = r.build(ctx, tree, dir); err != nil {
			return false, err
		}
	}
	timeout := p.Timeout
	if r.opts.Timeout > 0 {
		timeout = r.opts.Timeout
	}
	rel, err := filepath.Rel(r.root, p.Dir)
	if err != nil {
		return false, err
	}
	load := &payload{root: r.root, tree: tree, init: r.init, test: test, plan: guest.Plan{
		Kernel: kernel, Package: p.Path, Dir: path.Join(guest.TreeDir, filepath.ToSlash(rel)),
		Args: r.testArgs(timeout), Env: r.environment(),
	}}
	if err := load.addModules(ctx, p.Modules, built); err != nil {
		return false, err
	}
	for _, dir := range p.Commands {
		file, err := r.command(ctx, dir)
		if err != nil {
			return false, err
		}
		load.commands = append(load.commands, file)
	}
	dir := filepath.Join(r.work, "boot")
	if r.opts.Keep != "" {
		dir = filepath.Join(r.opts.Keep, kernel, rel)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return false, err
	}
	initramfs := filepath.Join(dir, "initramfs.cpio")
	if err := load.write(ctx, initramfs, p); err != nil {
		return false, err
	}
	m := &machine{kernel: tree.Vmlinux(), initramfs: initramfs, memory: p.Memory, cards: p.Cards}
	v := &verdict{pkg: p.Path, kernel: kernel, out: r.opts.Out, timeout: timeout}
	for attempt := 1; ; attempt++ {
		b, err := r.boot(ctx, m, v, dir)
		if err != nil {
			return false, err
		}
		// Whoever spoke has begun the tests: another attempt might hide what they
		// found.
		if b.Start == nil && attempt == 1 && ctx.Err() == nil && !b.Limit {
			r.opts.Say.printf("%s: the first process never spoke in %.1fs; once more. The console's last lines:\n%s",
				kernel, b.Took.Seconds(), lastLines(b.Console, 20))
			continue
		}
		if ctx.Err() != nil {
			return false, context.Cause(ctx)
		}
		return v.print(b), nil
	}
}

// startTimeout is the time until the first process has to have spoken: a
// multiple of what boots take on a busy machine. Later only the package's own
// limit counts.
const startTimeout = 60 * time.Second

// boot runs a machine for at most the verdict's limit.
func (r *Runner) boot(ctx context.Context, m *machine, v *verdict, dir string) (*boot, error) {
	console, err := os.Create(filepath.Join(dir, "console.log"))
	if err != nil {
		return nil, err
	}
	defer console.Close()
	ctx, cancel := context.WithTimeout(ctx, v.timeout)
	defer cancel()
	spoken := time.AfterFunc(startTimeout, cancel)
	defer spoken.Stop()
	b, err := m.run(ctx, listener{console: console, line: v.line, start: func(release string, after time.Duration) {
		spoken.Stop()
		r.opts.Say.printf("%s: boot %.1fs, Linux %s", v.kernel, after.Seconds(), release)
	}})
	if err != nil || r.opts.Keep == "" {
		return b, err
	}
	for _, f := range b.Files {
		// The name is one that the virtual machine has chosen.
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(filepath.Clean("/"+f.Name))), f.Contents, 0o644); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// testArgs are the arguments of a test binary. Go's own limit comes before the
// machine's: it says where the test was.
func (r *Runner) testArgs(timeout time.Duration) []string {
	args := []string{"-test.paniconexit0", fmt.Sprintf("-test.timeout=%s", max(timeout/2, timeout-30*time.Second))}
	if r.opts.Verbose {
		args = append(args, "-test.v=true")
	}
	if r.opts.Run != "" {
		args = append(args, "-test.run="+r.opts.Run)
	}
	return append(args, r.opts.Args...)
}

func (r *Runner) environment() []string {
	var env []string
	for _, name := range passedEnv {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return slices.Concat(env, r.opts.Env)
}
