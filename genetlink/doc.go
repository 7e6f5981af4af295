// Package genetlink speaks generic netlink: the one Netlink protocol that all
// newer kernel subsystems share, each as a family with a name, a number the
// kernel allots, operations and multicast groups.
//
// A message has four layers. [Parse] and [Begin] know three of them:
//
//	nlmsghdr     16 bytes, wire.Header: the type is the family's number
//	genlmsghdr    4 bytes, Header: the command
//	user header   most families have none; ovs_datapath has 4 bytes
//	attributes   wire.Attr
//
// A [Conn] asks by the family's name:
//
//	c, err := genetlink.Dial(nil)
//	...
//	_, err = c.Do(ctx, genetlink.Request{Family: "DOC_EXMPL", Cmd: 1,
//		Attrs: func(b *wire.Builder) { b.Text(1, "Hello World from user space!") },
//	}, func(m genetlink.Message) error {
//		msg, _ := wire.FindAttr(m.Attrs, 1)
//		fmt.Println(msg.Text())
//		return nil
//	})
//
// The number behind the name is found at nlctrl, the family that knows the
// families, and kept. A module that is unloaded and loaded again gets another
// number; nlctrl tells so on its multicast group "notify", and the Conn looks
// into that before it believes what it has kept. See [Conn] for what happens
// where the group cannot be joined.
//
// A [Subscription] receives what a family multicasts, by the names of its
// groups, from this family alone. It survives the family's unloading and
// reloading and tells about both in the stream of its events.
//
// The controller's knowledge is at hand as values: [Family] with its [Op] and
// [Group] lists, and [Policies], what the kernel accepts as attributes.
//
// What is decoded borrows from the receive buffer as in package wire: a
// [Message] is valid until the callback returns or the iteration goes on.
// Message.Clone makes it yours. A [*Family] is immutable and may be kept.
package genetlink
