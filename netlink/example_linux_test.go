package netlink_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Numbers of rtnetlink that the examples use.
const (
	rtmGetLink = 18
	ifName     = 3
	groupRoute = 7
)

// getLink builds a request for the link of an index, or for all of them.
func getLink(index byte) []byte {
	var b wire.Builder
	b.Message(wire.Header{Type: rtmGetLink})
	b.Raw([]byte{4: index, 15: 0}) // struct ifinfomsg
	if index > 127 {
		b.Text(ifName, "none such")
	}
	req, err := b.Bytes()
	if err != nil {
		log.Fatal(err)
	}
	return req
}

// name returns the name of the link a message describes.
func name(m wire.Message) string {
	a, _ := wire.FindAttr(m.Data()[16:], ifName)
	return a.Text()
}

func ExampleConn_Do() {
	c, err := netlink.Dial(wire.Route, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	_, err = c.Do(context.Background(), getLink(1), func(m wire.Message) error {
		fmt.Println("link 1 is", name(m))
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output: link 1 is lo
}

func ExampleConn_Dump() {
	c, err := netlink.Dial(wire.Route, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	for m, err := range c.Dump(context.Background(), getLink(0)) {
		if err != nil {
			log.Fatal(err)
		}
		if name(m) == "lo" {
			fmt.Println("found lo")
			break // the Conn stays usable
		}
	}
	// Output: found lo
}

// The table may change while it is read. Where the kernel notices, the dump can
// be made anew.
func ExampleConn_DumpWith() {
	c, err := netlink.Dial(wire.Route, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	var names []string
	o := netlink.DumpOptions{Retries: 3, Restart: func() { names = nil }}
	for m, err := range c.DumpWith(context.Background(), getLink(0), o) {
		if err != nil {
			log.Fatal(err)
		}
		names = append(names, name(m))
	}
	fmt.Println(len(names) > 0)
	// Output: true
}

func ExampleConn_Batch() {
	c, err := netlink.Dial(wire.Route, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	b := c.Batch(context.Background(), netlink.BatchOptions{})
	for _, index := range []byte{1, 200, 1} {
		if err := b.Add(getLink(index)); err != nil {
			log.Fatal(err)
		}
	}
	var failed *netlink.BatchError
	if err := b.Flush(); errors.As(err, &failed) {
		for _, item := range failed.Items {
			fmt.Println(item.Index, errors.Is(item, netlink.ENODEV))
		}
	}
	// Output: 1 true
}

func ExampleSubscribe() {
	s, err := netlink.Subscribe(wire.Route, nil, groupRoute)
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	for ev, err := range s.Events(context.Background()) {
		switch {
		case err != nil:
			log.Fatal(err)
		case ev.Overrun:
			fmt.Println(ev.Lost, "events were lost: read the table anew")
		default:
			fmt.Println(wire.Route.TypeName(ev.Message.Type()))
		}
	}
}

func ExampleNamespaceName() {
	c, err := netlink.Dial(wire.Route, &netlink.Options{Namespace: netlink.NamespaceName("nlkit-example-none")})
	if err == nil {
		c.Close()
	}
	fmt.Println(errors.Is(err, os.ErrNotExist))
	// Output: true
}
