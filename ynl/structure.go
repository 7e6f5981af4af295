package ynl

// Struct is a C struct: a fixed header, or the payload of an attribute.
type Struct struct {
	Name    string
	Pos     Pos
	Doc     string
	Header  string // where C finds it, if not in the family's header
	Scope   string // as Const.Scope
	Members []*Member
	// Size is the sum of the members' sizes in bytes: the language has no
	// padding that is not a member.
	Size int

	CName string

	byName map[string]*Member
	laying bool // while its layout is worked out: it must not be met again
}

// Member finds a member by name; nil where there is none. Of several, which only
// padding can be, one that is no padding is preferred, then the first.
func (s *Struct) Member(name string) *Member { return s.byName[name] }

// Member is one member of a struct.
type Member struct {
	Name      string
	Pos       Pos
	Doc       string
	Type      Type // an integer, String, Binary or Pad
	Offset    int  // in bytes
	Size      int  // in bytes
	ByteOrder ByteOrder
	Hint      Hint
	Enum      *Enum
	AsFlags   bool    // Enum's numbers are those of bits
	Struct    *Struct // of a Binary member that is a struct itself
}

// IsBits reports whether the member's value is a set of named bits.
func (m *Member) IsBits() bool { return m.Enum != nil && (m.Enum.IsFlags || m.AsFlags) }

// SubMessage is a payload whose format depends on the value of another
// attribute.
type SubMessage struct {
	Name    string
	Pos     Pos
	Formats []*Format

	byValue map[string]*Format
}

// Format finds a format by the selector's value; nil where there is none.
func (s *SubMessage) Format(value string) *Format { return s.byValue[value] }

// Format is one format of a sub-message: a fixed header, attributes, both, or
// nothing at all.
type Format struct {
	Value  string // of the selector
	Pos    Pos
	Header *Struct  // may be nil
	Set    *AttrSet // may be nil
}
