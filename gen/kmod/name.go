package kmod

import (
	"slices"
	"strings"

	"github.com/nlkit/nlkit/ynl"
)

// ident makes an identifier of a name, as far as letters go.
func ident(name string) string { return strings.ToLower(strings.ReplaceAll(name, "-", "_")) }

// upper makes a constant's name of a name.
func upper(name string) string { return strings.ToUpper(strings.ReplaceAll(name, "-", "_")) }

// isIdent reports whether a name is an identifier of C that anything may be put in
// front of.
func isIdent(name string) bool {
	for i := range len(name) {
		c := name[i]
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}

// reserved are words that a member of a struct cannot be called: C's own, those
// that compilers or the kernel make something else of, and what request structs
// have themselves.
var reserved = wordSet(`
	auto break case char const continue default do double else enum extern float for goto if inline int long
	register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while
	alignas alignof asm bool constexpr false nullptr thread_local true typeof typeof_unqual
	asmlinkage at_least current fallthrough linux noinline noinstr notrace unix
	attrs has hdr`)

// macros are what names begin with that the kernel's headers make members of
// structs in structs of.
var macros = []string{"fl4_", "fl6_", "flowi4_", "flowi6_", "flowi_", "icmp6_", "ifc_", "ifr_", "s6_", "si_", "sk_"}

// isReserved reports whether a member cannot have a name.
func isReserved(name string) bool {
	return reserved[name] || slices.ContainsFunc(macros, func(m string) bool { return strings.HasPrefix(name, m) })
}

func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(text) {
		set[w] = true
	}
	return set
}

// member is the name of a struct's member.
func member(name string) string {
	name = ident(name)
	switch {
	case isReserved(name):
		return name + "_"
	case name != "" && name[0] >= '0' && name[0] <= '9':
		return "_" + name
	}
	return name
}

// root is the set that a subset takes its attributes from.
func root(s *ynl.AttrSet) *ynl.AttrSet {
	for s.Parent != nil {
		s = s.Parent
	}
	return s
}

// own reports whether a set or an enum is named like the family, so that C names
// leave it out.
func (p *plan) own(name string) bool { return ident(name) == p.fam }

// setPrefix is what the constants of a set begin with.
func (p *plan) setPrefix(s *ynl.AttrSet) string {
	s = root(s)
	switch {
	case s.HasCPrefix:
		return upper(s.CPrefix)
	case p.own(s.Name):
		return upper(p.spec.Name + "-a-")
	}
	return upper(p.spec.Name + "-a-" + s.Name + "-")
}

// attrConst is the constant with an attribute's number.
func (p *plan) attrConst(a *ynl.Attr) string {
	if r := root(a.Set).Attr(a.Name); r != nil {
		a = r
	}
	if a.HasCPrefix {
		return upper(a.CPrefix + a.Name)
	}
	return p.setPrefix(a.Set) + upper(a.Name)
}

func (p *plan) setMax(s *ynl.AttrSet) (highest, count string) {
	highest, count = p.setPrefix(s)+"MAX", "__"+p.setPrefix(s)+"MAX"
	if s.CMaxName != "" {
		highest = upper(s.CMaxName)
	}
	if s.CCntName != "" {
		count = upper(s.CCntName)
	}
	return highest, count
}

// opPrefix is what the constants of operations begin with.
func (p *plan) opPrefix(async bool) string {
	switch {
	case async && p.spec.C.AsyncOpPrefix != "":
		return upper(p.spec.C.AsyncOpPrefix)
	case p.spec.C.OpPrefix != "":
		return upper(p.spec.C.OpPrefix)
	}
	return upper(p.spec.Name + "-cmd-")
}

// opConst is the constant with the number of an operation: of its request, or of
// the notification it is.
func (p *plan) opConst(op *ynl.Op) string {
	return p.opPrefix(op.IsAsync() && op.Do == nil && op.Dump == nil) + upper(op.Name)
}

// eventConst is the constant with the number of a notification.
func (p *plan) eventConst(op *ynl.Op) string {
	if p.spec.Directional && (op.Do != nil || op.Dump != nil) {
		return p.opConst(op) + "_NTF"
	}
	return p.opConst(op)
}

// replyConst is the constant with the number of a mode's reply.
func (p *plan) replyConst(op *ynl.Op, m *ynl.Mode) string {
	switch {
	case !p.spec.Directional:
		return p.opConst(op)
	case op.Do != nil && op.Do.Reply != nil && m != op.Do && m.ReplyID != op.Do.ReplyID:
		return p.opConst(op) + "_DUMP_REPLY"
	}
	return p.opConst(op) + "_REPLY"
}

// requestConst is the constant with the number of a mode's request.
func (p *plan) requestConst(op *ynl.Op, m *ynl.Mode) string {
	if op.Do != nil && m != op.Do && m.RequestID != op.Do.RequestID {
		return p.opConst(op) + "_DUMP"
	}
	return p.opConst(op)
}

func (p *plan) enumPrefix(e *ynl.Enum) string {
	if e.HasCPrefix {
		return upper(e.CPrefix)
	}
	return upper(p.spec.Name + "-" + e.Name + "-")
}

func (p *plan) entryConst(e *ynl.Enum, n *ynl.Entry) string { return p.enumPrefix(e) + upper(n.Name) }

func (p *plan) constName(c *ynl.Const) string {
	if c.Header != "" {
		return upper(c.CPrefix + c.Name) // somebody else's
	}
	if c.CPrefix != "" {
		return upper(c.CPrefix + c.Name)
	}
	return upper(p.spec.Name + "-" + c.Name)
}

func (p *plan) groupConst(g *ynl.Group) string {
	if g.CName != "" {
		return upper(g.CName)
	}
	return upper(p.spec.Name + "-mcgrp-" + g.Name)
}

func (p *plan) familyName() string {
	if p.spec.C.FamilyName != "" {
		return upper(p.spec.C.FamilyName)
	}
	return upper(p.spec.Name + "-family-name")
}

func (p *plan) familyVersion() string {
	if p.spec.C.VersionName != "" {
		return upper(p.spec.C.VersionName)
	}
	return upper(p.spec.Name + "-family-version")
}

// structTag is the tag of a struct of the spec.
func (p *plan) structTag(s *ynl.Struct) string {
	if s.CName != "" {
		return s.CName
	}
	return ident(s.Name)
}

// enumTag is the tag of an enum of the spec, empty where it has none.
func (p *plan) enumTag(e *ynl.Enum) string {
	switch {
	case e.CNameNone:
		return ""
	case e.CName != "":
		return ident(e.CName)
	}
	return p.fam + "_" + ident(e.Name)
}

// setFunc is what the functions of a set begin with.
func (p *plan) setFunc(s *ynl.AttrSet) string {
	if p.own(s.Name) {
		return p.fam
	}
	return p.fam + "_" + ident(s.Name)
}

// hook is the function that a name of a pre or post hook means.
func (p *plan) hook(name string) string {
	if name == "" {
		return ""
	}
	if h := ident(name); strings.HasPrefix(h, p.fam+"_") {
		return h
	}
	return p.fam + "_" + ident(name)
}
