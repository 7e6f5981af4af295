package genetlink

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// This file is how a Subscription follows its family through unloading and
// loading. Its methods but check are called with s.mu held.

// heed looks at a message of the controller.
func (s *Subscription) heed(m wire.Message) (Event, bool, error) {
	n, ok, err := parseNotice(m)
	if err != nil {
		s.stale = true // what it said is to be found out
		return Event{}, false, nil
	}
	if !ok || n.family.Name != s.name {
		return Event{}, false, nil
	}
	switch n.cmd {
	case CtrlNewFamily:
		return s.loaded(n.family)
	case CtrlDelFamily:
		if s.family != nil && s.family.ID == n.family.ID {
			return s.unloaded()
		}
	case CtrlNewMcastGroup:
		s.grow(n.family)
	}
	return Event{}, false, nil
}

// check asks the controller for the family as it is now. It is called when the
// queue is empty, so that what happens after the answer will be queued.
func (s *Subscription) check(ctx context.Context) (Event, bool, error) {
	// A socket of its own: the Conn this came from may be closed by now.
	nl, err := netlink.Dial(wire.Generic, s.opts)
	if err != nil {
		return Event{}, false, err
	}
	defer nl.Close()
	f, err := getFamily(ctx, nl, s.name, 0)
	if err != nil && !isUnknown(err) {
		return Event{}, false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stale = false
	s.nextCheck = time.Now().Add(checkEvery)
	if f == nil {
		return s.unloaded()
	}
	return s.loaded(f)
}

func (s *Subscription) unloaded() (Event, bool, error) {
	if s.family == nil {
		return Event{}, false, nil
	}
	s.leaveAll()
	s.family = nil
	return Event{Kind: Unloaded, Family: s.last}, true, nil
}

// loaded takes the family as it is now. If that is nothing new there is no event.
func (s *Subscription) loaded(f *Family) (Event, bool, error) {
	if s.family != nil && s.family.ID == f.ID {
		return Event{}, false, nil
	}
	s.leaveAll()
	err := s.adopt(f)
	return Event{Kind: Loaded, Family: f, Err: err}, true, nil
}

// leaveAll gives up the groups of a family that is no more. The kernel has ended
// the memberships; but the numbers may be another family's before it is known
// here.
func (s *Subscription) leaveAll() {
	for _, g := range s.joined {
		_ = s.nl.Leave(g.ID) // not being in it any more is what is wanted
	}
	s.joined = s.joined[:0]
}

// adopt makes f the family and joins what is wanted of it.
func (s *Subscription) adopt(f *Family) error {
	s.family, s.last = f, f
	if s.all {
		if len(f.Groups) == 0 {
			return unknownGroup(f, "")
		}
		var errs []error
		for _, g := range f.Groups {
			errs = append(errs, s.join(g))
		}
		return errors.Join(errs...)
	}
	var errs []error
	for _, name := range s.want {
		g, ok := f.Group(name)
		if !ok {
			errs = append(errs, unknownGroup(f, name))
			continue
		}
		errs = append(errs, s.join(g))
	}
	return errors.Join(errs...)
}

// grow joins a group the family has got after its registration, which kernels
// before 3.13 allowed.
func (s *Subscription) grow(f *Family) {
	if s.family == nil || s.family.ID != f.ID {
		return
	}
	for _, g := range f.Groups {
		if s.all || slices.Contains(s.want, g.Name) {
			_ = s.join(g) // told again with the next Loaded
		}
	}
}

// join is to be called for groups of s.family.
func (s *Subscription) join(g Group) error {
	if slices.Contains(s.joined, g) {
		return nil
	}
	if err := s.nl.Join(g.ID); err != nil {
		return fmt.Errorf("join multicast group %q (%d) of family %q: %w", g.Name, g.ID, s.name, err)
	}
	s.joined = append(s.joined, g)
	return nil
}

func (s *Subscription) addWanted(group string) {
	if !slices.Contains(s.want, group) {
		s.want = append(s.want, group)
	}
}

func (s *Subscription) isStale() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stale
}

func (s *Subscription) setStale() {
	s.mu.Lock()
	s.stale = true
	s.mu.Unlock()
}

func unknownGroup(f *Family, group string) error {
	e := &UnknownGroupError{Family: f.Name, Group: group}
	for _, g := range f.Groups {
		e.Groups = append(e.Groups, g.Name)
	}
	return e
}
