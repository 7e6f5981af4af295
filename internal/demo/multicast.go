package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

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
	wait := s.receive(ctx, all)
	defer wait()
	defer cancel() // if the trigger fails, there is nothing to wait for
	s.explain("The trigger: what a write to " + triggerPath + " does in the module of the notes. The kernel makes one " +
		"message and queues it at each member of the group. It has no sequence number (0) and is nobody's reply.")
	if err := s.side.Trigger(ctx); err != nil {
		return fmt.Errorf("trigger: %w", err)
	}
	for i, h := range wait() {
		who := all[i].who
		if h.err != nil {
			return fmt.Errorf("%s: %w", who, h.err)
		}
		s.output(who, h.text)
		if err := expect(who, h.text, kernelText); err != nil {
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
	held *hold
}

func (l *listener) close() {
	l.sub.Close()
	l.conn.Close()
}

func (s *session) listen(ctx context.Context, who string) (*listener, error) {
	o := s.client(who, wire.Generic, netlink.Options{Via: s.side.Opener()})
	held := &hold{tap: o.Tap}
	o.Tap = held.add
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
	return &listener{who: who, conn: c, sub: sub, held: held}, nil
}

// hold keeps back the datagrams one listener is shown to send and receive: the
// listeners run at the same time, and are told about one after the other.
type hold struct {
	tap func(netlink.Direction, []byte)

	mu   sync.Mutex
	on   bool
	kept []func()
}

func (h *hold) add(d netlink.Direction, b []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.on {
		h.tap(d, b)
		return
	}
	b = slices.Clone(b)
	h.kept = append(h.kept, func() { h.tap(d, b) })
}

func (h *hold) begin() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.on = true
}

// end shows what was kept back.
func (h *hold) end() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, show := range h.kept {
		show()
	}
	h.on, h.kept = false, nil
}

// heard is what one listener has to tell.
type heard struct {
	text string
	err  error
}

// receive lets all listeners receive one event each, at the same time, and
// returns when every one of them is at it. wait returns what they heard, in the
// listeners' order.
func (s *session) receive(ctx context.Context, all []*listener) (wait func() []heard) {
	out := make([]heard, len(all))
	var begun, done sync.WaitGroup
	begun.Add(len(all))
	for i, l := range all {
		l.held.begin()
		done.Go(func() {
			begun.Done()
			out[i] = l.receive(ctx)
		})
	}
	begun.Wait()
	return sync.OnceValue(func() []heard {
		done.Wait()
		for _, l := range all {
			l.held.end()
		}
		return out
	})
}

func (l *listener) receive(ctx context.Context) (h heard) {
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
		s.fact("the kernel's multicast function returned -%s: no socket took the message. That is so when nobody "+
			"listens, as here, and when the queue of every listener is full. It is no failure of the sender's, and a module must "+
			"not report it as one", netlink.ESRCH.Name())
	case err != nil:
		return fmt.Errorf("trigger with no listener: %w", err)
	case s.side.HidesESRCH():
		s.fact("nobody listened, and the sender cannot see it from here: inside the kernel the multicast function returns " +
			"-ESRCH then, as it does when the queue of every listener is full; neither is a failure of the sender's")
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
