package client_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
	"github.com/nlkit/nlkit/ynl/specs"
)

// exampleClient makes a Client of nlctrl, the family that tells of families, on a
// simulated kernel. On the live one the options are nil.
func exampleClient(kernel *sim.Kernel) *client.Client {
	spec, err := specs.Open("nlctrl")
	if err != nil {
		log.Fatal(err)
	}
	c, err := client.Dial(spec, &netlink.Options{Via: kernel})
	if err != nil {
		log.Fatal(err)
	}
	return c
}

func ExampleClient_Do() {
	kernel := sim.NewKernel()
	defer kernel.Close()
	c := exampleClient(kernel)
	defer c.Close()

	req := client.Request{Op: "getfamily", Attrs: map[string]any{"family-name": "nlctrl"}}
	_, err := c.Do(context.Background(), req, func(m client.Message) error {
		family := m.Object(codec.Options{})
		fmt.Println("id", family.Get("family-id"), "version", family.Get("version"))
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output: id 16 version 2
}

// What is wrong with a request is found before it is sent, what the kernel
// refuses is a *netlink.Error.
func ExampleClient_Do_errors() {
	kernel := sim.NewKernel()
	defer kernel.Close()
	c := exampleClient(kernel)
	defer c.Close()

	ctx := context.Background()
	_, err := c.Do(ctx, client.Request{Op: "getfamily", Attrs: map[string]any{"family-nam": "nlctrl"}}, nil)
	fmt.Println(err)

	_, err = c.Do(ctx, client.Request{Op: "getfamily", Attrs: map[string]any{"family-name": "nlctl"}}, nil)
	fmt.Println(err)
	fmt.Println(errors.Is(err, netlink.ENOENT))
	// Output:
	// there is no attribute "family-nam" here (did you mean family-name or family-id?)
	// nlctrl getfamily: no such file or directory
	// true
}

func ExampleClient_Dump() {
	kernel := sim.NewKernel()
	defer kernel.Close()
	if _, err := kernel.Register(sim.Family{Name: "ship", Version: 3}); err != nil {
		log.Fatal(err)
	}
	c := exampleClient(kernel)
	defer c.Close()

	for m, err := range c.Dump(context.Background(), client.Request{Op: "getfamily"}) {
		if err != nil {
			log.Fatal(err)
		}
		family := m.Object(codec.Options{})
		fmt.Println(family.Get("family-name"), family.Get("version"))
	}
	// Output:
	// nlctrl 2
	// ship 3
}

// JSON is written straight from the wire, into memory that is used again.
func ExampleMessage_AppendJSON() {
	kernel := sim.NewKernel()
	defer kernel.Close()
	if _, err := kernel.Register(sim.Family{Name: "ship"}); err != nil {
		log.Fatal(err)
	}
	c := exampleClient(kernel)
	defer c.Close()

	var buf []byte
	req := client.Request{Op: "getfamily", Attrs: map[string]any{"family-name": "ship"}}
	_, err := c.Do(context.Background(), req, func(m client.Message) error {
		buf = m.AppendJSON(buf[:0], codec.Options{})
		fmt.Printf("%s\n", buf)
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output: {"family-name":"ship","family-id":19,"version":0,"hdrsize":0,"maxattr":0}
}
