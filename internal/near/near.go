// Package near finds what somebody may have meant who wrote a name wrong.
package near

import (
	"cmp"
	"slices"
	"strings"
)

// Max is how many near names an error offers.
const Max = 3

// maxLen is where names are cut: few are longer, and the work is bounded.
const maxLen = 64

// Names returns the names that somebody may have meant who wrote name, the
// nearest first, at most [Max]: those that differ in case only, in a few
// letters, or that contain it.
func Names(name string, names []string) []string {
	type match struct {
		name string
		dist int
	}
	want := fold(name)
	if want == "" {
		return nil
	}
	limit := max(1, len(want)/3)
	var found []match
	for _, n := range names {
		have := fold(n)
		d := distance(want, have)
		if len(want) >= 3 && (strings.Contains(have, want) || len(have) >= 3 && strings.Contains(want, have)) {
			d = min(d, limit)
		}
		if d <= limit {
			found = append(found, match{n, d})
		}
	}
	slices.SortStableFunc(found, func(a, b match) int { return cmp.Compare(a.dist, b.dist) })
	out := make([]string, 0, Max)
	for _, m := range found[:min(len(found), Max)] {
		out = append(out, m.name)
	}
	return out
}

// fold makes names alike that a person takes for the same: case does not
// count, nor which of "-", "_" and "." joins the words. Names are cut where
// no family has one that long, which bounds the work.
func fold(s string) string {
	s = strings.ToLower(s)
	s = strings.NewReplacer("-", "_", ".", "_").Replace(s)
	return s[:min(len(s), maxLen)]
}

// distance counts the letters to insert, delete, replace or swap with their
// neighbour to make b of a.
func distance(a, b string) int {
	// Three rows of the usual table: two back for the swaps.
	prev2 := make([]int, len(b)+1)
	prev := make([]int, len(b)+1)
	row := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], prev2[j-2]+1)
			}
		}
		prev2, prev, row = prev, row, prev2
	}
	return prev[len(b)]
}
