package client

import (
	"context"
	"fmt"

	"github.com/nlkit/nlkit/internal/exchange"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// ErrUnanswered says that the kernel did not answer a request of a Multi. Of a
// batch of netfilter's nothing is done where another request failed; otherwise
// what became of the request is unknown.
var ErrUnanswered = exchange.ErrUnanswered

// Result is what became of one request of a Multi.
type Result struct {
	Replies []Message // copies, the caller's own
	Ack     netlink.Ack
	// Err is a [*netlink.Error] where the kernel refused the request, or
	// [ErrUnanswered].
	Err error
}

// Multi sends several do requests as one datagram and returns what became of
// each. The kernel works them off in order, and one that fails does not stop
// those behind it; but families of netfilter have batches, of which all is done
// or nothing, with operations of their own for begin and end.
//
// The error tells why requests could not be sent or answers not be read: that
// request 2 has an attribute the spec does not know, say. What the kernel refuses
// is in the results.
//
// Multis are made on a socket of their own, and take turns. It is opened by the
// first one and kept: nftables knows the owner of a table by its port id.
func (c *Client) Multi(ctx context.Context, requests []Request) ([]Result, error) {
	if len(requests) == 0 {
		return nil, nil
	}
	items := make([]exchange.Item, len(requests))
	targets := make([]target, len(requests))
	for i := range requests {
		if err := c.prepare(ctx, &requests[i], &targets[i], &items[i]); err != nil {
			if len(requests) > 1 {
				err = fmt.Errorf("request %d of %d: %w", i+1, len(requests), err)
			}
			return nil, err
		}
	}
	o, err := c.sideOptions("multi")
	if err != nil {
		return nil, err
	}
	if err := c.multi.Run(ctx, c.spec.Protocol, o, items); err != nil {
		return nil, fmt.Errorf("%s: %w", c.spec.Name, err)
	}
	results := make([]Result, len(items))
	for i := range items {
		it, t := &items[i], &targets[i]
		results[i] = Result{Ack: it.Ack, Err: c.explain(it.Err, t, it.Msg[c.headers():], requests[i].Codec)}
		for _, m := range it.Replies {
			results[i].Replies = append(results[i].Replies, t.reply(m, c.behind(m)))
		}
	}
	return results, nil
}

// prepare encodes a request.
func (c *Client) prepare(ctx context.Context, r *Request, t *target, it *exchange.Item) error {
	var err error
	if *t, err = c.resolve(r, false); err != nil {
		return err
	}
	var msg wire.Message
	if c.whole(r) {
		msg, err = c.build(ctx, r, t)
	} else {
		msg, err = c.buildGeneric(ctx, r, t)
	}
	if err != nil {
		return err
	}
	msg.SetFlags(msg.Flags() | wire.Request | wire.Ack)
	it.Msg = msg
	return nil
}

// buildGeneric makes the message of a generic netlink family.
func (c *Client) buildGeneric(ctx context.Context, r *Request, t *target) ([]byte, error) {
	req, _, err := c.generic(ctx, r, t)
	if err != nil {
		return nil, err
	}
	var b wire.Builder
	if _, err := c.gen.AppendTo(ctx, &b, req); err != nil {
		return nil, err
	}
	return b.Bytes()
}
