package sockets

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// fakeProc is a /proc with processes of which the test says what they hold.
type fakeProc struct {
	t   *testing.T
	dir string
}

// process makes a process, or makes it anew.
func (p fakeProc) process(pid int, name string, fds ...string) {
	p.t.Helper()
	dir := filepath.Join(p.dir, strconv.Itoa(pid))
	if err := os.RemoveAll(dir); err != nil {
		p.t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "fd"), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "comm"), []byte(name+"\n"), 0o644); err != nil {
		p.t.Fatal(err)
	}
	for i, target := range fds {
		if err := os.Symlink(target, filepath.Join(dir, "fd", strconv.Itoa(i))); err != nil {
			p.t.Skipf("no symbolic links: %v", err)
		}
	}
}

func TestOwners(t *testing.T) {
	p := fakeProc{t, t.TempDir()}
	p.process(9, "init", "/dev/null", "socket:[7]", "socket:[x]", "pipe:[8]")
	p.process(10, "worker", "socket:[7]", "socket:[7]", "socket:[12]")
	if err := os.Mkdir(filepath.Join(p.dir, "net"), 0o755); err != nil {
		t.Fatal(err)
	}
	o := NewOwners()
	o.proc = p.dir
	check := func(inode uint32, want ...string) {
		t.Helper()
		got := o.Of(inode)
		if len(got) != len(want) {
			t.Fatalf("inode %d: %+v, want %v", inode, got, want)
		}
		for i, w := range want {
			if s := strconv.Itoa(got[i].PID) + " " + got[i].Name; s != w {
				t.Errorf("inode %d: %q, want %q", inode, s, w)
			}
		}
	}
	o.Update([]uint32{7, 8, 30})
	check(7, "9 init", "10 worker")
	check(8)
	check(12) // not asked for
	check(30)

	// What is held still is not searched for: a new holder is not seen.
	p.process(11, "later", "socket:[7]")
	p.process(9, "renamed", "/dev/null", "socket:[7]")
	o.Update([]uint32{7, 30})
	check(7, "9 renamed", "10 worker")

	// Whoever lets go makes it look again.
	p.process(10, "worker", "socket:[12]")
	o.Update([]uint32{7, 30})
	check(7, "9 renamed", "11 later")
	// So does a socket that is new.
	o.Update([]uint32{12})
	check(12, "10 worker")
	check(7)
	if o.Unreadable() != 0 {
		t.Errorf("%d processes are unreadable", o.Unreadable())
	}
	o.proc = filepath.Join(p.dir, "nosuch")
	o.Update([]uint32{12})
	check(12)
}
