package netlink

import (
	"context"
	"sync"
	"testing"
	"time"
)

// TestLiveDumpOrder has dumps begin while other goroutines read the socket:
// nothing of them may come after their end.
func TestLiveDumpOrder(t *testing.T) {
	const n = 400 // fit into the first datagram: the end is next
	c, _ := table(t, n)
	ctx, cancel := context.WithCancel(patience(t))
	defer cancel()
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			req := getLink(t, 1)
			for ctx.Err() == nil {
				if _, err := c.Do(ctx, req, nil); err != nil && ctx.Err() == nil {
					t.Error(err)
					return
				}
			}
		})
	}
	var dumps sync.WaitGroup
	for range 8 {
		dumps.Go(func() {
			for end := time.Now().Add(500 * time.Millisecond); time.Now().Before(end); {
				got := 0
				for _, err := range c.Dump(ctx, getRoutes(t, 0)) {
					if err != nil {
						t.Error(err)
						return
					}
					got++
				}
				if got != n {
					t.Errorf("%d rows, want %d", got, n)
				}
			}
		})
	}
	dumps.Wait()
	cancel()
	wg.Wait()
}
