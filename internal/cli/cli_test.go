package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/nlkit/nlkit/netlink"
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
	blue := netlink.ParseNamespace("blue")
	open := func(err error) error {
		return &netlink.NamespaceError{Namespace: blue, Err: &fs.PathError{Op: "open", Path: blue.String(), Err: err}}
	}
	late := fmt.Errorf("demo unicast: %w", context.DeadlineExceeded)
	tests := []struct {
		err   error
		limit time.Duration
		euid  int
		want  string
	}{
		{errors.New("plain"), time.Second, 0, "plain"},
		{late, 8 * time.Millisecond, 0, "demo unicast: no answer within 8ms (--timeout)"},
		{late, 0, 0, "demo unicast: no answer in time"},
		{os.ErrPermission, 0, 1000, "permission denied: try it as root, or inside \"unshare -Urn\""},
		{os.ErrPermission, 0, 0, "permission denied"},
		{&fs.PathError{Op: "open", Path: "x.yaml", Err: os.ErrPermission}, 0, 1000, "open x.yaml: permission denied"},
		{open(os.ErrNotExist), 0, 0, "network namespace /run/netns/blue does not exist: give a name that \"ip netns\" lists, or a path such as /proc/PID/ns/net"},
		{fmt.Errorf("demo: %w", open(os.ErrPermission)), 0, 1000,
			"demo: network namespace /run/netns/blue: permission denied: entering a network namespace takes root"},
		{open(os.ErrPermission), 0, 0, "network namespace /run/netns/blue: permission denied: entering it takes CAP_SYS_ADMIN, " +
			"and a path in /proc/PID takes CAP_SYS_PTRACE over that process"},
		{&netlink.NamespaceError{Namespace: blue, Err: errors.New("odd")}, 0, 0, "network namespace /run/netns/blue: odd"},
	}
	for _, tt := range tests {
		want := strings.ReplaceAll(tt.want, "permission denied", os.ErrPermission.Error())
		if got := explain(tt.err, tt.limit, tt.euid); got != want {
			t.Errorf("%v, euid %d:\n%s\nwant\n%s", tt.err, tt.euid, got, want)
		}
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
