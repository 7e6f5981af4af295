package lint

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/ynl"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) { testenv.Main(m) }

func newLinter(t testing.TB, dirs ...string) *Linter {
	t.Helper()
	l, err := New(dirs...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestGolden checks small specs against small headers, with and without an error
// of each kind, and compares all that is said.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/specs/*.yaml")
	if err != nil || len(files) < 4 {
		t.Fatal(err, files)
	}
	l := newLinter(t, "testdata/include")
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			spec, err := ynl.Parse(filepath.Base(file), text)
			if err != nil {
				t.Fatal(err)
			}
			r := l.Check(spec)
			var b strings.Builder
			for _, f := range r.Findings {
				fmt.Fprintln(&b, f)
			}
			for _, u := range r.Unknown {
				fmt.Fprintf(&b, "unknown %s: %s: %s\n", u.Pos, u.What, u.Name)
			}
			fmt.Fprintf(&b, "%d checked, missing %v\n", r.Checked, r.MissingHeaders)
			golden := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if b.String() != string(want) {
				t.Errorf("got\n%s\nwant\n%s", b.String(), want)
			}
		})
	}
}

// TestGood keeps the spec without errors from becoming golden with some.
func TestGood(t *testing.T) {
	spec, err := ynl.ParseFile("testdata/specs/good.yaml")
	if err != nil {
		t.Fatal(err)
	}
	r := newLinter(t, "testdata/include").Check(spec)
	if len(r.Findings) > 0 || r.Checked < 70 || len(r.MissingHeaders) > 0 {
		t.Errorf("%d checked, missing %v, found %v", r.Checked, r.MissingHeaders, r.Findings)
	}
	if len(r.Unknown) != 1 || r.Unknown[0].Name != "struct family_bits.both" {
		t.Errorf("unknown: %v", r.Unknown)
	}
}

// TestWithoutHeaders checks by the rules alone.
func TestWithoutHeaders(t *testing.T) {
	spec, err := ynl.ParseFile("testdata/specs/bad.yaml")
	if err != nil {
		t.Fatal(err)
	}
	r := newLinter(t).Check(spec)
	if r.Checked != 0 || len(r.Unknown) != 0 || len(r.MissingHeaders) != 0 || len(r.Findings) == 0 {
		t.Errorf("%+v", r)
	}
	for _, f := range r.Findings {
		if f.Header != "" || f.HeaderLine != 0 {
			t.Errorf("a header without headers: %s", f)
		}
	}
}

func TestNoHeaders(t *testing.T) {
	l, err := New("testdata/specs", "testdata/nothing")
	if _, ok := err.(*NoHeadersError); !ok || l != nil || !strings.Contains(err.Error(), `"testdata/specs" "testdata/nothing"`) {
		t.Errorf("%v, %v", l, err)
	}
}
