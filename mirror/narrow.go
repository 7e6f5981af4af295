package mirror

import (
	"math"
	"slices"

	"github.com/nlkit/nlkit/mirror/internal/expr"
	"github.com/nlkit/nlkit/wire"
)

// A filter is left to the kernel twice: dumps are asked for no more than may match
// (here), and events that cannot matter are dropped before they are queued
// (socketfilter.go). Everything is matched here all the same, so that what the kernel
// does not do, or does not do well, costs time alone.

// maxNarrow is how many values of one name are left to the kernel: each is a request of
// its own, and a step of the program for the events.
const maxNarrow = 8

// pushesDown reports whether the kernel may be left something: one that disregards what
// it is asked for would count events that are dropped among those of its dumps.
func (m *Mirror) pushesDown() bool { return !m.opts.noPushdown && !m.opts.Netlink.NoStrict }

// few are the values that a filter lets a name have, if they are few.
func few(f *expr.Filter, name string) ([]uint32, bool) {
	values, ok := f.Numbers(name)
	if !ok || len(values) > maxNarrow {
		return nil, false
	}
	list := make([]uint32, 0, len(values))
	for _, v := range values {
		if v > math.MaxUint32 {
			return nil, false // negative
		}
		list = append(list, uint32(v))
	}
	return list, true
}

// requests are those that read what the filter may let pass of a scope.
func (t *table) requests(s Scope) []Request {
	f := t.pushed
	if f == nil {
		return t.def.Dump(View{t.space, t}, s)
	}
	var list []Request
	links, pinned := few(f, t.def.linkName)
	switch {
	case t.def.linkName == "" || !pinned:
		list = t.def.Dump(View{t.space, t}, s)
	case s.Link == 0:
		for _, link := range links {
			if link != 0 {
				list = append(list, t.def.Dump(View{t.space, t}, Scope{Link: link, Prefix: s.Prefix})...)
			}
		}
	case slices.Contains(links, s.Link):
		list = t.def.Dump(View{t.space, t}, s)
	}
	if t.def.narrow != nil {
		list = t.def.narrow(list, f)
	}
	return list
}

// narrowFamily asks for the address families that a filter lets pass. The family is the
// first byte of a request: 0 stands for both.
func narrowFamily(list []Request, f *expr.Filter, name string) []Request {
	families, ok := few(f, name)
	if !ok {
		return list
	}
	var narrowed []Request
	for _, r := range list {
		for _, family := range families {
			if family != afInet && family != afInet6 || r.Payload[0] != afUnspec && uint32(r.Payload[0]) != family {
				continue
			}
			one := r
			one.Payload = slices.Clone(r.Payload)
			one.Payload[0] = byte(family)
			narrowed = append(narrowed, one)
		}
	}
	return narrowed
}

// narrowRoutes asks for the families and tables that a filter lets pass.
func narrowRoutes(list []Request, f *expr.Filter) []Request {
	list = narrowFamily(list, f, "rtm-family")
	tables, ok := few(f, "table")
	if !ok {
		return list
	}
	var narrowed []Request
	for _, r := range list {
		if asked, ok := attrU32(r.Payload[rtMsgLen:], rtaTable); ok {
			if slices.Contains(tables, asked) {
				narrowed = append(narrowed, r)
			}
			continue
		}
		for _, table := range tables {
			if table == 0 {
				continue // no table has it, and a request with it asks for all
			}
			one := r
			one.Payload = putAttrU32(slices.Clone(r.Payload), rtaTable, table)
			narrowed = append(narrowed, one)
		}
	}
	return narrowed
}

// narrowLinks asks for the ports of one link, and for the links of one kind. One whose
// module is not loaded has no links, and is disregarded in a request
// (net/core/rtnetlink.c, link_dump_filtered).
func narrowLinks(list []Request, f *expr.Filter) []Request {
	master, hasMaster := few(f, "master")
	hasMaster = hasMaster && len(master) == 1 && master[0] != 0
	kind, hasKind := f.Text("linkinfo.kind")
	// A name that is longer than the kernel's buffer would be cut.
	hasKind = hasKind && kind != "" && len(kind) < maxKind
	for i := range list {
		r := &list[i]
		if r.One {
			continue
		}
		if hasMaster {
			r.Payload = putAttrU32(r.Payload, iflaMaster, master[0])
		}
		if hasKind {
			inner := putAttr(nil, iflaInfoKind, append([]byte(kind), 0))
			r.Payload = putAttr(r.Payload, iflaLinkInfo|wire.AttrNested, inner)
		}
	}
	return list
}

// maxKind is the size of a kind's name with its NUL (MODULE_NAME_LEN of
// linux/module.h, on the machines where it is smallest).
const maxKind = 56

// putAttr appends an attribute, padded.
func putAttr(dst []byte, typ uint16, data []byte) []byte {
	n := wire.AttrHeaderLen + len(data)
	dst = hostOrder.AppendUint16(dst, uint16(n))
	dst = hostOrder.AppendUint16(dst, typ)
	dst = append(dst, data...)
	return append(dst, make([]byte, wire.Align(n)-n)...)
}
