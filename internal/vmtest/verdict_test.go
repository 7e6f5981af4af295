package vmtest

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nlkit/nlkit/internal/vmtest/guest"
)

func TestVerdict(t *testing.T) {
	start := &guest.Event{Kind: guest.EventStart}
	end := func(e guest.Event) *boot {
		e.Seconds = 1.25
		return &boot{Start: start, End: &e, Took: 4 * time.Second}
	}
	for _, tt := range []struct {
		name   string
		output string // of the test
		boot   *boot
		ok     bool
		want   string
	}{
		{"passed", "--- PASS: TestA\nPASS", end(guest.Event{}), true, "--- PASS: TestA\nok  \tp\t1.250s\t[k]\n"},
		{
			"no tests", "testing: warning: no tests to run\nPASS", end(guest.Event{}), true,
			"testing: warning: no tests to run\nok  \tp\t1.250s\t[k] [no tests to run]\n",
		},
		{"failed", "--- FAIL: TestA\nFAIL", end(guest.Event{Status: 1}), false, "--- FAIL: TestA\nFAIL\nFAIL\tp\t1.250s\t[k]\n"},
		{
			"os.Exit", "so far", end(guest.Event{}), false,
			"so far\nthe test has ended with status 0, but never said PASS: something has called os.Exit\nFAIL\tp\t1.250s\t[k]\n",
		},
		{
			"killed", "", end(guest.Event{Status: -1, Error: "signal: killed"}), false,
			"the test could not be run to its end: signal: killed\nFAIL\tp\t1.250s\t[k]\n",
		},
		{
			"passed, left something behind", "PASS", end(guest.Event{Error: "a program"}), false,
			"the test could not be run to its end: a program\nFAIL\tp\t1.250s\t[k]\n",
		},
		{
			"passed, but the kernel complained", "PASS", end(guest.Event{Warnings: []string{"BUG: x"}, Log: []string{"a", "BUG: x"}}), false,
			"the kernel has complained, and the test did not expect it (ExpectWarnings): BUG: x\nThe kernel's log:\n\ta\n\tBUG: x\nFAIL\tp\t1.250s\t[k]\n",
		},
		{
			"no verdict after PASS", "PASS", &boot{Start: start, Took: time.Second, Console: "last words\n"}, false,
			"no verdict: the virtual machine ended. The console's last lines:\nlast words\nFAIL\tp\t1.000s\t[k]\n",
		},
		{
			"panic", "", &boot{Start: start, Took: time.Second, Console: "Kernel panic - not syncing: x\n"}, false,
			"no verdict: the kernel panicked. The console's last lines:\nKernel panic - not syncing: x\nFAIL\tp\t1.000s\t[k]\n",
		},
		{
			"limit", "", &boot{Start: start, Took: time.Minute, Limit: true}, false,
			"no verdict: the virtual machine was ended after 1m0s, its limit (-timeout, //nlkit:timeout). The console's last lines:\n\nFAIL\tp\t60.000s\t[k]\n",
		},
		{
			"never spoke", "", &boot{Took: time.Second}, false,
			"no verdict: the virtual machine ended before its first process spoke, twice. The console's last lines:\n\nFAIL\tp\t1.000s\t[k]\n",
		},
	} {
		var out strings.Builder
		v := &verdict{pkg: "p", kernel: "k", timeout: time.Minute, out: &out}
		for line := range strings.Lines(tt.output) {
			v.line(strings.TrimSuffix(line, "\n"))
		}
		if ok := v.print(tt.boot); ok != tt.ok {
			t.Errorf("%s: passed %v, want %v", tt.name, ok, tt.ok)
		}
		if diff := cmp.Diff(tt.want, out.String()); diff != "" {
			t.Errorf("%s: -want +got:\n%s", tt.name, diff)
		}
	}
}

// TestPanicLines: the cause is there, however long the trace behind it is.
func TestPanicLines(t *testing.T) {
	trace := strings.Repeat("[    1.0]  f+0x1/0x2\n", 200)
	for _, cause := range []string{"Kernel panic - not syncing: sysrq triggered crash", "BUG: kernel NULL pointer dereference"} {
		got := panicLines("all is well\n[    1.0] "+cause+"\n"+trace+"Kernel panic - not syncing: Fatal exception\n", 3)
		if want := "[    1.0] " + cause + "\n[    1.0]  f+0x1/0x2\n[    1.0]  f+0x1/0x2"; got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
	if got := panicLines("Kernel panic", 3); got != "Kernel panic" {
		t.Errorf("got %q", got)
	}
}
