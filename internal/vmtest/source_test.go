package vmtest

import (
	"context"
	"errors"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestUnknownSource asks for a module that is neither in the image nor known to be
// in the kernel's source: nothing is downloaded for it.
func TestUnknownSource(t *testing.T) {
	tree := &Tree{Kernel: Kernel{Name: "9.9"}, dir: t.TempDir()}
	_, err := tree.Module(t.Context(), "no-such")
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), `kernel 9.9 has no module "no_such"`) {
		t.Errorf("%v, want fs.ErrNotExist with the kernel and the module", err)
	}
}

// TestPipe has programs that end in every order. None may leave the others
// waiting for ever.
func TestPipe(t *testing.T) {
	for _, name := range []string{"sh", "cat"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("needs %s", name)
		}
	}
	out := filepath.Join(t.TempDir(), "out")
	sh := func(line string) []string { return []string{"sh", "-c", line} }
	endless := sh("while :; do echo line; done")
	for _, tt := range []struct {
		name     string
		programs [][]string
		want     string // of the error
	}{
		{"all well", [][]string{sh("echo one"), {"cat"}, sh("cat > " + out)}, ""},
		{"the first fails", [][]string{sh("echo why >&2; exit 3"), {"cat"}, sh("cat > " + out)}, "sh: exit status 3: why"},
		{"the last fails while the first writes", [][]string{endless, {"cat"}, sh("echo full >&2; exit 2")}, "sh: exit status 2: full"},
		{"the last cannot be started", [][]string{endless, {"/no/such/program"}}, "/no/such/program"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			err := pipe(ctx, tt.programs...)
			switch {
			case ctx.Err() != nil:
				t.Error("it did not end by itself")
			case tt.want == "" && err != nil:
				t.Error(err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}
