package nl

import (
	"bytes"
	"encoding"
	"encoding/binary"
	"net/netip"
	"reflect"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/nlkit/nlkit/wire"
)

// Names that are none of a spec, which have no colon.
const (
	nameRest   = ":rest"   // bytes behind what is known
	nameLen    = ":len"    // of a struct that is cut short
	nameHex    = ":hex"    // in place of a value: the payload
	namePad    = ":pad-"   // padding that is not zero, by its offset
	nameHeader = "header:" // a header's member whose name an attribute has too
	nameAttr   = "attr-"   // an attribute without a name, by its number
)

// A sink is told what a walker finds in a payload. Slices it is given are
// borrowed.
type sink interface {
	begin() // of an object
	end()
	list()
	endList()
	key(name string)              // begins a field
	elem(index uint16, show bool) // begins an element of an array
	item()                        // begins an element of a list

	uint(v uint64)
	sint(v int64)
	hex(v uint64)
	word(s string) // the name of a value
	bits(names []string)
	yes()                   // a flag that is there
	text(p []byte)          // UTF-8
	bytes(p []byte, h hint) // with hintHex, or without a hint
	addr(a netip.Addr)
	mac(p []byte)
	uuid(p []byte)
	raw(p []byte) // a payload that is not what its type says
}

// scope is one level of attributes: where selectors are looked up.
type scope struct {
	typ      *structType
	data     []byte
	found    *field // the selector that was looked for last
	selector wire.Attr
}

// walker tells a sink what a payload holds. The types of Go tell how to read it;
// the value it was made of tells the types of sub-messages where they do not.
type walker struct {
	out    sink
	brief  bool // members of value zero are left out
	scopes []scope
	places []spot
	err    error
}

// spot is where an attribute stands: its number, and below that its offset.
type spot uint64

// message tells a whole payload, of a struct that v is a value of.
func (w *walker) message(t *structType, v reflect.Value, p []byte) {
	w.out.begin()
	if t.isMessage() {
		w.both(t, v, p)
	} else {
		w.members(t, nil, p)
	}
	w.out.end()
}

// both tells a fixed header, if there is one, and the attributes behind it.
func (w *walker) both(t *structType, v reflect.Value, p []byte) {
	if t.header == nil {
		w.attrs(t, v, p)
		return
	}
	h := t.header.child()
	w.members(h, t, p)
	at := wire.Align(h.size)
	if gap := p[min(h.size, len(p)):min(at, len(p))]; !isZero(gap) {
		w.out.key(namePad + strconv.Itoa(h.size))
		w.out.bytes(gap, noHint)
	}
	if at < len(p) {
		w.attrs(t, v, p[at:])
	}
}

// attrs tells attributes, those of one number together, the lowest first.
func (w *walker) attrs(t *structType, v reflect.Value, p []byte) {
	if t != nil && t.err != nil && w.err == nil {
		w.err = t.err
	}
	w.scopes = append(w.scopes, scope{typ: t, data: p})
	base := len(w.places)
	good := 0
	for rest := p; len(rest) > 0; {
		a, behind, ok := Cut(rest)
		if !ok {
			break
		}
		w.places = append(w.places, spot(a.Type())<<32|spot(good))
		good = len(p) - len(behind)
		rest = behind
	}
	slices.Sort(w.places[base:])
	for i, end := base, len(w.places); i < end; {
		number := uint16(w.places[i] >> 32)
		n := 1
		for i+n < end && uint16(w.places[i+n]>>32) == number {
			n++
		}
		f := t.attr(number)
		w.group(f, v, p, i, n)
		i += n
	}
	w.places = w.places[:base]
	if good < len(p) {
		w.out.key(nameRest)
		w.out.bytes(p[good:], noHint)
	}
	w.scopes = w.scopes[:len(w.scopes)-1]
}

// group tells the n attributes of one number whose places begin at i.
func (w *walker) group(f *field, v reflect.Value, p []byte, i, n int) {
	if f != nil && f.pad {
		return
	}
	if f != nil {
		w.out.key(f.name)
	} else {
		w.out.key(nameAttr + strconv.Itoa(int(w.places[i]>>32)))
	}
	isList := n > 1 || f != nil && f.multi
	if isList {
		w.out.list()
	}
	for k := range n {
		a, _, _ := Cut(p[uint32(w.places[i+k]):])
		if isList {
			w.out.item()
		}
		if f == nil {
			w.nameless(a)
		} else {
			w.value(f, f.form, valueOf(v, f, k), a)
		}
	}
	if isList {
		w.out.endList()
	}
}

// valueOf is the struct that a field's value is, the one of a number if they are
// several, or the list of them that the field holds; invalid where there is none.
func valueOf(v reflect.Value, f *field, i int) reflect.Value {
	if !v.IsValid() || f.blank {
		return reflect.Value{}
	}
	v = v.FieldByIndex(f.index)
	if f.kind == kindArray || f.kind == kindTypeValue {
		return v
	}
	if f.multi {
		return elemAt(v, i)
	}
	return structOf(v)
}

// elemAt is the struct that an element of a list is.
func elemAt(v reflect.Value, i int) reflect.Value {
	if !v.IsValid() || v.Kind() != reflect.Slice || i >= v.Len() {
		return reflect.Value{}
	}
	v = v.Index(i)
	if _, ok := reflect.Zero(v.Type()).Interface().(unwrapper); ok && v.Kind() == reflect.Struct {
		v = v.FieldByName("Value")
	}
	return structOf(v)
}

// structOf follows pointers and interfaces to a struct.
func structOf(v reflect.Value) reflect.Value {
	for v.IsValid() && (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) {
		v = v.Elem()
	}
	if v.IsValid() && v.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	return v
}

// nameless tells the payload of an attribute of which nothing is known.
func (w *walker) nameless(a wire.Attr) {
	if a.IsNested() && areAttrs(a.Data()) && len(w.scopes) < maxDepth {
		w.nest(nil, reflect.Value{}, a.Data())
		return
	}
	w.out.bytes(a.Data(), noHint)
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

func (w *walker) nest(t *structType, v reflect.Value, p []byte) {
	w.out.begin()
	w.attrs(t, v, p)
	w.out.end()
}

// value tells a value of a form, which for an array's element is not that of its
// field.
func (w *walker) value(f *field, as form, v reflect.Value, a wire.Attr) {
	p := a.Data()
	switch as.kind {
	case kindFlag:
		w.out.yes()
	case kindNumber:
		if len(p) < as.size {
			w.out.raw(p)
			return
		}
		w.number(f, as, p[:as.size])
	case kindVaried:
		if len(p) != 4 && len(p) != 8 {
			w.out.raw(p)
			return
		}
		w.number(f, as, p)
	case kindBitfield:
		w.bitfield(f, p)
	case kindString:
		if isSpoiled(as, p) {
			w.out.raw(p)
			return
		}
		w.out.text(bytes.TrimRight(p, "\x00"))
	case kindBinary:
		w.binary(f, p)
	case kindNest:
		if len(w.scopes) >= maxDepth {
			w.out.raw(p)
			return
		}
		w.nest(f.child(), v, p)
	case kindSubMessage:
		w.subMessage(f, v, p)
	case kindArray:
		w.array(f, v, p)
	case kindTypeValue:
		w.typeValue(f, v, p)
	default:
		w.nameless(a)
	}
}

// readNumber reads an integer of 1, 2, 4 or 8 bytes.
func readNumber(p []byte, by order) uint64 {
	var from binary.ByteOrder = binary.NativeEndian
	switch by {
	case big:
		from = binary.BigEndian
	case little:
		from = binary.LittleEndian
	}
	switch len(p) {
	case 1:
		return uint64(p[0])
	case 2:
		return uint64(from.Uint16(p))
	case 4:
		return uint64(from.Uint32(p))
	}
	return from.Uint64(p)
}

// extend makes an int64 of a signed integer of some bytes.
func extend(v uint64, size int) int64 {
	shift := 64 - 8*size
	return int64(v<<shift) >> shift
}

// number tells an integer, as its names or its hint have it.
func (w *walker) number(f *field, as form, p []byte) {
	v := readNumber(p, as.order)
	wide := v
	if as.signed {
		wide = uint64(extend(v, len(p)))
	}
	switch {
	case f.isBits:
		if c, ok := convert(f.typ, v); ok {
			w.out.bits(c.Interface().(Flags).FlagNames())
			return
		}
	case f.isEnum:
		other := v
		if !as.signed {
			other = uint64(extend(v, len(p)))
		}
		for _, code := range [2]uint64{wide, other} {
			if name, ok := nameOf(f.typ, code); ok {
				w.out.word(name)
				return
			}
		}
	case f.hint == hintHex && !as.signed:
		w.out.hex(v)
		return
	case (f.hint == hintIPv4 || f.hint == hintIP) && len(p) == 4 && !as.signed:
		w.out.addr(netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)}))
		return
	}
	if as.signed {
		w.out.sint(int64(wide))
		return
	}
	w.out.uint(v)
}

// convert makes a number one of a type, and reports whether it fits. Those below
// zero fit an unsigned type in its own two's complement.
func convert(t reflect.Type, v uint64) (reflect.Value, bool) {
	c := reflect.New(t).Elem()
	if c.CanInt() {
		c.SetInt(int64(v))
		return c, c.Int() == int64(v)
	}
	c.SetUint(v)
	return c, c.Uint() == v || int64(v) < 0 && extend(c.Uint(), t.Bits()/8) == int64(v)
}

// nameOf is the name that a number has in an enum's type.
func nameOf(t reflect.Type, v uint64) (string, bool) {
	c, ok := convert(t, v)
	if !ok {
		return "", false
	}
	text, err := c.Interface().(encoding.TextMarshaler).MarshalText()
	if err != nil {
		return "", false
	}
	n := v
	if c.CanInt() {
		n = uint64(c.Int())
	} else {
		n = c.Uint()
	}
	// What has no name is written as the number.
	return string(text), string(text) != strconv.FormatUint(n, 10) && string(text) != strconv.FormatInt(int64(n), 10)
}

func (w *walker) bitfield(f *field, p []byte) {
	if len(p) != 8 {
		w.out.raw(p)
		return
	}
	as := form{size: 4}
	w.out.begin()
	w.out.key("value")
	w.number(f, as, p[:4])
	w.out.key("selector")
	w.number(f, as, p[4:])
	w.out.end()
}

// binary tells bytes, or the C struct, list or address they are.
func (w *walker) binary(f *field, p []byte) {
	switch t := f.child(); {
	case t != nil && len(t.members) > 0:
		w.out.begin()
		w.members(t, nil, p)
		w.out.end()
	case f.isList && f.sub.size > 0:
		size := f.sub.size
		if len(p)%size != 0 {
			w.out.raw(p)
			return
		}
		w.out.list()
		for ; len(p) > 0; p = p[size:] {
			w.out.item()
			w.number(f, f.sub, p[:size])
		}
		w.out.endList()
	default:
		w.blob(f.hint, p)
	}
}

// blob tells bytes by a hint, where they have the length for it.
func (w *walker) blob(h hint, p []byte) {
	switch h {
	case hintMAC:
		if len(p) > 0 {
			w.out.mac(p)
			return
		}
	case hintIPv4, hintIPv6, hintIP:
		if a, ok := netip.AddrFromSlice(p); ok && (h != hintIPv4 || a.Is4()) && (h != hintIPv6 || !a.Is4()) {
			w.out.addr(a)
			return
		}
	case hintUUID:
		if len(p) == len(UUID{}) {
			w.out.uuid(p)
			return
		}
	case hintHex:
		w.out.bytes(p, h)
		return
	}
	w.out.bytes(p, noHint)
}

// isSpoiled reports whether a plain value is not what its form says.
func isSpoiled(as form, p []byte) bool {
	switch as.kind {
	case kindVaried:
		return len(p) != 4 && len(p) != 8
	case kindBitfield:
		return len(p) != 8
	case kindString:
		text := bytes.TrimRight(p, "\x00")
		return !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0
	}
	return len(p) < as.size
}

func isZero(p []byte) bool {
	for _, c := range p {
		if c != 0 {
			return false
		}
	}
	return true
}
