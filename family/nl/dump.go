package nl

import (
	"context"
	"errors"
	"iter"

	"github.com/nlkit/nlkit/netlink"
)

// Dump asks for a whole table and yields its entries as they arrive. An entry is
// borrowed until the next step; Clone makes one the caller's own, and [Collect]
// all of them. The iteration may be left at any time, and each iteration makes
// the request anew.
//
// An error is the last step (but for [ErrRestarted]): what Do may return, or
// [netlink.ErrDumpInterrupted] behind all entries, which says that the table
// changed while it was read; see [Retries].
//
// The kernel answers with several entries at a time. Those that have been received
// when the context ends are still yielded, and its error behind them.
//
// For one entry and the next the same memory is used: a dump allocates nothing
// for an entry.
func Dump[T any, P Reply[T]](ctx context.Context, c *Conn, req Request, opts ...Option) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		k, err := c.prepare(ctx, req, true, opts)
		if err != nil {
			yield(nil, err)
			return
		}
		defer k.release()
		d := c.decoder(k.op.Family)
		defer c.keep(k.op.Family, d)
		v := new(T)
		moved := false
		for attempt := 0; ; attempt++ {
			err = nil
			for m, e := range c.nl.DumpWith(ctx, k.req, netlink.DumpOptions{Done: k.o.warned}) {
				var payload []byte
				if err = e; err == nil {
					payload, err = k.payload(m)
				}
				if err != nil {
					break
				}
				d.Reset()
				P(v).DecodeNetlink(d, payload)
				if !yield(v, nil) {
					return
				}
			}
			switch {
			case err == nil:
				return
			case attempt < k.o.retries && errors.Is(err, netlink.ErrDumpInterrupted):
				if !yield(nil, ErrRestarted) {
					return
				}
				continue
			case !moved && k.family != nil && k.replies == 0:
				if moved, err = k.moved(ctx, req, err); moved {
					attempt--
					continue
				}
			default:
				err = k.explain(err)
			}
			yield(nil, err)
			return
		}
	}
}
