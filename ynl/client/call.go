package client

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/codec"
)

// call is one request under way, with what its errors are explained by.
type call struct {
	c       *Client
	target  target
	codec   codec.Options
	payload []byte // of the request, behind its headers
	each    func(Message) error

	// built says that the message itself has been made. What is refused before
	// that is not the request but the question for the family's number, which
	// genetlink may put to the controller anew: such errors have their names
	// already.
	built bool
	own   error // what each returned
}

// errStopped stands for an error of the caller's own function on its way through
// the layers below, so that none of them takes it for the kernel's.
var errStopped = errors.New("stopped by the caller")

// deliver hands out a reply.
func (k *call) deliver(m wire.Message, payload []byte) error {
	if k.own = k.each(k.target.reply(m, payload)); k.own != nil {
		return errStopped
	}
	return nil
}

// whole makes the message where that is done here.
func (k *call) whole(ctx context.Context, r *Request) ([]byte, error) {
	req, err := k.c.build(ctx, r, &k.target)
	if err == nil {
		k.built, k.payload = true, req[k.c.headers():]
	}
	return req, err
}

// generic makes what genetlink makes the message of.
func (k *call) generic(ctx context.Context, r *Request) (genetlink.Request, error) {
	req, payload, err := k.c.generic(ctx, r, &k.target)
	if err != nil {
		return req, err
	}
	k.payload = payload
	attrs := req.Attrs
	req.Attrs = func(b *wire.Builder) {
		k.built = true
		attrs(b)
	}
	return req, nil
}

// wayside are the errors that end a request without the kernel's answer to it.
var wayside = []error{
	context.Canceled, context.DeadlineExceeded, os.ErrClosed,
	netlink.ErrOverrun, netlink.ErrReplies, netlink.ErrTruncated, netlink.ErrDumpInterrupted,
}

// explain puts the names of the spec into what became of the request.
func (k *call) explain(err error) error {
	switch {
	case err == nil:
		return nil
	case k.own != nil:
		return k.own
	case !k.built:
		return err
	}
	if _, refused := errors.AsType[*netlink.Error](err); refused {
		return k.c.explain(err, &k.target, k.payload, k.codec)
	}
	for _, w := range wayside {
		if errors.Is(err, w) {
			return fmt.Errorf("%s %s: %w", k.c.spec.Name, k.target.name, w)
		}
	}
	return err
}
