//go:build linux

package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/nlkit/nlkit/bench/internal/copies"
)

// copiesName is what -run matches to have copies compared.
const copiesName = "copies under churn"

// writeCopies prints the table of those who keep copies.
func writeCopies(w io.Writer, r *copies.Report) error {
	fmt.Fprintf(w, "Copies of the routes under churn: destinations missing, stale or different after each phase and a pause.\n"+
		"* the candidate says itself that it is behind. The processor's time and the memory are those of its process.\n\n")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	head := "CANDIDATE"
	for _, p := range r.Phases {
		head += "\t" + strings.ToUpper(p.Name)
	}
	fmt.Fprintln(t, head+"\tOVERRUNS\tLOST\tRESYNCS\tCPU\tTO NLKIT\tPEAK")
	var mine float64
	for _, x := range r.Results {
		if x.Candidate == copies.Nlkit {
			mine = x.CPU
		}
	}
	for _, x := range r.Results {
		if x.NotHere != "" {
			fmt.Fprintf(t, "%s: not here: %s\n", x.Candidate, x.NotHere)
			continue
		}
		line := x.Candidate
		for _, c := range x.After {
			line += "\t" + divergence(c)
		}
		ratio := 0.0
		if mine > 0 {
			ratio = x.CPU / mine
		}
		fmt.Fprintf(t, "%s\t%d\t%s\t%d\t%s\t%s\t%s\n", line, x.Overruns, known(x.Lost), x.Resyncs, duration(x.CPU*1e9), times(ratio), megabytes(x.Peak))
	}
	err := t.Flush()
	fmt.Fprintln(w)
	return err
}

func divergence(c copies.Checkpoint) string {
	text := fmt.Sprint(c.Sum())
	if c.Behind {
		text += "*"
	}
	return text
}

func known(n int) string {
	if n < 0 {
		return "-"
	}
	return fmt.Sprint(n)
}

// judgeCopies wants the mirror to be what the kernel has, or to say that it is not.
func (r *Report) judgeCopies() {
	for _, name := range []string{copies.Nlkit, copies.Nlkit + copies.SmallBuffer} {
		var measured string
		var worst int
		ok := false
		if r.Copies != nil {
			for _, x := range r.Copies.Results {
				if x.Candidate == name && x.NotHere == "" {
					ok, worst = true, x.Silent()
					measured = fmt.Sprintf("%d at the most", worst)
				}
			}
		}
		r.add(copiesName+": "+name, "no destination wrong after any phase, unless it says so", measured, float64(worst), worst == 0, ok)
	}
}
