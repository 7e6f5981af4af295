package netlink

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/nlkit/nlkit/wire"
)

// acking is a kernel's side that acknowledges what asks for it.
func acking(f *fake, req []byte, _ Address) error {
	m := wire.Message(req)
	if len(m) != wire.HeaderLen || m.Type() != wire.TypeNoop || m.Flags() != wire.Request|wire.Ack || m.Header().Len != wire.HeaderLen {
		return fmt.Errorf("sent %v", m.Header())
	}
	f.arrive(ack(m.Seq()))
	return nil
}

// mark puts a mark into a stream.
func mark(t testing.TB, s *Subscription) uint32 {
	t.Helper()
	seq, err := s.Mark()
	if err != nil || seq == 0 {
		t.Fatalf("mark %d, %v", seq, err)
	}
	return seq
}

// stream shows what is in a subscription: messages by their first byte, losses as
// !, marks as #.
func stream(t testing.TB, s *Subscription) string {
	t.Helper()
	var b strings.Builder
	for {
		ev, ok, err := s.TryReceive()
		switch {
		case err != nil:
			t.Fatal(err)
		case !ok:
			return b.String()
		case ev.Mark != 0:
			if ev.Message != nil || ev.Overrun {
				t.Errorf("%+v is more than a mark", ev)
			}
			fmt.Fprintf(&b, "#%d", ev.Mark)
		case ev.Overrun:
			fmt.Fprintf(&b, "!%d", ev.Lost)
		case ev.Message.Type() == wire.TypeError:
			fmt.Fprintf(&b, "?%d", ev.Message.Seq())
		default:
			b.WriteByte(ev.Message.Data()[0])
		}
	}
}

func TestMark(t *testing.T) {
	in := Datagram{Group: 1}
	for _, c := range []struct {
		name   string
		o      Options
		limit  uint32 // datagrams that the queue takes
		onSend func(f *fake, req []byte, to Address) error
		run    func(t *testing.T, f *fake, s *Subscription)
		want   string
	}{
		{name: "behind what is queued", run: func(t *testing.T, f *fake, s *Subscription) {
			f.arriveFrom(in, event("a"), event("b"))
			mark(t, s)
			f.arriveFrom(in, event("c"))
			mark(t, s)
			mark(t, s)
		}, want: "ab#1c#2#3"},
		{name: "refused", onSend: func(f *fake, req []byte, _ Address) error {
			f.arrive(nack(seqOf(req), EPERM))
			return nil
		}, run: func(t *testing.T, f *fake, s *Subscription) { mark(t, s) }, want: "#1"},
		{name: "answers to nobody's mark are messages", run: func(t *testing.T, f *fake, s *Subscription) {
			f.arrive(ack(0))
			mark(t, s)
			f.arrive(ack(1)) // again
			f.arrive(ack(2)) // not asked for
			f.arriveFrom(in, ack(1))
		}, want: "?0#1?1?2?1"},
		{name: "lost, and the loss told", limit: 2, run: func(t *testing.T, f *fake, s *Subscription) {
			f.arriveFrom(in, event("a"))
			f.arriveFrom(in, event("b"))
			mark(t, s)
		}, want: "ab!1"},
		{name: "lost without a report", limit: 2, o: Options{NoENOBUFS: true}, run: func(t *testing.T, f *fake, s *Subscription) {
			f.arriveFrom(in, event("a"))
			f.drops++
			mark(t, s)
		}, want: "a!1#1"},
		{name: "after the report, before the loss was told", limit: 2, run: func(t *testing.T, f *fake, s *Subscription) {
			for _, e := range []string{"a", "b", "c"} {
				f.arriveFrom(in, event(e))
			}
			one(t, s, "a")
			f.onRead = func(f *fake) { // b, as the last: the queue takes more
				f.onRead = nil
				mark(t, s)
				f.arriveFrom(in, event("d"))
			}
		}, want: "b!1#1d"},
		{name: "a small mark behind a large event", limit: 5, run: func(t *testing.T, f *fake, s *Subscription) {
			// The queue shrinks by more than the event's length when the mark has
			// taken its place: that it was empty cannot be seen.
			f.arriveFrom(in, event("a"+strings.Repeat(" ", 1200)))
			f.drops++
			f.full = true
			f.queue = append([]arrival{{err: ENOBUFS}}, f.queue...)
			f.onRead = func(f *fake) { f.onRead = nil; mark(t, s); f.arriveFrom(in, event("b")) }
		}, want: "a!1#1b"},
		{name: "before the report, and the loss on either side", limit: 4, run: func(t *testing.T, f *fake, s *Subscription) {
			f.arriveFrom(in, event("a"))
			mark(t, s)
			for _, e := range []string{"b", "c", "d"} {
				f.arriveFrom(in, event(e))
			}
		}, want: "a!1#1bc!0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(acking)
			if c.onSend != nil {
				f.onSend = c.onSend
			}
			f.limit = c.limit * (fakeCost + 40)
			if c.name == "a small mark behind a large event" {
				f.limit = 5000
			}
			s := NewSubscription(f, &c.o)
			defer s.Close()
			c.run(t, f, s)
			if got := stream(t, s); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			if seq := mark(t, s); stream(t, s) != fmt.Sprintf("#%d", seq) {
				t.Errorf("afterwards no mark comes")
			}
		})
	}
}

// one takes one event.
func one(t *testing.T, s *Subscription, want string) {
	t.Helper()
	ev, ok, err := s.TryReceive()
	if err != nil || !ok || ev.Overrun || string(ev.Message.Data()[:1]) != want {
		t.Fatalf("%+v, %v, %v, want %s", ev, ok, err, want)
	}
}

// TestMarkNumbers: they go around, and leave 0 out.
func TestMarkNumbers(t *testing.T) {
	f := newFake(acking)
	s := NewSubscription(f, nil)
	defer s.Close()
	s.marks.issued.Store(1<<32 - 3)
	s.marks.come = 1<<32 - 3
	for range 4 {
		mark(t, s)
	}
	if got := stream(t, s); got != "#4294967294#4294967295#1#2" {
		t.Error(got)
	}
}

func TestMarkRefused(t *testing.T) {
	var to Address
	f := newFake(func(_ *fake, _ []byte, a Address) error { to = a; return ECONNREFUSED })
	s := NewSubscription(f, &Options{Peer: 4711})
	if seq, err := s.Mark(); seq != 0 || !errors.Is(err, ECONNREFUSED) || to != (Address{Port: 4711}) {
		t.Errorf("mark %d, %v, sent to %v", seq, err, to)
	}
	f.onSend = acking
	if seq := mark(t, s); seq != 2 || stream(t, s) != "#2" {
		t.Errorf("mark %d after one that could not be sent", seq)
	}
	s.Close()
	if _, err := s.Mark(); err != os.ErrClosed {
		t.Errorf("closed: %v", err)
	}
}

// TestMarkWakes has many goroutines wake one that waits.
func TestMarkWakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(acking)
		s := NewSubscription(f, nil)
		defer s.Close()
		const n = 50
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() { mark(t, s) })
		}
		for i := range uint32(n) {
			if ev, err := s.Receive(t.Context()); err != nil || ev.Mark != i+1 {
				t.Fatalf("%+v, %v, want mark %d", ev, err, i+1)
			}
		}
		wg.Wait()
	})
}

func TestMarkAllocs(t *testing.T) {
	f := newFake(nil)
	answer := ack(0)
	f.onSend = func(f *fake, req []byte, _ Address) error {
		copy(answer[8:12], req[8:12])
		f.mu.Lock()
		f.used += uint32(len(answer)) + fakeCost
		f.queue = append(f.queue[:0], arrival{data: answer})
		f.mu.Unlock()
		return nil
	}
	s := NewSubscription(f, nil)
	defer s.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	f.queue = make([]arrival, 0, 4000)
	if n := testing.AllocsPerRun(1000, func() {
		seq, _ := s.Mark()
		if ev, err := s.Receive(ctx); err != nil || ev.Mark != seq {
			t.Fatal(ev, err)
		}
	}); n > 0.1 {
		t.Errorf("%v allocations per mark", n)
	}
}
