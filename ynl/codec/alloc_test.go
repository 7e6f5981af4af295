//go:build !race

package codec

import (
	"testing"

	"github.com/nlkit/nlkit/ynl"
)

// The race detector makes sync.Pool forget at random, so that nothing can be
// said of allocations.

// TestAllocations prints messages into room that is there.
func TestAllocations(t *testing.T) {
	routes, links := catalogued(t, "rt-route", "getroute"), catalogued(t, "rt-link", "getlink")
	tests := []struct {
		name    string
		layout  Layout
		payload []byte
	}{{"route", routes, routeMessage(t, routes)}, {"link", links, linkMessage(t, links)}}
	for _, test := range tests {
		dst := make([]byte, 0, 1<<14)
		for _, o := range []Options{{}, {Fallback: func(*ynl.SubMessage, string) *ynl.Format { return nil }}} {
			got := testing.AllocsPerRun(100, func() { dst = test.layout.AppendJSON(dst[:0], test.payload, o) })
			if got >= 1 {
				t.Errorf("%s: %v allocations, want none\n%s", test.name, got, dst)
			}
		}
	}
}
