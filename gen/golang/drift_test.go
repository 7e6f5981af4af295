package golang

import (
	"bytes"
	"go/format"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/gen/goname"
	"github.com/nlkit/nlkit/ynl/specs"
)

// regenerate is what brings the packages of the catalogue up to date.
const regenerate = "go run ./cmd/nlkit gen go --all -o family"

// generate makes the package of a family of the catalogue, from a spec that is
// read anew.
func generate(t *testing.T, name string) *Package {
	t.Helper()
	spec, err := specs.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := Generate(spec, Options{Package: goname.Package(name)})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return pkg
}

// TestCatalogue generates every package twice, and compares what comes with the
// files that are checked in.
func TestCatalogue(t *testing.T) {
	for _, name := range specs.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pkg := generate(t, name)
			dir := filepath.Join("../../family", pkg.Name)
			again := generate(t, name)
			var names []string
			for i, f := range pkg.Files {
				names = append(names, f.Name)
				if again.Files[i].Name != f.Name || !bytes.Equal(again.Files[i].Text, f.Text) {
					t.Errorf("%s: generated twice it is not the same", f.Name)
				}
				if text, err := format.Source(f.Text); err != nil || !bytes.Equal(text, f.Text) {
					t.Errorf("%s is not as gofmt writes it (%v)", f.Name, err)
				}
				have, err := os.ReadFile(filepath.Join(dir, f.Name))
				if err != nil {
					t.Errorf("%v\nthe packages are written by: %s", err, regenerate)
				} else if !bytes.Equal(have, f.Text) {
					t.Errorf("family/%s/%s, line %d, is not what the spec and the generator give now; type:\n%s", pkg.Name, f.Name, line(have, f.Text), regenerate)
				}
			}
			old, err := filepath.Glob(filepath.Join(dir, "*"+Suffix))
			if err != nil {
				t.Fatal(err)
			}
			for _, path := range old {
				if !slices.Contains(names, filepath.Base(path)) {
					t.Errorf("family/%s/%s is generated no more; type:\n%s", pkg.Name, filepath.Base(path), regenerate)
				}
			}
		})
	}
}

// line is the number of the first line that differs.
func line(a, b []byte) int {
	x, y := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return i + 1
		}
	}
	return min(len(x), len(y)) + 1
}

// TestWrite writes a package over an older one: what is the same is left alone,
// what is generated no more goes, and what somebody has added stays.
func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "fou")
	pkg := generate(t, "fou")
	if err := pkg.Write(dir); err != nil {
		t.Fatal(err)
	}
	first := pkg.Files[0].Name
	for name, text := range map[string]string{"old" + Suffix: "package fou\n", "mine.go": "package fou\n", first: "spoiled"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := pkg.Write(dir); err != nil {
		t.Fatal(err)
	}
	var got, want []string
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		got = append(got, e.Name())
	}
	for _, f := range pkg.Files {
		want = append(want, f.Name)
		if text, err := os.ReadFile(filepath.Join(dir, f.Name)); err != nil || !bytes.Equal(text, f.Text) {
			t.Errorf("%s is not what was generated (%v)", f.Name, err)
		}
	}
	want = append(want, "mine.go")
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the folder has %q, want %q", got, want)
	}
}
