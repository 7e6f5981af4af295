package vmtest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Package is a package whose tests run in virtual machines.
type Package struct {
	Request
	Path string // import path
	Dir  string // folder
}

// Root returns the folder of the module that the working folder is in.
func Root(ctx context.Context) (string, error) {
	out, err := command(ctx, "", "go", "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(string(out)), nil
}

// Packages returns those of the packages that patterns name (as go list does)
// that ask for virtual machines.
func Packages(ctx context.Context, patterns ...string) ([]Package, error) {
	const format = "{{.ImportPath}}\t{{.Dir}}\t{{range .TestGoFiles}}{{.}} {{end}}{{range .XTestGoFiles}}{{.}} {{end}}"
	out, err := goTool(ctx, append([]string{"list", "-f", format}, patterns...)...)
	if err != nil {
		return nil, err
	}
	var found []Package
	for line := range strings.Lines(string(out)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) != 3 {
			return nil, fmt.Errorf("go list: a line that cannot be read: %q", line)
		}
		var d directives
		for name := range strings.FieldsSeq(fields[2]) {
			name = filepath.Join(fields[1], name)
			source, err := os.ReadFile(name)
			if err != nil {
				return nil, err
			}
			if err := d.read(name, source); err != nil {
				return nil, err
			}
		}
		r, err := d.request()
		if err != nil {
			return nil, err
		}
		if r != nil {
			found = append(found, Package{Request: *r, Path: fields[0], Dir: fields[1]})
		}
	}
	return found, nil
}

// buildTest builds the test binary of a package, for the virtual machine.
func buildTest(ctx context.Context, importPath, file string) error {
	_, err := goTool(ctx, "test", "-c", "-o", file, importPath)
	return err
}

// buildInit builds the first process.
func buildInit(ctx context.Context, root, file string) error {
	_, err := goTool(ctx, "build", "-C", root, "-o", file, "./internal/vmtest/vm")
	return err
}

// buildCommand builds a main package of the tree.
func buildCommand(ctx context.Context, root, dir, file string) error {
	_, err := goTool(ctx, "build", "-C", root, "-o", file, "./"+dir)
	return err
}

// goTool runs the go command for what runs in the virtual machine: statically linked
// programs. Flags that GOFLAGS has for tests, -race say, are not for them.
func goTool(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0", "GOFLAGS=-trimpath")
	cmd.WaitDelay = 5 * time.Second
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return nil, fmt.Errorf("go %s: %w\n%s", args[0], err, strings.TrimSpace(stderr.String()))
	}
	return out, nil
}
