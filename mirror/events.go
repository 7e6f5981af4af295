package mirror

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// event is one step of a feed's stream.
type event struct {
	kind    eventKind
	typ     uint16 // message type, or command
	flags   wire.Flags
	payload []byte // borrowed until the next step
	nsid    int32  // Own, or the namespace's id
	lost    uint64 // with eventOverrun
	mark    uint32 // with eventMark
}

type eventKind uint8

const (
	eventMessage eventKind = iota + 1
	eventOverrun
	eventMark
	eventUnloaded // a generic netlink family has gone
	eventLoaded   // and has come again
	eventNone     // of no concern
)

// source is an events socket.
type source interface {
	receive(ctx context.Context) (event, error)
	tryReceive() (event, bool, error)
	Congested() bool
	Mark() (uint32, error)
	MemInfo() (netlink.MemInfo, error)
	Close() error
}

// rawSource is that of a raw protocol.
type rawSource struct{ *netlink.Subscription }

func (s rawSource) receive(ctx context.Context) (event, error) {
	ev, err := s.Receive(ctx)
	return rawEvent(ev), err
}

func (s rawSource) tryReceive() (event, bool, error) {
	ev, ok, err := s.TryReceive()
	return rawEvent(ev), ok, err
}

func rawEvent(ev netlink.Event) event {
	switch {
	case ev.Overrun:
		return event{kind: eventOverrun, lost: ev.Lost}
	case ev.Mark != 0:
		return event{kind: eventMark, mark: ev.Mark}
	case len(ev.Message) < wire.HeaderLen || ev.Message.Type().IsControl():
		return event{kind: eventNone}
	}
	e := event{kind: eventMessage, typ: uint16(ev.Message.Type()), flags: ev.Message.Flags(),
		payload: ev.Message[wire.HeaderLen:], nsid: Own}
	if ev.HasNSID {
		e.nsid = ev.NSID
	}
	return e
}

// genericSource is that of a generic netlink family.
type genericSource struct{ *genetlink.Subscription }

func (s genericSource) receive(ctx context.Context) (event, error) {
	ev, err := s.Receive(ctx)
	return genericEvent(ev), err
}

func (s genericSource) tryReceive() (event, bool, error) {
	ev, ok, err := s.TryReceive()
	return genericEvent(ev), ok, err
}

func genericEvent(ev genetlink.Event) event {
	switch ev.Kind {
	case genetlink.Overrun:
		return event{kind: eventOverrun, lost: ev.Lost}
	case genetlink.Marked:
		return event{kind: eventMark, mark: ev.Mark}
	case genetlink.Unloaded:
		return event{kind: eventUnloaded}
	case genetlink.Loaded:
		return event{kind: eventLoaded}
	case genetlink.Notification:
		e := event{kind: eventMessage, typ: uint16(ev.Message.Cmd), flags: ev.Message.Wire.Flags(),
			payload: genericPayload(ev.Message), nsid: Own}
		if ev.HasNSID {
			e.nsid = ev.NSID
		}
		return e
	}
	return event{kind: eventNone}
}

// genericPayload is what stands behind the headers: a family's own header
// included.
func genericPayload(m genetlink.Message) []byte {
	return m.Wire[min(wire.HeaderLen+genetlink.HeaderLen, len(m.Wire)):]
}

// reader is a dump socket.
type reader interface {
	// read makes a request and yields the payloads of the answers, which are
	// borrowed.
	read(ctx context.Context, r Request) iter.Seq2[[]byte, error]
	// fence waits until what the kernel is at is done, as far as one can.
	fence(ctx context.Context) error
	Close() error
}

// rawReader reads a raw protocol.
type rawReader struct {
	*netlink.Conn
	protocol wire.Protocol
	b        wire.Builder
	buf      []byte
}

func (r *rawReader) request(q Request) ([]byte, error) {
	r.b.Reset(r.buf)
	r.b.Message(wire.Header{Type: wire.Type(q.Type), Flags: wire.Request})
	r.b.Raw(q.Payload)
	req, err := r.b.Bytes()
	r.buf = req[:0]
	return req, err
}

func (r *rawReader) read(ctx context.Context, q Request) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		req, err := r.request(q)
		if err != nil {
			yield(nil, err)
			return
		}
		if q.One {
			stopped := false
			_, err := r.Do(ctx, req, func(m wire.Message) error {
				stopped = stopped || !yield(m[wire.HeaderLen:], nil)
				return nil
			})
			if err != nil && !stopped && !isAbsent(err) {
				yield(nil, err)
			}
			return
		}
		for m, err := range r.Dump(ctx, req) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(m[min(wire.HeaderLen, len(m)):], nil) {
				return
			}
		}
	}
}

// rtmGetLink asks for one link.
const rtmGetLink = 18

// fence asks rtnetlink for the loopback link, which takes the lock that changes
// of the network's configuration hold: an event of theirs can be sent before
// they are complete.
func (r *rawReader) fence(ctx context.Context) error {
	if r.protocol != wire.Route {
		return nil
	}
	payload := make([]byte, ifInfoLen)
	hostOrder.PutUint32(payload[4:], 1)
	for _, err := range r.read(ctx, Request{Type: rtmGetLink, Payload: payload, One: true}) {
		if err != nil {
			return err
		}
	}
	return nil
}

// genericReader reads a generic netlink family.
type genericReader struct {
	*genetlink.Conn
	family string
	// done closes the namespace's descriptor, which sockets are still opened with.
	done func() error
}

func (r *genericReader) Close() error { return errors.Join(r.Conn.Close(), r.done()) }

func (r *genericReader) read(ctx context.Context, q Request) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		n := min(q.HeaderLen, len(q.Payload))
		req := genetlink.Request{Family: r.family, Cmd: uint8(q.Type), User: q.Payload[:n],
			Attrs: func(b *wire.Builder) { b.Raw(q.Payload[n:]) }}
		if q.One {
			stopped := false
			_, err := r.Do(ctx, req, func(m genetlink.Message) error {
				stopped = stopped || !yield(genericPayload(m), nil)
				return nil
			})
			// A link whose driver has no such settings (EOPNOTSUPP) has no record of them.
			if err != nil && !stopped && !isAbsent(err) && !errors.Is(err, netlink.EOPNOTSUPP) {
				yield(nil, err)
			}
			return
		}
		for m, err := range r.Dump(ctx, req) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(genericPayload(m), nil) {
				return
			}
		}
	}
}

func (*genericReader) fence(context.Context) error { return nil }

// isAbsent reports whether a refusal says that what was asked for is not there.
func isAbsent(err error) bool {
	return errors.Is(err, netlink.ENODEV) || errors.Is(err, netlink.ENOENT) ||
		errors.Is(err, netlink.ENXIO) || errors.Is(err, netlink.ESRCH)
}

// openEvents opens a feed's events socket and joins its groups.
func (f *feed) openEvents(ctx context.Context) (source, error) {
	o := f.eventOptions()
	// Without groups, of what is only polled, it is for marks alone.
	if f.protocol == wire.Generic && len(f.groupNames) > 0 {
		c, err := genetlink.Dial(&o)
		if err != nil {
			return nil, f.explainSocket(err)
		}
		defer c.Close()
		s, err := c.Subscribe(ctx, f.family, f.groupNames...)
		if err != nil {
			return nil, f.explainGroup(err, "a group")
		}
		return genericSource{s}, nil
	}
	s, err := netlink.Subscribe(f.protocol, &o)
	if err != nil {
		return nil, f.explainSocket(err)
	}
	groups := f.groups
	if f.protocol == wire.Route && f.m.opts.AllNamespaces {
		groups = append(slices.Clone(groups), groupNSID)
	}
	for _, g := range groups {
		if err := s.Join(g); err != nil {
			s.Close()
			return nil, f.explainGroup(err, fmt.Sprintf("group %d", g))
		}
	}
	return rawSource{s}, nil
}

// openReader opens a dump socket in the namespace of a space.
func (f *feed) openReader(sp *space) (reader, error) {
	name, done, err := sp.open()
	if err != nil {
		return nil, err
	}
	o := f.m.opts.dumpOptions(name)
	if f.protocol == wire.Generic {
		c, err := genetlink.Dial(&o)
		if err != nil {
			return nil, errors.Join(err, done())
		}
		return &genericReader{c, f.family, done}, nil
	}
	defer done()
	c, err := netlink.Dial(f.protocol, &o)
	if err != nil {
		return nil, err
	}
	return &rawReader{Conn: c, protocol: f.protocol}, nil
}
