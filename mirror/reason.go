package mirror

import "fmt"

// Reason says how the mirror came to know of a change.
type Reason uint8

// The reasons.
const (
	// Announced: the kernel has said so.
	Announced Reason = iota
	// Resynced: found by reading the table anew, at first and after a loss.
	Resynced
	// Inferred: it follows from another change that the kernel has announced.
	Inferred
	// Confirmed: found by the reading that follows what was inferred.
	Confirmed
	// Audited: found by an audit. It had been missed: a bug in the rules, or in
	// the kernel.
	Audited
	// Polled: found by the regular reading of a table that is never announced.
	Polled

	reasons = int(Polled) + 1
)

var reasonNames = [reasons]string{"announced", "resynced", "inferred", "confirmed", "audited", "polled"}

// String returns the reason in lower case.
func (r Reason) String() string {
	if int(r) < reasons {
		return reasonNames[r]
	}
	return fmt.Sprintf("reason %d", uint8(r))
}

// MarshalText writes the reason as String does.
func (r Reason) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// urgency orders jobs: the smaller the sooner.
func (r Reason) urgency() int {
	switch r {
	case Resynced:
		return 0
	case Confirmed:
		return 1
	case Polled:
		return 2
	}
	return 3
}

// Reasons is a set of reasons.
type Reasons uint8

// Has reports whether r is in the set.
func (s Reasons) Has(r Reason) bool { return s&(1<<r) != 0 }

// String lists the reasons, with commas.
func (s Reasons) String() string {
	text := ""
	for r := range Reason(reasons) {
		if s.Has(r) {
			if text != "" {
				text += ","
			}
			text += r.String()
		}
	}
	return text
}
