//go:build linux

package main

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"time"
)

// Result is what was measured of one candidate in one case. Times are in
// nanoseconds.
type Result struct {
	Case      string  `json:"case"`
	Candidate string  `json:"candidate"`
	Op        string  `json:"op"`
	Ops       int     `json:"ops_per_round"`
	Rounds    int     `json:"rounds"`
	Time      float64 `json:"ns_per_op"`           // wall time of the median round
	Fastest   float64 `json:"ns_per_op_fastest"`   // wall time of the fastest round
	CPU       float64 `json:"cpu_ns_per_op"`       // processor time of all threads and children, median round
	ToNlkit   float64 `json:"ratio_to_nlkit"`      // Time to that of the case's reference, 0 if there is none
	ToHand    float64 `json:"ratio_to_hand"`       // Time to that of the hand-written loop, 0 if there is none
	Allocs    float64 `json:"allocs_per_op"`       // -1: not known
	Bytes     float64 `json:"bytes_per_op"`        // -1: not known
	Peak      uint64  `json:"peak_bytes,omitzero"` // peak memory of a process that does only this
	Kept      *Kept   `json:"kept,omitzero"`       // memory of a table that is kept, per entry
}

type sample struct{ ns, cpu, allocs, bytes float64 }

// Plan says how long to measure.
type Plan struct {
	Rounds int
	Round  time.Duration // what a round should take where a case does not say how many operations it has
	Log    func(format string, args ...any)
}

// Measure runs a case: all candidates in turn, round by round, each round in
// another order, so that what disturbs the machine disturbs all of them.
func (p Plan) Measure(c *Case) (results []Result, err error) {
	if c.Setup != nil {
		undo, err := c.Setup()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
		if undo != nil {
			defer func() {
				if e := undo(); e != nil && err == nil {
					results, err = nil, fmt.Errorf("%s: %w", c.Name, e)
				}
			}()
		}
	}
	ops := make([]int, len(c.Candidates))
	samples := make([][]sample, len(c.Candidates))
	for i := range c.Candidates {
		if ops[i], err = p.calibrate(c, &c.Candidates[i]); err != nil {
			return nil, err
		}
	}
	for round := range p.Rounds {
		for k := range c.Candidates {
			i := (k + round) % len(c.Candidates)
			if most := c.Candidates[i].Rounds; most > 0 && round >= most {
				continue
			}
			p.Log("%s: round %d of %d: %s", c.Name, round+1, p.Rounds, c.Candidates[i].Name)
			s, err := runRound(c, &c.Candidates[i], ops[i])
			if err != nil {
				return nil, err
			}
			samples[i] = append(samples[i], s)
		}
	}
	for i := range c.Candidates {
		r := summary(samples[i])
		r.Case, r.Op, r.Candidate, r.Ops = c.Name, c.Op, c.Candidates[i].Name, ops[i]
		if c.Candidates[i].Outside {
			r.Allocs, r.Bytes = -1, -1
		}
		results = append(results, r)
	}
	setRatios(results, c.Reference, c.Yardstick)
	return results, nil
}

// calibrate chooses the operations of a round.
func (p Plan) calibrate(c *Case, k *Candidate) (int, error) {
	if n := cmp.Or(k.Ops, c.Ops); n > 0 {
		return n, nil
	}
	p.Log("%s: %s", c.Name, k.Name)
	for n := 16; ; n *= 4 {
		start := time.Now()
		s, err := runRound(c, k, n)
		if err != nil {
			return 0, err
		}
		// Bounded by the whole time too: some cases stop the clock for most of it.
		took := time.Duration(s.ns * float64(n))
		if took >= p.Round/8 || time.Since(start) >= p.Round/2 {
			return max(n, min(16*n, int(float64(n)*float64(p.Round)/float64(max(took, time.Since(start)/4))))), nil
		}
	}
}

func runRound(c *Case, k *Candidate, n int) (s sample, err error) {
	fail := func(err error) error { return fmt.Errorf("%s: %s: %w", c.Name, k.Name, err) }
	r, err := k.Open()
	if err != nil {
		return s, fail(err)
	}
	defer func() {
		if e := r.close(); e != nil && err == nil {
			err = fail(e)
		}
	}()
	if !c.Once {
		var warm stopwatch
		warm.StartTimer()
		if err := r.Run(&warm, min(n, 8)); err != nil {
			return s, fail(err)
		}
	}
	runtime.GC() // nobody pays for another's garbage
	var w stopwatch
	w.StartTimer()
	err = r.Run(&w, n)
	w.StopTimer()
	if err != nil {
		return s, fail(err)
	}
	f := float64(n)
	return sample{
		ns: float64(w.elapsed.Nanoseconds()) / f, cpu: float64(w.cpu.Nanoseconds()) / f,
		allocs: float64(w.mallocs) / f, bytes: float64(w.bytes) / f,
	}, nil
}

// summary takes medians. Of a minimum one could not tell whether it is the time
// of the work or of a lucky round: what a reply costs depends on whether it
// wakes the thread that waits in epoll, which goes on for whole rounds.
func summary(samples []sample) Result {
	each := func(field func(sample) float64) []float64 {
		v := make([]float64, len(samples))
		for i, s := range samples {
			v[i] = field(s)
		}
		return v
	}
	ns := each(func(s sample) float64 { return s.ns })
	return Result{
		Rounds: len(samples), Time: median(ns), Fastest: slices.Min(ns),
		CPU:    median(each(func(s sample) float64 { return s.cpu })),
		Allocs: median(each(func(s sample) float64 { return s.allocs })),
		Bytes:  median(each(func(s sample) float64 { return s.bytes })),
	}
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	n := len(v)
	if n%2 == 1 {
		return v[n/2]
	}
	return (v[n/2-1] + v[n/2]) / 2
}

// setRatios fills in the ratios of one case's results.
func setRatios(results []Result, reference, yardstick string) {
	time := func(name string) float64 {
		for _, r := range results {
			if r.Candidate == name {
				return r.Time
			}
		}
		return 0
	}
	ref, yard := time(reference), time(yardstick)
	for i := range results {
		if ref > 0 {
			results[i].ToNlkit = results[i].Time / ref
		}
		if yard > 0 {
			results[i].ToHand = results[i].Time / yard
		}
	}
}
