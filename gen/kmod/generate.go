package kmod

import (
	_ "embed"
	"strings"

	"github.com/nlkit/nlkit/ynl"
)

// What all modules share: for handlers, and for generated code.
var (
	//go:embed runtime/nlkit.h
	runtime []byte
	//go:embed runtime/nlkit_core.h
	core []byte
)

// Options say how a module is generated. The zero value is what most need.
type Options struct {
	// Source is what the files name as what they are generated from; the family's
	// name if empty.
	Source string
}

// Module is a module that was generated.
type Module struct {
	Name    string // of the module and its functions: the family's, as an identifier
	Files   []File // all that is written anew each time, in the order of their names
	Author  File   // the author's: written once
	Stubs   []Stub // the functions the author has to write
	Summary Summary
}

// Summary counts what a module has.
type Summary struct {
	Dos, Dumps, Notifications, Groups int
}

// File is one file of a module.
type File struct {
	Name string // below the module's folder, with slashes
	Text []byte
}

// Stub is a function that the author has to write.
type Stub struct {
	Name string // of the function
	Text string // the function, as it stands in a new author's file
}

// Error says what of a spec has no form in a kernel module.
type Error struct{ Problems []ynl.Problem }

func (e *Error) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Generate makes the module of a spec. The error is an [*Error] where the spec has
// something that a module cannot have.
func Generate(spec *ynl.Spec, o Options) (*Module, error) {
	p := &plan{spec: spec, source: plain(o.Source)}
	if p.source == "" {
		p.source = "the spec of " + spec.Name
	}
	p.build()
	if len(p.problems) > 0 {
		return nil, &Error{Problems: p.problems}
	}
	m := &Module{Name: p.fam}
	for _, part := range []struct {
		name  string
		write func(*plan, *printer)
	}{
		{"Kbuild", (*plan).writeKbuild},
		{"Makefile", (*plan).writeMakefile},
		{"README.md", (*plan).writeReadme},
		{"dkms.conf", (*plan).writeDKMS},
		{p.fam + "_nl.c", (*plan).writeSource},
		{p.fam + "_nl.h", (*plan).writeHeader},
		{"nlkit.h", func(_ *plan, w *printer) { w.Write(runtime) }},
		{"nlkit_core.h", func(_ *plan, w *printer) { w.Write(core) }},
		{"uapi/" + p.uapiPath(), (*plan).writeUAPI},
	} {
		var out printer
		part.write(p, &out)
		m.Files = append(m.Files, File{Name: part.name, Text: out.Bytes()})
	}
	m.Stubs = p.stubs()
	var out printer
	p.writeAuthor(&out, m.Stubs)
	m.Author = File{Name: p.fam + "_main.c", Text: out.Bytes()}
	for _, o := range p.ops {
		if o.do != nil {
			m.Summary.Dos++
		}
		if o.dump != nil {
			m.Summary.Dumps++
		}
	}
	m.Summary.Notifications, m.Summary.Groups = len(p.notes), len(spec.Groups)
	return m, nil
}
