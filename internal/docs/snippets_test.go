// Package docs checks what the project's documents claim.
package docs

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"
)

const module = "github.com/nlkit/nlkit"

var goBlock = regexp.MustCompile("(?s)```go\n(.*?)```")

// snippetDocuments are those whose Go blocks are programs, or parts of some.
func snippetDocuments(t *testing.T) []string {
	t.Helper()
	pages, err := filepath.Glob("../../docs/families/*.md")
	if err != nil {
		t.Fatal(err)
	}
	if len(pages) == 0 {
		t.Fatal("docs/families has no page")
	}
	return append(pages, "../../README.md", "../../docs/typed.md", "../../docs/migrating.md", "../../docs/mirror.md")
}

// TestSnippetsCompile vets the Go blocks of the documents. A block is a program or a
// piece of one ("package ..." or "func ..." or "type ..." at its beginning), which is a
// package of its own, or a body. The bodies of a document are one function with a
// context, ctx, that returns an error: what the first declares the others see, and what
// the others declare is theirs alone.
func TestSnippetsCompile(t *testing.T) {
	dir := t.TempDir()
	writeModule(t, dir)
	imports := importTable(t)
	for i, document := range snippetDocuments(t) {
		blocks := goBlocks(t, document)
		if len(blocks) == 0 && document == "../../README.md" {
			t.Error("the README shows no Go program")
		}
		var bodies []goSnippet
		for j, block := range blocks {
			if formatted, err := format.Source([]byte(block.text)); err != nil {
				t.Errorf("%s:%d: %v", block.document, block.line, err)
				continue
			} else if string(formatted) != block.text {
				t.Errorf("%s:%d: not as gofmt has it:\n%s", block.document, block.line, formatted)
			}
			if !block.declares() {
				bodies = append(bodies, block)
				continue
			}
			clause, rest := "package snippet\n", block.text
			if strings.HasPrefix(rest, "package ") {
				clause, rest, _ = strings.Cut(rest, "\n")
				block.line++
			}
			text := clause + "\n" + block.lineDirective() + rest
			writePackage(t, filepath.Join(dir, fmt.Sprintf("d%d_%d", i, j)), text, imports)
		}
		if len(bodies) > 0 {
			writePackage(t, filepath.Join(dir, fmt.Sprintf("d%d", i)), joinBodies(bodies), imports)
		}
	}
	cmd := exec.Command("go", "vet", "./...")
	cmd.Dir = dir
	// The modules are those of this repository, which are there already.
	cmd.Env = append(os.Environ(), "GOFLAGS="+os.Getenv("GOFLAGS")+" -mod=mod", "GOPROXY=off", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("go vet: %v\n%s", err, out)
	}
}

// goSnippet is a Go block of a document.
type goSnippet struct {
	document string // its absolute path
	line     int    // of the first line of text
	text     string
}

func goBlocks(t *testing.T, document string) []goSnippet {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	path, err := filepath.Abs(document)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []goSnippet
	for _, at := range goBlock.FindAllSubmatchIndex(text, -1) {
		blocks = append(blocks, goSnippet{
			document: path,
			line:     bytes.Count(text[:at[2]], []byte("\n")) + 1,
			text:     string(text[at[2]:at[3]]),
		})
	}
	return blocks
}

// declares reports whether the block is declarations and not statements.
func (s goSnippet) declares() bool {
	for line := range strings.Lines(s.text) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "//") {
			continue
		}
		word, _, _ := strings.Cut(line, " ")
		return word == "package" || word == "func" || word == "type" || word == "import"
	}
	return false
}

// lineDirective makes errors name the document.
func (s goSnippet) lineDirective() string {
	return fmt.Sprintf("//line %s:%d\n", s.document, s.line)
}

func joinBodies(bodies []goSnippet) string {
	var b strings.Builder
	b.WriteString("package snippet\n\nfunc _(ctx context.Context) error {\n")
	for i, body := range bodies {
		if i > 0 {
			b.WriteString("{\n")
		}
		b.WriteString(body.lineDirective() + body.text)
		if i > 0 {
			b.WriteString("}\n")
		}
	}
	b.WriteString("return nil\n}\n")
	return b.String()
}

// writePackage writes a package of one file, with the imports it lacks.
func writePackage(t *testing.T, dir, text string, imports map[string]string) {
	t.Helper()
	var needed strings.Builder
	for _, path := range missingImports(t, text, imports) {
		fmt.Fprintf(&needed, "import %q\n", path)
	}
	clause, rest, _ := strings.Cut(text, "\n")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	text = clause + "\n" + needed.String() + rest
	if err := os.WriteFile(filepath.Join(dir, "snippet.go"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// missingImports finds the packages that are used by name and not imported.
func missingImports(t *testing.T, text string, imports map[string]string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	free := map[*ast.Ident]bool{}
	for _, id := range file.Unresolved {
		free[id] = true
	}
	imported := map[string]bool{}
	for _, spec := range file.Imports {
		imported[strings.Trim(spec.Path.Value, `"`)] = true
	}
	paths := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok && free[id] {
				if path := imports[id.Name]; path != "" && !imported[path] {
					paths[path] = true
				}
			}
		}
		return true
	})
	return slices.Sorted(maps.Keys(paths))
}

// importTable is what documents may use without importing it, by name.
func importTable(t *testing.T) map[string]string {
	t.Helper()
	table := map[string]string{}
	for _, path := range []string{
		"context", "crypto/ecdh", "crypto/rand", "encoding/binary", "encoding/json", "errors", "fmt", "iter", "log", "net", "net/netip", "os",
		"slices", "strings", "testing", "time",
		module + "/genetlink", module + "/mirror", module + "/netlink", module + "/rt", module + "/sim", module + "/wire",
	} {
		table[filepath.Base(path)] = path
	}
	families, err := os.ReadDir("../../family")
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		table[family.Name()] = module + "/family/" + family.Name()
	}
	return table
}

var moduleText = template.Must(template.New("go.mod").Parse(`module snippets

go 1.26.0

require {{.Module}} v0.0.0

replace {{.Module}} => {{.Dir}}
`))

// writeModule makes a module that uses this one.
func writeModule(t *testing.T, dir string) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := moduleText.Execute(&text, struct{ Module, Dir string }{module, root}); err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile("../../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"go.mod": text.Bytes(), "go.sum": sums} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
