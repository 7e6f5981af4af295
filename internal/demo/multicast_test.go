package demo

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// waiters counts the goroutines that wait for a datagram.
type waiters struct {
	n       chan int      // holds the number
	changed chan struct{} // it has changed since it was last looked at
}

func newWaiters() *waiters {
	w := &waiters{n: make(chan int, 1), changed: make(chan struct{}, 1)}
	w.n <- 0
	return w
}

func (w *waiters) add(d int) {
	w.n <- <-w.n + d
	select {
	case w.changed <- struct{}{}:
	default:
	}
}

// until waits until there are n.
func (w *waiters) until(ctx context.Context, n int) error {
	for {
		now := <-w.n
		w.n <- now
		if now == n {
			return nil
		}
		select {
		case <-w.changed:
		case <-ctx.Done():
			return fmt.Errorf("%d wait for a datagram, want %d: %w", now, n, ctx.Err())
		}
	}
}

// watchedSide does not multicast before all listeners wait for it.
type watchedSide struct {
	Side
	waiters   *waiters
	listeners int
	triggered int
	refuse    error
}

func (s *watchedSide) Opener() netlink.Opener { return watchedOpener{s.Side.Opener(), s.waiters} }

func (s *watchedSide) Trigger(ctx context.Context) error {
	if s.triggered++; s.triggered == 1 {
		if err := s.waiters.until(ctx, s.listeners); err != nil {
			return err
		}
	}
	if s.refuse != nil {
		return s.refuse
	}
	return s.Side.Trigger(ctx)
}

type watchedOpener struct {
	netlink.Opener
	waiters *waiters
}

func (o watchedOpener) Open(p wire.Protocol, opts *netlink.Options) (netlink.Transport, error) {
	t, err := o.Opener.Open(p, opts)
	return watched{t, o.waiters}, err
}

type watched struct {
	netlink.Transport
	waiters *waiters
}

func (w watched) Receive(buf []byte, wait bool) (netlink.Datagram, error) {
	if wait {
		w.waiters.add(1)
		defer w.waiters.add(-1)
	}
	return w.Transport.Receive(buf, wait)
}

// TestListenersWaitTogether: each listener waits in a goroutine of its own
// before anything is sent, and what is printed does not depend on who is woken
// up first.
func TestListenersWaitTogether(t *testing.T) {
	const listeners = 20
	want := printText(runSim(t, Options{Demos: []string{"multicast"}, Listeners: listeners}))
	for range 5 {
		sim, err := NewSim()
		if err != nil {
			t.Fatal(err)
		}
		defer sim.Close()
		side := &watchedSide{Side: sim, waiters: newWaiters(), listeners: listeners}
		if got := printText(runOn(t, side, Options{Demos: []string{"multicast"}, Listeners: listeners})); got != want {
			t.Fatalf("got\n%s\nwant\n%s", got, want)
		}
	}
}

// TestTriggerFails: the listeners do not wait for what will not come.
func TestTriggerFails(t *testing.T) {
	sim, err := NewSim()
	if err != nil {
		t.Fatal(err)
	}
	defer sim.Close()
	side := &watchedSide{Side: sim, waiters: newWaiters(), listeners: 2, refuse: errors.New("refused")}
	ctx, cancel := context.WithTimeout(t.Context(), patience/2)
	defer cancel()
	if err := Run(ctx, side, Options{Demos: []string{"multicast"}}, func(Event) {}); !errors.Is(err, side.refuse) || ctx.Err() != nil {
		t.Errorf("error %v, want the trigger's at once", err)
	}
	if err := side.waiters.until(ctx, 0); err != nil {
		t.Error(err)
	}
}
