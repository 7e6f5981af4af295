package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// reload shows a family that goes and comes back under another number, and a
// client that goes on.
func reload(ctx context.Context, s *session) error {
	s.title("reload: a module that goes and comes back")
	s.explain(fmt.Sprintf("A family's number holds until its module is unloaded. Loaded again the family has another one, as the kernel counts "+
		"on, and its groups may have other numbers too. A program that looks %s up once and keeps the number for ever, as the "+
		"example of the notes does, is cut off from then on, or talks to whoever has the number next. nlctrl tells what "+
		"comes and goes on a multicast group of its own, \"notify\". A genetlink.Conn and a Subscription listen there.", FamilyName))
	r, err := s.reloader(ctx)
	if err != nil {
		return err
	}
	defer r.close()
	before, err := r.ask(ctx)
	if err != nil {
		return err
	}
	s.fact("%s is family %d now, and %s is group %d", FamilyName, before.ID, GroupName, r.group())
	if err := r.unload(ctx, before); err != nil {
		return err
	}
	after, err := r.load(ctx, before)
	if err != nil {
		return err
	}
	if err := r.keptNumber(ctx, before, after); err != nil {
		return err
	}
	s.explain("And the client that was there all the time: the same Conn, the same request by the family's name. It has read nlctrl's " +
		"words and asks for the new number by itself. The same Subscription has joined the group anew.")
	if _, err := r.ask(ctx); err != nil {
		return err
	}
	if err := r.heard(ctx); err != nil {
		return err
	}
	s.done(fmt.Sprintf("family %d became family %d, and neither client nor listener had to be started again", before.ID, after.ID))
	return nil
}

// reloader is a client and a listener that live through a reload.
type reloader struct {
	*session
	conn *genetlink.Conn
	sub  *genetlink.Subscription
}

func (s *session) reloader(ctx context.Context) (*reloader, error) {
	// The sockets for nlctrl's words are not shown: their part is told.
	quiet := &netlink.Options{Via: s.side.Opener()}
	nl, err := netlink.Dial(wire.Generic, s.client("client", wire.Generic, *quiet))
	if err != nil {
		return nil, err
	}
	r := &reloader{session: s, conn: genetlink.New(nl, quiet)}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if r.sub, err = r.conn.Subscribe(ctx, FamilyName, GroupName); err != nil {
		r.conn.Close()
		return nil, err
	}
	return r, nil
}

func (r *reloader) close() {
	r.sub.Close()
	r.conn.Close()
}

// group is the number of the group that the listener has joined.
func (r *reloader) group() uint32 {
	for _, g := range r.sub.Groups() {
		return g.ID
	}
	return 0
}

// ask sends ECHO and returns the family as it was for that.
func (r *reloader) ask(ctx context.Context) (*genetlink.Family, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	reply, err := echo(ctx, r.conn)
	if err != nil {
		return nil, err
	}
	if err := r.side.Settle(ctx); err != nil {
		return nil, err
	}
	r.output("client", "get: "+reply)
	if err := expect("reply", reply, kernelText); err != nil {
		return nil, err
	}
	return r.conn.Family(ctx, FamilyName)
}

// unload takes the module out and asks the family that is gone.
func (r *reloader) unload(ctx context.Context, before *genetlink.Family) error {
	r.explain("The module is unloaded. The kernel takes the group away from its members without a word to them: all that tells is " +
		"nlctrl, with DELMCAST_GRP and DELFAMILY.")
	wait, err := r.side.Unload(ctx, r.instruct)
	if err != nil {
		return fmt.Errorf("unloading the module: %w", err)
	}
	ev, err := r.event(ctx, wait, genetlink.Unloaded)
	if err != nil {
		return fmt.Errorf("waiting for the module to be unloaded: %w", err)
	}
	r.fact("the listener is told: %v, family %d is gone", ev.Kind, ev.Family.ID)
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err = echo(ctx, r.conn)
	if unknown, ok := errors.AsType[*genetlink.UnknownFamilyError](err); !ok {
		return fmt.Errorf("ECHO with the module gone (family %d): expected that %s is unknown, got: %w", before.ID, FamilyName, err)
	} else if unknown.Name != FamilyName {
		return fmt.Errorf("ECHO with the module gone: %q is unknown, expected %q", unknown.Name, FamilyName)
	}
	r.fact("the client asks: there is no family %s (%s). That is not the end of the client: it may ask again", FamilyName, netlink.ENOENT.Name())
	return nil
}

// load puts the module back.
func (r *reloader) load(ctx context.Context, before *genetlink.Family) (*genetlink.Family, error) {
	r.explain("The module is loaded again.")
	wait, err := r.side.Load(ctx, r.instruct)
	if err != nil {
		return nil, fmt.Errorf("loading the module: %w", err)
	}
	ev, err := r.event(ctx, wait, genetlink.Loaded)
	if err != nil {
		return nil, fmt.Errorf("waiting for the module to be loaded: %w", err)
	}
	if ev.Err != nil {
		return nil, fmt.Errorf("joining the group again: %w", ev.Err)
	}
	r.fact("the listener is told: %v, %s is family %d now, and %s is group %d", ev.Kind, FamilyName, ev.Family.ID, GroupName, r.group())
	if ev.Family.ID == before.ID {
		return nil, fmt.Errorf("loaded again the family has its old number %d, expected another", before.ID)
	}
	return ev.Family, nil
}

// keptNumber asks the way a program does that has kept the number.
func (r *reloader) keptNumber(ctx context.Context, before, after *genetlink.Family) error {
	r.explain(fmt.Sprintf("First a client that has kept number %d:", before.ID))
	var b wire.Builder
	genetlink.Begin(&b, before.ID, 0, genetlink.Header{Cmd: cmdEcho, Version: familyVersion}, nil)
	b.Text(attrMsg, userText)
	req, err := b.Bytes()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err = r.conn.Netlink().Do(ctx, req, nil)
	if !errors.Is(err, netlink.ENOENT) {
		return fmt.Errorf("ECHO to number %d, where %s is %d: expected %s, got: %w", before.ID, FamilyName, after.ID, netlink.ENOENT.Name(), err)
	}
	r.fact("family %d: %s. It would be an answer of another family's if one had the number by now", before.ID, netlink.ENOENT.Name())
	return nil
}

// heard triggers the notification, which the listener has to get.
func (r *reloader) heard(ctx context.Context) error {
	if err := r.side.Trigger(ctx); err != nil {
		return fmt.Errorf("trigger: %w", err)
	}
	ev, err := r.event(ctx, patience, genetlink.Notification)
	if err != nil {
		return fmt.Errorf("listener: %w", err)
	}
	a, ok := wire.FindAttr(ev.Message.Attrs, attrMsg)
	if !ok {
		return errors.New("listener: the notification has no MSG")
	}
	r.output("listener", a.Text())
	return expect("listener", a.Text(), kernelText)
}

// event waits for the listener's next event, which has to be of one kind.
func (r *reloader) event(ctx context.Context, wait time.Duration, want genetlink.EventKind) (genetlink.Event, error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	ev, err := r.sub.Receive(ctx)
	if err == nil && ev.Kind != want {
		err = fmt.Errorf("got an event of kind %v, expected %v", ev.Kind, want)
	}
	return ev, err
}

// instruct tells a person what to type.
func (r *recorder) instruct(command string) { r.add(Event{Kind: Instruct, To: "you", Text: command}) }
