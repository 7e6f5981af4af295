//go:build linux

package copies

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"github.com/nlkit/nlkit/internal/churn"
	"github.com/nlkit/nlkit/netlink"
)

// Report is what was found out.
type Report struct {
	Phases  []Phase  `json:"phases"`
	Results []Result `json:"results"`
}

// Phase is a kind of change.
type Phase struct {
	Name string `json:"name"`
	What string `json:"what"`
}

// Result is that of one candidate.
type Result struct {
	Candidate string `json:"candidate"`
	// NotHere says what is missing, where it was not measured.
	NotHere string `json:"not_here,omitempty"`
	// After is what was found after each phase.
	After []Checkpoint `json:"after"`
	// Single tells that its library has room for one route of a destination: it is
	// right if it has any one of those that there are.
	Single   bool    `json:"single"`
	Changes  int     `json:"changes"` // that were asked for
	Overruns int     `json:"overruns"`
	Lost     int     `json:"lost"` // messages; -1: not known
	Resyncs  int     `json:"resyncs"`
	CPU      float64 `json:"cpu_seconds"`
	Peak     uint64  `json:"peak_bytes"` // of the process's memory
}

// Checkpoint is a comparison with the kernel.
type Checkpoint struct {
	Divergence
	Routes int  `json:"routes"` // keys that the kernel has
	Behind bool `json:"behind"` // the candidate says so itself
}

// Most is the largest divergence.
func (r *Result) Most() int {
	most := 0
	for _, c := range r.After {
		most = max(most, c.Sum())
	}
	return most
}

// Silent is the largest divergence of a copy that its keeper takes to be right.
func (r *Result) Silent() int {
	most := 0
	for _, c := range r.After {
		if !c.Behind {
			most = max(most, c.Sum())
		}
	}
	return most
}

// seed is that of all candidates' changes.
const seed = 6

// Run has the candidates keep copies, one after the other, each through the same
// changes.
func Run(ctx context.Context, small bool, log func(format string, args ...any)) (*Report, error) {
	s := full
	if small {
		s = quick
	}
	dir, err := os.MkdirTemp("", "nlkit-copies")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	r := &Report{}
	for _, p := range phases {
		r.Phases = append(r.Phases, Phase{p.name, p.what})
	}
	for _, c := range candidates() {
		result, err := c.measure(ctx, s, dir, log)
		if errors.Is(err, errNotHere) {
			result, err = Result{Candidate: c.name, NotHere: reason(err)}, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		r.Results = append(r.Results, result)
	}
	return r, nil
}

// measure runs one candidate through all phases.
func (c candidate) measure(ctx context.Context, n size, dir string, log func(string, ...any)) (r Result, err error) {
	r = Result{Candidate: c.name, Single: c.single}
	cmd, err := c.command(dir)
	if err != nil {
		return r, err
	}
	s := &scene{size: n, rand: rand.New(rand.NewPCG(seed, seed))}
	p, err := start(cmd, func(ns netlink.Namespace) (err error) {
		if s.w, err = churn.Open(&netlink.Options{Namespace: ns}); err != nil {
			return err
		}
		return s.prepare()
	})
	if s.w != nil {
		defer s.w.Close()
	}
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	told := time.Duration(0) // what telling the copy took
	for _, phase := range phases {
		log("%s: %s", c.name, phase.name)
		if err := errors.Join(phase.do(s), s.w.Flush()); err != nil {
			return r, err
		}
		if err := p.settle(n.quiet); err != nil {
			return r, err
		}
		before, err := p.cpu()
		if err != nil {
			return r, err
		}
		r.CPU = (before - told).Seconds()
		if err := r.check(ctx, p); err != nil {
			return r, err
		}
		after, err := p.cpu()
		if err != nil {
			return r, err
		}
		told += after - before
	}
	r.Changes, r.Peak = s.w.Changes, p.peak
	return r, nil
}

// check compares the copy with the kernel. Where the kernel has changed meanwhile (it
// gives a link IPv6 addresses by itself), it does so again.
func (r *Result) check(ctx context.Context, p *process) error {
	const tries = 10
	for range tries {
		before, err := readKernel(ctx, p.namespace())
		if err != nil {
			return err
		}
		got, standing, err := p.ask()
		if err != nil {
			return err
		}
		kernel, err := readKernel(ctx, p.namespace())
		if err != nil {
			return err
		}
		if !before.equal(kernel) {
			continue
		}
		r.After = append(r.After, Checkpoint{Compare(got, kernel, r.Single), len(kernel), standing.Behind})
		r.Overruns, r.Lost, r.Resyncs = standing.Overruns, standing.Lost, standing.Resyncs
		return nil
	}
	return fmt.Errorf("the routes of the kernel changed by themselves, %d times in a row", tries)
}
