package rt

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtlink"
	"github.com/nlkit/nlkit/netlink"
)

// maxIfName is the longest name of a link, in bytes (IFNAMSIZ without the NUL).
// Alternative names may be longer.
const maxIfName = 15

// LinkByName asks for the link of a name, or of an alternative name (Linux 5.5).
// One that is not there is ENODEV, in an error that has the name.
func (c *Client) LinkByName(ctx context.Context, name string) (*rtlink.Link, error) {
	req := new(rtlink.LinkGetRequest)
	if len(name) > maxIfName {
		req.AltIfName.Set(name)
	} else {
		req.IfName.Set(name) // the kernel looks for alternative names as well
	}
	link, err := c.LinkGet(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("rt: link %q: %w", name, err)
	}
	return link, nil
}

// LinkByIndex asks for the link of an index. One that is not there is ENODEV.
func (c *Client) LinkByIndex(ctx context.Context, index int32) (*rtlink.Link, error) {
	return c.LinkGet(ctx, &rtlink.LinkGetRequest{Header: rtlink.IfInfoMsg{Index: index}})
}

// errUntold says that AddLink made a link, and that it is not known which.
var errUntold = errors.New("the link was made, but this kernel does not tell which it is (Linux does from 6.1 on): give it a name")

// AddLink makes a link that must not be there yet (EEXIST), and then asks for it:
// what is returned is the link as the kernel made it, with the index, name and
// addresses it chose.
//
// Kernels before 6.1 do not tell which link they made. Then it is asked for by the
// index or the name that req has.
//
// A link that is made in another network namespace cannot be asked for from here,
// and is refused: LinkNew makes it.
func (c *Client) AddLink(ctx context.Context, req *rtlink.LinkNewRequest) (*rtlink.Link, error) {
	if req == nil {
		req = new(rtlink.LinkNewRequest)
	}
	if req.NetNSFD.IsSet() || req.NetNSPID.IsSet() || req.TargetNetNSID.IsSet() {
		return nil, errors.New("rt: add link: it is to be in another network namespace, and cannot be returned from there: use LinkNew, and a Client of that namespace")
	}
	index := req.Header.Index
	echo := nl.EchoTo(func(n nl.Notification) {
		if made, ok := n.(*rtlink.LinkNewNotification); ok && index == 0 {
			index = made.Header.Index
		}
	})
	if err := c.LinkNew(ctx, req, nl.Create, nl.Excl, echo); err != nil {
		return nil, err
	}
	if index != 0 {
		return c.LinkByIndex(ctx, index)
	}
	name := req.IfName.Value()
	if name == "" || strings.Contains(name, "%") { // "veth%d": the kernel chose the number
		return nil, fmt.Errorf("rt: add link: %w", errUntold)
	}
	return c.LinkByName(ctx, name)
}

// DelLink deletes a link.
func (c *Client) DelLink(ctx context.Context, index int32) error {
	return c.LinkDel(ctx, &rtlink.LinkDelRequest{Header: rtlink.IfInfoMsg{Index: index}})
}

// SetUp sets a link up.
func (c *Client) SetUp(ctx context.Context, index int32) error {
	return c.setFlags(ctx, index, rtlink.IfInfoFlagUp)
}

// SetDown sets a link down.
func (c *Client) SetDown(ctx context.Context, index int32) error {
	return c.setFlags(ctx, index, 0)
}

// setFlags changes the flag up alone: the others stay as they are.
func (c *Client) setFlags(ctx context.Context, index int32, up rtlink.IfInfoFlags) error {
	return c.LinkSet(ctx, &rtlink.LinkSetRequest{
		Header: rtlink.IfInfoMsg{Index: index, Flags: up, Change: rtlink.IfInfoFlagUp},
	})
}

// SetMaster makes a link a port of another one: a bridge, bond, team or VRF. The
// master 0 sets it free.
func (c *Client) SetMaster(ctx context.Context, index, master int32) error {
	return c.setLink(ctx, index, &rtlink.LinkSetRequest{Master: nl.U32(uint32(master))})
}

// SetMTU sets the size of the largest packet, in bytes.
func (c *Client) SetMTU(ctx context.Context, index int32, mtu uint32) error {
	return c.setLink(ctx, index, &rtlink.LinkSetRequest{MTU: nl.U32(mtu)})
}

// SetName gives a link another name. Before Linux 6.4 it must be down (EBUSY).
func (c *Client) SetName(ctx context.Context, index int32, name string) error {
	return c.setLink(ctx, index, &rtlink.LinkSetRequest{IfName: nl.Some(name)})
}

// SetNamespace moves a link into another network namespace, where it gets another
// index if its own is taken, and has no addresses. A namespace that cannot be
// opened is a [*netlink.NamespaceError]; the zero Namespace is the calling
// thread's.
func (c *Client) SetNamespace(ctx context.Context, index int32, ns netlink.Namespace) error {
	f, err := ns.Open()
	if err != nil {
		return err
	}
	defer f.Close()
	return c.setLink(ctx, index, &rtlink.LinkSetRequest{NetNSFD: nl.U32(uint32(f.Fd()))})
}

// setLink sends a request about the link of an index.
func (c *Client) setLink(ctx context.Context, index int32, req *rtlink.LinkSetRequest) error {
	req.Header.Index = index
	return c.LinkSet(ctx, req)
}
