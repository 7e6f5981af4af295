package vmtest

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/nlkit/nlkit/internal/vmtest/bzimage"
	"github.com/nlkit/nlkit/internal/vmtest/modinfo"
)

// What a version's folder in the cache has: the unpacked packages, the kernel to
// boot, and modules that were decompressed.
const (
	rootName    = "root"
	kernelName  = "vmlinux"
	modulesName = "modules"
)

// Tree is a kernel in the cache. Its methods may be used by several goroutines.
type Tree struct {
	Kernel  Kernel
	Release string // what uname says of it
	dir     string
	files   map[string]string // of modules, by name
	builtin map[string]bool
	lock    *fileLock

	mu    sync.Mutex
	infos map[string]*modinfo.Info
}

// openTree reads what a version's folder has.
func openTree(k Kernel, dir string) (*Tree, error) {
	t := &Tree{Kernel: k, dir: dir, files: map[string]string{}, builtin: map[string]bool{}, infos: map[string]*modinfo.Info{}}
	var folders []string
	for _, parent := range []string{"lib/modules", "usr/lib/modules"} {
		found, err := filepath.Glob(filepath.Join(dir, rootName, parent, "*", "kernel"))
		if err != nil {
			return nil, err
		}
		folders = append(folders, found...)
	}
	if len(folders) != 1 {
		return nil, fmt.Errorf("%s has %d folders of modules, want one: remove it, and it is fetched anew", dir, len(folders))
	}
	modules := filepath.Dir(folders[0])
	t.Release = filepath.Base(modules)
	err := filepath.WalkDir(folders[0], func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.Contains(d.Name(), ".ko") {
			t.files[modinfo.Name(d.Name())] = path
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(filepath.Join(modules, "modules.builtin"))
	if err != nil {
		return nil, err
	}
	for line := range strings.SplitSeq(string(b), "\n") {
		if line != "" {
			t.builtin[modinfo.Name(line)] = true
		}
	}
	return t, nil
}

// Close lets other processes remove the tree when there is a newer one.
func (t *Tree) Close() error { return t.lock.Close() }

// Vmlinux is the kernel as an ELF file.
func (t *Tree) Vmlinux() string { return filepath.Join(t.dir, kernelName) }

// Version is the folder's name in the cache, which changes with each new build.
func (t *Tree) Version() string { return strings.TrimPrefix(filepath.Base(t.dir), "v") }

// Headers is the folder to build modules against.
func (t *Tree) Headers() string {
	return filepath.Join(t.dir, rootName, "usr/src", "linux-headers-"+t.Release)
}

// Builtin reports whether the kernel was built with what elsewhere is a module.
func (t *Tree) Builtin(name string) bool { return t.builtin[modinfo.Name(name)] }

// HasModule reports whether the image has a module.
func (t *Tree) HasModule(name string) bool { return t.files[modinfo.Name(name)] != "" }

// Module returns the file of a module, decompressed, or built from the kernel's
// source where no image has it. The error of one that is in neither is
// [fs.ErrNotExist].
func (t *Tree) Module(ctx context.Context, name string) (string, error) {
	name = modinfo.Name(name)
	file := t.files[name]
	if file == "" {
		return t.fromSource(ctx, name)
	}
	var program string
	switch filepath.Ext(file) {
	case ".ko":
		return file, nil
	case ".xz":
		program = "xz"
	case ".zst":
		program = "zstd"
	default:
		return "", fmt.Errorf("%s: a module compressed in a way that is not known here", file)
	}
	plain := filepath.Join(t.dir, modulesName, name+".ko")
	if ok, err := exists(plain); ok || err != nil {
		return plain, err
	}
	b, err := os.ReadFile(file)
	if err == nil {
		b, err = bzimage.Program(ctx, b, program, "-dcq")
	}
	if err == nil {
		err = os.MkdirAll(filepath.Dir(plain), 0o755)
	}
	if err == nil {
		err = writeFile(plain, b)
	}
	if err != nil {
		return "", fmt.Errorf("module %s: %w", name, err)
	}
	return plain, nil
}

// Info returns what a module of the image says about itself, and nil for one
// that is built in.
func (t *Tree) Info(ctx context.Context, name string) (*modinfo.Info, error) {
	t.mu.Lock()
	info := t.infos[name]
	t.mu.Unlock()
	if info != nil {
		return info, nil
	}
	if t.Builtin(name) {
		return nil, nil
	}
	file, err := t.Module(ctx, name)
	if err != nil {
		return nil, err
	}
	if info, err = readInfo(file); err != nil {
		return nil, err
	}
	t.mu.Lock()
	t.infos[name] = info
	t.mu.Unlock()
	return info, nil
}

func readInfo(file string) (*modinfo.Info, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	info, err := modinfo.Read(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
	}
	return info, nil
}
