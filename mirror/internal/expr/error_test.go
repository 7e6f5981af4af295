package expr

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/ynl/codec"
)

var update = flag.Bool("update", false, "write the golden file anew")

// TestErrors compares what is said of wrong texts with testdata/errors.txt, which has
// a text on one line and behind a tab, on the next, what is said of it.
func TestErrors(t *testing.T) {
	const golden = "testdata/errors.txt"
	data, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	layouts := map[string]codec.Layout{
		"route": layout(t, "rt-route", "getroute"), "link": layout(t, "rt-link", "getlink"), "addr": layout(t, "rt-addr", "getaddr"),
		"neigh": layout(t, "rt-neigh", "getneigh"), "tc": layout(t, "tc", "getqdisc"), "bare": {},
	}
	var out strings.Builder
	n := 0
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "\t") {
			continue
		}
		out.WriteString(line)
		table, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		if !ok {
			continue // a heading
		}
		text = strings.NewReplacer(`\n`, "\n", `\0`, "\x00").Replace(text)
		names := Names{}
		if table == "route" {
			names = routeNames
		}
		_, err := Compile(text, layouts[table], names)
		if e, ok := errors.AsType[*Error](err); !ok || e.Line < 1 || e.Column < 1 || e.Text == "" {
			t.Errorf("%s: error %v", line, err)
		}
		fmt.Fprintf(&out, "\t%v\n", err)
		n++
	}
	if n == 0 {
		t.Error("nothing was tried")
	}
	if *update {
		if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if out.String() != string(data) {
		t.Errorf("not what %s has (-update writes it):\n%s", golden, out.String())
	}
}

// TestLimits: a text that is too long or too deep is refused.
func TestLimits(t *testing.T) {
	l := layout(t, "rt-route", "getroute")
	deep := func(n int) string { return strings.Repeat("(", n) + "oif == 1" + strings.Repeat(")", n) }
	wide := "oif == 1" + strings.Repeat("||oif == 1", 6000)
	for _, tt := range []struct{ text, want string }{
		{deep(maxNesting - 1), ""},
		{deep(maxNesting), "too deep"},
		{deep(30000), "too deep"},
		{strings.Repeat("!", maxNesting-1) + "oif == 1", ""},
		{strings.Repeat("!", 60000) + "oif == 1", "too deep"},
		{strings.Repeat("not ", 10000) + "oif == 1", "too deep"},
		{wide, ""},
		{wide + wide, "too long"},
		{strings.Repeat("metrics.", 100) + "mtu == 1", "there is no \"metrics\" in metrics"},
	} {
		_, err := Compile(tt.text, l, Names{})
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%.20q, %d bytes: %v, want %q", tt.text, len(tt.text), err, tt.want)
		}
		if err != nil && len(err.Error()) > 1000 {
			t.Errorf("%.20q: an error of %d bytes", tt.text, len(err.Error()))
		}
	}
}
