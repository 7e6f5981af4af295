//go:build linux

package main

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/bench/internal/hand"
)

// filler grows the table of the dump cases.
type filler struct{ have int }

func (f *filler) fill(routes int) error {
	if routes < f.have {
		return fmt.Errorf("the table has %d routes already, want %d", f.have, routes)
	}
	err := withSocket(func(s *hand.Socket) error {
		return s.Batch(routes-f.have, func(b []byte, i int) []byte { return addRoute(b, dumpBase+uint32(f.have+i)) })
	})
	if err != nil {
		return fmt.Errorf("fill the table with %d routes: %w", routes, err)
	}
	f.have = routes
	return nil
}

func (f *filler) empty() error {
	f.have = 0
	return emptyTable()
}

// emptyTable removes all routes on lo but its own, the quick way: the kernel
// drops them when a link goes down.
func emptyTable() error {
	return withSocket(func(s *hand.Socket) error {
		return errors.Join(s.Do(linkFlags(nil, loopback, 0), nil), s.Do(linkFlags(nil, loopback, unix.IFF_UP), nil))
	})
}

// extraRoutes bounds the routes a namespace has by itself: those of lo, IPv6
// ones included.
const extraRoutes = 8

// checkTable counts the routes there are.
func checkTable(want int) error {
	return withSocket(func(s *hand.Socket) error {
		n, err := s.Count(dumpRequest(nil))
		if err != nil {
			return err
		}
		return checkCount(n, want)
	})
}

func checkCount(have, want int) error {
	if have < want || have > want+extraRoutes {
		return fmt.Errorf("found %d routes where %d were expected", have, want)
	}
	return nil
}

func withSocket(use func(*hand.Socket) error) error {
	s, err := hand.Open()
	if err != nil {
		return err
	}
	return errors.Join(use(s), s.Close())
}
