package main

import (
	"errors"
	"strings"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
)

// Operations around a change of nf_tables.
const (
	batchBegin = "batch-begin"
	batchEnd   = "batch-end"
)

// nftSubsystem is the number of nf_tables among those of Netfilter
// (linux/netfilter/nfnetlink.h, NFNL_SUBSYS_NFTABLES): a batch says whom it is
// for.
const nftSubsystem = 10

// batched reports whether the kernel takes an operation in a batch only, and
// has nothing but EINVAL for it elsewhere: all of nf_tables that changes
// something.
func (c *call) batched(op string) bool {
	o := c.op(op)
	if o == nil || c.spec.Protocol != wire.Netfilter || c.spec.Op(batchBegin) == nil || c.spec.Op(batchEnd) == nil {
		return false
	}
	return o.Name != batchBegin && o.Name != batchEnd && !strings.HasPrefix(o.Name, "get")
}

// doBatched is client.Do with a batch around the request.
func (c *call) doBatched(r client.Request, each func(client.Message) error) (netlink.Ack, error) {
	around := codec.Object{{Name: "res-id", Value: uint64(nftSubsystem)}}
	results, err := c.client.Multi(c.ctx, []client.Request{
		{Op: batchBegin, Attrs: around}, r, {Op: batchEnd, Attrs: around},
	})
	if err != nil {
		return netlink.Ack{}, err
	}
	own := results[1]
	// What went wrong with the batch is told by whichever part was answered.
	for _, result := range []client.Result{own, results[0], results[2]} {
		if result.Err == nil || errors.Is(result.Err, client.ErrUnanswered) {
			continue
		}
		if e, ok := errors.AsType[*netlink.Error](result.Err); ok {
			e.Op = c.spec.Name + " " + r.Op // nobody asked for the batch
		}
		return own.Ack, result.Err
	}
	for _, m := range own.Replies {
		if err := each(m); err != nil {
			return own.Ack, err
		}
	}
	return own.Ack, own.Err
}
