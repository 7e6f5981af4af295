// Package netlink makes requests over Netlink sockets, reads tables, and
// receives what is multicast.
//
// There are three things to hold:
//
//   - [Conn] makes requests: [Conn.Do] one with its replies, [Conn.Dump] a whole
//     table as an iterator, [Conn.Batch] many with few system calls.
//   - [Subscription] receives multicast messages on a socket of its own, and
//     says where messages were lost and how many.
//   - [Transport] is what both stand on: the live kernel's socket, the simulated
//     kernel's (package sim), or one of your own.
//
// [Options] say how a socket is opened; nil is what most programs want. Messages
// are built and read with package wire, whose numbers of operations and
// attributes are the protocol's own: golang.org/x/sys/unix has those of Linux
// (unix.RTM_GETLINK, unix.IFLA_IFNAME). For generic netlink families, known by
// name, use package genetlink.
//
// The names of all links:
//
//	c, err := netlink.Dial(wire.Route, nil)
//	if err != nil {
//		return err
//	}
//	defer c.Close()
//
//	var b wire.Builder
//	b.Message(wire.Header{Type: unix.RTM_GETLINK})
//	b.Raw(make([]byte, unix.SizeofIfInfomsg)) // the family's fixed header
//	req, err := b.Bytes()
//	if err != nil {
//		return err
//	}
//	for m, err := range c.Dump(ctx, req) {
//		if err != nil {
//			return err
//		}
//		if name, ok := wire.FindAttr(m.Data()[unix.SizeofIfInfomsg:], unix.IFLA_IFNAME); ok {
//			fmt.Println(name.Text())
//		}
//	}
//
// # Errors
//
// What the kernel refuses is an [*Error]: the operation, an [Errno] that
// errors.Is finds, and all the kernel said beside it. The errors of a context
// that has ended, of a closed socket (os.ErrClosed) and those declared here are
// not the kernel's word: after them the outcome of a request is unknown.
//
// # Borrowed memory
//
// Messages that are yielded or given to a callback lie in the receive buffer:
// they are valid until the next step or until the callback returns. Clone makes
// a copy. In return nothing is allocated for each message.
//
// # Other systems
//
// The package compiles everywhere. Where there is no Linux, opening a live
// socket fails with [ErrNotLinux]; the simulated kernel works.
package netlink
