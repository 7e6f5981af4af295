package golang

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/nlkit/nlkit/gen/goname"
	"github.com/nlkit/nlkit/ynl"
)

// plan is a package to be written: the types of a spec with their Go names.
type plan struct {
	spec *ynl.Spec
	name string // of the package

	names    map[string]ynl.Pos // taken in the package's scope, by what
	enums    []*enumType
	structs  []*structType
	messages []*messageType
	subs     []*subType
	requests []*requestType
	notes    []*noteType
	entries  []*entryType
	slabs    []string // types the decoders have memory for

	contexts  contexts
	checks    map[*messageType]bool
	enumOf    map[enumKey]*enumType
	structOf  map[*ynl.Struct]*structType
	messageOf map[messageKey]*messageType
	subOf     map[*ynl.SubMessage]*subType
	nouns     map[string]*messageType // further names of messages

	problems []ynl.Problem
}

// problem notes what has no form in Go.
func (p *plan) problem(pos ynl.Pos, format string, args ...any) {
	p.problems = append(p.problems, ynl.Problem{Pos: pos, Text: fmt.Sprintf(format, args...)})
}

// claim takes a name in the package's scope: the first of the candidates that is
// free.
func (p *plan) claim(pos ynl.Pos, candidates ...string) string {
	for _, name := range candidates {
		if _, taken := p.names[name]; !taken {
			p.names[name] = pos
			return name
		}
	}
	name := candidates[0]
	p.problem(pos, "becomes %s in Go, a name that what stands at %s has already: rename one of them", name, p.names[name])
	return name
}

// fixed are the names every package has.
var fixed = []string{"Client", "Dial", "New", "Events", "Server", "Unimplemented", "Service", "Raw", "Empty"}

// build finds all types, starting from the operations.
func (p *plan) build() {
	p.names = map[string]ynl.Pos{}
	p.enumOf = map[enumKey]*enumType{}
	p.structOf = map[*ynl.Struct]*structType{}
	p.messageOf = map[messageKey]*messageType{}
	p.subOf = map[*ynl.SubMessage]*subType{}
	p.nouns = map[string]*messageType{}
	for _, name := range fixed {
		p.names[name] = ynl.Pos{File: "the generator"}
	}
	p.findEnums()
	p.findContexts()
	p.findOps()
	p.findNotes()
	slices.SortFunc(p.enums, func(a, b *enumType) int { return cmp.Compare(a.name, b.name) })
	slices.SortFunc(p.structs, func(a, b *structType) int { return cmp.Compare(a.name, b.name) })
	slices.SortFunc(p.messages, func(a, b *messageType) int { return cmp.Compare(a.name, b.name) })
	slices.SortFunc(p.subs, func(a, b *subType) int { return cmp.Compare(a.name, b.name) })
	slices.SortFunc(p.notes, func(a, b *noteType) int { return cmp.Compare(a.name, b.name) })
	slices.SortFunc(p.problems, func(a, b ynl.Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	p.problems = slices.Compact(p.problems)
	p.markRecursive()
}

// slab returns the number of the memory for a type, as a constant's name.
func (p *plan) slab(goType string) string {
	if !slices.Contains(p.slabs, goType) {
		p.slabs = append(p.slabs, goType)
	}
	return slabName(goType)
}

func slabName(goType string) string {
	return "slab" + goname.Exported(slabWords.Replace(goType))
}

// groupName is the constant's name of a multicast group.
func groupName(g *ynl.Group) string { return "Group" + goname.Group(g.Name) }
