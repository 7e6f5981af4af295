package model

import "strings"

// Property is a set of things that are to hold.
type Property uint8

const (
	// Equal: when there is nothing left to do, the mirror is as the kernel is.
	Equal Property = 1 << iota
	// Ends: without new changes there is nothing left to do after finitely many
	// steps, and then the mirror says that it is in sync.
	Ends
	// History: what a consumer sees of a key is a subsequence of what the kernel has
	// made of it.
	History
	// Replay: the changes reported make of what was what is.
	Replay
	// Drift: an audit finds nothing.
	Drift

	// Everything is all of them.
	Everything = Equal | Ends | History | Replay | Drift
)

var propertyNames = []string{"equal", "ends", "history", "replay", "drift"}

// String names the properties.
func (p Property) String() string {
	if p == 0 {
		return "none"
	}
	var names []string
	for i, name := range propertyNames {
		if p&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, "+")
}

// atEnd returns what is broken in a state from which only new changes lead on.
func (s *state) atEnd() Property {
	var broken Property
	if s.kernel.section != atRest || !s.events.idle() || s.mirror.pass.phase != idle || !s.mirror.synced {
		broken |= Ends
	}
	for key, v := range s.kernel.object {
		if s.mirror.live[key] != v {
			broken |= Equal
		}
	}
	if s.mirror.live[link] != s.kernel.link {
		broken |= Equal
	}
	return broken
}
