package cpio

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// example writes one of each kind of file.
func example(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter(&b)
	for _, err := range []error{
		w.CharDevice("dev/console", 0o600, 5, 1),
		w.Bytes("/init", 0o755, []byte("#!x\n")),
		w.Bytes("a/b/c", 0o644, nil),
		w.Dir("a/b", 0o700), // is there
		w.Dir("a/d/", 0o700),
		w.Symlink("a/l", "b/c"),
		w.File("a/./d/five", 0o640, 5, strings.NewReader("12345")),
		w.Close(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	const file = "testdata/example.cpio"
	got := example(t)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("-golden +got:\n%s", diff)
	}
}

// read lists an archive, by the format's description and nothing else.
func read(t *testing.T, b []byte) []string {
	t.Helper()
	var list []string
	inodes := map[uint64]bool{}
	for at := 0; ; {
		if at%4 != 0 || len(b)-at < headerSize || string(b[at:at+6]) != "070701" {
			t.Fatalf("no header at byte %d of %d", at, len(b))
		}
		var field [13]uint64
		for i := range field {
			n, err := strconv.ParseUint(string(b[at+6+8*i:at+14+8*i]), 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			field[i] = n
		}
		inode, mode, size, major, minor, length := field[0], field[1], int(field[6]), field[9], field[10], int(field[11])
		at += headerSize
		name := string(b[at : at+length-1])
		if b[at+length-1] != 0 {
			t.Fatalf("the name %q does not end with a zero", name)
		}
		at = (at + length + 3) &^ 3
		if name == "TRAILER!!!" {
			if at != len(b) {
				t.Errorf("%d bytes after the archive's end", len(b)-at)
			}
			return list
		}
		if inodes[inode] {
			t.Errorf("%s: its inode %d is another's too", name, inode)
		}
		inodes[inode] = true
		list = append(list, fmt.Sprintf("%o %d:%d %s %q", mode, major, minor, name, b[at:at+size]))
		at = (at + size + 3) &^ 3
	}
}

func TestRead(t *testing.T) {
	want := []string{
		`40755 0:0 dev ""`,
		`20600 5:1 dev/console ""`,
		`100755 0:0 init "#!x\n"`,
		`40755 0:0 a ""`,
		`40755 0:0 a/b ""`,
		`100644 0:0 a/b/c ""`,
		`40700 0:0 a/d ""`,
		`120777 0:0 a/l "b/c"`,
		`100640 0:0 a/d/five "12345"`,
	}
	if diff := cmp.Diff(want, read(t, example(t))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestProgram asks the program of the same name, where there is one.
func TestProgram(t *testing.T) {
	cmd := exec.Command("cpio", "-t", "--quiet")
	cmd.Stdin = bytes.NewReader(example(t))
	out, err := cmd.CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		return // TestRead and each boot have to do
	}
	want := "dev\ndev/console\ninit\na\na/b\na/b/c\na/d\na/l\na/d/five\n"
	if err != nil || string(out) != want {
		t.Errorf("error %v, output:\n%s", err, out)
	}
}

func TestErrors(t *testing.T) {
	full := errors.New("the disk is full")
	for name, write := range map[string]func(w *Writer) error{
		"in the archive already": func(w *Writer) error { return errors.Join(w.Bytes("a", 0, nil), w.Bytes("/a", 0, nil)) },
		"a is no folder":         func(w *Writer) error { return errors.Join(w.Bytes("a", 0, nil), w.Bytes("a/b", 0, nil)) },
		"without a name":         func(w *Writer) error { return w.Bytes("/", 0, nil) },
		"4 GiB":                  func(w *Writer) error { return w.File("a", 0, 1<<32, strings.NewReader("")) },
		"3 bytes, want 4":        func(w *Writer) error { return w.File("a", 0, 4, strings.NewReader("abc")) },
		"at most 4095":           func(w *Writer) error { return w.Bytes(strings.Repeat("x", 4096), 0, nil) },
		"no zero":                func(w *Writer) error { return w.Bytes("a\x00b", 0, nil) },
	} {
		if err := write(NewWriter(&bytes.Buffer{})); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("error %v, want one with %q", err, name)
		}
	}
	for _, write := range []func(w *Writer) error{
		func(w *Writer) error { return w.Dir("a", 0) },
		func(w *Writer) error { return w.Symlink("a", "b") },
		func(w *Writer) error { return w.Bytes("a", 0, []byte("b")) },
		(*Writer).Close,
	} {
		if err := write(NewWriter(failing{full})); !errors.Is(err, full) {
			t.Errorf("error %v, want %v", err, full)
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// TestSame: the same files are the same bytes.
func TestSame(t *testing.T) {
	if !slices.Equal(example(t), example(t)) {
		t.Error("two archives of the same files differ")
	}
}
