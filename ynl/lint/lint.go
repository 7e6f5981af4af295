// Package lint finds what is wrong with a spec: by rules that it must keep by
// itself, and by comparing every value, size and offset that it tells with the C
// headers of the kernel.
//
// The headers are read without a compiler, with the line each fact stands in.
// Their version is of no account: a name that is not there is counted and never
// a finding, since older headers lack newer names.
package lint

import (
	"fmt"
	"slices"

	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/lint/internal/uapi"
)

// DefaultHeaders is where systems keep the kernel's headers.
const DefaultHeaders = "/usr/include"

// Linter checks specs. It reads each header once; any number of goroutines may
// use it.
type Linter struct {
	tree *uapi.Tree // nil for a check without headers
}

// New returns a Linter that compares with the headers in some folders, which are
// searched in turn. Without any, it checks only what needs no headers. A folder
// that has none is an error.
func New(dirs ...string) (*Linter, error) {
	if len(dirs) == 0 {
		return &Linter{}, nil
	}
	t := uapi.NewTree(dirs...)
	if len(t.Read("linux/netlink.h").Missing) > 0 {
		return nil, &NoHeadersError{dirs}
	}
	return &Linter{tree: t}, nil
}

// NoHeadersError is returned for folders without kernel headers.
type NoHeadersError struct{ Dirs []string }

func (e *NoHeadersError) Error() string {
	return fmt.Sprintf("no kernel headers in %q, which would have linux/netlink.h", e.Dirs)
}

// Finding is one thing that is wrong.
type Finding struct {
	ynl.Pos        // in the spec
	Text    string // what is wrong, with both sides where two disagree
	// Header and HeaderLine are where the header says otherwise: "linux/netdev.h".
	// They are empty for what needs no header.
	Header     string
	HeaderLine int
}

func (f Finding) String() string {
	if f.Header == "" {
		return f.Pos.String() + ": " + f.Text
	}
	return fmt.Sprintf("%s: %s (%s:%d)", f.Pos, f.Text, f.Header, f.HeaderLine)
}

// Unknown is something in a spec that the headers do not have.
type Unknown struct {
	ynl.Pos
	What string // in the spec: "attribute link-attrs.ifname"
	Name string // in C, as far as it is known
}

// Report is what was found in one spec.
type Report struct {
	Findings []Finding // in the order of the text
	// Checked counts the comparisons with headers: a value, a size, an offset, a
	// sign or an order of bytes each.
	Checked int
	// Unknown are names that the headers do not have.
	Unknown []Unknown
	// MissingHeaders are headers that the spec is of and that are not there.
	MissingHeaders []string
}

// Check checks a spec.
func (l *Linter) Check(spec *ynl.Spec) *Report {
	c := &checker{spec: spec, report: &Report{}}
	c.rules()
	if l.tree != nil {
		c.unit = l.tree.Read(headersOf(spec)...)
		c.report.MissingHeaders = c.unit.Missing
		c.family()
		c.consts()
		c.enums()
		c.sets()
		c.macros()
		c.operations()
		c.groups()
		c.structs()
	}
	r := c.report
	r.Findings = unique(r.Findings)
	slices.SortStableFunc(r.Findings, func(a, b Finding) int { return a.Line - b.Line })
	return r
}

// unique leaves out what is said twice: aliases in a spec make several things of
// the same lines.
func unique(in []Finding) []Finding {
	seen := map[Finding]bool{}
	var out []Finding
	for _, f := range in {
		if !seen[f] {
			seen[f] = true
			out = append(out, f)
		}
	}
	return out
}

// checker is one check of one spec.
type checker struct {
	spec   *ynl.Spec
	unit   *uapi.Unit
	report *Report
}

// find reports what is wrong by the spec alone.
func (c *checker) find(at ynl.Pos, format string, args ...any) {
	c.report.Findings = append(c.report.Findings, Finding{Pos: at, Text: fmt.Sprintf(format, args...)})
}

// differ reports what a header tells otherwise.
func (c *checker) differ(at ynl.Pos, header uapi.Place, format string, args ...any) {
	c.report.Findings = append(c.report.Findings, Finding{
		Pos: at, Text: fmt.Sprintf(format, args...), Header: header.Header, HeaderLine: header.Line,
	})
}

// unknown notes what the headers do not have.
func (c *checker) unknown(at ynl.Pos, what, name string) {
	c.report.Unknown = append(c.report.Unknown, Unknown{Pos: at, What: what, Name: name})
}
