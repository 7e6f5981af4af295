package demo

import (
	"context"
	"errors"
	"fmt"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// multicast is the third demo of the notes: kernel to user, one to many.
func multicast(ctx context.Context, s *session) error {
	s.title("multicast: generic netlink, from the kernel to many")
	who := "The listener"
	if s.listeners > 1 {
		who = fmt.Sprintf("Each of the %d listeners", s.listeners)
	}
	s.explain(fmt.Sprintf("The kernel speaks first. A family has multicast groups, each with a name and a number allotted by "+
		"the kernel; %s has %s. %s has a socket of its own, looks up the family, joins the group by its name and "+
		"waits. No mask of 0xffffffff, which would ask for every group up to 32, miss those above, and bring the messages "+
		"of other families. (It also asks nlctrl for nlctrl's own group, to be told when the family's module is loaded "+
		"anew, with another number.)", FamilyName, GroupName, who))
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var all []*listener
	defer func() {
		for _, l := range all {
			l.close()
		}
	}()
	for i := range s.listeners {
		l, err := s.listen(ctx, fmt.Sprintf("listener %d", i+1))
		if err != nil {
			return err
		}
		all = append(all, l)
	}
	s.explain("The trigger: what a write to " + triggerPath + " does in the module of the notes. The kernel makes one " +
		"message and queues it at each member of the group. It has no sequence number (0) and is nobody's reply.")
	if err := s.side.Trigger(ctx); err != nil {
		return fmt.Errorf("trigger: %w", err)
	}
	for _, text := range s.collect(ctx, all) {
		if err := text.err; err != nil {
			return fmt.Errorf("%s: %w", text.who, err)
		}
		s.output(text.who, text.text)
		if err := expect(text.who, text.text, kernelText); err != nil {
			return err
		}
	}
	for _, l := range all {
		l.close()
	}
	all = nil
	if err := nobody(ctx, s); err != nil {
		return err
	}
	s.done(count(s.listeners, "listener") + " got " + kernelText)
	return nil
}

// listener is one process of the demo in small: a goroutine and two sockets.
type listener struct {
	who  string
	conn *genetlink.Conn
	sub  *genetlink.Subscription
}

func (l *listener) close() {
	l.sub.Close()
	l.conn.Close()
}

func (s *session) listen(ctx context.Context, who string) (*listener, error) {
	o := s.client(who, wire.Generic, netlink.Options{Via: s.side.Opener()})
	nl, err := netlink.Dial(wire.Generic, o)
	if err != nil {
		return nil, err
	}
	c := genetlink.New(nl, o)
	sub, err := c.Subscribe(ctx, FamilyName, GroupName)
	if err != nil {
		c.Close()
		return nil, fmt.Errorf("%s: %w", who, err)
	}
	for _, g := range sub.Groups() {
		s.fact("%s (port id %d) joined %s, which is group %d now", who, sub.Port(), g.Name, g.ID)
	}
	return &listener{who: who, conn: c, sub: sub}, nil
}

// heard is what one listener has to tell.
type heard struct {
	who  string
	text string
	err  error
}

// collect lets every listener receive one event, each in a goroutine of its own,
// and returns what they heard in the listeners' order.
func (s *session) collect(ctx context.Context, all []*listener) []heard {
	out := make([]heard, len(all))
	turn := make(chan struct{}, 1) // one at a time, so that the events have an order
	turn <- struct{}{}
	for i, l := range all {
		<-turn
		go func() {
			defer func() { turn <- struct{}{} }()
			out[i] = l.receive(ctx)
		}()
	}
	<-turn
	return out
}

func (l *listener) receive(ctx context.Context) heard {
	h := heard{who: l.who}
	ev, err := l.sub.Receive(ctx)
	switch {
	case err != nil:
		h.err = err
		return h
	case ev.Kind != genetlink.Notification:
		h.err = fmt.Errorf("got an event of kind %v, expected a notification", ev.Kind)
		return h
	}
	a, ok := wire.FindAttr(ev.Message.Attrs, attrMsg)
	if !ok {
		h.err = errors.New("the notification has no MSG")
		return h
	}
	h.text = a.Text()
	return h
}

// nobody triggers once more with nobody listening.
func nobody(ctx context.Context, s *session) error {
	s.explain("Once more, now that all listeners are gone.")
	err := s.side.Trigger(ctx)
	switch {
	case errors.Is(err, netlink.ESRCH):
		s.fact("the kernel's multicast function returned -%s: no socket took the message. That is no failure: nobody was "+
			"listening, and a module must not report it as one", netlink.ESRCH.Name())
	case err != nil:
		return fmt.Errorf("trigger with no listener: %w", err)
	case s.side.HidesESRCH():
		s.fact("nobody listened, and the sender cannot see it from here: inside the kernel the multicast function returns " +
			"-ESRCH then, which is no failure")
	default:
		return errors.New("trigger with no listener: expected ESRCH, got no error")
	}
	return nil
}

// count says how many there are.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
