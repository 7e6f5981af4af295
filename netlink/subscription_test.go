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
	"time"

	"github.com/nlkit/nlkit/wire"
)

// event is a message that is multicast.
func event(s string) []byte { return message(20, 0, 0, []byte(s)) }

// drain reads all there is and renders it: "a@5" for a message in group 5,
// "!3" for three lost.
func drain(t *testing.T, s *Subscription) string {
	t.Helper()
	var b strings.Builder
	for {
		ev, ok, err := s.TryReceive()
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return strings.TrimSpace(b.String())
		}
		switch {
		case ev.Overrun:
			if ev.Message != nil {
				t.Error("an overrun with a message")
			}
			fmt.Fprintf(&b, "!%d ", ev.Lost)
		default:
			fmt.Fprintf(&b, "%s@%d ", strings.TrimRight(string(ev.Message.Data()), "\x00"), ev.Group)
		}
	}
}

func TestSubscription(t *testing.T) {
	big := string(make([]byte, 70<<10))
	bad := event("bad")
	bad[0] = 3
	in := func(group uint32) Datagram { return Datagram{Group: group} }
	for _, c := range []struct {
		name    string
		arrives func(f *fake)
		want    string
		stats   Stats
	}{
		{"nothing", func(f *fake) {}, "", Stats{}},
		{"events of two groups and a unicast", func(f *fake) {
			f.arriveFrom(in(5), event("a"))
			f.arriveFrom(in(33), event("b"), event("c"))
			f.arrive(event("d"))
		}, "a@5 b@33 c@33 d@0", Stats{}},
		{"foreign", func(f *fake) {
			f.arriveFrom(Datagram{Group: 5, Port: 4711}, event("forged"))
			f.arriveFrom(in(5), event("a"))
		}, "a@5", Stats{Foreign: 1}},
		{"truncated", func(f *fake) {
			f.arriveFrom(in(1), event("a"))
			f.arriveFrom(in(1), event(big))
			f.arriveFrom(in(1), event("b"))
			f.arriveFrom(in(1), event("fits now"+big))
		}, "a@1 !1 b@1 fits now@1", Stats{Truncated: 1, Lost: 1}},
		{"malformed", func(f *fake) {
			f.arriveFrom(in(1), event("a"), bad, event("unreachable"))
			f.arriveFrom(in(1), event("b"))
		}, "a@1 !1 b@1", Stats{Malformed: 1, Lost: 1}},
		{"overrun without a count", func(f *fake) {
			f.arriveFrom(in(1), event("a"))
			f.queue = slices.Insert(f.queue, 0, arrival{err: ENOBUFS})
		}, "a@1 !0", Stats{Overruns: 1}},
		{"overrun", func(f *fake) {
			f.limit = 3 * (fakeCost + 20)
			for _, s := range []string{"a", "b", "c", "d", "e"} {
				f.arriveFrom(in(1), event(s))
			}
		}, "a@1 b@1 c@1 !2", Stats{Overruns: 1, Lost: 2}},
		{"overrun after overrun, the empty queue between them unseen", func(f *fake) {
			f.drops = 5
			f.queue = append(f.queue, arrival{err: ENOBUFS})
			f.arriveFrom(in(1), event("a"))
			f.fails(ENOBUFS)
			f.arriveFrom(in(1), event("b"))
		}, "a@1 !5 b@1 !0", Stats{Overruns: 2, Lost: 5}},
		// Linux adds a datagram to what is queued before it finds that there is no
		// room for it, and takes it away again.
		{"overrun that goes on while what is queued seems to grow", func(f *fake) {
			f.limit = 3 * (fakeCost + 20)
			for _, s := range []string{"a", "b", "c", "d", "e"} {
				f.arriveFrom(in(1), event(s))
			}
			reads := 0
			f.onRead = func(f *fake) {
				switch reads++; reads {
				case 1:
					f.used += 2000
				case 2:
					f.used -= 2000
					f.arriveFrom(in(1), event("f"))
				}
			}
		}, "a@1 b@1 c@1 !3", Stats{Overruns: 1, Lost: 3}},
		{"overrun with something of one's own lost before", func(f *fake) {
			f.limit = 3 * (fakeCost + 20)
			f.arriveFrom(in(1), event("a"))
			f.arriveFrom(in(1), bad)
			for _, s := range []string{"b", "c", "d", "e"} {
				f.arriveFrom(in(1), event(s))
			}
		}, "a@1 !1 b@1 !3", Stats{Overruns: 1, Malformed: 1, Lost: 4}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(nil)
			s := NewSubscription(f, nil)
			defer s.Close()
			c.arrives(f)
			if got := drainText(t, s); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if got := s.Stats(); got != c.stats {
				t.Errorf("counted %+v, want %+v", got, c.stats)
			}
			f.arriveFrom(in(9), event("on"))
			if got := drain(t, s); got != "on@9" {
				t.Errorf("afterwards: %q", got)
			}
		})
	}
}

// drainText is drain without the long text's padding.
func drainText(t *testing.T, s *Subscription) string {
	return strings.ReplaceAll(drain(t, s), "\x00", "")
}

// TestOverrunEpisodes overruns again and again, with the reader at every stage
// of having read the queue empty. Loss is told exactly, and never too early:
// what was queued before it comes before it.
func TestOverrunEpisodes(t *testing.T) {
	const room = 4
	for _, silent := range []bool{false, true} {
		for read := range room + 1 {
			f := newFake(nil)
			f.limit = room * (fakeCost + 20)
			s := NewSubscription(f, &Options{NoENOBUFS: silent})
			sent, got, lost, last := 0, 0, uint64(0), ""
			take := func() bool {
				ev, ok, err := s.TryReceive()
				if err != nil {
					t.Fatal(err)
				}
				switch {
				case !ok:
					return false
				case ev.Overrun:
					lost += ev.Lost
					last += "!"
				default:
					got++
					last += string(ev.Message.Data()[:1])
				}
				return true
			}
			for episode := range 20 {
				for i := range room + 3 {
					f.arriveFrom(Datagram{Group: 1}, event(string(rune('a'+i))))
					sent++
				}
				for range read {
					take()
				}
				if episode%5 == 4 {
					for take() {
					}
					if got+int(lost) != sent {
						t.Errorf("read %d, episode %d: %d sent, %d received, %d lost: %s", read, episode, sent, got, lost, last)
					}
				}
			}
			if n := uint64(sent - got); lost != n || s.Stats().Lost != n || n == 0 {
				t.Errorf("silent %v: told %d, counted %d, want %d", silent, lost, s.Stats().Lost, n)
			}
			if strings.Contains(last, "!!") || strings.HasPrefix(last, "!") {
				t.Errorf("read %d: overruns at the wrong place: %s", read, last)
			}
			s.Close()
		}
	}
}

// TestSilentOverrun has a socket that drops without telling.
func TestSilentOverrun(t *testing.T) {
	f := newFake(nil)
	s := NewSubscription(f, &Options{NoENOBUFS: true})
	defer s.Close()
	f.arriveFrom(Datagram{Group: 1}, event("a"))
	f.drops = 5
	f.arriveFrom(Datagram{Group: 1}, event("b"))
	if got := drain(t, s); got != "a@1 b@1 !5" {
		t.Errorf("%q, want the loss at the end of the queue", got)
	}
	if got := drain(t, s); got != "" {
		t.Errorf("told again: %q", got)
	}
	// Under way too, where the queue is never empty.
	const backlog = 20
	told := -1
	for i := range 3 * dropsInterval {
		f.arriveFrom(Datagram{Group: 1}, event("x"))
		switch {
		case i < backlog:
			continue
		case i == 100:
			f.drops += 7
		}
		if ev, ok, err := s.TryReceive(); err != nil || !ok {
			t.Fatal(ok, err)
		} else if ev.Overrun {
			if told = i; ev.Lost != 7 {
				t.Errorf("%d lost, want 7", ev.Lost)
			}
		}
	}
	if told < 100+backlog || told > 100+dropsInterval+2*backlog {
		t.Errorf("lost after event 100, with %d queued; told at %d", backlog, told)
	}
	drain(t, s)
	f.drops = 2 // wrapped around
	if got := drain(t, s); got != fmt.Sprintf("!%d", uint32(1<<32-10)) {
		t.Errorf("%q, want the difference", got)
	}
}

func TestReceiveWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(nil)
		s := NewSubscription(f, nil)
		for i := range 3 {
			// Ended contexts leave nothing behind.
			short, end := context.WithTimeout(t.Context(), time.Second)
			if _, err := s.Receive(short); err != context.DeadlineExceeded {
				t.Errorf("error %v, want the context's end", err)
			}
			if _, err := s.Receive(short); err != context.DeadlineExceeded {
				t.Errorf("again: %v, want the context's end", err)
			}
			end()
			if _, ok, err := s.TryReceive(); ok || err != nil {
				t.Errorf("TryReceive: %v, %v, want nothing", ok, err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			for range i + 1 {
				go func() {
					time.Sleep(time.Second)
					f.arriveFrom(Datagram{Group: 2, NSID: -1, HasNSID: true}, event("late"))
				}()
				ev, err := s.Receive(ctx)
				if err != nil || ev.Group != 2 || !ev.HasNSID || ev.NSID != -1 || string(ev.Message.Data()[:4]) != "late" {
					t.Errorf("%+v, %v", ev, err)
				}
			}
			cancel()
			synctest.Wait()
		}
		f.arriveFrom(Datagram{}, event("a"), event("b"), event("c"))
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		n := 0
		for ev, err := range s.Events(ctx) {
			if n++; n == 2 {
				cancel()
			}
			if n < 3 && err != nil || n == 3 && (err != context.Canceled || ev.Message != nil) || n > 3 {
				t.Errorf("step %d: %v", n, err)
			}
		}
		if n != 3 {
			t.Errorf("%d steps, want two events and the context's end", n)
		}
		if got := drain(t, s); got != "c@0" {
			t.Errorf("%q, want the event that was not yet taken", got)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if s.rx.done != nil {
			t.Error("a context is still watched")
		}
	})
}

func TestSubscriptionClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, waiting := range []bool{false, true} {
			f := newFake(nil)
			s := NewSubscription(f, nil)
			ctx, cancel := context.WithCancel(t.Context())
			errs := make(chan error, 1)
			if waiting {
				go func() {
					_, err := s.Receive(ctx)
					errs <- err
				}()
				synctest.Wait()
				if _, _, err := s.TryReceive(); !errors.Is(err, EBUSY) {
					t.Errorf("a second receiver: %v, want EBUSY", err)
				}
			}
			s.Close()
			if waiting {
				if err := <-errs; err != os.ErrClosed {
					t.Errorf("waiting: %v, want os.ErrClosed", err)
				}
			}
			for range 2 {
				if _, err := s.Receive(ctx); err != os.ErrClosed {
					t.Errorf("afterwards: %v, want os.ErrClosed", err)
				}
			}
			cancel()
			synctest.Wait()
			if s.rx.done != nil {
				t.Error("a context is still watched")
			}
		}
	})
}

// TestEnobufsBesideCancel has the report of an overrun come just when the
// context has ended: it must not get lost.
func TestEnobufsBesideCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(nil)
		s := NewSubscription(f, nil)
		defer s.Close()
		ctx, cancel := context.WithCancel(t.Context())
		errs := make(chan error)
		go func() {
			_, err := s.Receive(ctx)
			errs <- err
		}()
		synctest.Wait()
		f.mu.Lock()
		f.queue, f.drops = []arrival{{err: ENOBUFS, then: cancel}}, 3
		f.wake.Broadcast()
		f.mu.Unlock()
		if err := <-errs; err != context.Canceled {
			t.Errorf("error %v, want the context's end", err)
		}
		if got := drain(t, s); got != "!3" {
			t.Errorf("%q, want the loss of 3", got)
		}
	})
}

func TestJoinLeave(t *testing.T) {
	f := newFake(nil)
	s := NewSubscription(f, nil)
	defer s.Close()
	if err := errors.Join(s.Join(1), s.Join(33), s.Leave(1)); err != nil || !slices.Equal(f.joined, []uint32{33}) {
		t.Errorf("joined %v, %v, want 33", f.joined, err)
	}
	if err := s.Join(0); !errors.Is(err, EINVAL) || err.Error() != "join group 0 of NETLINK_ROUTE: invalid argument" {
		t.Errorf("group 0: %v", err)
	}
	if err := s.Leave(5); !errors.Is(err, EINVAL) || err.Error() != "leave group 5 of NETLINK_ROUTE: invalid argument" {
		t.Errorf("a group never joined: %v", err)
	}
	if s.Port() != 77 {
		t.Errorf("port %d", s.Port())
	}
}

func TestEventAllocs(t *testing.T) {
	f := newFake(nil)
	s := NewSubscription(f, nil)
	defer s.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	data := slices.Concat(event("a"), event("b"))
	f.queue = make([]arrival, 0, 3000)
	for range 2500 {
		f.queue = append(f.queue, arrival{data: data})
	}
	if n := testing.AllocsPerRun(2000, func() {
		if ev, err := s.Receive(ctx); err != nil || len(ev.Message) != wire.HeaderLen+1 {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations per event", n)
	}
}
