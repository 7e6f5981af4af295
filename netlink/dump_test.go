package netlink

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/nlkit/nlkit/wire"
)

// collect runs a dump to its end.
func collectDump(c *Conn, ctx context.Context, req []byte, o DumpOptions) (got []string, err error) {
	for m, e := range c.DumpWith(ctx, req, o) {
		if e != nil {
			if err != nil {
				return got, errors.New("two errors")
			}
			err = e
			continue
		}
		payloads(&got)(m)
	}
	return got, err
}

func TestDump(t *testing.T) {
	row := func(seq uint32, s string) []byte { return message(20, wire.Multi, seq, []byte(s)) }
	for _, c := range []struct {
		name    string
		arrives func(f *fake, s uint32)
		want    []string
		err     error
		text    string
	}{
		{"empty", func(f *fake, s uint32) { f.arrive(done(s, 0)) }, nil, nil, ""},
		{"DONE on its own", func(f *fake, s uint32) {
			f.arrive(row(s, "a"), row(s, "b"))
			f.arrive(row(s, "c"))
			f.arrive(done(s, 0))
		}, []string{"a", "b", "c"}, nil, ""},
		{"DONE in the last datagram", func(f *fake, s uint32) { f.arrive(row(s, "a")); f.arrive(row(s, "b"), done(s, 0)) }, []string{"a", "b"}, nil, ""},
		{"DONE without an errno", func(f *fake, s uint32) { f.arrive(row(s, "a"), message(wire.TypeDone, wire.Multi, s)) }, []string{"a"}, nil, ""},
		{"nothing after DONE counts", func(f *fake, s uint32) { f.arrive(row(s, "a"), done(s, 0), row(s, "late")) }, []string{"a"}, nil, ""},
		{"no dump, but acknowledged", func(f *fake, s uint32) { f.arrive(message(20, 0, s, []byte("a"))); f.arrive(nack(s, 0)) }, []string{"a"}, nil, ""},
		{"refused", func(f *fake, s uint32) { f.arrive(nack(s, EOPNOTSUPP, text("not this one"))) }, nil, EOPNOTSUPP, "not this one"},
		{"error in the middle", func(f *fake, s uint32) { f.arrive(row(s, "a")); f.arrive(nack(s, EIO)) }, []string{"a"}, EIO, ""},
		{"error in DONE, with a text", func(f *fake, s uint32) {
			f.arrive(row(s, "a"), done(s, EINVAL, text("bad filter")))
		}, []string{"a"}, EINVAL, "bad filter"},
		{"warning in DONE", func(f *fake, s uint32) { f.arrive(row(s, "a"), done(s, 0, text("some are hidden"))) }, []string{"a"}, nil, "some are hidden"},
		{"NOOP", func(f *fake, s uint32) {
			f.arrive(message(wire.TypeNoop, 0, s), row(s, "a"), message(wire.TypeNoop, 0, 0), row(s, "b"))
			f.arrive(done(s, 0))
		}, []string{"a", "b"}, nil, ""},
		{"interrupted", func(f *fake, s uint32) {
			f.arrive(row(s, "a"), message(20, wire.Multi|wire.DumpInterrupted, s, []byte("b")))
			f.arrive(row(s, "c"), done(s, 0))
		}, []string{"a", "b", "c"}, ErrDumpInterrupted, ""},
		{"interrupted, says DONE", func(f *fake, s uint32) {
			f.arrive(row(s, "a"), message(wire.TypeDone, wire.Multi|wire.DumpInterrupted, s, u32(0)))
		}, []string{"a"}, ErrDumpInterrupted, ""},
		{"interrupted and failed", func(f *fake, s uint32) {
			f.arrive(message(20, wire.Multi|wire.DumpInterrupted, s, []byte("a")), done(s, EIO))
		}, []string{"a"}, EIO, ""},
		{"lost in an overrun", func(f *fake, s uint32) { f.arrive(row(s, "a")); f.fails(ENOBUFS) }, []string{"a"}, ErrOverrun, ""},
		{"overrun, but complete", func(f *fake, s uint32) {
			f.fails(ENOBUFS)
			f.arrive(row(s, "a"))
			f.arrive(row(s, "b"), done(s, 0))
		}, []string{"a", "b"}, nil, ""},
		{"truncated", func(f *fake, s uint32) {
			f.arrive(row(s, "a"))
			f.arrive(row(s, "b"), row(s, string(make([]byte, 70<<10))), row(s, "c"))
		}, []string{"a", "b"}, ErrTruncated, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			first := true
			conn, f := dialFake(t, func(f *fake, req []byte, a Address) error {
				if !first {
					return echoing(f, req, a)
				}
				first = false
				if h := wire.Message(req).Header(); h.Flags != wire.Request|wire.Ack|wire.Dump {
					t.Errorf("flags %v", h.Flags)
				}
				c.arrives(f, seqOf(req))
				return nil
			})
			var end Ack
			got, err := collectDump(conn, patience(t), request(18), DumpOptions{Done: func(a Ack) { end = a }})
			if !errors.Is(err, c.err) || !slices.Equal(got, c.want) {
				t.Errorf("%q, %v, want %q, %v", got, err, c.want, c.err)
			}
			var e *Error
			if errors.As(err, &e) {
				end.Text = e.Text
			}
			if end.Text != c.text {
				t.Errorf("text %q, want %q", end.Text, c.text)
			}
			works(t, conn)
			f.clean(t)
		})
	}
}

// TestDumpMalformed breaks dumps off by bytes that are no message. Their end
// may be lost with them, which must not keep later dumps waiting.
func TestDumpMalformed(t *testing.T) {
	for _, lost := range []bool{false, true} {
		n := 0
		conn, _ := dialFake(t, func(f *fake, req []byte, _ Address) error {
			s := seqOf(req)
			if n++; n > 1 {
				f.arrive(message(20, wire.Multi, s, []byte("whole")), done(s, 0))
				return nil
			}
			bad := message(20, wire.Multi, s, []byte("bad"))
			bad[0] = 99
			f.arrive(message(20, wire.Multi, s, []byte("good")), bad)
			if !lost {
				f.arrive(message(20, wire.Multi, s, []byte("more")))
				f.arrive(done(s, 0))
			}
			return nil
		})
		var bad *wire.Malformed
		got, err := collectDump(conn, patience(t), request(18), DumpOptions{})
		if !errors.As(err, &bad) || !slices.Equal(got, []string{"good"}) {
			t.Errorf("%q, %v, want what came before and a *wire.Malformed", got, err)
		}
		got, err = collectDump(conn, patience(t), request(18), DumpOptions{})
		if err != nil || !slices.Equal(got, []string{"whole"}) {
			t.Errorf("end lost %v: the next dump: %q, %v", lost, got, err)
		}
	}
}

func TestDumpRetries(t *testing.T) {
	for _, c := range []struct {
		interrupted, retries, attempts int
		err                            error
	}{
		{0, 3, 1, nil}, {1, 0, 1, ErrDumpInterrupted}, {1, 1, 2, nil}, {3, 3, 4, nil}, {4, 3, 4, ErrDumpInterrupted}, {99, 2, 3, ErrDumpInterrupted},
	} {
		attempts := 0
		conn, _ := dialFake(t, func(f *fake, req []byte, _ Address) error {
			flags := wire.Multi
			if attempts++; attempts <= c.interrupted {
				flags |= wire.DumpInterrupted
			}
			f.arrive(message(20, flags, seqOf(req), []byte("a")), done(seqOf(req), 0))
			return nil
		})
		restarts, dones := 0, 0
		got, err := collectDump(conn, patience(t), request(18), DumpOptions{Retries: c.retries, Restart: func() { restarts++ }, Done: func(Ack) { dones++ }})
		if attempts != c.attempts || restarts != c.attempts-1 || len(got) != c.attempts || !errors.Is(err, c.err) || (dones == 1) != (c.err == nil) {
			t.Errorf("%+v: %d attempts, %d restarts, %d rows, %d ends, %v", c, attempts, restarts, len(got), dones, err)
		}
	}
}

// TestDumpsQueue has several goroutines dump at once: the kernel must never see
// two dumps, and each must see all of its own.
func TestDumpsQueue(t *testing.T) {
	f, k := newFakeKernel()
	conn := New(f, nil)
	defer conn.Close()
	ctx := patience(t)
	errs := make(chan error)
	for i := range 8 {
		go func() {
			errs <- func() error {
				for range 20 {
					got, err := collectDump(conn, ctx, request(reqTable, u32(uint32(i))), DumpOptions{})
					if err != nil || len(got) != 2*i {
						return errors.Join(err, errors.New("rows missing"))
					}
				}
				return nil
			}()
		}()
	}
	for range 8 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if idle, refused := k.idle(); !idle || refused > 0 || k.dumps != 160 {
		t.Errorf("idle %v, %d refused, %d made, want 160", idle, refused, k.dumps)
	}
}

// TestDumpWaitsForAbandoned has a dump wait while the one before is broken off,
// with nobody else to read what is left of it.
func TestDumpWaitsForAbandoned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, k := newFakeKernel()
		conn := New(f, nil)
		release, finished := make(chan struct{}), make(chan int)
		go func() {
			for range conn.Dump(t.Context(), request(reqTable, u32(50))) {
				<-release
				break
			}
			finished <- 0
		}()
		synctest.Wait() // the first is in its loop's body
		go func() {
			got, err := collectDump(conn, t.Context(), request(reqTable, u32(3)), DumpOptions{})
			if err != nil {
				t.Error(err)
			}
			finished <- len(got)
		}()
		synctest.Wait()
		close(release)
		if n := <-finished + <-finished; n != 6 {
			t.Errorf("%d rows, want 6", n)
		}
		if idle, refused := k.idle(); !idle || refused > 0 {
			t.Errorf("idle %v, %d refused", idle, refused)
		}
		conn.Close()
	})
}

// TestDumpInDump makes a dump in the loop over another, as one does to list
// what belongs to each row, and a request besides.
func TestDumpInDump(t *testing.T) {
	f, k := newFakeKernel()
	conn := New(f, nil)
	defer conn.Close()
	ctx := patience(t)
	rows := 0
	for _, err := range conn.Dump(ctx, request(reqTable, u32(40))) {
		if err != nil {
			t.Fatal(err)
		}
		rows++
		works(t, conn)
		got, err := collectDump(conn, ctx, request(reqTable, u32(2)), DumpOptions{})
		if err != nil || len(got) != 4 {
			t.Fatalf("inner dump: %d rows, %v", len(got), err)
		}
	}
	if idle, refused := k.idle(); rows != 80 || !idle || refused > 0 {
		t.Errorf("%d rows, idle %v, %d refused, want 80, none refused", rows, idle, refused)
	}
}

// TestDumpStartFails has the kernel say ENOBUFS to a dump and make it after
// all, as Linux does when the receive queue is full.
func TestDumpStartFails(t *testing.T) {
	var first uint32
	conn, _ := dialFake(t, nil)
	conn.t.(*fake).onSend = func(f *fake, req []byte, _ Address) error {
		s := seqOf(req)
		if first == 0 {
			first = s
			f.arrive(nack(s, ENOBUFS))
			f.arrive(message(20, wire.Multi, s, []byte("unwanted")))
			f.arrive(done(s, 0))
			return nil
		}
		f.mu.Lock()
		busy := len(f.queue) > 0
		f.mu.Unlock()
		if busy {
			f.arrive(nack(s, EBUSY))
		} else {
			f.arrive(message(20, wire.Multi, s, []byte("a")), done(s, 0))
		}
		return nil
	}
	if got, err := collectDump(conn, patience(t), request(18), DumpOptions{}); !errors.Is(err, ENOBUFS) || got != nil {
		t.Errorf("%q, %v, want ENOBUFS", got, err)
	}
	if got, err := collectDump(conn, patience(t), request(18), DumpOptions{}); err != nil || !slices.Equal(got, []string{"a"}) {
		t.Errorf("the next dump: %q, %v", got, err)
	}
}
