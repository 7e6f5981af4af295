package rt

import (
	"errors"
	"iter"
	"os"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
)

// oldKernel has links by name, and tells nobody about those it makes, as Linux did
// not before 6.1. Its bridge is whatever ports says.
type oldKernel struct {
	rtlink.Unimplemented
	links []*rtlink.Link
}

func (k *oldKernel) LinkNew(call *nl.Incoming, req *rtlink.LinkNewRequest) error {
	if !call.Has(nl.Create) || !call.Has(nl.Excl) {
		return call.Refuse(netlink.EINVAL, "", "a new link is asked for with Create and Excl")
	}
	link := (*rtlink.Link)(req)
	if name := link.IfName.Value(); name == "" || strings.Contains(name, "%") {
		link.IfName.Set("veth0")
	}
	if link.Header.Index == 0 {
		link.Header.Index = int32(len(k.links) + 40)
	}
	k.links = append(k.links, link)
	return nil
}

func (k *oldKernel) LinkGet(call *nl.Incoming, req *rtlink.LinkGetRequest) (*rtlink.Link, error) {
	for _, link := range k.links {
		name, byName := req.IfName.Get()
		if alt, ok := req.AltIfName.Get(); ok {
			name, byName = alt, true
		}
		if byName && (link.IfName.Value() == name || link.AltIfName.Value() == name) || !byName && link.Header.Index == req.Header.Index {
			return link, nil
		}
	}
	return nil, netlink.ENODEV
}

// dial makes a simulated kernel that s serves the links of.
func dialSim(t *testing.T, s rtlink.Server) *Client {
	t.Helper()
	k := sim.NewKernel()
	t.Cleanup(func() { k.Close() })
	if _, err := sim.ServeRaw(k, wire.Route, rtlink.Service(s)); err != nil {
		t.Fatal(err)
	}
	c, err := Dial(t.Context(), &netlink.Options{Via: k})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// TestAddLinkOld makes links where the kernel does not tell which they are.
func TestAddLinkOld(t *testing.T) {
	c := dialSim(t, new(oldKernel))
	link, err := c.AddLink(t.Context(), &rtlink.LinkNewRequest{IfName: nl.Some("lan")})
	if err != nil || link.Header.Index != 40 || link.IfName.Value() != "lan" {
		t.Fatalf("by name: %v, %v", link, err)
	}
	link, err = c.AddLink(t.Context(), &rtlink.LinkNewRequest{Header: rtlink.IfInfoMsg{Index: 7}})
	if err != nil || link.IfName.Value() != "veth0" {
		t.Fatalf("by index: %v, %v", link, err)
	}
	for _, req := range []*rtlink.LinkNewRequest{nil, {IfName: nl.Some("veth%d")}} {
		if link, err = c.AddLink(t.Context(), req); !errors.Is(err, errUntold) {
			t.Errorf("%v: %v, %v", req, link, err)
		}
	}
	if _, err = c.LinkByName(t.Context(), "wan"); !errors.Is(err, netlink.ENODEV) || !strings.HasPrefix(err.Error(), `rt: link "wan": `) {
		t.Errorf("a link that is not there: %v", err)
	}
	long := strings.Repeat("n", 16)
	if _, err := c.AddLink(t.Context(), &rtlink.LinkNewRequest{IfName: nl.Some("x"), AltIfName: nl.Some(long)}); err != nil {
		t.Fatal(err)
	}
	if link, err = c.LinkByName(t.Context(), long); err != nil || link.IfName.Value() != "x" {
		t.Errorf("by a long name: %v, %v", link, err)
	}
}

func TestAddLinkElsewhere(t *testing.T) {
	c := new(Client) // no request is made
	for _, req := range []*rtlink.LinkNewRequest{{NetNSFD: nl.U32(3)}, {NetNSPID: nl.U32(1)}, {TargetNetNSID: nl.S32(0)}} {
		if _, err := c.AddLink(t.Context(), req); err == nil || !strings.Contains(err.Error(), "use LinkNew") {
			t.Errorf("%v: %v", req, err)
		}
	}
}

// bridgeKernel answers the dump of bridges with messages that are as the bridge
// makes them, whose AF_SPEC no typed message could hold.
type bridgeKernel struct {
	rtlink.Unimplemented
	ports []bridgePort
	asked rtlink.LinkGetDumpRequest
}

func (k *bridgeKernel) LinkGetDump(_ *nl.Incoming, req *rtlink.LinkGetDumpRequest) iter.Seq2[*rtlink.Link, error] {
	k.asked = *req
	return func(yield func(*rtlink.Link, error) bool) {
		for _, p := range k.ports {
			link := &rtlink.Link{Header: rtlink.IfInfoMsg{Family: nl.AFBridge, Index: p.index}, Master: nl.U32(uint32(p.master))}
			link.AddUnknown(attrAFSpec|wire.AttrNested, p.spec)
			if !yield(link, nil) {
				return
			}
		}
	}
}

func TestVLANs(t *testing.T) {
	k := &bridgeKernel{ports: []bridgePort{
		{5, 3, join(info(6, 1), info(8, 10), info(16, 11))},
		{3, 3, info(4, 1)},
		{6, 3, nil},
		{7, 3, info(8, 9)},
	}}
	c := dialSim(t, k)
	got, err := collect(c.VLANs(t.Context()))
	want := []PortVLAN{
		{5, VLAN{ID: 1, PVID: true, Untagged: true}}, {5, VLAN{ID: 10}}, {5, VLAN{ID: 11}}, {3, VLAN{ID: 1, Untagged: true, Self: true}},
	}
	if len(got) != len(want) {
		t.Fatalf("%v, %v, want %v", got, err, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d: %+v, want %+v", i, got[i], want[i])
		}
	}
	if err == nil || err.Error() != "rt: VLANs of link 7: a range from 9 on has no end" {
		t.Errorf("a range without an end: %v", err)
	}
	if k.asked.Header.Family != nl.AFBridge || k.asked.ExtMask.Value() != rtlink.RtExtFilterBrVLANCompressed {
		t.Errorf("asked: %v", &k.asked)
	}
	for range c.VLANs(t.Context()) {
		break // must not go on
	}
	if _, err := collect(dialSim(t, new(rtlink.Unimplemented)).VLANs(t.Context())); !errors.Is(err, netlink.EOPNOTSUPP) {
		t.Errorf("no bridges: %v", err)
	}
}

// TestCloseTwice closes a Client with the second socket that batches need.
func TestCloseTwice(t *testing.T) {
	c := dialSim(t, new(oldKernel))
	if _, err := c.Batch(t.Context(), nl.Call(&rtlink.LinkNewRequest{IfName: nl.Some("lan")}, nl.Create, nl.Excl)); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); !errors.Is(err, os.ErrClosed) || strings.Contains(err.Error(), "\n") {
		t.Errorf("closed twice: %q, want one line", err)
	}
}
