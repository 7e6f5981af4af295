package genetlink

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

func TestPoliciesOfTheKernel(t *testing.T) {
	var p Policies
	for _, text := range tcpMetricsPolicies {
		g, err := Parse(captured(t, text), 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Add(g.Attrs); err != nil {
			t.Fatal(err)
		}
	}
	u32 := netlink.AttrPolicy{Type: netlink.PolicyU32, HasUnsigned: true, MaxU: math.MaxUint32}
	addr6 := netlink.AttrPolicy{Type: netlink.PolicyBinary, HasMinLen: true, HasMaxLen: true, MinLen: 16, MaxLen: 16}
	want := Policies{
		Ops:  []OpPolicy{{Op: 1, HasDo: true}, {Op: 2, HasDo: true}},
		Sets: map[uint32]AttrSet{0: {1: u32, 2: addr6, 11: u32, 12: addr6}},
	}
	if !reflect.DeepEqual(p, want) {
		t.Errorf("got  %+v\nwant %+v", p, want)
	}
	if set, ok := p.Do(2); !ok || len(set) != 4 {
		t.Errorf("op 2: %v, %v", set, ok)
	}
	if _, ok := p.Dump(2); ok {
		t.Error("op 2 has a policy for dumps")
	}
	if _, ok := p.Do(3); ok {
		t.Error("op 3 has a policy")
	}
}

// policyMessages builds a dump as the kernel does: the ops, then one message an
// attribute.
func policyMessages(t testing.TB, p Policies) [][]byte {
	t.Helper()
	var all [][]byte
	message := func(fill func(b *wire.Builder)) {
		m := build(t, ControllerID, CtrlGetPolicy, nil, func(b *wire.Builder) {
			b.Uint16(CtrlAttrFamilyID, 30)
			fill(b)
		})
		all = append(all, m[wire.HeaderLen+HeaderLen:])
	}
	for _, o := range p.Ops {
		message(func(b *wire.Builder) {
			outer := b.Nest(CtrlAttrOpPolicy)
			inner := b.Nest(uint16(o.Op))
			if o.HasDo {
				b.Uint32(CtrlAttrPolicyDo, o.Do)
			}
			if o.HasDump {
				b.Uint32(CtrlAttrPolicyDump, o.Dump)
			}
			b.End(inner)
			b.End(outer)
		})
	}
	for index, set := range p.Sets {
		for number, pol := range set {
			message(func(b *wire.Builder) {
				outer := b.Nest(CtrlAttrPolicy)
				inner := b.Nest(uint16(index))
				attr := b.Nest(number)
				pol.Append(b)
				b.End(attr)
				b.End(inner)
				b.End(outer)
			})
		}
	}
	return all
}

func TestPoliciesMayReferToThemselves(t *testing.T) {
	nest := func(index uint32) netlink.AttrPolicy {
		return netlink.AttrPolicy{Type: netlink.PolicyNested, HasNested: true, Nested: index, NestedMaxType: 9}
	}
	want := Policies{
		Ops: []OpPolicy{{Op: 5, HasDo: true, Do: 0, HasDump: true, Dump: 7}},
		Sets: map[uint32]AttrSet{
			0: {1: nest(1), 2: {Type: netlink.PolicyFlag}},
			1: {3: nest(0), 4: nest(1), 5: nest(99), 6: {Type: netlink.PolicyNested}},
		},
	}
	var p Policies
	for _, m := range policyMessages(t, want) {
		if err := p.Add(m); err != nil {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(p, want) {
		t.Errorf("got  %+v\nwant %+v", p, want)
	}
	// Down and round: 0.1 -> 1.3 -> 0.
	top, _ := p.Do(5)
	inner, ok := p.Nested(top[1])
	if !ok || len(inner) != 4 {
		t.Fatalf("set 1: %v, %v", inner, ok)
	}
	if back, ok := p.Nested(inner[3]); !ok || !reflect.DeepEqual(back, top) {
		t.Errorf("set 0 again: %v, %v", back, ok)
	}
	if self, ok := p.Nested(inner[4]); !ok || !reflect.DeepEqual(self, inner) {
		t.Errorf("set 1 in itself: %v, %v", self, ok)
	}
	for name, a := range map[string]netlink.AttrPolicy{"flag": top[2], "set not sent": inner[5], "nest of which nothing is told": inner[6]} {
		if set, ok := p.Nested(a); ok {
			t.Errorf("%s: found %v", name, set)
		}
	}
	// A policy without attributes is one: it takes none.
	if set, ok := p.Dump(5); !ok || len(set) != 0 {
		t.Errorf("dump: %v, %v; want an empty set", set, ok)
	}
}

// nlctrl's own policies as Linux 6.18 tells them: getpolicy, command 10, only
// dumps, and comes under the number 0.
func TestDumpOnlyOpsGetTheirNumbers(t *testing.T) {
	list := []Op{{3, CanDo | CanDump | HasPolicy}, {10, CanDump | HasPolicy}, {11, CanDump}, {12, CanDump | HasPolicy}}
	both := OpPolicy{Op: 3, HasDo: true, HasDump: true}
	for _, tt := range []struct {
		what      string
		ops       []Op
		have      []OpPolicy
		want      []OpPolicy
		untouched bool
	}{
		{what: "one", ops: list[:3], have: []OpPolicy{both, {HasDump: true, Dump: 1}},
			want: []OpPolicy{both, {Op: 10, HasDump: true, Dump: 1}}},
		{what: "two", ops: list, have: []OpPolicy{both, {HasDump: true, Dump: 1}, {HasDump: true, Dump: 2}},
			want: []OpPolicy{both, {Op: 10, HasDump: true, Dump: 1}, {Op: 12, HasDump: true, Dump: 2}}},
		{what: "not to be told apart", ops: list, have: []OpPolicy{both, {HasDump: true, Dump: 1}},
			want: []OpPolicy{both, {HasDump: true, Dump: 1}}},
		{what: "a kernel that tells", ops: list[:2], have: []OpPolicy{both, {Op: 10, HasDump: true}},
			want: []OpPolicy{both, {Op: 10, HasDump: true}}, untouched: true},
	} {
		p := Policies{Ops: tt.have}
		if p.hasNameless() == tt.untouched {
			t.Errorf("%s: hasNameless is wrong", tt.what)
		}
		p.nameDumps(tt.ops)
		if !reflect.DeepEqual(p.Ops, tt.want) {
			t.Errorf("%s: got %+v, want %+v", tt.what, p.Ops, tt.want)
		}
	}
}

func TestPoliciesRefuses(t *testing.T) {
	for _, tt := range []struct {
		what string
		make func(*wire.Builder)
		want string
	}{
		{"cut op list", func(b *wire.Builder) { b.Attr(CtrlAttrOpPolicy, []byte{1}) }, "malformed attribute header"},
		{"cut op", func(b *wire.Builder) {
			n := b.Nest(CtrlAttrOpPolicy)
			b.Attr(1, []byte{9, 9, 9})
			b.End(n)
		}, "malformed attribute header"},
		{"short index", func(b *wire.Builder) {
			n := b.Nest(CtrlAttrOpPolicy)
			m := b.Nest(1)
			b.Uint16(CtrlAttrPolicyDo, 1)
			b.End(m)
			b.End(n)
		}, "u32"},
		{"cut set", func(b *wire.Builder) { b.Attr(CtrlAttrPolicy, []byte{1, 2, 3}) }, "malformed attribute header"},
		{"bad limit", func(b *wire.Builder) {
			n := b.Nest(CtrlAttrPolicy)
			m := b.Nest(0)
			o := b.Nest(17)
			b.Uint8(netlink.PolicyAttrType, 1)
			b.End(o)
			b.End(m)
			b.End(n)
		}, "attribute 17"},
		{"trailing bytes", func(b *wire.Builder) { b.Raw([]byte{2, 0, 0, 0}) }, "shorter than the header"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			var b wire.Builder
			tt.make(&b)
			attrs, err := b.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			var p Policies
			if err := p.Add(attrs); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q in it", err, tt.want)
			}
		})
	}
}

func FuzzPolicies(f *testing.F) {
	for _, text := range tcpMetricsPolicies {
		f.Add([]byte(captured(f, text)[wire.HeaderLen+HeaderLen:]))
	}
	f.Fuzz(func(t *testing.T, attrs []byte) {
		var p Policies
		if p.Add(attrs) != nil {
			return
		}
		n := len(p.Ops) + len(p.Sets)
		for _, set := range p.Sets {
			n += len(set)
		}
		if 4*n > len(attrs) {
			t.Fatalf("%d entries out of %d bytes", n, len(attrs))
		}
		for _, o := range p.Ops {
			p.Do(o.Op)
			p.Dump(o.Op)
		}
		var again Policies
		for _, m := range policyMessages(t, p) {
			if err := again.Add(m); err != nil {
				t.Fatalf("built again: %v", err)
			}
		}
		for index, set := range again.Sets {
			if len(set) != len(p.Sets[index]) {
				t.Fatalf("set %d built again: %v, want %v", index, set, p.Sets[index])
			}
		}
		if len(again.Ops) != len(p.Ops) {
			t.Fatalf("ops built again: %v, want %v", again.Ops, p.Ops)
		}
	})
}
