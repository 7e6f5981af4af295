package main

import (
	"strings"
	"testing"

	"github.com/nlkit/nlkit/sim"
)

// TestWatchCountsMessages lets the family go and come back, which is shown and
// not counted.
func TestWatchCountsMessages(t *testing.T) {
	for format, want := range map[string]string{
		"text":  "the family has gone",
		"json":  `{"event":"unloaded"}`,
		"jsonl": `{"event":"unloaded"}`,
	} {
		t.Run(format, func(t *testing.T) {
			k, f := toyKernel(t, 0)
			w := startWatch(t, k, f, nil, "events", "--count", "2", "-o", format)
			if err := changed(f, 1); err != nil {
				t.Fatal(err)
			}
			waitFor(t, func() bool { return strings.Contains(w.stdout.String(), "changed") })
			if err := f.Unregister(); err != nil {
				t.Fatal(err)
			}
			waitFor(t, func() bool { return strings.Contains(w.stdout.String(), want) })
			f, err := k.Register(sim.Family{Name: "toy", Version: 1, Groups: []sim.Group{{Name: "events"}}})
			if err != nil {
				t.Fatal(err)
			}
			waitFor(t, func() bool { return f.HasListeners("events") })
			if err := changed(f, 2); err != nil {
				t.Fatal(err)
			}
			if status := w.end(t); status != 0 || strings.Count(w.stdout.String(), "changed") != 2 {
				t.Errorf("status %d\n%s%s\nwant both messages", status, w.stdout.String(), w.stderr.String())
			}
		})
	}
}

// TestWatchLargeCount is not over with the first message.
func TestWatchLargeCount(t *testing.T) {
	k, f := toyKernel(t, 0)
	w := startWatch(t, k, f, nil, "--count", "18446744073709551615", "-o", "jsonl")
	for id := range uint32(2) {
		if err := changed(f, id); err != nil {
			t.Fatal(err)
		}
	}
	waitFor(t, func() bool { return strings.Count(w.stdout.String(), "\n") == 2 })
	w.cancel()
	if status := w.end(t); status != 130 || !strings.Contains(w.stderr.String(), "interrupted after 2 messages") {
		t.Errorf("status %d\n%s", status, w.stderr.String())
	}
}
