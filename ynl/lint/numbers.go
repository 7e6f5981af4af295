package lint

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/lint/internal/uapi"
)

// number finds the first of some C names. name is the one found, or else the
// likeliest.
func (c *checker) number(names []string) (n uapi.Number, name string, ok bool) {
	for _, name := range names {
		if n, ok := c.unit.Number(name); ok {
			return n, name, true
		}
	}
	return uapi.Number{}, names[0], false
}

// compare compares one number of the spec.
func (c *checker) compare(at ynl.Pos, what string, v uint64, names []string) {
	n, name, ok := c.number(names)
	if !ok {
		c.unknown(at, what, name)
		return
	}
	c.report.Checked++
	if !n.Is(v) {
		c.differ(at, n.Place, "%s is %s, but %s is %s", what, show(v), name, n)
	}
}

// show prints a number as the spec's author wrote it.
func show(v uint64) string {
	if int64(v) < 0 && int64(v) >= -1<<31 {
		return strconv.FormatInt(int64(v), 10)
	}
	return strconv.FormatUint(v, 10)
}

// family compares the name and version of a generic netlink family.
func (c *checker) family() {
	s := c.spec
	if s.IsRaw() {
		return
	}
	at := ynl.Pos{File: s.File, Line: 1}
	name, version := upper(s.C.FamilyName), upper(s.C.VersionName)
	if own, ok := familyNames[s.Name]; ok {
		name, version = own[0], own[1]
	} else {
		name = cmp.Or(name, upper(s.Name+"-family-name"))
		version = cmp.Or(version, upper(s.Name+"-family-version"))
	}
	if name != "" {
		c.text(at, "the family's name", s.Name, name)
	}
	if version != "" {
		c.compare(at, "the family's version", uint64(s.Version), []string{version})
	}
}

// text compares one text.
func (c *checker) text(at ynl.Pos, what, v, name string) {
	text, place, ok := c.unit.Text(name)
	if !ok {
		c.unknown(at, what, name)
		return
	}
	c.report.Checked++
	if text != v {
		c.differ(at, place, "%s is %q, but %s is %q", what, v, name, text)
	}
}

func (c *checker) consts() {
	for _, k := range c.spec.Consts {
		what := fmt.Sprintf("const %s", k.Name)
		name := upper(c.spec.Name + "-" + k.Name)
		switch own, ok := exceptions[c.spec.Name+"/"+k.Name]; {
		case ok:
			name = own
		case k.CPrefix != "":
			name = upper(k.CPrefix + k.Name)
		}
		if k.IsInt {
			c.compare(k.Pos, what, uint64(k.Value), []string{name, upper(k.Name)})
		} else {
			c.text(k.Pos, what, k.Text, name)
		}
	}
}

// macros looks for the constants of C that are limits.
func (c *checker) macros() {
	for _, s := range c.spec.Sets {
		for _, a := range s.Attrs {
			k := &a.Checks
			for _, l := range []ynl.Limit{k.Min, k.Max, k.MinLen, k.MaxLen, k.ExactLen} {
				name := l.CName()
				if name == "" || inherited(a) {
					continue
				}
				if _, ok := c.unit.Number(name); ok {
					c.report.Checked++
				} else {
					c.unknown(a.Pos, fmt.Sprintf("the limit of attribute %s.%s", s.Name, a.Name), name)
				}
			}
		}
	}
}

func (c *checker) enums() {
	for _, e := range c.spec.Enums {
		key := c.spec.Name + "/" + e.Name
		if since, ok := reordered[key]; ok {
			if _, _, ok := c.number([]string{since}); !ok {
				c.unknown(e.Pos, "the order of "+e.Name, since)
				continue
			}
		}
		first := firstIndex[key]
		bits := e.IsFlags || c.areBits(e)
		for _, n := range e.Entries {
			v := n.Value + first
			if bits {
				v = n.Bit()
			}
			c.compare(n.Pos, fmt.Sprintf("%s.%s", e.Name, n.Name), v, c.entryNames(e, n))
		}
	}
}

// areBits reports whether an enum that is used as flags has the values of its
// bits in C, as some have: others have the numbers of the bits.
func (c *checker) areBits(e *ynl.Enum) bool {
	if !c.usedAsFlags(e) {
		return false
	}
	numbers, bits := 0, 0
	for _, n := range e.Entries {
		if h, _, ok := c.number(c.entryNames(e, n)); ok {
			if h.Is(n.Value) {
				numbers++
			}
			if n.Bit() != 0 && h.Is(n.Bit()) {
				bits++
			}
		}
	}
	return bits > numbers
}

func (c *checker) usedAsFlags(e *ynl.Enum) bool {
	for _, s := range c.spec.Sets {
		for _, a := range s.Attrs {
			if a.Enum == e && a.AsFlags {
				return true
			}
		}
	}
	for _, s := range c.spec.Structs {
		for _, m := range s.Members {
			if m.Enum == e && m.AsFlags {
				return true
			}
		}
	}
	return false
}

// sets compares the numbers of attributes. Those of subsets are their parents'.
func (c *checker) sets() {
	for _, s := range c.spec.Sets {
		if s.Parent != nil {
			continue
		}
		for _, a := range s.Attrs {
			c.compare(a.Pos, fmt.Sprintf("attribute %s.%s", s.Name, a.Name), uint64(a.ID), c.attrNames(s, a))
		}
	}
}

// operations compares the numbers of messages.
func (c *checker) operations() {
	for _, op := range c.spec.Ops {
		name := c.opName(op)
		what := "operation " + op.Name
		if _, ok := c.unit.Number(name); !ok && op.IsAsync() {
			name = strings.TrimSuffix(name, "_NTF")
		}
		if !c.spec.Directional || op.IsAsync() {
			c.compareOp(op.Pos, what, op.ID, name)
			continue
		}
		reply, told := c.replyName(op, name)
		for _, m := range []*ynl.Mode{op.Do, op.Dump} {
			if m == nil {
				continue
			}
			c.compareOp(m.Pos, what, m.RequestID, name)
			if m.Reply != nil && told {
				c.compareOp(m.Pos, "the reply of "+what, m.ReplyID, reply)
			}
		}
	}
}

// replyName is what a reply is called in C: NAME_REPLY, or in the older families
// NEW for GET. Some follow no rule.
func (c *checker) replyName(op *ynl.Op, name string) (string, bool) {
	if own, ok := exceptions[c.spec.Name+"/operations/"+op.Name+"/reply"]; ok {
		return own, true
	}
	reply := name + "_REPLY"
	if _, ok := c.unit.Number(reply); ok {
		return reply, true
	}
	if i := strings.LastIndex(name, "GET"); i >= 0 && (c.spec.IsRaw() || c.spec.Name == "nlctrl") {
		reply = name[:i] + "NEW" + name[i+len("GET"):]
		_, ok := c.unit.Number(reply)
		return reply, ok
	}
	return "", false
}

// compareOp compares the number of a message; that of nfnetlink has the subsystem
// in its upper byte.
func (c *checker) compareOp(at ynl.Pos, what string, id uint16, name string) {
	v := uint64(id)
	for prefix, subsystem := range subsystems {
		if !strings.HasPrefix(name, prefix) {
			continue
		}
		if n, ok := c.unit.Number(subsystem); ok {
			c.report.Checked++
			if !n.Is(v >> 8) {
				c.differ(at, n.Place, "%s is %#x, but %s, the upper byte, is %s", what, id, subsystem, n)
			}
		}
		v &= 0xff
	}
	c.compare(at, what, v, []string{name})
}

// groups compares the numbers of a raw family's groups, or the names of another
// one's.
func (c *checker) groups() {
	for _, g := range c.spec.Groups {
		what := "group " + g.Name
		name := g.CName
		if !c.spec.IsRaw() {
			if p, ok := groupPrefixes[c.spec.Name]; ok && name == "" {
				name = p + g.Name
			}
			name = cmp.Or(exceptions[c.spec.Name+"/groups/"+g.Name], name)
			c.text(g.Pos, what, g.Name, upper(cmp.Or(name, c.spec.Name+"-mcgrp-"+g.Name)))
			continue
		}
		if g.ID == 0 {
			continue
		}
		name = strings.TrimPrefix(cmp.Or(name, g.Name), "rtnlgrp-")
		names := []string{upper("rtnlgrp-" + name), upper("nfnlgrp-" + name)}
		if own, ok := exceptions[c.spec.Name+"/groups/"+g.Name]; ok {
			names = []string{own}
		}
		c.compare(g.Pos, what, uint64(g.ID), names)
	}
}
