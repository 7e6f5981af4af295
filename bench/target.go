//go:build linux

package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/nlkit/nlkit/bench/internal/copies"
)

// Status is how a target came out.
type Status string

// The statuses.
const (
	Pass    Status = "PASS"
	Fail    Status = "FAIL"
	Skipped Status = "SKIP" // what it compares was not measured in this run
)

// Target is a figure the project promises, and what was measured.
type Target struct {
	Name     string  `json:"name"`
	Figure   string  `json:"figure"`
	Measured string  `json:"measured"`
	Value    float64 `json:"value"`
	Status   Status  `json:"status"`
}

// Report is everything a run found out.
type Report struct {
	Machine Machine  `json:"machine"`
	Results []Result `json:"results"`
	Targets []Target `json:"targets"`
	// Copies is nil where they were not compared.
	Copies *copies.Report `json:"copies,omitempty"`

	// Batch is what the check of failing items said: not run, all right, or why not.
	Batch error `json:"-"`
	// BatchRun says that the check was made.
	BatchRun bool `json:"-"`
}

func (r *Report) find(caseName, candidate string) (Result, bool) {
	for _, x := range r.Results {
		if x.Case == caseName && x.Candidate == candidate {
			return x, true
		}
	}
	return Result{}, false
}

// ratio of two candidates' times in one case; false if one was not measured.
func (r *Report) ratio(caseName, over, under string) (float64, bool) {
	a, okA := r.find(caseName, over)
	b, okB := r.find(caseName, under)
	return a.Time / b.Time, okA && okB && b.Time > 0
}

// fastest returns the fastest of the candidates whose names begin with prefix.
func (r *Report) fastest(caseName string, prefixes ...string) (Result, bool) {
	var best Result
	for _, x := range r.Results {
		for _, p := range prefixes {
			if x.Case == caseName && strings.HasPrefix(x.Candidate, p) && (best.Time == 0 || x.Time < best.Time) {
				best = x
			}
		}
	}
	return best, best.Time > 0
}

const (
	dumpLimit   = 1.3
	askLimit    = 1.5 // of one link and of one event
	askAllocs   = 2
	mdlayherMin = 2.0
	batchMin    = 1.5
	walkMin     = 4.0
	peakLimit   = 20e6
	jsonLimit   = 300e6 // nanoseconds
	startLimit  = 30e6
	pythonMin   = 10.0
	// "No slower", by a twentieth: two runs of the same differ by as much.
	parallelMax = 1.05

	// allocNoise is what the runtime allocates by itself now and then during a
	// round: it counts for less than this per operation, and for less than
	// allocGrowth over a whole dump.
	allocNoise  = 0.05
	allocGrowth = 16
)

// Judge compares the results with the figures.
func (r *Report) Judge() {
	r.Targets = nil
	r.judgeDump()

	v, ok := r.ratio(linkCaseName, nlkitName, handName)
	r.atMost("get one link", "time to the hand-written loop, both with ACK", v, askLimit, ok)
	r.allocs("get one link", linkCaseName, askAllocs)
	v, ok = r.ratio(linkCaseName, mdlayherAck, nlkitName)
	r.atLeast("get one link", "times faster than mdlayher, both with ACK", v, mdlayherMin, ok)
	if n := len(r.Targets) - 1; ok {
		r.Targets[n].Measured += r.linkDetail()
	}

	for _, name := range []string{queuedCaseName, wakeupCaseName} {
		v, ok := r.ratio(name, nlkitName, handName)
		r.atMost("one "+name, "time to the hand-written loop", v, askLimit, ok)
		r.allocs("one "+name, name, 0)
	}

	for _, name := range []string{nlkitName, elidedName} {
		v, ok := r.ratio(addCaseName, ipBatchName, name)
		r.atLeast("100k route adds: "+name, "times as fast as ip -batch", v, batchMin, ok)
	}
	r.judgeFailingItem()

	peer, ok := r.fastest(walkCaseName, mdlayherName, vishName)
	mine, ok2 := r.find(walkCaseName, nlkitName)
	r.atLeast("walk 39 attributes", "times faster than the peers at their best", peer.Time/mine.Time, walkMin, ok && ok2)
	r.allocs("walk 39 attributes", walkCaseName, 0)

	r.judgePrograms()

	v, ok = r.ratio(parallelCaseName, nlkitName, oneGoroutine)
	r.atMost("32 goroutines on one Conn", "time per request to that of 1 goroutine", v, parallelMax, ok)

	r.judgeTyped()
	r.judgeMirror()
	r.judgeCopies()
}

// linkDetail puts the ratio to mdlayher in proportion: how it is where that
// library asks for no ACK, how with its option for a pooled buffer besides, and
// how without the time the kernel takes by itself, which nobody can make shorter.
func (r *Report) linkDetail() string {
	text := ""
	if v, ok := r.ratio(linkCaseName, mdlayherName, nlkitName); ok {
		text += fmt.Sprintf("; %.2fx where mdlayher asks for no ACK", v)
	}
	if v, ok := r.ratio(linkCaseName, mdlayherPooled, nlkitName); ok {
		text += fmt.Sprintf("; %.2fx with its pooled buffer as well", v)
	}
	mine, ok := r.find(linkCaseName, nlkitName)
	kernel, ok2 := r.find(linkCaseName, bareName)
	theirs, ok3 := r.find(linkCaseName, mdlayherName)
	theirKernel, ok4 := r.find(linkCaseName, bareNoAck)
	if own := mine.Time - kernel.Time; ok && ok2 && ok3 && ok4 && own > 0 {
		text += fmt.Sprintf("; %.1fx without the kernel's own time", (theirs.Time-theirKernel.Time)/own)
	}
	return text
}

// largestDump returns how many routes the largest table had that was dumped; where
// none was, the largest there is.
func (r *Report) largestDump() (routes int, dumped bool) {
	for _, n := range dumpSizes {
		if _, ok := r.find(dumpCaseName(n), nlkitName); ok {
			routes, dumped = n, true
		}
	}
	if !dumped {
		routes = dumpSizes[len(dumpSizes)-1]
	}
	return routes, dumped
}

func (r *Report) judgeDump() {
	size, dumped := r.largestDump()
	name := dumpCaseName(size)
	v, ok := r.ratio(name, nlkitName, receiveOnly)
	r.atMost(name, "time to the receive-only loop", v, dumpLimit, ok)

	small, ok := r.find(dumpCaseName(dumpSizes[0]), nlkitName)
	large, ok2 := r.find(name, nlkitName)
	ok = ok && ok2 && dumped && size > dumpSizes[0]
	r.add(name, fmt.Sprintf("allocations no more than for %s routes", count(dumpSizes[0])),
		fmt.Sprintf("%.0f beside %.0f", large.Allocs, small.Allocs), large.Allocs-small.Allocs, large.Allocs <= small.Allocs+allocGrowth, ok)

	r.add(name, fmt.Sprintf("peak memory under %.0f MB", peakLimit/1e6),
		fmt.Sprintf("%.1f MB", float64(large.Peak)/1e6), float64(large.Peak), float64(large.Peak) < peakLimit, ok2 && large.Peak > 0)
}

// judgePrograms takes the table of 100,000 routes as JSON, and the slowest command
// to start.
func (r *Report) judgePrograms() {
	name := jsonCaseName(jsonRoutes)
	x, ok := r.find(name, nlkitName)
	r.add(name, "under "+duration(jsonLimit), duration(x.Time), x.Time, x.Time < jsonLimit, ok)
	r.add(name, fmt.Sprintf("peak memory under %.0f MB", peakLimit/1e6), megabytes(x.Peak), float64(x.Peak), float64(x.Peak) < peakLimit, ok && x.Peak > 0)
	v, ok := r.ratio(name, nlkitName, ipRouteName)
	r.atMost(name, "time to ip -j route", v, parallelMax, ok)
	v, ok = r.ratio(name, pythonName, nlkitName)
	r.atLeast(name, "times faster than the kernel's Python client", v, pythonMin, ok)

	var slowest Result
	for _, x := range r.Results {
		if x.Case == startCaseName && x.Time > slowest.Time {
			slowest = x
		}
	}
	r.add(startCaseName, "under "+duration(startLimit), fmt.Sprintf("%s at the most (%s)", duration(slowest.Time), slowest.Candidate),
		slowest.Time, slowest.Time < startLimit, slowest.Time > 0)
}

func (r *Report) judgeFailingItem() {
	measured := "item 500 of 1,000 named with EEXIST, 999 added"
	if r.Batch != nil {
		measured = r.Batch.Error()
	}
	r.add("100k route adds", "a failing item names itself and the rest go through", measured, 0, r.Batch == nil, r.BatchRun)
}

func (r *Report) allocs(name, caseName string, limit float64) {
	x, ok := r.find(caseName, nlkitName)
	r.add(name, fmt.Sprintf("at most %.0f allocations", limit), fmt.Sprintf("%.0f", math.Round(x.Allocs)), x.Allocs, x.Allocs < limit+allocNoise, ok)
}

func (r *Report) atMost(name, what string, v, limit float64, ok bool) {
	r.add(name, fmt.Sprintf("at most %gx: %s", limit, what), fmt.Sprintf("%.2fx", v), v, v <= limit, ok)
}

func (r *Report) atLeast(name, what string, v, limit float64, ok bool) {
	r.add(name, fmt.Sprintf("at least %gx: %s", limit, what), fmt.Sprintf("%.2fx", v), v, v >= limit, ok)
}

func (r *Report) add(name, figure, measured string, value float64, pass, ok bool) {
	t := Target{Name: name, Figure: figure, Measured: measured, Value: value, Status: Fail}
	switch {
	case !ok:
		t.Status, t.Measured, t.Value = Skipped, "not measured in this run", 0
	case pass:
		t.Status = Pass
	}
	r.Targets = append(r.Targets, t)
}

// Failed returns the number of targets that were missed.
func (r *Report) Failed() int {
	n := 0
	for _, t := range r.Targets {
		if t.Status == Fail {
			n++
		}
	}
	return n
}
