package kmod

import (
	"bytes"
	"errors"
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

// Write writes a module into a folder, which it makes if need be. Generated files
// are written anew; an author's file that is there stays as it is, byte for byte.
// Other files are left alone, apart from being looked through for functions the
// module needs.
func (m *Module) Write(dir string) (Result, error) {
	var r Result
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
		return errors.Join(err, os.Remove(path+".new"))
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
