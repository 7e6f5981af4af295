package nl

import (
	"encoding"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/nlkit/nlkit/wire"
)

// What a struct of a generated package is on the wire is told by its type and the
// tags of its fields:
//
//	nl:"header"                the fixed header in front of the attributes
//	nl:"4,mtu,u32"             attribute 4; the types are those of specs, with be
//	                           or le behind integers of that byte order
//	nl:"4,mtu,u32,multi,hex"   options follow
//	nl:",ifi-index,s32"        a member of a C struct: no number
//	nl:"type-value,policy-id"  the type of a nest, of a nest-type-value
//	nl:"raw"                   the bytes of which nothing is known
//
// Options are multi; the hints hex, mac, fddi, ipv4, ipv6, ipv4-or-v6 and uuid,
// where the Go type does not tell; sub=u32, the type of an array's elements;
// selector=kind, the attribute that chooses a sub-message's format; len=16, the
// size in bytes of a member whose Go type does not tell; pad=3, the bytes of
// padding behind a member. Blank fields tell of
// what has no value: `_ struct{}` with a tag of an attribute (pad, unused), and
// `_ [3]byte` of the padding a C struct begins with, with or without a tag. An embedded
// struct without a tag has its fields in the one around it.

// kind is the type of an attribute or a member.
type kind uint8

const (
	kindNone   kind = iota // nothing is known of it: the type of pad and unused as well
	kindNumber             // of 1, 2, 4 or 8 bytes
	kindVaried             // uint and sint: of 4 or 8
	kindFlag
	kindString
	kindBinary
	kindBitfield
	kindNest
	kindSubMessage
	kindArray
	kindTypeValue
)

// hint says how people write a value.
type hint uint8

const (
	noHint hint = iota
	hintHex
	hintMAC
	hintIPv4
	hintIPv6
	hintIP
	hintUUID
)

var hints = map[string]hint{
	"hex": hintHex, "mac": hintMAC, "fddi": hintMAC, "uuid": hintUUID,
	"ipv4": hintIPv4, "ipv6": hintIPv6, "ipv4-or-v6": hintIP,
}

// form is how a value is written on the wire.
type form struct {
	kind   kind
	pad    bool // of padding
	size   int  // of a kindNumber, in bytes
	signed bool
	order  order
}

type order uint8

const (
	native order = iota
	big
	little
)

var forms = map[string]form{
	"flag": {kind: kindFlag}, "string": {kind: kindString}, "bitfield32": {kind: kindBitfield},
	"binary": {kind: kindBinary}, "struct": {kind: kindBinary},
	"nest": {kind: kindNest}, "sub-message": {kind: kindSubMessage},
	"indexed-array": {kind: kindArray}, "nest-type-value": {kind: kindTypeValue},
	"pad": {pad: true}, "unused": {}, "": {},
	"u8": {kind: kindNumber, size: 1}, "s8": {kind: kindNumber, size: 1, signed: true},
	"u16": {kind: kindNumber, size: 2}, "s16": {kind: kindNumber, size: 2, signed: true},
	"u32": {kind: kindNumber, size: 4}, "s32": {kind: kindNumber, size: 4, signed: true},
	"u64": {kind: kindNumber, size: 8}, "s64": {kind: kindNumber, size: 8, signed: true},
	"uint": {kind: kindVaried}, "sint": {kind: kindVaried, signed: true},
}

// parseForm reads the type in a tag.
func parseForm(s string) (form, bool) {
	if f, ok := forms[s]; ok {
		return f, true
	}
	by := native
	base, ok := strings.CutSuffix(s, "be")
	if by = big; !ok {
		base, ok = strings.CutSuffix(s, "le")
		by = little
	}
	f, known := forms[base]
	f.order = by
	return f, ok && known && (f.kind == kindNumber || f.kind == kindVaried)
}

// field describes an attribute, or a member of a C struct.
type field struct {
	form
	name     string
	number   uint16
	index    []int // of the Go field
	blank    bool  // there is none
	multi    bool
	hint     hint
	sub      form // of an array's elements
	isList   bool // sub is given
	selector string
	offset   int // of a member; its length is size
	behind   int // bytes of padding behind a member
	// typ is the Go type of one value: of one element, without Opt and pointer.
	typ    reflect.Type
	isEnum bool // its values have names
	isBits bool // its bits have names
}

// structType describes a struct of a generated package.
type structType struct {
	typ    reflect.Type
	header *field
	attrs  map[uint16]*field
	names  map[string]*field
	values []*field // the types of a nest-type-value's nests
	// members make it a C struct, of size bytes.
	members []*field
	size    int
	kinds   SubMessages // of the type's own; nil where it has none
	err     error       // its tags are wrong
}

// SubMessages is what structs that have sub-messages implement. It is called on
// nil pointers.
type SubMessages interface {
	// SubMessage returns a nil pointer of the type that an attribute has where its
	// selector has a value; nil, without a type, where no format is known for it.
	SubMessage(number uint16, selector string) any
}

// structTypes are the descriptions that were made, by type.
var structTypes sync.Map

// typeOf describes a struct's type.
func typeOf(t reflect.Type) *structType {
	if s, ok := structTypes.Load(t); ok {
		return s.(*structType)
	}
	s, _ := structTypes.LoadOrStore(t, newStructType(t))
	return s.(*structType)
}

func newStructType(t reflect.Type) *structType {
	s := &structType{typ: t, attrs: map[uint16]*field{}, names: map[string]*field{}}
	s.kinds, _ = reflect.Zero(reflect.PointerTo(t)).Interface().(SubMessages)
	s.add(t, nil)
	return s
}

var extraType = reflect.TypeFor[Extra]()

// add adds the fields of a struct type, which at is the way to.
func (s *structType) add(t reflect.Type, at []int) {
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(at[:len(at):len(at)], i)
		tag, tagged := f.Tag.Lookup("nl")
		switch {
		case f.Type == extraType || tag == "raw":
		case !tagged && f.Anonymous && f.Type.Kind() == reflect.Struct:
			s.add(f.Type, index)
		case !tagged && f.Name == "_" && f.Type.Kind() == reflect.Array:
			s.addMember(&field{form: form{pad: true, size: int(f.Type.Size())}, blank: true, index: index})
		case tagged:
			d, err := parseField(f, tag)
			if err != nil {
				s.err = errors.Join(s.err, fmt.Errorf("%s.%s: tag %q: %w", t, f.Name, tag, err))
				continue
			}
			d.index = index
			s.addField(d, tag)
		}
	}
}

func (s *structType) addField(f *field, tag string) {
	switch {
	case tag == "header":
		s.header = f
	case strings.HasPrefix(tag, ","):
		s.addMember(f)
	case strings.HasPrefix(tag, "type-value,"):
		s.values = append(s.values, f)
	default:
		s.attrs[f.number] = f
		s.names[f.name] = f
	}
}

func (s *structType) addMember(f *field) {
	f.offset = s.size
	s.size += f.size
	s.members = append(s.members, f)
	if f.behind > 0 {
		s.addMember(&field{form: form{pad: true, size: f.behind}, blank: true})
	}
}

// isMessage reports whether it holds attributes, or may hold unknown ones.
func (s *structType) isMessage() bool { return len(s.members) == 0 }

// isEmpty reports whether nothing is known of what is in it.
func (s *structType) isEmpty() bool {
	return s.header == nil && len(s.attrs) == 0 && len(s.members) == 0
}

// parseField reads the tag of a field.
func parseField(f reflect.StructField, tag string) (*field, error) {
	d := &field{blank: f.Name == "_"}
	d.typ = elemOf(f.Type)
	if tag == "header" {
		if d.child() == nil {
			return nil, errors.New("a fixed header is a struct")
		}
		return d, nil
	}
	words := strings.Split(tag, ",")
	if len(words) < 2 || words[0] == "type-value" && len(words) != 2 {
		return nil, errors.New("want NUMBER,NAME,TYPE and options")
	}
	d.name = words[1]
	if words[0] == "type-value" {
		return d, nil
	}
	if words[0] != "" {
		n, err := strconv.ParseUint(words[0], 10, 14)
		if err != nil {
			return nil, err
		}
		d.number = uint16(n)
	}
	if len(words) > 2 {
		var ok bool
		if d.form, ok = parseForm(words[2]); !ok {
			return nil, fmt.Errorf("there is no type %q", words[2])
		}
		for _, o := range words[3:] {
			if err := d.option(o); err != nil {
				return nil, err
			}
		}
	}
	d.guess()
	if words[0] == "" && d.size == 0 {
		if d.size = sizeOf(d, f.Type); d.size == 0 {
			return nil, errors.New("nothing tells how long it is: want the option len=")
		}
	}
	return d, nil
}

// option reads an option of a tag.
func (f *field) option(o string) error {
	name, value, _ := strings.Cut(o, "=")
	ok := true
	switch name {
	case "multi":
		f.multi = true
	case "sub":
		f.sub, ok = parseForm(value)
		f.isList = true
	case "selector":
		f.selector = value
	case "len":
		n, err := strconv.ParseUint(value, 10, 16)
		if err != nil {
			return err
		}
		f.size = int(n)
	case "pad":
		n, err := strconv.ParseUint(value, 10, 16)
		if err != nil {
			return err
		}
		f.behind = int(n)
	default:
		f.hint, ok = hints[name]
	}
	if !ok {
		return fmt.Errorf("there is no option %q", o)
	}
	return nil
}

// guess fills in what the Go type tells.
func (f *field) guess() {
	if f.hint == noHint {
		switch f.typ {
		case reflect.TypeFor[netip.Addr]():
			f.hint = hintIP
		case reflect.TypeFor[HardwareAddr]():
			f.hint = hintMAC
		case reflect.TypeFor[UUID]():
			f.hint = hintUUID
		}
	}
	if f.kind == kindArray && !f.isList {
		f.isList = true
		switch k := f.typ.Kind(); {
		case k == reflect.Struct && f.hint == noHint:
			f.sub = form{kind: kindNest}
		case k == reflect.String:
			f.sub = form{kind: kindString}
		case f.typ.Size() <= 8 && f.typ.ConvertibleTo(reflect.TypeFor[uint64]()):
			f.sub = form{kind: kindNumber, size: int(f.typ.Size()), signed: f.typ.ConvertibleTo(reflect.TypeFor[int64]()) && reflect.Zero(f.typ).CanInt()}
		default:
			f.sub = form{kind: kindBinary}
		}
	}
	t := f.typ
	if f.kind == kindBitfield && t.Kind() == reflect.Struct && t.NumField() > 0 {
		t = t.Field(0).Type
	}
	if z := reflect.Zero(t); z.CanUint() || z.CanInt() {
		_, f.isBits = z.Interface().(Flags)
		_, f.isEnum = z.Interface().(encoding.TextMarshaler)
		f.typ = t
	}
}

// sizeOf is the size of a member, in bytes, by its type; 0 where that is not
// told.
func sizeOf(f *field, t reflect.Type) int {
	switch {
	case t.Kind() == reflect.Array:
		return int(t.Size())
	case t.Kind() == reflect.Struct && typeOf(t).size > 0:
		return typeOf(t).size
	case f.hint == hintIPv4:
		return 4
	case f.hint == hintIPv6:
		return 16
	case f.hint == hintMAC:
		return 6
	}
	return 0
}

// unwrapper is what holds values of another type.
type unwrapper interface{ unwrap() reflect.Type }

func (Opt[T]) unwrap() reflect.Type     { return reflect.TypeFor[T]() }
func (Indexed[T]) unwrap() reflect.Type { return reflect.TypeFor[T]() }

// elemOf is the type of one value of a field's type.
func elemOf(t reflect.Type) reflect.Type {
	for {
		if u, ok := reflect.Zero(t).Interface().(unwrapper); ok && t.Kind() == reflect.Struct {
			t = u.unwrap()
			continue
		}
		k := t.Kind()
		if k != reflect.Pointer && (k != reflect.Slice || t.Elem() == reflect.TypeFor[byte]()) {
			return t
		}
		t = t.Elem()
	}
}

// child is the struct that a field's values are; nil where they are none.
func (f *field) child() *structType {
	if f.typ == nil || f.typ.Kind() != reflect.Struct || f.hint != noHint || f.typ == reflect.TypeFor[wire.Bitfield32]() {
		return nil
	}
	return typeOf(f.typ)
}

// attr finds an attribute by its number; nil where it is unknown.
func (s *structType) attr(number uint16) *field {
	if s == nil {
		return nil
	}
	return s.attrs[number]
}

// named finds an attribute by its name; nil where it is unknown.
func (s *structType) named(name string) *field {
	if s == nil {
		return nil
	}
	return s.names[name]
}
