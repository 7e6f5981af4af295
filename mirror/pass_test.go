package mirror

import (
	"testing"
)

// TestAttempts: what an event says is newer than what a dump before it has shown, and
// older than what one shows that was made after it.
func TestAttempts(t *testing.T) {
	route := append([]byte{afInet6, 128, 0, 0, 254, 0, 0, 1, 0, 0, 0, 0}, putAttrU32(nil, rtaOIF, 7)...)
	key := routeKey(nil, route)
	for _, test := range []struct {
		name           string
		before, after  bool // shown by the dump that the event comes after, and by the next one
		clean, present bool // how the next one is, and what is to come out
	}{
		{"shown again", true, true, true, true}, // one of two equal ones was deleted
		{"not shown again", true, false, true, false},
		{"shown then alone", false, true, true, true},
		{"shown again, but not surely", true, true, false, true},
		{"not shown again, but not surely", true, false, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			tab := looseTable(&routeDefinition)
			tab.pass = tab.feed.newPass(Scope{})
			if test.before {
				tab.row(route)
			}
			tab.record(verbDelete, 0, route)
			tab.pass.again(tab.feed.nextMark())
			if test.after {
				tab.row(route)
			}
			tab.merge(Resynced, test.clean, test.clean)
			if present := tab.store.Get(key) != 0; present != test.present {
				t.Errorf("the route is there: %v, want %v", present, test.present)
			}
		})
	}
}

// looseTable is a table of a feed without sockets.
func looseTable(d *Definition) *table {
	m := &Mirror{tables: []asked{{def: d}}}
	f := &feed{m: m, ordinals: []int{0}, byType: map[uint16][]target{}}
	sp := &space{nsid: Own}
	f.spaces = []*space{sp}
	t := newTable(f, sp, 0)
	sp.tables = []*table{t}
	return t
}

// TestMarksBeginAnew: where marks come to their end refreshes find what they would have
// found: old records are not taken for newer than a dump.
func TestMarksBeginAnew(t *testing.T) {
	route := func(link uint32) []byte {
		return append([]byte{afInet6, 128, 0, 0, 254, 0, 0, 1, 0, 0, 0, 0}, putAttrU32(nil, rtaOIF, link)...)
	}
	tab := looseTable(&routeDefinition)
	tab.feed.marks = maxMark - 4
	for round := range 6 {
		link := uint32(7 + round)
		tab.pass = tab.feed.newPass(Scope{})
		tab.row(route(link))
		tab.merge(Resynced, true, true)
		if n := tab.store.Len(); n != 1 || tab.store.Get(routeKey(nil, route(link))) == 0 {
			t.Fatalf("marks are at %d: there are %d records, not the one that the dump has shown", tab.feed.marks, n)
		}
	}
	if tab.feed.marks > 100 {
		t.Errorf("marks are at %d: they have not begun anew", tab.feed.marks)
	}
}
