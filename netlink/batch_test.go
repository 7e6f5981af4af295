package netlink

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/nlkit/nlkit/wire"
)

// item is a request of a batch that carries its number.
func item(typ wire.Type, i int) []byte { return request(typ, u32(uint32(i))) }

func TestBatch(t *testing.T) {
	f, _ := newFakeKernel()
	conn := New(f, nil)
	defer conn.Close()
	const n = 1000
	bad := []int{0, 7, 123, 124, 125, 500, 998, 999}
	for _, o := range []BatchOptions{{}, {ElideAcks: true}} {
		b := conn.Batch(patience(t), o)
		for round := range 2 {
			for i := range n {
				typ := reqQuiet
				if slices.Contains(bad, i) {
					typ = reqRefuse
				}
				if err := b.Add(item(typ, i)); err != nil {
					t.Fatal(err)
				}
			}
			err := b.Flush()
			var e *BatchError
			if !errors.As(err, &e) || e.Total != n || len(e.Items) != len(bad) {
				t.Fatalf("round %d: %v", round, err)
			}
			for i, it := range e.Items {
				if it.Index != bad[i] || !errors.Is(it, EINVAL) || !strings.Contains(it.Error(), fmt.Sprintf("item %d: ", bad[i])) || !strings.Contains(it.Error(), "no such thing") {
					t.Errorf("item %d: %v, want index %d and the kernel's text", it.Index, it, bad[i])
				}
			}
			if !errors.Is(err, EINVAL) || errors.Is(err, EIO) || err.Error() != "8 of 1000 items failed, the first: "+e.Items[0].Error() {
				t.Errorf("error %q", err)
			}
		}
		if err := b.Flush(); err != nil {
			t.Errorf("nothing to flush: %v", err)
		}
	}
	if f.drops > 0 {
		t.Errorf("%d answers were dropped", f.drops)
	}
}

// TestBatchAnswers looks at what a batch asks for and what it makes of unusual
// answers.
func TestBatchAnswers(t *testing.T) {
	for _, c := range []struct {
		name   string
		o      BatchOptions
		answer func(f *fake, s uint32) // to a datagram of three items
		acks   [3]bool                 // which are asked for
		errs   [3]error
		notes  string // of callbacks
	}{
		{"all well", BatchOptions{}, func(f *fake, s uint32) { f.arrive(ack(s)); f.arrive(ack(s + 1)); f.arrive(ack(s + 2)) },
			[3]bool{true, true, true}, [3]error{}, ""},
		{"elided", BatchOptions{ElideAcks: true}, func(f *fake, s uint32) { f.arrive(nack(s+1, EEXIST)); f.arrive(ack(s + 2)) },
			[3]bool{false, false, true}, [3]error{nil, EEXIST, nil}, ""},
		{"replies", BatchOptions{}, func(f *fake, s uint32) {
			f.arrive(message(20, 0, s, []byte("a")))
			f.arrive(ack(s))
			f.arrive(ack(s+1), message(wire.TypeNoop, 0, s+2), message(20, 0, s+2, []byte("b")), message(20, 0, s+2, []byte("c")))
			f.arrive(ack(s + 2))
		}, [3]bool{true, true, true}, [3]error{}, "reply 0 a; reply 2 b; reply 2 c; "},
		{"warning", BatchOptions{}, func(f *fake, s uint32) { f.arrive(ack(s)); f.arrive(nack(s+1, 0, text("hm"))); f.arrive(ack(s + 2)) },
			[3]bool{true, true, true}, [3]error{}, "ack 1 hm; "},
		{"one unanswered", BatchOptions{}, func(f *fake, s uint32) { f.arrive(ack(s)); f.arrive(ack(s + 2)) },
			[3]bool{true, true, true}, [3]error{nil, ErrOverrun, nil}, ""},
		{"one answered twice", BatchOptions{}, func(f *fake, s uint32) {
			f.arrive(nack(s, EIO), nack(s, EPERM))
			f.arrive(ack(s+1), nack(s, EPERM), ack(s+1), ack(s+2))
		}, [3]bool{true, true, true}, [3]error{EIO, nil, nil}, ""},
		{"overrun", BatchOptions{}, func(f *fake, s uint32) { f.fails(ENOBUFS); f.arrive(ack(s)) },
			[3]bool{true, true, true}, [3]error{nil, ErrOverrun, ErrOverrun}, ""},
		{"overrun, elided", BatchOptions{ElideAcks: true}, func(f *fake, s uint32) { f.fails(ENOBUFS); f.arrive(nack(s+1, EIO)) },
			[3]bool{false, false, true}, [3]error{ErrOverrun, EIO, ErrOverrun}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var acks [3]bool
			conn, _ := dialFake(t, func(f *fake, b []byte, _ Address) error {
				i, s := 0, seqOf(b)
				for m := range wire.Messages(b) {
					acks[i] = m.Flags().Has(wire.Ack)
					i++
				}
				if i != 3 {
					t.Fatalf("%d items in the datagram, want 3", i)
				}
				c.answer(f, s)
				return nil
			})
			var notes strings.Builder
			o := c.o
			o.OnReply = func(i int, m wire.Message) {
				fmt.Fprintf(&notes, "reply %d %s; ", i, strings.TrimRight(string(m.Data()), "\x00"))
			}
			o.OnAck = func(i int, a Ack) { fmt.Fprintf(&notes, "ack %d %s; ", i, a.Text) }
			var errs [3]error
			o.OnError = func(i int, err error) {
				if errs[i] != nil {
					t.Errorf("item %d failed with %v and with %v", i, errs[i], err)
				}
				errs[i] = err
			}
			for range 2 { // the second time is like the first
				notes.Reset()
				errs = [3]error{}
				b := conn.Batch(patience(t), o)
				for i := range 3 {
					if err := b.Add(item(18, i)); err != nil {
						t.Fatal(err)
					}
				}
				if err := b.Flush(); err != nil {
					t.Errorf("Flush beside OnError: %v", err)
				}
				if acks != c.acks || notes.String() != c.notes {
					t.Errorf("ACKs asked for %v, callbacks %q, want %v, %q", acks, notes.String(), c.acks, c.notes)
				}
				for i := range errs {
					if !errors.Is(errs[i], c.errs[i]) || (errs[i] == nil) != (c.errs[i] == nil) {
						t.Errorf("item %d: %v, want %v", i, errs[i], c.errs[i])
					}
				}
			}
		})
	}
}

// TestBatchRoom fills small receive buffers with the longest errors there are:
// none may be lost.
func TestBatchRoom(t *testing.T) {
	for _, limit := range []uint32{2304, 4608, 8192, 65536, 212992} {
		f, k := newFakeKernel()
		f.limit = limit
		f.onSend = func(f *fake, b []byte, a Address) error {
			for m := range wire.Messages(b) {
				f.arrive(nack(m.Seq(), EINVAL, text(strings.Repeat("x", 500)))) // 1,144 bytes with the cost
			}
			return nil
		}
		conn := New(f, nil)
		b := conn.Batch(patience(t), BatchOptions{})
		for i := range 500 {
			if err := b.Add(item(reqRefuse, i)); err != nil {
				t.Fatal(err)
			}
		}
		var e *BatchError
		if err := b.Flush(); !errors.As(err, &e) || len(e.Items) != 500 || errors.Is(err, ErrOverrun) {
			t.Errorf("limit %d: %v", limit, err)
		}
		if f.drops > 0 {
			t.Errorf("limit %d: %d answers dropped", limit, f.drops)
		}
		f.onSend = k.send
		works(t, conn)
		conn.Close()
	}
}

// TestBatchLargeItems has items larger than a datagram of a batch, and a send
// buffer smaller than it.
func TestBatchLargeItems(t *testing.T) {
	for _, sendLimit := range []int{200 << 10, 10 << 10, 3000} {
		var sizes []int
		seen := map[uint32]bool{}
		conn, _ := dialFake(t, func(f *fake, b []byte, _ Address) error {
			if len(b) > sendLimit {
				return EMSGSIZE
			}
			sizes = append(sizes, len(b))
			for m := range wire.Messages(b) {
				if seen[m.Seq()] {
					t.Errorf("sequence number %d twice", m.Seq())
				}
				seen[m.Seq()] = true
				f.arrive(ack(m.Seq()))
			}
			return nil
		})
		b := conn.Batch(patience(t), BatchOptions{})
		want := map[int]bool{} // items that fit into no datagram
		for i, n := range []int{100, 40 << 10, 100, 300, 5000, 5000, 20 << 10, 15 << 10, 1000, 1000, 1000, 190 << 10, 8} {
			if n+wire.HeaderLen > sendLimit {
				want[i] = true
			}
			if err := b.Add(request(18, make([]byte, n))); err != nil {
				t.Fatal(err)
			}
		}
		err := b.Flush()
		var e *BatchError
		if errors.As(err, &e) {
			for _, it := range e.Items {
				if !want[it.Index] || !errors.Is(it, EMSGSIZE) {
					t.Errorf("send limit %d: %v", sendLimit, it)
				}
				delete(want, it.Index)
			}
		}
		if len(want) > 0 {
			t.Errorf("send limit %d: items %v ought to have failed: %v", sendLimit, want, err)
		}
		if len(sizes) > 13 {
			t.Errorf("send limit %d: datagrams of %v bytes", sendLimit, sizes)
		}
	}
}

// TestBatchBreaks ends a batch in the middle: every item is accounted for.
func TestBatchBreaks(t *testing.T) {
	for _, c := range []struct {
		name   string
		breaks func(c *Conn, f *fake, cancel context.CancelFunc)
		err    error
		sticky bool
	}{
		{"cancelled", func(_ *Conn, _ *fake, cancel context.CancelFunc) { cancel() }, context.Canceled, true},
		{"closed", func(c *Conn, _ *fake, _ context.CancelFunc) { c.Close() }, os.ErrClosed, true},
		{"lost", func(_ *Conn, f *fake, _ context.CancelFunc) { f.fails(ENOBUFS) }, ErrOverrun, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, k := newFakeKernel()
				conn := New(f, nil)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				n := 0
				f.onSend = func(f *fake, b []byte, a Address) error {
					broken := false // the rest of this datagram is not answered
					for m := range wire.Messages(b) {
						if n++; n == 200 {
							broken = true
							go c.breaks(conn, f, cancel)
						}
						if !broken {
							k.answer(f, m)
						}
					}
					return nil
				}
				failed := map[int]error{}
				b := conn.Batch(ctx, BatchOptions{OnError: func(i int, err error) {
					if failed[i] != nil {
						t.Errorf("item %d failed twice", i)
					}
					failed[i] = err
				}})
				added := 0
				var err error
				for ; added < 1000; added++ {
					if err = b.Add(item(reqQuiet, added)); err != nil {
						break
					}
				}
				flush := b.Flush()
				if c.sticky {
					if !errors.Is(err, c.err) || !errors.Is(flush, c.err) || added > 600 {
						t.Errorf("Add: %v after %d, Flush: %v, want %v", err, added, flush, c.err)
					}
					if again := b.Add(item(reqQuiet, 0)); !errors.Is(again, c.err) {
						t.Errorf("Add afterwards: %v", again)
					}
				} else if err != nil || flush != nil {
					t.Errorf("Add: %v, Flush: %v", err, flush)
				}
				// Answers that lie in the queue may stay unread: the items before
				// in the same datagram then count as failed too.
				first := 199
				for failed[first-1] != nil {
					first--
				}
				if failed[199] == nil || first < 100 || first < 199 && !c.sticky {
					t.Errorf("item 199: %v, the first that failed: %d", failed[199], first)
				}
				for i, err := range failed {
					if i < first || i >= added || !errors.Is(err, c.err) {
						t.Errorf("item %d: %v", i, err)
					}
				}
				if c.sticky && len(failed) != added-first {
					t.Errorf("%d items failed of %d, want all from %d on", len(failed), added, first)
				}
				conn.Close()
			})
		})
	}
}

// TestBatchesTakeTurns has several batches on one Conn share the room.
func TestBatchesTakeTurns(t *testing.T) {
	f, _ := newFakeKernel()
	f.limit = 16 << 10
	conn := New(f, nil)
	defer conn.Close()
	ctx := patience(t)
	errs := make(chan error)
	for range 8 {
		go func() {
			b := conn.Batch(ctx, BatchOptions{})
			for i := range 300 {
				if err := b.Add(item(reqQuiet, i)); err != nil {
					errs <- err
					return
				}
			}
			errs <- b.Flush()
		}()
	}
	for range 8 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if f.drops > 0 {
		t.Errorf("%d answers were dropped", f.drops)
	}
}
