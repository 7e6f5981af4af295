package vmtest

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
)

// verdict prints what a test in a virtual machine prints, as go test does, and
// decides whether it passed.
type verdict struct {
	pkg, kernel string
	timeout     time.Duration
	out         io.Writer
	passed      bool // the test's own last word was PASS
	none        bool // it had no tests to run
}

// line takes a line that the test printed. Its own last word is not passed on:
// go test does not, either.
func (v *verdict) line(s string) {
	switch s {
	case "PASS":
		v.passed = true
		return
	case "testing: warning: no tests to run":
		v.none = true
	}
	fmt.Fprintln(v.out, s)
}

// print prints the package's line, and before it what is wrong besides the
// tests. It reports whether the package has passed.
func (v *verdict) print(b *boot) bool {
	reasons := v.reasons(b)
	for _, reason := range reasons {
		fmt.Fprintln(v.out, reason)
	}
	seconds := b.Took.Seconds()
	if b.End != nil {
		seconds = b.End.Seconds
	}
	if len(reasons) > 0 || b.End.Status != 0 {
		fmt.Fprintf(v.out, "FAIL\t%s\t%.3fs\t[%s]\n", v.pkg, seconds, v.kernel)
		return false
	}
	end := ""
	if v.none {
		end = " [no tests to run]"
	}
	fmt.Fprintf(v.out, "ok  \t%s\t%.3fs\t[%s]%s\n", v.pkg, seconds, v.kernel, end)
	return true
}

// reasons returns what is wrong, but for tests that failed and said so.
func (v *verdict) reasons(b *boot) []string {
	if b.End == nil {
		return []string{v.noVerdict(b)}
	}
	var reasons []string
	if b.End.Error != "" {
		reasons = append(reasons, "the test could not be run to its end: "+b.End.Error)
	} else if b.End.Status == 0 && !v.passed {
		reasons = append(reasons, "the test has ended with status 0, but never said PASS: something has called os.Exit")
	}
	if len(b.End.Warnings) > 0 {
		reasons = append(reasons, fmt.Sprintf("the kernel has complained, and the test did not expect it (ExpectWarnings): %s\nThe kernel's log:\n\t%s",
			b.End.Warnings[0], strings.Join(b.End.Log, "\n\t")))
	}
	return reasons
}

// noVerdict says why there is none.
func (v *verdict) noVerdict(b *boot) string {
	why, last := "the virtual machine ended", lastLines(b.Console, 40)
	switch {
	case b.Limit:
		why = fmt.Sprintf("the virtual machine was ended after %s, its limit (-timeout, //nlkit:timeout)", v.timeout)
	case strings.Contains(b.Console, "Kernel panic"):
		why, last = "the kernel panicked", panicLines(b.Console, 80)
	case b.Start == nil:
		why = "the virtual machine ended before its first process spoke, twice"
	}
	return fmt.Sprintf("no verdict: %s. The console's last lines:\n%s", why, last)
}

// panicCause is what a kernel says first when it is about to panic.
var panicCause = regexp.MustCompile(`\bBUG: |\bOops: |Kernel panic|general protection fault`)

// panicLines returns what a kernel said of its panic, up to n lines from the first
// on: the cause stands before a trace that may be longer than that.
func panicLines(console string, n int) string {
	from := strings.LastIndexByte(console[:panicCause.FindStringIndex(console)[0]], '\n') + 1
	lines := strings.Split(strings.TrimRight(console[from:], "\n"), "\n")
	return strings.Join(lines[:min(len(lines), n)], "\n")
}
