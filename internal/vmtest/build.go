package vmtest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// compiler builds for all kernels. It is that of the Debian that has most of
// them, whatever the headers name.
const compiler = "gcc-12"

// Built is what a folder of a module's source gave.
type Built struct {
	Modules  []string // files
	Warnings []string // what the compiler and the kernel's own checks complained about
}

// Build builds the modules of a folder that has a Kbuild file, with all warnings
// that W=1 adds. The folder is copied into work, which has to be there, and
// stays as it is. Variables are passed on to make (W=2, C=1).
//
// Warnings are not an error. What does not compile is one, with the compiler's
// words.
func (t *Tree) Build(ctx context.Context, source, work string, variables ...string) (*Built, error) {
	if err := need(buildTools); err != nil {
		return nil, err
	}
	dir := filepath.Join(work, t.Kernel.Name, filepath.Base(source))
	if err := copySource(source, dir); err != nil {
		return nil, fmt.Errorf("module %s: %w", source, err)
	}
	args := []string{"-C", t.Headers(), "M=" + dir, "W=1", "CC=" + compiler, "CONFIG_DEBUG_INFO_BTF_MODULES="}
	args = append(args, t.Kernel.variables...)
	args = append(args, variables...)
	cmd := exec.CommandContext(ctx, "make", append(args, "modules")...)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "MAKEFLAGS=", "MFLAGS=")
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.CombinedOutput()
	text := strings.ReplaceAll(string(out), dir+"/", "")
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return nil, fmt.Errorf("module %s for kernel %s: %w:\n%s", source, t.Kernel.Name, err, lastLines(text, 40))
	}
	b := &Built{Warnings: warningsOf(text)}
	if b.Modules, err = filepath.Glob(filepath.Join(dir, "*.ko")); err != nil {
		return nil, err
	}
	if len(b.Modules) == 0 {
		return nil, fmt.Errorf("module %s for kernel %s: make has built no .ko file: does its Kbuild say \"obj-m\"?\n%s", source, t.Kernel.Name, lastLines(text, 10))
	}
	return b, nil
}

// warningsOf returns the lines of make's output that are warnings.
func warningsOf(out string) []string {
	var found []string
	for line := range strings.SplitSeq(out, "\n") {
		lower := strings.ToLower(line)
		// That the compiler or another tool is not the kernel's is no fault of the
		// module.
		if strings.Contains(lower, "warning:") && !strings.Contains(line, "differs from the one used to build the kernel") {
			found = append(found, strings.TrimSpace(line))
		}
	}
	return found
}

// lastLines returns the last n lines of a text.
func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// products are what building in the tree leaves behind, which is not copied: it
// may be of another kernel.
var products = []string{".o", ".ko", ".mod", ".mod.c", ".cmd", ".symvers", ".order", ".d"}

// copySource copies the files of a folder and of those within.
func copySource(from, to string) error {
	if ok, err := exists(filepath.Join(from, "Kbuild")); err == nil && !ok {
		if ok, err = exists(filepath.Join(from, "Makefile")); err == nil && !ok {
			return errors.New("the folder has neither a Kbuild nor a Makefile")
		}
	}
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		switch {
		case d.IsDir():
			return os.MkdirAll(target, 0o755)
		case !d.Type().IsRegular() || slices.ContainsFunc(products, func(end string) bool { return strings.HasSuffix(path, end) }):
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, b, 0o644)
	})
}
