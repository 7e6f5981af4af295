package main

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
)

// TestFishCompletion looks for the flag's pattern in the script: cobra may
// change it.
func TestFishCompletion(t *testing.T) {
	for _, args := range [][]string{{"completion", "fish"}, {"completion", "fish", "--no-descriptions"}} {
		status, stdout, stderr := try(t, args...)
		if status != 0 || stderr != "" {
			t.Fatalf("status %d, %s", status, stderr)
		}
		if strings.Count(stdout, fishFixed) != 1 || strings.Contains(stdout, fishFlag) {
			t.Errorf("%v: the script finds flags in the middle of words", args)
		}
	}
}

// TestCompletionScripts lets the shells that are installed check their scripts.
func TestCompletionScripts(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish"} {
		_, script, _ := try(t, "completion", shell)
		if !strings.Contains(script, "nlkit __complete") && !strings.Contains(script, "__complete") {
			t.Errorf("%s: the script does not ask nlkit", shell)
		}
		path, err := exec.LookPath(shell)
		if err != nil {
			continue // its syntax is looked at where it is installed
		}
		cmd := exec.Command(path, "-n")
		cmd.Stdin = strings.NewReader(script)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", shell, err, out)
		}
	}
}

func TestFinder(t *testing.T) {
	t.Setenv(specsVariable, strings.Join([]string{"b", "", "c"}, string(filepath.ListSeparator)))
	a := &app{spec: "s.yaml", specs: []string{"a"}}
	f := a.finder()
	if f.File != "s.yaml" || !slices.Equal(f.Dirs, []string{"a", "b", "c"}) || f.System == "" {
		t.Errorf("%+v", f)
	}
	if len(a.specs) != 1 {
		t.Error("the flag's value was changed")
	}
}

func TestInterfaces(t *testing.T) {
	if got := (&app{}).interfaces(); !slices.ContainsFunc(got, func(n string) bool { return strings.HasPrefix(n, "lo") }) {
		t.Errorf("%v, want the loopback interface among them", got)
	}
	if got := (&app{netns: "blue"}).interfaces(); got != nil {
		t.Errorf("of another namespace: %v", got)
	}
}

func TestSpecOpTooLarge(t *testing.T) {
	s, _, err := (&app{}).specOfFamily("nlctrl")
	if err != nil {
		t.Fatal(err)
	}
	if op := specOp(s, uint32(genetlink.CtrlGetFamily)); op == nil || op.Name != "getfamily" {
		t.Errorf("%+v", op)
	}
	if specOp(s, 1<<16+uint32(genetlink.CtrlGetFamily)) != nil || specOp(nil, 3) != nil {
		t.Error("an operation that is not there")
	}
}
