package golang_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/nlkit/nlkit/gen/golang"
	"github.com/nlkit/nlkit/ynl"
)

// awkward is a spec whose names and words are those that generated code uses
// itself.
const awkward = `
name: awkward
protocol: netlink-raw
protonum: 30
doc: It is read in this context. What goes over the wire.is told. See slices.
definitions:
  - name: head
    type: struct
    members: [{name: family, type: u8}, {name: dst-len, type: u8}, {name: src-len, type: u8}, {name: pad, type: pad, len: 1}]
  - {name: err, type: enum, entries: [nil, "true", func]}
attribute-sets:
  - name: things
    attributes:
      - {name: b, type: string}
      - {name: data, type: sub-message, sub-message: datas, selector: b}
      - {name: dst, type: binary, display-hint: ipv4-or-v6}
      - {name: dst-prefix, type: u32}
      - {name: mac, type: binary, display-hint: mac, checks: {exact-len: 6}}
      - {name: list, type: binary, sub-type: u32, checks: {max-len: 16}}
      - {name: string, type: string, multi-attr: true}
      - {name: check, type: u32, enum: err}
      - {name: clone, type: flag}
      - {name: header, type: nest, nested-attributes: inner}
  - name: inner
    attributes:
      - {name: m, type: u8}
      - {name: type, type: indexed-array, sub-type: string}
sub-messages:
  - name: datas
    formats: [{value: x, attribute-set: inner}, {value: "y", fixed-header: head}, {value: z}]
operations:
  enum-model: directional
  fixed-header: head
  list:
    - name: get
      doc: one, in any context.
      attribute-set: things
      do: {request: {value: 2, attributes: [b]}, reply: {value: 1, attributes: [b, data, mac]}}
      dump: {request: {value: 2}, reply: {value: 1, attributes: [b, data]}}
    - name: new
      doc: make one
      attribute-set: things
      do: {request: {value: 1, attributes: [b, data, list]}}
`

// TestAwkwardCompiles builds the package of that spec, from files that are nowhere
// but in an overlay.
func TestAwkwardCompiles(t *testing.T) {
	spec, err := ynl.Parse("awkward.yaml", []byte(awkward))
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := golang.Generate(spec, golang.Options{})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := pkg.Write(dir); err != nil {
		t.Fatal(err)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	overlay := map[string]map[string]string{"Replace": {}}
	for _, f := range pkg.Files {
		overlay["Replace"][filepath.Join(here, "awkward", f.Name)] = filepath.Join(dir, f.Name)
	}
	text, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "overlay.json")
	if err := os.WriteFile(file, text, 0o666); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "build", "-overlay", file, "./awkward").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
