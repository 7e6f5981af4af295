//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
)

// The kernel's Python client is in the source that Debian packages.
const (
	pythonPackage = "linux-source-7.2_7.2.13-1_all.deb"
	pythonURL     = "http://deb.debian.org/debian/pool/main/l/linux/" + pythonPackage
	pythonTree    = "linux-source-7.2"
	pythonClient  = "tools/net/ynl/pyynl/cli.py"
)

// fetchPython sees to it that the client is in a folder: it fetches the package
// and unpacks what is needed of it, unless that was done before. Running it wants
// python3 with yaml.
func fetchPython(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, pythonTree, pythonClient)); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	pack := filepath.Join(dir, pythonPackage)
	if _, err := os.Stat(pack); errors.Is(err, os.ErrNotExist) {
		fmt.Fprintf(os.Stderr, "bench: fetching %s (164 MB)\n", pythonURL)
		if err := download(pythonURL, pack); err != nil {
			return err
		}
	}
	const script = `dpkg-deb --fsys-tarfile "$1" | tar -xO "./usr/src/$2.tar.xz" | tar -xJC "$3" "$2/tools/net/ynl/pyynl" "$2/Documentation/netlink"`
	out, err := exec.Command("sh", "-c", script, "sh", pack, pythonTree, dir).CombinedOutput()
	if err != nil {
		return fmt.Errorf("unpack %s: %w: %s", pack, err, bytes.TrimSpace(out))
	}
	_, err = os.Stat(filepath.Join(dir, pythonTree, pythonClient))
	return err
}

// download writes what is at a URL into a file, which is there only if all of it
// is.
func download(url, to string) (err error) {
	r, err := http.Get(url)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		return fmt.Errorf("get %s: %s", url, r.Status)
	}
	f, err := os.CreateTemp(filepath.Dir(to), "fetching")
	if err != nil {
		return err
	}
	if _, err = io.Copy(f, r.Body); err == nil {
		err = f.Chmod(0o644)
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), to)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
