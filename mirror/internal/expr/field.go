package expr

import (
	"encoding/binary"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

// kind is how values are compared.
type kind uint8

const (
	kindNumber kind = iota + 1
	kindText
	kindAddr   // an address, as long as it is
	kindPrefix // the same, with the length of a prefix elsewhere
	kindBytes
	kindFlag // there or not
	kindNest // what holds other things: attributes, a struct
)

// maxSteps is how many attributes lie in each other on the way to a value.
const maxSteps = 16

// field is where a value is found, and what it is.
type field struct {
	name  string
	kind  kind
	steps []step // through attributes; none to a member of the header
	head  int    // bytes of the header in front of the attributes

	// Of the last attribute's payload, or of the header, the value may be a part.
	part      bool
	off, size int
	elem      int // the size of the elements where it is an array

	number          // of kindNumber
	words  meaning  // what literals there are
	hint   ynl.Hint // of kindAddr and kindBytes
	typ    ynl.Type // for people
	parts  []string // of kindNest, for people
	other  *field   // where the value stands if the attribute is not there
	// Of kindPrefix: where in the header its length and the address family are.
	length, family int
}

// number is how an integer is laid down.
type number struct {
	bytes  int // 0: 4 or 8 of them, as there are
	signed bool
	order  ynl.ByteOrder
}

// step is an attribute on the way to a value.
type step struct {
	id   uint16
	each bool // all of this type
	any  bool // all, whatever their type: the elements of an array
	skip int  // bytes of its payload in front of what is next
	// sel has to hold, for a sub-message to be of the kind it is taken for.
	sel *selector
}

// selector is the attribute that tells the kind of a sub-message.
type selector struct {
	level int // the step at which it stands beside others
	id    uint16
	number
	isText bool
	text   string
	value  uint64
}

// what is the type of a field's values for a person.
func (f *field) what() string {
	switch f.kind {
	case kindText:
		return "a text"
	case kindAddr:
		return "an address"
	case kindPrefix:
		return "a prefix"
	case kindBytes:
		if f.hint == ynl.HintMAC {
			return "a link-layer address"
		}
		return "bytes"
	case kindFlag:
		return "a flag"
	case kindNest:
		return "a nest"
	}
	return "a " + f.typ.String()
}

// bare is the attribute as such: there or not.
func (f *field) bare() *field {
	b := *f
	b.elem, b.other, b.kind = 0, nil, kindBytes
	return &b
}

// any reports whether a test holds for one of the values that a record has.
func (f *field) any(record []byte, t test) bool {
	if len(f.steps) == 0 {
		return f.value(record, record, t)
	}
	var holds, found bool
	switch {
	case f.head > len(record):
	case f.flat():
		var a wire.Attr
		if a, found = wire.FindAttr(record[f.head:], f.steps[0].id); found {
			holds = f.value(a.Data(), record, t)
		}
	default:
		w := walk{field: f, test: t, record: record}
		holds = w.from(0, record[f.head:])
		found = w.found
	}
	switch {
	case holds:
		return true
	case found:
	case f.other != nil:
		return f.other.compare(record, t)
	case f.kind == kindPrefix:
		return t.holds(nil, record)
	}
	return false
}

// flat reports whether the value is that of one attribute beside the header.
func (f *field) flat() bool {
	return len(f.steps) == 1 && !f.steps[0].each && f.steps[0].sel == nil
}

// compare tests the number that stands in the header in place of one of another size.
func (f *field) compare(record []byte, t test) bool {
	n, ok := t.(*numberTest)
	if !ok || f.off+f.size > len(record) {
		return false
	}
	v, ok := f.number.of(record[f.off : f.off+f.size])
	return ok && n.compare(v)
}

// value tests a payload.
func (f *field) value(p, record []byte, t test) bool {
	if f.part {
		if f.off+f.size > len(p) {
			return false
		}
		p = p[f.off : f.off+f.size]
	}
	if f.elem == 0 {
		return t.holds(p, record)
	}
	for ; len(p) >= f.elem; p = p[f.elem:] {
		if t.holds(p[:f.elem], record) {
			return true
		}
	}
	return false
}

// walk is one way through a record.
type walk struct {
	field  *field
	test   test
	record []byte
	levels [maxSteps][]byte // the attributes among which each step looks
	found  bool             // the attribute is there
}

// from goes on from a step, among attributes.
func (w *walk) from(i int, attrs []byte) bool {
	w.levels[i] = attrs
	s := &w.field.steps[i]
	if !s.each && !s.any {
		a, ok := wire.FindAttr(attrs, s.id)
		return ok && w.into(i, a.Data())
	}
	for a, err := range wire.Attrs(attrs) {
		if err != nil {
			break
		}
		if (s.any || a.Type() == s.id) && w.into(i, a.Data()) {
			return true
		}
	}
	return false
}

// into goes into an attribute.
func (w *walk) into(i int, p []byte) bool {
	s := &w.field.steps[i]
	if s.sel != nil && !s.sel.chosen(w.levels[s.sel.level]) {
		return false
	}
	if i+1 == len(w.field.steps) {
		w.found = true
		return w.field.value(p, w.record, w.test)
	}
	return s.skip <= len(p) && w.from(i+1, p[s.skip:])
}

// chosen reports whether the attributes beside it say that a sub-message is of the
// kind.
func (s *selector) chosen(attrs []byte) bool {
	a, ok := wire.FindAttr(attrs, s.id)
	if !ok {
		return false
	}
	if s.isText {
		return string(trimNUL(a.Data())) == s.text
	}
	v, ok := s.number.of(a.Data())
	return ok && v == s.value
}

// trimNUL takes the NULs off that stand behind a text.
func trimNUL(p []byte) []byte {
	for len(p) > 0 && p[len(p)-1] == 0 {
		p = p[:len(p)-1]
	}
	return p
}

// of reads the number of a payload; one that is negative in two's complement of 64
// bits.
func (n number) of(p []byte) (v uint64, ok bool) {
	size := n.bytes
	if size == 0 {
		if size = len(p); size != 4 && size != 8 {
			return 0, false
		}
	}
	if len(p) < size {
		return 0, false
	}
	v = readNumber(p[:size], n.order)
	if n.signed {
		shift := 64 - 8*size
		v = uint64(int64(v<<shift) >> shift)
	}
	return v, true
}

// put writes a number into as many bytes as it has.
func (n number) put(p []byte, v uint64) {
	for i := range p {
		at := i
		if n.order == ynl.BigEndian || n.order != ynl.LittleEndian && hostIsBig {
			at = len(p) - 1 - i
		}
		p[at] = byte(v >> (8 * i))
	}
}

// hostIsBig tells the byte order of the machine.
var hostIsBig = binary.NativeEndian.Uint16([]byte{0, 1}) == 1

// readNumber reads all bytes of a number.
func readNumber(p []byte, order ynl.ByteOrder) uint64 {
	big := order == ynl.BigEndian
	switch len(p) {
	case 1:
		return uint64(p[0])
	case 2:
		switch {
		case big:
			return uint64(binary.BigEndian.Uint16(p))
		case order == ynl.LittleEndian:
			return uint64(binary.LittleEndian.Uint16(p))
		}
		return uint64(binary.NativeEndian.Uint16(p))
	case 4:
		switch {
		case big:
			return uint64(binary.BigEndian.Uint32(p))
		case order == ynl.LittleEndian:
			return uint64(binary.LittleEndian.Uint32(p))
		}
		return uint64(binary.NativeEndian.Uint32(p))
	}
	switch {
	case big:
		return binary.BigEndian.Uint64(p)
	case order == ynl.LittleEndian:
		return binary.LittleEndian.Uint64(p)
	}
	return binary.NativeEndian.Uint64(p)
}
