package golang

import (
	"fmt"
	"strings"

	"github.com/nlkit/nlkit/ynl"
)

// valueKind is how a value is kept in Go.
type valueKind uint8

const (
	kindInt valueKind = iota
	kindFlag
	kindText
	kindBytes
	kindAddr    // bytes that are an address
	kindAddrInt // a number that is an IPv4 address
	kindHardwareAddr
	kindUUID
	kindBitfield32
	kindStruct
	kindNest
	kindSub
	kindIndexed
	kindPacked
	kindTypeValue
	kindPad // of a struct
)

// value is the Go side of an attribute, or of an element of one.
type value struct {
	kind   valueKind
	goType string // of the value itself
	// get and put are the runtime's functions, without "nl.Get" and "nl.Put".
	fn    string
	opt   bool // kept in an Opt
	text  bool // the decoder is handed to get
	size  int  // of integers
	st    *structType
	msg   *messageType
	sub   *subType
	elem  *value // of an indexed array
	entry *entryType
}

// value classifies an attribute's value of a type, which for an element is not
// that of the attribute.
func (p *plan) value(set *ynl.AttrSet, a *ynl.Attr, t ynl.Type) *value {
	switch t {
	case ynl.Flag:
		return &value{kind: kindFlag, goType: "bool", fn: "Flag"}
	case ynl.String:
		return &value{kind: kindText, goType: "string", fn: "Text", opt: true, text: true}
	case ynl.Bitfield32:
		if e := p.enumOf[enumKey{a.Enum, true}]; a.Enum != nil && e != nil {
			return &value{kind: kindBitfield32, goType: "nl.Bitfield32[" + e.name + "]", fn: "NamedBitfield32", opt: true}
		}
		return &value{kind: kindBitfield32, goType: "wire.Bitfield32", fn: "Bitfield32", opt: true}
	case ynl.Binary:
		return p.binaryValue(a)
	case ynl.Nested:
		if a.Nested == nil {
			return bytesValue()
		}
		m := p.message(a.Nested, nil)
		return &value{kind: kindNest, goType: "*" + m.name, msg: m}
	case ynl.SubMsg:
		if f, ok := p.format(set, a); ok && f.Set != nil {
			m := p.message(f.Set, f.Header)
			return &value{kind: kindNest, goType: "*" + m.name, msg: m}
		}
		s := p.subMessage(a.SubMsg)
		return &value{kind: kindSub, goType: s.name, sub: s}
	case ynl.IndexedArray:
		var elem *value
		switch a.Sub {
		case ynl.IndexedArray, ynl.SubMsg, ynl.NestTypeValue, ynl.Flag, ynl.Unset, ynl.Unused, ynl.Pad:
		default:
			elem = p.value(set, a, a.Sub)
		}
		if elem == nil {
			p.problem(a.Pos, "attribute %s: an indexed array of %s has no form in Go", a.Name, a.Sub)
			return nil
		}
		return &value{kind: kindIndexed, goType: "[]nl.Indexed[" + elem.goType + "]", elem: elem}
	case ynl.NestTypeValue:
		e := p.entry(set, a)
		return &value{kind: kindTypeValue, goType: "[]*" + e.name, entry: e}
	case ynl.Uint, ynl.Sint:
		fn := "Uint"
		if t == ynl.Sint {
			fn = "Sint"
		}
		if a.ByteOrder != ynl.Native {
			p.problem(a.Pos, "attribute %s: a %s in %s byte order has no form in Go", a.Name, t, a.ByteOrder)
		}
		return &value{kind: kindInt, goType: p.intType(a.Enum, a.IsBits(), 8, t == ynl.Sint), fn: fn, opt: true, size: 8}
	}
	size := t.Size()
	if size == 0 {
		p.problem(a.Pos, "attribute %s: type %s has no form in Go", a.Name, t)
		return nil
	}
	suffix := strings.ToUpper(orderSuffix(a.ByteOrder))
	if size == 1 {
		suffix = ""
	}
	if isAddrInt(a.Hint, a.Enum, size, t.IsSigned()) {
		return &value{kind: kindAddrInt, goType: "netip.Addr", fn: "AddrU32" + suffix}
	}
	letter := "U"
	if t.IsSigned() {
		letter = "S"
	}
	return &value{
		kind: kindInt, goType: p.intType(a.Enum, a.IsBits(), size, t.IsSigned()),
		fn: fmt.Sprintf("%s%d%s", letter, 8*size, suffix), opt: true, size: size,
	}
}

func bytesValue() *value { return &value{kind: kindBytes, goType: "[]byte", fn: "Bytes", text: true} }

func (p *plan) binaryValue(a *ynl.Attr) *value {
	switch {
	case a.Struct != nil:
		s := p.structure(a.Struct)
		return &value{kind: kindStruct, goType: "*" + s.name, st: s}
	case a.Sub.Size() > 0 && a.Type == ynl.Binary:
		suffix := strings.ToUpper(orderSuffix(a.ByteOrder))
		letter := "U"
		if a.Sub.IsSigned() {
			letter = "S"
		}
		if a.Sub.Size() == 1 {
			suffix = ""
		}
		t := p.intType(a.Enum, a.IsBits(), a.Sub.Size(), a.Sub.IsSigned())
		return &value{kind: kindPacked, goType: "[]" + t, fn: fmt.Sprintf("%s%d%s", letter, 8*a.Sub.Size(), suffix), size: a.Sub.Size()}
	case isMAC(a.Hint):
		return &value{kind: kindHardwareAddr, goType: "nl.HardwareAddr", fn: "HardwareAddr"}
	case a.Hint == ynl.HintIPv4:
		return &value{kind: kindAddr, goType: "netip.Addr", fn: "Addr4"}
	case a.Hint == ynl.HintIPv6:
		return &value{kind: kindAddr, goType: "netip.Addr", fn: "Addr6"}
	case a.Hint == ynl.HintIP:
		return &value{kind: kindAddr, goType: "netip.Addr", fn: "Addr"}
	case a.Hint == ynl.HintUUID:
		return &value{kind: kindUUID, goType: "nl.UUID", fn: "UUID", opt: true}
	}
	return bytesValue()
}

// fieldType is the type of the field that holds a single value, or several.
func (v *value) fieldType(multi bool) string {
	switch {
	case multi:
		return "[]" + v.goType
	case v.opt:
		return "nl.Opt[" + v.goType + "]"
	}
	return v.goType
}

// putFn is the runtime's function that appends the value. Signed numbers have the
// same bytes as others.
func (v *value) putFn() string {
	fn := v.fn
	if (v.kind == kindInt || v.kind == kindPacked) && fn[0] == 'S' && fn != "Sint" {
		fn = "U" + fn[1:]
	}
	return fn
}

// borrows reports whether the value points to memory of the decoder's.
func (v *value) borrows() bool {
	switch v.kind {
	case kindBytes, kindStruct, kindNest, kindSub, kindIndexed, kindPacked, kindTypeValue:
		return true
	}
	return false
}
