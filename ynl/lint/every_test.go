package lint

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/specs"
)

// TestEveryNumber makes every number of the catalogue wrong, one kind at a time,
// and looks whether each is found that the headers know.
func TestEveryNumber(t *testing.T) {
	dirs := headers(t)
	l := newLinter(t, dirs[0])
	kinds := map[string]func(*ynl.Spec) (changed []string){
		"attributes": func(s *ynl.Spec) (changed []string) {
			for _, set := range s.Sets {
				for _, a := range set.Attrs {
					if set.Parent == nil {
						a.ID += 5000
						changed = append(changed, fmt.Sprintf("attribute %s.%s", set.Name, a.Name))
					}
				}
			}
			return changed
		},
		"entries": func(s *ynl.Spec) (changed []string) {
			for _, e := range s.Enums {
				for _, n := range e.Entries {
					n.Value += 5000 // of flags, no bit at all
					changed = append(changed, fmt.Sprintf("%s.%s", e.Name, n.Name))
				}
			}
			return changed
		},
		"operations": func(s *ynl.Spec) (changed []string) {
			for _, op := range s.Ops {
				op.ID += 77
				for _, m := range []*ynl.Mode{op.Do, op.Dump} {
					if m != nil {
						m.RequestID += 77
						m.ReplyID += 77
					}
				}
				changed = append(changed, "operation "+op.Name)
			}
			return changed
		},
		"members": func(s *ynl.Spec) (changed []string) {
			for _, st := range s.Structs {
				for i, m := range st.Members {
					if m.Type != ynl.Pad {
						m.Offset += 1000 * (i + 1)
						changed = append(changed, fmt.Sprintf("%s.%s", st.Name, m.Name))
					}
				}
			}
			return changed
		},
		"sizes": func(s *ynl.Spec) (changed []string) {
			for _, st := range s.Structs {
				st.Size += 5000
				changed = append(changed, "struct "+st.Name)
			}
			return changed
		},
		"groups": func(s *ynl.Spec) (changed []string) {
			for _, g := range s.Groups {
				changed = append(changed, "group "+g.Name)
				if g.ID += 77; !s.IsRaw() {
					g.Name += "x"
				}
			}
			return changed
		},
	}
	for kind, change := range kinds {
		t.Run(kind, func(t *testing.T) {
			looked := 0
			for _, name := range specs.Names() {
				spec, err := specs.Open(name)
				if err != nil {
					t.Fatal(err)
				}
				changed := change(spec)
				r := l.Check(spec)
				told := map[string]bool{} // found or unknown
				for _, f := range r.Findings {
					// "X is 1, but Y is 2", or "struct X has 1 bytes, but ..."
					for _, verb := range []string{" is ", " has "} {
						what, _, _ := strings.Cut(f.Text, verb)
						told[strings.TrimPrefix(what, "the reply of ")] = true
					}
				}
				for _, u := range r.Unknown {
					told[strings.TrimPrefix(u.What, "the order of ")] = true
				}
				for _, what := range changed {
					looked++
					set, _, _ := strings.Cut(what, ".")
					if !told[what] && !told[what+"x"] && !told[set] && !told["struct "+set] {
						t.Errorf("%s: nothing is said of a wrong %s", name, what)
					}
				}
			}
			t.Logf("%d numbers", looked)
			if looked < 20 {
				t.Error("hardly anything was changed")
			}
		})
	}
}
