// Package specs is the catalogue: a spec for each Netlink family of Linux 7.2,
// in YNL, embedded.
//
// The files hold facts only and were written by "nlkit spec import" from the
// kernel's own; what is wrong or missing there is corrected by the files in
// overlay, and listed in docs/errata.md.
package specs

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/ynl"
)

//go:embed *.yaml
var files embed.FS

//go:embed overlay/*.yaml
var overlays embed.FS

// index has a line for each file: its name and the name of its family, sorted.
//
//go:embed index.txt
var index string

// Names returns the names of all specs, sorted: those of their files without
// ".yaml". Some families are called otherwise, see [FamilyName].
func Names() []string {
	var out []string
	for line := range strings.Lines(index) {
		name, _, _ := strings.Cut(line, " ")
		out = append(out, name)
	}
	return out
}

// FamilyName returns the name that the kernel knows a family by; name is as for
// [Open]. It is "" for what has no spec. Raw families have no name in the
// kernel: theirs is the spec's.
func FamilyName(name string) string {
	_, family := lookup(name)
	return family
}

// lookup finds a file and its family, by the name of either.
func lookup(name string) (file, family string) {
	want := fold(name)
	for line := range strings.Lines(index) {
		n, f, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if fold(n) == want || fold(f) == want {
			return n, f
		}
	}
	return "", ""
}

// fold makes the same of "-" and "_": files and families do not agree on them.
func fold(s string) string { return strings.ReplaceAll(s, "-", "_") }

// UnknownError is returned for a name that the catalogue does not have.
type UnknownError struct {
	Name string
	Near []string // names that may have been meant
}

func (e *UnknownError) Error() string {
	msg := fmt.Sprintf("there is no spec for a family %q", e.Name)
	if len(e.Near) > 0 {
		return msg + "; did you mean " + strings.Join(e.Near, " or ") + "?"
	}
	return msg + "; \"nlkit list\" names the families that have one"
}

// Open reads the spec of a family, by the name of its file (without ".yaml") or
// of the family; "-" and "_" are the same in either. It reads it each time:
// whoever needs it again keeps it. A name that is not there is an
// [*UnknownError].
func Open(name string) (*ynl.Spec, error) {
	text, file, err := read(name)
	if err != nil {
		return nil, err
	}
	return ynl.Parse(file, text)
}

// Text returns a spec's text; name is as for [Open].
func Text(name string) ([]byte, error) {
	text, _, err := read(name)
	return text, err
}

func read(name string) (text []byte, file string, err error) {
	n, _ := lookup(name)
	if n == "" {
		return nil, "", &UnknownError{Name: name, Near: near.Names(name, Names())}
	}
	text, err = files.ReadFile(n + ".yaml")
	return text, n + ".yaml", err
}

// Overlays is the folder with the corrections that the importer applies.
func Overlays() fs.FS {
	sub, err := fs.Sub(overlays, "overlay")
	if err != nil {
		panic(err) // the name is a constant and valid
	}
	return sub
}
