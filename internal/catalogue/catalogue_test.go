package catalogue

import (
	"fmt"
	"path"
	"slices"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/gen/goname"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/specs"
)

// TestFamilies compares the list with the specs that there are.
func TestFamilies(t *testing.T) {
	var want, got []string
	for _, name := range specs.Names() {
		want = append(want, goname.Package(name))
	}
	slices.Sort(want)
	for _, f := range Families() {
		got = append(got, path.Base(Messages(f)[0].Type().PkgPath()))
	}
	if !slices.Equal(got, want) {
		t.Errorf("families.go lists\n%q\nbut the specs' packages are\n%q", got, want)
	}
}

// TestMessages looks for every operation of every spec, both ways, and every
// notification: none may be missing, none twice, all with the spec's numbers.
func TestMessages(t *testing.T) {
	families := map[string]*nl.Family{}
	for _, f := range Families() {
		families[f.Name] = f
	}
	requests, notes := 0, 0
	for _, file := range specs.Names() {
		s, err := specs.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		f := families[s.Name]
		if f == nil {
			t.Errorf("no package says it is %s's", s.Name)
			continue
		}
		have := map[string]int{}
		for _, m := range Messages(f) {
			have[fmt.Sprint(m, " ", m.ID)]++
			if m.Role == Notification {
				notes++
				if m.Name == "" {
					t.Errorf("%s %d: the notification has no name", s.Name, m.ID)
				}
			}
		}
		for _, op := range s.Ops {
			switch {
			case op.IsReserved():
			case op.IsAsync():
				want(t, have, fmt.Sprintf("%s %s notification %d", s.Name, op.Name, op.ID))
			default:
				for dump, mode := range map[string]*ynl.Mode{"": op.Do, " dump": op.Dump} {
					if mode == nil {
						continue
					}
					requests++
					want(t, have, fmt.Sprintf("%s %s%s request %d", s.Name, op.Name, dump, mode.RequestID))
					if mode.Reply != nil {
						want(t, have, fmt.Sprintf("%s %s%s reply %d", s.Name, op.Name, dump, mode.ReplyID))
					}
				}
			}
		}
	}
	t.Logf("%d families, %d requests, %d notifications", len(families), requests, notes)
}

func want(t *testing.T, have map[string]int, name string) {
	t.Helper()
	if have[name] != 1 {
		t.Errorf("%s is there %d times, want once", name, have[name])
	}
}
