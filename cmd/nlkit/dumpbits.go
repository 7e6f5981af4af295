package main

import (
	"fmt"
	"strconv"

	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/wire"
)

// refuseDump refuses flags of do that would make a dump of it: the bits of
// --replace and --excl, 0x100 and 0x200, mean that in a request that reads.
// Generic netlink takes both of them together so, whatever the operation does;
// of the other protocols' operations those that read take either.
func (c *call) refuseDump(f *requestFlags, op string) error {
	bits := f.wireFlags() & wire.Dump
	if bits == 0 {
		return nil
	}
	where := c.spec.Name + " " + op
	if !c.spec.IsRaw() {
		if bits != wire.Dump {
			return nil
		}
		return cli.Usagef("%s asks for a dump: generic netlink reads both bits together (0x300) so; give one of them, or \"nlkit dump %s\" for the table",
			f.dumpFlags(), where)
	}
	if !c.reads(op) {
		return nil
	}
	return cli.Usagef("%s asks for a dump: %s reads, and in what reads 0x100 and 0x200 mean the whole table; leave it out, or \"nlkit dump %s\" for the table",
		f.dumpFlags(), where, where)
}

// dumpFlags names the flags of the command line that have a bit of a dump.
func (f *requestFlags) dumpFlags() string {
	var names []string
	if f.replace {
		names = append(names, "--replace")
	}
	if f.excl {
		names = append(names, "--excl")
	}
	if bits := wire.Flags(f.flags) & wire.Dump; bits != 0 {
		names = append(names, fmt.Sprintf("--flag 0x%x", uint16(bits)))
	}
	out := names[0]
	for _, n := range names[1:] {
		out += " with " + n
	}
	return out
}

// reads reports whether an operation of a raw family is one that reads. Types of
// rtnetlink tell by their number: of the four of each kind the third does. Of
// other protocols what can be dumped does.
func (c *call) reads(name string) bool {
	op := c.op(name)
	if c.spec.Protocol != wire.Route {
		return op != nil && op.Dump != nil
	}
	const perKind, get = 4, 2
	if op != nil && op.Do != nil {
		return op.Do.RequestID%perKind == get
	}
	n, err := strconv.ParseUint(name, 0, 16)
	return err == nil && n%perKind == get
}
