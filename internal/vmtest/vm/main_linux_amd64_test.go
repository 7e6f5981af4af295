package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	const self = "github.com/nlkit/nlkit/internal/vmtest/selftest"
	for _, tt := range []struct {
		name           string
		args           []string
		status         int
		stdout, stderr string
	}{
		{"help", []string{"-h"}, 0, "", "go run ./internal/vmtest/... -list"},
		{"a flag that is none", []string{"-no"}, exitUsage, "", "-no"},
		{"a kernel that is none", []string{"-kernel", "6.1-cloud,2.4"}, exitUsage, "", `no kernel "2.4": the kernels are 5.10-cloud`},
		{"a flag behind a package", []string{self, "-v"}, exitUsage, "", "-v stands behind a package"},
		{"list", []string{"-list", self}, 0, "kernels: 5.10-cloud 6.1-cloud 6.12-cloud 6.12 7.2-cloud 7.2\n" + self + "\t[6.1-cloud 6.12-cloud]\n", ""},
		{"a package that does not ask", []string{"github.com/nlkit/nlkit/wire"}, exitFailed, "", "asks for a virtual machine, by //nlkit:vm"},
		{"a package that is none", []string{"-list", "./nowhere"}, exitFailed, "", "nowhere"},
	} {
		var stdout, stderr strings.Builder
		status := run(t.Context(), tt.args, &stdout, &stderr)
		if status != tt.status || !strings.Contains(stdout.String(), tt.stdout) || !strings.Contains(stderr.String(), tt.stderr) {
			t.Errorf("%s: status %d, want %d\nstdout %s\nstderr %s", tt.name, status, tt.status, stdout.String(), stderr.String())
		}
	}
}

// TestMissing: programs that are missing are a reason to skip, unless virtual
// machines are required.
func TestMissing(t *testing.T) {
	self := "github.com/nlkit/nlkit/internal/vmtest/selftest"
	onlyGo(t)
	for required, want := range map[string]int{"": exitSkipped, "root": exitSkipped, "vm": exitFailed, "all": exitFailed} {
		t.Setenv("NLKIT_REQUIRE", required)
		var stdout, stderr strings.Builder
		status := run(t.Context(), []string{self}, &stdout, &stderr)
		if status != want || !strings.Contains(stderr.String(), "apt-get install") || stdout.Len() > 0 {
			t.Errorf("with NLKIT_REQUIRE=%s: status %d, want %d\nstdout %s\nstderr %s", required, status, want, stdout.String(), stderr.String())
		}
	}
}

// onlyGo leaves no program in reach but the go command.
func onlyGo(t *testing.T) {
	t.Helper()
	tool, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(tool, filepath.Join(dir, "go")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
}
