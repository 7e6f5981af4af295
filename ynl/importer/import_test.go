package importer

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/specs"
)

var update = flag.Bool("update", false, "write the catalogue and its errata anew")

// The catalogue, its errata, and the kernel's specs in workplaces that have them.
const (
	catalogue = "../specs"
	errata    = "../../docs/errata.md"
	upstream  = "../../../shared/specs"
)

func upstreamFS(tb testing.TB) fs.FS {
	tb.Helper()
	folder := os.DirFS(upstream)
	if names, err := fs.Glob(folder, "*.yaml"); err != nil || len(names) == 0 {
		testenv.Missing(tb, "upstream specs", "there are none in "+upstream)
	}
	return folder
}

// same compares a file with what it should be, or writes it.
func same(t *testing.T, file string, want []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(file)
	if err != nil {
		t.Error(err)
		return
	}
	if !bytes.Equal(have, want) {
		t.Errorf("%s is not what the importer writes, from line %d on; \"go test ./ynl/importer -update\" writes it", file, firstDifference(have, want))
	}
}

func firstDifference(a, b []byte) int {
	la, lb := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	for i := range min(len(la), len(lb)) {
		if !bytes.Equal(la[i], lb[i]) {
			return i + 1
		}
	}
	return min(len(la), len(lb)) + 1
}

// TestDrift imports the kernel's specs and compares with what is checked in.
func TestDrift(t *testing.T) {
	files, err := Dir(upstreamFS(t), os.DirFS(catalogue+"/overlay"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		same(t, filepath.Join(catalogue, f.Name+".yaml"), f.Text)
		names = append(names, f.Name+".yaml")
	}
	same(t, filepath.Join(catalogue, "index.txt"), Index(files))
	have, err := fs.Glob(os.DirFS(catalogue), "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(have, names) {
		t.Errorf("the catalogue has the files %v, the import writes %v", have, names)
	}
}

func overlays(t *testing.T) map[string]*Overlay {
	t.Helper()
	all, err := Overlays(os.DirFS(catalogue + "/overlay"))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestErrata compares docs/errata.md with the overlays.
func TestErrata(t *testing.T) {
	same(t, errata, Errata(overlays(t)))
}

// TestProofs looks up every proof in the headers of Linux 7.2, which the variable
// NLKIT_UAPI points to. The lines are those of one package; in another version's
// headers the symbol may have moved within its file.
func TestProofs(t *testing.T) {
	dir := os.Getenv("NLKIT_UAPI")
	if _, err := os.Stat(filepath.Join(dir, "linux", "dev_energymodel.h")); dir == "" || err != nil {
		testenv.Missing(t, "uapi", "needs NLKIT_UAPI to name the folder usr/include of "+Headers)
	}
	version, err := os.ReadFile(filepath.Join(dir, "linux", "version.h"))
	if err != nil {
		t.Fatal(err)
	}
	same := strings.Contains(string(version), "LINUX_VERSION_CODE 459277\n") // 7.2.13
	if !same {
		t.Logf("these are other headers than %s: lines are not compared", Headers)
	}
	for _, o := range overlays(t) {
		for _, c := range slices.Concat(o.Errors, o.Additions) {
			for _, p := range c.Proof {
				text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(p.Header)))
				lines := strings.Split(string(text), "\n")
				if err == nil && !same && strings.Contains(string(text), p.Symbol) {
					continue
				}
				if err != nil || p.Line > len(lines) || !strings.Contains(lines[p.Line-1], p.Symbol) {
					t.Errorf("%s:%d: %s does not have %s in line %d", o.File, c.Line, p.Header, p.Symbol, p.Line)
				}
			}
		}
	}
}

// TestNothingLost imports without overlays: all but prose must have been taken
// over, in the tree as well as in the model.
func TestNothingLost(t *testing.T) {
	folder := upstreamFS(t)
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := Import(name, text, nil)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		want, err := tree(name, text)
		if err != nil {
			t.Fatal(err)
		}
		clean(want)
		have, err := tree(name, f.Text)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if !have.equal(want) {
			t.Errorf("%s: the tree is not upstream's", name)
		}
		was, err := ynl.Parse(name, text)
		if err != nil {
			t.Fatal(err)
		}
		is, err := ynl.Parse(name, f.Text)
		if err != nil {
			t.Fatal(err)
		}
		forget(reflect.ValueOf(was), map[uintptr]bool{})
		forget(reflect.ValueOf(is), map[uintptr]bool{})
		if !reflect.DeepEqual(was, is) {
			t.Errorf("%s: the model is not upstream's", name)
		}
		again, err := Import(name, f.Text, nil)
		if err != nil || !bytes.Equal(again.Text, f.Text) {
			t.Errorf("%s: imported again, it is not the same (%v)", name, err)
		}
	}
}

// forget clears the prose and the positions of a model.
func forget(v reflect.Value, seen map[uintptr]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && !seen[v.Pointer()] {
			seen[v.Pointer()] = true
			forget(v.Elem(), seen)
		}
	case reflect.Slice:
		for i := range v.Len() {
			forget(v.Index(i), seen)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[ynl.Pos]() {
			v.SetZero()
			return
		}
		for i := range v.NumField() {
			switch f := v.Type().Field(i); {
			case !f.IsExported():
			case f.Name == "Doc":
				v.Field(i).SetZero()
			default:
				forget(v.Field(i), seen)
			}
		}
	}
}

// TestNoProse looks for documentation in the catalogue.
func TestNoProse(t *testing.T) {
	for _, name := range specs.Names() {
		text, err := specs.Text(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if before, after, ok := strings.Cut(line, "doc:"); ok && !strings.HasPrefix(after, " ''") && !strings.HasSuffix(before, "-") {
				t.Errorf("%s.yaml:%d has documentation: %s", name, i+1, line)
			}
			if i > 1 && strings.Contains(line, "#") {
				t.Errorf("%s.yaml:%d has a comment: %s", name, i+1, line)
			}
		}
		if !strings.HasPrefix(string(text), "# SPDX-License-Identifier: MIT\n# Written by nlkit spec import.") {
			t.Errorf("%s.yaml does not begin with its licence and origin", name)
		}
	}
}

const toy = `# SPDX-License-Identifier: BSD-3-Clause
---
name: toy
# A remark.
doc: What it is for.
attribute-sets:
  -
    name: toy
    doc: Its attributes.
    attributes:
      - {name: id, type: u32, checks: {max: 0x10}, doc: Its number.}
      - &name {type: string, name: name}
      -
        name: 'off'
        type: nest
        nested-attributes: toy
operations:
  list:
    -
      name: get
      doc: Get it.
      attribute-set: toy
      do: &do
        request: {attributes: [id, name]}
        reply:
          attributes: [id, name, 'off']
      dump: *do
definitions:
  - {type: enum, name: mode, entries: [{name: a, doc: first}, {value: 7, name: '8'}]}
`

const toyImported = `# SPDX-License-Identifier: MIT
# Written by nlkit spec import. Corrections belong into overlay/.
name: toy
doc: ''

definitions:
  - name: mode
    type: enum
    entries:
      - a
      - {name: '8', value: 7}

attribute-sets:
  - name: toy
    attributes:
      - {name: id, type: u32, checks: {max: 0x10}}
      - {name: name, type: string}
      - {name: 'off', type: nest, nested-attributes: toy}

operations:
  list:
    - name: get
      doc: ''
      attribute-set: toy
      do:
        request: {attributes: [id, name]}
        reply: {attributes: [id, name, 'off']}
      dump:
        request: {attributes: [id, name]}
        reply: {attributes: [id, name, 'off']}
`

func TestImport(t *testing.T) {
	f, err := Import("dir/toy.yaml", []byte(toy), nil)
	if err != nil {
		t.Fatal(err)
	}
	if string(f.Text) != toyImported {
		t.Errorf("imported:\n%s\nwant:\n%s", f.Text, toyImported)
	}
	if f.Name != "toy" || f.Family != "toy" {
		t.Errorf("the file is %q, the family %q", f.Name, f.Family)
	}
	if got := string(Index([]File{f, {Name: "a_b", Family: "a-b"}})); got != "toy toy\na_b a-b\n" {
		t.Errorf("index %q", got)
	}
}

func TestDirErrors(t *testing.T) {
	if _, err := Dir(os.DirFS(t.TempDir()), nil); err != ErrNoSpecs {
		t.Errorf("an empty folder: %v", err)
	}
	if _, err := Import("bad.yaml", []byte("name: x\n"), nil); err == nil || !strings.Contains(err.Error(), "bad.yaml:1:") {
		t.Errorf("a malformed spec: %v", err)
	}
}
