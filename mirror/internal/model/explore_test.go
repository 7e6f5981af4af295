package model

import (
	"strings"
	"testing"
)

// TestBounds has models that cannot be explored.
func TestBounds(t *testing.T) {
	for _, test := range []struct {
		name string
		m    Model
		want string
	}{
		{"no queue", Model{Changes: 1}, "1 to 4 slots"},
		{"a queue too long", Model{Slots: 5}, "1 to 4 slots"},
		{"too many changes", Model{Slots: 1, Changes: 9}, "0 to 8 changes"},
		{"too many states", Model{Slots: 1, Changes: 8, MaxStates: 1000}, "more than 1000 states"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := test.m.Explore(Everything); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

// TestNothingHappens explores a kernel that does not change: there is one order only.
func TestNothingHappens(t *testing.T) {
	m := Model{Slots: 1, LinkTakes: all, RuleTakes: all}
	res, err := m.Explore(Everything)
	if err != nil || res.Broken != 0 || res.Ends != 1 || res.Steps != res.States-1 || res.Longest != res.Steps {
		t.Errorf("%+v, %v, want one line of states", res, err)
	}
}

// TestLongest finds the length of the longest run, and runs without an end.
func TestLongest(t *testing.T) {
	for _, test := range []struct {
		name  string
		edges [][]uint32
		steps int
		stuck int
	}{
		{"one", [][]uint32{{}}, 0, -1},
		{"a line", [][]uint32{{1}, {2}, {}}, 2, -1},
		{"the longer of two", [][]uint32{{2, 1}, {2}, {3}, {}}, 3, -1},
		{"two that are the same", [][]uint32{{1, 1}, {}}, 1, -1},
		{"a circle", [][]uint32{{1}, {2}, {1, 3}, {}}, 0, 0},
		{"a circle apart", [][]uint32{{}, {2}, {1}}, 0, 1},
		{"to itself", [][]uint32{{0}}, 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := search{states: make([]state, len(test.edges))}
			for _, to := range test.edges {
				x.starts = append(x.starts, uint32(len(x.towards)))
				x.towards = append(x.towards, to...)
			}
			x.starts = append(x.starts, uint32(len(x.towards)))
			if steps, stuck := x.longest(); steps != test.steps || stuck != test.stuck {
				t.Errorf("%d steps, stuck at %d, want %d and %d", steps, stuck, test.steps, test.stuck)
			}
		})
	}
}

// TestNames has sets told by name.
func TestNames(t *testing.T) {
	for got, want := range map[string]string{
		Shortcut(0).String():                                 "none",
		(OneSocket | NoMark).String():                        "one-socket+no-mark",
		OverrunIgnored.String():                              "overrun-ignored",
		Property(0).String():                                 "none",
		Everything.String():                                  "equal+ends+history+replay+drift",
		syncLink.String() + audit.String():                   "read the linkaudit",
		message{msgRow, link, 1}.String():                    "row link=up",
		message{kind: msgGone}.String():                      "a gone",
		message{msgPut, 1, 7}.String():                       "b=7",
		message{kind: msgLink, key: link, value: 6}.String(): "link=down",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
