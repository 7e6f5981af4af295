//go:build linux

package main

import (
	"context"
	"errors"

	"github.com/nlkit/nlkit/mirror"
	"github.com/nlkit/nlkit/netlink"
	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/bench/internal/hand"
	"github.com/nlkit/nlkit/wire"
)

const (
	mirrorName = nlkitName + ", mirror"

	takenCaseName = "event, made and taken in"
)

// mirrorDumper opens a mirror, which reads the whole table and keeps it, with its
// indexes; and closes it. Beside the IPv4 routes it reads those of IPv6, links,
// addresses and nexthop objects, of which there are a few.
func mirrorDumper() (dumper, error) {
	return dumper{close: func() error { return nil }, dump: func() (d routeSum, err error) {
		m, err := mirror.Open(context.Background(), mirror.Routes)
		if err != nil {
			return d, err
		}
		// Those of IPv6 are fewer than a namespace may have of its own.
		d.n = mirror.Routes.Len(m.Snapshot())
		return d, m.Close()
	}}, nil
}

// takenCase: events are made, 200 at a time, and read. The writer's time is in all of
// them: what is beyond that of the others is what it takes to keep a table, and to show
// it.
func takenCase() *Case {
	c := &Case{Name: takenCaseName, Op: "one route event, made and read; by the mirror: in a snapshot", Reference: nlkitName, Yardstick: handName}
	for _, k := range []struct {
		name string
		open func() (take func(n int) error, closeIt func() error, err error)
	}{
		{nlkitName, nlkitTaker},
		{mirrorName, mirrorTaker},
		{handName, handTaker},
	} {
		c.Candidates = append(c.Candidates, Candidate{Name: k.name, Open: func() (Runner, error) { return openTaker(k.open) }})
	}
	return c
}

func openTaker(open func() (func(int) error, func() error, error)) (Runner, error) {
	t, err := newToggler()
	if err != nil {
		return Runner{}, err
	}
	take, closeIt, err := open()
	if err != nil {
		return Runner{}, errors.Join(err, t.close())
	}
	run := func(_ Clock, n int) error {
		for n > 0 {
			k := min(n, burst)
			n -= k
			if err := errors.Join(t.make(k), take(k)); err != nil {
				return err
			}
		}
		return nil
	}
	return Runner{Run: run, Close: func() error { return errors.Join(closeIt(), t.close()) }}, nil
}

func mirrorTaker() (func(int) error, func() error, error) {
	ctx := context.Background()
	m, err := mirror.Open(ctx, mirror.Routes)
	if err != nil {
		return nil, nil, err
	}
	return func(int) error { return m.Sync(ctx) }, func() error {
		// Who loses does not take in.
		err := m.Close()
		for _, f := range m.Health().Feeds {
			if f.Dropped > 0 {
				err = errors.Join(err, errors.New("the mirror has lost events"))
			}
		}
		return err
	}, nil
}

func nlkitTaker() (func(int) error, func() error, error) {
	s, err := netlink.Subscribe(wire.Route, nil, unix.RTNLGRP_IPV4_ROUTE)
	if err != nil {
		return nil, nil, err
	}
	ctx := context.Background()
	return each(func() error {
		ev, err := s.Receive(ctx)
		if err != nil {
			return err
		}
		if ev.Overrun {
			return errors.New("events were lost")
		}
		return checkEvent(uint16(ev.Message.Type()))
	}), s.Close, nil
}

func handTaker() (func(int) error, func() error, error) {
	s, err := hand.Open(unix.RTNLGRP_IPV4_ROUTE)
	if err != nil {
		return nil, nil, err
	}
	return each(func() error {
		_, err := s.Receive()
		return err
	}), s.Close, nil
}

// each makes of the taking of one event that of many.
func each(next func() error) func(n int) error {
	return func(n int) error {
		for range n {
			if err := next(); err != nil {
				return err
			}
		}
		return nil
	}
}

// The figure of the first reading.
const mirrorLimit = 2.5

// judgeMirror compares the first reading with the bare typed dump. The figure is that
// of a million routes.
func (r *Report) judgeMirror() {
	routes, _ := r.largestDump()
	name := dumpCaseName(routes)
	v, ok := r.ratio(name, mirrorName, typedName)
	r.atMost(name+", mirrored", "time to the bare typed dump", v, mirrorLimit, ok)
}
