package codec_test

import (
	"fmt"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/codec"
	"github.com/nlkit/nlkit/ynl/specs"
)

// What a kernel sends is read by name, as Go values or as JSON.
func ExampleLayout_Decode() {
	s, err := specs.Open("rt-addr")
	if err != nil {
		fmt.Println(err)
		return
	}
	l := codec.Of(s.Op("getaddr"))

	// The payload of a message, without the netlink header.
	payload := []byte{
		2, 24, 0x80, 0, 7, 0, 0, 0, // struct ifaddrmsg
		8, 0, 1, 0, 192, 0, 2, 1, // IFA_ADDRESS
		7, 0, 3, 0, 'l', 'o', 0, 0, // IFA_LABEL
	}
	o := l.Decode(payload, codec.Options{})
	fmt.Println(o.Get("ifa-prefixlen"), o.Get("address"), o.Get("label"))
	fmt.Printf("%s\n", l.AppendJSON(nil, payload, codec.Options{}))
	// Output:
	// 24 192.0.2.1 lo
	// {"ifa-family":2,"ifa-prefixlen":24,"ifa-flags":["permanent"],"ifa-scope":0,"ifa-index":7,"address":"192.0.2.1","label":"lo"}
}

// A request is made of Go values by name; what is wrong with them is told.
func ExampleLayout_Append() {
	s, err := specs.Open("rt-link")
	if err != nil {
		fmt.Println(err)
		return
	}
	l := codec.Of(s.Op("newlink"))

	var b wire.Builder
	err = l.Append(&b, map[string]any{
		"ifname":   "vlan7",
		"link":     3,
		"linkinfo": map[string]any{"kind": "vlan", "data": map[string]any{"id": 7}},
	}, codec.Options{})
	p, _ := b.Bytes()
	fmt.Println(len(p), err)

	b.Reset(nil)
	err = l.Append(&b, map[string]any{
		"linkinfo": map[string]any{"kind": "vlan", "data": map[string]any{"id": "seven"}},
	}, codec.Options{})
	fmt.Println(err)
	// Output:
	// 64 <nil>
	// .linkinfo.data(vlan).id: must be a whole number, not "seven"
}
