package sim_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
)

// A family with one operation, and a client that calls it.
func Example() {
	const cmdEcho, attrMsg = 1, 1
	k := sim.NewKernel()
	defer k.Close()
	fam, err := k.Register(sim.Family{
		Name: "DOC_EXMPL", Version: 1,
		Policy: sim.Policy{attrMsg: {Kind: sim.NulString}},
		Ops: []sim.Op{{Cmd: cmdEcho, Do: func(r *sim.Request) error {
			msg, ok := r.Attr(attrMsg)
			if !ok {
				r.SetMissing(attrMsg, nil)
				return netlink.EINVAL
			}
			fmt.Println("kernel:", msg.Text())
			return r.Reply(func(b *wire.Builder) { b.Text(attrMsg, "Hello from kernel space!!!") })
		}}},
	})
	if err != nil {
		log.Fatal(err)
	}

	conn, err := netlink.Dial(wire.Generic, &netlink.Options{Via: k})
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	var b wire.Builder
	b.Message(wire.Header{Type: wire.Type(fam.ID())})
	b.Raw([]byte{cmdEcho, 1, 0, 0})
	b.Text(attrMsg, "Hello World from user space!")
	req, err := b.Bytes()
	if err != nil {
		log.Fatal(err)
	}
	_, err = conn.Do(context.Background(), req, func(m wire.Message) error {
		msg, _ := wire.FindAttr(m.Data()[4:], attrMsg)
		fmt.Println("user:", msg.Text())
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// kernel: Hello World from user space!
	// user: Hello from kernel space!!!
}

// A table that is dumped entry by entry, as fast as it is read.
func ExampleDumper() {
	const cmdList, attrName = 1, 1
	names := []string{"lo", "eth0", "eth1"}
	k := sim.NewKernel()
	defer k.Close()
	fam, err := k.Register(sim.Family{Name: "names", Ops: []sim.Op{{
		Cmd: cmdList,
		Dump: func(*sim.Request) iter.Seq2[sim.Entry, error] {
			return func(yield func(sim.Entry, error) bool) {
				for _, name := range names {
					if !yield(func(b *wire.Builder) { b.Text(attrName, name) }, nil) {
						return
					}
				}
			}
		},
	}}})
	if err != nil {
		log.Fatal(err)
	}
	replies, err := k.CallFamily(context.Background(), fam.Name(), cmdList, wire.Dump, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, m := range replies {
		if m.Type() == wire.TypeDone {
			break
		}
		name, _ := wire.FindAttr(m.Data()[4:], attrName)
		fmt.Println(name.Text())
	}
	// Output:
	// lo
	// eth0
	// eth1
}

// A protocol of a module's own that broadcasts to group 5. Where nobody listens
// the sender sees ESRCH, which is no failure.
func ExampleKernel_Multicast() {
	const protocol, group = 20, 5
	k := sim.NewKernel()
	defer k.Close()
	if err := k.HandleProtocol(protocol, sim.Protocol{}); err != nil {
		log.Fatal(err)
	}
	tick := wire.Header{Len: wire.HeaderLen, Type: wire.TypeMin}.Append(nil)
	err := k.Multicast(protocol, group, tick)
	fmt.Println("nobody listens:", errors.Is(err, netlink.ESRCH))

	sub, err := netlink.Subscribe(protocol, &netlink.Options{Via: k}, group)
	if err != nil {
		log.Fatal(err)
	}
	defer sub.Close()
	if err := k.Multicast(protocol, group, tick); err != nil {
		log.Fatal(err)
	}
	ev, err := sub.Receive(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("type %v to group %d\n", ev.Message.Type(), ev.Group)
	// Output:
	// nobody listens: true
	// type 0x10 to group 5
}
