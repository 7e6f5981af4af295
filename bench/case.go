//go:build linux

package main

// Case is one thing that is measured, and those who do it.
type Case struct {
	Name string // "link get"
	Op   string // what one operation is
	// Reference and Yardstick name the candidates the ratios are to: nlkit's,
	// and the hand-written loop that does the same.
	Reference, Yardstick string
	// Ops is the number of operations of a round; 0 chooses one that takes long
	// enough to be measured.
	Ops int
	// Once says that an operation is long enough to do without a warm-up.
	Once bool
	// Setup prepares the namespace; what it returns undoes that. Both may be nil.
	Setup      func() (undo func() error, err error)
	Candidates []Candidate
}

// Candidate is one way to do a case.
type Candidate struct {
	Name string
	// Ops, if it is not 0, stands in for the case's: a slow candidate need not
	// do as many.
	Ops int
	// Rounds, if it is not 0, bounds the rounds it takes part in: it is too slow
	// for more.
	Rounds int
	// Outside says that the work is done by another process, whose allocations
	// are not seen.
	Outside bool
	// Open makes what it needs, once per round, outside the measured time.
	Open func() (Runner, error)
}

// Runner does the operation of a candidate.
type Runner struct {
	// Run does it n times, and checks that it was done. It may stop the clock
	// for what is not to be measured, and starts it again. The clock runs when
	// it is called and when it returns.
	Run func(clock Clock, n int) error
	// Close releases what Open made. It may be nil.
	Close func() error
}

// Clock is stopped around work that is not to be measured. *testing.B is one.
type Clock interface {
	StartTimer()
	StopTimer()
}

func (r Runner) close() error {
	if r.Close == nil {
		return nil
	}
	return r.Close()
}

// Names of candidates that several cases and the targets share.
const (
	nlkitName    = "nlkit"
	handName     = "by hand"
	mdlayherName = "mdlayher"
	vishName     = "vishvananda"
	jsimName     = "jsimonetti"
	receiveOnly  = "by hand, receive only"
)
