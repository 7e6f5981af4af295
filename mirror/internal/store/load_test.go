package store

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
)

// TestLoad links records in orders of all kinds at once, and then goes on with a table
// that was made so.
func TestLoad(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	orders := map[string]func(i, n int) int{
		"ascending":  func(i, n int) int { return i },
		"descending": func(i, n int) int { return n - i },
		"random":     func(i, n int) int { return r.IntN(2 * n) },
		"two tables": func(i, n int) int { return (i*2 + n) % (2*n + 1) },
		"swapped":    func(i, n int) int { return i ^ 3 },
		"runs":       func(i, n int) int { return i%(n/10+1)*20 + i/(n/10+1) },
		"twice":      func(i, n int) int { return i / 2 },
		"far":        func(i, n int) int { return i - i%50/49*40 },
	}
	for name, order := range orders {
		for _, n := range []int{0, 1, 2, width, width + 1, width + width/3, 2*width + 1, 1000, width*width + 7, 20000} {
			t.Run(fmt.Sprint(name, " ", n), func(t *testing.T) {
				if testing.Short() && n > 10_000 {
					t.Skip("the large ones take time")
				}
				table, want := New(byLast), map[string]string{}
				var staged []Ref
				for i := range n {
					k, v := fmt.Sprintf("key %08d", order(i, n)), fmt.Sprint("value ", i)
					want[k] = v
					staged = append(staged, table.Stage([]byte(k), []byte(v)))
				}
				if got, _ := table.Load(staged); got != len(want) {
					t.Errorf("%d loaded, want %d", got, len(want))
				}
				before := table.Snapshot()
				check(t, before, want)
				first := maps.Clone(want)
				for range n / 2 {
					k := fmt.Sprintf("key %08d", r.IntN(2*n))
					if r.IntN(2) == 0 {
						table.Delete([]byte(k))
						delete(want, k)
					} else {
						want[k] = fmt.Sprint("later ", r.IntN(100))
						table.Put([]byte(k), []byte(want[k]))
					}
				}
				check(t, before, first)
				check(t, table.Snapshot(), want)
				checkDiff(t, before, table.Snapshot(), first, want)
			})
		}
	}
}
