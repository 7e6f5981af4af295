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

	// atReceiving is how near to the receive-only loop a dump counts as being as
	// fast as it: nobody who reads the same messages can be faster.
	atReceiving = 1.1
)

// judgeTyped compares what the generated packages do with the figures.
func (r *Report) judgeTyped() {
	routes, _ := r.largestDump()
	name := dumpCaseName(routes)
	v, ok := r.ratio(name, typedName, receiveOnly)
	r.atMost(name+", typed", "time to the receive-only loop", v, typedLimit, ok)
	r.perItem(name+", typed", "route", name, typedName, routes)
	r.fasterOrReceiving(name+", typed", "vishvananda's iterator", name, typedName, vishIterator, iteratorMin)
	r.fasterOrReceiving(name+", typed", "vishvananda's list", name, typedName, vishList, listMin)
	r.fasterOrReceiving(name+", typed", "jsimonetti's list", name, typedName, jsimList, jsimMin)
	r.judgeKept(name)

	r.perItem(linksCaseName+", typed", "link", linksCaseName, typedName, dumpedLinks)
	r.fasterOrReceiving(linksCaseName+", typed", "vishvananda's LinkList", linksCaseName, typedName, vishName, linksMin)
	v, ok = r.ratio(linksCaseName, vishAlone, typedAlone)
	r.atLeast(linksCaseName+", typed", "times faster than vishvananda, decoding alone", v, linksMin, ok)

	x, ok := r.find(conntrackCaseName, typedName)
	r.add(conntrackCaseName, "at most "+duration(entryLimit), duration(x.Time), x.Time, x.Time <= entryLimit, ok)
	r.perItem(conntrackCaseName, "entry", conntrackCaseName, typedName, 1)

	v, ok = r.ratio(linkCaseName, typedName, nlkitName)
	r.atMost("get one link, typed", "time to nlkit's own transaction", v, typedGetLimit, ok)
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
	v, ok := r.ratio(name, vishList, typedListName)
	r.atLeast(name+", typed list", "times faster than vishvananda's list", v, keptListMin, ok)
}

// fasterOrReceiving wants a candidate to be so many times faster than a peer, or as
// fast as the loop that only receives: where the kernel takes most of the peer's
// time there is no more to be had, and how much that loop gains stands beside it.
func (r *Report) fasterOrReceiving(name, what, caseName, candidate, peer string, limit float64) {
	v, ok := r.ratio(caseName, peer, candidate)
	floor, ok2 := r.ratio(caseName, peer, receiveOnly)
	near, ok3 := r.ratio(caseName, candidate, receiveOnly)
	r.add(name, fmt.Sprintf("at least %gx: times faster than %s, or as fast as the receive-only loop", limit, what),
		fmt.Sprintf("%.2fx; the receive-only loop %.2fx", v, floor), v, v >= limit || floor < limit && near <= atReceiving, ok && ok2 && ok3)
}

// perItem wants no allocation for one of a table's items. What a dump allocates
// whatever its size counts for nothing.
func (r *Report) perItem(name, item, caseName, candidate string, items int) {
	x, ok := r.find(caseName, candidate)
	each := x.Allocs / float64(items)
	r.add(name, "0 allocations for each "+item, fmt.Sprintf("%.0f", math.Round(each)), each, each < allocNoise, ok)
}
