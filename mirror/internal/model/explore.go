package model

import (
	"fmt"
	"hash/maphash"
)

// Result is what an exploration has found.
type Result struct {
	States int // that can be reached
	Steps  int // between them
	Ends   int // states in which there is nothing left to do
	// Longest is the greatest number of steps, without new changes, until there is
	// nothing left to do.
	Longest int
	// Broken is what the first counterexample breaks, Trace how it comes about.
	Broken Property
	Trace  []string
}

// search is an exploration in progress.
type search struct {
	m      *Model
	seed   maphash.Seed
	states []state
	from   []origin
	table  []uint32 // of states by hash, as number plus one
	// towards are, for each state, the states that steps without news lead to; those
	// of state i begin at starts[i].
	towards []uint32
	starts  []uint32
}

// origin is how a state was reached first.
type origin struct {
	state uint32
	step  step
}

// maxStates is how many states are explored where the model says nothing else. A
// state takes some 120 bytes.
const maxStates = 6 << 20

// Explore makes every step from every state that can be reached, until a property of
// those asked for is broken or there are no more. It fails if the model's bounds make
// no sense, or leave too much to explore.
func (m *Model) Explore(properties Property) (Result, error) {
	if m.Slots < 1 || m.Slots > maxSlots || m.Changes < 0 || m.Changes > maxChanges {
		return Result{}, fmt.Errorf("a model needs 1 to %d slots and 0 to %d changes, not %d and %d", maxSlots, maxChanges, m.Slots, m.Changes)
	}
	limit := m.MaxStates
	if limit == 0 {
		limit = maxStates
	}
	x := search{m: m, seed: maphash.MakeSeed(), table: make([]uint32, 1<<12)}
	x.add(m.first(), origin{})
	var res Result
	var steps []step
	w := world{m: m}
	for i := 0; i < len(x.states); i++ {
		if len(x.states) > limit {
			return res, fmt.Errorf("there are more than %d states: allow fewer changes, or set MaxStates", limit)
		}
		x.starts = append(x.starts, uint32(len(x.towards)))
		steps = m.steps(steps[:0], &x.states[i])
		ended := true
		for _, st := range steps {
			w.s = x.states[i]
			broken := w.do(st) & properties
			res.Steps++
			n := x.add(w.s, origin{uint32(i), st})
			if !st.news() {
				ended = false
				x.towards = append(x.towards, n)
			}
			if broken != 0 {
				x.counterexample(&res, broken, uint32(i), st)
				return res, nil
			}
		}
		if !ended {
			continue
		}
		res.Ends++
		if broken := x.states[i].atEnd() & properties; broken != 0 {
			x.counterexample(&res, broken, uint32(i), step{})
			return res, nil
		}
	}
	x.starts = append(x.starts, uint32(len(x.towards)))
	res.States = len(x.states)
	longest, stuck := x.longest()
	res.Longest = longest
	if stuck >= 0 && properties&Ends != 0 {
		x.counterexample(&res, Ends, uint32(stuck), step{})
	}
	return res, nil
}

// counterexample notes what breaks a property: a state, and a step from it if there
// is one.
func (x *search) counterexample(res *Result, broken Property, state uint32, last step) {
	res.States, res.Broken = len(x.states), broken
	res.Trace = x.trace(state, last)
	why := fmt.Sprintf("broken: %v", broken)
	if last.kind == 0 {
		why = "nothing is left to do; " + why
	}
	res.Trace = append(res.Trace, why)
}

// add returns the number of a state, which may be known.
func (x *search) add(s state, from origin) uint32 {
	if 2*len(x.states) >= len(x.table) {
		x.grow()
	}
	i := x.slot(&s)
	if x.table[i] != 0 {
		return x.table[i] - 1
	}
	x.states = append(x.states, s)
	x.from = append(x.from, from)
	x.table[i] = uint32(len(x.states))
	return uint32(len(x.states) - 1)
}

// slot finds where a state is in the table, or belongs.
func (x *search) slot(s *state) uint64 {
	mask := uint64(len(x.table) - 1)
	i := maphash.Comparable(x.seed, *s) & mask
	for x.table[i] != 0 && x.states[x.table[i]-1] != *s {
		i = (i + 1) & mask
	}
	return i
}

func (x *search) grow() {
	x.table = make([]uint32, 4*len(x.table))
	for n := range x.states {
		x.table[x.slot(&x.states[n])] = uint32(n + 1)
	}
}

// longest returns the length of the longest run without news, and a state on a run
// that has no end, -1 if there is none.
func (x *search) longest() (steps, stuck int) {
	// States whose runs are all known are taken off from the ends on.
	waits := make([]uint32, len(x.states)) // for so many that they lead to
	heads := make([]uint32, len(x.states)+1)
	for _, to := range x.towards {
		heads[to+1]++
	}
	for i := range x.states {
		heads[i+1] += heads[i]
	}
	back := make([]uint32, len(x.towards))
	fill := append([]uint32(nil), heads...)
	var ready []uint32
	for i := range x.states {
		waits[i] = x.starts[i+1] - x.starts[i]
		if waits[i] == 0 {
			ready = append(ready, uint32(i))
		}
		for _, to := range x.towards[x.starts[i]:x.starts[i+1]] {
			back[fill[to]] = uint32(i)
			fill[to]++
		}
	}
	length := make([]uint32, len(x.states))
	for n := 0; n < len(ready); n++ {
		i := ready[n]
		steps = max(steps, int(length[i]))
		for _, by := range back[heads[i]:heads[i+1]] {
			length[by] = max(length[by], length[i]+1)
			if waits[by]--; waits[by] == 0 {
				ready = append(ready, by)
			}
		}
	}
	for i := range waits {
		if waits[i] != 0 {
			return steps, i
		}
	}
	return steps, -1
}
