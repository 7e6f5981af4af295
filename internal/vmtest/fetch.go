package vmtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/nlkit/nlkit/internal/vmtest/bzimage"
)

// CacheEnv is the environment variable that names another folder for kernels
// than the user's cache.
const CacheEnv = "NLKIT_VM_CACHE"

// cacheDir is where kernels lie.
func cacheDir() (string, error) {
	if dir := os.Getenv(CacheEnv); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no folder for kernels: %w; or set %s", err, CacheEnv)
	}
	return filepath.Join(dir, "nlkit", "vm"), nil
}

// Progress is told what is being done, in a line without its end.
type Progress func(line string)

func (p Progress) printf(format string, args ...any) {
	if p != nil {
		p(fmt.Sprintf(format, args...))
	}
}

// newest is what was found out about the newest version of a kernel.
type newest struct {
	Version string    `json:"version"`
	Checked time.Time `json:"checked"`
}

// store is the cache's part for one kernel. A version is a folder, which gets its
// name when it is complete.
type store struct {
	kernel Kernel
	dir    string
	apt    *apt
	say    Progress
}

func (s *store) newestFile() string { return filepath.Join(s.dir, "newest.json") }

// current returns the folder of the version that was last found to be the
// newest, and whether that was recently enough not to be asked again.
func (s *store) current() (dir string, fresh bool) {
	b, err := os.ReadFile(s.newestFile())
	if err != nil {
		return "", false
	}
	var n newest
	if json.Unmarshal(b, &n) != nil || n.Version == "" {
		return "", false
	}
	dir = s.folder(n.Version)
	if _, err := os.Stat(dir); err != nil {
		return "", false
	}
	age := time.Since(n.Checked)
	return dir, age >= 0 && age < listsAge
}

// folder is where a version lies. Versions of packages have characters that some
// programs take for more than that.
func (s *store) folder(version string) string {
	safe := strings.Map(func(r rune) rune {
		if strings.ContainsRune("~+:/", r) {
			return '_'
		}
		return r
	}, version)
	return filepath.Join(s.dir, "v"+safe)
}

// newStore returns the cache's part for a kernel.
func newStore(k Kernel, say Progress) (*store, error) {
	cache, err := cacheDir()
	if err != nil {
		return nil, err
	}
	return &store{
		kernel: k, dir: filepath.Join(cache, "kernels", k.Name), say: say,
		apt: &apt{dir: filepath.Join(cache, "lists", k.suite), suite: k.suite},
	}, nil
}

// Cached reports whether a kernel of that name was fetched before: [Fetch] may
// ask for a newer one, but works without a network.
func Cached(name string) bool {
	k, err := FindKernel(name)
	if err != nil {
		return false
	}
	s, err := newStore(k, nil)
	if err != nil {
		return false
	}
	dir, _ := s.current()
	return dir != ""
}

// Fetch makes sure that the newest build of a kernel, its modules and its headers
// are in the cache, and returns them. Debian is asked for a newer one once a day;
// an older one is then removed. While it cannot be asked, what is there is used.
// Close the tree when it is not used any more: until then no other process
// removes it.
func Fetch(ctx context.Context, k Kernel, say Progress) (*Tree, error) {
	if err := need(fetchTools); err != nil {
		return nil, err
	}
	s, err := newStore(k, say)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return nil, err
	}
	waits := func() { say.printf("%s: waiting for another process that uses it", k.Name) }
	l, err := lock(ctx, s.dir+".lock", false, waits)
	if err != nil {
		return nil, err
	}
	dir, err := s.ensure(ctx, l, waits)
	if err == nil {
		var t *Tree
		if t, err = openTree(k, dir); err == nil {
			t.lock = l
			return t, nil
		}
	}
	l.Close()
	return nil, fmt.Errorf("kernel %s: %w", k.Name, err)
}

// ensure returns the folder of the kernel, with the lock held together with
// others.
func (s *store) ensure(ctx context.Context, l *fileLock, waits func()) (string, error) {
	if dir, fresh := s.current(); fresh {
		return dir, nil
	}
	if err := l.turn(ctx, true, waits); err != nil {
		return "", err
	}
	dir, fresh := s.current() // another process may have been quicker
	if !fresh {
		newer, err := s.renew(ctx)
		switch {
		case err == nil:
			dir = newer
		case dir != "" && ctx.Err() == nil:
			s.say.printf("%s: using what is there, since Debian could not be asked for newer: %v", s.kernel.Name, err)
		default:
			return "", err
		}
	}
	return dir, l.turn(ctx, false, nil)
}

// renew finds the newest version and fetches it unless it is there.
func (s *store) renew(ctx context.Context) (string, error) {
	packages, err := s.resolve(ctx)
	if err != nil {
		return "", err
	}
	version := packages[0].version
	if !strings.HasPrefix(version, s.kernel.series) {
		return "", fmt.Errorf("the release %s of Debian has %s %s now: no %s any more", s.kernel.suite, packages[0].name, version, s.kernel.Name)
	}
	dir := s.folder(version)
	if _, err := os.Stat(dir); err != nil {
		if err := s.fetch(ctx, dir, packages); err != nil {
			s.apt.forget() // they may name packages that are gone
			return "", err
		}
	}
	b, err := json.Marshal(newest{version, time.Now()})
	if err == nil {
		err = writeFile(s.newestFile(), b)
	}
	if err == nil {
		err = s.sweep(dir)
	}
	return dir, err
}

// resolve returns the packages of the newest version; the first is the meta
// package of the image.
func (s *store) resolve(ctx context.Context) ([]pkg, error) {
	l, err := lock(ctx, s.apt.dir+".lock", true, nil)
	if err != nil {
		return nil, err
	}
	defer l.Close()
	s.say.printf("%s: asking Debian %s", s.kernel.Name, s.kernel.suite)
	if err := s.apt.update(ctx); err != nil {
		return nil, err
	}
	packages, err := s.apt.closure(ctx, s.kernel.image, s.kernel.headers)
	if err != nil || len(s.kernel.extra) == 0 {
		return packages, err
	}
	extra, err := s.apt.show(ctx, s.kernel.extra...)
	return append(packages, extra...), err
}

// fetch downloads and unpacks, in a folder that is named dir when it is complete.
func (s *store) fetch(ctx context.Context, dir string, packages []pkg) error {
	start, version := time.Now(), packages[0].version
	tmp, err := os.MkdirTemp(s.dir, "tmp-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	debs, root := filepath.Join(tmp, "debs"), filepath.Join(tmp, rootName)
	for _, d := range []string{debs, root} {
		if err := os.Mkdir(d, 0o755); err != nil {
			return err
		}
	}
	l, err := lock(ctx, s.apt.dir+".lock", true, nil)
	if err != nil {
		return err
	}
	// The meta packages have nothing in them, and are the first that mirrors drop.
	packages = slices.DeleteFunc(slices.Clone(packages), func(p pkg) bool {
		return p.name == s.kernel.image || p.name == s.kernel.headers
	})
	err = s.apt.download(ctx, debs, packages)
	l.Close()
	if err != nil {
		return err
	}
	files, err := filepath.Glob(debs + "/*.deb")
	if err != nil {
		return err
	}
	if len(files) < len(packages) {
		return fmt.Errorf("apt-get download: %d of %d packages", len(files), len(packages))
	}
	for _, f := range files {
		if _, err := command(ctx, "", "dpkg-deb", "--extract", f, root); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(debs); err != nil {
		return err
	}
	if err := unpackImage(ctx, tmp); err != nil {
		return err
	}
	if err := redirectHeaders(tmp, dir); err != nil {
		return err
	}
	if len(s.kernel.extra) > 0 {
		if err := wrapTools(tmp, dir); err != nil {
			return err
		}
	}
	if err := os.Rename(tmp, dir); err != nil {
		return err
	}
	s.say.printf("%s: downloaded and unpacked %s in %.1fs", s.kernel.Name, version, time.Since(start).Seconds())
	return nil
}

// unpackImage writes the kernel as the emulator boots it.
func unpackImage(ctx context.Context, dir string) error {
	images, err := filepath.Glob(filepath.Join(dir, rootName, "boot", "vmlinuz-*"))
	if err == nil && len(images) == 0 {
		images, err = filepath.Glob(filepath.Join(dir, rootName, "usr/lib/modules/*/vmlinuz"))
	}
	if err != nil {
		return err
	}
	if len(images) != 1 {
		return fmt.Errorf("%d kernel images in the packages, want one", len(images))
	}
	image, err := os.ReadFile(images[0])
	if err != nil {
		return err
	}
	kernel, err := bzimage.Extract(ctx, image)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(images[0]), err)
	}
	return os.WriteFile(filepath.Join(dir, kernelName), kernel, 0o644)
}

// redirectHeaders makes the headers, which name each other as they would be
// installed, name each other where they will lie: in dir.
func redirectHeaders(tmp, dir string) error {
	files, err := filepath.Glob(filepath.Join(tmp, rootName, "usr/src/linux-headers-*-amd64/Makefile"))
	if err != nil {
		return err
	}
	if len(files) != 1 {
		return fmt.Errorf("%d folders of headers in the packages, want one", len(files))
	}
	b, err := os.ReadFile(files[0])
	if err != nil {
		return err
	}
	text := strings.ReplaceAll(string(b), "/usr/src/", filepath.Join(dir, rootName, "usr/src")+"/")
	return os.WriteFile(files[0], []byte(text), 0o644)
}

// sweep removes what is neither the version in use nor about it: older versions,
// and what a process left that was killed.
func (s *store) sweep(keep string) error {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range entries {
		if path := filepath.Join(s.dir, e.Name()); e.IsDir() && path != keep {
			errs = append(errs, os.RemoveAll(path))
		}
	}
	return errors.Join(errs...)
}

// writeFile writes a file that others see whole or not at all.
func writeFile(name string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), "tmp-")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// exists reports whether there is a file. That it cannot be seen is an error.
func exists(name string) (bool, error) {
	_, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
