//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/sys/unix"
)

// Machine is where a run took place: ratios carry over to other machines, times
// do not.
type Machine struct {
	Go     string `json:"go"`
	Arch   string `json:"arch"`
	Kernel string `json:"kernel"`
	CPUs   int    `json:"cpus"`
	Time   string `json:"time"` // RFC 3339
}

func thisMachine() Machine {
	var u unix.Utsname
	kernel := "unknown"
	if unix.Uname(&u) == nil {
		kernel = unix.ByteSliceToString(u.Release[:])
	}
	return Machine{
		Go: runtime.Version(), Arch: runtime.GOARCH, Kernel: kernel,
		CPUs: runtime.NumCPU(), Time: time.Now().UTC().Format(time.RFC3339),
	}
}

// WriteText prints the table and the targets.
func (r *Report) WriteText(w io.Writer) error {
	fmt.Fprintf(w, "%s %s, Linux %s, %d CPUs\n\n", r.Machine.Go, r.Machine.Arch, r.Machine.Kernel, r.Machine.CPUs)
	if len(r.Results) > 0 {
		if err := r.writeResults(w); err != nil {
			return err
		}
	}
	if r.Copies != nil {
		if err := writeCopies(w, r.Copies); err != nil {
			return err
		}
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "TARGET\tFIGURE\tMEASURED\t")
	for _, x := range r.Targets {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", x.Name, x.Figure, x.Measured, x.Status)
	}
	return t.Flush()
}

// writeResults prints the table of the cases.
func (r *Report) writeResults(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "CASE\tCANDIDATE\tTIME/OP\tFASTEST\tCPU/OP\tTO NLKIT\tTO HAND\tALLOCS/OP\tBYTES/OP\tPEAK")
	last := ""
	for _, x := range r.Results {
		name := x.Case
		if name == last {
			name = ""
		} else if last != "" {
			fmt.Fprintln(t, strings.Repeat("\t", 9))
		}
		last = x.Case
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", name, x.Candidate, duration(x.Time), duration(x.Fastest), duration(x.CPU),
			times(x.ToNlkit), times(x.ToHand), amount(x.Allocs), amount(x.Bytes), megabytes(x.Peak))
	}
	err := t.Flush()
	fmt.Fprintln(w)
	return err
}

// WriteJSON prints one JSON object.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// duration prints nanoseconds with three digits and a unit.
func duration(ns float64) string {
	switch {
	case ns <= 0:
		return "-"
	case ns < 1e3:
		return digits(ns) + " ns"
	case ns < 1e6:
		return digits(ns/1e3) + " us"
	case ns < 1e9:
		return digits(ns/1e6) + " ms"
	}
	return digits(ns/1e9) + " s"
}

func digits(v float64) string {
	switch {
	case v < 10:
		return fmt.Sprintf("%.2f", v)
	case v < 100:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}

func times(v float64) string {
	if v <= 0 {
		return "-"
	}
	return fmt.Sprintf("%.2fx", v)
}

func amount(v float64) string {
	switch {
	case v < 0:
		return "-"
	case v < 1:
		// Less than one per operation is the runtime's own, or shared by many.
		if v < allocNoise {
			return "0"
		}
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.0f", math.Round(v))
}

func megabytes(n uint64) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// progress returns a function that shows what is being done on one line of a
// terminal, and one that removes it. Where stderr is no terminal they do nothing.
func progress(f *os.File) (show func(string, ...any), clear func()) {
	if _, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS); err != nil {
		return func(string, ...any) {}, func() {}
	}
	return func(format string, args ...any) { fmt.Fprintf(f, "\r\x1b[K"+format, args...) },
		func() { fmt.Fprint(f, "\r\x1b[K") }
}
