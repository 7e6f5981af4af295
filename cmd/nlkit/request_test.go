package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRaw sends bytes that the spec would not let through, to the byte.
func TestRaw(t *testing.T) {
	k, _ := toyKernel(t, 3)
	text, err := os.ReadFile("testdata/toy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const id = "{name: id, type: u32}"
	if !strings.Contains(string(text), id) {
		t.Fatalf("no %s in the spec", id)
	}
	strict := filepath.Join(t.TempDir(), "toy.yaml")
	if err := os.WriteFile(strict, []byte(strings.Replace(string(text), id, "{name: id, type: u32, checks: {min: 1}}", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args   string
		status int
		want   string
	}{
		{"do toy get id=0 -o json", 2, ".id"},
		{"do toy get --raw 0800010000000000 -o json", 0, `{"id":0,"name":"bear","state":["up"]}`},
		{"do toy get --raw 08000100010000 --trace", 1, "sent 27 bytes"},
		{"do toy get --raw= --trace", 1, "sent 20 bytes"},
		{"dump toy get --raw 0800010000000000 -o jsonl", 0, `{"id":2,"name":"bear","state":["up"]}`},
	} {
		status, out, errs := nlkit(t.Context(), k, append(strings.Fields(tt.args), "--spec", strict)...)
		if status != tt.status || !strings.Contains(out+errs, tt.want) {
			t.Errorf("%s: status %d\n%s%s\nwant %d, and in it %s", tt.args, status, out, errs, tt.status, tt.want)
		}
	}
}
