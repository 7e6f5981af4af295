package netlink

import (
	"sync"
	"testing"
	"time"

	"github.com/nlkit/nlkit/wire"
)

// TestLiveShortDumps makes dumps that end in their first datagram beside other
// requests. A receive that meets such a dump at its end makes Linux report
// EINVAL in the next call, with nothing wrong.
func TestLiveShortDumps(t *testing.T) {
	o := inNew(t)
	c := dialTest(t, o)
	ctx := patience(t)
	end := time.Now().Add(2 * time.Second)
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			req := getLink(t, 1)
			for time.Now().Before(end) {
				replies := 0
				if _, err := c.Do(ctx, req, func(wire.Message) error { replies++; return nil }); err != nil || replies != 1 {
					t.Errorf("%d replies, %v", replies, err)
					return
				}
			}
		})
	}
	wg.Go(func() {
		const getNeigh = 30
		req := build(t, getNeigh, 0, func(b *wire.Builder) { b.Raw(make([]byte, 12)) })
		for time.Now().Before(end) {
			for _, err := range c.Dump(ctx, req) {
				if err != nil {
					t.Error(err)
					return
				}
			}
		}
	})
	wg.Wait()
}
