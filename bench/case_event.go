//go:build linux

package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"

	"github.com/jsimonetti/rtnetlink/v2"
	mdlayher "github.com/mdlayher/netlink"
	"github.com/nlkit/nlkit/bench/internal/hand"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	vishvananda "github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

const (
	queuedCaseName = "event, queued"
	wakeupCaseName = "event, woken up for"

	// burst is how many events are queued at a time: fewer than the default
	// receive buffer holds (256), so that none is lost.
	burst = 200
)

// listener receives route events.
type listener struct {
	next  func() error // waits for one event and checks what it is
	close func(*toggler) error
}

// toggler makes route events: it adds and deletes one route in turn.
type toggler struct {
	socket  *hand.Socket
	present bool
	buf     [64]byte
}

func newToggler() (*toggler, error) {
	s, err := hand.Open()
	return &toggler{socket: s}, err
}

// make makes n events. They are queued in every listener when it returns.
func (t *toggler) make(n int) error {
	return t.socket.Batch(n, func(b []byte, _ int) []byte {
		t.present = !t.present
		if t.present {
			return addRoute(b, eventDst)
		}
		return delRoute(b, eventDst)
	})
}

func (t *toggler) close() error {
	var err error
	if t.present {
		err = t.make(1)
	}
	return errors.Join(err, t.socket.Close())
}

type listenerMaker struct {
	name string
	open func() (listener, error)
}

func listeners() []listenerMaker {
	return []listenerMaker{
		{nlkitName, nlkitListener},
		{handName, handListener},
		{mdlayherName, mdlayherListener},
		{vishName, vishvanandaListener},
		{jsimName, jsimonettiListener},
	}
}

// queuedCase: receive events that wait in the queue. Making them is not measured.
func queuedCase() *Case {
	c := &Case{Name: queuedCaseName, Op: "one route event, read from a queue of up to 200", Reference: nlkitName, Yardstick: handName}
	for _, l := range listeners() {
		c.Candidates = append(c.Candidates, Candidate{Name: l.name, Open: func() (Runner, error) { return openQueued(l.open) }})
	}
	return c
}

// openPair opens the toggler and who listens to it.
func openPair(open func() (listener, error)) (*toggler, listener, error) {
	t, err := newToggler()
	if err != nil {
		return nil, listener{}, err
	}
	l, err := open()
	if err != nil {
		return nil, listener{}, errors.Join(err, t.close())
	}
	return t, l, nil
}

func openQueued(open func() (listener, error)) (Runner, error) {
	t, l, err := openPair(open)
	if err != nil {
		return Runner{}, err
	}
	run := func(clock Clock, n int) error {
		for n > 0 {
			k := min(n, burst)
			n -= k
			clock.StopTimer()
			if err := t.make(k); err != nil {
				return err
			}
			clock.StartTimer()
			for range k {
				if err := l.next(); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return Runner{Run: run, Close: func() error { return errors.Join(l.close(t), t.close()) }}, nil
}

// wakeupCase: the receiver waits, a writer makes one event, the receiver is
// woken up, reads it, and waits again. Measured is the whole circle, the
// writer's system call included.
//
// One processor runs Go code meanwhile: the writer's goroutine then gets it only
// once the receiver has found its queue empty and waits in the poller, and each
// event is a true wake-up.
func wakeupCase() *Case {
	c := &Case{Name: wakeupCaseName, Op: "one route event, made while the receiver waits", Reference: nlkitName, Yardstick: handName}
	for _, l := range listeners() {
		if l.name == vishName {
			// It waits in a blocking system call, not in the poller: with one
			// processor it would be measured how soon the scheduler notices.
			continue
		}
		c.Candidates = append(c.Candidates, Candidate{Name: l.name, Open: func() (Runner, error) { return openWakeup(l.open) }})
	}
	return c
}

func openWakeup(open func() (listener, error)) (Runner, error) {
	t, l, err := openPair(open)
	if err != nil {
		return Runner{}, err
	}
	procs := runtime.GOMAXPROCS(1)
	order := make(chan struct{})
	failed := make(chan error, 1)
	go func() {
		var err error
		for range order {
			if err == nil {
				err = t.single()
			}
		}
		failed <- err
	}()
	run := func(_ Clock, n int) error {
		for range n {
			order <- struct{}{}
			if err := l.next(); err != nil {
				return err
			}
		}
		return nil
	}
	return Runner{Run: run, Close: func() error {
		close(order)
		err := <-failed
		runtime.GOMAXPROCS(procs)
		return errors.Join(err, l.close(t), t.close())
	}}, nil
}

// single makes one event with one system call: no ACK is asked for. An error,
// which nobody expects, would be found by the next make.
func (t *toggler) single() error {
	t.present = !t.present
	if t.present {
		return t.socket.Send(addRoute(t.buf[:0], eventDst))
	}
	return t.socket.Send(delRoute(t.buf[:0], eventDst))
}

func checkEvent(typ uint16) error {
	if typ != unix.RTM_NEWROUTE && typ != unix.RTM_DELROUTE {
		return fmt.Errorf("got a message of type %d, want a route event", typ)
	}
	return nil
}

func nlkitListener() (listener, error) {
	s, err := netlink.Subscribe(wire.Route, nil, unix.RTNLGRP_IPV4_ROUTE)
	if err != nil {
		return listener{}, err
	}
	ctx := context.Background()
	return listener{
		next: func() error {
			ev, err := s.Receive(ctx)
			if err != nil {
				return err
			}
			if ev.Overrun {
				return fmt.Errorf("%d events lost", ev.Lost)
			}
			return checkEvent(uint16(ev.Message.Type()))
		},
		close: func(*toggler) error { return s.Close() },
	}, nil
}

// handListener relies on what the kernel does today: one event in a datagram.
func handListener() (listener, error) {
	s, err := hand.Open(unix.RTNLGRP_IPV4_ROUTE)
	if err != nil {
		return listener{}, err
	}
	return listener{
		next: func() error {
			d, err := s.Receive()
			if err != nil {
				return err
			}
			m, rest := hand.Next(d)
			if m == nil || len(rest) > 0 {
				return fmt.Errorf("datagram of %d bytes is not one message", len(d))
			}
			return checkEvent(binary.NativeEndian.Uint16(m[4:]))
		},
		close: func(*toggler) error { return s.Close() },
	}, nil
}

func mdlayherListener() (listener, error) {
	c, err := mdlayher.Dial(unix.NETLINK_ROUTE, nil)
	if err != nil {
		return listener{}, err
	}
	if err := c.JoinGroup(unix.RTNLGRP_IPV4_ROUTE); err != nil {
		return listener{}, errors.Join(err, c.Close())
	}
	return listener{
		next: func() error {
			msgs, err := c.Receive()
			return oneEvent(msgs, err)
		},
		close: func(*toggler) error { return c.Close() },
	}, nil
}

// oneEvent checks what mdlayher, or jsimonetti on top of it, has received.
func oneEvent(msgs []mdlayher.Message, err error) error {
	if err != nil {
		return err
	}
	if len(msgs) != 1 {
		return fmt.Errorf("%d messages, want 1", len(msgs))
	}
	return checkEvent(uint16(msgs[0].Header.Type))
}

func vishvanandaListener() (listener, error) {
	ch := make(chan vishvananda.RouteUpdate)
	done := make(chan struct{})
	var failure error
	err := vishvananda.RouteSubscribeWithOptions(ch, done, vishvananda.RouteSubscribeOptions{
		ErrorCallback: func(err error) { failure = err },
	})
	if err != nil {
		return listener{}, err
	}
	return listener{
		next: func() error {
			u, ok := <-ch
			if !ok {
				return fmt.Errorf("subscription ended: %w", failure)
			}
			return checkEvent(u.Type)
		},
		close: func(t *toggler) error {
			// Its goroutine waits in a system call and notices at the next
			// event only, so there is one.
			close(done)
			if err := t.make(1); err != nil {
				return err
			}
			for range ch {
			}
			return nil
		},
	}, nil
}

func jsimonettiListener() (listener, error) {
	c, err := rtnetlink.Dial(&mdlayher.Config{Groups: unix.RTMGRP_IPV4_ROUTE})
	if err != nil {
		return listener{}, err
	}
	return listener{
		next: func() error {
			_, msgs, err := c.Receive()
			return oneEvent(msgs, err)
		},
		close: func(*toggler) error { return c.Close() },
	}, nil
}
