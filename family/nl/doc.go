// Package nl is what the packages of families (family/rtlink and its like, which
// are generated from the kernel's specs) have in common: values of attributes,
// what is decoded and encoded with, and calls.
//
// A program has mostly to do with a family's own Client, and finds here what goes
// into its messages and beside its requests:
//
//	c, err := rtlink.Dial(ctx, nil)
//	defer c.Close()
//	err = c.LinkNew(ctx, &rtlink.LinkNewRequest{IfName: nl.Some("v0"), MTU: nl.U32(1400)}, nl.Create, nl.Excl)
//	links, err := nl.Collect(c.LinkGetDump(ctx, nil))
//
// # Values
//
// An [Opt] is there or not, and so is an attribute. Addresses, link-layer
// addresses and UUIDs are plain values. Whatever a family's spec does not know is
// kept in the [Extra] of its message, and sent again.
//
// # Calls
//
// A [Conn] is one socket, and the Clients of any number of families of its
// protocol may share it. [Do], [DoReply], [DoEach] and [Dump] are what the
// methods of Clients are made of. What an iteration yields is borrowed until its
// next step; [Collect] keeps all of it, and Clone one message.
//
// [Conn.Batch] and [Transaction] send many requests as one datagram, and
// [Subscribe] receives what one family or several multicast.
package nl
