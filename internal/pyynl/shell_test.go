package pyynl

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/internal/testenv"
)

// shared finds a folder of the material beside the repository, which the
// recordings are part of, by walking up. Where it is missing the test is skipped;
// ability "golden".
func shared(tb testing.TB, folder string) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		path := filepath.Join(dir, "shared", folder)
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			return path
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			testenv.Missing(tb, "golden", "there is no folder ../shared/"+folder+" beside the repository")
		}
		dir = parent
	}
}

// words takes a shell line apart, as far as the cases need it: quotes and
// variables. What follows an unquoted variable's value is not divided again.
func words(line string, vars map[string]string) ([]string, error) {
	var out []string
	var word strings.Builder
	inWord := false
	expand := func(s string) (string, error) {
		var missing string
		text := os.Expand(s, func(name string) string {
			v, ok := vars[name]
			if !ok {
				missing = name
			}
			return v
		})
		if missing != "" {
			return "", fmt.Errorf("variable %q is not set", missing)
		}
		return text, nil
	}
	for i := 0; i < len(line); {
		c := line[i]
		switch {
		case c == ' ' || c == '\n' || c == '\t':
			if inWord {
				out = append(out, word.String())
				word.Reset()
			}
			inWord = false
			i++
		case c == '\'' || c == '"':
			end := strings.IndexByte(line[i+1:], c)
			if end < 0 {
				return nil, fmt.Errorf("no closing %c", c)
			}
			text := line[i+1 : i+1+end]
			if c == '"' {
				var err error
				if text, err = expand(text); err != nil {
					return nil, err
				}
			}
			word.WriteString(text)
			inWord = true
			i += end + 2
		default:
			end := strings.IndexAny(line[i:], " \n\t'\"")
			if end < 0 {
				end = len(line) - i
			}
			text, err := expand(line[i : i+end])
			if err != nil {
				return nil, err
			}
			word.WriteString(text)
			inWord = true
			i += end
		}
	}
	if inWord {
		out = append(out, word.String())
	}
	return out, nil
}

func TestWords(t *testing.T) {
	vars := map[string]string{"NS": "ns", "YNL": "nlkit", "SPECS": "/s p"}
	got, err := words("ip netns exec \"${NS}x\" $YNL --spec \"$SPECS/a.yaml\" --json '{\"a\": \"$NS\"}'\n", vars)
	want := []string{"ip", "netns", "exec", "nsx", "nlkit", "--spec", "/s p/a.yaml", "--json", `{"a": "$NS"}`}
	if err != nil || fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		t.Errorf("words: %q, %v; want %q", got, err, want)
	}
	for _, line := range []string{"'open", `"open`, "$OTHER"} {
		if got, err := words(line, vars); err == nil {
			t.Errorf("words(%q) = %q without an error", line, got)
		}
	}
}
