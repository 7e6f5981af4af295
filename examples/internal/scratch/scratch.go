// Package scratch gives the examples a network namespace of their own, so that
// nothing they do is done to the machine.
package scratch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/nlkit/nlkit/netlink"
)

// Namespace makes a network namespace, with nothing in it but lo, and returns
// what opens sockets in it. It ends with the program. Without the right to make
// one the error says in a line how to get it.
func Namespace() (*netlink.Options, error) {
	file, err := unshare()
	switch {
	case errors.Is(err, netlink.ErrNotLinux):
		return nil, err
	case errors.Is(err, fs.ErrPermission):
		name := filepath.Base(os.Args[0])
		return nil, fmt.Errorf("a network namespace needs root: sudo go run ./examples/%[1]s, or unshare -Urn go run ./examples/%[1]s", name)
	case err != nil:
		return nil, fmt.Errorf("make a network namespace: %w", err)
	}
	kept = append(kept, file)
	return &netlink.Options{Namespace: netlink.NamespaceFD(int(file.Fd()))}, nil
}

// kept holds the namespaces' files: what is garbage is closed.
var kept []*os.File
