package codec

import (
	"encoding/binary"
	"net/netip"

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
	unknown(typ uint16) // begins the field of an attribute without a name
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
}

func (w *walker) reset(out sink, o Options, exact bool) {
	w.out, w.o, w.exact = out, o, exact
	w.python = o.Dialect == Python
	w.scopes = w.scopes[:0]
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
	if at := wire.Align(h.Size); at < len(p) {
		w.attrs(set, p[at:], clash)
	}
}

// attrs tells the attributes in p. hidden are the members of a header in front
// of them that take the place of attributes of their names.
func (w *walker) attrs(set *ynl.AttrSet, p []byte, hidden *ynl.Struct) {
	w.scopes = append(w.scopes, scope{set, p})
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

// repeats are the numbers of the attributes that stand more than once.
type repeats struct {
	seen, again, done [8]uint64
	many              map[uint16]bool // those above: true when done
}

// note reads over attributes and returns how many bytes of p are some.
func (r *repeats) note(p []byte) int {
	at := 0
	for at < len(p) {
		a, ok := first(p[at:])
		if !ok {
			return at
		}
		if t := a.Type(); t < 512 {
			i, bit := t/64, uint64(1)<<(t%64)
			r.again[i] |= r.seen[i] & bit
			r.seen[i] |= bit
		} else {
			// No family has numbers this high: the map is for what is no family's.
			if r.many == nil {
				r.many = make(map[uint16]bool)
			}
			r.many[t] = false
		}
		at += wire.Align(len(a))
	}
	return min(at, len(p))
}

// state says whether attributes of a number stand more than once, and whether
// they have been told already; it takes them as told.
func (r *repeats) state(t uint16) (again, done bool) {
	if t >= 512 {
		done = r.many[t]
		r.many[t] = true
		return true, done
	}
	i, bit := t/64, uint64(1)<<(t%64)
	if r.again[i]&bit == 0 {
		return false, false
	}
	done = r.done[i]&bit != 0
	r.done[i] |= bit
	return true, done
}

// grouped tells attributes, those of one number together.
func (w *walker) grouped(set *ynl.AttrSet, p []byte, hidden *ynl.Struct) {
	var r repeats
	good := r.note(p)
	for at := 0; at < good; {
		a, _ := first(p[at:])
		here := at
		at += wire.Align(len(a))
		spec := set.ByID(a.Type())
		if spec != nil && (spec.Type == ynl.Pad || hidden != nil && hidden.Member(spec.Name) != nil) {
			continue
		}
		again, done := r.state(a.Type())
		switch {
		case done:
		case again:
			w.field(spec, a)
			w.repeated(spec, p[here:good], a)
		case spec != nil && spec.Multi:
			w.field(spec, a)
			w.out.list()
			w.out.item()
			w.value(spec, a)
			w.out.endList()
		default:
			w.field(spec, a)
			w.value(spec, a)
		}
	}
	if good < len(p) && !w.python {
		w.rest(p[good:])
	}
}

// repeated tells the values of all attributes of one number. p begins with the
// first one.
func (w *walker) repeated(spec *ynl.Attr, p []byte, a wire.Attr) {
	id := a.Type()
	lastOnly := w.python && spec != nil && !spec.Multi
	var values int
	last := a
	for at := 0; at < len(p); {
		b, _ := first(p[at:])
		at += wire.Align(len(b))
		if b.Type() != id {
			continue
		}
		values++
		last = b
	}
	if lastOnly || values == 1 && (spec == nil || !spec.Multi) {
		w.value(spec, last)
		return
	}
	w.out.list()
	for at := 0; at < len(p); {
		b, _ := first(p[at:])
		at += wire.Align(len(b))
		if b.Type() == id {
			w.out.item()
			w.value(spec, b)
		}
	}
	w.out.endList()
}

func (w *walker) rest(p []byte) {
	w.out.key(keyRest, nil, nil, 0, nil)
	w.out.bytes(p, ynl.NoHint)
}

// field begins the field of an attribute.
func (w *walker) field(spec *ynl.Attr, a wire.Attr) {
	if spec == nil {
		w.out.unknown(a.RawType())
		return
	}
	var odd []byte
	if w.exact && isOdd(spec, spec.Type, a.Data()) {
		odd = a.Data()
	}
	w.out.key(spec.Name, spec, nil, a.RawType(), odd)
}

// isOdd reports whether a payload is not what its value would be encoded to.
func isOdd(spec *ynl.Attr, t ynl.Type, p []byte) bool {
	switch t {
	case ynl.Flag:
		return len(p) > 0
	case ynl.String:
		for _, c := range p[:max(len(p)-1, 0)] {
			if c == 0 {
				return true
			}
		}
		return len(p) == 0 || p[len(p)-1] != 0
	case ynl.Uint:
		return len(p) == 8 && binary.NativeEndian.Uint64(p) < 1<<32 && spec.ByteOrder == ynl.Native
	case ynl.Sint:
		if len(p) != 8 {
			return false
		}
		v := int64(binary.NativeEndian.Uint64(p))
		return v == int64(int32(v))
	case ynl.Nested, ynl.SubMsg, ynl.IndexedArray:
		return len(p)%wire.Alignment != 0
	case ynl.NestTypeValue:
		return true
	}
	return t.Size() > 0 && len(p) > t.Size()
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
	at := 0
	for at < len(p) {
		a, ok := first(p[at:])
		if !ok {
			return false
		}
		at += wire.Align(len(a))
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

// readInt reads an integer of 1, 2, 4 or 8 bytes.
func readInt(p []byte, size int, order ynl.ByteOrder) uint64 {
	switch size {
	case 1:
		return uint64(p[0])
	case 2:
		switch order {
		case ynl.BigEndian:
			return uint64(binary.BigEndian.Uint16(p))
		case ynl.LittleEndian:
			return uint64(binary.LittleEndian.Uint16(p))
		}
		return uint64(binary.NativeEndian.Uint16(p))
	case 4:
		switch order {
		case ynl.BigEndian:
			return uint64(binary.BigEndian.Uint32(p))
		case ynl.LittleEndian:
			return uint64(binary.LittleEndian.Uint32(p))
		}
		return uint64(binary.NativeEndian.Uint32(p))
	}
	switch order {
	case ynl.BigEndian:
		return binary.BigEndian.Uint64(p)
	case ynl.LittleEndian:
		return binary.LittleEndian.Uint64(p)
	}
	return binary.NativeEndian.Uint64(p)
}

// extend makes an int64 of a signed integer of some bytes.
func extend(v uint64, size int) int64 {
	shift := 64 - 8*size
	return int64(v<<shift) >> shift
}

// integer tells an integer, as its enum or its hint has it.
func (w *walker) integer(e *ynl.Enum, bits bool, hint ynl.Hint, size int, signed bool, v uint64) {
	switch {
	case bits:
		w.out.bits(e, v)
	case e != nil:
		wide := v
		if signed {
			wide = uint64(extend(v, size))
		}
		entry := e.ByValue(wide)
		if entry == nil && signed {
			entry = e.ByValue(v)
		} else if entry == nil {
			entry = e.ByValue(uint64(extend(v, size)))
		}
		if entry != nil {
			w.out.word(entry.Name)
			return
		}
		w.out.nameless(wide, signed)
	case hint == ynl.HintHex && !signed:
		w.out.hex(v)
	case (hint == ynl.HintIPv4 || hint == ynl.HintIP) && size == 4:
		w.out.addr(netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)}))
	case signed:
		w.out.sint(extend(v, size))
	default:
		w.out.uint(v)
	}
}

func (w *walker) bitfield(spec *ynl.Attr, p []byte) {
	if len(p) != 8 {
		w.out.raw(p)
		return
	}
	w.out.begin()
	w.out.key("value", spec, nil, 0, nil)
	w.integer(spec.Enum, spec.Enum != nil, spec.Hint, 4, false, readInt(p, 4, ynl.Native))
	w.out.key("selector", spec, nil, 0, nil)
	w.integer(spec.Enum, spec.Enum != nil, spec.Hint, 4, false, readInt(p[4:], 4, ynl.Native))
	w.out.end()
}

// string tells text. The NUL behind it is no part of it; Python's client takes
// the last byte for that NUL, whatever else there is.
func (w *walker) string(p []byte) {
	if w.python {
		if n := len(p); n > 0 && p[n-1] == 0 {
			p = p[:n-1]
		}
		w.out.text(p)
		return
	}
	end := len(p)
	for end > 0 && p[end-1] == 0 {
		end--
	}
	w.out.text(p[:end])
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

// array tells the elements of an indexed array.
func (w *walker) array(spec *ynl.Attr, p []byte) {
	if !areAttrs(p) || len(w.scopes) >= maxDepth {
		w.out.raw(p)
		return
	}
	// The index is shown with nests, as they can be many; with plain values only
	// where it says more than their order.
	show := spec.Sub == ynl.Nested || w.exact
	if !show && !w.python {
		at, next := 0, uint16(1)
		for at < len(p) && !show {
			e, _ := first(p[at:])
			show = e.Type() != next
			next++
			at += wire.Align(len(e))
		}
	}
	w.out.list()
	for at := 0; at < len(p); {
		e, _ := first(p[at:])
		at += wire.Align(len(e))
		var odd []byte
		if w.exact && isOdd(spec, spec.Sub, e.Data()) {
			odd = e.Data()
		}
		w.out.elem(e.Type(), show, e.RawType(), odd)
		if spec.Sub == ynl.IndexedArray || spec.Sub == ynl.SubMsg || spec.Sub == ynl.NestTypeValue {
			w.nameless(e)
			continue
		}
		w.typed(spec, spec.Sub, e)
	}
	w.out.endList()
}

// nestTypeValue tells nests whose types are values: for each of the innermost
// ones the values on the way, and its attributes.
func (w *walker) nestTypeValue(spec *ynl.Attr, p []byte) {
	n, ok := leaves(p, len(spec.TypeValue))
	if !ok || len(spec.TypeValue) > maxDepth || len(w.scopes) >= maxDepth {
		w.out.raw(p)
		return
	}
	var types [maxDepth]uint16
	if n == 1 {
		w.leaves(spec, p, types[:0], 1)
		return
	}
	if w.python {
		w.leaves(spec, p, types[:0], 1)
		return
	}
	w.out.list()
	w.leaves(spec, p, types[:0], -1)
	w.out.endList()
}

// leaves counts nests that lie in depth others.
func leaves(p []byte, depth int) (n int, ok bool) {
	if !areAttrs(p) {
		return 0, false
	}
	if depth == 0 {
		return 1, true
	}
	for at := 0; at < len(p); {
		a, _ := first(p[at:])
		at += wire.Align(len(a))
		in, ok := leaves(a.Data(), depth-1)
		if !ok {
			return 0, false
		}
		n += in
	}
	return n, true
}

// leaves tells the innermost nests, at most some of them if most is not
// negative. types are those on the way so far.
func (w *walker) leaves(spec *ynl.Attr, p []byte, types []uint16, most int) int {
	if len(types) == len(spec.TypeValue) {
		if most < 0 {
			w.out.item()
		}
		w.out.begin()
		for i, t := range types {
			w.out.key(spec.TypeValue[i], nil, nil, 0, nil)
			w.out.uint(uint64(t))
		}
		w.attrs(spec.Nested, p, nil)
		w.out.end()
		return 1
	}
	n := 0
	for at := 0; at < len(p) && (most < 0 || n < most); {
		a, _ := first(p[at:])
		at += wire.Align(len(a))
		n += w.leaves(spec, a.Data(), append(types, a.Type()), most)
	}
	return n
}
