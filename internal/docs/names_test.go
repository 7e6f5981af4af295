package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	tableRow   = regexp.MustCompile(`(?m)^\| .* \|$`)
	inlineCode = regexp.MustCompile("`[^`]+`")
	qualified  = regexp.MustCompile(`\b([a-z][a-z0-9]*)\.([A-Z]\w*)`)
)

// TestMigratingNamesExist looks up what the second columns of docs/migrating.md
// name: functions, types and constants of our packages, and methods of what c, b,
// a and sub stand for.
func TestMigratingNamesExist(t *testing.T) {
	text, err := os.ReadFile("../../docs/migrating.md")
	if err != nil {
		t.Fatal(err)
	}
	packages := map[string]*exported{}
	methods := map[string]bool{}
	for name, path := range importTable(t) {
		folder, ours := strings.CutPrefix(path, module+"/")
		if !ours {
			continue
		}
		packages[name] = exportsOf(t, filepath.Join("../..", folder))
		for method := range packages[name].methods {
			methods[method] = true
		}
	}
	names := 0
	for _, row := range tableRow.FindAllString(string(text), -1) {
		cells := strings.Split(row, " | ")
		if len(cells) < 3 {
			continue
		}
		for _, code := range inlineCode.FindAllString(cells[1], -1) {
			for _, m := range qualified.FindAllStringSubmatch(code, -1) {
				names++
				switch p := packages[m[1]]; {
				case p != nil && !p.names[m[2]]:
					t.Errorf("%s: package %s has no %s", code, m[1], m[2])
				case p == nil && len(m[1]) < 4 && !methods[m[2]]: // a variable
					t.Errorf("%s: nothing has the method %s", code, m[2])
				}
			}
		}
	}
	if names < 100 {
		t.Errorf("found %d names only: the tables are not read as they should be", names)
	}
}

// exported is what a package exports.
type exported struct{ names, methods map[string]bool }

func exportsOf(t *testing.T, folder string) *exported {
	t.Helper()
	files, err := filepath.Glob(folder + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	e := &exported{names: map[string]bool{}, methods: map[string]bool{}}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range f.Decls {
			e.add(decl)
		}
	}
	return e
}

func (e *exported) add(decl ast.Decl) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Recv != nil {
			e.methods[d.Name.Name] = true
		} else {
			e.names[d.Name.Name] = true
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				e.names[s.Name.Name] = true
			case *ast.ValueSpec:
				for _, name := range s.Names {
					e.names[name.Name] = true
				}
			}
		}
	}
}
