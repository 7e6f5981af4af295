// Package sim is a Netlink kernel in memory: the kernel's side of Netlink, in
// Go, for tests and demonstrations on any operating system and without root.
//
//	k := sim.NewKernel()
//	defer k.Close()
//	fam, err := k.Register(sim.Family{
//		Name:   "DOC_EXMPL",
//		Groups: []sim.Group{{Name: "DOC_EXMPL_GRP"}},
//		Ops: []sim.Op{{Cmd: 1, Policy: sim.Policy{1: {Kind: sim.NulString}}, Do: echo}},
//	})
//	conn, err := netlink.Dial(wire.Generic, &netlink.Options{Via: k})
//
// A [Kernel] opens sockets as [netlink.Opener] and speaks real bytes through
// them: ports, unicast, multicast, receive queues that overflow, acknowledgements
// with extended ACKs, dumps paced by their reader, and the generic netlink
// controller nlctrl. What it does, byte for byte where bytes are seen, is what
// Linux 6.18 was observed to do; the tests compare both.
//
// The kernel's side of a family that has a generated package is written with that
// package's types, and [Serve] and [ServeRaw] put it to work. Whatever else is of
// generic netlink is registered as a [Family], of the classic protocols as a
// [Protocol]. Their handlers run in the goroutine that sends the request, or, for
// the later parts of a dump, in the one that reads, and no lock of the kernel is
// held meanwhile: a handler may multicast, reply, and call other families
// ([Kernel.Call]). Two requests may be handled at the same time, so that
// handlers guard their own state.
//
// [Kernel.SetFaults] makes a kernel drop, refuse and interrupt, for tests of what a
// program does then.
//
// What is left out: network namespaces (there is one) and socket filters.
package sim
