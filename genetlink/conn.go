package genetlink

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Conn asks generic netlink families by name. It may be used by many goroutines
// at once.
//
// A family's number is looked up at the controller once and kept until the
// controller says, on a second socket, that the family has gone or come. If
// that socket cannot be had, a number is believed for one second. In either
// case a request that fails because the number has just become wrong is sent
// once more to the right one.
type Conn struct {
	nl       *netlink.Conn
	opts     *netlink.Options // for more sockets; nil: there can be none
	resolver *resolver
	calls    sync.Pool // of *call
}

// Dial opens a generic netlink socket by o, which may be nil. A second socket,
// for the controller's notifications, is opened when the first family is
// looked up, and more by Subscribe and for checks. All of them are opened by o:
// a descriptor in o.Namespace has to stay open as long as the Conn and its
// subscriptions are, and where threads of the process are in different
// namespaces, o.Namespace has to name one.
//
// An o.Filter runs on all of these sockets but that for the notifications. It has
// to let through what they live on beside the family's messages: those of the
// controller (type 0x10, ControllerID), of which Subscribe hears that the family
// has gone or come, and answers (the control messages, types below 0x10).
func Dial(o *netlink.Options) (*Conn, error) {
	if o == nil {
		o = &netlink.Options{}
	}
	nl, err := netlink.Dial(wire.Generic, o)
	if err != nil {
		return nil, err
	}
	return New(nl, o), nil
}

// New makes a Conn of a netlink.Conn of protocol wire.Generic, which it owns
// from then on. o says how further sockets are opened, one for the controller's
// notifications and one for each Subscribe; it is copied. With nil none is
// opened: families are then believed for one second and Subscribe fails.
func New(nl *netlink.Conn, o *netlink.Options) *Conn {
	if o != nil {
		side := sideOptions(o)
		o = &side
	}
	c := &Conn{nl: nl, opts: o, resolver: newResolver(nl, o)}
	c.calls.New = func() any { return newCall() }
	return c
}

// Close closes the sockets. Subscriptions are not affected.
func (c *Conn) Close() error { return errors.Join(c.resolver.close(), c.nl.Close()) }

// Netlink returns the Conn underneath, for batches and counters.
func (c *Conn) Netlink() *netlink.Conn { return c.nl }

// Stats tells how the families' numbers were kept up to date.
func (c *Conn) Stats() Stats { return c.resolver.snapshot() }

// Family returns the family of that name, asking the controller only if it is
// not known or no longer known for sure. The kernel may load a module to offer
// it. One that does not exist is an [*UnknownFamilyError], which tells near
// names; finding those takes a dump of all families.
func (c *Conn) Family(ctx context.Context, name string) (*Family, error) {
	f, err := c.resolver.family(ctx, name, 0)
	return f, c.explain(ctx, err)
}

// FamilyByID returns the family of that number, as Family.
func (c *Conn) FamilyByID(ctx context.Context, id uint16) (*Family, error) {
	if id == 0 {
		return nil, &UnknownFamilyError{}
	}
	return c.resolver.family(ctx, "", id)
}

// Families returns all families the kernel has now, in the kernel's order.
func (c *Conn) Families(ctx context.Context) ([]*Family, error) { return getFamilies(ctx, c.nl) }

// Policies asks what the operations of a family accept (CTRL_CMD_GETPOLICY,
// Linux 5.7; by operation since 5.10). A family without policies gives an empty
// answer.
func (c *Conn) Policies(ctx context.Context, family string) (*Policies, error) {
	p, err := getPolicies(ctx, c.nl, family, 0, false)
	return p, c.explain(ctx, err)
}

// OpPolicies asks the same for one operation. An operation without a policy
// gives an empty answer; one that the family does not have is ENOENT. Linux
// leaves out here, other than in the answer to Policies, that the dump of an
// operation refuses every attribute.
func (c *Conn) OpPolicies(ctx context.Context, family string, op uint32) (*Policies, error) {
	p, err := getPolicies(ctx, c.nl, family, op, true)
	return p, c.explain(ctx, err)
}

// WaitFamily returns the family of that name as soon as the kernel has it. It
// waits for the controller's notifications, or asks every second where these
// cannot be had.
func (c *Conn) WaitFamily(ctx context.Context, name string) (*Family, error) {
	if !validName(name) {
		return nil, &UnknownFamilyError{Name: name}
	}
	f, err := c.resolver.family(ctx, name, 0)
	if !isUnknown(err) {
		return f, err
	}
	w, err := newWatch(ctx, c)
	if err != nil {
		return nil, err
	}
	defer w.close()
	for {
		f, err := c.resolver.family(ctx, name, 0)
		if !isUnknown(err) {
			return f, err
		}
		if err := w.wait(ctx); err != nil {
			return nil, err
		}
	}
}

// explain adds near names to an error that says that a family is unknown.
func (c *Conn) explain(ctx context.Context, err error) error {
	unknown, ok := errors.AsType[*UnknownFamilyError](err)
	if !ok || unknown.Near != nil {
		return err
	}
	all, ferr := getFamilies(ctx, c.nl)
	if ferr != nil {
		return err // the error is right without them
	}
	names := make([]string, len(all))
	for i, f := range all {
		names[i] = f.Name
	}
	unknown.Near = near.Names(unknown.Name, names)
	return err
}

// Request is what to ask a family.
type Request struct {
	Family string     // its name
	Cmd    uint8      // the operation
	Flags  wire.Flags // beside those that Do and Dump set themselves
	// Version goes into the header; 0 stands for the family's own one.
	Version uint8
	// User is the user header of a family that has one. A shorter one is
	// filled up with zeros, a longer one is refused.
	User []byte
	// Attrs appends the attributes. It is called a second time where the
	// request has to be sent to a family's new number. nil: no attributes.
	Attrs func(b *wire.Builder)
	// Names are those of the family's attributes, for errors. They may be nil;
	// for the controller its own are taken then.
	Names Names
}

// AppendTo starts a message in b and puts r into it, for Batch and for sending
// by hand. It returns the family it is for, which replies are to be parsed by.
func (c *Conn) AppendTo(ctx context.Context, b *wire.Builder, r Request) (*Family, error) {
	f, err := c.Family(ctx, r.Family)
	if err != nil {
		return nil, err
	}
	return f, r.append(b, f)
}

func (r *Request) append(b *wire.Builder, f *Family) error {
	if len(r.User) > int(f.HeaderLen) {
		return fmt.Errorf("%s op %d: user header of %d bytes, the family has one of %d", f.Name, r.Cmd, len(r.User), f.HeaderLen)
	}
	version := r.Version
	if version == 0 {
		version = uint8(f.Version)
	}
	Begin(b, f.ID, r.Flags, Header{Cmd: r.Cmd, Version: version}, r.User)
	// The user header begins at a multiple of 4 and Begin has padded it to one.
	for have := wire.Align(len(r.User)); have < int(f.HeaderLen); have += wire.Alignment {
		b.Raw(zeros[:])
	}
	if r.Attrs != nil {
		r.Attrs(b)
	}
	return b.Err()
}

var zeros [wire.Alignment]byte

// explain puts the names of the operation and of attributes into an error of the
// kernel. req is the request as it was sent.
func (r *Request) explain(err error, f *Family, req []byte) error {
	if e, ok := errors.AsType[*netlink.Error](err); ok {
		e.Op = fmt.Sprintf("%s op %d", r.Family, r.Cmd)
		names := r.Names
		if names == nil && r.Family == ControllerName {
			names = controllerNames
		}
		names.Explain(e, req, int(f.HeaderLen))
	}
	return err
}

// Do sends a request and calls each, which may be nil, for every reply. The
// Message is valid until each returns. It ends at the kernel's acknowledgement,
// which may carry a warning, or at its error, a [*netlink.Error]. An error of
// each is returned as it is. For a family that is known Do allocates nothing
// itself.
func (c *Conn) Do(ctx context.Context, r Request, each func(Message) error) (netlink.Ack, error) {
	call := c.calls.Get().(*call)
	defer c.release(call)
	f, err := c.resolver.family(ctx, r.Family, 0)
	if err != nil {
		return netlink.Ack{}, c.explain(ctx, err)
	}
	for retry := true; ; retry = false {
		if err := call.begin(&r, f, each); err != nil {
			return netlink.Ack{}, err
		}
		ack, err := c.nl.Do(ctx, call.req, call.deliver)
		if err == nil {
			return ack, nil
		}
		if !retry || call.replies > 0 || !familyGone(err) {
			return ack, r.explain(err, f, call.req)
		}
		if f, err = c.moved(ctx, f, r.explain(err, f, call.req)); err != nil {
			return netlink.Ack{}, err
		}
	}
}

// Moved returns a family under its new number, for those who make messages by
// hand: cause is the refusal of one made for old. It returns cause where that
// does not mean that the number is unknown, or the number is still the same.
func (c *Conn) Moved(ctx context.Context, old *Family, cause error) (*Family, error) {
	if !familyGone(cause) {
		return nil, cause
	}
	return c.moved(ctx, old, cause)
}

// moved finds the new number of a family after its number has turned out to be
// unknown. If it has not changed the family itself has said ENOENT, and cause
// is returned.
func (c *Conn) moved(ctx context.Context, old *Family, cause error) (*Family, error) {
	f, err := c.resolver.refresh(ctx, old)
	switch {
	case isUnknown(err):
		return nil, c.explain(ctx, err)
	case err != nil || f.ID == old.ID:
		return nil, cause
	}
	return f, nil
}

// Dump sends a dump request and yields the replies. A Message is valid until
// the next step. The iteration may be left at any time; after an error it ends.
// [netlink.ErrDumpInterrupted] comes after the data. For a moment, while the
// family's module is being unloaded and the controller still has it, a dump is
// refused with [netlink.EPROTONOSUPPORT].
func (c *Conn) Dump(ctx context.Context, r Request) iter.Seq2[Message, error] {
	return c.DumpWith(ctx, r, netlink.DumpOptions{})
}

// DumpWith is [Conn.Dump] with options: repeat it where the table changed
// meanwhile, and see the message that ended it.
func (c *Conn) DumpWith(ctx context.Context, r Request, o netlink.DumpOptions) iter.Seq2[Message, error] {
	return func(yield func(Message, error) bool) {
		call := c.calls.Get().(*call)
		defer c.release(call)
		f, err := c.resolver.family(ctx, r.Family, 0)
		if err != nil {
			yield(Message{}, c.explain(ctx, err))
			return
		}
		for retry := true; ; retry = false {
			if err := call.begin(&r, f, nil); err != nil {
				yield(Message{}, err)
				return
			}
			err := call.dump(c.nl.DumpWith(ctx, call.req, o), yield)
			if err == nil {
				return
			}
			if retry && call.replies == 0 && familyGone(err) {
				if f, err = c.moved(ctx, f, err); err == nil {
					continue
				}
			}
			yield(Message{}, r.explain(err, call.f, call.req))
			return
		}
	}
}

func (c *Conn) release(call *call) {
	if cap(call.buf) > maxKept {
		call.buf = nil
	}
	call.each, call.req, call.f = nil, nil, nil
	call.b.Reset(nil)
	c.calls.Put(call)
}
