package netlink

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nlkit/nlkit/wire"
)

// uses is how often a Conn is used after something was cancelled on it.
const uses = 10_000

// wellUsed makes many requests and some dumps.
func wellUsed(t *testing.T, c *Conn) {
	t.Helper()
	ctx := patience(t)
	req, n := request(reqEcho, []byte("four")), 0
	for range uses {
		if _, err := c.Do(ctx, req, func(wire.Message) error { n++; return nil }); err != nil {
			t.Fatalf("afterwards, request %d: %v", n, err)
		}
	}
	if n != uses {
		t.Fatalf("afterwards: %d replies, want %d", n, uses)
	}
	for range uses / 100 {
		if got, err := collectDump(c, ctx, request(reqTable, u32(3)), DumpOptions{}); err != nil || len(got) != 6 {
			t.Fatalf("afterwards, dump: %d rows, %v", len(got), err)
		}
	}
}

// TestCancel ends contexts in every phase of a call, both ways a context ends.
func TestCancel(t *testing.T) {
	type env struct {
		c *Conn
		f *fake
		// block makes Send say EAGAIN.
		block *bool
	}
	do := func(e env, ctx context.Context) error { _, err := e.c.Do(ctx, request(reqSilent), nil); return err }
	dump := func(rows uint32) func(e env, ctx context.Context) error {
		return func(e env, ctx context.Context) (err error) {
			_, err = collectDump(e.c, ctx, request(reqTable, u32(rows)), DumpOptions{})
			return err
		}
	}
	batch := func(e env, ctx context.Context) error {
		b := e.c.Batch(ctx, BatchOptions{})
		for range 3 {
			if err := b.Add(request(reqSilent)); err != nil {
				return err
			}
		}
		return b.Flush()
	}
	// standing begins a dump that comes to no end, and stands still until ctx
	// ends.
	standing := func(t *testing.T, e env, ctx context.Context) {
		go func() {
			for range e.c.Dump(t.Context(), request(reqSilent)) {
				<-ctx.Done()
				break
			}
		}()
		synctest.Wait()
		e.f.arrive(message(reqTable, wire.Multi, 1))
		synctest.Wait()
	}
	// reader has somebody else read the socket.
	reader := func(t *testing.T, e env, ctx context.Context) {
		go do(e, ctx)
		synctest.Wait()
	}
	for _, c := range []struct {
		name   string
		before func(t *testing.T, e env, ctx context.Context)
		call   func(e env, ctx context.Context) error
	}{
		{"Do that reads", nil, do},
		{"Do that waits for the reader", reader, do},
		{"Do that cannot send", func(_ *testing.T, e env, _ context.Context) { *e.block = true }, do},
		{"dump that cannot send", func(_ *testing.T, e env, _ context.Context) { *e.block = true }, dump(5)},
		{"dump that waits for its turn and for a reader", func(t *testing.T, e env, ctx context.Context) { standing(t, e, ctx); reader(t, e, ctx) }, dump(5)},
		{"dump that waits for data", nil, func(e env, ctx context.Context) error {
			_, err := collectDump(e.c, ctx, request(reqSilent), DumpOptions{})
			return err
		}},
		{"dump that waits for its turn and reads", standing, dump(5)},
		{"dump that waits for its turn behind another", func(t *testing.T, e env, ctx context.Context) {
			standing(t, e, ctx)
			go dump(5)(e, ctx)
			synctest.Wait()
		}, dump(5)},
		{"batch that reads", nil, batch},
		{"batch that waits for another", func(t *testing.T, e env, ctx context.Context) {
			go batch(e, ctx)
			synctest.Wait()
		}, batch},
		{"dump in the middle", nil, func(e env, ctx context.Context) (err error) {
			n := 0
			for _, err = range e.c.Dump(ctx, request(reqTable, u32(100))) {
				if n++; n == 20 {
					<-ctx.Done()
				}
			}
			if n >= 200 {
				return errors.New("went on to the end")
			}
			return err
		}},
	} {
		for _, timeout := range []bool{false, true} {
			name := c.name + ", cancelled"
			if timeout {
				name = c.name + ", timed out"
			}
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					f, k := newFakeKernel()
					block := false
					f.onSend = func(f *fake, b []byte, to Address) error {
						if block {
							return EAGAIN
						}
						return k.send(f, b, to)
					}
					conn := New(f, nil)
					e := env{conn, f, &block}
					ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
					defer cancel()
					if c.before != nil {
						c.before(t, e, ctx)
					}
					result := make(chan error, 1)
					go func() { result <- c.call(e, ctx) }()
					synctest.Wait()
					want := context.Canceled
					if timeout {
						time.Sleep(time.Minute)
						want = context.DeadlineExceeded
					} else {
						cancel()
					}
					if err := <-result; !errors.Is(err, want) {
						t.Errorf("error %v, want %v", err, want)
					}
					synctest.Wait()
					block = false
					wellUsed(t, conn)
					if _, refused := k.idle(); refused > 0 {
						t.Errorf("%d dumps were refused", refused)
					}
					conn.Close()
					f.clean(t)
				})
			})
		}
	}
}

// TestCancelledAnswersMakeRoom cancels requests whose answers are queued: they
// must not take the room of the answers to later ones.
func TestCancelledAnswersMakeRoom(t *testing.T) {
	f, k := newFakeKernel()
	f.limit = 10_000
	conn := New(f, nil)
	defer conn.Close()
	for i := range 1000 {
		ctx, cancel := context.WithCancel(t.Context())
		f.onSend = func(f *fake, b []byte, to Address) error {
			defer cancel()
			return k.send(f, b, to) // a reply, and behind it what is not read in time
		}
		var err error
		if i%10 == 0 {
			b := conn.Batch(ctx, BatchOptions{})
			for range 4 {
				err = errors.Join(err, b.Add(request(reqQuiet)))
			}
			err = errors.Join(err, b.Flush())
		} else {
			_, err = conn.Do(ctx, request(reqEcho, u32(1)), nil)
		}
		if !errors.Is(err, context.Canceled) || errors.Is(err, ErrOverrun) {
			t.Fatalf("call %d: %v, want the context's end", i, err)
		}
	}
	f.onSend = k.send
	wellUsed(t, conn)
	if s := conn.Stats(); s.Overruns > 0 || f.drops > 0 || conn.owed != 0 {
		t.Errorf("counted %+v, %d dropped, %d owed", s, f.drops, conn.owed)
	}
}

// TestBreakOff breaks off thousands of dumps, at any row.
func TestBreakOff(t *testing.T) {
	f, k := newFakeKernel()
	conn := New(f, nil)
	ctx := patience(t)
	req := request(reqTable, u32(6))
	for i := range uses {
		n := 0
		for _, err := range conn.Dump(ctx, req) {
			if err != nil {
				t.Fatal(err)
			}
			if n++; n > i%13 {
				break
			}
		}
	}
	wellUsed(t, conn)
	if _, refused := k.idle(); refused > 0 {
		t.Errorf("%d dumps were refused", refused)
	}
	conn.mu.Lock()
	defer conn.mu.Unlock()
	if len(conn.inFlight) > 0 || len(conn.ranges) > 0 || len(conn.dumpQueue) > 0 || len(conn.waiters) > 0 || len(conn.free) > maxFree || len(conn.idle) > maxIdle {
		t.Errorf("left: %d in flight, %d batches, %d queued, %d waiting, %d buffers, %d idle", len(conn.inFlight), len(conn.ranges), len(conn.dumpQueue), len(conn.waiters), len(conn.free), len(conn.idle))
	}
}

// TestBaton cancels whoever reads, again and again: somebody else has to read on.
func TestBaton(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var last uint32
		conn, f := dialFake(t, func(f *fake, req []byte, _ Address) error {
			last = seqOf(req)
			return nil
		})
		const n = 20
		var cancels [n]context.CancelFunc
		errs := make(chan error, n)
		for i := range n {
			ctx, cancel := context.WithCancel(t.Context())
			cancels[i] = cancel
			go func() {
				_, err := conn.Do(ctx, request(18), nil)
				errs <- err
			}()
			synctest.Wait()
		}
		for i := range n - 1 {
			cancels[i]() // the readers leave in whatever order they follow each other
			synctest.Wait()
			if err := <-errs; !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			conn.mu.Lock()
			reading := conn.reading
			conn.mu.Unlock()
			if !reading {
				t.Fatalf("after %d have left nobody reads, and %d wait", i+1, n-1-i)
			}
		}
		f.arrive(ack(last))
		if err := <-errs; err != nil {
			t.Error(err)
		}
		cancels[n-1]()
		conn.Close()
	})
}

// TestBatonOfDumps has the one who reads leave off for other reasons than its
// own end: a request that waits must be served.
func TestBatonOfDumps(t *testing.T) {
	for name, leave := range map[string]func(f *fake, cancel context.CancelFunc){
		"a dump gets a datagram and stands still":      func(f *fake, _ context.CancelFunc) { f.arrive(message(20, wire.Multi, 1)) },
		"a dump is cancelled":                          func(_ *fake, cancel context.CancelFunc) { cancel() },
		"a dump that waits for its turn is cancelled":  nil,
		"a dump that waits for its turn gets its turn": nil,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				last := uint32(0)
				conn, f := dialFake(t, func(f *fake, req []byte, _ Address) error {
					last = max(last, seqOf(req))
					return nil
				})
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				stand := make(chan struct{})
				dump := func() {
					for range conn.Dump(ctx, request(20)) {
						<-stand
					}
				}
				go dump() // 1
				synctest.Wait()
				if leave == nil {
					f.arrive(message(20, wire.Multi, 1))
					synctest.Wait() // the first stands still
					go dump()       // 2, which reads
					synctest.Wait()
				}
				result := make(chan error, 1)
				go func() {
					_, err := conn.Do(t.Context(), request(18), nil)
					result <- err
				}()
				synctest.Wait()
				request := last
				switch {
				case leave != nil:
					leave(f, cancel)
				case name == "a dump that waits for its turn is cancelled":
					cancel()
				default:
					f.arrive(done(1, 0)) // 2 is sent and waits, reading or not
				}
				synctest.Wait()
				f.arrive(ack(request))
				if err := <-result; err != nil {
					t.Error(err)
				}
				cancel()
				close(stand)
				synctest.Wait()
				conn.Close()
			})
		})
	}
}
