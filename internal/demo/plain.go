package demo

import (
	"context"
	"fmt"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// plain builds a message of the plain protocol.
func plain(t wire.Type, text string) ([]byte, error) {
	var b wire.Builder
	b.Message(wire.Header{Type: t, Flags: wire.Request})
	if text != "" {
		b.Raw(append([]byte(text), 0))
	}
	return b.Bytes()
}

// payload reads the text of a message of the plain protocol.
func payload(m wire.Message) string { return cString(m.Data()) }

// cString reads text up to its NUL.
func cString(b []byte) string {
	for i, c := range b {
		if c == 0 {
			return string(b[:i])
		}
	}
	return string(b)
}

// dialPlain opens a socket of the plain protocol whose datagrams are shown.
func (s *session) dialPlain(who string, o netlink.Options) (*netlink.Conn, error) {
	o.Via = s.side.Opener()
	return netlink.Dial(PlainProtocol, s.client(who, PlainProtocol, o))
}

// subscribePlain opens a socket that joins PlainGroup.
func (s *session) subscribePlain(who string, o netlink.Options) (*netlink.Subscription, error) {
	o.Via = s.side.Opener()
	return netlink.Subscribe(PlainProtocol, s.client(who, PlainProtocol, o), PlainGroup)
}

// ask sends a message, waits for the ACK and returns the reply's text, empty if
// there was no reply.
func ask(ctx context.Context, c *netlink.Conn, t wire.Type, text string) (string, error) {
	req, err := plain(t, text)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var reply string
	_, err = c.Do(ctx, req, func(m wire.Message) error {
		reply = payload(m)
		return nil
	})
	return reply, err
}

// broadcast has the kernel side send n broadcasts with a payload of size bytes
// each and returns when it has.
func (s *session) broadcast(ctx context.Context, c *netlink.Conn, n, size int) error {
	if _, err := ask(ctx, c, typeBroadcast, fmt.Sprintf(broadcastFormat, n, size)); err != nil {
		return fmt.Errorf("asking for broadcasts: %w", err)
	}
	return s.side.Settle(ctx)
}

// expect makes an error of a text that is not what it ought to be.
func expect(what, got, want string) error {
	if got != want {
		return fmt.Errorf("%s: got %q, expected %q", what, got, want)
	}
	return nil
}
