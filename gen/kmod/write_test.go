package kmod

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func stubNames(stubs []Stub) []string {
	var list []string
	for _, s := range stubs {
		list = append(list, s.Name)
	}
	return list
}

// TestWrite writes a module, lets its author work on it, and writes it again: what
// is the author's stays byte for byte, and what is missing of it is told.
func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "fou")
	mod, err := Generate(open(t, "fou"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := mod.Write(dir)
	if err != nil || r.Kept || r.Missing != nil {
		t.Fatalf("%+v, %v", r, err)
	}
	author := filepath.Join(dir, "fou_main.c")
	if text, err := os.ReadFile(author); err != nil || !bytes.Equal(text, mod.Author.Text) {
		t.Errorf("the author's file is not the one with all stubs (%v)", err)
	}
	if missing, err := mod.missing(dir); err != nil || missing != nil {
		t.Errorf("the stubs lack %q (%v)", stubNames(missing), err)
	}
	mine := []byte(`// int fou_do_del(struct genl_info *info) {
#define X "/*"
int
fou_do_add(struct genl_info *info,
	   const struct fou_add_req *req)
{ return fou_setup(); }
/* void fou_stop(void) { } */
static const char *text = "int fou_start(void) {";
int fou_setup(void);
int fou_start(void) /* starts */ { return 0; }
`)
	write := func(name string, text []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("fou_main.c", mine)
	write("more.c", []byte("void fou_teardown(void)\n{\n}\n"))
	write("Kbuild.author", []byte("fou-y += more.o\n"))
	write("fou_nl.c", []byte("/* made by nlkit gen kmod, and spoiled */"))
	r, err = mod.Write(dir)
	if err != nil || !r.Kept {
		t.Fatalf("%+v, %v", r, err)
	}
	want := []string{"fou_do_del", "fou_do_get", "fou_dump_get", "fou_setup", "fou_stop"}
	if got := stubNames(r.Missing); !slices.Equal(got, want) {
		t.Errorf("missing is %q, want %q", got, want)
	}
	for name, text := range map[string][]byte{"fou_main.c": mine, "more.c": []byte("void fou_teardown(void)\n{\n}\n"), "Kbuild.author": []byte("fou-y += more.o\n")} {
		if have, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.Equal(have, text) {
			t.Errorf("%s is not as it was (%v)", name, err)
		}
	}
	for _, f := range mod.Files {
		if have, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(f.Name))); err != nil || !bytes.Equal(have, f.Text) {
			t.Errorf("%s is not what was generated (%v)", f.Name, err)
		}
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*.new")); err != nil || left != nil {
		t.Errorf("left behind: %q (%v)", left, err)
	}
}

// TestWriteForeign leaves alone what is not the module's, and writes nothing then.
func TestWriteForeign(t *testing.T) {
	fou, err := Generate(open(t, "fou"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	team, err := Generate(open(t, "team"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	readme := filepath.Join(dir, "README.md")
	if err := os.WriteFile(readme, []byte("# My project\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	_, err = fou.Write(dir)
	if e, ok := errors.AsType[*ForeignError](err); !ok || !slices.Equal(e.Files, []string{readme}) || e.Other != "" {
		t.Fatalf("a README of one's own: %v", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Fatalf("the folder has %v (%v), want the README alone", entries, err)
	}
	if err := os.Remove(readme); err != nil {
		t.Fatal(err)
	}
	if _, err := fou.Write(dir); err != nil {
		t.Fatal(err)
	}
	_, err = team.Write(dir)
	if e, ok := errors.AsType[*ForeignError](err); !ok || e.Files != nil || e.Other != filepath.Join(dir, "Kbuild") {
		t.Fatalf("another module's folder: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "team_nl.c")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("team_nl.c was written (%v)", err)
	}
	if _, err := fou.Write(dir); err != nil {
		t.Errorf("the module's own folder: %v", err)
	}
}

// TestWriteLink keeps an author's file that is a link to nowhere.
func TestWriteLink(t *testing.T) {
	dir := t.TempDir()
	mod, err := Generate(open(t, "fou"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nowhere.c", filepath.Join(dir, "fou_main.c")); err != nil {
		t.Skip(err)
	}
	if _, err := mod.Write(dir); err == nil {
		t.Error("want the error of a file that cannot be read")
	}
	if to, err := os.Readlink(filepath.Join(dir, "fou_main.c")); err != nil || to != "nowhere.c" {
		t.Errorf("the link is %q (%v)", to, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "nowhere.c")); err == nil {
		t.Error("a file was written through the link")
	}
}

// TestWriteNowhere is told of a folder that cannot be made.
func TestWriteNowhere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	mod, err := Generate(open(t, "fou"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := mod.Write(filepath.Join(file, "fou")); err == nil {
		t.Error("want an error")
	}
}
