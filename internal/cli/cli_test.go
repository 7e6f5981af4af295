package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestExitStatus(t *testing.T) {
	tests := []struct {
		err  error
		want int
	}{
		{nil, 0},
		{errors.New("no"), 1},
		{os.ErrPermission, 1},
		{context.DeadlineExceeded, 1},
		{fmt.Errorf("list: %w", Usagef("bad")), 2},
		{&StatusError{Status: 7}, 7},
		{fmt.Errorf("dump: %w", context.Canceled), 130},
	}
	for _, tt := range tests {
		if got := ExitStatus(tt.err); got != tt.want {
			t.Errorf("%v: status %d, want %d", tt.err, got, tt.want)
		}
	}
}

func TestExplain(t *testing.T) {
	if s := Explain(context.DeadlineExceeded); !strings.Contains(s, "--timeout") {
		t.Errorf("%q does not name --timeout", s)
	}
	if s := Explain(os.ErrPermission); !strings.Contains(s, "unshare") {
		t.Errorf("%q does not say how to get the right", s)
	}
	if s := Explain(errors.New("plain")); s != "plain" {
		t.Errorf("%q, want it unchanged", s)
	}
}

func TestFormat(t *testing.T) {
	var f Format
	for _, s := range []string{"text", "json", "jsonl"} {
		if err := f.Set(s); err != nil || string(f) != s {
			t.Errorf("%s: %v, %s", s, err, f)
		}
	}
	if err := f.Set("yaml"); err == nil || !strings.Contains(err.Error(), "text, json, jsonl") {
		t.Errorf("yaml: error %v, want one that names the formats", err)
	}
	if f != JSONL {
		t.Error("a bad value was stored")
	}
}

func TestArray(t *testing.T) {
	for _, n := range []int{0, 1, 3} {
		var b bytes.Buffer
		a := NewArray(&b, JSON)
		for i := range n {
			if err := a.Add(map[string]int{"i": i}); err != nil {
				t.Fatal(err)
			}
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		var got []map[string]int
		if err := json.Unmarshal(b.Bytes(), &got); err != nil || len(got) != n {
			t.Errorf("%d values: %v: %s", n, err, b.String())
		}
		b.Reset()
		l := NewArray(&b, JSONL)
		for i := range n {
			if err := l.Add(map[string]int{"i": i}); err != nil {
				t.Fatal(err)
			}
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(b.String(), "\n"); got != n || strings.ContainsAny(b.String(), "[]") {
			t.Errorf("%d lines of %d: %s", got, n, b.String())
		}
	}
}

func TestWrap(t *testing.T) {
	got := Wrap("one two three fourfivesixseven\nlast", "  ", 12)
	want := "  one two\n  three\n  fourfivesixseven\n  last\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestColor(t *testing.T) {
	if Color(&bytes.Buffer{}) {
		t.Error("colours for a buffer")
	}
	f, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if Color(f) || Width(f) != 80 {
		t.Error("a file is taken for a terminal")
	}
}
