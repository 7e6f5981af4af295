package kmod

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/gen/golang"
	"github.com/nlkit/nlkit/gen/kmod"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/ynl"
)

func TestMain(m *testing.M) { testenv.Main(m) }

// regenerate is what brings both sides up to date.
const regenerate = "go generate ./internal/kmod"

// modules are the folders of generated modules, and of the Go that talks to them.
var modules = []struct{ module, pkg string }{
	{"doc_exmpl", "docexmpl"},
	{"nlkit_test", "nlkittest"},
}

func parse(t *testing.T, module string) *ynl.Spec {
	t.Helper()
	spec, err := ynl.ParseFile(filepath.Join("../../kmod", module, module+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range spec.Findings() {
		t.Error(p)
	}
	return spec
}

// TestModules generates the modules, and compares what comes with the files that
// are checked in.
func TestModules(t *testing.T) {
	for _, m := range modules {
		t.Run(m.module, func(t *testing.T) {
			mod, err := kmod.Generate(parse(t, m.module), kmod.Options{Source: m.module + ".yaml"})
			if err != nil {
				t.Fatal(err)
			}
			dir := filepath.Join("../../kmod", m.module)
			var names []string
			for _, f := range mod.Files {
				names = append(names, f.Name)
				same(t, filepath.Join(dir, filepath.FromSlash(f.Name)), f.Text)
			}
			generated(t, dir, "Do not edit.", names)
			// The author's functions, in whichever of his files they are.
			text := authors(t, dir, names)
			for _, s := range mod.Stubs {
				if !strings.Contains(text, s.Name+"(") {
					t.Errorf("no file in %s has the function %s, which the spec asks for:\n%s", dir, s.Name, s.Text)
				}
			}
		})
	}
}

// TestPackages does the same with the Go.
func TestPackages(t *testing.T) {
	for _, m := range modules {
		t.Run(m.pkg, func(t *testing.T) {
			pkg, err := golang.Generate(parse(t, m.module), golang.Options{Package: m.pkg, Source: m.module + ".yaml"})
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, f := range pkg.Files {
				names = append(names, f.Name)
				same(t, filepath.Join(m.pkg, f.Name), f.Text)
			}
			generated(t, m.pkg, "DO NOT EDIT.", names)
		})
	}
}

// same compares a file with what it should be.
func same(t *testing.T, path string, want []byte) {
	t.Helper()
	have, err := os.ReadFile(path)
	if err != nil {
		t.Errorf("%v\nit is written by: %s", err, regenerate)
		return
	}
	if bytes.Equal(have, want) {
		return
	}
	x, y := bytes.Split(have, []byte("\n")), bytes.Split(want, []byte("\n"))
	n := 0
	for n < min(len(x), len(y)) && bytes.Equal(x[n], y[n]) {
		n++
	}
	t.Errorf("%s, line %d, is not what the spec and the generator give now; type:\n%s", path, n+1, regenerate)
}

// generated looks for files that say they are generated, and are no more.
func generated(t *testing.T, dir, mark string, names []string) {
	t.Helper()
	walk(t, dir, func(name string, text []byte) {
		head := string(text[:min(len(text), 200)])
		if strings.Contains(head, mark) && !slices.Contains(names, name) {
			t.Errorf("%s in %s is generated no more: delete it", name, dir)
		}
	})
}

// authors is all C in a module's folder that is not generated.
func authors(t *testing.T, dir string, names []string) string {
	t.Helper()
	var all strings.Builder
	walk(t, dir, func(name string, text []byte) {
		if strings.HasSuffix(name, ".c") && !slices.Contains(names, name) {
			all.Write(text)
		}
	})
	return all.String()
}

func walk(t *testing.T, dir string, visit func(name string, text []byte)) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, err2 := filepath.Rel(dir, path)
		if err := errors.Join(err, err2); err != nil {
			return err
		}
		visit(filepath.ToSlash(name), text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
