package genetlink

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// checkEvery is how often a subscription looks whether its family is still the
// same where the controller's notifications cannot be had.
const checkEvery = 10 * time.Second

// Subscription receives what one family multicasts, on a socket of its own.
//
// It also listens to the controller there. When the family is unloaded, the
// kernel takes its groups away from every listener without a word to them; when
// it is loaded again it has another number and other groups. A Subscription
// notices both, joins the new groups and tells by events of their own kinds. It
// may therefore be used as long as the machine runs. After an overrun, which may
// have swallowed the controller's words, it looks by itself whether the family
// is still the same. Where the controller's group cannot be joined it looks every
// ten seconds.
//
// Receive, TryReceive and Events are for one goroutine at a time. The other
// methods may be called at any time.
type Subscription struct {
	nl     *netlink.Subscription
	opts   *netlink.Options
	name   string
	notify uint32   // number of the controller's group, if it was joined, else 0
	held   []uint32 // marks that have come while the family had to be looked at

	mu        sync.Mutex
	all       bool     // every group the family has
	want      []string // else these
	family    *Family  // nil while it is not loaded
	last      *Family  // the last one that was
	joined    []Group
	stale     bool      // the family has to be looked at
	nextCheck time.Time // when to do so without being told
	foreign   uint64
}

// Subscribe joins multicast groups of a family on a socket of their own. Without
// names it joins all groups the family has; a group that the kernel refuses is
// an error nevertheless, so that nothing is missing unnoticed. Group numbers may
// be of any size.
//
// An Options.Filter of the Conn holds for this socket too, and must let messages
// of type 0x10 (ControllerID) through: by those the Subscription learns that the
// family is unloaded and loaded.
//
// A family that is not there is an [*UnknownFamilyError]; to be there before it
// is, use [Conn.WaitFamily] first. A group it does not have is an
// [*UnknownGroupError].
func (c *Conn) Subscribe(ctx context.Context, family string, groups ...string) (*Subscription, error) {
	if c.opts == nil {
		return nil, errors.New("subscribe: this Conn was made without options to open another socket with")
	}
	o := sideOptions(c.opts)
	nl, err := netlink.Subscribe(wire.Generic, &o)
	if err != nil {
		return nil, err
	}
	s := &Subscription{nl: nl, opts: c.opts, name: family, all: len(groups) == 0}
	for _, g := range groups {
		s.addWanted(g)
	}
	if err := s.start(ctx, c); err != nil {
		nl.Close()
		return nil, err
	}
	return s, nil
}

// start joins the controller's group first: whatever happens to the family
// after it was looked up is then in the queue.
func (s *Subscription) start(ctx context.Context, c *Conn) error {
	if g, err := notifyGroup(ctx, c.nl); err == nil && s.nl.Join(g.ID) == nil {
		s.notify = g.ID
	} else if ctx.Err() != nil {
		return ctx.Err()
	}
	// Not the resolver's word: an answer given before the group was joined
	// could be revoked by a notification that this socket has not received.
	f, err := getFamily(ctx, c.nl, s.name, 0)
	if err != nil {
		return c.explain(ctx, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextCheck = time.Now().Add(checkEvery)
	return s.adopt(f)
}

// Receive waits for the next event. After an error of the context it may be
// called again; so it may after a [*wire.Malformed], which says that a message
// was not understood.
func (s *Subscription) Receive(ctx context.Context) (Event, error) {
	for {
		if s.isStale() || len(s.held) > 0 {
			ev, ok, err := s.tryReceive(ctx)
			if ok || err != nil {
				return ev, err
			}
			continue
		}
		in, err := s.wait(ctx)
		if err != nil {
			if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
				s.setStale() // the time of checkEvery is over
				continue
			}
			return Event{}, err
		}
		if ev, ok, err := s.take(in); ok || err != nil {
			return ev, err
		}
	}
}

// wait receives, but not longer than until the next check is due, if there are
// to be any.
func (s *Subscription) wait(ctx context.Context) (netlink.Event, error) {
	if s.notify != 0 || s.name == ControllerName {
		return s.nl.Receive(ctx)
	}
	s.mu.Lock()
	due := s.nextCheck
	s.mu.Unlock()
	ctx, cancel := context.WithDeadline(ctx, due)
	defer cancel()
	return s.nl.Receive(ctx)
}

// TryReceive returns the next event if there is one. It does not wait for
// events. After an overrun it may ask the controller once, which answers at
// once.
func (s *Subscription) TryReceive() (ev Event, ok bool, err error) {
	return s.tryReceive(context.Background())
}

func (s *Subscription) tryReceive(ctx context.Context) (Event, bool, error) {
	for {
		if len(s.held) > 0 && !s.isStale() {
			seq := s.held[0]
			s.held = s.held[1:]
			return Event{Kind: Marked, Mark: seq}, true, nil
		}
		in, ok, err := s.nl.TryReceive()
		if err != nil {
			return Event{}, false, err
		}
		if !ok {
			if !s.isStale() {
				return Event{}, false, nil
			}
			// Only now: an overrun queue drops everything until it has been
			// read empty, so that what is asked earlier can be outdated
			// unnoticed.
			if ev, ok, err := s.check(ctx); ok || err != nil || len(s.held) == 0 {
				return ev, ok, err
			}
			continue
		}
		if ev, ok, err := s.take(in); ok || err != nil {
			return ev, ok, err
		}
	}
}

// Events yields the events until the context ends or the socket fails, which is
// the last step's error. The iteration goes on after a [*wire.Malformed].
func (s *Subscription) Events(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for {
			ev, err := s.Receive(ctx)
			if !yield(ev, err) || err != nil && !isMalformed(err) {
				return
			}
		}
	}
}

// Join adds a group of the family. While the family is not loaded the name is
// noted for when it will be.
func (s *Subscription) Join(group string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.family != nil {
		g, ok := s.family.Group(group)
		if !ok {
			return unknownGroup(s.family, group)
		}
		if err := s.join(g); err != nil {
			return err
		}
	}
	s.addWanted(group)
	return nil
}

// Leave gives a group up. What is queued of it is dropped. To leave a group
// that was not joined is no error.
func (s *Subscription) Leave(group string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all {
		// From all groups to all but one.
		s.all = false
		for _, g := range s.last.Groups {
			s.addWanted(g.Name)
		}
	}
	s.want = slices.DeleteFunc(s.want, func(name string) bool { return name == group })
	var err error
	s.joined = slices.DeleteFunc(s.joined, func(g Group) bool {
		if g.Name != group {
			return false
		}
		if g.ID != s.notify {
			err = s.nl.Leave(g.ID)
		}
		return true
	})
	return err
}

// Family returns the family as it is now, or nil while it is not loaded.
func (s *Subscription) Family() *Family {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.family
}

// Groups returns the groups that are joined now.
func (s *Subscription) Groups() []Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Group(nil), s.joined...)
}

// Port returns the port id of the socket.
func (s *Subscription) Port() uint32 { return s.nl.Port() }

// Mark puts a mark into the stream: an Event of kind Marked with the number it
// returns comes behind everything that was multicast before the call, or an Overrun
// comes in its place. See [netlink.Subscription.Mark].
//
// A mark behind an overrun comes only when the family was looked at again: with
// it, whatever Unloaded or Loaded there was to be told has been told.
func (s *Subscription) Mark() (seq uint32, err error) { return s.nl.Mark() }

// Congested reports whether messages were lost that no Overrun has told of yet. It is for
// the goroutine that receives: see [netlink.Subscription.Congested].
func (s *Subscription) Congested() bool { return s.nl.Congested() }

// MemInfo reads the state of the receive queue.
func (s *Subscription) MemInfo() (netlink.MemInfo, error) { return s.nl.MemInfo() }

// Stats returns what was counted so far. Foreign includes the messages of other
// families and of groups not joined.
func (s *Subscription) Stats() netlink.Stats {
	st := s.nl.Stats()
	s.mu.Lock()
	defer s.mu.Unlock()
	st.Foreign += s.foreign
	return st
}

// Close closes the socket and ends a Receive under way.
func (s *Subscription) Close() error { return s.nl.Close() }

// take turns what the socket received into an event. It reports false for what
// is not for the caller.
func (s *Subscription) take(in netlink.Event) (Event, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if in.Overrun {
		s.stale = s.name != ControllerName
		return Event{Kind: Overrun, Lost: in.Lost, Family: s.family}, true, nil
	}
	if in.Mark != 0 {
		if s.stale {
			s.held = append(s.held, in.Mark)
			return Event{}, false, nil
		}
		return Event{Kind: Marked, Mark: in.Mark}, true, nil
	}
	if in.Message.Type() == ControllerID && s.name != ControllerName {
		return s.heed(in.Message)
	}
	if s.family == nil || in.Message.Type() != wire.Type(s.family.ID) {
		s.foreign++
		return Event{}, false, nil
	}
	name, ok := s.groupName(in.Group)
	if !ok {
		s.foreign++
		return Event{}, false, nil
	}
	m, err := Parse(in.Message, int(s.family.HeaderLen))
	if err != nil {
		return Event{}, false, fmt.Errorf("event of family %q: %w", s.name, err)
	}
	return Event{
		Kind: Notification, Message: m, Group: name, GroupID: in.Group,
		From: in.From, NSID: in.NSID, HasNSID: in.HasNSID, Family: s.family,
	}, true, nil
}

// groupName reports false for a group that is not joined. Group 0 is this
// socket alone.
func (s *Subscription) groupName(id uint32) (string, bool) {
	for _, g := range s.joined {
		if g.ID == id {
			return g.Name, true
		}
	}
	return "", id == 0
}

func isMalformed(err error) bool {
	_, ok := errors.AsType[*wire.Malformed](err)
	return ok
}
