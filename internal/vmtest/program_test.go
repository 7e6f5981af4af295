package vmtest

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nlkit/nlkit/internal/vmtest/cpio"
)

func TestParseLDD(t *testing.T) {
	got, err := parseLDD(`	linux-vdso.so.1 (0x00007f2328981000)
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f2328789000)
	/lib64/ld-linux-x86-64.so.2 (0x00007f2328983000)
`)
	want := []string{"/lib/x86_64-linux-gnu/libc.so.6", "/lib64/ld-linux-x86-64.so.2"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v, -want +got:\n%s", err, diff)
	}
	_, err = parseLDD("\tlibx.so.1 => not found\n")
	if err == nil || !strings.Contains(err.Error(), "libx.so.1") {
		t.Errorf("a library that is missing: error %v", err)
	}
}

func TestProgram(t *testing.T) {
	dir := t.TempDir()
	script := filepath.Join(dir, "script")
	if err := os.WriteFile(script, []byte("#!/usr/bin/python3 -s\nprint()\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	if err := os.WriteFile(data, []byte("not a program"), 0o644); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	a := archive{cpio.NewWriter(&b), map[string]bool{}}
	if err := a.program(t.Context(), script); err == nil || !strings.Contains(err.Error(), "/usr/bin/python3") {
		t.Errorf("a script: error %v", err)
	}
	if err := a.program(t.Context(), filepath.Join(dir, "nowhere")); !os.IsNotExist(err) {
		t.Errorf("nothing: error %v", err)
	}
	for range 2 { // what two packages of programs share is there once
		if err := a.program(t.Context(), data); err != nil {
			t.Error(err)
		}
	}
	if n := bytes.Count(b.Bytes(), []byte("not a program")); n != 1 {
		t.Errorf("the file is there %d times", n)
	}
}
