package assign

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/codec"
)

func sample(tb testing.TB, op string) codec.Layout {
	tb.Helper()
	spec, err := ynl.ParseFile("testdata/sample.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	return codec.Of(spec.Op(op))
}

// interfaces are those of the tests.
func interfaces(name string) (uint32, error) {
	if name == "eth0" {
		return 7, nil
	}
	return 0, fmt.Errorf("there is no interface %q", name)
}

// show writes values with what tells them apart: types, members, indexes.
func show(v any) string {
	switch v := v.(type) {
	case codec.Object:
		var out []string
		for _, f := range v {
			mark := ""
			switch {
			case f.Member != nil:
				mark = "@" // a header's member
			case f.Attr == nil:
				mark = "?"
			}
			out = append(out, f.Name+mark+"="+show(f.Value))
		}
		return "{" + strings.Join(out, " ") + "}"
	case codec.Array:
		var out []string
		for _, el := range v {
			out = append(out, fmt.Sprintf("%d:%s", el.Index, show(el.Value)))
		}
		return "array" + fmt.Sprint(out)
	case []any:
		var out []string
		for _, el := range v {
			out = append(out, show(el))
		}
		return fmt.Sprint(out)
	case codec.Flags:
		return "flags(" + strings.Join(v, "|") + ")"
	case codec.Raw:
		return fmt.Sprintf("raw(%x)", []byte(v))
	case []byte:
		return fmt.Sprintf("bytes(%x)", v)
	case uint64:
		return fmt.Sprintf("#%d", v)
	case string:
		return fmt.Sprintf("%q", v)
	}
	return fmt.Sprint(v)
}

func TestParse(t *testing.T) {
	tests := []struct{ args, want string }{
		{"", `{}`},
		{"name=lo", `{name="lo"}`},
		{"name=", `{name=""}`},
		{"name=a=b.c[1]:d", `{name="a=b.c[1]:d"}`},
		{"name=\xff\xfe", `{name="\xff\xfe"}`},
		{"mtu=0x10 name=x", `{mtu="0x10" name="x"}`},
		{"rtm-family=inet6", `{rtm-family@=#10}`},
		{"table=main", `{table=#254}`},
		{"table=0x10", `{table="0x10"}`},
		{"rtm-flags=onlink", `{rtm-flags@=#4}`},
		{"rtm-flags=dead,LinkDown|0x80", `{rtm-flags@=#145}`},
		{"rtm-flags=dead|010", `{rtm-flags@=#11}`},
		{"rtm-flags=", `{rtm-flags@=#0}`},
		{"rtm-flags=0x90", `{rtm-flags@="0x90"}`},
		{"rtm-family=2 flags=up,running", `{rtm-family@="2" flags@=flags(up|running)}`},
		{"flags=", `{flags@=flags()}`},
		{"on", `{on=true}`},
		{"on=1 mtu=5", `{on=true mtu="5"}`},
		{"on=false mtu=5", `{mtu="5"}`},
		{"color=red", `{color="red"}`},
		{"state=up state=running|0x10 mtu=1", `{state=flags(up|running|0x10) mtu="1"}`},
		{"master=eth0", `{master=#7}`},
		{"master=3", `{master="3"}`},
		{"master=-1", `{master="-1"}`},
		{"ifi-index=eth0", `{ifi-index@=#7}`},
		{"dev=eth0", `{ifi-index@=#7}`},
		{"addr=10.0.0.1", `{addr="10.0.0.1"}`},
		{"blob=0a0b", `{blob=bytes(0a0b)}`},
		{"blob=0a:0b", `{blob=bytes(0a0b)}`},
		{"blob=", `{blob=bytes()}`},
		{"blob=10.0.0.1", `{blob=bytes(0a000001)}`},
		{"blob=fe80::1", `{blob=bytes(fe800000000000000000000000000001)}`},
		{"blob=aa:bb:cc:dd:ee:ff", `{blob=bytes(aabbccddeeff)}`},
		{"words=1,2 words=3", `{words=["1" "2" "3"]}`},
		{"nest.a=1 nest.b=x", `{nest={a="1" b="x"}}`},
		{"nest.deep.deep.a=1", `{nest={deep={deep={a="1"}}}}`},
		{"nest", `{nest={}}`},
		{"nest:hex=0a", `{nest=raw(0a)}`},
		{"mtu:hex=0a0b", `{mtu=raw(0a0b)}`},
		{"alias=a mtu=1 alias=b", `{alias="a" mtu="1" alias="b"}`},
		{"alias[+]=a alias[+]=b", `{alias="a" alias="b"}`},
		{"alias[1]=a alias[0]=b", `{alias="a" alias="b"}`},
		{"hop.a=1 hop.b=x hop[+].a=2 hop.b=y", `{hop={a="1" b="x"} hop={a="2" b="y"}}`},
		{"hop[5].a=1 hop[6].a=2 hop[5].b=x", `{hop={a="1" b="x"} hop={a="2"}}`},
		{"peers.a=1 peers.b=x", `{peers=array[1:{a="1" b="x"}]}`},
		{"peers[+].a=1 mtu=2 peers[+].a=3", `{peers=array[1:{a="1"} 2:{a="3"}] mtu="2"}`},
		{"peers[4].a=1 peers[+].a=3 peers[4].b=x", `{peers=array[4:{a="1" b="x"} 5:{a="3"}]}`},
		{"peers[2]:hex=00", `{peers=array[2:raw(00)]}`},
		{"list=5 list=6", `{list=array[1:"5" 2:"6"]}`},
		{"list[3]=5", `{list=array[3:"5"]}`},
		{"kind=vlan data.a=5", `{kind="vlan" data={a="5"}}`},
		{"data.a=5 kind=vlan", `{data={a="5"} kind="vlan"}`},
		{"kind=raw data.x=5", `{kind="raw" data={x@="5"}}`},
		{"kind=both data.x=5 data.a=6", `{kind="both" data={x@="5" a="6"}}`},
		{"kind=none data", `{kind="none" data={}}`},
		{"kind=new data.attr-1=0a", `{kind="new" data={attr-1?=bytes(0a)}}`},
		{"kind=new data:hex=0a", `{kind="new" data=raw(0a)}`},
		{"kind=vlan nest.odd.a=1", `{kind="vlan" nest={odd={a="1"}}}`},
		{"pair.in.x=1 pair.z=3", `{pair={in@={x@="1"} z@="3"}}`},
		{"pair=01020304", `{pair=bytes(01020304)}`},
		{"bits=up,running", `{bits={value?=flags(up|running) selector?=flags(up|running)}}`},
		{"bits.selector=up bits.value=", `{bits={selector?=flags(up) value?=flags()}}`},
		{"num=3", `{num={value?="3" selector?="3"}}`},
		{"num.value=1 num.selector=3", `{num={value?="1" selector?="3"}}`},
		{"loss=5", `{header:loss@="5"}`},
		{"header:loss=5", `{header:loss@="5"}`},
		{"header:flags=up", `{flags@=flags(up)}`},
		{"loss.a=5", `{loss={a="5"}}`},
		{"tree.first=1 tree.second=2 tree.a=3", `{tree={first?="1" second?="2" a="3"}}`},
		{"tree.a=1 tree[+].a=2", `{tree=[{a="1"} {a="2"}]}`},
		{"60:hex=0a0b", `{attr-60?=bytes(0a0b)}`},
		{"attr-60=0a0b", `{attr-60?=bytes(0a0b)}`},
		{"attr-60", `{attr-60?=bytes()}`},
		{"attr-60.attr-1=0a attr-60.2:hex=0b", `{attr-60?={attr-1?=bytes(0a) attr-2?=bytes(0b)}}`},
		{"2=5", `{mtu="5"}`},
		{"2:hex=05", `{mtu=raw(05)}`},
	}
	l := sample(t, "get")
	for _, tt := range tests {
		m, err := Parse(strings.Fields(tt.args), l, Options{Interface: interfaces})
		if err != nil {
			t.Errorf("%s: %v", tt.args, err)
			continue
		}
		if got := show(m.Attrs); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.args, got, tt.want)
		}
	}
}

func TestParseDevice(t *testing.T) {
	l := sample(t, "other-get")
	for args, want := range map[string]string{
		"dev=eth0":                    `{header={dev-name="eth0"}}`,
		"dev=3":                       `{header={dev-index="3"}}`,
		"dev=eth0 ring=1":             `{header={dev-name="eth0"} ring="1"}`,
		"dev=eth0 header.dev-index=3": `{header={dev-name="eth0" dev-index="3"}}`,
		"header.dev-index=3 dev=eth0": `{header={dev-index="3" dev-name="eth0"}}`,
	} {
		m, err := Parse(strings.Fields(args), l, Options{Interface: interfaces})
		if err != nil {
			t.Errorf("%s: %v", args, err)
		} else if got := show(m.Attrs); got != want {
			t.Errorf("%s: %s, want %s", args, got, want)
		}
	}
}

// TestParseDeviceAttr has an attribute that the request lists, and so filters by,
// beside a header with an index.
func TestParseDeviceAttr(t *testing.T) {
	l := sample(t, "near-get")
	index := l.Set.Attr("ifindex")
	for _, tt := range []struct {
		request *ynl.Message
		want    string
	}{
		{nil, `{ndm-ifindex@=#7}`},
		{&ynl.Message{}, `{ndm-ifindex@=#7}`},
		{&ynl.Message{Attrs: []*ynl.Attr{index}}, `{ifindex=#7}`},
	} {
		m, err := Parse([]string{"dev=eth0"}, l, Options{Interface: interfaces, Request: tt.request})
		if err != nil {
			t.Fatal(err)
		}
		if got := show(m.Attrs); got != tt.want {
			t.Errorf("%s, want %s", got, tt.want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct{ args, want string }{
		{"=1", `a name is missing`},
		{"a..b=1", `a name is missing beside a "."`},
		{"[1]=1", `a name is missing before the "["`},
		{"a]=1", `a "]" without "["`},
		{"a[=1", `must be one pair`},
		{"a[1][2]=1", `must be one pair`},
		{"a[x]=1", `there must be + for one more or a number up to 16383`},
		{"a[99999]=1", `a number up to 16383`},
		{"mtu:oct=1", `can be hex only`},
		{"nest:x.a=1", `can be hex only`},
		{"header:mtu=1", `there is no attribute header:mtu`},
		{"mtu:hex", `bytes are missing`},
		{"mtu:hex=0", `is not hexadecimal`},
		{"mtu:hex=xx", `is not hexadecimal`},
		{strings.Repeat("nest.", 40) + "a=1", `there are at most 32`},
		{"mtuu=1", `"mtuu=1": there is no attribute mtuu here; did you mean mtu?`},
		{"secret=1", `did you mean nest.secret?`},
		{"zzzz=1", `there is no attribute zzzz here; there are: rtm-family, ifi-index,`},
		{"nest.c=1", `there is no attribute c in nest`},
		{"mtu", `a value is missing: write mtu=VALUE`},
		{"name", `a value is missing`},
		{"nest=1", `nest is a nest: write nest.NAME=VALUE with one of a, b, deep`},
		{"mtu.x=1", `mtu is a u32 and has nothing in it`},
		{"rtm-family.x=1", `rtm-family is a u8 and has nothing in it`},
		{"mtu=1 mtu=2", `"mtu=2": mtu is given twice, and is no list`},
		{"rtm-family=1 rtm-family=2", `rtm-family is given twice`},
		{"alias[1]=a alias[1]=b", `alias[1] was given already, by "alias[1]=a"`},
		{"nest.a=1 nest[+].a=2", `nest is given twice, and is no list`},
		{"mtu=1 mtu.a=2", `mtu has a value already, from "mtu=1"`},
		{"on=maybe", `on is a flag: write it alone, or with =true or =false`},
		{"void=1", `void has no meaning (unused)`},
		{"pad=1", `there is no attribute pad`},
		{"data.a=1", `depends on kind, which is missing: add kind=... with one of vlan, raw, both, none`},
		{"kind=none data.a=1", `there are no attributes in data to name`},
		{"kind=vlan data=1", `data depends on kind`},
		{"rtm-family=innet", `there is no address family "innet"; write its number, or one of unspec, inet, bridge, inet6,`},
		{"rtm-flags=dead|linkdwn", `there is no flag of routes "linkdwn"; write its number, or one of dead,`},
		{"rtm-family=inet|inet6", `there is no address family "inet|inet6"`},
		{"table=mian", `"table=mian": there is no routing table "mian"; write its number, or one of default, main, local; did you mean main?`},
		{"master=eth1", `"master=eth1": there is no interface "eth1"`},
		{"dev=eth1", `there is no interface "eth1"`},
		{"dev", `a value is missing`},
		{"dev=", `the interface's name is empty`},
		{"master=", `the interface's name is empty`},
		{"dev=eth0 dev=eth0", `"dev=eth0": ifi-index is given twice`},
		{"ifi-index=3 dev=eth0", `"dev=eth0": ifi-index is given twice`},
		{"dev=eth0 ifi-index=3", `"ifi-index=3": ifi-index is given twice`},
		{"dev.x=1", `dev is an interface's name or index`},
		{"blob=xyz", `blob is bytes: write them in hexadecimal`},
		{"pair=xyz", `pair is a struct: write pair.NAME=VALUE with one of in, z`},
		{"bits.x=1", `a bitfield32 has value and selector, not x`},
		{"num.value=1 num.value=2", `value is given twice`},
		{"attr-60=zz", `is not hexadecimal`},
		{"attr-60.x=1", `there are no attributes in attr-60 to name`},
		{"70000=00", `there is no attribute 70000`},
	}
	l := sample(t, "get")
	for _, tt := range tests {
		_, err := Parse(strings.Fields(tt.args), l, Options{Interface: interfaces})
		if e, ok := errors.AsType[*Error](err); !ok || !strings.Contains(e.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q in it", tt.args, err, tt.want)
		}
	}
}

func TestFallback(t *testing.T) {
	l := sample(t, "get")
	add := func(s *ynl.SubMessage, value string) *ynl.Format {
		if value == "later" {
			return s.Format("vlan")
		}
		return nil
	}
	m, err := Parse([]string{"kind=later", "data.a=1"}, l, Options{Fallback: add})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := show(m.Attrs), `{kind="later" data={a="1"}}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestBlame(t *testing.T) {
	l := sample(t, "get")
	args := strings.Fields("kind=vlan data.a=x peers[+].a=y mtu=z dev=3")
	m, err := Parse(args, l, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		".mtu":          "mtu=z",
		".data(vlan).a": "data.a=x",
		".peers[1].a":   "peers[+].a=y",
		".kind":         "kind=vlan",
		".ifi-index":    "dev=3",
		".nothing":      "",
		".mtuu":         "",
	} {
		if got := m.Blame(path); got != want {
			t.Errorf("%s: argument %q, want %q", path, got, want)
		}
	}
}

// FuzzParse puts in what is no argument: nothing may panic, and what is taken is
// taken again alike.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"mtu=1", "nest.a=1 nest[+].deep.a=2", "peers[3].a=1 peers[+].b=x", "kind=vlan data.a=5",
		"attr-60.attr-1=0a 70:hex=0b", "bits.value=up bits=up", "tree.first=1 tree[+].a=2", "dev=eth0 on=false",
		"a[=]", "x..y", "words=1,2,,", "pair.in.x=1 pair=00",
	} {
		f.Add(s)
	}
	l := sample(f, "get")
	f.Fuzz(func(t *testing.T, s string) {
		args := strings.Fields(s)
		m, err := Parse(args, l, Options{Interface: interfaces})
		if err != nil {
			if e, ok := errors.AsType[*Error](err); !ok || e.Text == "" {
				t.Fatalf("%q: error %#v says nothing", args, err)
			}
			return
		}
		again, err := Parse(args, l, Options{Interface: interfaces})
		if err != nil || show(again.Attrs) != show(m.Attrs) {
			t.Fatalf("%q: %s, then %s, %v", args, show(m.Attrs), show(again.Attrs), err)
		}
	})
}
