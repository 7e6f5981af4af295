package client

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/codec"
)

// Event is one element of a subscription's stream.
type Event struct {
	// Kind tells what it is. Unloaded and Loaded come from generic netlink
	// families alone.
	Kind genetlink.EventKind

	Message Message // of a Notification; valid until the next Receive
	Group   string  // name of the group it was sent to, or its number where it has none; "" where it was sent to this socket alone
	From    uint32  // port id of the sender; 0 is the kernel
	NSID    int32   // id of the network namespace it came from, where HasNSID
	HasNSID bool

	Lost uint64 // with Overrun: how many messages

	Family *genetlink.Family // with Loaded and Unloaded
	Err    error             // with Loaded: groups that could not be joined again
}

// Subscription receives what a family multicasts, on a socket of its own.
// Receive and Events are for one goroutine at a time.
type Subscription struct {
	spec   *ynl.Spec
	raw    *netlink.Subscription // of a raw family
	gen    *genetlink.Subscription
	groups map[uint32]string // names of a raw family's groups
}

// Subscribe joins multicast groups by name. Without names it joins all there
// are: those of the spec of a raw family but for any that the kernel is too old
// for, those the kernel has of another. A
// number in a name's place is that of a raw family's group, whether the spec
// knows it or not. A group that is not there is a [*GroupError] or a
// [*genetlink.UnknownGroupError].
func (c *Client) Subscribe(ctx context.Context, groups ...string) (*Subscription, error) {
	s := &Subscription{spec: c.spec}
	if c.gen != nil {
		sub, err := c.gen.Subscribe(ctx, c.spec.Name, groups...)
		s.gen = sub
		if err != nil {
			return nil, err
		}
		return s, nil
	}
	err := ctx.Err()
	if err == nil {
		err = c.multi.Usable()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: subscribe: %w", c.spec.Name, err)
	}
	ids, err := c.groupIDs(groups)
	if err != nil {
		return nil, err
	}
	o, err := c.sideOptions("subscribe")
	if err != nil {
		return nil, err
	}
	s.groups = map[uint32]string{}
	for _, g := range c.spec.Groups {
		s.groups[g.ID] = g.Name
	}
	if len(groups) > 0 {
		s.raw, err = netlink.Subscribe(c.spec.Protocol, o, ids...)
	} else if s.raw, err = netlink.Subscribe(c.spec.Protocol, o); err == nil {
		err = s.joinAll(ids)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.spec.Name, err)
	}
	return s, nil
}

// joinAll joins the groups of a raw family of which all were asked for. The kernel
// may be older than some of them, which it refuses; it is an error if it refuses
// all.
func (s *Subscription) joinAll(ids []uint32) error {
	var refused error
	joined := 0
	for _, id := range ids {
		switch err := s.raw.Join(id); {
		case err == nil:
			joined++
		case errors.Is(err, netlink.EINVAL):
			refused = err
		default:
			return errors.Join(err, s.raw.Close())
		}
	}
	if joined == 0 && refused != nil {
		return errors.Join(refused, s.raw.Close())
	}
	return nil
}

// groupIDs finds the numbers of a raw family's groups.
func (c *Client) groupIDs(names []string) ([]uint32, error) {
	var ids []uint32
	add := func(id uint32) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, name := range names {
		if g := c.spec.Group(name); g != nil && g.ID != 0 {
			add(g.ID)
		} else if id, err := strconv.ParseUint(name, 0, 32); err == nil && id != 0 {
			add(uint32(id))
		} else {
			return nil, c.groupError(name)
		}
	}
	if len(names) > 0 {
		return ids, nil
	}
	for _, g := range c.spec.Groups {
		if g.ID != 0 {
			add(g.ID)
		}
	}
	if len(ids) == 0 {
		return nil, c.groupError("")
	}
	return ids, nil
}

// Receive waits for the next event. After an error of the context it may be
// called again.
func (s *Subscription) Receive(ctx context.Context) (Event, error) {
	if s.gen != nil {
		ev, err := s.gen.Receive(ctx)
		if err != nil {
			return Event{}, err
		}
		return s.generic(ev), nil
	}
	ev, err := s.raw.Receive(ctx)
	if err != nil {
		return Event{}, err
	}
	if ev.Overrun {
		return Event{Kind: genetlink.Overrun, Lost: ev.Lost}, nil
	}
	out := Event{
		Kind: genetlink.Notification, Group: s.groups[ev.Group],
		From: ev.From, NSID: ev.NSID, HasNSID: ev.HasNSID,
		Message: s.message(ev.Message, uint16(ev.Message.Type()), ev.Message.Data()),
	}
	if out.Group == "" && ev.Group != 0 {
		out.Group = strconv.FormatUint(uint64(ev.Group), 10)
	}
	return out, nil
}

// generic turns an event of generic netlink into one of the family.
func (s *Subscription) generic(ev genetlink.Event) Event {
	out := Event{
		Kind: ev.Kind, Group: ev.Group,
		From: ev.From, NSID: ev.NSID, HasNSID: ev.HasNSID,
		Lost: ev.Lost, Family: ev.Family, Err: ev.Err,
	}
	if out.Group == "" && ev.GroupID != 0 {
		out.Group = strconv.FormatUint(uint64(ev.GroupID), 10)
	}
	if ev.Kind == genetlink.Notification {
		out.Message = s.message(ev.Message.Wire, uint16(ev.Message.Cmd), behind(ev.Message))
	}
	return out
}

// message makes a Message of one that came unasked.
func (s *Subscription) message(m wire.Message, id uint16, payload []byte) Message {
	out := Message{Header: m.Header(), Payload: payload}
	if out.Op = s.spec.Incoming(id); out.Op == nil {
		out.Name = "msg-" + strconv.Itoa(int(id))
		out.Layout = codec.Layout{Header: s.spec.Header}
		return out
	}
	out.Name, out.Layout = out.Op.Name, codec.Of(out.Op)
	return out
}

// Events yields the events until the context ends or the socket fails, which is
// the last step's error.
func (s *Subscription) Events(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for {
			ev, err := s.Receive(ctx)
			if !yield(ev, err) || err != nil {
				return
			}
		}
	}
}

// Stats returns what was counted so far.
func (s *Subscription) Stats() netlink.Stats {
	if s.gen != nil {
		return s.gen.Stats()
	}
	return s.raw.Stats()
}

// Port returns the port id of the socket.
func (s *Subscription) Port() uint32 {
	if s.gen != nil {
		return s.gen.Port()
	}
	return s.raw.Port()
}

// Close closes the socket and ends a Receive under way.
func (s *Subscription) Close() error {
	if s.gen != nil {
		return s.gen.Close()
	}
	return s.raw.Close()
}
