package vmtest

import (
	"context"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// program adds a file of the host at its own place, and if it is a program that
// is linked dynamically, the libraries it says it needs.
func (a archive) program(ctx context.Context, name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return a.add(name, name)
	}
	line, err := scriptLine(name)
	if err != nil {
		return err
	}
	if line != "" {
		return fmt.Errorf("it is a script (%s): only programs can be shipped with what they need", line)
	}
	dynamic, err := isDynamic(name)
	if err != nil {
		return err
	}
	if err := a.add(name, name); err != nil || !dynamic {
		return err
	}
	libraries, err := libraries(ctx, name)
	if err != nil {
		return err
	}
	for _, l := range libraries {
		if err := a.add(l, l); err != nil {
			return err
		}
	}
	return nil
}

// isDynamic reports whether a file is a program that is linked dynamically: one
// that names its loader.
func isDynamic(name string) (bool, error) {
	f, err := os.Open(name)
	if err != nil {
		return false, err
	}
	defer f.Close()
	// What is no ELF file is no program; too short a file is none, either.
	e, err := elf.NewFile(f)
	if err != nil {
		return false, nil
	}
	for _, p := range e.Progs {
		if p.Type == elf.PT_INTERP {
			return true, nil
		}
	}
	return false, nil
}

// scriptLine returns the first line of a script, which names its interpreter,
// and nothing for any other file.
func scriptLine(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, 256))
	if err != nil || !strings.HasPrefix(string(b), "#!") {
		return "", err
	}
	line, _, _ := strings.Cut(string(b), "\n")
	return line, nil
}

// libraries returns the files that a program's loader takes: what ldd prints.
func libraries(ctx context.Context, name string) ([]string, error) {
	out, err := command(ctx, "", "ldd", name)
	if errors.Is(err, exec.ErrNotFound) {
		return nil, &MissingError{What: "missing: ldd, to find the libraries of " + name, Install: "libc-bin"}
	}
	if err != nil {
		return nil, err
	}
	return parseLDD(string(out))
}

// parseLDD reads lines like "name => /path (0x1)" and "/path (0x1)".
func parseLDD(out string) ([]string, error) {
	var found []string
	for line := range strings.SplitSeq(out, "\n") {
		line, _, _ = strings.Cut(strings.TrimSpace(line), " (0x")
		if name, path, ok := strings.Cut(line, " => "); ok {
			if strings.HasPrefix(path, "not found") {
				return nil, fmt.Errorf("its library %s is not on this machine", name)
			}
			line = path
		}
		if strings.HasPrefix(line, "/") {
			found = append(found, line)
		}
	}
	return found, nil
}
