// Package complete knows what can be typed next on a command line that names a
// family, an operation, groups or attributes: for the completion of shells.
//
// A candidate is a word, or a word, a tab and what it means, which is what
// package cobra takes.
package complete

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/specs"
)

// Use says what an operation is wanted for.
type Use uint8

// The uses.
const (
	Any  Use = iota // whatever there is
	Do              // one request
	Dump            // a dump
)

// with puts a description behind a word.
func with(word, description string) string {
	if description == "" {
		return word
	}
	return word + "\t" + description
}

// fits reports whether a candidate's word begins with begun; where words of
// specs are joined "_" will do for "-".
func fits(word, begun string) bool {
	return strings.HasPrefix(word, begun) || strings.HasPrefix(word, strings.ReplaceAll(begun, "_", "-"))
}

// Families lists those that have a spec, and those that the kernel has besides.
func Families(entries []specs.Entry, kernel []string, begun string) []string {
	var out []string
	seen := map[string]bool{}
	for _, e := range entries {
		seen[e.Family] = true
		what := "generic netlink family"
		if e.Level == ynl.NetlinkRaw {
			what = "protocol of its own"
		} else if slices.Contains(kernel, e.Family) {
			what = "in this kernel"
		}
		if fits(e.Family, begun) {
			out = append(out, with(e.Family, what))
		}
	}
	for _, name := range kernel {
		if !seen[name] && strings.HasPrefix(name, begun) {
			out = append(out, with(name, "in this kernel, without a spec"))
		}
	}
	return out
}

// Ops lists the operations for a use. With Any those that are only received are
// listed as well.
func Ops(s *ynl.Spec, use Use, begun string) []string {
	var out []string
	for _, op := range s.Ops {
		var modes []string
		for _, m := range []struct {
			is   bool
			name string
		}{{op.Do != nil, "do"}, {op.Dump != nil, "dump"}, {op.Notify != nil, "notify"}, {op.Event != nil, "event"}} {
			if m.is {
				modes = append(modes, m.name)
			}
		}
		wanted := use == Any && len(modes) > 0 || use == Do && op.Do != nil || use == Dump && op.Dump != nil
		if wanted && fits(op.Name, begun) {
			out = append(out, with(op.Name, strings.Join(modes, ", ")))
		}
	}
	return out
}

// Groups lists multicast groups: those of the spec, and those that the kernel
// tells of besides. What was given is left out.
func Groups(s *ynl.Spec, kernel, given []string, begun string) []string {
	var out []string
	add := func(name string) {
		if !slices.Contains(given, name) && !slices.Contains(out, name) && fits(name, begun) {
			out = append(out, name)
		}
	}
	if s != nil {
		for _, g := range s.Groups {
			add(g.Name)
		}
	}
	for _, name := range kernel {
		add(name)
	}
	return out
}

// Parts lists what of a family can be looked at beside its operations: attribute
// sets, sub-messages, enums, structs and constants.
func Parts(s *ynl.Spec, begun string) []string {
	var out []string
	add := func(name, what string) {
		if fits(name, begun) {
			out = append(out, with(name, what))
		}
	}
	for _, set := range s.Sets {
		add(set.Name, fmt.Sprintf("attribute set, %d", len(set.Attrs)))
	}
	for _, m := range s.SubMessages {
		add(m.Name, fmt.Sprintf("sub-message, %d formats", len(m.Formats)))
	}
	for _, e := range s.Enums {
		add(e.Name, fmt.Sprintf("%s, %d entries", kindOf(e), len(e.Entries)))
	}
	for _, st := range s.Structs {
		add(st.Name, fmt.Sprintf("struct, %d bytes", st.Size))
	}
	return out
}

func kindOf(e *ynl.Enum) string {
	if e.IsFlags {
		return "flags"
	}
	return "enum"
}
