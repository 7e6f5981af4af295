package modules

import (
	"bytes"
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/vmtest"
)

// nlkit runs the command line.
func nlkit(t testing.TB, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "nlkit", args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil || errs.Len() > 0 {
		t.Fatalf("nlkit %s: %v\n%s", strings.Join(args, " "), err, errs.String())
	}
	return string(out)
}

// TestDemoCommand runs "nlkit demo --kernel" as a person does.
func TestDemoCommand(t *testing.T) {
	vm := vmtest.Need(t)
	load(t, vm, "nlkit_plain", "doc_exmpl")
	out := nlkit(t, "demo", "--kernel", "--module", moduleFile("doc_exmpl"))
	for _, want := range []string{
		"== unicast:", "== request:", "== multicast:", "== overflow:", "== reload:",
		"client prints | get: Hello from kernel space!!!",
		"listener 1 prints | Hello from kernel space!!!",
		"listener 2 prints | Hello from kernel space!!!",
		"every message is accounted for",
		"neither client nor listener had to be",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the demos do not say %q", want)
		}
	}
	if t.Failed() {
		t.Log(out)
	}
	// Without the module's file the demo that needs it is left out.
	if out := nlkit(t, "demo", "--kernel"); strings.Contains(out, "== reload:") || !strings.Contains(out, "== overflow:") {
		t.Errorf("without --module:\n%s", out)
	}
}
