package sim

import (
	"errors"
	"fmt"
	"iter"
	"testing"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

func nothing(*Request) error { return nil }

func none(*Request) iter.Seq2[Entry, error] { return func(func(Entry, error) bool) {} }

func TestRegisterRefuses(t *testing.T) {
	k := newKernel(t)
	tests := []struct {
		name string
		f    Family
		want error
	}{
		{"no name", Family{}, netlink.EINVAL},
		{"long name", Family{Name: "sixteen-bytes-na"}, netlink.EINVAL},
		{"name taken", Family{Name: "nlctrl"}, netlink.EEXIST},
		{"odd header", Family{Name: "f", HeaderLen: 3}, netlink.EINVAL},
		{"op without handler", Family{Name: "f", Ops: []Op{{Cmd: 1}}}, netlink.EINVAL},
		{"op twice", Family{Name: "f", Ops: []Op{{Cmd: 1, Do: nothing}, {Cmd: 1, Dump: none}}}, netlink.EINVAL},
		{"group without name", Family{Name: "f", Groups: []Group{{}}}, netlink.EINVAL},
		{"group twice", Family{Name: "f", Groups: []Group{{Name: "g"}, {Name: "g"}}}, netlink.EINVAL},
	}
	for _, tt := range tests {
		if _, err := k.Register(tt.f); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	if _, err := k.Register(Family{Name: "fifteen-bytes-n"}); err != nil {
		t.Error(err)
	}
}

func TestNumbers(t *testing.T) {
	k := newKernel(t)
	add := func(name string, groups ...string) *Registered {
		t.Helper()
		f := Family{Name: name}
		for _, g := range groups {
			f.Groups = append(f.Groups, Group{Name: g})
		}
		r, err := k.Register(f)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	group := func(r *Registered, name string, want uint32) {
		t.Helper()
		if id, ok := r.GroupID(name); !ok || id != want {
			t.Errorf("%s of %s: %d, %v, want %d", name, r.Name(), id, ok, want)
		}
	}
	a := add("a", "x", "y")
	b := add("b", "x")
	if a.ID() != 0x13 || b.ID() != 0x14 {
		t.Errorf("ids 0x%x and 0x%x, want 0x13 and 0x14", a.ID(), b.ID())
	}
	group(a, "x", 2)
	group(a, "y", 3)
	group(b, "x", 4)
	if err := a.Unregister(); err != nil {
		t.Fatal(err)
	}
	if err := a.Unregister(); !errors.Is(err, netlink.ENOENT) {
		t.Errorf("unregistered twice: %v, want ENOENT", err)
	}
	if err := a.Multicast("x", 1, nil); !errors.Is(err, netlink.ENOENT) {
		t.Errorf("multicast of a family that is gone: %v, want ENOENT", err)
	}
	again := add("a", "x")
	if again.ID() != 0x15 {
		t.Errorf("id 0x%x, want a new one, 0x15", again.ID())
	}
	group(again, "x", 2)
	group(add("three", "1", "2", "3"), "1", 5)
	// The numbers kept for others are stepped over, in a row too.
	group(add("nine", "1", "2", "3", "4", "5", "6", "7", "8", "9"), "1", 19)
	group(add("VFS_DQUOT", "events"), "events", 17)
	group(add("NET_DM", "events"), "events", 1)
	// The first family kept its place free; the id numbers go round.
	if id := k.genl.byName["VFS_DQUOT"].id; id != 0x11 {
		t.Errorf("VFS_DQUOT has id 0x%x, want 0x11", id)
	}
	for i := range 2000 {
		r := add(fmt.Sprint("n", i))
		if r.ID() < firstFamilyID || r.ID() > maxFamilyID {
			t.Fatalf("id %d", r.ID())
		}
		if err := r.Unregister(); err != nil {
			t.Fatal(err)
		}
	}
	// More groups than there were.
	var many []string
	for i := range 100 {
		many = append(many, fmt.Sprint(i))
	}
	last := add("many", many...)
	id, _ := last.GroupID("99")
	s := open(t, k, wire.Generic, nil)
	if err := s.Join(id); err != nil {
		t.Errorf("join group %d: %v", id, err)
	}
	if err := s.Join(1000); !errors.Is(err, netlink.EINVAL) {
		t.Errorf("join group 1000: %v, want EINVAL", err)
	}
}

func TestFamilyMulticast(t *testing.T) {
	k := newKernel(t)
	fam, err := k.Register(Family{Name: "DOC_EXMPL", Version: 1, Groups: []Group{{Name: "DOC_EXMPL_GRP"}}})
	if err != nil {
		t.Fatal(err)
	}
	hello := func(b *wire.Builder) { b.Text(1, "Hello from kernel space!!!") }
	if err := fam.Multicast("DOC_EXMPL_GRP", 1, hello); !errors.Is(err, netlink.ESRCH) || fam.HasListeners("DOC_EXMPL_GRP") {
		t.Errorf("nobody listens: %v, want ESRCH", err)
	}
	if err := fam.Multicast("nosuch", 1, nil); !errors.Is(err, netlink.EINVAL) {
		t.Errorf("no such group: %v, want EINVAL", err)
	}
	group, _ := fam.GroupID("DOC_EXMPL_GRP")
	s := open(t, k, wire.Generic, nil)
	if err := s.Join(group); err != nil {
		t.Fatal(err)
	}
	if err := fam.Multicast("DOC_EXMPL_GRP", 1, hello); err != nil || !fam.HasListeners("DOC_EXMPL_GRP") {
		t.Errorf("multicast: %v", err)
	}
	m := wire.Message(receive(t, s))
	if len(m) != 52 || m.Type() != wire.Type(fam.ID()) || m.Flags() != 0 || m.Seq() != 0 || m.Port() != 0 {
		t.Errorf("%d bytes, %v", len(m), m.Header())
	}
	// An unregistered family's members are sent away, and hear nothing of the next
	// owner of the number.
	if err := fam.Unregister(); err != nil {
		t.Fatal(err)
	}
	next, err := k.Register(Family{Name: "next", Groups: []Group{{Name: "g"}}})
	if err != nil {
		t.Fatal(err)
	}
	if id, _ := next.GroupID("g"); id != group {
		t.Fatalf("group %d, want %d again", id, group)
	}
	if err := next.Multicast("g", 1, nil); !errors.Is(err, netlink.ESRCH) {
		t.Errorf("multicast: %v, want ESRCH", err)
	}
}

func TestRequestChecks(t *testing.T) {
	k := newKernel(t)
	fam, err := k.Register(Family{Name: "f", ReservedFrom: 5, Ops: []Op{
		{Cmd: 1, Do: nothing},
		{Cmd: 2, Dump: none},
		{Cmd: 3, AdminPerm: true, Do: nothing, Dump: none},
		{Cmd: 4, UnsAdminPerm: true, Policy: Policy{}, Do: nothing},
		{Cmd: 5, Do: nothing, Dump: none},
		{Cmd: 6, Policy: Policy{}, Do: nothing},
		{Cmd: 7, Policy: Policy{1: {Kind: U32}}, DumpPolicy: Policy{2: {Kind: U32}}, Do: nothing, Dump: none},
		{Cmd: 8, Policy: Policy{1: {Kind: U32}}, UncheckedDump: true, LiberalDump: true, Do: nothing, Dump: none},
		{Cmd: 9, Policy: Policy{1: {Kind: U32}}, Liberal: true, LiberalDump: true, Do: nothing, Dump: none},
	}})
	if err != nil {
		t.Fatal(err)
	}
	const do, dump = wire.Request | wire.Ack, wire.Request | wire.Dump
	u32 := func(typ uint16) func(*wire.Builder) { return func(b *wire.Builder) { b.Uint32(typ, 1) } }
	tests := []struct {
		name  string
		root  bool
		req   []byte
		errno netlink.Errno
		text  string
	}{
		{"fine", true, genl(t, fam.ID(), do, 1, nil), 0, ""},
		{"no do", true, genl(t, fam.ID(), do, 2, nil), netlink.EOPNOTSUPP, ""},
		{"no dump", true, genl(t, fam.ID(), dump, 1, nil), netlink.EOPNOTSUPP, ""},
		{"no op", true, genl(t, fam.ID(), do, 99, nil), netlink.EOPNOTSUPP, ""},
		{"no family", true, genl(t, fam.ID()+1, do, 1, nil), netlink.ENOENT, ""},
		{"admin", true, genl(t, fam.ID(), do, 3, nil), 0, ""},
		{"not admin", false, genl(t, fam.ID(), do, 3, nil), netlink.EPERM, ""},
		{"not admin, dump", false, genl(t, fam.ID(), dump, 3, nil), netlink.EPERM, ""},
		{"not admin in the namespace", false, genl(t, fam.ID(), do, 4, u32(1)), netlink.EPERM, ""}, // before the parsing
		{"anybody", false, genl(t, fam.ID(), do, 5, nil), 0, ""},
		{"no policy, old op", true, genl(t, fam.ID(), do, 1, u32(77)), 0, ""},
		{"no policy, new op", true, genl(t, fam.ID(), do, 5, u32(1)), netlink.EINVAL, textFailed},
		{"no policy, new op, unknown", true, genl(t, fam.ID(), do, 5, u32(2)), netlink.EINVAL, textUnknown},
		{"empty policy", true, genl(t, fam.ID(), do, 6, u32(1)), netlink.EINVAL, textUnknown},
		{"policy", true, genl(t, fam.ID(), do, 7, u32(1)), 0, ""},
		{"dump policy", true, genl(t, fam.ID(), dump, 7, u32(2)), 0, ""},
		{"dump policy refuses", true, genl(t, fam.ID(), dump, 7, u32(3)), netlink.EINVAL, textUnknown},
		{"do policy", true, genl(t, fam.ID(), do, 7, u32(2)), netlink.EINVAL, textUnknown},
		{"unchecked dump", true, genl(t, fam.ID(), dump, 8, u32(9)), 0, ""},
		{"liberal do", true, genl(t, fam.ID(), do, 9, u32(9)), 0, ""},
		{"liberal dump", true, genl(t, fam.ID(), dump, 9, u32(9)), 0, ""},
		{"odd flags, new op", true, genl(t, fam.ID(), do|wire.Root, 5, nil), netlink.EINVAL, "ambiguous or reserved bits set in nlmsg_flags"},
		{"odd flags, old op", true, genl(t, fam.ID(), do|wire.Root, 1, nil), 0, ""},
		{"echo is allowed", true, genl(t, fam.ID(), do|wire.Echo, 5, nil), 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			via := netlink.Opener(k)
			if !tt.root {
				via = k.Unprivileged()
			}
			s := open(t, via, wire.Generic, nil)
			send(t, s, tt.req)
			errno, tlvs := ackOf(t, receive(t, s))
			if errno != tt.errno || tlvs[wire.AckMessage].Text() != tt.text {
				t.Errorf("got %v %q, want %v %q", errno.Name(), tlvs[wire.AckMessage].Text(), tt.errno.Name(), tt.text)
			}
		})
	}
}
