package family_test

import (
	"flag"
	"os"
	"os/exec"
	"path"
	"runtime"
	"strings"
	"testing"
	"time"
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

var cold = flag.Bool("cold", false, "build the families from an empty cache, and measure that")

// maxColdBuild is how long that may take on 2 processors.
const maxColdBuild = 120 * time.Second

// TestColdBuild builds all families as if for the first time, the standard library
// too. It takes a minute of two processors and runs with -cold only.
func TestColdBuild(t *testing.T) {
	if !*cold {
		t.Skip("needs -cold: go test ./family -run ColdBuild -cold")
	}
	start := time.Now()
	goTool(t, []string{"GOCACHE=" + t.TempDir(), "GOMAXPROCS=2"}, "build", "-p", "2", "./...")
	took := time.Since(start)
	t.Logf("%.1f s with 2 of %d processors", took.Seconds(), runtime.NumCPU())
	if took > maxColdBuild {
		t.Errorf("took %v, want at most %v", took, maxColdBuild)
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
