//go:build linux

package main

import (
	"fmt"
	"math"
)

// The figures of the generated packages.
const (
	typedLimit    = 1.5 // of a dump, to the receive-only loop
	iteratorMin   = 2.5
	listMin       = 10.0
	jsimMin       = 4.0
	keptLimit     = 200.0 // bytes for a route beyond its struct
	keptListMin   = 5.0
	linksMin      = 4.0
	entryLimit    = 500.0 // nanoseconds for a conntrack entry
	typedGetLimit = 1.3   // of one link, to nlkit without the generated package

	// ownNoise is the part of the receive-only loop's time by which two runs of the
	// same differ: no candidate's own time counts as less.
	ownNoise = 0.05
)

// judgeTyped compares what the generated packages do with the figures.
func (r *Report) judgeTyped() {
	routes, _ := r.largestDump()
	name := dumpCaseName(routes)
	v, ok := r.ratio(name, typedName, receiveOnly)
	r.atMost(name+", typed", "time to the receive-only loop", v, typedLimit, ok)
	r.perItem(name+", typed", "route", name, typedName, routes)
	r.fasterThanPeer(name+", typed", "vishvananda's iterator", name, typedName, vishIterator, iteratorMin)
	r.fasterThanPeer(name+", typed", "vishvananda's list", name, typedName, vishList, listMin)
	r.fasterThanPeer(name+", typed", "jsimonetti's list", name, typedName, jsimList, jsimMin)
	r.judgeKept(name)

	r.perItem(linksCaseName+", typed", "link", linksCaseName, typedName, dumpedLinks)
	r.fasterThanPeer(linksCaseName+", typed", "vishvananda's LinkList", linksCaseName, typedName, vishName, linksMin)
	v, ok = r.ratio(linksCaseName, vishAlone, typedAlone)
	r.atLeast(linksCaseName+", typed", "times faster than vishvananda, decoding alone", v, linksMin, ok)

	x, ok := r.find(conntrackCaseName, typedName)
	r.add(conntrackCaseName, "at most "+duration(entryLimit), duration(x.Time), x.Time, x.Time <= entryLimit, ok)
	r.perItem(conntrackCaseName, "entry", conntrackCaseName, typedName, 1)

	v, ok = r.ratio(linkCaseName, typedName, nlkitName)
	r.atMost("get one link, typed", "time to nlkit's own transaction", v, typedGetLimit, ok)
	v, ok = r.ratio(linkCaseName, typedReused, nlkitName)
	r.atMost("get one link, typed, memory reused", "time to nlkit's own transaction", v, typedGetLimit, ok)
}

// judgeKept looks at the table as a slice that is kept.
func (r *Report) judgeKept(name string) {
	x, ok := r.find(name, typedListName)
	measured := ""
	if ok = ok && x.Kept != nil; ok {
		measured = fmt.Sprintf("%.0f beyond %.0f", x.Kept.Beyond, x.Kept.Struct)
		for _, peer := range []string{vishList, jsimList} {
			if p, ok := r.find(name, peer); ok && p.Kept != nil {
				measured += fmt.Sprintf("; %s: %.0f beyond %.0f", peer, p.Kept.Beyond, p.Kept.Struct)
			}
		}
	} else {
		x.Kept = new(Kept)
	}
	r.add(name+", typed list", fmt.Sprintf("at most %.0f bytes for a route beyond its struct", keptLimit), measured, x.Kept.Beyond, x.Kept.Beyond <= keptLimit, ok)
	r.fasterThanPeer(name+", typed list", "vishvananda's list", name, typedListName, vishList, keptListMin)
}

// fasterThanPeer wants a candidate to be so many times faster than a peer. Beside
// that stands what the loop that only receives gains, which nobody can beat, and the
// ratio without the kernel's own time, which is that loop's.
func (r *Report) fasterThanPeer(name, what, caseName, candidate, peer string, limit float64) {
	mine, ok := r.find(caseName, candidate)
	theirs, ok2 := r.find(caseName, peer)
	kernel, ok3 := r.find(caseName, receiveOnly)
	ok = ok && ok2 && ok3 && mine.Time > 0 && kernel.Time > 0
	all := theirs.Time / mine.Time
	own := (theirs.Time - kernel.Time) / max(mine.Time-kernel.Time, ownNoise*kernel.Time)
	r.add(name, fmt.Sprintf("at least %gx: times faster than %s", limit, what),
		fmt.Sprintf("%.2fx (the receive-only loop %.2fx); %.1fx without the kernel's own time", all, theirs.Time/kernel.Time, own),
		all, all >= limit, ok)
}

// perItem wants no allocation for one of a table's items. What a dump allocates
// whatever its size counts for nothing.
func (r *Report) perItem(name, item, caseName, candidate string, items int) {
	x, ok := r.find(caseName, candidate)
	each := x.Allocs / float64(items)
	r.add(name, "0 allocations for each "+item, fmt.Sprintf("%.0f", math.Round(each)), each, each < allocNoise, ok)
}
