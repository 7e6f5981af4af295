package nl

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Source is a family whose multicasts a [Subscription] receives, made by the
// function Events of the family's package.
type Source struct {
	family *Family
	groups []Group
}

// NewSource returns the Source of a family: of the groups, or of all it has, as far
// as the kernel, which may be older than the spec, knows them.
func NewSource(f *Family, groups ...Group) Source { return Source{f, groups} }

// Event is one step of a subscription.
type Event struct {
	// Notification is what came: by a type switch. It is borrowed until the
	// next step.
	Notification Notification
	Group        Group  // it was sent to; its number where the spec names none; "" where it was sent to this socket alone
	From         uint32 // port id of the sender; 0 is the kernel
	NSID         int32  // id of the network namespace it came from, where HasNSID
	HasNSID      bool   // see netlink.Options.ListenAllNSID
}

// String writes the notification's name and what it says.
func (ev Event) String() string {
	if ev.Notification == nil {
		return "no event"
	}
	return ev.Notification.NetlinkName() + " " + ev.Notification.String()
}

// Subscription receives what families multicast, on a socket of its own. Loss is
// part of the stream: see [Overrun]. It decodes into the same memory again, so
// that an event allocates nothing.
//
// Receive and Events are for one goroutine at a time; Close, Port and Stats may
// be called from any.
type Subscription struct {
	raw     *netlink.Subscription // of raw families
	gen     *genetlink.Subscription
	sources []*source
	names   map[uint32]Group // of groups that have one
	unknown Unknown
}

// source is a Source that was joined.
type source struct {
	*messages
	groups map[uint32]bool // all that the family has
}

// Subscribe joins the groups of one source or several. The order of what comes is
// the kernel's, over all of them. Several are possible where the families share a
// protocol, NETLINK_ROUTE say, but not for generic netlink, where each needs a
// Subscription of its own. Of a raw family a group may be given by its number in
// its name's place, whether the spec knows it or not.
//
// A group that is not there is a [*GroupError] or a
// [*genetlink.UnknownGroupError]. The Subscription must be closed.
func Subscribe(ctx context.Context, c *Conn, sources ...Source) (*Subscription, error) {
	if len(sources) == 0 {
		return nil, errors.New("subscribe: no sources: give the Events of at least one family")
	}
	err := ctx.Err()
	if err == nil {
		err = c.batches.Usable()
	}
	for i := 0; err == nil && i < len(sources); i++ {
		err = c.speaks(sources[i].family)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: subscribe: %w", sources[0].family.Name, err)
	}
	if c.gen != nil {
		return subscribeGeneric(ctx, c, sources)
	}
	return subscribeRaw(c, sources)
}

func subscribeGeneric(ctx context.Context, c *Conn, sources []Source) (*Subscription, error) {
	f := sources[0].family
	if len(sources) > 1 {
		return nil, fmt.Errorf("subscribe: %s and %s are generic netlink families, which cannot share a socket: subscribe to each on its own", f.Name, sources[1].family.Name)
	}
	groups := make([]string, len(sources[0].groups))
	for i, g := range sources[0].groups {
		groups[i] = string(g)
	}
	sub, err := c.gen.Subscribe(ctx, f.Name, groups...)
	if err != nil {
		return nil, err
	}
	return &Subscription{gen: sub, sources: []*source{{messages: newMessages(c, f)}}}, nil
}

func subscribeRaw(c *Conn, sources []Source) (*Subscription, error) {
	s := &Subscription{names: map[uint32]Group{}}
	var ids, all []uint32 // those that are named, and those of families without a name
	for _, from := range sources {
		more, err := from.groupIDs()
		if err != nil {
			return nil, err
		}
		list := &ids
		if len(from.groups) == 0 {
			list = &all
		}
		for _, id := range more {
			if !slices.Contains(*list, id) {
				*list = append(*list, id)
			}
		}
		src := &source{messages: newMessages(c, from.family), groups: map[uint32]bool{}}
		for _, g := range from.family.Groups {
			s.names[g.ID] = g.Name
			src.groups[g.ID] = true
		}
		s.sources = append(s.sources, src)
	}
	o, err := c.sideOptions("subscribe")
	if err != nil {
		return nil, err
	}
	if s.raw, err = netlink.Subscribe(c.nl.Protocol(), o, ids...); err == nil {
		err = s.joinAll(all)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", sources[0].family.Name, err)
	}
	return s, nil
}

// joinAll joins the groups of families of which all were asked for. The kernel may
// be older than some of them, which it refuses; it is an error if it refuses all.
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
func (s Source) groupIDs() ([]uint32, error) {
	var ids []uint32
	for _, name := range s.groups {
		i := slices.IndexFunc(s.family.Groups, func(g GroupInfo) bool { return g.Name == name && g.ID != 0 })
		if i >= 0 {
			ids = append(ids, s.family.Groups[i].ID)
		} else if id, err := strconv.ParseUint(string(name), 0, 32); err == nil && id != 0 {
			ids = append(ids, uint32(id))
		} else {
			return nil, groupError(s.family, name)
		}
	}
	if len(s.groups) > 0 {
		return ids, nil
	}
	for _, g := range s.family.Groups {
		if g.ID != 0 {
			ids = append(ids, g.ID)
		}
	}
	if len(ids) == 0 {
		return nil, groupError(s.family, "")
	}
	return ids, nil
}

func groupError(f *Family, name Group) error {
	e := &GroupError{Family: f.Name, Group: name}
	var names []string
	for _, g := range f.Groups {
		if g.ID != 0 {
			e.Groups = append(e.Groups, g.Name)
			names = append(names, string(g.Name))
		}
	}
	e.Near = near.Names(string(name), names)
	return e
}

// Receive waits for the next event. After an error of the context it may be
// called again.
func (s *Subscription) Receive(ctx context.Context) (Event, error) {
	if s.gen != nil {
		ev, err := s.gen.Receive(ctx)
		if err != nil {
			return Event{}, err
		}
		return s.generic(&ev), nil
	}
	ev, err := s.raw.Receive(ctx)
	switch {
	case err != nil:
		return Event{}, err
	case ev.Overrun:
		return Event{Notification: &Overrun{ev.Lost}}, nil
	}
	out := Event{Group: s.names[ev.Group], From: ev.From, NSID: ev.NSID, HasNSID: ev.HasNSID}
	if out.Group == "" && ev.Group != 0 {
		out.Group = number(ev.Group)
	}
	out.Notification = s.decode(ev.Group, ev.Message)
	return out, nil
}

// decode reads a message of a raw family: of one that has the group if there is
// such a family, since those of netfilter number their messages by themselves,
// or else of one that knows the type.
func (s *Subscription) decode(group uint32, m wire.Message) Notification {
	id := uint16(m.Type())
	for _, src := range s.sources {
		if src.groups[group] && src.find(id) != nil {
			return src.messages.decode(id, m.Data())
		}
	}
	for _, src := range s.sources {
		if src.find(id) != nil {
			return src.messages.decode(id, m.Data())
		}
	}
	s.unknown = Unknown{Type: id, Payload: m.Data()}
	if len(s.sources) == 1 {
		s.unknown.Family = s.sources[0].family.Name
	}
	return &s.unknown
}

// generic turns an event of generic netlink into one of the family.
func (s *Subscription) generic(ev *genetlink.Event) Event {
	out := Event{Group: Group(ev.Group), From: ev.From, NSID: ev.NSID, HasNSID: ev.HasNSID}
	if out.Group == "" && ev.GroupID != 0 {
		out.Group = number(ev.GroupID)
	}
	switch ev.Kind {
	case genetlink.Overrun:
		out.Notification = &Overrun{ev.Lost}
	case genetlink.Unloaded:
		out.Notification = &Unloaded{ev.Family}
	case genetlink.Loaded:
		out.Notification = &Loaded{ev.Family, ev.Err}
	default:
		payload := ev.Message.Wire.Data()[genetlink.HeaderLen:]
		out.Notification = s.sources[0].messages.decode(uint16(ev.Message.Cmd), payload)
	}
	return out
}

func number(group uint32) Group { return Group(strconv.FormatUint(uint64(group), 10)) }

// Events yields the events until the context ends or the socket fails, which is
// the last step's error. Breaking out is allowed at any time.
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

// Close closes the socket and ends a Receive under way, with os.ErrClosed.
func (s *Subscription) Close() error {
	if s.gen != nil {
		return s.gen.Close()
	}
	return s.raw.Close()
}
