package client

import (
	"errors"
	"fmt"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/exchange"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

// Client makes requests of one family. It may be used by many goroutines at
// once.
type Client struct {
	spec  *ynl.Spec
	nl    *netlink.Conn
	gen   *genetlink.Conn // nil for a raw family
	opts  *netlink.Options
	multi *exchange.Exchange
}

// Dial opens a socket for the family's protocol by o, which may be nil. More
// sockets are opened by it when they are needed: one by Subscribe for each
// subscription, one by the first Multi, and for a generic netlink family one
// that hears of its unloading (see [genetlink.Dial]). Whether the kernel has the
// family is not asked yet.
func Dial(spec *ynl.Spec, o *netlink.Options) (*Client, error) {
	if o == nil {
		o = &netlink.Options{}
	}
	nl, err := netlink.Dial(spec.Protocol, o)
	if err != nil {
		return nil, err
	}
	return New(spec, nl, o), nil
}

// New makes a Client of a Conn of the family's protocol, which it owns from
// then on. o says how further sockets are opened; with nil there are none, so
// that Subscribe and Multi fail.
func New(spec *ynl.Spec, nl *netlink.Conn, o *netlink.Options) *Client {
	c := &Client{spec: spec, nl: nl, multi: exchange.New()}
	if o != nil {
		side := *o
		side.Port = 0 // the Conn has it
		c.opts = &side
	}
	if !spec.IsRaw() {
		c.gen = genetlink.New(nl, o)
	}
	return c
}

// Close closes the sockets. Subscriptions are not affected.
func (c *Client) Close() error {
	err := c.multi.Close()
	if c.gen != nil {
		return errors.Join(err, c.gen.Close())
	}
	return errors.Join(err, c.nl.Close())
}

// Spec returns the spec of the family.
func (c *Client) Spec() *ynl.Spec { return c.spec }

// Netlink returns the Conn underneath.
func (c *Client) Netlink() *netlink.Conn { return c.nl }

// Genetlink returns the Conn of generic netlink underneath, and nil for a raw
// family.
func (c *Client) Genetlink() *genetlink.Conn { return c.gen }

// headers is how many bytes of a message stand before what its layout
// describes.
func (c *Client) headers() int {
	if c.gen == nil {
		return wire.HeaderLen
	}
	return wire.HeaderLen + genetlink.HeaderLen
}

// sideOptions are those for one more socket.
func (c *Client) sideOptions(what string) (*netlink.Options, error) {
	if c.opts == nil {
		return nil, fmt.Errorf("%s: %s: the Client was made without options to open another socket with", c.spec.Name, what)
	}
	o := *c.opts
	return &o, nil
}
