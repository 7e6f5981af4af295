//go:build linux

package copies

import "slices"

// Divergence is how far a copy is from the kernel, in routes.
type Divergence struct {
	Missing   int `json:"missing"`   // the kernel has a route to it, the copy none
	Stale     int `json:"stale"`     // the copy has one, the kernel none
	Different int `json:"different"` // both have, and they lead elsewhere
}

// Sum is all of it.
func (d Divergence) Sum() int { return d.Missing + d.Stale + d.Different }

// Compare compares a copy with the kernel. single tells that the copy has room for one
// route of a key, by the making of its library: it is right then if it has any one of
// those that the kernel has.
func Compare(got, kernel Copy, single bool) (d Divergence) {
	for k, want := range kernel {
		switch have := got[k]; {
		case len(have) == 0:
			d.Missing++
		case single && len(have) == 1:
			if !slices.Contains(want, have[0]) {
				d.Different++
			}
		case !sameWays(have, want):
			d.Different++
		}
	}
	for k := range got {
		if len(kernel[k]) == 0 {
			d.Stale++
		}
	}
	return d
}

// sameWays compares without regard to the order.
func sameWays(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// equal reports whether two dumps show the same.
func (c Copy) equal(other Copy) bool { return Compare(c, other, false) == Divergence{} }
