package goname

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/specs"
)

// collisions are the names that the specs themselves have twice.
var collisions = map[string]bool{
	"ethtool: enum stringset, set stringset": true,
}

// named is a name of the catalogue and its identifier.
type named struct {
	kind  string // of name
	scope string // where the identifier must be the only one of its kind; "" for the whole package
	name  string // as in the spec, for entries and members with what they are in
	id    string
}

// catalogue lists the names of a spec.
func catalogue(s *ynl.Spec) []named {
	var out []named
	add := func(kind, scope, name, id string) { out = append(out, named{kind, scope, name, id}) }
	for _, c := range s.Consts {
		add("const", "", c.Name, Exported(c.Name))
	}
	for _, e := range s.Enums {
		add("enum", "", e.Name, Enum(e.Name))
		for _, n := range e.Entries {
			add("entry", "", e.Name+"/"+n.Name, Entry(e.Name, n.Name))
		}
	}
	for _, st := range s.Structs {
		add("struct", "", st.Name, Exported(st.Name))
		for _, m := range st.Members {
			if m.Type != ynl.Pad { // has no name in Go
				add("member", "struct "+st.Name, st.Name+"/"+m.Name, Member(st.Name, m.Name))
			}
		}
	}
	for _, set := range s.Sets {
		add("set", "", set.Name, Set(set.Name))
		for _, a := range set.Attrs {
			add("attr", "set "+set.Name, a.Name, Exported(a.Name))
		}
	}
	for _, m := range s.SubMessages {
		add("submsg", "", m.Name, SubMessage(m.Name))
		for _, f := range m.Formats {
			add("format", "sub-message "+m.Name, f.Value, Exported(f.Value))
		}
	}
	for _, op := range s.Ops {
		o := ParseOp(op.Name)
		id := o.String() + "Request"
		if op.IsAsync() {
			id = o.String() + "Notification"
		}
		add("op", "", op.Name, id)
	}
	for _, g := range s.Groups {
		add("group", "", g.Name, "Group"+Group(g.Name))
	}
	return out
}

// TestCatalogueNames checks the names of all specs: each identifier is valid and
// exported, and in its scope the only one.
func TestCatalogueNames(t *testing.T) {
	golden := make(map[string]bool)
	left := maps.Clone(collisions)
	for _, file := range specs.Names() {
		s, err := specs.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		golden["package "+s.Name+" "+Package(s.Name)] = true
		seen := make(map[string]string)
		for _, n := range catalogue(s) {
			golden[n.kind+" "+n.name+" "+n.id] = true
			if !isExported(n.id) {
				t.Errorf("%s: %s %s: %s is no exported identifier", file, n.kind, n.name, n.id)
			}
			key := n.scope + ": " + n.id
			what := n.kind + " " + n.name
			if old, ok := seen[key]; ok && !left[file+": "+old+", "+what] {
				t.Errorf("%s: %s and %s are both %s%s", file, old, what, n.scope, n.id)
			} else if ok {
				delete(left, file+": "+old+", "+what)
			}
			seen[key] = what
		}
	}
	for c := range left {
		t.Errorf("%s: no collision (any more): take it off the list", c)
	}

	var b bytes.Buffer
	for _, line := range slices.Sorted(maps.Keys(golden)) {
		f := strings.Fields(line)
		fmt.Fprintf(&b, "%-7s %-44s %s\n", f[0], f[1], f[2])
	}
	compare(t, "names.txt", b.Bytes())
}

// compare compares a golden file, or writes it.
func compare(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: write it with go test ./gen/goname -update", err)
	}
	old, now := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for _, line := range now {
		if !slices.Contains(old, line) {
			t.Errorf("%s lacks %q", path, line)
		}
	}
	for _, line := range old {
		if !slices.Contains(now, line) {
			t.Errorf("%s has %q, which is no more", path, line)
		}
	}
	if t.Failed() {
		t.Log("once you have read them: go test ./gen/goname -update")
	}
}
