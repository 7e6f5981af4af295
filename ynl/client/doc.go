// Package client makes requests of Netlink families by the names of a spec.
//
//	spec, err := specs.Open("rt-link")
//	...
//	c, err := client.Dial(spec, nil)
//	...
//	defer c.Close()
//	req := client.Request{Op: "getlink", Attrs: map[string]any{"ifname": "eth0"}}
//	_, err = c.Do(ctx, req, func(m client.Message) error {
//		fmt.Println(m.Object(codec.Options{}).Get("mtu"))
//		return nil
//	})
//
// A family is raw, with a protocol of its own, or one of generic netlink: a
// [Client] hides the difference. What is put in and what comes out are the
// values of package codec. The kernel's refusals are [*netlink.Error] whose
// attributes are named by the spec, whatever they lie in:
// ".linkinfo.data(vxlan).id".
//
// A [Message] is borrowed: it is valid until the next step of the iteration, or
// until the callback that was given it returns.
package client
