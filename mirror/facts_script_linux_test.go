package mirror_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var updateFacts = flag.Bool("update-facts", false, "write what the kernel does into testdata/facts")

// TestFacts goes through the scripts in testdata/facts. What a line begins with
// tells what it is:
//
//	=   the name of a fact: a namespace of its own
//	#   what is observed, and where the kernel does it
//	@   events of interest, by the words they begin with; else all
//	$   a line of `ip` that prepares
//	!   a setting of the namespace and its value
//	>   a line of `ip`, or several: what is announced then, in order
//	~   wait for what is announced late
//	?   a table as a dump shows it then
//	:   what was observed, after >, ~ and ?
//
// Where the kernel's order depends on a hash, the lines of > and ~ are sorted: the
// sign is doubled then.
func TestFacts(t *testing.T) {
	files, err := filepath.Glob("testdata/facts/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for i, fact := range strings.Split("\n"+string(text), "\n= ") {
			lines := strings.Split(strings.TrimRight(fact, "\n"), "\n")
			if i == 0 {
				out = append(out, strings.TrimSpace(fact))
				continue
			}
			got := lines
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt")+"/"+lines[0], func(t *testing.T) {
				got = runFact(t, lines)
				if !*updateFacts && !slices.Equal(got, lines) {
					t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(lines, "\n"))
				}
			})
			out = append(out, "= "+strings.Join(got, "\n"))
		}
		if *updateFacts {
			if err := os.WriteFile(file, []byte(strings.TrimLeft(strings.Join(out, "\n\n"), "\n")+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// runFact does what a script says, and returns it with what was observed.
func runFact(t *testing.T, lines []string) (out []string) {
	var w *world
	only := ""
	var prepare, do []string
	begin := func() {
		if w == nil {
			w = newWorld(t, only, prepare...)
		}
	}
	observed := func(got []string, sorted bool) {
		if sorted {
			slices.Sort(got)
		}
		for _, s := range got {
			out = append(out, ": "+s)
		}
	}
	for i, line := range lines {
		sign, rest, _ := strings.Cut(line, " ")
		if sign == ":" {
			continue
		}
		if i > 0 && sign == "" {
			continue
		}
		out = append(out, line)
		switch sign {
		case "@":
			only = rest
		case "$":
			prepare = append(prepare, rest)
		case "!":
			begin()
			name, value, _ := strings.Cut(rest, " ")
			w.sysctl(name, value)
			w.settle()
		case ">", ">>":
			begin()
			do = append(do, rest)
			if i+1 < len(lines) && strings.HasPrefix(lines[i+1], sign) {
				break
			}
			observed(w.after(do...), sign == ">>")
			do = nil
		case "~", "~~":
			begin()
			observed(w.settle(), sign == "~~")
		case "?":
			begin()
			table, prefix, _ := strings.Cut(rest, " ")
			got := w.dump(table)
			if prefix != "" {
				got = slices.DeleteFunc(got, func(s string) bool { return !strings.Contains(s, prefix) })
			}
			observed(got, false)
		}
	}
	return out
}
