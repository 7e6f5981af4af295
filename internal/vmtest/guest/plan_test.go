package guest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// collect reads results into lines.
func collect(in string) (lines []string, err error) {
	err = ReadResults(strings.NewReader(in),
		func(s string) { lines = append(lines, s) },
		func(e Event) {
			lines = append(lines, fmt.Sprintf("%s %d %s %q", e.Kind, e.Status, e.Release, e.Contents))
		})
	return lines, err
}

func TestReadResults(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	got, err := collect("={\"event\":\"start\",\"release\":\"6.1\"}\r\n|--- PASS: TestA\n|\n|={\"event\":\"end\"}\n\n|" + long + "\n" +
		"={\"event\":\"file\",\"contents\":\"AAEC\"}\n={\"event\":\"end\",\"status\":2}")
	want := []string{
		`start 0 6.1 ""`, "--- PASS: TestA", "", `={"event":"end"}`, long, `file 0  "\x00\x01\x02"`, `end 2  ""`,
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v; -want +got:\n%s", err, diff)
	}
}

func TestReadResultsErrors(t *testing.T) {
	for in, want := range map[string]string{
		"|a\nplain\n|b\n": "begins neither",
		"|a\n={\n|b\n":    "cannot be read",
		"|a\n=" + strings.Repeat("x", maxLine+1) + "\n|b\n": "longer than",
	} {
		got, err := collect(in)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
		if diff := cmp.Diff([]string{"a", "b"}, got); diff != "" {
			t.Errorf("what was good beside: -want +got:\n%s", diff)
		}
	}
	broken := errors.New("broken")
	if err := ReadResults(iotest.ErrReader(broken), nil, nil); !errors.Is(err, broken) {
		t.Errorf("error %v, want %v", err, broken)
	}
}

func FuzzReadResults(f *testing.F) {
	f.Add("={\"event\":\"start\"}\n|output\n")
	f.Add("|a\n\r\n=\n|")
	f.Fuzz(func(t *testing.T, in string) {
		lines, err := collect(in)
		if n := strings.Count(in, "\n") + 1; len(lines) > n {
			t.Errorf("%d results of %d lines, error %v", len(lines), n, err)
		}
	})
}

func TestHas(t *testing.T) {
	p := &Plan{Modules: []Module{{Name: "a_b"}}, Builtin: []string{"c_d"}}
	for name, want := range map[string]bool{"a-b": true, "a_b": true, "c-d": true, "a": false, "": false} {
		if got := p.Has(name); got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
}
