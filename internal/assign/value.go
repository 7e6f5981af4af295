package assign

import (
	"encoding/hex"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/nlkit/nlkit/internal/ifname"
	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/internal/rtnames"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/codec"
)

// attribute makes the value of an attribute.
func (r *resolver) attribute(e *entry, a *ynl.Attr, s *scope, path string, out codec.Object, done map[string]int) (f codec.Field, skip bool, err error) {
	f = codec.Field{Name: a.Name, Attr: a}
	if e.arg.hex && e.in == nil && a.Type != ynl.IndexedArray {
		b, err := bytesOf(e)
		f.Value = codec.Raw(b)
		return f, false, err
	}
	if a.Type == ynl.Pad || a.Type == ynl.Unused {
		return f, false, errorf(e.arg.text, "%s has no meaning (%v) and is not sent", a.Name, a.Type)
	}
	at, again := done[a.Name]
	if again {
		skip = true
		if out[at].Value, err = r.join(out[at].Value, e, a, s, path); err != nil {
			return f, false, err
		}
		return f, true, nil
	}
	if !a.Multi && !joins(a) {
		for i := range out {
			if out[i].Attr == a {
				return f, false, errorf(e.arg.text, "%s is given twice, and is no list", path[1:])
			}
		}
	}
	if joins(a) {
		done[a.Name] = len(out)
		f.Value, err = r.join(nil, e, a, s, path)
		return f, false, err
	}
	f.Value, err = r.single(e, a, a.Type, s, path)
	return f, a.Type == ynl.Flag && f.Value == nil, err
}

// joins reports whether several assignments to an attribute are one value of it.
func joins(a *ynl.Attr) bool {
	switch {
	case a.Multi:
		return false
	case a.IsBits() && a.Type.IsInt(), a.Type == ynl.IndexedArray, a.Type == ynl.NestTypeValue:
		return true
	}
	return a.Type == ynl.Binary && a.Sub != ynl.Unset
}

// join adds an entry to the value that the entries before it have made, or
// begins one.
func (r *resolver) join(have any, e *entry, a *ynl.Attr, s *scope, path string) (any, error) {
	switch {
	case a.IsBits() && a.Type.IsInt():
		bits, err := bits(e)
		old, _ := have.(codec.Flags)
		return append(old, bits...), err
	case a.Type == ynl.IndexedArray:
		old, _ := have.(codec.Array)
		el, err := r.element(e, a, s, path)
		el.Index = 1
		if n := len(old); n > 0 {
			el.Index = old[n-1].Index + 1
		}
		if e.index >= 0 {
			el.Index = uint16(e.index)
		}
		return append(old, el), err
	case a.Type == ynl.NestTypeValue:
		v, err := r.single(e, a, a.Type, s, path)
		switch old := have.(type) {
		case nil:
			return v, err
		case []any:
			return append(old, v), err
		default:
			return []any{old, v}, err
		}
	}
	// Numbers side by side in one payload.
	if err := needsValue(e); err != nil {
		return nil, err
	}
	old, _ := have.([]any)
	for text := range strings.SplitSeq(e.arg.value, ",") {
		old = append(old, strings.TrimSpace(text))
	}
	return old, nil
}

// element makes an element of an indexed array.
func (r *resolver) element(e *entry, a *ynl.Attr, s *scope, path string) (el codec.Element, err error) {
	if e.arg.hex && e.in == nil {
		b, err := bytesOf(e)
		el.Value = codec.Raw(b)
		return el, err
	}
	el.Value, err = r.single(e, a, a.Sub, s, path)
	return el, err
}

// single makes one value of type t, which is the attribute's or that of its
// elements.
func (r *resolver) single(e *entry, a *ynl.Attr, t ynl.Type, s *scope, path string) (any, error) {
	if e.in != nil {
		return r.inside(e, a, t, s, path)
	}
	switch t {
	case ynl.Flag:
		return flag(e)
	case ynl.Nested, ynl.NestTypeValue:
		if e.arg.hasValue {
			in := scope{set: a.Nested, types: a.TypeValue}
			return nil, errorf(e.arg.text, "%s is a nest: write %s.NAME=VALUE with one of %s", a.Name, path[1:], list(in.names()))
		}
		return codec.Object{}, nil
	case ynl.SubMsg:
		if e.arg.hasValue {
			return nil, errorf(e.arg.text, "%s depends on %s: write %s.NAME=VALUE, or its bytes as %s:hex=...", a.Name, a.Selector, path[1:], path[1:])
		}
		return codec.Object{}, nil
	}
	if a.Struct != nil && !e.arg.hasValue {
		return codec.Object{}, nil // all members zero
	}
	if err := needsValue(e); err != nil {
		return nil, err
	}
	switch {
	case a.IsBits():
		bits, err := bits(e)
		if err == nil && t == ynl.Bitfield32 {
			return codec.Object{{Name: "value", Value: bits}, {Name: "selector", Value: bits}}, nil
		}
		return bits, err
	case t == ynl.Bitfield32:
		return codec.Object{{Name: "value", Value: e.arg.value}, {Name: "selector", Value: e.arg.value}}, nil
	case a.Struct != nil, t == ynl.Binary && a.Hint == ynl.NoHint:
		return binary(e, a)
	case a.Enum == nil && ifname.IsIndex(a.Name, t):
		return r.interfaceIndex(e)
	case rtnames.Of(a, nil, t) != nil:
		return wordOf(e, rtnames.Of(a, nil, t))
	}
	return e.arg.value, nil
}

// wordOf makes a number of a word for it, or of several for bits; a number stays.
func wordOf(e *entry, words *rtnames.Table) (any, error) {
	text := e.arg.value
	if _, err := strconv.ParseInt(text, 0, 64); err == nil {
		return text, nil
	}
	n, wrong, ok := words.Value(text)
	if !ok {
		err := errorf(e.arg.text, "there is no %s %q; write its number, or one of %s", words.What, wrong, list(words.Names()))
		err.Near = near.Names(wrong, words.Names())
		return nil, err
	}
	return n, nil
}

// inside makes a value of the assignments in it.
func (r *resolver) inside(e *entry, a *ynl.Attr, t ynl.Type, s *scope, path string) (any, error) {
	in := scope{path: path, outer: s}
	switch {
	case t == ynl.Nested, t == ynl.NestTypeValue:
		in.set, in.types = a.Nested, a.TypeValue
	case t == ynl.Bitfield32:
		return r.bitfield(e, a)
	case t == ynl.SubMsg:
		value, ok := s.selector(a.Selector)
		if !ok {
			return nil, errorf(e.arg.text, "what %s holds depends on %s, which is missing: add %s=... with one of %s",
				path[1:], a.Selector, strings.TrimSuffix(path[1:], a.Name)+a.Selector, list(formats(a.SubMsg)))
		}
		f := a.SubMsg.Format(value)
		if f == nil && r.options.Fallback != nil {
			f = r.options.Fallback(a.SubMsg, value)
		}
		if f != nil {
			in.header, in.set = f.Header, f.Set
		}
	case a.Struct != nil:
		in.header = a.Struct
	default:
		return nil, errorf(e.arg.text, "%s is %s and has nothing in it to assign to: write %s=VALUE", path[1:], article(t), path[1:])
	}
	return r.object(e.in, in)
}

func formats(s *ynl.SubMessage) []string {
	var names []string
	for _, f := range s.Formats {
		names = append(names, f.Value)
	}
	return names
}

// selector finds the value that chooses a sub-message's format: beside it, or
// further out.
func (s *scope) selector(name string) (string, bool) {
	for ; s != nil; s = s.outer {
		if v, ok := s.group.value(name); ok {
			return v, true
		}
	}
	return "", false
}

// bitfield makes a bitfield32 of its two halves.
func (r *resolver) bitfield(e *entry, a *ynl.Attr) (any, error) {
	out := codec.Object{}
	for _, half := range e.in.entries {
		if half.name != "value" && half.name != "selector" {
			return nil, errorf(half.arg.text, "a bitfield32 has value and selector, not %s", half.name)
		}
		if half.in != nil || half.arg.hex {
			return nil, errorf(half.arg.text, "%s must be a number or the names of bits", half.name)
		}
		if out.Has(half.name) {
			return nil, errorf(half.arg.text, "%s is given twice", half.name)
		}
		if err := needsValue(half); err != nil {
			return nil, err
		}
		var v any = half.arg.value
		if a.Enum != nil {
			bits, err := bits(half)
			if err != nil {
				return nil, err
			}
			v = bits
		}
		out = append(out, codec.Field{Name: half.name, Value: v})
	}
	return out, nil
}

// member makes the value of a struct's member.
func (r *resolver) member(e *entry, m *ynl.Member, path string, out codec.Object) (f codec.Field, err error) {
	f = codec.Field{Name: m.Name, Member: m}
	at := -1
	for i := range out {
		if out[i].Member == m {
			at = i
		}
	}
	switch {
	case at >= 0:
		return f, errorf(e.arg.text, "%s is given twice", path[1:])
	case e.in != nil && m.Struct != nil:
		f.Value, err = r.object(e.in, scope{header: m.Struct, path: path})
		return f, err
	case e.in != nil:
		return f, errorf(e.arg.text, "%s is %s and has nothing in it to assign to", path[1:], article(m.Type))
	}
	if err := needsValue(e); err != nil {
		return f, err
	}
	switch {
	case e.arg.hex:
		var b []byte
		b, err = bytesOf(e)
		f.Value = codec.Raw(b)
	case m.IsBits():
		f.Value, err = bits(e)
	case m.Enum == nil && ifname.IsIndex(m.Name, m.Type):
		f.Value, err = r.interfaceIndex(e)
	case rtnames.Of(nil, m, m.Type) != nil:
		f.Value, err = wordOf(e, rtnames.Of(nil, m, m.Type))
	default:
		f.Value = e.arg.value
	}
	return f, err
}

// unnamed makes an attribute that has a number only.
func (r *resolver) unnamed(e *entry, path string) (f codec.Field, err error) {
	n, _ := number(e.name)
	f = codec.Field{Name: "attr-" + strconv.Itoa(int(n))}
	if e.in != nil {
		f.Value, err = r.object(e.in, scope{path: path})
		return f, err
	}
	if !e.arg.hasValue {
		f.Value = []byte{}
		return f, nil
	}
	b, err := bytesOf(e)
	f.Value = b
	return f, err
}

// interfaceIndex makes a number of an interface's name; numbers stay.
func (r *resolver) interfaceIndex(e *entry) (any, error) {
	text := e.arg.value
	if _, err := strconv.ParseInt(text, 0, 64); err == nil || r.options.Interface == nil {
		return text, nil
	}
	if text == "" {
		return nil, errorf(e.arg.text, "the interface's name is empty")
	}
	i, err := r.options.Interface(text)
	if err != nil {
		return nil, &Error{Arg: e.arg.text, Text: err.Error(), Err: err}
	}
	return uint64(i), nil
}

func needsValue(e *entry) error {
	if !e.arg.hasValue {
		return errorf(e.arg.text, "a value is missing: write %s=VALUE", e.arg.text)
	}
	return nil
}

// flag is true, or nil where the flag is to be left out.
func flag(e *entry) (any, error) {
	if !e.arg.hasValue {
		return true, nil
	}
	on, err := strconv.ParseBool(e.arg.value)
	if err != nil {
		return nil, errorf(e.arg.text, "%s is a flag: write it alone, or with =true or =false", e.name)
	}
	if !on {
		return nil, nil
	}
	return true, nil
}

// bits are the names of bits, or numbers, in one value. None is no bit.
func bits(e *entry) (codec.Flags, error) {
	if err := needsValue(e); err != nil {
		return nil, err
	}
	out := codec.Flags{}
	for name := range strings.FieldsFuncSeq(e.arg.value, func(c rune) bool { return c == ',' || c == '|' }) {
		out = append(out, strings.TrimSpace(name))
	}
	return out, nil
}

// binary reads a payload of bytes: hexadecimal, or an address.
func binary(e *entry, a *ynl.Attr) (any, error) {
	text := e.arg.value
	if b, ok := parseHex(text); ok {
		return b, nil
	}
	if ip, err := netip.ParseAddr(text); err == nil && ip.Zone() == "" {
		return ip.AsSlice(), nil
	}
	if mac, err := net.ParseMAC(text); err == nil {
		return []byte(mac), nil
	}
	if a.Struct != nil {
		in := scope{header: a.Struct}
		return nil, errorf(e.arg.text, "%s is a struct: write %s.NAME=VALUE with one of %s, or its bytes in hexadecimal", a.Name, e.name, list(in.names()))
	}
	return nil, errorf(e.arg.text, "%s is bytes: write them in hexadecimal, as in %s=0a0b, or as an address", a.Name, e.name)
}

func bytesOf(e *entry) ([]byte, error) {
	b, ok := parseHex(e.arg.value)
	if !ok {
		return nil, errorf(e.arg.text, "%q is not hexadecimal: write two digits for each byte, as in 0a0b", e.arg.value)
	}
	return b, nil
}

// parseHex reads pairs of hexadecimal digits, which may have ":" or spaces
// between them.
func parseHex(text string) ([]byte, bool) {
	b := make([]byte, 0, len(text)/2)
	for group := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == ':' || c == ' ' }) {
		var err error
		if b, err = hex.AppendDecode(b, []byte(group)); err != nil {
			return nil, false
		}
	}
	return b, true
}

// article puts "a" or "an" before a type's name.
func article(t ynl.Type) string {
	switch t {
	case ynl.Uint, ynl.IndexedArray:
		return "an " + t.String()
	case ynl.Binary:
		return "a number of bytes"
	}
	return "a " + t.String()
}
