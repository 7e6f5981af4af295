package importer

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/ynl"
)

// File is one file of the catalogue.
type File struct {
	Name   string // without ".yaml"
	Family string // as the kernel knows it
	Text   []byte
}

// Import makes a file of the catalogue from a kernel's spec. file names the spec
// in errors. overlay may be nil: then the file says what upstream says.
func Import(file string, text []byte, overlay *Overlay) (File, error) {
	f := File{Name: strings.TrimSuffix(path.Base(file), ".yaml")}
	if _, err := ynl.Parse(file, text); err != nil {
		return f, err
	}
	root, err := tree(file, text)
	if err != nil {
		return f, err
	}
	clean(root)
	if overlay != nil {
		if err := overlay.apply(root); err != nil {
			return f, err
		}
		clean(root)
	}
	f.Family, f.Text = root.str("name"), format(root)
	if _, err := ynl.Parse(f.Name+".yaml as written", f.Text); err != nil {
		return f, fmt.Errorf("%s: what the import made of it is no spec: %w", file, err)
	}
	return f, nil
}

// ErrNoSpecs is returned for a folder without specs.
var ErrNoSpecs = errors.New("there are no specs (*.yaml) in it")

// Dir imports all specs of a folder, sorted by name, each with the overlay of
// its name in overlays, a folder as well; it may be nil. An overlay without a
// spec is an error: either the folder is incomplete or the family is gone.
// Errors of several files are joined.
func Dir(specs, overlays fs.FS) ([]File, error) {
	names, err := fs.Glob(specs, "*.yaml")
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, ErrNoSpecs
	}
	all, err := Overlays(overlays)
	if err != nil {
		return nil, err
	}
	var files []File
	var errs []error
	for _, name := range names {
		text, err := fs.ReadFile(specs, name)
		if err != nil {
			return nil, err
		}
		f, err := Import(name, text, all[strings.TrimSuffix(name, ".yaml")])
		errs = append(errs, err)
		files = append(files, f)
	}
	for _, name := range sortedKeys(all) {
		if !slices.Contains(names, name+".yaml") {
			errs = append(errs, fmt.Errorf("%s: there is no spec %s.yaml to correct", all[name].File, name))
		}
	}
	return files, errors.Join(errs...)
}

// Index lists files with the family each is about, as ynl/specs keeps it to find
// a family without reading all specs: a line for each, file and family.
func Index(files []File) []byte {
	var b strings.Builder
	for _, f := range files {
		fmt.Fprintf(&b, "%s %s\n", f.Name, f.Family)
	}
	return []byte(b.String())
}
