package nl

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/codec"
	"github.com/nlkit/nlkit/ynl/specs"
)

// samples are messages with what they are for people.
func samples() map[string]struct {
	m    any
	text string
} {
	type sample = struct {
		m    any
		text string
	}
	odd := &link{Name: Some("eth0")}
	odd.AddUnknown(4, []byte{1, 2})                                            // an mtu that is too short
	odd.AddUnknown(90|wire.AttrNested, attrs(1, []byte{9}))                    // no name, and a nest
	odd.AddUnknown(3, []byte("a\x00b"))                                        // a second name
	odd.AddUnknown(700, nil)                                                   // no name, no payload
	KeepRest(&Decoder{}, &odd.Extra, []byte{1, 2, 3})                          // behind the last one
	shortFlags := &linkInfoVLAN{Flags: &vlanFlags{Flags: 3, Mask: 0x09090909}} // cut in the middle of the mask
	Sized(&Decoder{}, &shortFlags.Extra, 2, make([]byte, 5), 8)
	longFlags := &linkInfoVLAN{Flags: &vlanFlags{Flags: 1 << 7, Mask: 0xff}}
	Sized(&Decoder{}, &longFlags.Extra, 2, []byte{0, 0, 0, 0, 0, 0, 0, 0, 7, 7}, 8)
	in := func(kind string, data linkInfoData) *link {
		return &link{Info: &linkInfo{Kind: Some(kind), Data: data}}
	}
	return map[string]sample{
		"nothing": {&link{}, "{}"},
		"plain": {
			&link{
				Header:  ifInfoMsg{Index: -2, Flags: 1 | 64 | 1<<30},
				Address: MustParseHardwareAddr("02:00:5e:10:00:01"), Name: Some("lo \"1\""), MTU: Some[uint32](0),
				Props: &propList{AltIfName: []string{"one", ""}},
			},
			`{ifi-index -2 ifi-flags up|running|0x40000000 address 02:00:5e:10:00:01 ifname "lo \"1\"" mtu 0 prop-list {alt-ifname [one ""]}}`,
		},
		"one of many": {&link{Props: &propList{AltIfName: []string{"one"}}}, "{prop-list {alt-ifname [one]}}"},
		"empty nest":  {&link{Props: &propList{}}, "{prop-list {}}"},
		"vlan": {
			in("vlan", &linkInfoVLAN{
				ID: Some[uint16](5), Flags: &vlanFlags{Flags: 3, Mask: 0xffffffff}, Protocol: Some[vlanProtocol](0x8100),
				Egress: &vlanQOS{Mapping: []vlanMapping{{1, 2}, {3, 0}}},
			}),
			"{linkinfo {kind vlan data {id 5 flags {flags reorder-hdr|gvrp mask 0xffffffff} egress-qos {mapping [{from 1 to 2} {from 3}]} protocol 8021q}}}",
		},
		"no name for it": {in("vlan", &linkInfoVLAN{Protocol: Some[vlanProtocol](7)}), "{linkinfo {kind vlan data {protocol 7}}}"},
		"cut":            {in("vlan", shortFlags), "{linkinfo {kind vlan data {flags {flags reorder-hdr|gvrp :rest 0x09 :len 5}}}}"},
		"tail":           {in("vlan", longFlags), "{linkinfo {kind vlan data {flags {flags 0x80 mask 0xff :rest 0x0707}}}}"},
		"addresses": {
			in("bond", &linkInfoBond{Targets: List(netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.0.2"))}),
			"{linkinfo {kind bond data {arp-ip-target [10.0.0.1 10.0.0.2]}}}",
		},
		"indexes that tell": {
			in("bond", &linkInfoBond{Targets: []Indexed[netip.Addr]{{Index: 0, Value: netip.MustParseAddr("10.0.0.1")}, {Index: 7, Value: netip.MustParseAddr("10.0.0.2")}}}),
			"{linkinfo {kind bond data {arp-ip-target [0:10.0.0.1 7:10.0.0.2]}}}",
		},
		"link in a link": {
			in("veth", &linkInfoVeth{Peer: &link{Header: ifInfoMsg{Index: 3}, Name: Some("v1"), Info: &linkInfo{Kind: Some("vlan"), Data: &linkInfoVLAN{ID: Some[uint16](4)}}}}),
			"{linkinfo {kind veth data {peer {ifi-index 3 ifname v1 linkinfo {kind vlan data {id 4}}}}}}",
		},
		"kind unknown, attributes": {in("new", rawData(attrs(1, []byte{1}))), "{linkinfo {kind new data {attr-1 0x01}}}"},
		"kind unknown, bytes":      {in("new", rawData{1, 2, 3}), "{linkinfo {kind new data 0x010203}}"},
		"kind missing":             {&link{Info: &linkInfo{Data: rawData(nil)}}, "{linkinfo {data 0x}}"},
		"structs in nests": {
			&link{VFs: &vfList{Info: []*vfInfo{{MAC: vfMAC{VF: 1, MAC: [32]byte{2, 0, 31: 9}}}, {}}}},
			"{vfinfo-list {info [{mac {vf 1 mac 0x0200000000000000000000000000000000000000000000000000000000000009}} {mac {}}]}}",
		},
		"odd":       {odd, `{ifname [eth0 0x610062] mtu 0x0102 attr-90 {attr-1 0x09} attr-700 0x :rest 0x010203}`},
		"no utf-8":  {&link{Name: Some("\xff\xfe")}, "{ifname 0xfffe00}"},
		"a request": {(*linkRequest)(in("vlan", &linkInfoVLAN{ID: Some[uint16](5)})), "{linkinfo {kind vlan data {id 5}}}"},
		"embedded":  {&linkNotification{link{MTU: Some[uint32](9)}}, "{mtu 9}"},
	}
}

// attrs is an attribute as bytes.
func attrs(typ uint16, value []byte) []byte {
	var b wire.Builder
	b.Attr(typ, value)
	p, _ := b.Bytes()
	return p
}

// TestMarshalJSON compares messages that are made by hand with what package codec
// makes of the same bytes.
func TestMarshalJSON(t *testing.T) {
	s, err := specs.Open("rt-link")
	if err != nil {
		t.Fatal(err)
	}
	layout := codec.Of(s.Op("getlink"))
	for name, c := range samples() {
		t.Run(name, func(t *testing.T) {
			var b wire.Builder
			c.m.(appender).AppendNetlink(&b)
			payload, err := b.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			got, err := MarshalJSON(c.m)
			if err != nil {
				t.Fatal(err)
			}
			a, err := parsed(string(layout.AppendJSON(nil, payload, codec.Options{})))
			if err != nil {
				t.Fatal(err)
			}
			have, err := parsed(string(got))
			if err != nil {
				t.Fatalf("%s: %v", got, err)
			}
			if diff := cmp.Diff(a, have); diff != "" {
				t.Errorf("not what codec writes (-codec +nl):\n%s", diff)
			}
			if got := AppendJSON([]byte("x"), c.m); string(got[1:]) != string(AppendJSON(nil, c.m)) || got[0] != 'x' {
				t.Errorf("AppendJSON: %s", got)
			}
			if got := String(c.m); got != c.text {
				t.Errorf("String:\n %s, want\n %s", got, c.text)
			}
		})
	}
}

// TestMarshalStruct writes C structs that stand alone, which no message encodes.
func TestMarshalStruct(t *testing.T) {
	type inner struct {
		V uint16 `nl:",v,u16le"`
	}
	type all struct {
		Addr4  netip.Addr   `nl:",addr4,u32be,ipv4"`
		Addr6  netip.Addr   `nl:",addr6,binary,ipv6"`
		MAC    HardwareAddr `nl:",mac,binary,mac"`
		Name   string       `nl:",name,string,len=8"`
		_      [2]byte
		In     inner   `nl:",in,struct"`
		Signed int8    `nl:",signed,s8"`
		Bytes  [3]byte `nl:",bytes,binary"`
		Wide   uint64  `nl:",wide,u64be"`
		State  state   `nl:",state,u8"`
		Rings  rings   `nl:",rings,u32"`
	}
	v := all{
		Addr4: netip.MustParseAddr("10.0.0.1"), Addr6: netip.MustParseAddr("fe80::1"), MAC: MustParseHardwareAddr("02:00:00:00:00:01"),
		Name: "étage", In: inner{515}, Signed: -3, Bytes: [3]byte{1, 2, 3}, Wide: 1<<64 - 1, State: 1, Rings: 5,
	}
	const want = `{"addr4":"10.0.0.1","addr6":"fe80::1","mac":"02:00:00:00:00:01","name":"étage","in":{"v":515},"signed":-3,"bytes":"010203","wide":18446744073709551615,"state":"down","rings":["rx","0x4"]}`
	for _, m := range []any{v, &v} {
		got, err := MarshalJSON(m)
		if err != nil || string(got) != want {
			t.Errorf("%T: %s, %v\nwant %s", m, got, err, want)
		}
	}
	if got, want := String(all{Name: "x"}), "{name x}"; got != want {
		t.Errorf("String: %s, want %s", got, want)
	}
}

// TestMarshalNothing writes what is no message, or cannot be one.
func TestMarshalNothing(t *testing.T) {
	for _, m := range []any{nil, (*link)(nil), (*vlanFlags)(nil)} {
		if got, err := MarshalJSON(m); string(got) != "null" || err != nil {
			t.Errorf("%T: %s, %v; want null", m, got, err)
		}
		if got := String(m); got != "nil" {
			t.Errorf("%T: %s, want nil", m, got)
		}
	}
	type wrong struct {
		X Opt[uint32] `nl:"1,x,u33"`
	}
	type silent struct {
		X Opt[uint32] `nl:"1,x,u32"`
	}
	for _, c := range []struct {
		m    any
		want string
	}{
		{5, "a int is no message: want a struct of a generated package"},
		{&silent{}, "a nl.silent is no message: it has no method AppendNetlink"},
		{&wrong{}, `nl.wrong.X: tag "1,x,u33": there is no type "u33"`},
		{&link{Name: Some("a\x00b")}, "attribute 3"},
		{&link{Props: &propList{AltIfName: make([]string, 20000)}}, "longer than 65535 bytes"},
	} {
		if got, err := MarshalJSON(c.m); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%T: %s, %v; want an error with %q", c.m, got, err, c.want)
		}
		if got := AppendJSON([]byte("x"), c.m); string(got) != "xnull" {
			t.Errorf("%T: %s; want null", c.m, got)
		}
	}
}

// TestMarshalInJSON has messages written by encoding/json, many at a time.
func TestMarshalInJSON(t *testing.T) {
	list := []*link{{MTU: Some[uint32](1)}, nil, {Name: Some("<&>")}}
	got, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	const header = `"ifi-family":0,"ifi-type":0,"ifi-index":0,"ifi-flags":[],"ifi-change":[],`
	if want := `[{` + header + `"mtu":1},null,{` + header + `"ifname":"\u003c\u0026\u003e"}]`; string(got) != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
