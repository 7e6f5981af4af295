//go:build linux

package main

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func quiet(string, ...any) {}

func TestMedian(t *testing.T) {
	for _, test := range []struct {
		in   []float64
		want float64
	}{{[]float64{3}, 3}, {[]float64{4, 1}, 2.5}, {[]float64{9, 1, 2}, 2}} {
		if got := median(test.in); got != test.want {
			t.Errorf("median(%v) = %v, want %v", test.in, got, test.want)
		}
	}
}

func TestSummaryTakesMedians(t *testing.T) {
	r := summary([]sample{{ns: 10, cpu: 5, allocs: 2, bytes: 20}, {ns: 8, cpu: 7, allocs: 9, bytes: 90}, {ns: 30, cpu: 6, allocs: 3, bytes: 30}})
	want := Result{Rounds: 3, Time: 10, Fastest: 8, CPU: 6, Allocs: 3, Bytes: 30}
	if r != want {
		t.Errorf("got %+v, want %+v", r, want)
	}
}

func TestRatios(t *testing.T) {
	r := []Result{{Candidate: "a", Time: 10}, {Candidate: "b", Time: 5}, {Candidate: "c", Time: 20}}
	setRatios(r, "a", "b")
	if r[2].ToNlkit != 2 || r[2].ToHand != 4 || r[0].ToHand != 2 {
		t.Errorf("got %+v", r)
	}
	r = []Result{{Candidate: "c", Time: 20}}
	setRatios(r, "a", "b")
	if r[0].ToNlkit != 0 || r[0].ToHand != 0 {
		t.Errorf("ratios to candidates that are not there: %+v", r)
	}
}

// fake counts what a plan does with a candidate.
type fake struct {
	opened, closed, ops int
	order               *[]string
	name                string
	err                 error
}

func (f *fake) candidate() Candidate {
	return Candidate{Name: f.name, Open: func() (Runner, error) {
		f.opened++
		*f.order = append(*f.order, f.name)
		return Runner{
			Run: func(clock Clock, n int) error {
				f.ops += n
				return f.err
			},
			Close: func() error { f.closed++; return nil },
		}, nil
	}}
}

func TestMeasureTakesTurns(t *testing.T) {
	var order []string
	a, b := &fake{name: "a", order: &order}, &fake{name: "b", order: &order}
	undone := 0
	c := &Case{
		Name: "case", Ops: 5, Once: true, Reference: "a", Yardstick: "b",
		Candidates: []Candidate{a.candidate(), b.candidate()},
		Setup:      func() (func() error, error) { return func() error { undone++; return nil }, nil },
	}
	results, err := Plan{Rounds: 3, Log: quiet}.Measure(c)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(order, ""); got != "abbaab" {
		t.Errorf("order %s, want abbaab", got)
	}
	if a.ops != 15 || a.opened != 3 || a.closed != 3 || undone != 1 {
		t.Errorf("ops %d, opened %d, closed %d, undone %d; want 15, 3, 3, 1", a.ops, a.opened, a.closed, undone)
	}
	if len(results) != 2 || results[1].Candidate != "b" || results[1].Ops != 5 || results[1].Rounds != 3 {
		t.Errorf("results %+v", results)
	}
}

func TestMeasureReportsFailure(t *testing.T) {
	var order []string
	bad := &fake{name: "bad", order: &order, err: errors.New("broken")}
	undone := false
	c := &Case{
		Name: "case", Ops: 1, Candidates: []Candidate{bad.candidate()},
		Setup: func() (func() error, error) { return func() error { undone = true; return nil }, nil },
	}
	_, err := Plan{Rounds: 2, Log: quiet}.Measure(c)
	if err == nil || err.Error() != "case: bad: broken" {
		t.Errorf("error %v", err)
	}
	if bad.closed != bad.opened || !undone {
		t.Errorf("opened %d, closed %d, undone %v", bad.opened, bad.closed, undone)
	}
}

func TestCalibrateFindsOps(t *testing.T) {
	p := Plan{Rounds: 1, Round: 20 * time.Millisecond, Log: quiet}
	slow := Candidate{Name: "slow", Open: func() (Runner, error) {
		return Runner{Run: func(_ Clock, n int) error {
			for start := time.Now(); time.Since(start) < time.Duration(n)*20*time.Microsecond; {
			}
			return nil
		}}, nil
	}}
	// An operation of 20 us: about 1,000 fill the round. The machine may be slow.
	if n, err := p.calibrate(&Case{}, &slow); err != nil || n < 16 || n > 4000 {
		t.Errorf("%d operations, error %v", n, err)
	}
	if n, _ := p.calibrate(&Case{Ops: 7}, &slow); n != 7 {
		t.Errorf("%d operations, the case says 7", n)
	}
	slow.Ops = 3
	if n, _ := p.calibrate(&Case{Ops: 7}, &slow); n != 3 {
		t.Errorf("%d operations, the candidate says 3", n)
	}
}

var stopwatchSink []byte

func TestStopwatch(t *testing.T) {
	var w stopwatch
	w.StartTimer()
	w.StopTimer()
	before := w
	stopwatchSink = make([]byte, 1<<20) // while it stands still
	w.StartTimer()
	stopwatchSink = make([]byte, 3<<20)
	w.StopTimer()
	if got := w.bytes - before.bytes; got < 3<<20 || got >= 4<<20 {
		t.Errorf("%d bytes counted, want 3 MiB and little more", got)
	}
	if w.elapsed <= before.elapsed || w.mallocs <= before.mallocs {
		t.Errorf("nothing counted: %+v then %+v", before, w)
	}
}
