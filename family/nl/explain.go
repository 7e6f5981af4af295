package nl

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/nlkit/nlkit/netlink"
)

// wayside are the errors that end a request without the kernel's answer to it.
var wayside = []error{
	context.Canceled, context.DeadlineExceeded, os.ErrClosed,
	netlink.ErrOverrun, netlink.ErrReplies, netlink.ErrTruncated, netlink.ErrDumpInterrupted,
}

// explain puts the names of the spec into what became of a request.
func (k *call) explain(err error) error {
	if e, ok := errors.AsType[*netlink.Error](err); ok {
		name(e, k.op, k.req, k.headers())
		return err
	}
	for _, w := range wayside {
		if errors.Is(err, w) {
			return fmt.Errorf("%s: %w", k.op, w)
		}
	}
	return err
}

// name puts the names of the operation and of attributes into the kernel's
// refusal of a message, whose payload stands behind its headers.
func name(e *netlink.Error, op *Op, msg []byte, headers int) {
	e.Op, e.Attr, e.Missing = op.String(), "", ""
	if !e.HasOffset && !e.HasMissingType {
		return
	}
	// The bytes say what was sent. The request itself need not be kept for this,
	// and may be the caller's again.
	payload := msg[headers:]
	req := op.New()
	req.DecodeNetlink(new(Decoder), payload)
	if e.HasOffset {
		e.Attr, _ = describePath(req, payload, e.Offset-headers)
	}
	if e.HasMissingType {
		nest := -1
		if e.HasMissingNest {
			nest = max(e.MissingNest-headers, 0)
		}
		e.Missing, _ = missingPath(req, payload, nest, e.MissingType)
	}
}
