package genetlink_test

import (
	"errors"
	"os"
	"slices"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// The tests in this file ask the running kernel. They need no rights.

// dialLive skips the test where a sandbox has no generic netlink.
func dialLive(t testing.TB) *genetlink.Conn {
	t.Helper()
	c, err := genetlink.Dial(nil)
	if err != nil {
		testenv.Missing(t, "genetlink", "cannot open a generic netlink socket: "+err.Error())
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// needFamily skips the test where the kernel was built without a family.
func needFamily(t testing.TB, c *genetlink.Conn, name string) *genetlink.Family {
	t.Helper()
	f, err := c.Family(testContext(t), name)
	if errors.Is(err, os.ErrNotExist) {
		testenv.Missing(t, name, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestLiveController(t *testing.T) {
	c := dialLive(t)
	ctx := testContext(t)
	f, err := c.Family(ctx, genetlink.ControllerName)
	if err != nil {
		t.Fatal(err)
	}
	if f.ID != genetlink.ControllerID || f.HeaderLen != 0 {
		t.Errorf("%+v", f)
	}
	if o, ok := f.Op(3); !ok || !o.Flags.Has(genetlink.CanDo|genetlink.CanDump) {
		t.Errorf("getfamily: %v, %v", o, ok)
	}
	if g, ok := f.Group(genetlink.NotifyGroup); !ok || g.ID == 0 {
		t.Errorf("notify: %v, %v", g, ok)
	}
	if s := c.Stats(); !s.Watching {
		t.Errorf("%+v: the group notify is open to everybody", s)
	}
}

// TestLiveErrorNames: the kernel's offset leads to the attribute's name.
func TestLiveErrorNames(t *testing.T) {
	c := dialLive(t)
	_, err := c.Do(testContext(t), genetlink.Request{
		Family: genetlink.ControllerName, Cmd: genetlink.CtrlGetFamily,
		Attrs: func(b *wire.Builder) {
			b.Uint32(genetlink.CtrlAttrVersion, 1)
			b.Text(genetlink.CtrlAttrFamilyName, "a name that is far too long")
		},
	}, nil)
	if e, ok := errors.AsType[*netlink.Error](err); !ok || e.Errno != netlink.ERANGE && e.Errno != netlink.EINVAL || e.Attr != ".family-name" {
		t.Errorf("%v, want an error about .family-name", err)
	}
}

func TestLiveFamilies(t *testing.T) {
	c := dialLive(t)
	ctx := testContext(t)
	all, err := c.Families(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		byName, err := c.Family(ctx, f.Name)
		if err != nil || byName.ID != f.ID || !slices.Equal(byName.Ops, f.Ops) || !slices.Equal(byName.Groups, f.Groups) {
			t.Errorf("%s by name: %+v, %v; in the dump: %+v", f.Name, byName, err, f)
			continue
		}
		if byID, err := c.FamilyByID(ctx, f.ID); err != nil || byID.Name != f.Name {
			t.Errorf("%s by number: %+v, %v", f.Name, byID, err)
		}
	}
	if !slices.ContainsFunc(all, func(f *genetlink.Family) bool { return f.Name == genetlink.ControllerName }) {
		t.Error("nlctrl is missing")
	}
}

func TestLiveUnknown(t *testing.T) {
	c := dialLive(t)
	ctx := testContext(t)
	_, err := c.Family(ctx, "nlctlr")
	var unknown *genetlink.UnknownFamilyError
	if !errors.As(err, &unknown) || !slices.Contains(unknown.Near, genetlink.ControllerName) || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v, want one that names nlctrl", err)
	}
	if _, err := c.FamilyByID(ctx, 0xfff0); !errors.As(err, &unknown) || unknown.ID != 0xfff0 {
		t.Errorf("by number: %v", err)
	}
	_, err = c.Do(ctx, genetlink.Request{Family: genetlink.ControllerName, Cmd: 200}, nil)
	if !errors.Is(err, netlink.EOPNOTSUPP) {
		t.Errorf("unknown op: %v", err)
	}
}

func TestLivePolicies(t *testing.T) {
	c := dialLive(t)
	ctx := testContext(t)
	p, err := c.Policies(ctx, genetlink.ControllerName)
	if errors.Is(err, netlink.EOPNOTSUPP) {
		testenv.Missing(t, "getpolicy", "Linux 5.7: "+err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	set, ok := p.Do(3)
	if !ok || set[1].Type != netlink.PolicyU16 || set[2].Type != netlink.PolicyNulString || set[2].MaxLen != 15 {
		t.Errorf("getfamily: %v, %v", set, ok)
	}
	if set, ok = p.Dump(10); !ok || set[10].Type != netlink.PolicyU32 {
		t.Errorf("getpolicy: %v, %v", set, ok)
	}
	if _, ok := p.Do(10); ok {
		t.Error("getpolicy has a policy for one thing, but only dumps")
	}
	one, err := c.OpPolicies(ctx, genetlink.ControllerName, 3)
	if err != nil || len(one.Ops) != 1 || len(one.Sets[one.Ops[0].Do]) != 2 {
		t.Errorf("getfamily alone: %+v, %v", one, err)
	}
	if _, err := c.OpPolicies(ctx, genetlink.ControllerName, 200); !errors.Is(err, netlink.ENOENT) {
		t.Errorf("unknown op: %v", err)
	}
}

// Every operation that is said to have a policy gets it, under its own number.
func TestLivePoliciesOfAll(t *testing.T) {
	c := dialLive(t)
	ctx := testContext(t)
	all, err := c.Families(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		p, err := c.Policies(ctx, f.Name)
		if errors.Is(err, netlink.EOPNOTSUPP) {
			testenv.Missing(t, "getpolicy", "Linux 5.10: "+err.Error())
		}
		if err != nil {
			t.Errorf("%s: %v", f.Name, err)
			continue
		}
		for _, o := range f.Ops {
			op, ok := p.Op(o.ID)
			if ok != o.Flags.Has(genetlink.HasPolicy) || op.HasDo && !o.Flags.Has(genetlink.CanDo) || op.HasDump && !o.Flags.Has(genetlink.CanDump) {
				t.Errorf("%s op %d (%v): %+v, %v", f.Name, o.ID, o.Flags, op, ok)
			}
		}
	}
}

// ethtool's policies nest: every request has a header.
func TestLivePoliciesOfEthtool(t *testing.T) {
	c := dialLive(t)
	ctx := testContext(t)
	needFamily(t, c, "ethtool")
	p, err := c.Policies(ctx, "ethtool")
	if err != nil {
		t.Fatal(err)
	}
	set, ok := p.Do(1) // ETHTOOL_MSG_STRSET_GET
	if !ok {
		t.Fatal("op 1 has no policy")
	}
	header, ok := p.Nested(set[1])
	if !ok || header[1].Type != netlink.PolicyU32 || header[2].Type != netlink.PolicyNulString || header[2].MaxLen != 127 {
		t.Errorf("the header of op 1: %v, %v", header, ok)
	}
	// Every nest refers to a set that came.
	for index, set := range p.Sets {
		for number, a := range set {
			if _, ok := p.Nested(a); a.HasNested && !ok {
				t.Errorf("set %d, attribute %d: set %d did not come", index, number, a.Nested)
			}
		}
	}
}

// A do and a dump of a family beside the controller.
func TestLiveNetdev(t *testing.T) {
	c := dialLive(t)
	ctx := testContext(t)
	needFamily(t, c, "netdev")
	const devGet, attrIfindex, loopback = 1, 1, 1
	seen := false
	for m, err := range c.Dump(ctx, genetlink.Request{Family: "netdev", Cmd: devGet}) {
		if err != nil {
			t.Fatal(err)
		}
		a, _ := wire.FindAttr(m.Attrs, attrIfindex)
		if v, err := a.Uint32(); err == nil && v == loopback {
			seen = true
		}
	}
	if !seen {
		t.Error("the loopback device is not in the dump")
	}
	replies := 0
	_, err := c.Do(ctx, genetlink.Request{Family: "netdev", Cmd: devGet, Attrs: func(b *wire.Builder) {
		b.Uint32(attrIfindex, loopback)
	}}, func(m genetlink.Message) error { replies++; return nil })
	if err != nil || replies != 1 {
		t.Errorf("%d replies, %v", replies, err)
	}
	// A missing attribute is told by its number.
	_, err = c.Do(ctx, genetlink.Request{Family: "netdev", Cmd: devGet}, nil)
	var e *netlink.Error
	if !errors.As(err, &e) || e.Errno != netlink.EINVAL || !e.HasMissingType || e.MissingType != attrIfindex || e.Op != "netdev op 1" {
		t.Errorf("without its attribute: %v", err)
	}
}

func TestLiveSubscribe(t *testing.T) {
	c := dialLive(t)
	ctx := testContext(t)
	f := needFamily(t, c, "netdev")
	s, err := c.Subscribe(ctx, "netdev")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := s.Groups(); !slices.Equal(got, f.Groups) {
		t.Errorf("joined %v, want %v", got, f.Groups)
	}
	if _, ok, err := s.TryReceive(); ok || err != nil {
		t.Errorf("an event out of nothing: %v", err)
	}
}

// addLink makes a network device of any kind the kernel has.
func addLink(t *testing.T, o *netlink.Options) {
	t.Helper()
	const newLink, attrName, attrInfo, attrKind = 16, 3, 18, 1
	c, err := netlink.Dial(wire.Route, o)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, kind := range []string{"dummy", "veth", "bridge", "ifb"} {
		var b wire.Builder
		b.Message(wire.Header{Type: newLink, Flags: wire.Create | wire.Excl})
		b.Raw(make([]byte, 16))
		b.Text(attrName, "test0")
		info := b.Nest(attrInfo)
		b.Text(attrKind, kind)
		b.End(info)
		req, err := b.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Do(testContext(t), req, nil)
		if err == nil {
			return
		}
		if !errors.Is(err, netlink.EOPNOTSUPP) {
			t.Fatal(err)
		}
	}
	testenv.Missing(t, "links", "this kernel makes none of the kinds of network devices tried")
}

// A device made in a namespace is announced there, by a family that is.
func TestLiveNotification(t *testing.T) {
	ns := testenv.NewNetNS(t)
	o := &netlink.Options{Namespace: netlink.NamespaceFD(ns.FD())}
	c, err := genetlink.Dial(o)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ctx := testContext(t)
	needFamily(t, c, "netdev")
	const devAdded, attrIfindex = 2, 1
	s, err := c.Subscribe(ctx, "netdev", "mgmt")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	addLink(t, o)
	ev, err := s.Receive(ctx)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := wire.FindAttr(ev.Message.Attrs, attrIfindex)
	if index, err := a.Uint32(); ev.Kind != genetlink.Notification || ev.Message.Cmd != devAdded || ev.Group != "mgmt" || err != nil || index < 2 {
		t.Errorf("%+v: ifindex %d, %v", ev, index, err)
	}
}
