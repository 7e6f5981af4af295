package sim

import (
	"context"
	"fmt"
	"os"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Call is a request one subsystem of the kernel makes to another: msg is one
// whole message, the replies come back as messages that are the caller's, a
// dump's NLMSG_DONE included. It runs in the calling goroutine, with every right
// and no socket. A request the other side refuses is a [*netlink.Error].
//
// The replies to a request that failed half-way are returned beside the error.
func (k *Kernel) Call(ctx context.Context, p wire.Protocol, msg []byte) ([]wire.Message, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	proto, err := k.protocol(p)
	if err != nil {
		return nil, err
	}
	if proto.Do == nil && proto.Dump == nil {
		return nil, netlink.ECONNREFUSED
	}
	head, ok := wire.ParseHeader(msg)
	if !ok || int64(head.Len) != int64(len(msg)) {
		return nil, fmt.Errorf("simulated kernel: call: need one message of the length in its header: %w", netlink.EINVAL)
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(k.ctx, cancel)()
	r := &Request{kernel: k, ctx: inner, msg: msg, head: head, payload: wire.HeaderLen}
	err = proto.handle(r)
	if errno := r.explain(err); errno != 0 {
		switch {
		case ctx.Err() != nil:
			return r.out.messages, ctx.Err()
		case k.ctx.Err() != nil:
			return r.out.messages, os.ErrClosed
		}
		return r.out.messages, &netlink.Error{Errno: errno, ExtAck: r.ext}
	}
	return r.out.messages, nil
}

// CallFamily is [Kernel.Call] for a family of generic netlink, by name. flags may
// hold [wire.Dump]; fill, which may be nil, appends the user header and the
// attributes. A family that is not there is ENOENT.
func (k *Kernel) CallFamily(ctx context.Context, family string, cmd uint8, flags wire.Flags, fill func(b *wire.Builder)) ([]wire.Message, error) {
	k.mu.RLock()
	fam, closed := k.genl.byName[family], k.closed
	k.mu.RUnlock()
	switch {
	case closed:
		return nil, os.ErrClosed
	case fam == nil:
		return nil, fmt.Errorf("simulated kernel: family %q: %w", family, netlink.ENOENT)
	}
	var b wire.Builder
	b.Message(wire.Header{Type: wire.Type(fam.id), Flags: wire.Request | flags})
	fam.head(&b, cmd)
	if fill != nil {
		fill(&b)
	}
	msg, err := b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("simulated kernel: call of %s: %w", family, err)
	}
	return k.Call(ctx, wire.Generic, msg)
}
