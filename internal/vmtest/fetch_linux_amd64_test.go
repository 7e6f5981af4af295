package vmtest

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nlkit/nlkit/internal/testenv"
)

// debian is a Debian made of scripts: programs of apt's names that have one
// kernel, in the version that a file names.
type debian struct{ dir string }

// newDebian makes this process see a fake Debian, and an empty cache.
func newDebian(t *testing.T) *debian {
	t.Helper()
	d := &debian{t.TempDir()}
	bin := filepath.Join(d.dir, "bin")
	if err := os.Mkdir(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string]string{
		"apt-get": `
case "$*" in
*indextargets*) echo http://mirror.example/debian/ ;;
*update*) [ ! -e "$FAKE/offline" ] || { echo "no network" >&2; exit 100; } ;;
*download*)
	echo "$*" | tr ' ' '\n' | grep = | grep -v ^-o | while read -r p; do echo x >"${p%%=*}.deb"; done
	echo x >>"$FAKE/downloads" ;;
esac`,
		"apt-cache": `
v=$(cat "$FAKE/version")
for name; do
	case "$name" in
	linux-image-6.12-cloud-amd64) d="linux-image-$v-cloud-amd64 (= $v), linux-base" ;;
	linux-headers-6.12-cloud-amd64) d="linux-headers-$v-cloud-amd64" ;;
	linux-headers-*-cloud-amd64) d="linux-image-$v-cloud-amd64 | linux-image-unsigned, linux-compiler-gcc-12-x86" ;;
	linux-*) d=kmod ;;
	*) continue ;;
	esac
	printf 'Package: %s\nVersion: %s\nDepends: %s\n\n' "$name" "$v" "$d"
done`,
		"dpkg-deb": `
v=$(cat "$FAKE/version")
case "$2" in
*linux-image-*) mkdir -p "$3/boot" "$3/lib/modules/$v-cloud-amd64/kernel"
	cp "$FAKE/image" "$3/boot/vmlinuz-$v"
	echo x >"$3/lib/modules/$v-cloud-amd64/kernel/x-y.ko"
	echo kernel/lib/crc-32.ko >"$3/lib/modules/$v-cloud-amd64/modules.builtin" ;;
*linux-headers-*) mkdir -p "$3/usr/src/linux-headers-$v-cloud-amd64"
	echo "include /usr/src/linux-headers-common/Makefile" >"$3/usr/src/linux-headers-$v-cloud-amd64/Makefile" ;;
esac`,
		"xz": "", "zstd": "",
	} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\nset -e\n"+body+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	// A kernel that is not compressed.
	image := make([]byte, 1024, 2048)
	copy(image[0x202:], "HdrS\x0f\x02")
	image[0x1f1] = 1
	binary.LittleEndian.PutUint32(image[0x24c:], 16)
	d.write(t, "image", string(append(image, "\x7fELF and no more"...)))
	t.Setenv("FAKE", d.dir)
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	t.Setenv(CacheEnv, filepath.Join(d.dir, "cache"))
	if _, err := os.Stat(keyring); err != nil {
		testenv.Missing(t, "debian", err.Error())
	}
	return d
}

func (d *debian) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(d.dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// downloads counts them.
func (d *debian) downloads() int {
	b, _ := os.ReadFile(filepath.Join(d.dir, "downloads"))
	return len(b) / 2
}

// age makes what was found out a day old.
func (d *debian) age(t *testing.T) {
	t.Helper()
	d.write(t, "cache/kernels/6.12-cloud/newest.json", `{"version":"6.12.1","checked":"2020-01-01T00:00:00Z"}`)
	old := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(filepath.Join(d.dir, "cache/lists/bookworm/updated"), old, old); err != nil {
		t.Fatal(err)
	}
}

// folders are the versions in the cache.
func (d *debian) folders(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(d.dir, "cache/kernels/6.12-cloud"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

func cloud(t *testing.T) Kernel {
	t.Helper()
	k, err := FindKernel("6.12-cloud")
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func fetch(t *testing.T) *Tree {
	t.Helper()
	tree, err := Fetch(t.Context(), cloud(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestFetch(t *testing.T) {
	d := newDebian(t)
	d.write(t, "version", "6.12.1")
	if Cached("6.12-cloud") || Cached("no kernel") {
		t.Error("something is in the cache before it was fetched")
	}
	tree := fetch(t)
	if !Cached("6.12-cloud") {
		t.Error("what was fetched is not in the cache")
	}
	kernel, err := os.ReadFile(tree.Vmlinux())
	if err != nil || string(kernel) != "\x7fELF and no more" {
		t.Errorf("the kernel is %q, error %v", kernel, err)
	}
	b, err := os.ReadFile(filepath.Join(tree.Headers(), "Makefile"))
	want := "include " + filepath.Dir(tree.Headers()) + "/linux-headers-common/Makefile\n"
	if err != nil || string(b) != want {
		t.Errorf("the headers' Makefile is %q, want %q; error %v", b, want, err)
	}
	if tree.Version() != "6.12.1" || tree.Release != "6.12.1-cloud-amd64" {
		t.Errorf("version %s, release %s", tree.Version(), tree.Release)
	}
	if !tree.HasModule("x-y") || !tree.HasModule("x_y") || tree.HasModule("crc-32") || !tree.Builtin("crc_32") {
		t.Error("modules are not told from what is built in")
	}
	if _, err := tree.Module(t.Context(), "z"); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), `6.12-cloud has no module "z"`) {
		t.Errorf("a module that is not there: error %v", err)
	}
	if err := tree.Close(); err != nil {
		t.Error(err)
	}
	fetch(t).Close()
	if n := d.downloads(); n != 1 {
		t.Errorf("%d downloads for two calls in a day", n)
	}
}

// TestFetchNewer: there is a newer one a day later, and then the network fails.
func TestFetchNewer(t *testing.T) {
	d := newDebian(t)
	d.write(t, "version", "6.12.1")
	fetch(t).Close()
	left := filepath.Join(d.dir, "cache/kernels/6.12-cloud/tmp-killed")
	if err := os.Mkdir(left, 0o755); err != nil {
		t.Fatal(err)
	}
	d.write(t, "version", "6.12.2~rc1")
	d.age(t)
	tree := fetch(t)
	if got := d.folders(t); !cmp.Equal(got, []string{"v6.12.2_rc1"}) {
		t.Errorf("in the cache is %q", got)
	}
	if _, err := os.Stat(tree.Vmlinux()); err != nil {
		t.Error(err)
	}
	tree.Close()

	d.write(t, "offline", "")
	d.age(t)
	d.write(t, "cache/kernels/6.12-cloud/newest.json", `{"version":"6.12.2~rc1","checked":"2020-01-01T00:00:00Z"}`)
	var said []string
	tree, err := Fetch(t.Context(), cloud(t), func(line string) { said = append(said, line) })
	if err != nil {
		t.Fatalf("offline, with one in the cache: %v", err)
	}
	tree.Close()
	if got := strings.Join(said, "\n"); !strings.Contains(got, "using what is there") || !strings.Contains(got, "no network") {
		t.Errorf("offline nothing is said of it: %s", got)
	}
}

func TestFetchErrors(t *testing.T) {
	d := newDebian(t)
	d.write(t, "version", "6.13.0")
	if _, err := Fetch(t.Context(), cloud(t), nil); err == nil || !strings.Contains(err.Error(), "6.13.0 now: no 6.12-cloud any more") {
		t.Errorf("Debian has moved on: error %v", err)
	}
	d.write(t, "version", "6.12.1")
	d.write(t, "image", "no kernel")
	if _, err := Fetch(t.Context(), cloud(t), nil); err == nil || !strings.Contains(err.Error(), "not a boot image") {
		t.Errorf("a broken image: error %v", err)
	}
	if got := d.folders(t); len(got) > 0 {
		t.Errorf("what could not be completed is in the cache: %q", got)
	}
	if err := os.Remove(filepath.Join(d.dir, "cache/lists/bookworm/updated")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	d.write(t, "offline", "")
	if _, err := Fetch(t.Context(), cloud(t), nil); err == nil || !strings.Contains(err.Error(), "no network") {
		t.Errorf("offline: error %v", err)
	}
}

// TestFetchTogether: of many at once, one downloads.
func TestFetchTogether(t *testing.T) {
	d := newDebian(t)
	d.write(t, "version", "6.12.1")
	var wait sync.WaitGroup
	for range 5 {
		wait.Go(func() {
			tree, err := Fetch(t.Context(), cloud(t), nil)
			if err != nil {
				t.Error(err)
				return
			}
			tree.Close()
		})
	}
	wait.Wait()
	if n := d.downloads(); n != 1 {
		t.Errorf("%d downloads", n)
	}
}

// TestWrapTools: a program that is linked dynamically becomes a script.
func TestWrapTools(t *testing.T) {
	tmp := t.TempDir()
	tools := filepath.Join(tmp, rootName, "usr/lib/linux-kbuild-7.2")
	if err := os.MkdirAll(tools, 0o755); err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile("/bin/true")
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"modpost": program, "chooser": program, "chooser.real-64": program, "script": []byte("#!/bin/sh\n")} {
		if err := os.WriteFile(filepath.Join(tools, name), b, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := wrapTools(tmp, "/in/the cache"); err != nil {
		t.Fatal(err)
	}
	for name, wrapped := range map[string]bool{"modpost": true, "chooser": false, "chooser.real-64": true, "script": false} {
		b, err := os.ReadFile(filepath.Join(tools, name))
		if err != nil {
			t.Fatal(err)
		}
		path := `"/in/the cache/root/usr/lib/linux-kbuild-7.2/` + name + `.program" "$@"`
		if got := strings.Contains(string(b), path); got != wrapped {
			t.Errorf("%s is a script: %v, want %v\n%.200s", name, got, wrapped, b)
		}
		if _, err := os.Stat(filepath.Join(tools, name+".program")); (err == nil) != wrapped {
			t.Errorf("%s.program: %v", name, err)
		}
	}
}
