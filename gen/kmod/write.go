package kmod

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Result says what writing a module has done.
type Result struct {
	Kept    bool   // there was an author's file, and it was left alone
	Missing []Stub // functions that the author's files do not have, of a file that was kept
}

// ForeignError says that a folder has files that are not this module's where the
// module's would be written. Nothing was written.
type ForeignError struct {
	Files []string // paths of those that nlkit has not made
	Other string   // path of the Kbuild of another module; empty if there is none
}

// Error names the files, and says what to do.
func (e *ForeignError) Error() string {
	var what []string
	for _, f := range e.Files {
		what = append(what, f+" is not nlkit's")
	}
	if e.Other != "" {
		what = append(what, e.Other+" is that of another module")
	}
	return fmt.Sprintf("%s, and would be replaced: a module has a folder of its own: name one with -o, or move away what is there; nothing was written",
		strings.Join(what, ", "))
}

// Write writes a module into a folder, which it makes if need be. Generated files
// are written anew; an author's file that is there stays as it is, byte for byte.
// Other files are left alone, apart from being looked through for functions the
// module needs. Where a file that is not generated, or another module, is in the
// way, the error is a [*ForeignError].
func (m *Module) Write(dir string) (Result, error) {
	var r Result
	if err := m.checkFolder(dir); err != nil {
		return r, err
	}
	for _, f := range m.Files {
		if err := replace(filepath.Join(dir, filepath.FromSlash(f.Name)), f.Text); err != nil {
			return r, err
		}
	}
	// O_EXCL: whatever stands there, were it a broken link, is the author's.
	out, err := os.OpenFile(filepath.Join(dir, m.Author.Name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		r.Kept = true
		r.Missing, err = m.missing(dir)
		return r, err
	}
	if err != nil {
		return r, err
	}
	_, err = out.Write(m.Author.Text)
	return r, errors.Join(err, out.Close())
}

// made is what every generated file says near its beginning.
const made = "nlkit gen kmod"

// checkFolder looks for what writing the module would destroy.
func (m *Module) checkFolder(dir string) error {
	foreign := &ForeignError{}
	for _, f := range m.Files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		have, err := os.ReadFile(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return err
		case !bytes.Contains(have[:min(len(have), 1024)], []byte(made)):
			foreign.Files = append(foreign.Files, path)
		case f.Name == "Kbuild" && !bytes.Contains(have, []byte("\nobj-m := "+m.Name+".o\n")):
			foreign.Other = path
		}
	}
	if foreign.Files != nil || foreign.Other != "" {
		return foreign
	}
	return nil
}

// replace writes a file unless it has that text already. It is written beside the
// old one first: what a full disk leaves is the old file.
func replace(path string, text []byte) error {
	if have, err := os.ReadFile(path); err == nil && bytes.Equal(have, text) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", text, 0o666); err != nil {
		_ = os.Remove(path + ".new") // if it came to that
		return err
	}
	return os.Rename(path+".new", path)
}

// missing finds the functions that none of the author's files defines.
func (m *Module) missing(dir string) ([]Stub, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.c"))
	if err != nil {
		return nil, err
	}
	var text []byte
	for _, f := range files {
		if slices.ContainsFunc(m.Files, func(g File) bool { return g.Name == filepath.Base(f) }) {
			continue
		}
		t, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		text = append(append(text, t...), '\n')
	}
	defined := definitions(string(text))
	var missing []Stub
	for _, s := range m.Stubs {
		if !defined[s.Name] {
			missing = append(missing, s)
		}
	}
	return missing, nil
}

// noise is what is no code: comments, and the quotes that may look like them.
var noise = regexp.MustCompile(`(?s)/\*.*?\*/|//[^\n]*|"(\\.|[^"\\\n])*"|'(\\.|[^'\\\n])*'`)

// definition is a function's name, its parameters, and the brace behind them.
var definition = regexp.MustCompile(`([A-Za-z_][A-Za-z_0-9]*)\s*\([^(){};]*\)\s*\{`)

// definitions finds the functions that C text defines.
func definitions(text string) map[string]bool {
	text = noise.ReplaceAllStringFunc(text, func(s string) string {
		if strings.HasPrefix(s, "/") {
			return " "
		}
		return `""`
	})
	found := map[string]bool{}
	for _, m := range definition.FindAllStringSubmatch(text, -1) {
		found[m[1]] = true
	}
	return found
}
