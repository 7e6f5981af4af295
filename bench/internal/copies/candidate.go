//go:build linux

package copies

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// bigBuffer is the receive buffer of the candidates that are given a large one: that
// which the mirror has by default.
const bigBuffer = 16 << 20

// smallBuffer is net.core.rmem_default, which a socket has that asks for nothing.
const smallBuffer = 212992 / 2 // the kernel doubles what it is asked for

// Names of the candidates that figures are about.
const (
	Nlkit       = "nlkit mirror"
	Vishvananda = "vishvananda, subscribe and list"
	Libnl       = "libnl cache manager"

	// What is added to the name of one with another buffer than its own.
	SmallBuffer = ", 208 KiB buffer"
	LargeBuffer = ", 16 MiB buffer"
)

// candidate is one way to keep a copy.
type candidate struct {
	name   string
	buffer int                              // of its events' socket; 0 is what it has by itself
	single bool                             // it has room for one route of a key
	open   func(buffer int) (keeper, error) // in a process of this program; nil if it is another one
}

// candidates are all of them, in the order of the table.
func candidates() []candidate {
	return []candidate{
		{name: Nlkit, open: openMirror},
		{name: Nlkit + SmallBuffer, buffer: smallBuffer, open: openMirror},
		{name: Libnl, single: true},
		{name: Libnl + LargeBuffer, buffer: bigBuffer, single: true},
		{name: Vishvananda, open: openVishvananda},
		{name: Vishvananda + LargeBuffer, buffer: bigBuffer, open: openVishvananda},
	}
}

func find(name string) (candidate, bool) {
	for _, c := range candidates() {
		if c.name == name {
			return c, true
		}
	}
	return candidate{}, false
}

// command is the process that is the candidate. dir is a folder for what is built.
func (c candidate) command(dir string) (*exec.Cmd, error) {
	if c.open == nil {
		program, err := buildLibnl(dir)
		if err != nil {
			return nil, err
		}
		return exec.Command(program, strconv.Itoa(c.buffer)), nil
	}
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), Env+"="+c.name)
	return cmd, nil
}

// errNotHere says that a candidate is not installed.
var errNotHere = errors.New("not here")

//go:embed libnl/keep.c
var libnlSource []byte

// buildLibnl compiles the program that uses libnl, once for a folder.
func buildLibnl(dir string) (string, error) {
	program := filepath.Join(dir, "libnl")
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	source := program + ".c"
	if err := os.WriteFile(source, libnlSource, 0o600); err != nil {
		return "", err
	}
	if _, err := exec.LookPath("gcc"); err != nil {
		return "", fmt.Errorf("%w: gcc is needed", errNotHere)
	}
	if _, err := os.Stat(libnlHeaders + "/netlink/route/route.h"); err != nil {
		return "", fmt.Errorf("%w: libnl-3-dev and libnl-route-3-dev are needed", errNotHere)
	}
	out, err := exec.Command("gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-I"+libnlHeaders, "-o", program, source, "-lnl-route-3", "-lnl-3").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("compile the program that uses libnl: %w: %s", err, bytes.TrimSpace(out))
	}
	return program, nil
}

const libnlHeaders = "/usr/include/libnl3"

// reason is what the table says of a candidate that is not here.
func reason(err error) string { return strings.TrimPrefix(err.Error(), errNotHere.Error()+": ") }
