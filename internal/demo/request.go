package demo

import (
	"context"
	"errors"
	"fmt"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// request is the second demo of the notes: user to kernel through generic
// netlink.
func request(ctx context.Context, s *session) error {
	s.title("request: generic netlink, from user to kernel and back")
	s.explain("There are 32 netlink protocols and they ran out. Generic netlink is one of them, number 16, and shared by " +
		"any number of families. A message has four layers: nlmsghdr, whose type is the family's number; genlmsghdr, " +
		"with the command; the family's user header, if it has one (this one has none, hdrsize 0); and attributes, each " +
		"with a length and a type of its own, padded to 4 bytes.")
	nl, err := netlink.Dial(wire.Generic, s.client("client", wire.Generic, netlink.Options{Via: s.side.Opener()}))
	if err != nil {
		return err
	}
	// Without options for a second socket: nlctrl's notifications, which a
	// program that runs for long wants, would only be in the way here.
	c := genetlink.New(nl, nil)
	defer c.Close()

	s.explain("The kernel allots the family's number when it is registered, so it has to be asked for by name. The " +
		"family that knows the families is nlctrl, whose number 16 is fixed.")
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	f, err := c.Family(ctx, FamilyName)
	if err != nil {
		return err
	}
	s.fact("%s is family %d now: version %d, hdrsize %d, maxattr %d", f.Name, f.ID, f.Version, f.HeaderLen, f.MaxAttr)

	s.explain("The request: command ECHO with the attribute MSG. The string's NUL counts: 4 bytes of header, 28 letters and " +
		"the NUL are nla_len 33, and 3 bytes of padding follow that do not count.")
	reply, err := echo(ctx, c)
	if err != nil {
		return err
	}
	if err := s.side.Settle(ctx); err != nil {
		return err
	}
	s.output("client", "get: "+reply)
	if err := expect("reply", reply, kernelText); err != nil {
		return err
	}
	if err := emptyRequest(ctx, s, c); err != nil {
		return err
	}
	s.done("request " + userText + ", reply " + reply)
	return nil
}

// echo sends the text of the notes and returns the reply's.
func echo(ctx context.Context, c *genetlink.Conn) (reply string, err error) {
	_, err = c.Do(ctx, genetlink.Request{
		Family: FamilyName,
		Cmd:    cmdEcho,
		Attrs:  func(b *wire.Builder) { b.Text(attrMsg, userText) },
	}, func(m genetlink.Message) error {
		a, ok := wire.FindAttr(m.Attrs, attrMsg)
		if !ok {
			return errors.New("the reply has no MSG")
		}
		reply = a.Text()
		return nil
	})
	return reply, err
}

// emptyRequest shows what becomes of a request that lacks its attribute.
func emptyRequest(ctx context.Context, s *session, c *genetlink.Conn) error {
	s.explain("And a request that forgets MSG. The kernel side checks before it reads: the answer is an error, and its " +
		"extended ACK names the attribute that is missing. The module of the notes did not look, and read garbage.")
	_, err := c.Do(ctx, genetlink.Request{Family: FamilyName, Cmd: cmdEcho, Names: attrNames}, nil)
	if err == nil {
		return errors.New("an ECHO without MSG was accepted")
	}
	if !errors.Is(err, netlink.EINVAL) {
		return fmt.Errorf("an ECHO without MSG: expected %s, got: %w", netlink.EINVAL.Name(), err)
	}
	s.fact("refused, as it has to be: %v", err)
	return nil
}
