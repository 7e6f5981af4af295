package vmtest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// fakeRunner has an emulator that is a script, of which n counts the runs.
func fakeRunner(t *testing.T, script string) (r *Runner, runs func() int, out *strings.Builder) {
	t.Helper()
	dir := t.TempDir()
	count := filepath.Join(dir, "count")
	script = "#!/bin/sh\necho x >>" + count + "\nn=$(wc -l <" + count + ")\n" + script
	for name, text := range map[string]string{qemu: script, "go.mod": "module x\n", "init": "x", "test": "x"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	out = &strings.Builder{}
	r = &Runner{
		opts: Options{Out: out, Say: func(line string) { t.Log(line) }},
		root: dir, work: dir, init: filepath.Join(dir, "init"),
		trees: map[string]*Tree{"k": {Kernel: Kernel{Name: "k"}, dir: dir}},
	}
	return r, func() int {
		b, err := os.ReadFile(count)
		if err != nil {
			t.Error(err)
		}
		return strings.Count(string(b), "\n")
	}, out
}

const passes = `printf '={"event":"start"}\n|PASS\n={"event":"end"}\n' >&3`

// TestRetry: another attempt is made only where nothing of the first process was
// heard, and only one.
func TestRetry(t *testing.T) {
	for _, tt := range []struct {
		name, script string
		runs         int
		ok           bool
		want         string
	}{
		{"at once", passes, 1, true, "ok  \tp\t"},
		{"the second time", `[ $n = 1 ] && echo stuck || ` + passes, 2, true, "ok  \tp\t"},
		{"never", "echo stuck", 2, false, "before its first process spoke, twice. The console's last lines:\nstuck\nFAIL\tp\t"},
		{"no end", `printf '={"event":"start"}\n|PASS\n' >&3`, 1, false, "no verdict: the virtual machine ended."},
		{"status", `printf '={"event":"start"}\n={"event":"end","status":2}\n' >&3`, 1, false, "FAIL\tp\t"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, runs, out := fakeRunner(t, tt.script)
			p := Package{Request: Request{Memory: 128, Timeout: 20 * time.Second}, Path: "p", Dir: r.root}
			ok, err := r.runOn(t.Context(), p, "k", filepath.Join(r.root, "test"))
			if err != nil {
				t.Fatal(err)
			}
			if ok != tt.ok || runs() != tt.runs || !strings.Contains(out.String(), tt.want) {
				t.Errorf("passed %v after %d boots, want %v after %d and %q in\n%s", ok, runs(), tt.ok, tt.runs, tt.want, out)
			}
		})
	}
}

// TestEmulatorFails: that it does not start is no verdict about the tests.
func TestEmulatorFails(t *testing.T) {
	r, runs, _ := fakeRunner(t, "echo \"'igb' is not a valid device model name\" >&2; exit 1")
	p := Package{Request: Request{Memory: 128, Timeout: 20 * time.Second}, Path: "p", Dir: r.root}
	_, err := r.runOn(t.Context(), p, "k", filepath.Join(r.root, "test"))
	if err == nil || !strings.Contains(err.Error(), "not a valid device model") || runs() != 1 {
		t.Errorf("error %v after %d boots", err, runs())
	}
}

// TestRunEnds: a machine that does not end is ended, at the package's limit and
// when nobody waits any more.
func TestRunEnds(t *testing.T) {
	const script = `printf '={"event":"start"}\n' >&3; exec sleep 60`
	r, runs, out := fakeRunner(t, script)
	p := Package{Request: Request{Memory: 128, Timeout: 300 * time.Millisecond}, Path: "p", Dir: r.root}
	ok, err := r.runOn(t.Context(), p, "k", filepath.Join(r.root, "test"))
	if ok || err != nil || runs() != 1 || !strings.Contains(out.String(), "was ended after 300ms, its limit") {
		t.Errorf("passed %v, error %v, %d boots, output:\n%s", ok, err, runs(), out)
	}
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	r.opts.Say = func(string) { cancel(enough) } // the first process has spoken
	p.Timeout = time.Minute
	out.Reset()
	if ok, err := r.runOn(ctx, p, "k", filepath.Join(r.root, "test")); ok || !errors.Is(err, enough) || out.Len() > 0 {
		t.Errorf("passed %v, error %v, output:\n%s", ok, err, out)
	}
}
