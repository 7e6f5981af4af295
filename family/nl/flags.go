package nl

import (
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Option says how a request is made: Create, Retries(3), EchoTo(f), ...
type Option interface{ apply(*callOptions) }

// callOptions are what Options set.
type callOptions struct {
	flags   wire.Flags
	retries int
	reply   func(d *Decoder, payload []byte)
	echo    func(Notification)
	warn    func(netlink.Ack)
	memory  Option // a Memory of the reply's type
}

// Flag is an Option that sets flags of the message's header. One that has no
// name here is made of the number: nl.Flag(wire.Atomic).
type Flag wire.Flags

// Flags of requests that make something. What they mean where a request does
// something else is the family's affair.
const (
	Create  = Flag(wire.Create)  // make it if it is not there
	Excl    = Flag(wire.Excl)    // fail with EEXIST if it is there
	Replace = Flag(wire.Replace) // replace it if it is there
	Append  = Flag(wire.Append)  // add it at the end of the list
)

// Echo asks for the notifications that the request causes. EchoTo does so as
// well, and gives them.
const Echo = Flag(wire.Echo)

// Flags of requests that delete something. Their bits are those of Replace and
// Excl.
const (
	NonRecursive = Flag(wire.NonRecursive) // fail where something is below it
	Bulk         = Flag(wire.Bulk)         // delete all that match
)

func (f Flag) apply(o *callOptions) { o.flags |= wire.Flags(f) }

// Retries makes a dump anew, up to n times, whose table changed while it was
// read. What was yielded until then is void, which a step with the error
// [ErrRestarted] tells. [Collect] knows it.
func Retries(n int) Option { return retries(n) }

type retries int

func (n retries) apply(o *callOptions) { o.retries = int(n) }

// EchoTo asks for the notifications that the request causes and gives them to
// each, in order: of an object that was made, say, with the index or handle it
// got. Whether there are any is up to the kernel: rtnetlink does not echo links
// before Linux 6.1. each is called before the call returns, and n is borrowed
// until each does. What the spec has no notification for is an [*Unknown].
func EchoTo(each func(n Notification)) Option { return echoTo(each) }

type echoTo func(Notification)

func (f echoTo) apply(o *callOptions) {
	o.flags |= wire.Echo
	o.echo = f
}

// ReplyTo gives the replies to a request to each, in order, for [Conn.Batch] and
// [Do], which return none. A reply is borrowed until each returns.
func ReplyTo[T any, P Reply[T]](each func(reply *T)) Option {
	return replyTo(func(d *Decoder, payload []byte) {
		var v T
		P(&v).DecodeNetlink(d, payload)
		each(&v)
	})
}

type replyTo func(d *Decoder, payload []byte)

func (f replyTo) apply(o *callOptions) { o.reply = f }

// Warn gives the acknowledgement of a request that went well to each if the
// kernel said more in it than that, such as a warning: Text. Of a dump it is the
// message that ended it.
func Warn(each func(netlink.Ack)) Option { return warn(each) }

type warn func(netlink.Ack)

func (f warn) apply(o *callOptions) { o.warn = f }

// Numbers of address families, which headers of rtnetlink begin with
// (linux/socket.h). They are untyped: fields differ in size.
const (
	AFUnspec = 0 // any
	AFInet   = 2
	AFInet6  = 10
	AFBridge = 7
	AFMPLS   = 28
)

// Numbers of the families of netfilter, which its headers begin with
// (linux/netfilter.h). They are untyped as well.
const (
	NFProtoUnspec = 0
	NFProtoInet   = 1 // IPv4 and IPv6
	NFProtoIPv4   = 2
	NFProtoARP    = 3
	NFProtoNetdev = 5
	NFProtoBridge = 7
	NFProtoIPv6   = 10
)
