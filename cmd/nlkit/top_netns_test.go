package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/internal/sockets"
	"github.com/nlkit/nlkit/wire"
)

// TestOtherSpaces finds each namespace once, by its name if it has one.
func TestOtherSpaces(t *testing.T) {
	dir := t.TempDir()
	names, proc := filepath.Join(dir, "netns"), filepath.Join(dir, "proc")
	space := func(path string) string {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	same := func(path, as string) {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Link(as, path); err != nil {
			t.Fatal(err)
		}
	}
	own := space("proc/thread-self/ns/net")
	same("netns/me", own)
	same("proc/1/ns/net", own)
	blue := space("netns/blue")
	same("proc/7/ns/net", blue)
	nameless := space("proc/20/ns/net")
	same("proc/21/ns/net", nameless)
	space("proc/self/ns/net")
	got, denied := otherSpaces(names, proc)
	want := []topSpace{{"blue", blue}, {"pid:20", nameless}}
	if !slices.Equal(got, want) || denied != 0 {
		t.Errorf("%v, %d denied; want %v", got, denied, want)
	}
	if got, denied := otherSpaces(filepath.Join(dir, "nosuch"), filepath.Join(dir, "nosuch")); len(got) != 0 || denied != 0 {
		t.Errorf("%v, %d denied, where there is nothing", got, denied)
	}
}

// TestTopSpaces has a column of namespaces, the own one first.
func TestTopSpaces(t *testing.T) {
	socket := func(netns string, port uint32) topRow {
		return topRow{netns: netns, Socket: sockets.Socket{Protocol: wire.Route, Port: port, Limit: 4096}}
	}
	l := &topList{source: sockets.Diag, root: true, allSpaces: true, spacesNote: "a note", rows: []topRow{socket("pid:20", 3), socket("blue", 2), socket("", 1)}}
	shown := l.only(&topFlags{})
	lines := shown.table(&sockets.GroupNames{}, 0)
	var first []string
	for _, line := range lines {
		first = append(first, strings.Fields(line)[0])
	}
	if want := []string{"NETNS", "-", "blue", "pid:20"}; !slices.Equal(first, want) {
		t.Errorf("%q, want %q", first, want)
	}
	if notes := shown.notes(); len(notes) != 2 || notes[0] != "a note" {
		t.Errorf("notes %q", notes)
	}
}
