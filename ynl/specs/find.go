package specs

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

// SystemDir is where systems keep the kernel's specs: the kernel's own client
// looks there.
const SystemDir = "/usr/share/ynl/specs"

// extension is that of all files with specs.
const extension = ".yaml"

// Finder finds specs: in a file, in folders, in the catalogue, and in the
// system's folder, in this order. What stands in files is taken as it is; the
// catalogue alone is corrected. The zero Finder has the catalogue only.
type Finder struct {
	File   string   // the one spec to use; empty for none
	Dirs   []string // folders with files *.yaml; each must be there
	System string   // one more, which need not be there; empty for none, else SystemDir
}

// Entry is a spec that there is.
type Entry struct {
	Name     string        // of its file, without ".yaml"
	Family   string        // as the kernel knows it; raw families have no name in the kernel
	Path     string        // of its file; empty in the catalogue
	Level    ynl.Level     // of the schema
	Protocol wire.Protocol // wire.Generic, or that of a raw family
}

// Open reads the spec, each time anew.
func (e Entry) Open() (*ynl.Spec, error) {
	if e.Path == "" {
		return Open(e.Name)
	}
	return ynl.ParseFile(e.Path)
}

// Where says where the spec is, for people.
func (e Entry) Where() string {
	if e.Path == "" {
		return "the catalogue"
	}
	return e.Path
}

// is reports whether name is that of the file or of the family; "-" and "_" are
// the same.
func (e Entry) is(name string) bool {
	name = fold(name)
	return fold(e.Name) == name || e.Family != "" && fold(e.Family) == name
}

// OtherFamilyError is returned where Finder.File describes another family than
// the one asked for.
type OtherFamilyError struct {
	File   string
	Family string // that it describes
	Want   string // that was asked for
}

func (e *OtherFamilyError) Error() string {
	return fmt.Sprintf("the spec %s describes the family %q, not %q", e.File, e.Family, e.Want)
}

// NotFoundError is returned for a family that no spec describes. It is an
// [*UnknownError] as well.
type NotFoundError struct {
	UnknownError
	Looked []string // where, for people
}

func (e *NotFoundError) Error() string {
	msg := fmt.Sprintf("there is no spec for a family %q in %s", e.Name, strings.Join(e.Looked, ", nor in "))
	if len(e.Near) > 0 {
		return msg + "; did you mean " + strings.Join(e.Near, " or ") + "?"
	}
	return msg + "; \"nlkit list\" names the families that have one"
}

// Unwrap makes it an UnknownError.
func (e *NotFoundError) Unwrap() error { return &e.UnknownError }

// Find reads the spec of a family, by the name of its file (without ".yaml") or
// of the family; "-" and "_" are the same in either. The error is a
// [*NotFoundError], an [*OtherFamilyError], a [*ynl.SpecError] or one of the
// system.
func (f Finder) Find(name string) (*ynl.Spec, error) {
	if f.File != "" {
		s, err := ynl.ParseFile(f.File)
		if err != nil {
			return nil, err
		}
		if e := (Entry{Name: stem(f.File), Family: s.Name}); !e.is(name) {
			return nil, &OtherFamilyError{f.File, s.Name, name}
		}
		return s, nil
	}
	e, err := f.Lookup(name)
	if err != nil {
		return nil, err
	}
	return e.Open()
}

// Lookup finds the spec of a family without reading all of it. name and error
// are as for [Finder.Find]; a file that breaks the rules is found.
func (f Finder) Lookup(name string) (Entry, error) {
	if f.File != "" {
		e, err := fileEntry(f.File)
		if err == nil && !e.is(name) {
			err = &OtherFamilyError{f.File, e.Family, name}
		}
		return e, err
	}
	var looked, names []string
	for _, dir := range f.Dirs {
		e, others, err := inDir(dir, name)
		if err != nil || e.Name != "" {
			return e, err
		}
		looked, names = append(looked, dir), append(names, others...)
	}
	if file, _ := lookup(name); file != "" {
		return catalogued(file)
	}
	looked, names = append(looked, "the catalogue"), append(names, Names()...)
	if f.System != "" {
		e, others, err := inDir(f.System, name)
		if e.Name != "" {
			return e, err
		}
		if err == nil { // it need not be there
			looked, names = append(looked, f.System), append(names, others...)
		}
	}
	slices.Sort(names)
	return Entry{}, &NotFoundError{UnknownError{Name: name, Near: near.Names(name, slices.Compact(names))}, looked}
}

// List names all specs, sorted by family. Of several for one family the one that
// Find would find is listed.
func (f Finder) List() ([]Entry, error) {
	var all []Entry
	add := func(e Entry) {
		if !slices.ContainsFunc(all, func(have Entry) bool { return have.is(e.Family) || have.is(e.Name) }) {
			all = append(all, e)
		}
	}
	if f.File != "" {
		e, err := fileEntry(f.File)
		if err != nil {
			return nil, err
		}
		add(e)
	}
	for _, dir := range f.Dirs {
		entries, err := dirEntries(dir)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			add(e)
		}
	}
	for _, name := range Names() {
		e, err := catalogued(name)
		if err != nil {
			return nil, err
		}
		add(e)
	}
	if f.System != "" {
		entries, err := dirEntries(f.System)
		if err != nil {
			entries = nil // it need not be there
		}
		for _, e := range entries {
			add(e)
		}
	}
	slices.SortFunc(all, func(a, b Entry) int { return strings.Compare(a.Family, b.Family) })
	return all, nil
}

// inDir looks into a folder: first by the names of the files, which is quick,
// then by what stands in them. Where the spec is not there it names the others.
// A file that cannot be read is an error, with an Entry, where its name is that
// of the spec, or that of the catalogue's file for the family: nothing else is
// to be taken for it then.
func inDir(dir, name string) (Entry, []string, error) {
	files, err := specFiles(dir)
	if err != nil {
		return Entry{}, nil, err
	}
	var names []string
	for _, path := range files {
		if fold(stem(path)) == fold(name) {
			e, err := fileEntry(path)
			return e, nil, err
		}
	}
	usual, _ := lookup(name)
	var broken Entry
	var why error
	for _, path := range files {
		e, err := fileEntry(path)
		if err == nil && e.is(name) {
			return e, nil, nil
		}
		if fold(stem(path)) == fold(usual) {
			if err == nil && e.Family == e.Name { // that it has no other may be the fault
				_, err = ynl.ParseFile(path)
			}
			if err != nil {
				broken, why = e, err
			}
		}
		names = append(names, stem(path))
		if e.Family != "" {
			names = append(names, e.Family)
		}
	}
	return broken, names, why
}

func dirEntries(dir string) ([]Entry, error) {
	files, err := specFiles(dir)
	if err != nil {
		return nil, err
	}
	var out []Entry
	for _, path := range files {
		e, err := fileEntry(path)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// specFiles lists a folder's specs, sorted.
func specFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("looking for specs: %w", err)
	}
	var out []string
	for _, e := range entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), extension) {
			out = append(out, filepath.Join(dir, e.Name()))
		}
	}
	return out, nil
}

func stem(path string) string { return strings.TrimSuffix(filepath.Base(path), extension) }

// maxHead bounds how much of a file is looked through for its family, in bytes.
const maxHead = 1 << 20

// fileEntry reads what a file is about. Where it cannot be read the Entry says
// what the file is called.
func fileEntry(path string) (Entry, error) {
	f, err := os.Open(path)
	if err != nil {
		return Entry{Name: stem(path), Path: path}, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxHead))
	if err != nil {
		return Entry{Name: stem(path), Path: path}, err
	}
	e := head(text)
	e.Name, e.Path = stem(path), path
	if e.Family == "" {
		e.Family = e.Name
	}
	return e, nil
}

func catalogued(name string) (Entry, error) {
	text, err := Text(name)
	if err != nil {
		return Entry{}, err
	}
	e := head(text)
	e.Name, e.Family = name, FamilyName(name)
	return e, nil
}

// head reads what a spec says of its family without parsing it, which would take
// a hundred times as long. It understands the usual form, a key at the beginning
// of a line; of a spec in another form it knows nothing.
func head(text []byte) Entry {
	e := Entry{Family: topKey(text, "name"), Protocol: wire.Generic}
	level := topKey(text, "protocol")
	for _, l := range []ynl.Level{ynl.GenetlinkC, ynl.GenetlinkLegacy, ynl.NetlinkRaw} {
		if level == l.String() {
			e.Level = l
		}
	}
	if e.Level == ynl.NetlinkRaw {
		n, _ := strconv.ParseUint(topKey(text, "protonum"), 0, 8)
		e.Protocol = wire.Protocol(n)
	}
	return e
}

// topKey finds the value of a key at the beginning of a line; "" where there is
// none.
func topKey(text []byte, key string) string {
	at := 0
	if !bytes.HasPrefix(text, []byte(key+":")) {
		if at = bytes.Index(text, []byte("\n"+key+":")); at < 0 {
			return ""
		}
		at++
	}
	line, _, _ := bytes.Cut(text[at+len(key)+1:], []byte("\n"))
	value, _, _ := strings.Cut(string(line), " #")
	return strings.Trim(strings.TrimSpace(value), `"'`)
}
