package netlink

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/nlkit/nlkit/wire"
)

// stressor is what a mixed load needs of its other side: live or not.
type stressor struct {
	// echo makes a request and its check.
	echo func(c *Conn, ctx context.Context) error
	// table is a dump request of a few datagrams, rows how many it has, or -1.
	table func() []byte
	rows  int
	// good and bad are requests for a batch.
	good, bad func() []byte
}

// stress mixes requests, dumps, batches and cancellations on one Conn.
func stress(t *testing.T, c *Conn, s stressor, goroutines int, d time.Duration) {
	t.Helper()
	ctx := patience(t)
	end := time.Now().Add(d)
	var wg sync.WaitGroup
	var mu sync.Mutex
	counts := map[string]int{}
	for g := range goroutines {
		wg.Go(func() {
			own := map[string]int{}
			rng := rand.New(rand.NewPCG(uint64(g), 1))
			for time.Now().Before(end) && !t.Failed() {
				name, err := s.step(c, ctx, rng)
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
				own[name]++
			}
			mu.Lock()
			defer mu.Unlock()
			for k, v := range own {
				counts[k] += v
			}
		})
	}
	wg.Wait()
	t.Log(counts, fmt.Sprintf("%+v", c.Stats()))
	if len(counts) < 6 {
		t.Errorf("only %v were tried", counts)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for x := range c.transactions() {
		if !x.abandoned {
			t.Error("a transaction was left in flight")
		}
	}
	if len(c.waiters) > 0 || len(c.dumpQueue) > 0 || c.reading {
		t.Errorf("%d waiting, %d queued, reading %v", len(c.waiters), len(c.dumpQueue), c.reading)
	}
}

func (s stressor) step(c *Conn, ctx context.Context, rng *rand.Rand) (string, error) {
	short, cancel := context.WithTimeout(ctx, time.Duration(rng.IntN(200))*time.Microsecond)
	defer cancel()
	switch n := rng.IntN(100); {
	case n < 60:
		return "request", s.echo(c, ctx)
	case n < 70:
		return "cancelled request", unlessEnded(s.echo(c, short))
	case n < 80:
		rows := 0
		for _, err := range c.Dump(ctx, s.table()) {
			if err != nil {
				return "dump", err
			}
			rows++
		}
		if s.rows >= 0 && rows != s.rows {
			return "dump", fmt.Errorf("%d rows, want %d", rows, s.rows)
		}
		return "dump", nil
	case n < 85:
		left := rng.IntN(6)
		for _, err := range c.Dump(ctx, s.table()) {
			if left--; left < 0 || err != nil {
				return "broken-off dump", err
			}
		}
		return "broken-off dump", nil
	case n < 92:
		var err error
		for _, err = range c.Dump(short, s.table()) {
		}
		return "cancelled dump", unlessEnded(err)
	case n < 97:
		b := c.Batch(ctx, BatchOptions{ElideAcks: n%2 == 0})
		return "batch", s.batch(b)
	default:
		b := c.Batch(short, BatchOptions{})
		return "cancelled batch", unlessEnded(s.batch(b))
	}
}

// batch adds ten items of which the fourth fails.
func (s stressor) batch(b *Batch) error {
	for i := range 10 {
		req := s.good
		if i == 3 {
			req = s.bad
		}
		if err := b.Add(req()); err != nil {
			return err
		}
	}
	err := b.Flush()
	var e *BatchError
	if !errors.As(err, &e) || len(e.Items) != 1 || e.Items[0].Index != 3 {
		return fmt.Errorf("%w, want item 3 to fail", err)
	}
	return nil
}

func unlessEnded(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

func TestStress(t *testing.T) {
	f, k := newFakeKernel()
	conn := New(f, nil)
	defer conn.Close()
	stress(t, conn, stressor{
		echo: func(c *Conn, ctx context.Context) error {
			want := rand.Uint32()
			n := 0
			_, err := c.Do(ctx, request(reqEcho, u32(want)), func(m wire.Message) error {
				if n++; string(m.Data()) != string(u32(want)) {
					return errors.New("somebody else's reply")
				}
				return nil
			})
			if err == nil && n != 1 {
				return fmt.Errorf("%d replies", n)
			}
			return err
		},
		table: func() []byte { return request(reqTable, u32(4)) },
		rows:  8,
		good:  func() []byte { return request(reqQuiet) },
		bad:   func() []byte { return request(reqRefuse) },
	}, 32, time.Second)
	if _, refused := k.idle(); refused > 0 {
		t.Errorf("%d dumps were refused with EBUSY", refused)
	}
	wellUsed(t, conn)
	if s := conn.Stats(); s.Malformed+s.Foreign+s.Overruns+s.Truncated > 0 {
		t.Errorf("counted %+v", s)
	}
}
