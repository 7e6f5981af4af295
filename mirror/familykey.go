package mirror

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

// keyPart is one of the things that tell the records of a spec's operation apart: an
// attribute, maybe inside others, or a member of the fixed header.
type keyPart struct {
	path   []*ynl.Attr // from outside in; nil for a member
	member *ynl.Member
}

// Every part of a key is its presence, its length and its bytes: numbers as long as
// they are, the most significant byte first.
const (
	partAbsent = iota
	partThere
)

// findKey finds what records are told apart by: the names that were given, or what a
// request for one record says that the replies say as well.
func (f *specTable) findKey(names []string) error {
	for _, name := range names {
		p, ok := f.part(name)
		if !ok {
			return fmt.Errorf("mirror %s: the key has %q, which is no attribute and no member of the fixed header%s", f.name, name, f.keyNames())
		}
		f.key = append(f.key, p)
	}
	if len(f.key) > 0 {
		return nil
	}
	// Raw families have headers of many uses: what of it is a key nobody tells.
	if !f.spec.IsRaw() && f.op.Do != nil && f.op.Do.Request != nil && f.op.Dump.Reply != nil {
		if f.op.Header != nil {
			for _, m := range f.op.Header.Members {
				f.key = append(f.key, keyPart{member: m})
			}
		}
		for _, a := range f.op.Do.Request.Attrs {
			if f.replies(a.ID) {
				f.key = append(f.key, keyPart{path: within(a)})
			}
		}
	}
	if len(f.key) == 0 {
		return fmt.Errorf("mirror %s: what tells its records apart is not known: name the attributes behind it, as in %s/ATTR,ATTR%s", f.name, f.name, f.keyNames())
	}
	return nil
}

// keyNames lists what a key can be made of, for a message: the first of them.
func (f *specTable) keyNames() string {
	const most = 12
	var names []string
	if f.op.Header != nil {
		for _, m := range f.op.Header.Members {
			if m.Type != ynl.Pad {
				names = append(names, m.Name)
			}
		}
	}
	if f.op.Dump.Reply != nil {
		for _, a := range f.op.Dump.Reply.Attrs {
			names = append(names, a.Name)
		}
	}
	switch {
	case len(names) == 0:
		return ""
	case len(names) > most:
		names = append(names[:most], fmt.Sprintf("and %d more", len(names)-most))
	}
	return " (there are " + strings.Join(names, ", ") + ")"
}

// replies reports whether the dump's replies have an attribute.
func (f *specTable) replies(id uint16) bool {
	return slices.ContainsFunc(f.op.Dump.Reply.Attrs, func(a *ynl.Attr) bool { return a.ID == id })
}

// within finds what names a record inside a nest: the number of a link, where it has
// one. Its name may change.
func within(a *ynl.Attr) []*ynl.Attr {
	if a.Type == ynl.Nested && a.Nested != nil {
		for _, inner := range a.Nested.Attrs {
			if inner.Type.IsInt() && strings.HasSuffix(inner.Name, "index") {
				return []*ynl.Attr{a, inner}
			}
		}
	}
	return []*ynl.Attr{a}
}

// part finds an attribute by its path, or a member of the header.
func (f *specTable) part(name string) (keyPart, bool) {
	if f.op.Header != nil {
		if m := f.op.Header.Member(name); m != nil {
			return keyPart{member: m}, true
		}
	}
	var p keyPart
	set := f.op.Set
	for word := range strings.SplitSeq(name, ".") {
		if set == nil {
			return p, false
		}
		a := set.Attr(word)
		if a == nil {
			return p, false
		}
		p.path = append(p.path, a)
		set = a.Nested
	}
	return p, true
}

// isLink reports whether the part is the number of a link.
func (p keyPart) isLink() bool {
	if p.member != nil {
		return slices.Contains([]string{"ifindex", "ifi-index", "ifa-index", "ndm-ifindex"}, p.member.Name)
	}
	last := p.path[len(p.path)-1]
	return last.Type == ynl.U32 && slices.Contains([]string{"ifindex", "dev-index", "if-index", "team-ifindex"}, last.Name)
}

// find returns the bytes of a part of a value; ok is false where it is not there.
func (p keyPart) find(value []byte, head int) (b []byte, ok bool) {
	if m := p.member; m != nil {
		return value[m.Offset : m.Offset+m.Size], true
	}
	b = value[head:]
	for _, a := range p.path {
		found, ok := wire.FindAttr(b, a.ID)
		if !ok {
			return nil, false
		}
		b = found.Data()
	}
	return b, true
}

// number reports whether the bytes are a number in the host's order.
func (p keyPart) number() bool {
	if p.member != nil {
		return p.member.Type.IsInt() && p.member.ByteOrder == ynl.Native
	}
	last := p.path[len(p.path)-1]
	return last.Type.IsInt() && last.ByteOrder == ynl.Native
}

// reversed reports whether the bytes of numbers have to be turned around to be in
// the order of keys.
var reversed = hostOrder.Uint16([]byte{1, 0}) == 1

// appendKey makes the key of a value: nil where nothing of it is there.
func (f *specTable) appendKey(dst, value []byte) []byte {
	if len(value) < f.head {
		return nil
	}
	some := false
	for _, p := range f.key {
		b, ok := p.find(value, f.head)
		if !ok || len(b) > 0xffff {
			dst = append(dst, partAbsent)
			continue
		}
		some = some || p.member == nil || len(f.key) == 1 || f.op.Set == nil
		dst = append(dst, partThere)
		dst = binary.BigEndian.AppendUint16(dst, uint16(len(b)))
		from := len(dst)
		if dst = append(dst, b...); p.number() && reversed {
			slices.Reverse(dst[from:])
		}
	}
	if !some && !f.onlyMembers() {
		return nil
	}
	return dst
}

func (f *specTable) onlyMembers() bool {
	return !slices.ContainsFunc(f.key, func(p keyPart) bool { return p.member == nil })
}

// links are the numbers of links in a key.
func (f *specTable) links(_, value []byte, add func(uint32)) {
	for _, p := range f.key {
		if b, ok := p.find(value, f.head); ok && p.isLink() && len(b) == 4 {
			add(hostOrder.Uint32(b))
		}
	}
}

// dump asks for all records, or for one: a scope's prefix is the key of a record.
func (f *specTable) dump(_ View, s Scope) []Request {
	all := Request{Type: f.op.Dump.RequestID, Payload: make([]byte, f.head), HeaderLen: f.head}
	if s.Prefix == "" || f.op.Do == nil || f.op.Do.Request == nil {
		return []Request{all}
	}
	one := Request{Type: f.op.Do.RequestID, Payload: make([]byte, f.head), HeaderLen: f.head, One: true}
	rest := []byte(s.Prefix)
	for _, p := range f.key {
		there := rest[0] == partThere
		if rest = rest[1:]; !there {
			continue
		}
		n := binary.BigEndian.Uint16(rest)
		b := bytes.Clone(rest[2 : 2+n])
		rest = rest[2+n:]
		if p.number() && reversed {
			slices.Reverse(b)
		}
		if p.member != nil {
			copy(one.Payload[p.member.Offset:], b)
			continue
		}
		if !slices.ContainsFunc(f.op.Do.Request.Attrs, func(a *ynl.Attr) bool { return a.ID == p.path[0].ID }) {
			return []Request{all}
		}
		for _, a := range slices.Backward(p.path) {
			b = attribute(a, b)
		}
		one.Payload = append(one.Payload, b...)
	}
	return []Request{one}
}

// attribute makes an attribute of its value.
func attribute(a *ynl.Attr, value []byte) []byte {
	typ := a.ID
	if a.Type == ynl.Nested {
		typ |= wire.AttrNested
	}
	b := hostOrder.AppendUint16(nil, uint16(wire.AttrHeaderLen+len(value)))
	b = append(hostOrder.AppendUint16(b, typ), value...)
	for range wire.Align(len(b)) - len(b) {
		b = append(b, 0)
	}
	return b
}

// apply takes in a notification. One that lacks attributes of the record is about a
// part of it: what it has is taken over at once, and the record is read.
func (f *specTable) apply(t *table, v verb, _ wire.Flags, key, value []byte) {
	if v == verbDelete {
		t.remove(key, Announced)
		return
	}
	old := t.get(key)
	if old != nil {
		merged := append([]byte(nil), value...)
		for a, err := range wire.Attrs(old[f.head:]) {
			if err != nil {
				break
			}
			if _, ok := wire.FindAttr(value[f.head:], a.Type()); !ok {
				merged = appendAttr(merged, a)
			}
		}
		if len(merged) > len(value) {
			t.put(key, inOrder(merged, old, f.head), Announced)
			t.confirm(Scope{Prefix: string(key)})
			return
		}
	}
	t.put(key, value, Announced)
}

// inOrder puts the attributes of a value in the order that those of another one are
// in, so that equal records are equal bytes.
func inOrder(value, like []byte, head int) []byte {
	ordered := append([]byte(nil), value[:head]...)
	var done []uint16
	add := func(typ uint16) {
		if slices.Contains(done, typ) {
			return
		}
		done = append(done, typ)
		for a, err := range wire.Attrs(value[head:]) {
			if err == nil && a.Type() == typ {
				ordered = appendAttr(ordered, a)
			}
		}
	}
	for _, b := range [][]byte{like, value} {
		for a, err := range wire.Attrs(b[head:]) {
			if err == nil {
				add(a.Type())
			}
		}
	}
	return ordered
}
