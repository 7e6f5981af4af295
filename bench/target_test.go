//go:build linux

package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/bench/internal/copies"
)

// goodReport holds figures that meet every target, barely.
func goodReport() *Report {
	r := &Report{BatchRun: true}
	add := func(caseName, candidate string, time, allocs float64) {
		r.Results = append(r.Results, Result{Case: caseName, Candidate: candidate, Time: time, Allocs: allocs})
	}
	add(dumpCaseName(10_000), nlkitName, 1, 5)
	add(dumpCaseName(1_000_000), nlkitName, 130, 21)
	add(dumpCaseName(1_000_000), receiveOnly, 100, 0)
	r.Results[1].Peak = 19_999_999
	add(linkCaseName, nlkitName, 15, 2)
	add(linkCaseName, typedName, 19.5, 17)
	add(linkCaseName, typedReused, 19.5, 1)
	add(linkCaseName, handName, 10, 0)
	add(linkCaseName, mdlayherAck, 30, 80)
	add(linkCaseName, mdlayherName, 27, 80)
	add(linkCaseName, mdlayherPooled, 24, 70)
	add(linkCaseName, bareName, 9, 0)
	add(linkCaseName, bareNoAck, 8, 0)
	for _, name := range []string{queuedCaseName, wakeupCaseName} {
		add(name, nlkitName, 15, 0.004)
		add(name, handName, 10, 0)
	}
	add(addCaseName, nlkitName, 10, 1)
	add(addCaseName, elidedName, 8, 1)
	add(addCaseName, ipBatchName, 15, -1)
	add(walkCaseName, nlkitName, 10, 0)
	add(walkCaseName, mdlayherName+", decoder", 40, 40)
	add(walkCaseName, vishName, 45, 6)
	add(parallelCaseName, nlkitName, 10.4, 2)
	add(parallelCaseName, oneGoroutine, 10, 2)
	name := jsonCaseName(jsonRoutes)
	add(name, nlkitName, 299e6, -1)
	r.Results[len(r.Results)-1].Peak = 19_999_999
	add(name, ipRouteName, 290e6, -1)
	add(name, pythonName, 3000e6, -1)
	add(startCaseName, "nlkit version", 9e6, -1)
	add(startCaseName, "nlkit list", 29.9e6, -1)
	addTypedResults(add)
	r.Results[len(r.Results)-1].Kept = &Kept{Struct: 408, Beyond: 200}
	r.Copies = goodCopies()
	return r
}

// goodCopies is a comparison in which the mirror was wrong only where it said so.
func goodCopies() *copies.Report {
	stale := copies.Divergence{Stale: 5}
	return &copies.Report{
		Phases: []copies.Phase{{Name: "burst"}, {Name: "address"}},
		Results: []copies.Result{
			{Candidate: copies.Nlkit, After: []copies.Checkpoint{{}, {}}, CPU: 0.5, Peak: 16e6},
			{Candidate: copies.Nlkit + copies.SmallBuffer, After: []copies.Checkpoint{{Divergence: stale, Behind: true}, {}}, CPU: 1, Resyncs: 1},
			{Candidate: copies.Libnl, NotHere: "gcc is needed"},
			{Candidate: copies.Vishvananda, After: []copies.Checkpoint{{}, {Divergence: stale}}, CPU: 0.4, Lost: -1},
		},
	}
}

// addTypedResults adds what the targets of the generated packages are about. Some peers
// are slow enough in all, others without the kernel's own time only. The last
// result is that of the kept list.
func addTypedResults(add func(caseName, candidate string, time, allocs float64)) {
	big := dumpCaseName(1_000_000)
	add(big, typedName, 150, 30)
	add(big, vishIterator, 380, 4e6)
	add(big, vishList, 1560, 4e6)
	add(big, jsimList, 610, 6e6)
	add(linksCaseName, receiveOnly, 100, 0)
	add(linksCaseName, typedName, 110, 49)
	add(linksCaseName, vishName, 440, 18e3)
	add(linksCaseName, typedAlone, 10, 1)
	add(linksCaseName, vishAlone, 40, 18e3)
	add(conntrackCaseName, typedName, 500, 0.001)
	add(big, mirrorName, 375, 1e6)
	add(big, typedListName, 312, 57)
}

const targetCount = 38

func TestTargetsMet(t *testing.T) {
	r := goodReport()
	r.Judge()
	if len(r.Targets) != targetCount {
		t.Errorf("%d targets, want %d", len(r.Targets), targetCount)
	}
	for _, x := range r.Targets {
		if x.Status != Pass {
			t.Errorf("%+v", x)
		}
	}
}

func TestTargetsMissed(t *testing.T) {
	change := func(caseName, candidate string, edit func(*Result)) func(*Report) {
		return func(r *Report) {
			for i := range r.Results {
				if x := &r.Results[i]; x.Case == caseName && x.Candidate == candidate {
					edit(x)
					return
				}
			}
			panic("no such result")
		}
	}
	slower := func(x *Result) { x.Time *= 1.02 }
	faster := func(x *Result) { x.Time /= 1.02 }
	big := dumpCaseName(1_000_000)
	for _, test := range []struct {
		what   string
		edit   func(*Report)
		figure string // of the one target that is missed
	}{
		{"dump time", change(big, nlkitName, slower), "receive-only"},
		{"dump allocations", change(big, nlkitName, func(x *Result) { x.Allocs = 22 }), "allocations no more"},
		{"dump peak", change(big, nlkitName, func(x *Result) { x.Peak = 20_000_000 }), "peak memory"},
		{"link time", change(linkCaseName, handName, faster), "both with ACK"},
		{"link allocations", change(linkCaseName, nlkitName, func(x *Result) { x.Allocs = 3 }), "at most 2 allocations"},
		{"mdlayher", change(linkCaseName, mdlayherAck, faster), "faster than mdlayher"},
		{"event time", change(queuedCaseName, nlkitName, slower), "hand-written loop"},
		{"event allocations", change(wakeupCaseName, nlkitName, func(x *Result) { x.Allocs = 1 }), "at most 0 allocations"},
		{"batch", change(addCaseName, nlkitName, slower), "ip -batch"},
		{"failing item", func(r *Report) { r.Batch = errors.New("wrong item") }, "failing item"},
		{"walk, one peer", change(walkCaseName, vishName, func(x *Result) { x.Time = 39 }), "at least 4x"},
		{"walk allocations", change(walkCaseName, nlkitName, func(x *Result) { x.Allocs = 0.06 }), "at most 0 allocations"},
		{"JSON time", change(jsonCaseName(jsonRoutes), nlkitName, func(x *Result) { x.Time = 300e6 }), "under 300 ms"},
		{"JSON memory", change(jsonCaseName(jsonRoutes), nlkitName, func(x *Result) { x.Peak = 20_000_000 }), "peak memory"},
		{"ip", change(jsonCaseName(jsonRoutes), ipRouteName, func(x *Result) { x.Time = 280e6 }), "ip -j route"},
		{"Python", change(jsonCaseName(jsonRoutes), pythonName, func(x *Result) { x.Time = 2900e6 }), "Python"},
		{"start", change(startCaseName, "nlkit list", func(x *Result) { x.Time = 30e6 }), "under 30"},
		{"typed dump", change(big, typedName, func(x *Result) { x.Time = 151 }), "at most 1.5x: time to the receive-only loop"},
		{"typed dump allocations", change(big, typedName, func(x *Result) { x.Allocs = 60_000 }), "for each route"},
		{"peer's iterator", change(big, vishIterator, func(x *Result) { x.Time = 370 }), "vishvananda's iterator"},
		{"peer's list", change(big, jsimList, func(x *Result) { x.Time = 590 }), "jsimonetti's list"},
		{"kept", change(big, typedListName, func(x *Result) { x.Kept = &Kept{Struct: 408, Beyond: 201} }), "beyond its struct"},
		{"kept list", change(big, typedListName, func(x *Result) { x.Time = 400 }), "at least 5x"},
		{"links", change(linksCaseName, vishName, faster), "LinkList"},
		{"link allocations", change(linksCaseName, typedName, func(x *Result) { x.Allocs = 51 }), "for each link"},
		{"links decoded", change(linksCaseName, vishAlone, faster), "decoding alone"},
		{"conntrack", change(conntrackCaseName, typedName, slower), "at most 500 ns"},
		{"conntrack allocations", change(conntrackCaseName, typedName, func(x *Result) { x.Allocs = 1 }), "for each entry"},
		{"typed get", change(linkCaseName, typedName, slower), "nlkit's own transaction"},
		{"mirror", change(big, mirrorName, slower), "bare typed dump"},
		{"a wrong copy", func(r *Report) { r.Copies.Results[1].After[0].Behind = false }, "no destination wrong"},
		{"goroutines", change(parallelCaseName, nlkitName, slower), "1 goroutine"},
	} {
		r := goodReport()
		test.edit(r)
		r.Judge()
		if r.Failed() != 1 {
			t.Errorf("%s: %d targets missed, want 1: %+v", test.what, r.Failed(), r.Targets)
			continue
		}
		for _, x := range r.Targets {
			if x.Status == Fail && !strings.Contains(x.Figure, test.figure) {
				t.Errorf("%s: the target missed is %q", test.what, x.Figure)
			}
		}
	}
}

func TestLinkDetail(t *testing.T) {
	r := goodReport()
	r.Judge()
	want := "2.00x; 1.80x where mdlayher asks for no ACK; 1.60x with its pooled buffer as well; 3.2x without the kernel's own time"
	for _, x := range r.Targets {
		if strings.Contains(x.Figure, "than mdlayher") && x.Measured != want {
			t.Errorf("got %q, want %q", x.Measured, want)
		}
	}
}

func TestTargetsNotMeasured(t *testing.T) {
	r := &Report{}
	r.Judge()
	if len(r.Targets) != targetCount || r.Failed() != 0 {
		t.Errorf("%d targets, %d failed", len(r.Targets), r.Failed())
	}
	for _, x := range r.Targets {
		if x.Status != Skipped {
			t.Errorf("%+v", x)
		}
	}
}

func TestTargetsOfLargestDump(t *testing.T) {
	r := &Report{Results: []Result{
		{Case: dumpCaseName(10_000), Candidate: nlkitName, Time: 9, Allocs: 8},
		{Case: dumpCaseName(100_000), Candidate: nlkitName, Time: 11, Allocs: 8},
		{Case: dumpCaseName(100_000), Candidate: receiveOnly, Time: 10},
	}}
	r.Judge()
	if x := r.Targets[0]; x.Name != "dump 100k routes" || x.Status != Pass {
		t.Errorf("%+v", x)
	}
	if x := r.Targets[2]; x.Status != Skipped {
		t.Errorf("no peak was measured: %+v", x)
	}
}
