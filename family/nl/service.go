package nl

import (
	"iter"

	"github.com/nlkit/nlkit/netlink"
)

// ErrUnsupported is what operations answer that a server does not have, as
// the kernel does.
const ErrUnsupported = netlink.EOPNOTSUPP

// Service is the kernel's side of a family: what answers its requests. Generated
// packages make one of a typed server, sim.Serve puts it to work:
//
//	served, err := sim.Serve(kernel, rtlink.Service(mine))
type Service struct {
	Family   *Family
	Handlers []Handler // at most one for each operation; without one it is not supported
}

// Handler answers the requests for one operation. Of Do and Dump it has the one
// that Op.Dump tells. Requests may come side by side, from several goroutines.
//
// A request is decoded for its handler alone, which may keep it, and what it
// points to. What is answered is encoded after the handler has returned or
// yielded, when its locks are given back: it must be nothing that another
// request changes meanwhile.
//
// An error is the answer: a [netlink.Errno] as it is, what [Incoming.Refuse] and
// [Incoming.Missing] make with all that it says, and any other as EIO with its
// text.
type Handler struct {
	Op *Op
	// Do returns the reply. Without one the request is acknowledged, and nothing
	// more.
	Do func(call *Incoming, req Request) (Message, error)
	// Dump yields what is dumped, one by one, as fast as the requester reads. A
	// nil iterator says that there is no such dump. An error ends the dump.
	Dump func(call *Incoming, req Request) iter.Seq2[Message, error]
}

// HandleDo makes a Handler of a method that returns a reply. The request is of the
// type Op.New makes. A nil reply without an error is an acknowledgement alone.
func HandleDo[Q Request, R interface {
	comparable
	Message
}](op *Op, method func(*Incoming, Q) (R, error)) Handler {
	return Handler{Op: op, Do: func(call *Incoming, req Request) (Message, error) {
		reply, err := method(call, req.(Q))
		var none R
		if err != nil || reply == none {
			return nil, err
		}
		return reply, nil
	}}
}

// HandleAck makes a Handler of a method whose requests are acknowledged only.
func HandleAck[Q Request](op *Op, method func(*Incoming, Q) error) Handler {
	return Handler{Op: op, Do: func(call *Incoming, req Request) (Message, error) {
		return nil, method(call, req.(Q))
	}}
}

// HandleDump makes a Handler of a method that yields the entries of a dump. Nil
// entries are left out.
func HandleDump[Q Request, R interface {
	comparable
	Message
}](op *Op, method func(*Incoming, Q) iter.Seq2[R, error]) Handler {
	return Handler{Op: op, Dump: func(call *Incoming, req Request) iter.Seq2[Message, error] {
		entries := method(call, req.(Q))
		if entries == nil {
			return nil
		}
		return func(yield func(Message, error) bool) {
			var none R
			for m, err := range entries {
				switch {
				case err != nil:
					yield(nil, err)
					return
				case m == none:
				case !yield(m, nil):
					return
				}
			}
		}
	}}
}

// Announcement is a message that a family multicasts: a notification of a
// generated package.
type Announcement interface {
	Message
	// NetlinkID is the message type of a raw family, the command of another.
	NetlinkID() uint16
}
