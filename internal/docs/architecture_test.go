package docs

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestArchitectureNamesPackages looks for every package of the module in the
// table of docs/architecture.md, and for every folder of the table in the tree.
func TestArchitectureNamesPackages(t *testing.T) {
	text, err := os.ReadFile("../../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	const module = "github.com/nlkit/nlkit/"
	out, err := exec.Command("go", "list", module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for path := range strings.Lines(string(out)) {
		folder := row(strings.TrimPrefix(strings.TrimSpace(path), module))
		if !strings.Contains(string(text), "\n| `"+folder+"/` | ") {
			t.Errorf("docs/architecture.md has no row for %s/", folder)
		}
	}
	for line := range strings.Lines(string(text)) {
		folder, ok := strings.CutPrefix(line, "| `")
		if !ok {
			continue
		}
		folder, _, _ = strings.Cut(folder, "`")
		if info, err := os.Stat("../../" + folder); err != nil || !info.IsDir() {
			t.Errorf("docs/architecture.md has a row for %s, which is no folder", folder)
		}
	}
}

// row is the folder in whose row a package is: the examples have one together, and
// so have the generated packages.
func row(folder string) string {
	top, _, _ := strings.Cut(folder, "/")
	_, err := os.Stat("../../" + folder + "/client_gen.go")
	if top == "examples" || top == "family" && err == nil {
		return top
	}
	return folder
}
