package uapi

// Order is the order of bytes that a type promises.
type Order uint8

const (
	Native Order = iota
	BigEndian
	LittleEndian
)

// Kind is what a member of a struct is.
type typeKind uint8

const (
	unknown typeKind = iota
	integer
	other // a float, a pointer: of a known size
	array
	compound
)

// ctype is a type of C.
type ctype struct {
	kind   typeKind
	size   int // of integers and others, in bytes
	align  int // 0: the natural one
	signed bool
	order  Order
	elem   *ctype // of an array
	count  int    // of an array, -1 where it has no end
	record *record
}

// record is a struct or a union.
type record struct {
	Struct
	union   bool
	defined bool
	align   int
	known   bool
}

// Struct is the layout of a struct or a union.
type Struct struct {
	Place
	Name    string
	Size    int // in bytes
	Members []Member
}

// Member is a member of a struct. Members of an unnamed struct or union stand
// among those of the struct around it.
type Member struct {
	Place
	Name     string
	Offset   int // in bytes
	Size     int // in bytes; 0 of an array without end
	Integer  bool
	Signed   bool // of an integer
	Order    Order
	Struct   *Struct // of a member that is one
	Elements int     // of an array; 0 where it has no end, or is none
	Flexible bool    // an array without end: the struct ends before it
	BitField bool    // offset and size are those of the integer it is in
	InUnion  bool    // it shares its place with other members
}

// Member finds a member by name.
func (s *Struct) Member(name string) *Member {
	for i := range s.Members {
		if s.Members[i].Name == name {
			return &s.Members[i]
		}
	}
	return nil
}

// Struct finds a struct or union by its tag. It returns nil where there is none,
// or one whose layout is not understood.
func (u *Unit) Struct(tag string) *Struct {
	if r := u.records[tag]; r != nil && r.defined && r.known {
		return &r.Struct
	}
	return nil
}

// sizeof is a type's size in bytes, -1 where it is not known.
func (t *ctype) sizeof() int {
	switch t.kind {
	case integer, other:
		return t.size
	case array:
		if t.count < 0 {
			return 0
		}
		size := t.elem.sizeof()
		if size < 0 || size > 0 && t.count > maxFile/size {
			return -1
		}
		return size * t.count
	case compound:
		if t.record.defined && t.record.known {
			return t.record.Size
		}
	}
	return -1
}

// alignof is what a type's place must be a multiple of.
func (t *ctype) alignof() int {
	if t.align > 0 {
		return t.align
	}
	switch t.kind {
	case integer, other:
		return t.size
	case array:
		return t.elem.alignof()
	case compound:
		return max(t.record.align, 1)
	}
	return 1
}

// builtinTypes are the types that headers take for granted.
func builtinTypes() map[string]*ctype {
	types := map[string]*ctype{}
	add := func(size int, signed bool, order Order, names ...string) {
		for _, n := range names {
			types[n] = &ctype{kind: integer, size: size, signed: signed, order: order}
		}
	}
	add(1, false, Native, "__u8", "uint8_t", "u_int8_t")
	add(2, false, Native, "__u16", "uint16_t", "u_int16_t", "__sum16")
	add(4, false, Native, "__u32", "uint32_t", "u_int32_t", "__wsum", "__poll_t", "uid_t", "gid_t")
	add(8, false, Native, "__u64", "uint64_t", "u_int64_t", "size_t", "uintptr_t")
	add(1, true, Native, "__s8", "int8_t")
	add(2, true, Native, "__s16", "int16_t")
	add(4, true, Native, "__s32", "int32_t", "pid_t")
	add(8, true, Native, "__s64", "int64_t", "ssize_t", "time_t", "off_t", "loff_t")
	add(2, false, BigEndian, "__be16")
	add(4, false, BigEndian, "__be32")
	add(8, false, BigEndian, "__be64")
	add(2, false, LittleEndian, "__le16")
	add(4, false, LittleEndian, "__le32")
	add(8, false, LittleEndian, "__le64")
	for name, base := range map[string]string{
		"__aligned_u64": "__u64", "__aligned_s64": "__s64", "__aligned_be64": "__be64", "__aligned_le64": "__le64",
	} {
		t := *types[base]
		t.align = 8
		types[name] = &t
	}
	return types
}
