package model

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the counterexamples to testdata")

// counterexamples are worlds in which the mirror is wrong: where something is left
// out of it, or where the kernel gives it no chance.
var counterexamples = []struct {
	name   string
	model  Model
	breaks Property
}{
	{"one-socket", small(func(m *Model) { m.Shortcuts = OneSocket }), Equal},
	{"dump-before-join", small(func(m *Model) { m.Shortcuts = DumpBeforeJoin }), Equal},
	{"no-drain", small(func(m *Model) { m.Shortcuts = NoDrain }), Equal},
	{"no-mark", small(func(m *Model) { m.Shortcuts = NoMark }), History},
	{"any-mark", small(func(m *Model) { m.Shortcuts = AnyMark }), History},
	{"no-tombstones", small(func(m *Model) { m.Shortcuts = NoTombstones }), Equal},
	{"no-touch", small(func(m *Model) { m.Shortcuts = NoTouch }), Equal},
	{"rules-skip-staged", small(func(m *Model) { m.Shortcuts = RulesSkipStaged }), History},
	{"no-confirm", small(func(m *Model) { m.Shortcuts, m.RuleTakes = NoConfirm, 1 }), Equal},
	{"confirm-unfenced", small(func(m *Model) { m.Shortcuts = ConfirmUnfenced }), History},
	{"refresh-unfenced", small(func(m *Model) { m.Shortcuts = RefreshUnfenced }), Equal},
	{"refresh-unfenced-event-first", small(func(m *Model) {
		m.Shortcuts, m.EventFirst, m.NoLink = RefreshUnfenced, true, true
	}), Equal},
	{"again-unfenced", small(func(m *Model) { m.Shortcuts, m.Index = AgainUnfenced, true }), History},
	{"again-unfenced-event-first", small(func(m *Model) { m.Shortcuts, m.Index, m.EventFirst = AgainUnfenced, true, true }), Equal},
	{"end-unfenced", small(func(m *Model) { m.Shortcuts, m.Index = EndUnfenced, true }), Equal},
	{"end-unfenced-audit", small(func(m *Model) { m.Shortcuts, m.Audits = EndUnfenced, 1 }), Drift},
	{"index-swept-at-once", small(func(m *Model) { m.Shortcuts, m.Index = IndexSweptAtOnce, true }), Equal},
	{"rule-no-churn", small(func(m *Model) {
		m.Shortcuts, m.Index, m.LinkTakes, m.RuleTakes = RuleNoChurn, true, 1, 1
	}), Equal},
	{"any-order", small(func(m *Model) { m.Shortcuts = AnyOrder }), Equal},
	{"any-order-rule-needs-old", small(func(m *Model) { m.Shortcuts, m.Level = AnyOrder|RuleNeedsOld, true }), Equal},
	{"doubtful-swept", small(func(m *Model) { m.Shortcuts, m.Index, m.Attempts = DoubtfulSwept, true, 1 }), History},
	{"events-lost-in-dump", small(func(m *Model) { m.Shortcuts = EventsLostInDump }), Equal},
	{"overrun-ignored", small(func(m *Model) { m.Shortcuts = OverrunIgnored }), Equal},

	{"rule-says-too-much", small(func(m *Model) { m.LinkTakes = 1 }), History},
	{"lockless-index", small(func(m *Model) { m.Lockless, m.Index = true, true }), Equal},
	{"lockless-event-first", small(func(m *Model) { m.Lockless, m.EventFirst = true, true }), Equal},
	{"lockless-audit", small(func(m *Model) { m.Lockless, m.Audits = true, 1 }), Drift},
}

// TestCounterexamples has the search find what is wrong with each, and compares how
// it comes about with what is written down: a shortest way, as people can follow it.
func TestCounterexamples(t *testing.T) {
	for _, c := range counterexamples {
		t.Run(c.name, func(t *testing.T) {
			res, err := c.model.Explore(c.breaks)
			if err != nil {
				t.Fatal(err)
			}
			if res.Broken != c.breaks {
				t.Fatalf("%v is broken, want %v, after %d states", res.Broken, c.breaks, res.States)
			}
			t.Logf("found after %d states:\n%s", res.States, report(res))
			golden := filepath.Join("testdata", c.name+".txt")
			got := report(res)
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s says otherwise (run with -update if this is as it should be):\n%s", golden, want)
			}
		})
	}
}

// TestEveryShortcutIsWrong looks whether there is a counterexample to each.
func TestEveryShortcutIsWrong(t *testing.T) {
	var found Shortcut
	for _, c := range counterexamples {
		if s := c.model.Shortcuts; s&(s-1) == 0 || s == AnyOrder|RuleNeedsOld {
			found |= s
		}
	}
	if want := Shortcut(1)<<len(shortcutNames) - 1; found != want {
		t.Errorf("no counterexample to %v", want&^found)
	}
	if OverrunIgnored != 1<<(len(shortcutNames)-1) {
		t.Errorf("%d names for other shortcuts", len(shortcutNames))
	}
}

// report is the counterexample in words.
func report(res Result) string { return strings.Join(res.Trace, "\n") + "\n" }
