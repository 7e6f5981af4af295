//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// pythonClient is the kernel's Python client in the kernel's source.
const pythonClient = "tools/net/ynl/pyynl/cli.py"

// checkPython sees to it that a folder is the source of a kernel that has the
// client. Running it wants python3 with yaml.
func checkPython(tree string) error {
	if _, err := os.Stat(filepath.Join(tree, pythonClient)); err != nil {
		return fmt.Errorf("-python must name the folder of a kernel's source with %s in it, such as that of Debian's package linux-source-7.2: %w", pythonClient, err)
	}
	return nil
}
