package vmtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/internal/vmtest/cpio"
	"github.com/nlkit/nlkit/internal/vmtest/guest"
	"github.com/nlkit/nlkit/internal/vmtest/modinfo"
)

// payload is what a virtual machine has in its file system, while it is put
// together.
type payload struct {
	root     string // of the tree
	tree     *Tree
	init     string // file of the first process
	test     string // file of the test binary
	plan     guest.Plan
	modules  map[string]string // files to ship, by module
	commands []string          // files of main packages
}

// commandDir is where the tree's commands lie in the virtual machine.
const commandDir = "/usr/local/bin"

// addModules adds what a package asks for. Built are modules of the tree, by the
// folder that the package named.
func (p *payload) addModules(ctx context.Context, wanted []string, built map[string]*Built) error {
	own := map[string]*modinfo.Info{}
	p.modules = map[string]string{}
	var names []string
	for _, want := range wanted {
		name, optional := strings.CutPrefix(want, "?")
		if b := built[name]; b != nil {
			for _, file := range b.Modules {
				info, err := readInfo(file)
				if err != nil {
					return err
				}
				module := modinfo.Name(filepath.Base(file))
				own[module], p.modules[module] = info, file
				names = append(names, module)
			}
			continue
		}
		if optional && !p.tree.HasModule(name) && !p.tree.Builtin(name) {
			continue
		}
		names = append(names, modinfo.Name(name))
	}
	look := func(name string) (*modinfo.Info, error) {
		if info := own[name]; info != nil {
			return info, nil
		}
		info, err := p.tree.Info(ctx, name)
		if err == nil && info != nil {
			p.modules[name], err = p.tree.Module(ctx, name)
		}
		return info, err
	}
	for _, name := range names {
		order, err := modinfo.Order(name, look)
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				err = fmt.Errorf("%w; write ?%s in //nlkit:modules if the package can do without", err, name)
			}
			return err
		}
		if order == nil {
			p.plan.Builtin = append(p.plan.Builtin, name)
			continue
		}
		for _, module := range order {
			if slices.ContainsFunc(p.plan.Modules, func(m guest.Module) bool { return m.Name == module }) {
				continue
			}
			first, err := modinfo.Order(module, look)
			if err != nil {
				return err
			}
			p.plan.Modules = append(p.plan.Modules, guest.Module{Name: module, First: first[:len(first)-1]})
		}
	}
	return nil
}

// write writes the archive that the kernel unpacks as its file system.
func (p *payload) write(ctx context.Context, file string, pkg Package) (err error) {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := cpio.NewWriter(f)
	plan, err := json.MarshalIndent(p.plan, "", "  ")
	if err != nil {
		return err
	}
	a := archive{w, map[string]bool{}}
	steps := []func() error{
		func() error { return w.CharDevice("dev/console", 0o600, 5, 1) },
		func() error { return w.Dir("root", 0o700) },
		func() error { return w.Bytes("etc/passwd", 0o644, []byte("root:x:0:0:root:/root:/bin/sh\n")) },
		func() error { return w.Bytes("etc/group", 0o644, []byte("root:x:0:\n")) },
		func() error { return w.Bytes("etc/hosts", 0o644, []byte("127.0.0.1 localhost\n::1 localhost\n")) },
		func() error { return a.add(p.init, "/init") },
		func() error { return a.add(p.test, guest.TestBinary) },
		func() error { return w.Bytes(guest.PlanFile, 0o644, plan) },
		func() error { return w.Dir(p.plan.Dir, 0o755) },
		func() error { return a.add(filepath.Join(p.root, "go.mod"), guest.TreeDir+"/go.mod") },
		func() error {
			err := a.add(filepath.Join(pkg.Dir, "testdata"), path.Join(p.plan.Dir, "testdata"))
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		},
		func() error { return p.files(ctx, a, pkg.Files) },
	}
	for _, file := range p.commands {
		steps = append(steps, func() error { return a.add(file, path.Join(commandDir, filepath.Base(file))) })
	}
	for _, m := range p.plan.Modules {
		steps = append(steps, func() error { return a.add(p.modules[m.Name], m.File()) })
	}
	for _, step := range append(steps, w.Close) {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// files adds what a package wants besides its testdata.
func (p *payload) files(ctx context.Context, a archive, names []string) error {
	for _, name := range names {
		if strings.HasPrefix(name, "/") {
			if err := a.program(ctx, name); err != nil {
				return fmt.Errorf("//nlkit:files %s: %w", name, err)
			}
			continue
		}
		if err := a.add(filepath.Join(p.root, name), path.Join(guest.TreeDir, name)); err != nil {
			return fmt.Errorf("//nlkit:files %s: %w", name, err)
		}
	}
	return nil
}

// archive adds files of the host, each once.
type archive struct {
	w    *cpio.Writer
	seen map[string]bool
}

// add adds a file, or a folder with all in it, under another name.
func (a archive) add(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return a.file(from, to, info)
	}
	return filepath.WalkDir(from, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, file)
		if err != nil {
			return err
		}
		name := path.Join(to, filepath.ToSlash(rel))
		if d.IsDir() {
			return a.w.Dir(name, 0o755)
		}
		info, err := os.Stat(file) // of what a link leads to
		if err != nil || !info.Mode().IsRegular() {
			return err
		}
		return a.file(file, name, info)
	})
}

func (a archive) file(from, to string, info fs.FileInfo) error {
	if a.seen[to] {
		return nil
	}
	a.seen[to] = true
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is neither a file nor a folder", from)
	}
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	return a.w.File(to, uint32(info.Mode().Perm()), info.Size(), f)
}
