package rt

import (
	"context"
	"fmt"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtaddr"
	"github.com/nlkit/nlkit/family/rtlink"
	"github.com/nlkit/nlkit/family/rtneigh"
	"github.com/nlkit/nlkit/family/rtroute"
	"github.com/nlkit/nlkit/family/rtrule"
	"github.com/nlkit/nlkit/family/tc"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Names for embedding: the types are all called Client.
type (
	linkClient  = rtlink.Client
	addrClient  = rtaddr.Client
	routeClient = rtroute.Client
	ruleClient  = rtrule.Client
	neighClient = rtneigh.Client
	tcClient    = tc.Client
)

// Client is all of NETLINK_ROUTE on one socket. It has the methods of
// [rtlink.Client], [rtaddr.Client], [rtroute.Client], [rtrule.Client],
// [rtneigh.Client] and [tc.Client] (LinkNew, RouteGetDump, QdiscDel and so on),
// those of [nl.Conn] (Batch, Close), and the conveniences of this package. What
// asks for one of those Clients gets it by rtlink.New(c.Conn).
//
// It may be used by many goroutines at once.
type Client struct {
	*nl.Conn
	*linkClient
	*addrClient
	*routeClient
	*ruleClient
	*neighClient
	*tcClient
}

// Dial opens a socket by o, which may be nil. The Client must be closed.
func Dial(ctx context.Context, o *netlink.Options) (*Client, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("rt: dial: %w", err)
	}
	c, err := nl.Dial(wire.Route, o)
	if err != nil {
		return nil, fmt.Errorf("rt: %w", err)
	}
	return New(c), nil
}

// New makes a Client on a Conn of NETLINK_ROUTE, which others may share.
func New(c *nl.Conn) *Client {
	return &Client{
		c, rtlink.New(c), rtaddr.New(c), rtroute.New(c), rtrule.New(c), rtneigh.New(c), tc.New(c),
	}
}

// Subscribe receives what is multicast about links, IPv4 and IPv6 addresses, routes
// and rules, neighbours and traffic control, or what sources say, on a socket of its
// own:
//
//	c.Subscribe(ctx, rtlink.Events(rtlink.GroupLink), rtaddr.Events())
//
// The order of what comes is the kernel's: an address comes before the routes that
// use it. Groups that came later than Linux 3, such as that of statistics, have to
// be asked for: a kernel without them refuses (EINVAL). The Subscription must be
// closed.
func (c *Client) Subscribe(ctx context.Context, sources ...nl.Source) (*nl.Subscription, error) {
	if len(sources) == 0 {
		sources = []nl.Source{
			rtlink.Events(rtlink.GroupLink),
			rtaddr.Events(rtaddr.GroupIPv4IfAddr, rtaddr.GroupIPv6IfAddr),
			rtroute.Events(rtroute.GroupIPv4Route, rtroute.GroupIPv6Route),
			rtrule.Events(rtrule.GroupIPv4Rule, rtrule.GroupIPv6Rule),
			rtneigh.Events(rtneigh.GroupNeigh),
			tc.Events(tc.GroupTc),
		}
	}
	return nl.Subscribe(ctx, c.Conn, sources...)
}
