package family_test

import (
	"os"
	"os/exec"
	"path"
	"strings"
	"testing"
)

const familyPath = "github.com/nlkit/nlkit/family/"

// TestOneFamilyLinksNoOther: what a program pays for is the family it uses. Nor
// does it carry the code that reads specs, and what of Go's library is large.
func TestOneFamilyLinksNoOther(t *testing.T) {
	out := goTool(t, nil, "list", "-f", `{{.ImportPath}}{{range .Deps}} {{.}}{{end}}`, "./...")
	families := 0
	for line := range strings.Lines(out) {
		deps := strings.Fields(line)
		name, ok := strings.CutPrefix(deps[0], familyPath)
		if !ok || name == "nl" || strings.Contains(name, "/") {
			continue
		}
		families++
		for _, dep := range deps[1:] {
			other, ok := strings.CutPrefix(dep, familyPath)
			switch {
			case ok && path.Dir(other) == "." && other != "nl":
				t.Errorf("%s links the family %s", name, other)
			case strings.HasPrefix(dep, "github.com/nlkit/nlkit/ynl"), strings.HasPrefix(dep+"/", "github.com/nlkit/nlkit/gen/"),
				dep == "net/http", dep == "text/template", dep == "go/format":
				t.Errorf("%s links %s", name, dep)
			}
		}
	}
	if families < 30 {
		t.Errorf("%d families were looked at, want all of them", families)
	}
}

// goTool runs the go command in this folder.
func goTool(t *testing.T, env []string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.Output()
	if err != nil {
		stderr := ""
		if e, ok := err.(*exec.ExitError); ok {
			stderr = string(e.Stderr)
		}
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, stderr)
	}
	return string(out)
}
