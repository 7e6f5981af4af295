package vmtest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/nlkit/nlkit/internal/vmtest/modinfo"
)

// source tells how a module is built that Debian's images leave out, though the
// kernel's source has it.
type source struct {
	dir       string   // in the source
	variables []string // what make is told
}

// sources are the modules that are built from the kernel's own source.
func sources() map[string]source {
	return map[string]source{
		// A network card in memory, with everything that devlink has.
		"netdevsim": {"drivers/net/netdevsim", []string{"CONFIG_NETDEVSIM=m"}},
	}
}

// fromSource builds a module of the kernel's own source, of the version of the
// image, unless the cache has it, and returns its file. The error of one that is
// not known is [fs.ErrNotExist]. Nothing of the source is kept.
func (t *Tree) fromSource(ctx context.Context, name string) (string, error) {
	name = modinfo.Name(name)
	s, ok := sources()[name]
	if !ok {
		return "", fmt.Errorf("the image of kernel %s has no module %q: %w", t.Kernel.Name, name, fs.ErrNotExist)
	}
	plain := filepath.Join(t.dir, modulesName, name+".ko")
	if ok, err := exists(plain); ok || err != nil {
		return plain, err
	}
	work, err := os.MkdirTemp("", "nlkit-source-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	fail := func(err error) (string, error) {
		return "", fmt.Errorf("module %s from the source of kernel %s: %w", name, t.Kernel.Name, err)
	}
	dir, err := t.unpackSource(ctx, s.dir, work)
	if err != nil {
		return fail(err)
	}
	built, err := t.Build(ctx, dir, work, s.variables...)
	if err != nil {
		return fail(err)
	}
	b, err := os.ReadFile(built.Modules[0])
	if err == nil {
		err = os.MkdirAll(filepath.Dir(plain), 0o755)
	}
	if err == nil {
		err = writeFile(plain, b)
	}
	if err != nil {
		return fail(err)
	}
	return plain, nil
}

// unpackSource downloads the kernel's source, unpacks one folder of it into work
// and returns that.
func (t *Tree) unpackSource(ctx context.Context, dir, work string) (string, error) {
	cache, err := cacheDir()
	if err != nil {
		return "", err
	}
	a := &apt{dir: filepath.Join(cache, "lists", t.Kernel.suite), suite: t.Kernel.suite}
	l, err := lock(ctx, a.dir+".lock", true, nil)
	if err != nil {
		return "", err
	}
	defer l.Close()
	name := "linux-source-" + strings.TrimSuffix(t.Kernel.series, ".")
	found, err := a.show(ctx, name)
	if err != nil {
		return "", err
	}
	// Versions of folders are written otherwise than those of packages.
	s := store{}
	if have := strings.TrimPrefix(filepath.Base(s.folder(found[0].version)), "v"); have != t.Version() {
		return "", fmt.Errorf("package %s is of version %s, and the kernel's version is %s: it would not fit", name, have, t.Version())
	}
	if err := a.download(ctx, work, found[:1]); err != nil {
		return "", err
	}
	debs, err := filepath.Glob(filepath.Join(work, "*.deb"))
	if err != nil || len(debs) != 1 {
		return "", fmt.Errorf("%d files %s*.deb (%w)", len(debs), name, err)
	}
	// An archive in an archive. Only the folder leaves them.
	inner, folder := "./usr/src/"+name+".tar.xz", path.Join(name, dir)
	err = pipe(ctx, []string{"dpkg-deb", "--fsys-tarfile", debs[0]}, []string{"tar", "-xO", inner}, []string{"xz", "-dc"},
		[]string{"tar", "-x", "-C", work, folder})
	return filepath.Join(work, folder), err
}

// pipe runs programs, each of which reads what the one before it writes.
func pipe(ctx context.Context, programs ...[]string) error {
	var all []*exec.Cmd
	var ends []*os.File // of pipes, which the programs have and this process need not
	defer func() {
		for _, f := range ends {
			f.Close()
		}
	}()
	for i, p := range programs {
		cmd := exec.CommandContext(ctx, p[0], p[1:]...)
		cmd.Env = append(os.Environ(), "LC_ALL=C")
		cmd.Stderr = &strings.Builder{}
		cmd.WaitDelay = 5 * time.Second
		if i > 0 {
			r, w, err := os.Pipe()
			if err != nil {
				return err
			}
			ends = append(ends, r, w)
			all[i-1].Stdout, cmd.Stdin = w, r
		}
		all = append(all, cmd)
	}
	var failed error
	started := 0
	for _, cmd := range all {
		if failed = cmd.Start(); failed != nil {
			break
		}
		started++
	}
	for _, f := range ends {
		f.Close()
	}
	ends = nil
	// The last first: what becomes of the others may be its fault.
	for i := started - 1; i >= 0; i-- {
		if err := all[i].Wait(); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w: %s", programs[i][0], err, strings.TrimSpace(fmt.Sprint(all[i].Stderr))))
		}
	}
	return failed
}
