package codec

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"strconv"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

// maxDepth is how deep nests are followed. What lies deeper is shown as bytes: no
// family nests half as deep, and it bounds the walk over bytes that pretend to.
const maxDepth = 32

// Keys that are no names of the spec: no name has a colon.
const (
	keyRest   = ":rest"   // bytes behind what is known
	keyLen    = ":len"    // of a struct that is cut short
	keyHex    = ":hex"    // in place of a value: the payload
	keyPad    = ":pad-"   // padding that is not zero, by its offset
	keyHeader = "header:" // a fixed header's member whose name an attribute has too
)

// A sink receives what a walker finds. Slices it is given are borrowed.
type sink interface {
	begin() // of an object
	end()
	// key begins a field. One of a and m is set where it is known. typ is the
	// attribute's type with its flags; odd its payload where that differs from
	// what the value would be encoded to.
	key(name string, a *ynl.Attr, m *ynl.Member, typ uint16, odd []byte)
	unknown(typ uint16, odd []byte) // begins the field of an attribute without a name
	list()
	endList()
	elem(index uint16, show bool, typ uint16, odd []byte) // begins an element of an array
	item()                                                // begins an element of a list

	uint(v uint64)
	sint(v int64)
	hex(v uint64)
	word(s string)                  // the name of an enum's value
	nameless(v uint64, signed bool) // an enum's value without a name
	bits(e *ynl.Enum, v uint64)     // a set of named bits
	yes()                           // a flag that is there
	text(p []byte)                  // UTF-8, as a rule
	bytes(p []byte, hint ynl.Hint)  // with HintHex, or without a hint
	addr(a netip.Addr)
	mac(p []byte)
	uuid(p []byte)
	raw(p []byte) // a payload that is not what its type says
}

// scope is one level of attributes that are being walked: where selectors are
// looked up.
type scope struct {
	set  *ynl.AttrSet
	data []byte
	// found are the selectors that were looked for last: a level can hold
	// thousands of sub-messages.
	found [2]foundSelector
}

// foundSelector is a selector that was looked for in a scope. The attribute is
// nil where it is missing.
type foundSelector struct {
	spec *ynl.Attr
	attr wire.Attr
}

// walker reads a payload by its layout and tells a sink. It is used again, so
// that nothing is allocated for a message.
type walker struct {
	out    sink
	o      Options
	python bool
	// exact walkers tell attributes as they stand; others tell those that stand
	// several times as one list, and leave padding out.
	exact  bool
	scopes []scope
	// namesakes are those of the last fixed header.
	namesakes namesakes
	places    []place // of attributes that stand several times, of all levels on the way
}

func (w *walker) reset(out sink, o Options, exact bool) {
	w.out, w.o, w.exact = out, o, exact
	w.python = o.Dialect == Python
	w.scopes, w.places = w.scopes[:0], w.places[:0]
}

// forget lets go of what was walked.
func (w *walker) forget() {
	clear(w.scopes[:cap(w.scopes)])
	w.out, w.o = nil, Options{}
}

// message tells a whole payload.
func (w *walker) message(l Layout, p []byte) {
	w.out.begin()
	w.both(l.Header, l.Set, p, true)
	w.out.end()
}

// both tells a fixed header and the attributes behind it. Of a name that both
// have, Python's client keeps the header's value in messages, and the
// attribute's in sub-messages.
func (w *walker) both(h *ynl.Struct, set *ynl.AttrSet, p []byte, message bool) {
	if h == nil {
		w.attrs(set, p, nil)
		return
	}
	var clash *ynl.Struct
	if w.python && message {
		clash = h
	}
	w.members(h, set, p, message)
	at := wire.Align(h.Size)
	if gap := p[min(h.Size, len(p)):min(at, len(p))]; !w.python && !isZero(gap) {
		w.out.key(keyPad+strconv.Itoa(h.Size), nil, nil, 0, nil)
		w.out.bytes(gap, ynl.NoHint)
	}
	if at < len(p) {
		w.attrs(set, p[at:], clash)
	}
}

// attrs tells the attributes in p. hidden are the members of a header in front
// of them that take the place of attributes of their names.
func (w *walker) attrs(set *ynl.AttrSet, p []byte, hidden *ynl.Struct) {
	w.scopes = append(w.scopes, scope{set: set, data: p})
	if w.exact {
		w.inOrder(set, p)
	} else {
		w.grouped(set, p, hidden)
	}
	w.scopes = w.scopes[:len(w.scopes)-1]
}

// inOrder tells attributes as they stand, and padding too.
func (w *walker) inOrder(set *ynl.AttrSet, p []byte) {
	at := 0
	for at < len(p) {
		a, ok := first(p[at:])
		if !ok {
			w.rest(p[at:])
			return
		}
		w.field(set.ByID(a.Type()), a)
		w.value(set.ByID(a.Type()), a)
		at += wire.Align(len(a))
	}
}

// first is the attribute p begins with.
func first(p []byte) (wire.Attr, bool) {
	if len(p) < wire.AttrHeaderLen {
		return nil, false
	}
	n := int(binary.NativeEndian.Uint16(p))
	if n < wire.AttrHeaderLen || n > len(p) {
		return nil, false
	}
	return wire.Attr(p[:n]), true
}

func (w *walker) rest(p []byte) {
	w.out.key(keyRest, nil, nil, 0, nil)
	w.out.bytes(p, ynl.NoHint)
}

// field begins the field of an attribute.
func (w *walker) field(spec *ynl.Attr, a wire.Attr) {
	var odd []byte
	if spec == nil {
		if w.exact && a.IsNested() && isUntidy(a.Data()) {
			odd = a.Data()
		}
		w.out.unknown(a.RawType(), odd)
		return
	}
	if w.exact && isOdd(spec, spec.Type, a) {
		odd = a.Data()
	}
	w.out.key(spec.Name, spec, nil, a.RawType(), odd)
}

// isOdd reports whether an attribute's payload may differ from what its value
// would be encoded to.
func isOdd(spec *ynl.Attr, t ynl.Type, a wire.Attr) bool {
	p := a.Data()
	switch t {
	case ynl.Flag:
		return len(p) > 0
	case ynl.String:
		return bytes.IndexByte(p, 0) != len(p)-1 || len(p) == 0
	case ynl.Uint:
		return len(p) == 8 && readInt(p, 8, spec.ByteOrder) < 1<<32
	case ynl.Sint:
		if len(p) != 8 {
			return false
		}
		v := int64(readInt(p, 8, spec.ByteOrder))
		return v == int64(int32(v))
	case ynl.Nested, ynl.SubMsg, ynl.IndexedArray:
		// A type without any bit says nothing of the flag of a nest it lacks.
		return a.RawType() == 0 || isUntidy(p)
	case ynl.NestTypeValue:
		return true
	case ynl.Pad, ynl.Unset, ynl.Unused:
		return a.IsNested() && isUntidy(p)
	}
	return t.Size() > 0 && len(p) > t.Size()
}

// isUntidy reports whether attributes are padded with anything but zeros, or the
// last one is not padded.
func isUntidy(p []byte) bool {
	if len(p)%wire.Alignment != 0 {
		return true
	}
	for at := 0; at < len(p); {
		a, ok := first(p[at:])
		if !ok {
			return false
		}
		end := at + len(a)
		at += wire.Align(len(a))
		if !isZero(p[end:at]) {
			return true
		}
	}
	return false
}

// value tells an attribute's value. spec is nil where it is unknown.
func (w *walker) value(spec *ynl.Attr, a wire.Attr) {
	if spec == nil {
		w.nameless(a)
		return
	}
	w.typed(spec, spec.Type, a)
}

// nameless tells the payload of an attribute of which nothing is known.
func (w *walker) nameless(a wire.Attr) {
	p := a.Data()
	if a.IsNested() && areAttrs(p) && len(w.scopes) < maxDepth {
		w.nest(nil, p)
		return
	}
	w.out.bytes(p, ynl.NoHint)
}

// areAttrs reports whether bytes are attributes from the first to the last.
func areAttrs(p []byte) bool {
	for _, err := range wire.Attrs(p) {
		if err != nil {
			return false
		}
	}
	return true
}

func (w *walker) nest(set *ynl.AttrSet, p []byte) {
	w.out.begin()
	w.attrs(set, p, nil)
	w.out.end()
}

// typed tells a value of a type, which for an array's element is not that of its
// attribute.
func (w *walker) typed(spec *ynl.Attr, t ynl.Type, a wire.Attr) {
	p := a.Data()
	switch t {
	case ynl.Flag:
		w.out.yes()
	case ynl.Uint, ynl.Sint:
		if len(p) != 4 && len(p) != 8 {
			w.out.raw(p)
			return
		}
		w.integer(spec.Enum, spec.IsBits(), w.hintOf(spec), len(p), t == ynl.Sint, readInt(p, len(p), spec.ByteOrder))
	case ynl.Bitfield32:
		w.bitfield(spec, p)
	case ynl.String:
		w.string(p)
	case ynl.Binary:
		w.binary(spec, p)
	case ynl.Nested:
		if len(w.scopes) >= maxDepth {
			w.out.raw(p)
			return
		}
		w.nest(spec.Nested, p)
	case ynl.SubMsg:
		w.subMessage(spec, p)
	case ynl.IndexedArray:
		w.array(spec, p)
	case ynl.NestTypeValue:
		w.nestTypeValue(spec, p)
	case ynl.Pad, ynl.Unset, ynl.Unused:
		w.nameless(a)
	default:
		size := t.Size()
		if len(p) < size {
			w.out.raw(p)
			return
		}
		w.integer(spec.Enum, spec.IsBits(), spec.Hint, size, t.IsSigned(), readInt(p, size, spec.ByteOrder))
	}
}

// hintOf is the hint of a uint or sint, which Python's client does not heed.
func (w *walker) hintOf(spec *ynl.Attr) ynl.Hint {
	if w.python {
		return ynl.NoHint
	}
	return spec.Hint
}

// string tells text. The NUL behind it is no part of it; Python's client takes
// the last byte for that NUL, whatever else there is. What is no text, or has a
// NUL inside, is told as it stands.
func (w *walker) string(p []byte) {
	if w.python {
		if n := len(p); n > 0 && p[n-1] == 0 {
			p = p[:n-1]
		}
		w.out.text(p)
		return
	}
	if isSpoiled(ynl.String, p) {
		w.out.raw(p)
		return
	}
	w.out.text(bytes.TrimRight(p, "\x00"))
}

// binary tells bytes, or the struct, array or address they are.
func (w *walker) binary(spec *ynl.Attr, p []byte) {
	switch {
	case spec.Struct != nil:
		w.out.begin()
		w.members(spec.Struct, nil, p, false)
		if len(p) > spec.Struct.Size && !w.python {
			w.rest(p[spec.Struct.Size:])
		}
		w.out.end()
	case spec.Sub.Size() > 0:
		size := spec.Sub.Size()
		if len(p)%size != 0 {
			w.out.raw(p)
			return
		}
		w.out.list()
		for ; len(p) > 0; p = p[size:] {
			w.out.item()
			w.integer(spec.Enum, spec.IsBits(), spec.Hint, size, spec.Sub.IsSigned(), readInt(p, size, spec.ByteOrder))
		}
		w.out.endList()
	default:
		w.blob(spec.Hint, p)
	}
}

// blob tells bytes by a hint, where they have the length for it.
func (w *walker) blob(hint ynl.Hint, p []byte) {
	switch hint {
	case ynl.HintMAC, ynl.HintFDDI:
		if len(p) > 0 {
			w.out.mac(p)
			return
		}
	case ynl.HintIPv4, ynl.HintIPv6, ynl.HintIP:
		if a, ok := netip.AddrFromSlice(p); ok && (hint != ynl.HintIPv4 || a.Is4()) && (hint != ynl.HintIPv6 || !a.Is4()) {
			w.out.addr(a)
			return
		}
	case ynl.HintUUID:
		if len(p) == 16 {
			w.out.uuid(p)
			return
		}
	case ynl.HintHex:
		w.out.bytes(p, hint)
		return
	}
	w.out.bytes(p, ynl.NoHint)
}
