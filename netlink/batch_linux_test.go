package netlink

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/wire"
)

// TestLiveBatch adds thousands of routes, some of which exist already: they
// name themselves and the rest go through.
func TestLiveBatch(t *testing.T) {
	const n = 5000
	exists := map[int]bool{0: true, 1: true, 54: true, 1234: true, 4998: true, 4999: true}
	for _, elide := range []bool{false, true} {
		o := inNew(t)
		c := dialTest(t, o)
		for i := range exists {
			do(t, c, addRoute(t, uint32(i)))
		}
		sent := 0
		c2 := dialTest(t, with(o, func(o *Options) {
			o.Tap = func(d Direction, b []byte) {
				if d == Sent {
					sent++
				}
			}
		}))
		b := c2.Batch(patience(t), BatchOptions{ElideAcks: elide})
		for i := range uint32(n) {
			if err := b.Add(addRoute(t, i)); err != nil {
				t.Fatal(err)
			}
		}
		err := b.Flush()
		var e *BatchError
		if !errors.As(err, &e) || e.Total != n || len(e.Items) != len(exists) || !errors.Is(err, os.ErrExist) {
			t.Fatalf("elided %v: %v, want %d items that exist", elide, err, len(exists))
		}
		for _, it := range e.Items {
			if !exists[it.Index] || !errors.Is(it, EEXIST) || !strings.Contains(it.Error(), "RTM_NEWROUTE") {
				t.Errorf("item %d: %v", it.Index, it)
			}
		}
		if got := rows(t, c, patience(t), getRoutes(t, mainTable)); got != n {
			t.Errorf("elided %v: %d routes, want all %d", elide, got, n)
		}
		if sent > n/40 {
			t.Errorf("%d system calls for %d items", sent, n)
		}
		if st := c2.Stats(); st != (Stats{}) {
			t.Errorf("counted %+v", st)
		}
	}
}

// TestLiveBatchEcho asks for the notification of each item.
func TestLiveBatchEcho(t *testing.T) {
	const n = 2000
	c := dialTest(t, inNew(t))
	next := uint32(0)
	b := c.Batch(patience(t), BatchOptions{OnReply: func(i int, m wire.Message) {
		if uint32(i) != next || m.Type() != rtmNewRoute || routeNumber(m) != next {
			t.Errorf("item %d: %v of route %d, want item %d", i, m.Header(), routeNumber(m), next)
		}
		next++
	}})
	for i := range uint32(n) {
		if err := b.Add(route(t, rtmNewRoute, wire.Create|wire.Echo, i, mainTable)); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Flush(); err != nil || next != n {
		t.Errorf("%d notifications, %v, want %d", next, err, n)
	}
}

// TestLiveBatchErrors has every item fail with an explanation as long as the
// options make it, and a dump standing still meanwhile: no answer may be lost.
func TestLiveBatchErrors(t *testing.T) {
	const n = 3000
	_, o := table(t, 10_000)
	for _, noCap := range []bool{false, true} {
		for _, size := range []int{8, 300, 3000} {
			c := dialTest(t, with(o, func(o *Options) { o.NoCapAck = noCap }))
			bad := build(t, rtmNewRoute, wire.Create, func(b *wire.Builder) {
				b.Raw([]byte{2, 99, 0, 0, mainTable, 3, 0, 6, 0, 0, 0, 0}) // a prefix of 99 bits
				b.Attr(1, []byte{10, 0, 0, 1})
				b.Attr(5, make([]byte, size))
			})
			for _, err := range c.Dump(patience(t), getRoutes(t, 0)) {
				if err != nil {
					t.Fatal(err)
				}
				// More and more of the dump comes into the queue.
				for range 2 {
					do(t, c, getLink(t, 1))
				}
				failed, texts := 0, 0
				b := c.Batch(patience(t), BatchOptions{OnError: func(i int, err error) {
					var e *Error
					if errors.As(err, &e) && e.Errno == EINVAL {
						failed++
						if e.Text != "" {
							texts++
						}
					} else {
						t.Fatalf("item %d: %v", i, err)
					}
				}})
				for range n {
					if err := b.Add(bad); err != nil {
						t.Fatal(err)
					}
				}
				if err := b.Flush(); err != nil || failed != n {
					t.Errorf("%d items failed, %v, want all", failed, err)
				}
				if texts != n {
					t.Errorf("%d explanations, want %d", texts, n)
				}
				break
			}
			if info, err := c.t.MemInfo(); err != nil || info.Drops > 0 || c.Stats().Overruns > 0 {
				t.Errorf("errors repeat the request %v, items of %d bytes: %+v, %+v, %v", noCap, size, info, c.Stats(), err)
			}
		}
	}
}

// TestAnswerCost compares what a batch reckons with to what the kernel takes of
// the receive buffer.
func TestAnswerCost(t *testing.T) {
	o := inNew(t)
	for _, noCap := range []bool{false, true} {
		for _, size := range []int{4, 100, 200, 350, 500, 800, 1500, 3000, 7000, 20000} {
			c := dialTest(t, with(o, func(o *Options) { o.NoCapAck = noCap }))
			if noCap {
				c.echoes = true
			}
			req := wire.Message(build(t, rtmNewRoute, wire.Create, func(b *wire.Builder) {
				b.Raw([]byte{2, 32, 0, 0, mainTable, 3, 0, 6, 0, 0, 0, 0})
				b.Attr(5, make([]byte, size))
			}))
			req.SetFlags(wire.Request | wire.Ack | wire.Create)
			if err := c.t.Send(req, Address{}); err != nil {
				t.Fatal(err)
			}
			took := int(memInfo(t, c.t).Queued)
			if cost := c.Batch(t.Context(), BatchOptions{}).answerCost(req); took == 0 || took > cost {
				t.Errorf("the answer to a request of %d bytes, repeated %v, takes %d, reckoned with %d", len(req), noCap, took, cost)
			}
		}
	}
	// A reply besides.
	c := dialTest(t, o)
	do(t, c, newVeth(t, "v0", "v1"))
	for _, index := range []uint32{1, 2, 3} {
		c := dialTest(t, o)
		req := wire.Message(getLink(t, index))
		req.SetFlags(wire.Request | wire.Ack)
		if err := c.t.Send(req, Address{}); err != nil {
			t.Fatal(err)
		}
		took := int(memInfo(t, c.t).Queued)
		if cost := c.Batch(t.Context(), BatchOptions{OnReply: func(int, wire.Message) {}}).answerCost(req); took < ackCost || took > cost {
			t.Errorf("link %d and an ACK take %d, reckoned with %d", index, took, cost)
		}
	}
}

// TestLiveBatchLarge has items larger than a batch's datagram, and a send
// buffer smaller than it.
func TestLiveBatchLarge(t *testing.T) {
	for _, send := range []int{0, 4096} {
		o := inNew(t)
		c := dialTest(t, with(o, func(o *Options) { o.SendBuffer = send }))
		b := c.Batch(patience(t), BatchOptions{})
		large := build(t, rtmSetLink, 0, func(b *wire.Builder) {
			b.Raw(ifinfo(1, 1, 1))
			b.Attr(20, make([]byte, 50_000)) // an alias of 256 bytes at most
		})
		for i := range uint32(400) {
			req := route(t, rtmNewRoute, wire.Create, i, mainTable)
			if i == 200 {
				req = large
			}
			if err := b.Add(req); err != nil {
				t.Fatal(err)
			}
		}
		err := b.Flush()
		var e *BatchError
		if !errors.As(err, &e) || len(e.Items) != 1 || e.Items[0].Index != 200 || errors.Is(e.Items[0], EMSGSIZE) != (send != 0) {
			t.Errorf("send buffer %d: %v, want item 200 alone to fail", send, err)
		}
		if got := rows(t, c, patience(t), getRoutes(t, mainTable)); got != 399 {
			t.Errorf("send buffer %d: %d routes, want 399", send, got)
		}
	}
}

// TestLiveBatchCancel ends the context in the middle of a batch.
func TestLiveBatchCancel(t *testing.T) {
	c := dialTest(t, inNew(t))
	for round := range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		b := c.Batch(ctx, BatchOptions{})
		stop := 500 + rand.IntN(500)
		n := 0
		var err error
		for ; err == nil; n++ {
			if n == stop {
				cancel()
			}
			err = b.Add(route(t, rtmNewRoute, wire.Create|wire.Replace, uint32(n), mainTable))
		}
		if n > stop+batchBytes {
			t.Errorf("%d items were added after the end", n-stop)
		}
		flush := b.Flush()
		var e *BatchError
		if !errors.Is(err, context.Canceled) || !errors.Is(flush, context.Canceled) || !errors.As(flush, &e) {
			t.Fatalf("round %d: Add: %v, Flush: %v", round, err, flush)
		}
		for i, it := range e.Items {
			if !errors.Is(it, context.Canceled) || it.Index != e.Total-len(e.Items)+i {
				t.Fatalf("round %d: item %d: %v, want the last ones", round, it.Index, it)
			}
		}
		// What was not reported went through.
		if got := rows(t, c, patience(t), getRoutes(t, mainTable)); got < e.Total-len(e.Items) {
			t.Errorf("round %d: %d routes, want %d at least", round, got, e.Total-len(e.Items))
		}
		cancel()
	}
}
