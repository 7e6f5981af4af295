package demo

import (
	"context"
	"errors"
	"fmt"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// boundPort is the port id one client asks for by number.
const boundPort = 4242

// unicast is the first demo of the notes: plain netlink without a family.
func unicast(ctx context.Context, s *session) error {
	s.title("unicast: plain netlink, a protocol of its own")
	s.explain("Netlink is datagrams between processes and the kernel over sockets of family AF_NETLINK. The third " +
		"argument of socket() is the protocol, and says which kernel subsystem is meant; here it is number 20 (free when the demo was " +
		"written; RDMA has it today). A message " +
		"is a header of 16 bytes (nlmsghdr) and a payload; this protocol's payload is text with its NUL. " +
		"The header's fields are in the byte order of the machine.")
	for _, step := range []func(context.Context, *session) error{oneWay, twoWay, autobind, broadcasts} {
		if err := step(ctx, s); err != nil {
			return err
		}
	}
	s.done("one-way, two-way, autobind and ten broadcasts: all arrived")
	return nil
}

func oneWay(ctx context.Context, s *session) error {
	s.explain("One way: the client sends and waits for nothing. The kernel works the message off inside sendmsg(): " +
		"this direction has no queue and loses nothing.")
	c, err := s.dialPlain("client", netlink.Options{})
	if err != nil {
		return err
	}
	defer c.Close()
	msg, err := plain(typeOneWay, userText)
	if err != nil {
		return err
	}
	if err := c.Send(ctx, msg, netlink.Address{}); err != nil {
		return fmt.Errorf("one-way message: %w", err)
	}
	if err := s.side.Settle(ctx); err != nil {
		return err
	}
	s.fact("no reply and no ACK: NLM_F_ACK was not set, so nobody tells the sender how it went")
	return nil
}

func twoWay(ctx context.Context, s *session) error {
	s.explain("Two way, with a port id of the client's own choice: the kernel replies to the port the message really came " +
		"from, with the request's sequence number, and acknowledges because NLM_F_ACK asked for it. The ACK is an " +
		"NLMSG_ERROR with error 0.")
	c, err := bind(s)
	if err != nil {
		return err
	}
	defer c.Close()
	s.fact("bound to port id %d", c.Port())
	second, err := s.dialPlain("second client", netlink.Options{Port: c.Port()})
	if err == nil {
		second.Close()
		return fmt.Errorf("two sockets were bound to port id %d", c.Port())
	}
	if !errors.Is(err, netlink.EADDRINUSE) {
		return err
	}
	s.fact("a second socket that wants port id %d too gets %s: a port id names a socket, not a process, "+
		"so the getpid() of the old examples works for one socket per process", c.Port(), netlink.EADDRINUSE.Name())
	return s.hello(ctx, "client", c)
}

// bind opens a socket with a port id of its own choice. On a real machine
// somebody may have the first one already.
func bind(s *session) (*netlink.Conn, error) {
	for port := uint32(boundPort); ; port++ {
		c, err := s.dialPlain("client", netlink.Options{Port: port})
		if err == nil || !errors.Is(err, netlink.EADDRINUSE) || port > boundPort+10 {
			return c, err
		}
	}
}

func autobind(ctx context.Context, s *session) error {
	s.explain("The same without a choice: a socket that sends or binds with port id 0 is given a free one by the kernel, " +
		"and reads it back with getsockname(). This is the right way.")
	c, err := s.dialPlain("client", netlink.Options{})
	if err != nil {
		return err
	}
	defer c.Close()
	s.fact("the kernel chose port id %d", c.Port())
	return s.hello(ctx, "client", c)
}

// hello sends the text of the notes and checks the answer.
func (s *session) hello(ctx context.Context, who string, c *netlink.Conn) error {
	reply, err := ask(ctx, c, typeTwoWay, userText)
	if err != nil {
		return fmt.Errorf("two-way message: %w", err)
	}
	if err := s.side.Settle(ctx); err != nil {
		return err
	}
	s.output(who, "get: "+reply)
	return expect("reply", reply, kernelText)
}

// tenBroadcasts is how often the module of the notes broadcasts, once a second.
const (
	tenBroadcasts = 10
	tenSize       = 32 // bytes of payload each
)

func broadcasts(ctx context.Context, s *session) error {
	s.explain(fmt.Sprintf("Broadcasts: the kernel sends to a multicast group, and every socket that joined it gets a copy. "+
		"A group has a number from 1 up; bind() wants a mask of bits instead. Group NUMBER %d is MASK %d (1<<%d, 0x%x). "+
		"Binding to mask %d means groups 1 and 3, a classic mistake. A mask reaches groups 1 to 32; the socket option "+
		"NETLINK_ADD_MEMBERSHIP takes a number of any size and is what this listener uses.",
		PlainGroup, PlainMask, PlainGroup-1, PlainMask, PlainGroup))
	l, err := s.subscribePlain("listener", netlink.Options{})
	if err != nil {
		return err
	}
	defer l.Close()
	s.fact("the listener (port id %d) joined group number %d, mask %d", l.Port(), PlainGroup, PlainMask)
	c, err := s.dialPlain("client", netlink.Options{})
	if err != nil {
		return err
	}
	defer c.Close()
	if err := s.broadcast(ctx, c, tenBroadcasts, tenSize); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for i := range tenBroadcasts {
		ev, err := l.Receive(ctx)
		if err != nil {
			return fmt.Errorf("broadcast %d: %w", i+1, err)
		}
		if ev.Overrun {
			return fmt.Errorf("%d broadcasts lost, none was expected to be", ev.Lost)
		}
		if ev.Group != PlainGroup {
			return fmt.Errorf("broadcast %d came from group %d, expected %d", i+1, ev.Group, PlainGroup)
		}
		if err := expect("broadcast", payload(ev.Message), broadcastText(i+1, tenBroadcasts)); err != nil {
			return err
		}
	}
	s.fact("all %d broadcasts arrived, from group %d. The module of the notes sends one a second; here they are sent at once",
		tenBroadcasts, PlainGroup)
	return nil
}

// broadcastText is what the kernel side puts into broadcast i of n.
func broadcastText(i, n int) string { return fmt.Sprintf("broadcast %d of %d", i, n) }

// broadcastMessage builds broadcast i of n with a payload of size bytes, more
// if its text needs more.
func broadcastMessage(i, n, size int) ([]byte, error) {
	text := append([]byte(broadcastText(i, n)), 0)
	if len(text) < size {
		text = append(text, make([]byte, size-len(text))...)
	}
	var b wire.Builder
	b.Message(wire.Header{Type: typeBroadcast})
	b.Raw(text)
	return b.Bytes()
}
