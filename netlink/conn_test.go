package netlink

import (
	"bytes"
	"context"
	"errors"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nlkit/nlkit/wire"
)

// echoing answers every request with its payload and an ACK.
func echoing(f *fake, req []byte, _ Address) error {
	m := wire.Message(req)
	f.arrive(message(m.Type(), 0, m.Seq(), m.Data()))
	f.arrive(ack(m.Seq()))
	return nil
}

// works fails the test unless a request gets its answer.
func works(t *testing.T, c *Conn) {
	t.Helper()
	var got []string
	if _, err := c.Do(patience(t), request(reqEcho, []byte("ping")), payloads(&got)); err != nil || !slices.Equal(got, []string{"ping"}) {
		t.Fatalf("afterwards: %q, %v, want the Conn to work", got, err)
	}
}

func TestForeignSender(t *testing.T) {
	forge := func(f *fake, req []byte, _ Address) error {
		s := seqOf(req)
		f.arriveFrom(Datagram{Port: 4242}, message(20, 0, s, []byte("forged")), nack(s, EPERM))
		f.arriveFrom(Datagram{Port: 99}, message(20, 0, s, []byte("peer")), ack(s))
		f.arrive(message(20, 0, s, []byte("real")), ack(s))
		return nil
	}
	for _, c := range []struct {
		name    string
		o       *Options
		want    string
		foreign uint64
	}{
		{"nobody but the kernel", nil, "real", 2},
		{"a peer", &Options{Peer: 99}, "peer", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			var to Address
			f := newFake(func(f *fake, req []byte, a Address) error {
				to = a
				return forge(f, req, a)
			})
			conn := New(f, c.o)
			defer conn.Close()
			var got []string
			if _, err := conn.Do(patience(t), request(18), payloads(&got)); err != nil || !slices.Equal(got, []string{c.want}) {
				t.Errorf("%q, %v, want %q", got, err, c.want)
			}
			if s := conn.Stats(); s.Foreign != c.foreign {
				t.Errorf("%d foreign datagrams counted, want %d", s.Foreign, c.foreign)
			}
			if c.o != nil && to.Port != c.o.Peer {
				t.Errorf("sent to port %d, want the peer", to.Port)
			}
		})
	}
}

func TestStaleReplies(t *testing.T) {
	conn, f := dialFake(t, func(f *fake, req []byte, a Address) error {
		s := seqOf(req)
		f.arrive(message(20, 0, s-1, []byte("old")), nack(s-1, EIO))
		f.arrive(message(20, 0, 0, []byte("unasked")))
		f.arrive(message(20, 0, s+1000, []byte("future")), message(20, 0, s, []byte("a")))
		f.arrive(ack(s))
		return nil
	})
	var got []string
	if _, err := conn.Do(patience(t), request(18), payloads(&got)); err != nil || !slices.Equal(got, []string{"a"}) {
		t.Errorf("%q, %v", got, err)
	}
	if s := conn.Stats(); s.Stale != 4 {
		t.Errorf("%d stale messages counted, want 4", s.Stale)
	}
	// What comes after the end is nobody's either.
	f.onSend = func(f *fake, req []byte, _ Address) error {
		s := seqOf(req)
		f.arrive(ack(s), message(20, 0, s, []byte("late")), nack(s, EIO))
		return nil
	}
	if _, err := conn.Do(patience(t), request(18), func(wire.Message) error { return errors.New("late") }); err != nil {
		t.Error(err)
	}
	if s := conn.Stats(); s.Stale != 6 {
		t.Errorf("%d stale messages counted, want 6", s.Stale)
	}
}

// TestOthersReply puts the replies of two goroutines, and part of a dump, into
// the same datagram.
func TestOthersReply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seqs [3]uint32
		conn, f := dialFake(t, func(f *fake, req []byte, _ Address) error {
			seqs[wire.Message(req).Type()-20] = seqOf(req)
			return nil
		})
		results := make(chan []string, 3)
		for i := range 2 {
			go func() {
				var got []string
				if _, err := conn.Do(t.Context(), request(wire.Type(20+i)), payloads(&got)); err != nil {
					t.Error(err)
				}
				results <- got
			}()
		}
		go func() {
			got := []string{"dump"}
			for m, err := range conn.Dump(t.Context(), request(22)) {
				if err != nil {
					t.Error(err)
					break
				}
				payloads(&got)(m)
			}
			results <- got
		}()
		synctest.Wait() // all three wait
		a, b, d := seqs[0], seqs[1], seqs[2]
		f.arrive(message(22, 0, d, []byte("d1")), message(20, 0, b, []byte("b1")), message(22, 0, d, []byte("d2")), message(20, 0, a, []byte("a1")), message(22, 0, d, []byte("d3x")))
		f.arrive(ack(b), message(20, 0, a, []byte("a2")), done(d, 0), ack(a))
		var all []string
		for range 3 {
			all = append(all, <-results...)
		}
		slices.Sort(all)
		if want := []string{"a1", "a2", "b1", "d1", "d2", "d3x", "dump"}; !slices.Equal(all, want) {
			t.Errorf("%q, want %q", all, want)
		}
		if s := conn.Stats(); s != (Stats{}) {
			t.Errorf("counted %+v, want nothing", s)
		}
		conn.Close()
	})
}

func TestTruncatedReply(t *testing.T) {
	huge := bytes.Repeat([]byte("x"), 100<<10)
	for _, c := range []struct {
		name    string
		arrives func(f *fake, seq uint32)
	}{
		{"in a message", func(f *fake, s uint32) { f.arrive(message(20, 0, s, huge)); f.arrive(ack(s)) }},
		{"in a header", func(f *fake, s uint32) {
			f.arrive(message(20, 0, s, huge[:bufferSize-wire.HeaderLen-8]), ack(s), message(20, 0, s, huge))
		}},
		{"between two messages", func(f *fake, s uint32) {
			f.arrive(message(20, 0, s, huge[:bufferSize-wire.HeaderLen]), ack(s), message(20, 0, s, huge))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn, _ := dialFake(t, func(f *fake, req []byte, _ Address) error {
				c.arrives(f, seqOf(req))
				return nil
			})
			req := request(18)
			if _, err := conn.Do(patience(t), req, nil); !errors.Is(err, ErrTruncated) {
				t.Fatalf("error %v, want ErrTruncated", err)
			}
			n := 0
			if _, err := conn.Do(patience(t), req, func(m wire.Message) error { n += len(m); return nil }); err != nil || n < 60<<10 {
				t.Fatalf("second try: %d bytes, %v, want all of it", n, err)
			}
			if s := conn.Stats(); s.Truncated != 1 || s.Malformed != 0 {
				t.Errorf("counted %+v, want one truncated", s)
			}
		})
	}
}

func TestMalformedReply(t *testing.T) {
	short := func(seq uint32) []byte { // its length field is shorter than a header
		m := message(20, 0, seq, u32(0))
		copy(m, u32(7))
		return m
	}
	long := func(seq uint32) []byte { // its length field runs past the end
		m := message(20, 0, seq, u32(0))
		copy(m, u32(400))
		return m
	}
	for _, c := range []struct {
		name    string
		arrives func(f *fake, s uint32)
		fails   bool
	}{
		{"length too short", func(f *fake, s uint32) { f.arrive(message(20, 0, s, u32(1)), short(s), ack(s)) }, true},
		{"length past the end", func(f *fake, s uint32) { f.arrive(long(s)); f.arrive(ack(s)) }, true},
		{"half a header", func(f *fake, s uint32) { f.arrive(message(20, 0, s, u32(1)), ack(s)[:9]) }, true},
		{"half a header of nobody's", func(f *fake, s uint32) { f.arrive(ack(s)[:9]); f.arrive(ack(s)) }, false},
		{"somebody else's", func(f *fake, s uint32) { f.arrive(long(s + 9)); f.arrive(ack(s)) }, false},
		{"after the end", func(f *fake, s uint32) { f.arrive(ack(s), long(s)) }, false},
		{"an ACK without an errno", func(f *fake, s uint32) { f.arrive(message(wire.TypeError, 0, s)) }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			first := true
			conn, _ := dialFake(t, func(f *fake, req []byte, a Address) error {
				if first {
					first = false
					c.arrives(f, seqOf(req))
					return nil
				}
				return echoing(f, req, a)
			})
			_, err := conn.Do(patience(t), request(18), nil)
			var bad *wire.Malformed
			if c.fails != errors.As(err, &bad) || !c.fails && err != nil {
				t.Errorf("error %v, want a *wire.Malformed: %v", err, c.fails)
			}
			works(t, conn)
		})
	}
}

// TestFailedSocket has the socket fail for good.
func TestFailedSocket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, f := dialFake(t, nil)
		errs := make(chan error)
		for range 3 {
			go func() {
				_, err := conn.Do(t.Context(), request(18), nil)
				errs <- err
			}()
		}
		synctest.Wait()
		f.fails(EBADF)
		for range 3 {
			if err := <-errs; !errors.Is(err, EBADF) {
				t.Errorf("error %v, want EBADF", err)
			}
		}
		if _, err := conn.Do(t.Context(), request(18), nil); !errors.Is(err, EBADF) {
			t.Errorf("afterwards: %v, want EBADF", err)
		}
		conn.Close()
		if _, err := conn.Do(t.Context(), request(18), nil); !errors.Is(err, os.ErrClosed) {
			t.Errorf("after Close: %v, want os.ErrClosed", err)
		}
	})
}

func TestSendBacksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full := 10
		conn, _ := dialFake(t, func(f *fake, req []byte, a Address) error {
			if full--; full >= 0 {
				return EAGAIN
			}
			return echoing(f, req, a)
		})
		if _, err := conn.Do(t.Context(), request(18), nil); err != nil {
			t.Errorf("room at the eleventh attempt: %v", err)
		}
		start := time.Now()
		full = 1 << 30
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := conn.Send(ctx, request(18), Address{Port: 4}); err != context.DeadlineExceeded {
			t.Errorf("no room: %v, want the context's end", err)
		}
		if d := time.Since(start); d != time.Second {
			t.Errorf("gave up after %v, want the context's second", d)
		}
		if n := 1<<30 - full; n < 100 || n > 1000 {
			t.Errorf("%d attempts in a second, want one every %v after a few", n, maxSendPause)
		}
		before := full
		for name, err := range map[string]error{
			"Send": conn.Send(ctx, request(18), Address{}),
			"Do":   func() error { _, err := conn.Do(ctx, request(18), nil); return err }(),
		} {
			if !errors.Is(err, context.DeadlineExceeded) || full != before {
				t.Errorf("%s with a context that has ended: %v, %d attempts, want none", name, err, before-full)
			}
		}
		conn.Close()
	})
}

// TestSequenceNumbers wraps them around, beside requests in flight.
func TestSequenceNumbers(t *testing.T) {
	c := New(newFake(nil), nil)
	defer c.Close()
	begin := func(n int) *transaction {
		x, err := c.begin(n, false)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	old, oldBatch := begin(1), begin(3) // 1, 2 to 4
	c.seq = 1<<32 - 3
	last := begin(1)  // 2^32-2
	batch := begin(4) // does not fit before the end
	after := begin(1)
	if old.first != 1 || oldBatch.first != 2 || oldBatch.last != 4 || last.first != 1<<32-2 || batch.first != 5 || batch.last != 8 || after.first != 9 {
		t.Errorf("%d, %d to %d, %d, %d to %d, %d, want 1, 2 to 4, 2^32-2, 5 to 8, 9", old.first, oldBatch.first, oldBatch.last, last.first, batch.first, batch.last, after.first)
	}
	for seq, want := range map[uint32]*transaction{0: nil, 1: old, 2: oldBatch, 4: oldBatch, 5: batch, 8: batch, 9: after, 10: nil, 1<<32 - 2: last, 1<<32 - 1: nil} {
		if got := c.lookup(seq); got != want {
			t.Errorf("lookup of %d finds the wrong transaction", seq)
		}
	}
	for _, x := range []*transaction{old, oldBatch, last, batch, after} {
		c.end(x)
	}
	c.seq = 1<<32 - 2
	if x := begin(1); x.first != 1<<32-1 {
		t.Errorf("%d, want 2^32-1", x.first)
	}
	if x := begin(1); x.first != 1 {
		t.Errorf("%d, want 1: 0 is for notifications", x.first)
	}
}
