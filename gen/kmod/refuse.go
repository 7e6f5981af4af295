package kmod

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/ynl"
)

// nameSize is the room for the name of a family or of a group, NUL included.
const nameSize = 16

// checkSpec looks for what no module can have, whatever the rest says. It reports
// whether there is any sense in looking further.
func (p *plan) checkSpec() bool {
	s := p.spec
	if s.IsRaw() {
		p.problem(s.Pos, "%s is a protocol of its own (netlink-raw); a module is generated for generic netlink families: protocol genetlink, genetlink-c or genetlink-legacy", s.Name)
		return false
	}
	if !isIdent(p.fam) || p.fam[0] >= '0' && p.fam[0] <= '9' {
		p.misnamed = true
		p.problem(s.Pos, "the family's name %q is no name in C: it must begin with a letter and have letters, digits, - and _ only", s.Name)
	}
	if len(s.Name) >= nameSize {
		p.problem(s.Pos, "the family's name %q has %d bytes, and the kernel has room for %d", s.Name, len(s.Name), nameSize-1)
	}
	if h := p.uapiPath(); !isHeader(h) && !p.misnamed {
		p.problem(s.Pos, "the uapi header %q must be a path below the module's folder uapi that ends in .h, such as linux/%s.h", h, p.fam)
	}
	if s.Kernel.SockPriv != "" {
		p.problem(s.Pos, "sock-priv (%s): no kernel lets modules at the state of a socket: genl_sk_priv_get is not exported", s.Kernel.SockPriv)
	}
	for _, h := range slices.Concat(p.foreignHeaders(false), p.foreignHeaders(true), s.Kernel.Headers) {
		if !isHeader(h) {
			p.problem(s.Pos, "the header %q is no path of a header that C could include, such as linux/types.h", h)
		}
	}
	for _, op := range s.Ops {
		if op.ConfigCond != "" && !isIdent(upper(op.ConfigCond)) {
			p.problem(op.Pos, "config-cond %q is no name of an option of the kernel: letters, digits, - and _ are", op.ConfigCond)
		}
	}
	p.checkNames()
	for _, g := range s.Groups {
		if g.AdminPerm {
			p.problem(g.Pos, "the group %s has the flag admin-perm: who joins a group is asked for a capability in the network's namespace alone, which is uns-admin-perm", g.Name)
		}
		if len(g.Name) >= nameSize {
			p.problem(g.Pos, "the group's name %q has %d bytes, and the kernel has room for %d", g.Name, len(g.Name), nameSize-1)
		}
	}
	p.checkNumbers()
	p.sortProblems()
	return true
}

// isHeader reports whether a path is one of a header below a folder of headers.
func isHeader(path string) bool {
	return filepath.IsLocal(path) && strings.HasSuffix(path, ".h") && !strings.ContainsFunc(path, func(r rune) bool {
		return !isIdent(string(r)) && !strings.ContainsRune("-./", r)
	})
}

// checkNames looks for names that have no form in C.
func (p *plan) checkNames() {
	name := func(pos ynl.Pos, what, name string) {
		if !isIdent(strings.ReplaceAll(name, "-", "_")) {
			p.misnamed = true
			p.problem(pos, "the name of %s %q is no name in C: letters, digits, - and _ are", what, name)
		}
	}
	s := p.spec
	for _, c := range s.Consts {
		name(c.Pos, "the constant", c.Name)
	}
	for _, e := range s.Enums {
		name(e.Pos, "the enum", e.Name)
		for _, n := range e.Entries {
			name(n.Pos, "the entry", n.Name)
		}
	}
	for _, x := range s.Structs {
		name(x.Pos, "the struct", x.Name)
		for _, m := range x.Members {
			name(m.Pos, "the member", m.Name)
		}
	}
	for _, x := range s.Sets {
		name(x.Pos, "the attribute set", x.Name)
		for _, a := range x.Attrs {
			name(a.Pos, "the attribute", a.Name)
		}
	}
	for _, op := range s.Ops {
		name(op.Pos, "the operation", op.Name)
	}
	for _, g := range s.Groups {
		name(g.Pos, "the group", g.Name)
	}
}

// checkNumbers looks for numbers that commands cannot have.
func (p *plan) checkNumbers() {
	const most = 255 // a command has one byte
	at := map[uint16]*ynl.Op{}
	modes := 0
	for _, op := range p.spec.Ops {
		if op.IsReserved() {
			continue
		}
		if op.ID > most {
			p.problem(op.Pos, "operation %s has the number %d, and a command is at most %d", op.Name, op.ID, most)
			continue
		}
		for _, m := range []*ynl.Mode{op.Do, op.Dump} {
			if m == nil {
				continue
			}
			modes++
			if m.RequestID > most || m.Reply != nil && m.ReplyID > most {
				p.problem(m.Pos, "operation %s has a number beyond %d, the largest of a command", op.Name, most)
			}
			if other := at[m.RequestID]; other != nil && other != op {
				p.problem(op.Pos, "operations %s and %s both have the number %d, and the kernel could not tell them apart", other.Name, op.Name, m.RequestID)
			}
			at[m.RequestID] = op
		}
	}
	if modes > most {
		p.problem(p.spec.Pos, "the family has %d operations, and the kernel has room for %d (do and dump count each)", modes, most)
	}
	if modes == 0 && len(p.spec.Groups) == 0 {
		p.problem(p.spec.Pos, "the family has no operation that can be asked for and no group: there is nothing to generate a module for")
	}
}

// findHeader finds the fixed header. A family has one length for all messages, so
// that all must have the same header.
func (p *plan) findHeader() {
	var first *ynl.Op
	for _, op := range p.spec.Ops {
		if op.IsReserved() {
			continue
		}
		if first == nil {
			first, p.header = op, op.Header
			continue
		}
		if op.Header != p.header {
			p.problem(op.Pos, "operation %s has %s and %s has %s: all messages of a generic netlink family have the same", op.Name, headerText(op.Header), first.Name, headerText(p.header))
		}
	}
}

func headerText(s *ynl.Struct) string {
	if s == nil {
		return "no fixed header"
	}
	return fmt.Sprintf("the fixed header %s", s.Name)
}

// claimConstants takes the names of the uapi header, where two of them would be
// one.
func (p *plan) claimConstants() {
	s := p.spec
	p.claim(s.Pos, p.familyName())
	p.claim(s.Pos, p.familyVersion())
	for _, c := range s.Consts {
		if c.Header == "" {
			p.claim(c.Pos, p.constName(c))
		}
	}
	for _, e := range s.Enums {
		tag := p.enumTag(e)
		if e.Header != "" {
			// What that defines is probably called so, and nothing else must be.
			p.taken[tag] = e.Pos
			continue
		}
		if tag != "" && len(e.Entries) > 0 {
			p.claim(e.Pos, tag)
		}
		for _, n := range e.Entries {
			p.claim(n.Pos, p.entryConst(e, n))
		}
	}
	for _, x := range s.Structs {
		if x.Header == "" {
			p.claim(x.Pos, p.structTag(x))
		} else {
			p.taken[p.structTag(x)] = x.Pos
		}
		seen := map[string]*ynl.Member{}
		for _, m := range x.Members {
			n := structMember(m.Name)
			if o := seen[n]; o != nil && m.Type != ynl.Pad && o.Type != ynl.Pad {
				p.problem(m.Pos, "the members %s and %s of struct %s are both %s in C: rename one of them", o.Name, m.Name, x.Name, n)
			}
			seen[n] = m
		}
	}
	for _, x := range s.Sets {
		members := map[string]*ynl.Attr{}
		for _, a := range x.Attrs {
			if o := members[member(a.Name)]; o != nil && o.Name != a.Name {
				p.problem(a.Pos, "the attributes %s and %s are both %s in C: rename one of them", o.Name, a.Name, member(a.Name))
			}
			members[member(a.Name)] = a
		}
		if x.Parent != nil || x.Header != "" {
			continue
		}
		for _, a := range x.Attrs {
			p.claim(a.Pos, p.attrConst(a))
		}
		highest, count := p.setMax(x)
		p.claim(x.Pos, highest)
		p.claim(x.Pos, count)
	}
	requests, answers := p.opNumbers()
	for _, c := range append(requests, answers...) {
		p.claim(c.pos, c.name)
	}
	for _, g := range s.Groups {
		p.claim(g.Pos, p.groupConst(g))
	}
}
