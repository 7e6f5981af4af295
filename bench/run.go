//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/nlkit/nlkit/bench/internal/copies"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// cases returns the cases in the order they are run: the dumps come last, from
// small to large, so that no other case works on a large table.
func cases(f *filler, p *programs, sizes []int) []*Case {
	all := []*Case{
		encodeCase(), walkCase(), conntrackCase(), linkCase(), parallelCase(),
		queuedCase(), wakeupCase(), takenCase(), addCase(), deleteCase(), startCase(p), linksCase(),
	}
	for i, n := range sizes {
		all = append(all, dumpCase(f, n))
		if n == jsonRoutes || i == len(sizes)-1 && n < jsonRoutes {
			all = append(all, jsonCase(f, p, n))
		}
	}
	return all
}

// run measures the cases whose names match.
func run(match *regexp.Regexp, p *programs, quick bool, log func(string, ...any)) (*Report, error) {
	sizes := dumpSizes
	if quick {
		sizes = sizes[:2]
	}
	var f filler
	r := &Report{Machine: thisMachine()}
	for _, c := range cases(&f, p, sizes) {
		if !match.MatchString(c.Name) {
			continue
		}
		results, err := planFor(c, quick, log).Measure(c)
		if err != nil {
			return nil, err
		}
		if c.Name == dumpCaseName(sizes[len(sizes)-1]) {
			if err := addKept(results, sizes[len(sizes)-1], log); err != nil {
				return nil, err
			}
			if results, err = addPeaks(results, sizes[len(sizes)-1], log); err != nil {
				return nil, err
			}
		}
		if c.Name == jsonCaseName(jsonRoutes) {
			if results, err = p.addProgramPeaks(results, jsonRoutes, log); err != nil {
				return nil, err
			}
		}
		if c.Name == addCaseName {
			log("%s: a failing item", c.Name)
			r.Batch, r.BatchRun = checkFailingItem(), true
		}
		r.Results = append(r.Results, results...)
	}
	if match.MatchString(copiesName) {
		var err error
		if r.Copies, err = copies.Run(context.Background(), quick, log); err != nil {
			return nil, fmt.Errorf("%s: %w", copiesName, err)
		}
	}
	if len(r.Results) == 0 && r.Copies == nil {
		return nil, errors.New("no case matches; the cases are " + caseNames(sizes))
	}
	r.Judge()
	return r, nil
}

// planFor chooses the rounds: many where each is as short as Round, fewer where
// an operation takes its time.
func planFor(c *Case, quick bool, log func(string, ...any)) Plan {
	p := Plan{Rounds: 30, Round: 20 * time.Millisecond, Log: log}
	batch := c.Ops > 1
	switch {
	case c.Name == startCaseName:
		p.Rounds = 20
	case quick && batch:
		p.Rounds = 3
	case quick:
		p.Rounds = 10
	case batch || c.Name == dumpCaseName(1_000_000):
		p.Rounds = 7
	case c.Ops == 1:
		p.Rounds = 15
	}
	return p
}

func caseNames(sizes []int) string {
	s := ""
	for _, c := range cases(&filler{}, &programs{}, sizes) {
		s += fmt.Sprintf("\n  %s", c.Name)
	}
	return s + "\n  " + copiesName
}

// addPeaks measures each candidate's peak memory, and that of a process that
// only starts.
func addPeaks(results []Result, routes int, log func(string, ...any)) ([]Result, error) {
	results = append(results, Result{
		Case: dumpCaseName(routes), Candidate: idleName, Op: "starting the process", Allocs: -1, Bytes: -1,
	})
	for i := range results {
		log("%s: peak memory of %s", results[i].Case, results[i].Candidate)
		var err error
		if results[i].Peak, err = measurePeak(results[i].Candidate, routes); err != nil {
			return nil, err
		}
	}
	return results, nil
}

// checkFailingItem adds 1,000 routes of which one is there already, and looks
// whether that one is named, as the only one, and all others are added.
func checkFailingItem() error {
	const n, bad = 1000, 500
	c, err := netlink.Dial(wire.Route, nil)
	if err != nil {
		return err
	}
	defer c.Close()
	for _, elide := range []bool{false, true} {
		if err := failingItem(c, elide, n, bad); err != nil {
			return fmt.Errorf("ACKs elided %v: %w", elide, err)
		}
	}
	return nil
}

func failingItem(c *netlink.Conn, elide bool, n, bad int) error {
	ctx := context.Background()
	first := c.Batch(ctx, netlink.BatchOptions{})
	if err := errors.Join(addToBatch(first, nil, true, batchBase+uint32(bad)), first.Flush()); err != nil {
		return err
	}
	batch := c.Batch(ctx, netlink.BatchOptions{ElideAcks: elide})
	for i := range n {
		if err := addToBatch(batch, nil, true, batchBase+uint32(i)); err != nil {
			return err
		}
	}
	err := batch.Flush()
	if e := errors.Join(checkTable(n), emptyTable()); e != nil {
		return fmt.Errorf("not all routes were added: %w", e)
	}
	var failed *netlink.BatchError
	if !errors.As(err, &failed) {
		return fmt.Errorf("the batch returned %v, want a *BatchError", err)
	}
	if len(failed.Items) != 1 || failed.Items[0].Index != bad || !errors.Is(failed.Items[0].Err, netlink.EEXIST) {
		return fmt.Errorf("the batch named %v, want item %d alone, with EEXIST", failed.Items, bad)
	}
	return nil
}
