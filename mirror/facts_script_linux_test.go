package mirror_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
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
//	x   a line of `ip` that the kernel refuses: how it does
//	~   wait for what is announced late
//	?   a table as a dump shows it then
//	:   what was observed, after >, x, ~ and ?
//
// Where the kernel's order depends on a hash, the lines of > and ~ are sorted: the
// sign is doubled then.
//
// The facts are observed side by side. What differs is observed once more with more
// time for the kernel, since on a busy machine its own workers may be late: a fact is
// what it does in the end.
func TestFacts(t *testing.T) {
	files, err := filepath.Glob("testdata/facts/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			out := strings.Split("\n"+string(text), "\n= ")
			for i, fact := range out {
				if i == 0 {
					continue
				}
				lines := strings.Split(strings.TrimRight(fact, "\n"), "\n")
				t.Run(lines[0], func(t *testing.T) {
					t.Parallel()
					out[i] = strings.Join(observe(t, lines), "\n")
				})
			}
			t.Cleanup(func() {
				if !*updateFacts {
					return
				}
				for i, fact := range out {
					out[i] = strings.TrimSpace(fact)
				}
				if err := os.WriteFile(file, []byte(strings.Join(out, "\n\n= ")+"\n"), 0o644); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// observe does what a script says, and compares what is observed with what it says of
// that. It returns the script with what was observed.
func observe(t *testing.T, lines []string) []string {
	var got []string
	for _, quiet := range []time.Duration{shortQuiet, longQuiet} {
		if got = runFact(t, lines, quiet); slices.Equal(got, lines) {
			return got
		}
	}
	if !*updateFacts {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(lines, "\n"))
	}
	return got
}

// runFact does what a script says, and returns it with what was observed.
func runFact(t *testing.T, lines []string, quiet time.Duration) (out []string) {
	var w *world
	only := ""
	var prepare, do []string
	begin := func() {
		if w == nil {
			w = newWorld(t, quiet, only, prepare...)
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
			if w != nil {
				t.Fatalf("%q prepares nothing here: it has to stand before what is observed", line)
			}
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
		case "x":
			begin()
			observed(w.refused(rest), false)
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
