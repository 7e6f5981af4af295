package ynl

import "strconv"

// Type is the type of an attribute or of a struct's member.
type Type uint8

// The types.
const (
	Unset  Type = iota // none; no attribute has it
	Unused             // a number that must not be used
	Pad                // alignment, without meaning
	Flag               // present or absent, without payload
	U8                 // integers of a fixed size
	U16
	U32
	U64
	S8
	S16
	S32
	S64
	Uint          // 4 or 8 bytes, as the value needs
	Sint          // 4 or 8 bytes, as the value needs, signed
	Bitfield32    // value and selector
	String        // text, as a rule with a NUL behind it
	Binary        // bytes, a struct, or an array of integers (Attr.Sub)
	Nested        // attributes of another set
	IndexedArray  // attributes whose type is an index, each of Attr.Sub
	NestTypeValue // nests whose types are values, one in another
	SubMsg        // its format depends on a selector
)

var typeNames = [...]string{
	Unset: "", Unused: "unused", Pad: "pad", Flag: "flag",
	U8: "u8", U16: "u16", U32: "u32", U64: "u64", S8: "s8", S16: "s16", S32: "s32", S64: "s64",
	Uint: "uint", Sint: "sint", Bitfield32: "bitfield32", String: "string", Binary: "binary",
	Nested: "nest", IndexedArray: "indexed-array", NestTypeValue: "nest-type-value", SubMsg: "sub-message",
}

// String returns the type as a spec names it; "" for Unset.
func (t Type) String() string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return "type " + strconv.Itoa(int(t))
}

// Size is the size in bytes of an integer of fixed size, and 0 for all else.
func (t Type) Size() int {
	switch t {
	case U8, S8:
		return 1
	case U16, S16:
		return 2
	case U32, S32:
		return 4
	case U64, S64:
		return 8
	}
	return 0
}

// IsSigned reports whether t is a signed integer.
func (t Type) IsSigned() bool {
	switch t {
	case S8, S16, S32, S64, Sint:
		return true
	}
	return false
}

// IsInt reports whether t is an integer, of fixed size or not.
func (t Type) IsInt() bool { return t.Size() > 0 || t == Uint || t == Sint }

// ByteOrder is the order of an integer's bytes.
type ByteOrder uint8

// The byte orders.
const (
	Native ByteOrder = iota
	BigEndian
	LittleEndian
)

var byteOrderNames = [...]string{"", "big-endian", "little-endian"}

// String returns the order as a spec names it; "" for Native.
func (o ByteOrder) String() string { return byteOrderNames[min(int(o), len(byteOrderNames)-1)] }

// Hint says how people write a value.
type Hint uint8

// The hints.
const (
	NoHint Hint = iota
	HintHex
	HintMAC
	HintFDDI
	HintIPv4
	HintIPv6
	HintIP // IPv4 or IPv6, as long as it is
	HintUUID
)

var hintNames = [...]string{"", "hex", "mac", "fddi", "ipv4", "ipv6", "ipv4-or-v6", "uuid"}

// String returns the hint as a spec names it; "" for NoHint.
func (h Hint) String() string { return hintNames[min(int(h), len(hintNames)-1)] }

// AttrSet is a set of attributes: what their numbers mean in one place.
type AttrSet struct {
	Name   string
	Pos    Pos
	Doc    string
	Attrs  []*Attr  // in the order of the text; in a subset not that of the numbers
	Parent *AttrSet // of a subset: where its attributes come from
	Header string   // where C finds it, if not in the family's header

	CPrefix    string
	HasCPrefix bool // CPrefix was given, even if empty
	CName      string
	CNameNone  bool
	CMaxName   string
	CCntName   string

	byName map[string]*Attr
	byID   []*Attr          // by number, as far as that is dense
	sparse map[uint16]*Attr // the others
}

// Attr finds an attribute by name; nil where there is none. Of several in a
// subset the last one is found.
func (s *AttrSet) Attr(name string) *Attr {
	if s == nil {
		return nil
	}
	return s.byName[name]
}

// ByID finds an attribute by number; nil where there is none. Of several the last
// one is found, as the kernel's own client does.
func (s *AttrSet) ByID(id uint16) *Attr {
	switch {
	case s == nil:
		return nil
	case int(id) < len(s.byID):
		return s.byID[id]
	}
	return s.sparse[id]
}

// index makes attributes known by number. A number that is far from the others
// gets no place in the slice, so that memory follows the text.
func (s *AttrSet) index() {
	dense := 0
	most := 4*len(s.Attrs) + 64
	for _, a := range s.Attrs {
		if int(a.ID) < most {
			dense = max(dense, int(a.ID)+1)
		}
	}
	s.byID = make([]*Attr, dense)
	for _, a := range s.Attrs {
		if int(a.ID) < dense {
			s.byID[a.ID] = a
			continue
		}
		if s.sparse == nil {
			s.sparse = map[uint16]*Attr{}
		}
		s.sparse[a.ID] = a
	}
}

// Attr is one attribute of a set.
type Attr struct {
	Name string
	Pos  Pos
	Doc  string
	Set  *AttrSet // it is listed in; of a subset's attribute, the subset
	ID   uint16   // its number, the type on the wire
	Type Type

	Multi     bool      // may stand several times: a list
	ByteOrder ByteOrder // of integers
	Hint      Hint
	Enum      *Enum    // names of its values; may be nil
	AsFlags   bool     // Enum's numbers are those of bits
	Sub       Type     // of the elements of an array; Unset where it is none
	Nested    *AttrSet // of what is in it; nil where the spec does not tell
	Struct    *Struct  // the payload is one; may be nil
	SubMsg    *SubMessage
	Selector  string // the attribute whose value chooses SubMsg's format, of this set or one around it
	// TypeValue names the values that are the types of nests in each other, from
	// outside in, of a nest-type-value.
	TypeValue []string
	Checks    Checks

	CPrefix    string
	HasCPrefix bool

	inherited bool // in a subset: it is in all the parent's
}

// IsBits reports whether the attribute's value is a set of named bits.
func (a *Attr) IsBits() bool { return a.Enum != nil && (a.Enum.IsFlags || a.AsFlags) }

// Checks are what the kernel demands of an attribute in a request, as far as the
// spec tells.
type Checks struct {
	Min, Max       Limit // of integers
	FlagsMask      *Enum // the only bits allowed
	MinLen         Limit // in bytes, as is all that follows
	MaxLen         Limit
	ExactLen       Limit
	UnterminatedOK bool // a string need not end in NUL
}

// Limit is a bound: of a value or of a length.
type Limit struct {
	Set    bool   // there is such a bound
	Known  bool   // its value is known, and not just a name from a C header
	Symbol string // as written, where that is no number: "u16-max", "wg-key-len"
	Neg    bool   // the value is below zero
	Abs    uint64 // its distance from zero
}

// String returns the limit in decimal, or its name where the value is not known;
// "" where there is none.
func (l Limit) String() string {
	switch {
	case !l.Set:
		return ""
	case !l.Known:
		return l.Symbol
	case l.Neg:
		return "-" + strconv.FormatUint(l.Abs, 10)
	}
	return strconv.FormatUint(l.Abs, 10)
}

// Cmp compares a number, given as its sign and its distance from zero, with the
// limit: -1 if the number is smaller, 0 if it equals it, +1 if it is larger. It
// is 0 where the limit is not known.
func (l Limit) Cmp(neg bool, abs uint64) int {
	if !l.Known {
		return 0
	}
	neg, lneg := neg && abs != 0, l.Neg && l.Abs != 0
	switch {
	case neg && !lneg:
		return -1
	case !neg && lneg:
		return 1
	}
	c := 0
	if abs < l.Abs {
		c = -1
	} else if abs > l.Abs {
		c = 1
	}
	if neg {
		return -c
	}
	return c
}
