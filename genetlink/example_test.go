package genetlink_test

import (
	"context"
	"fmt"
	"log"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
)

// exampleKernel is a simulated kernel with the family DOC_EXMPL. On the live
// one the examples' options are nil.
func exampleKernel() (*sim.Kernel, *sim.Registered) {
	k := sim.NewKernel()
	doc, err := k.Register(docFamily())
	if err != nil {
		log.Fatal(err)
	}
	return k, doc
}

func ExampleConn_Family() {
	kernel, _ := exampleKernel()
	defer kernel.Close()
	c, err := genetlink.Dial(&netlink.Options{Via: kernel})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	ctx := context.Background()
	f, err := c.Family(ctx, "DOC_EXMPL")
	if err != nil {
		log.Fatal(err)
	}
	echo, _ := f.Op(1)
	fmt.Println("version", f.Version, "op", echo.ID, echo.Flags)

	_, err = c.Family(ctx, "DOC_EXAMPLE")
	fmt.Println(err)
	// Output:
	// version 1 op 1 do|haspol
	// this kernel has no generic netlink family "DOC_EXAMPLE"; did you mean "DOC_EXMPL"?
}

func ExampleConn_Do() {
	kernel, _ := exampleKernel()
	defer kernel.Close()
	c, err := genetlink.Dial(&netlink.Options{Via: kernel})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	const echo, msg = 1, 1
	_, err = c.Do(context.Background(), genetlink.Request{
		Family: "DOC_EXMPL",
		Cmd:    echo,
		Attrs:  func(b *wire.Builder) { b.Text(msg, "Hello World from user space!") },
	}, func(m genetlink.Message) error {
		a, _ := wire.FindAttr(m.Attrs, msg)
		fmt.Println("get:", a.Text())
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output: get: Hello from kernel space!!!
}

func ExampleConn_Dump() {
	kernel, _ := exampleKernel()
	defer kernel.Close()
	c, err := genetlink.Dial(&netlink.Options{Via: kernel})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	const list, msg = 2, 1
	for m, err := range c.Dump(context.Background(), genetlink.Request{Family: "DOC_EXMPL", Cmd: list}) {
		if err != nil {
			log.Fatal(err)
		}
		a, _ := wire.FindAttr(m.Attrs, msg)
		fmt.Println(a.Text())
	}
	// Output:
	// one
	// two
	// three
}

func ExampleConn_Subscribe() {
	kernel, doc := exampleKernel()
	defer kernel.Close()
	c, err := genetlink.Dial(&netlink.Options{Via: kernel})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	ctx := context.Background()
	s, err := c.Subscribe(ctx, "DOC_EXMPL", "DOC_EXMPL_GRP")
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()

	// What the kernel does meanwhile: a message, and a reload of the module.
	const echo, msg = 1, 1
	hello := func(b *wire.Builder) { b.Text(msg, "Hello from kernel space!!!") }
	doc.Multicast("DOC_EXMPL_GRP", echo, hello)
	doc.Unregister()
	kernel.Register(docFamily())

	for ev, err := range s.Events(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		switch ev.Kind {
		case genetlink.Notification:
			a, _ := wire.FindAttr(ev.Message.Attrs, msg)
			fmt.Println(ev.Group, "says", a.Text())
		case genetlink.Overrun:
			fmt.Println(ev.Lost, "messages lost: read everything anew")
		case genetlink.Unloaded:
			fmt.Println("the module is gone")
		case genetlink.Loaded:
			fmt.Println("the module is back: read everything anew")
			return
		}
	}
	// Output:
	// DOC_EXMPL_GRP says Hello from kernel space!!!
	// the module is gone
	// the module is back: read everything anew
}

func ExampleConn_Policies() {
	kernel, _ := exampleKernel()
	defer kernel.Close()
	c, err := genetlink.Dial(&netlink.Options{Via: kernel})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	p, err := c.Policies(context.Background(), "nlctrl")
	if err != nil {
		log.Fatal(err)
	}
	getfamily, _ := p.Do(3)
	fmt.Println("family-id:", getfamily[1])
	fmt.Println("family-name:", getfamily[2])
	// Output:
	// family-id: u16 0..65535
	// family-name: nul-string up to 15 bytes
}
