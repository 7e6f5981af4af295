package family_test

import (
	"reflect"
	"sync"
	"testing"

	"github.com/nlkit/nlkit/internal/catalogue"
)

// pair is a message in both worlds, and what these tests do with one.
type pair struct{ *catalogue.Pair }

// all are the pairs of all messages of all families, in a fixed order.
var all = sync.OnceValue(func() []*pair {
	var list []*pair
	for _, p := range catalogue.Pairs() {
		list = append(list, &pair{p})
	}
	return list
})

// types are the pairs of all types, each type once.
var types = sync.OnceValue(func() []*pair {
	var list []*pair
	seen := map[reflect.Type]bool{}
	for _, p := range all() {
		if t := p.Type(); !seen[t] {
			seen[t] = true
			list = append(list, p)
		}
	}
	return list
})

// TestPairs guards what the other tests rest on: that there is much to compare.
func TestPairs(t *testing.T) {
	attrs := 0
	for _, p := range types() {
		if p.Layout.Set != nil {
			attrs += len(p.Layout.Set.Attrs)
		}
		if p.Layout.Set == nil && p.Layout.Header == nil && p.Role != catalogue.Request {
			t.Errorf("%s: nothing is known of it", p)
		}
	}
	if len(types()) < 300 || attrs < 5000 {
		t.Errorf("%d types with %d attributes: that cannot be all", len(types()), attrs)
	}
	t.Logf("%d messages of %d types, %d attributes", len(all()), len(types()), attrs)
}
