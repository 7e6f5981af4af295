package wire_test

import (
	"errors"
	"fmt"

	"github.com/nlkit/nlkit/wire"
)

// A request is built, and read back as its receiver would.
func Example() {
	var b wire.Builder
	b.Message(wire.Header{Type: 18, Flags: wire.Request | wire.Ack, Seq: 1}) // RTM_GETLINK
	b.Raw(make([]byte, 16))                                                  // struct ifinfomsg
	b.Text(3, "lo")                                                          // IFLA_IFNAME
	req, err := b.Bytes()
	if err != nil {
		fmt.Println(err)
		return
	}
	for m, err := range wire.Messages(req) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(m.Header())
		for a, err := range wire.Attrs(m.Data()[16:]) {
			if err != nil {
				fmt.Println(err)
				return
			}
			fmt.Println("attribute", a.Type(), "is", a.Text())
		}
	}
	// Output:
	// len 40 type 0x12 flags REQUEST|ACK seq 1 port 0
	// attribute 3 is lo
}

func ExampleAttrs() {
	var b wire.Builder
	b.Text(3, "eth0")
	b.Uint32(4, 1500)
	info := b.Nest(18)
	b.Text(1, "vlan")
	b.End(info)
	payload, _ := b.Bytes()

	for a, err := range wire.Attrs(payload) {
		if err != nil {
			fmt.Println(err) // a *Malformed: where and why
			return
		}
		switch a.Type() {
		case 3:
			fmt.Println("name", a.Text())
		case 4:
			mtu, err := a.Uint32()
			fmt.Println("mtu", mtu, err)
		case 18:
			kind, ok := wire.FindAttr(a.Data(), 1)
			fmt.Println("kind", kind.Text(), ok)
		}
	}
	// Output:
	// name eth0
	// mtu 1500 <nil>
	// kind vlan true
}

// One buffer serves request after request, and nothing is allocated.
func ExampleBuilder() {
	buf := make([]byte, 0, 256)
	var b wire.Builder
	for seq, name := range []string{"eth0", "eth1"} {
		b.Reset(buf[:0])
		b.Message(wire.Header{Type: 16, Flags: wire.Request | wire.Create, Seq: uint32(seq)})
		b.Raw(make([]byte, 16))
		b.Text(3, name)
		info := b.Nest(18)
		b.Text(1, "dummy")
		b.End(info)
		req, err := b.Bytes()
		fmt.Println(len(req), err)
	}
	b.Reset(buf[:0])
	b.Text(3, "eth0\x00.evil")
	b.Uint32(4, 1500) // does nothing: the first error sticks
	_, err := b.Bytes()
	fmt.Println(err)
	// Output:
	// 60 <nil>
	// 60 <nil>
	// attribute 3: string holds a NUL byte
}

func ExampleCheck() {
	var b wire.Builder
	b.Message(wire.Header{Type: 16})
	b.Raw(make([]byte, 16)) // the fixed header
	info := b.Nest(18)
	b.Attr(2, []byte{1, 2, 3, 4, 5, 6, 7, 8})
	b.End(info)
	datagram, _ := b.Bytes()
	fmt.Println(wire.Check(datagram, 16))

	datagram[36], datagram[37] = 0, 0 // the length field of attribute 2
	err := wire.Check(datagram, 16)
	fmt.Println(err)
	var bad *wire.Malformed
	if errors.As(err, &bad) {
		fmt.Println("offset", bad.Offset, "path", bad.Path)
	}
	// Output:
	// <nil>
	// malformed attribute 18 > 2 at offset 36: length field shorter than the header (need 4 bytes, have 0)
	// offset 36 path [18 2]
}
