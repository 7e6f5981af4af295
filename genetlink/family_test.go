package genetlink

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/wire"
)

func parseFamilyOf(t testing.TB, m wire.Message) *Family {
	t.Helper()
	g, err := Parse(m, 0)
	if err != nil {
		t.Fatal(err)
	}
	f, err := ParseFamily(g.Attrs)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestParseFamilyOfTheKernel(t *testing.T) {
	for _, tt := range []struct {
		text string
		want Family
	}{
		{nlctrlReply, Family{ID: 16, Name: "nlctrl", Version: 2,
			Ops:    []Op{{3, CanDo | CanDump | HasPolicy}, {10, CanDump | HasPolicy}},
			Groups: []Group{{"notify", 16}}}},
		{netdevReply, Family{ID: 20, Name: "netdev", Version: 1,
			Ops: []Op{
				{1, CanDo | CanDump | HasPolicy}, {5, CanDo | CanDump | HasPolicy},
				{10, CanDo | CanDump | HasPolicy}, {11, CanDo | CanDump | HasPolicy},
				{12, CanDump | HasPolicy}, {13, CanDo | HasPolicy | AdminPerm},
				{14, CanDo | HasPolicy | AdminPerm}, {15, CanDo | HasPolicy},
			},
			Groups: []Group{{"mgmt", 4}, {"page-pool", 5}}}},
	} {
		m := captured(t, tt.text)
		got := parseFamilyOf(t, m)
		if !reflect.DeepEqual(*got, tt.want) {
			t.Errorf("got  %+v\nwant %+v", *got, tt.want)
		}
		// Built again it has the same bytes.
		again := build(t, ControllerID, CtrlNewFamily, nil, got.Append)
		if string(again[wire.HeaderLen+HeaderLen:]) != string(m[wire.HeaderLen+HeaderLen:]) {
			t.Errorf("%s built again:\n%x\nwant\n%x", got.Name, again, m)
		}
	}
}

func TestFamilyLookups(t *testing.T) {
	f := Family{Ops: []Op{{1, CanDo}, {7, CanDump}}, Groups: []Group{{"a", 33}, {"b", 4711}}}
	if o, ok := f.Op(7); !ok || o.Flags != CanDump {
		t.Errorf("op 7: %v, %v", o, ok)
	}
	if _, ok := f.Op(2); ok {
		t.Error("op 2 found")
	}
	if g, ok := f.Group("b"); !ok || g.ID != 4711 {
		t.Errorf("group b: %v, %v", g, ok)
	}
	if _, ok := f.Group("c"); ok {
		t.Error("group c found")
	}
}

func TestParseFamilyRefuses(t *testing.T) {
	name := func(b *wire.Builder) { b.Text(CtrlAttrFamilyName, "x") }
	id := func(b *wire.Builder) { b.Uint16(CtrlAttrFamilyID, 30) }
	for _, tt := range []struct {
		what string
		make func(*wire.Builder)
		want string
	}{
		{"nothing", func(*wire.Builder) {}, "number is missing"},
		{"no number", name, `family "x": the number is missing`},
		{"no name", id, "family 30: the name is missing"},
		{"empty name", func(b *wire.Builder) { id(b); b.Text(CtrlAttrFamilyName, "") }, "name is missing"},
		{"short number", func(b *wire.Builder) { name(b); b.Uint8(CtrlAttrFamilyID, 3) }, "u16"},
		{"short hdrsize", func(b *wire.Builder) { name(b); id(b); b.Uint16(CtrlAttrHdrSize, 3) }, "u32"},
		{"huge hdrsize", func(b *wire.Builder) { name(b); id(b); b.Uint32(CtrlAttrHdrSize, 1<<31) }, "not credible"},
		{"op without number", func(b *wire.Builder) {
			name(b)
			id(b)
			ops := b.NestPlain(CtrlAttrOps)
			op := b.NestPlain(1)
			b.Uint32(CtrlAttrOpFlags, 2)
			b.End(op)
			b.End(ops)
		}, "operation 1 of the list has no number"},
		{"group without number", func(b *wire.Builder) {
			name(b)
			id(b)
			ops := b.NestPlain(CtrlAttrMcastGroups)
			op := b.NestPlain(1)
			b.Text(CtrlAttrMcastName, "g")
			b.End(op)
			b.End(ops)
		}, "multicast group 1 of the list has no number"},
		{"malformed list", func(b *wire.Builder) { name(b); id(b); b.Attr(CtrlAttrOps, []byte{1, 0}) }, "malformed attribute header"},
		{"malformed op", func(b *wire.Builder) {
			name(b)
			id(b)
			ops := b.NestPlain(CtrlAttrOps)
			b.Attr(1, []byte{200, 0, 1, 0})
			b.End(ops)
		}, "runs past the end"},
		{"trailing bytes", func(b *wire.Builder) { name(b); id(b); b.Raw([]byte{1, 0, 0, 0}) }, "shorter than the header"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			var b wire.Builder
			tt.make(&b)
			attrs, err := b.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			f, err := ParseFamily(attrs)
			if err == nil {
				t.Fatalf("accepted: %+v", f)
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %q, want %q in it", err, tt.want)
			}
		})
	}
}

func TestParseFamilySkipsWhatItDoesNotKnow(t *testing.T) {
	f := parseFamilyOf(t, build(t, ControllerID, CtrlNewFamily, nil, func(b *wire.Builder) {
		b.Text(99, "later")
		(&Family{ID: 77, Name: "new"}).Append(b)
		b.Attr(1000, []byte{1})
	}))
	if f.ID != 77 || f.Name != "new" {
		t.Errorf("%+v", f)
	}
}

func FuzzParseFamily(f *testing.F) {
	for _, text := range []string{nlctrlReply, netdevReply} {
		f.Add([]byte(captured(f, text)[wire.HeaderLen+HeaderLen:]))
	}
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, attrs []byte) {
		fam, err := ParseFamily(attrs)
		if err != nil {
			return
		}
		if 4*(len(fam.Ops)+len(fam.Groups)) > len(attrs) {
			t.Fatalf("%d ops and %d groups out of %d bytes", len(fam.Ops), len(fam.Groups), len(attrs))
		}
		var b wire.Builder
		fam.Append(&b)
		again, err := b.Bytes()
		if errors.Is(err, wire.ErrTooLong) {
			return // names repeated in several attributes may add up
		}
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseFamily(again)
		if err != nil {
			t.Fatalf("built again: %v", err)
		}
		if !reflect.DeepEqual(got, fam) {
			t.Fatalf("got  %+v\nwant %+v", got, fam)
		}
	})
}
