package examples

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/nlkit/nlkit/gen/golang"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/ynl"
)

// programs is the folder of the programs, built once for all tests.
var programs string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "nlkit-examples-")
	if err == nil {
		err = os.Chmod(dir, 0o755) // for those that run as another user
	}
	if err == nil {
		cmd := exec.Command("go", "build", "-o", dir+"/", "./...")
		cmd.Stderr = os.Stderr
		err = cmd.Run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "FAIL: build the examples:", err)
		os.Exit(1)
	}
	programs = dir
	code := testenv.Checked{M: m}.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// TestAnywhere runs the programs that have a simulated kernel. Of what they print
// want are expressions, for lines in this order.
func TestAnywhere(t *testing.T) {
	for _, tt := range []struct {
		name string
		want []string
	}{
		{name: "private", want: []string{
			`^switched: kitchen to 60%, amber$`, `^  1 hall +0%$`, `^  2 kitchen +60%$`, `^  3 attic +0%$`,
			`^not sent: .*\.brightness: .*100`, `^refused: .*no such lamp`,
		}},
		{name: "fake", want: []string{
			`^nic0: rx 4096 of 4096, set 1 time`, `^nic0: rx 4096 of 4096, set 1 time`,
			`^nic1: .*\.header\.dev-name`,
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, stderr, err := start(t, tt.name)
			if err != nil {
				t.Fatalf("%v\nstdout:\n%s\nstderr:\n%s", err, out, stderr)
			}
			checkLines(t, out, tt.want)
		})
	}
}

// checkLines looks for a line for each expression, in order.
func checkLines(t *testing.T, out string, want []string) {
	t.Helper()
	lines := strings.Split(out, "\n")
	for _, expr := range want {
		re := regexp.MustCompile(expr)
		for len(lines) > 0 && !re.MatchString(lines[0]) {
			lines = lines[1:]
		}
		if len(lines) == 0 {
			t.Errorf("no line %s, or not in its place, in:\n%s", expr, out)
			return
		}
		lines = lines[1:]
	}
}

// start runs a program to its end.
func start(t *testing.T, name string, options ...func(*exec.Cmd)) (stdout, stderr string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(programs, name))
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	for _, o := range options {
		o(cmd)
	}
	err = cmd.Run()
	return out.String(), errs.String(), err
}

// TestPrivate makes the package of examples/private anew: it must be the same.
func TestPrivate(t *testing.T) {
	spec, err := ynl.ParseFile("private/lamps.yaml")
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := golang.Generate(spec, golang.Options{Source: "lamps.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range pkg.Files {
		is, err := os.ReadFile(filepath.Join("private/lamps", f.Name))
		if err != nil || !bytes.Equal(is, f.Text) {
			t.Errorf("private/lamps/%s is not what lamps.yaml gives now (%v): run go generate ./examples/private", f.Name, err)
		}
	}
}

// TestREADME has a line for each program, and each line a program.
func TestREADME(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	mains, err := filepath.Glob("*/main.go")
	if err != nil || len(mains) < 13 {
		t.Fatalf("%d programs here: %v", len(mains), err)
	}
	for _, path := range mains {
		line := fmt.Sprintf("\n| [%s](%s) | ", filepath.Dir(path), path)
		if !strings.Contains(string(text), line) {
			t.Errorf("README.md has no line for %s", path)
		}
	}
	if n := strings.Count(string(text), "\n| ["); n != len(mains) {
		t.Errorf("README.md has %d lines for %d programs", n, len(mains))
	}
}
