package ynl

// Const is a named number or text.
type Const struct {
	Name   string
	Pos    Pos
	Header string // where C finds it, if not in the family's header
	Scope  string // which C sees it: "kernel" or "user"; "" for both (uapi)
	Text   string // its value as written
	Value  int64  // its value where that is a number, in two's complement
	IsInt  bool   // it is a number

	CPrefix string // the prefix of its C name; "" where the rule applies

	number Limit // Value, and those above its range as well
}

// Enum is an enumeration, or a set of flags.
type Enum struct {
	Name    string
	Pos     Pos
	Doc     string
	IsFlags bool // entries are bits
	Entries []*Entry
	Header  string // where C finds it, if not in the family's header
	Scope   string // as Const.Scope

	CPrefix     string // prefix of the entries' C names
	CName       string // of the enum
	CNameNone   bool   // the enum has no name in C
	RenderMax   bool
	HasCPrefix  bool // CPrefix was given, even if empty
	EnumCntName string

	byName  map[string]*Entry
	byValue map[uint64]*Entry // of an enum: the value; of flags: the bit's number
}

// Entry is one value of an enum.
type Entry struct {
	Name string
	Pos  Pos
	Doc  string
	// Value is the entry's number: in a set of flags, the number of the bit.
	// Negative ones are in two's complement.
	Value uint64
}

// Entry finds an entry by name; nil where there is none.
func (e *Enum) Entry(name string) *Entry { return e.byName[name] }

// ByValue finds an entry by its number, in a set of flags the number of the bit;
// nil where there is none. Of several the last one is found.
func (e *Enum) ByValue(v uint64) *Entry { return e.byValue[v] }

// Mask is the value with all known bits of a set of flags, or of an enum used as
// one.
func (e *Enum) Mask() uint64 {
	var m uint64
	for _, n := range e.Entries {
		m |= n.Bit()
	}
	return m
}

// Bit is the entry's value as a flag: 1 shifted by its number. It is 0 where the
// number is none of a bit.
func (n *Entry) Bit() uint64 {
	if n.Value > 63 {
		return 0
	}
	return 1 << n.Value
}
