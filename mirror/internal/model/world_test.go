package model

import (
	"os"
	"testing"
)

// small is the world that the others differ from: the writer makes changes of all
// kinds, and the rule is right.
func small(change func(m *Model)) Model {
	m := Model{Slots: 2, Changes: 4, LinkTakes: all, RuleTakes: all}
	if change != nil {
		change(&m)
	}
	return m
}

// worlds are those in which the mirror is right, as far as each says.
var worlds = []struct {
	name  string
	model Model
	holds Property
}{
	{"key", small(nil), Everything},
	{"key, one slot", small(func(m *Model) { m.Slots, m.Changes = 1, 3 }), Everything},
	{"key, three slots", small(func(m *Model) { m.Slots = 3 }), Everything},
	{"key, event first", small(func(m *Model) { m.EventFirst = true }), Everything},
	{"key, event first, one slot", small(func(m *Model) { m.EventFirst, m.Slots, m.Changes = true, 1, 3 }), Everything},
	{"key, event first, three slots", small(func(m *Model) { m.EventFirst, m.Slots = true, 3 }), Everything},
	{"index", small(func(m *Model) { m.Index = true }), Everything},
	{"index, one slot", small(func(m *Model) { m.Index, m.Slots, m.Changes = true, 1, 3 }), Everything},
	{"index, three slots", small(func(m *Model) { m.Index, m.Slots = true, 3 }), Everything},
	{"index, event first", small(func(m *Model) { m.Index, m.EventFirst = true, true }), Everything},
	{"index, event first, three slots", small(func(m *Model) { m.Index, m.EventFirst, m.Slots = true, true, 3 }), Everything},
	{"empty", small(func(m *Model) { m.Empty = true }), Everything},
	{"empty, index, event first", small(func(m *Model) { m.Empty, m.Index, m.EventFirst = true, true, true }), Everything},

	{"five changes, no link", small(func(m *Model) { m.NoLink, m.Changes = true, 5 }), Everything},

	{"audit", small(func(m *Model) { m.Audits, m.Changes = 1, 3 }), Everything},
	{"audit, event first", small(func(m *Model) { m.Audits, m.Changes, m.EventFirst = 1, 3, true }), Everything},
	{"audit, index, event first", small(func(m *Model) { m.Audits, m.Changes, m.Index, m.EventFirst = 1, 3, true, true }), Everything},
	{"sockets lost", small(func(m *Model) { m.Kills, m.Changes = 1, 3 }), Everything},
	{"sockets lost, index, event first", small(func(m *Model) { m.Kills, m.Changes, m.Index, m.EventFirst = 1, 3, true, true }), Everything},

	// A dump that stays doubtful adds, but deletes nothing, and is made again.
	{"one attempt", small(func(m *Model) { m.Index, m.Attempts = true, 1 }), Everything},
	{"two attempts, event first", small(func(m *Model) { m.Index, m.Attempts, m.EventFirst = true, 2, true }), Everything},

	// Not under rtnl, as with IPv6 routes and with neighbours.
	{"lockless, atomic, index", small(func(m *Model) { m.Lockless, m.Atomic, m.Index = true, true, true }), Everything},
	{"lockless, atomic, index, audit", small(func(m *Model) {
		m.Lockless, m.Atomic, m.Index, m.Audits, m.Changes = true, true, true, 1, 3
	}), Everything},
	{"lockless, key", small(func(m *Model) { m.Lockless = true }), Everything},
	{"lockless, key, audit", small(func(m *Model) { m.Lockless, m.Audits, m.Changes = true, 1, 3 }), Everything &^ Drift},

	// A rule that does not say all is made good by what confirms it. One that says too
	// much is too, but what it has deleted comes back.
	{"rule says too little", small(func(m *Model) { m.RuleTakes = 1 }), Everything},
	{"rule says too much", small(func(m *Model) { m.LinkTakes = 1 }), Everything &^ History},
	{"rule of one, index, event first", small(func(m *Model) {
		m.LinkTakes, m.RuleTakes, m.Index, m.EventFirst = 1, 1, true, true
	}), Everything},

	// What can be left out in some worlds. In others it cannot: see counterexamples.
	{"rule needs the link's old state", small(func(m *Model) { m.Shortcuts = RuleNeedsOld }), Everything},
	{"any order, rule by level", small(func(m *Model) { m.Shortcuts, m.Level = AnyOrder, true }), Everything},
	{"no confirmation of a rule that is right", small(func(m *Model) { m.Shortcuts = NoConfirm }), Everything},
	{"no fence at the end, key", small(func(m *Model) { m.Shortcuts = EndUnfenced }), Everything},
	{"no fence at the end, key, audit", small(func(m *Model) { m.Shortcuts, m.Audits, m.Changes = EndUnfenced, 1, 3 }), Everything &^ Drift},
	{"no fence at the beginning, no link", small(func(m *Model) { m.Shortcuts, m.NoLink = RefreshUnfenced, true }), Everything},
}

// full has the worlds be as large as they are said to be: half a minute of a
// processor's time. Otherwise the writer makes one change less, which leaves a tenth.
var full = os.Getenv("NLKIT_MIRROR_MODEL") == "full"

// TestWorlds explores all of what can happen where the mirror is right.
func TestWorlds(t *testing.T) {
	states, steps := 0, 0
	for _, w := range worlds {
		t.Run(w.name, func(t *testing.T) {
			m := w.model
			if !full {
				m.Changes--
			}
			res, err := m.Explore(w.holds)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d states, %d steps, %d ends, done after at most %d steps", res.States, res.Steps, res.Ends, res.Longest)
			states += res.States
			steps += res.Steps
			if res.Broken != 0 {
				t.Fatal("\n" + report(res))
			}
			if res.Ends == 0 || res.Longest == 0 {
				t.Errorf("%d ends, %d steps to the farthest: nothing was explored", res.Ends, res.Longest)
			}
		})
	}
	t.Logf("%d states and %d steps in %d worlds", states, steps, len(worlds))
}

// TestNotPromised shows that what the worlds do not promise does not hold in them:
// the limits are where they are said to be.
func TestNotPromised(t *testing.T) {
	for _, w := range worlds {
		if w.holds == Everything {
			continue
		}
		t.Run(w.name, func(t *testing.T) {
			res, err := w.model.Explore(Everything &^ w.holds)
			if err != nil {
				t.Fatal(err)
			}
			if res.Broken == 0 {
				t.Errorf("%v holds too, in %d states: say so", Everything&^w.holds, res.States)
			}
		})
	}
}
