package nl

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/nlkit/nlkit/internal/exchange"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// BatchCall is one request of a batch, made by [Call].
type BatchCall struct {
	req Request
	o   callOptions
}

// Call makes a request a part of a batch. A nil pointer of a request's type is an
// empty request. Of the options Retries means nothing.
func Call(req Request, opts ...Option) BatchCall {
	if v := reflect.ValueOf(req); v.Kind() == reflect.Pointer && v.IsNil() {
		req = req.NetlinkOp().New()
	}
	call := BatchCall{req: req}
	for _, o := range opts {
		o.apply(&call.o)
	}
	return call
}

// Result is what became of one request of a batch.
type Result struct {
	Ack netlink.Ack // its Text, if any, is a warning
	// Err is a [*netlink.Error] where the kernel refused the request, or
	// [ErrUnanswered].
	Err error
}

// Batch sends requests as one datagram and returns what became of each. The
// kernel works them off in order, and one that fails does not stop those behind
// it; but see [Transaction]. What a request is answered with beside its
// acknowledgement goes to [ReplyTo] and [EchoTo], in the order of the calls, when
// all answers are there.
//
// The error tells why requests could not be sent or answers not be read: that the
// second one has an attribute against the spec's checks, say, a [*CheckError].
// What the kernel refuses is in the results.
//
// Batches are made on a socket of their own, and take turns. It is opened by the
// first one and kept: nftables knows the owner of a table by its port id. All
// answers lie in its receive buffer before the first is read: for more than some
// thousand requests make several batches, or use [netlink.Conn.Batch].
func (c *Conn) Batch(ctx context.Context, calls ...BatchCall) ([]Result, error) {
	if len(calls) == 0 {
		return nil, nil
	}
	b := batch{c: c}
	defer b.release()
	if err := b.prepare(ctx, calls, "request"); err != nil {
		return nil, err
	}
	for i := range b.items {
		b.items[i].Msg.SetFlags(b.items[i].Msg.Flags() | wire.Ack)
	}
	if err := b.run(ctx); err != nil {
		return nil, err
	}
	results := make([]Result, len(calls))
	for i := range b.items {
		results[i] = Result{Ack: b.items[i].Ack, Err: b.items[i].Err}
	}
	return results, nil
}

// Transaction sends requests as one datagram between two that begin and end a
// batch of netfilter's, of which all is done or nothing.
//
// Which of calls the kernel refused is told by a [*netlink.BatchError], whose
// indexes count calls alone; those that came to nothing because of others are not
// in it. A refusal of the batch as such is a [*netlink.Error]. Any other error
// says that requests could not be sent or answers not be read, as with
// [Conn.Batch]. Options of the calls are heeded as there.
//
// Clients of families that have such requests have a method that gives them.
func Transaction(ctx context.Context, c *Conn, begin, end BatchCall, calls ...BatchCall) error {
	b := batch{c: c}
	defer b.release()
	for _, part := range []struct {
		calls []BatchCall
		what  string
	}{{[]BatchCall{begin}, "begin"}, {calls, "request"}, {[]BatchCall{end}, "end"}} {
		if err := b.prepare(ctx, part.calls, part.what); err != nil {
			return err
		}
	}
	for i := range b.items {
		// The kernel reports every failure. Acknowledgements of what went well
		// would only fill the queue, but a process may need to be waited for.
		between := i > 0 && i < len(b.items)-1
		if !between || b.calls[i].o.warn != nil || c.opts != nil && c.opts.Peer != 0 {
			b.items[i].Msg.SetFlags(b.items[i].Msg.Flags() | wire.Ack)
		}
	}
	if err := b.run(ctx); err != nil {
		return err
	}
	return b.outcome()
}

// batch is a batch under way.
type batch struct {
	c     *Conn
	calls []*call
	items []exchange.Item
}

// prepare adds calls, which errors name by what they are.
func (b *batch) prepare(ctx context.Context, calls []BatchCall, what string) error {
	for i := range calls {
		k := b.c.calls.Get().(*call)
		b.calls = append(b.calls, k)
		k.o = calls[i].o
		if err := k.prepare(ctx, calls[i].req, false); err != nil {
			if len(calls) > 1 {
				err = fmt.Errorf("%s %d of %d: %w", what, i+1, len(calls), err)
			}
			return err
		}
		msg := wire.Message(k.req)
		msg.SetFlags(msg.Flags() | wire.Request)
		b.items = append(b.items, exchange.Item{Msg: msg})
	}
	return nil
}

// run sends the batch, puts names into what was refused, and hands out the rest.
func (b *batch) run(ctx context.Context) error {
	family := b.calls[0].op.Family
	o, err := b.c.sideOptions("batch")
	if err == nil {
		err = b.c.batches.Run(ctx, b.c.nl.Protocol(), o, b.items)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", family.Name, err)
	}
	for i := range b.items {
		k, it := b.calls[i], &b.items[i]
		if it.Err != nil {
			it.Err = k.explain(it.Err)
		} else {
			k.o.warned(it.Ack)
		}
		for _, m := range it.Replies {
			if err := k.take(m); err != nil {
				return err
			}
		}
	}
	return nil
}

// outcome makes one error of the items', the first and last of which are begin
// and end.
func (b *batch) outcome() error {
	last := len(b.items) - 1
	failed := &netlink.BatchError{Total: last - 1}
	unanswered := &netlink.BatchError{Total: last - 1}
	for i := range b.items[1:last] {
		switch err := b.items[i+1].Err; {
		case err == nil:
		case errors.Is(err, ErrUnanswered):
			unanswered.Items = append(unanswered.Items, netlink.ItemError{Index: i, Err: err})
		default:
			failed.Items = append(failed.Items, netlink.ItemError{Index: i, Err: err})
		}
	}
	begin, end := b.items[0].Err, b.items[last].Err
	switch {
	case len(failed.Items) > 0:
		return failed
	case begin != nil && !errors.Is(begin, ErrUnanswered):
		return begin
	case end != nil && !errors.Is(end, ErrUnanswered):
		return end
	case len(unanswered.Items) > 0:
		return unanswered
	}
	return errors.Join(begin, end)
}

func (b *batch) release() {
	for _, k := range b.calls {
		k.release()
	}
}
