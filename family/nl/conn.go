package nl

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/exchange"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Conn is a socket that requests to families are made on: to all families of its
// protocol, whose Clients may share it. It may be used by many goroutines at
// once.
//
// More sockets are opened when they are needed: one by [Subscribe] for each
// subscription, one by the first batch, and for generic netlink one that hears
// of families being unloaded (see [genetlink.Dial]).
type Conn struct {
	nl       *netlink.Conn
	gen      *genetlink.Conn // nil for a raw protocol
	opts     *netlink.Options
	batches  *exchange.Exchange
	calls    sync.Pool // of *call
	decoders sync.Map  // of *spareDecoders, by *Family: each has its own types
	headers  sync.Map  // of int, by *Op: see headerLen
}

// Dial opens a socket for a protocol by o, which may be nil. Whether the kernel
// has a family is not asked; see [DialFamily].
func Dial(protocol wire.Protocol, o *netlink.Options) (*Conn, error) {
	if o == nil {
		o = &netlink.Options{}
	}
	nl, err := netlink.Dial(protocol, o)
	if err != nil {
		return nil, err
	}
	return NewConn(nl, o), nil
}

// DialFamily opens a socket for a family's protocol by o, which may be nil. A
// generic netlink family is asked for, which may load its module: one that the
// kernel does not have is a [*genetlink.UnknownFamilyError].
func DialFamily(ctx context.Context, f *Family, o *netlink.Options) (*Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("%s: dial: %w", f.Name, err)
	}
	c, err := Dial(f.Protocol, o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	if c.gen != nil {
		if _, err := c.gen.Family(ctx, f.Name); err != nil {
			c.Close()
			return nil, err
		}
	}
	return c, nil
}

// NewConn makes a Conn of a netlink.Conn, which it owns from then on. o says how
// further sockets are opened; it is copied. With nil there are none, so that
// Subscribe and Batch fail.
func NewConn(nl *netlink.Conn, o *netlink.Options) *Conn {
	c := &Conn{nl: nl, batches: exchange.New()}
	if o != nil {
		side := *o
		side.Port = 0 // the netlink.Conn has it
		c.opts = &side
	}
	if nl.Protocol() == wire.Generic {
		c.gen = genetlink.New(nl, o)
	}
	c.calls.New = func() any { return &call{c: c, buf: make([]byte, 0, 256)} }
	return c
}

// Close closes the sockets. Calls under way end with os.ErrClosed. Subscriptions
// are not affected.
func (c *Conn) Close() error {
	err := c.batches.Close()
	if c.gen != nil {
		return errors.Join(err, c.gen.Close())
	}
	return errors.Join(err, c.nl.Close())
}

// Netlink returns the Conn underneath.
func (c *Conn) Netlink() *netlink.Conn { return c.nl }

// Genetlink returns the Conn of generic netlink underneath, and nil for a raw
// protocol.
func (c *Conn) Genetlink() *genetlink.Conn { return c.gen }

// sideOptions are those for one more socket.
func (c *Conn) sideOptions(what string) (*netlink.Options, error) {
	if c.opts == nil {
		return nil, fmt.Errorf("%s: the Conn was made without options to open another socket with: give NewConn some, or use Dial", what)
	}
	o := *c.opts
	return &o, nil
}

// speaks returns an error where a family is not to be reached by this Conn.
func (c *Conn) speaks(f *Family) error {
	if have := c.nl.Protocol(); have != f.Protocol {
		return fmt.Errorf("%s is a family of %v, and this Conn was opened for %v: dial another", f.Name, f.Protocol, have)
	}
	return nil
}

// headerLen returns how many bytes the fixed header of an operation's requests
// takes. It is asked for families that have one by the kernel's word.
func (c *Conn) headerLen(op *Op) int {
	if n, ok := c.headers.Load(op); ok {
		return n.(int)
	}
	var b wire.Builder
	op.New().AppendNetlink(&b) // an empty request is its header
	c.headers.Store(op, b.Len())
	return b.Len()
}

// spareDecoders are Decoders that are not in use, of one family.
type spareDecoders struct {
	// One is not in the pool, which forgets: it alone is what a program needs
	// that makes one call after the other, and the texts it knows are worth keeping.
	warm   atomic.Pointer[Decoder]
	others sync.Pool
}

// decoder returns a Decoder that messages of the family were decoded with before,
// if there is one: its memory is of the right types, and its texts are known.
func (c *Conn) decoder(f *Family) *Decoder {
	spare := c.spareDecoders(f)
	if d := spare.warm.Swap(nil); d != nil {
		return d
	}
	if d, ok := spare.others.Get().(*Decoder); ok {
		return d
	}
	return new(Decoder)
}

// keep takes a Decoder back. What was decoded with it is void, unless it was
// handed over.
func (c *Conn) keep(f *Family, d *Decoder) {
	d.Reset()
	d.own, d.depth = false, 0
	if spare := c.spareDecoders(f); !spare.warm.CompareAndSwap(nil, d) {
		spare.others.Put(d)
	}
}

func (c *Conn) spareDecoders(f *Family) *spareDecoders {
	s, ok := c.decoders.Load(f)
	if !ok {
		s, _ = c.decoders.LoadOrStore(f, new(spareDecoders))
	}
	return s.(*spareDecoders)
}
