package golang

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/gen/goname"
	"github.com/nlkit/nlkit/ynl"
)

// enumKey tells the two uses of an enum apart: as numbers, and as the bits that
// the numbers name.
type enumKey struct {
	enum *ynl.Enum
	bits bool
}

type enumType struct {
	enumKey
	name   string
	size   int // bytes of the widest number that has its values
	signed bool
}

// underlying is the Go type the enum's is made of.
func (e *enumType) underlying() string { return intType(e.size, e.signed) }

func intType(size int, signed bool) string {
	if signed {
		return fmt.Sprintf("int%d", 8*size)
	}
	return fmt.Sprintf("uint%d", 8*size)
}

// findEnums finds how enums are used, and by how wide numbers. One without
// entries names nothing, and is a number.
func (p *plan) findEnums() {
	for _, s := range p.spec.Structs {
		for _, m := range s.Members {
			p.useEnum(m.Enum, m.IsBits(), m.Size, m.Type.IsSigned())
		}
	}
	for _, set := range p.spec.Sets {
		for _, a := range set.Attrs {
			t := a.Type
			if a.Sub != ynl.Unset {
				t = a.Sub
			}
			size := t.Size()
			switch t {
			case ynl.Uint, ynl.Sint:
				size = 8
			case ynl.Bitfield32:
				p.useEnum(a.Enum, true, 4, false)
				continue
			}
			p.useEnum(a.Enum, a.IsBits(), size, t.IsSigned())
		}
	}
	for _, e := range p.spec.Enums {
		// What nothing refers to is there nevertheless: its names are of use.
		if p.enumOf[enumKey{e, false}] == nil && p.enumOf[enumKey{e, true}] == nil {
			p.useEnum(e, e.IsFlags, 4, false)
		}
	}
	for _, e := range p.spec.Enums {
		plain, bits := p.enumOf[enumKey{e, false}], p.enumOf[enumKey{e, true}]
		name := p.trim(e.Name)
		if plain != nil {
			plain.name = p.claim(e.Pos, goname.Enum(name), goname.Enum(name)+"Kind")
			p.enums = append(p.enums, plain)
		}
		if bits != nil {
			own := goname.Enum(name)
			if plain != nil {
				bits.name = p.claim(e.Pos, own+"Bits")
			} else {
				bits.name = p.claim(e.Pos, own, own+"Flags")
			}
			p.enums = append(p.enums, bits)
		}
	}
	for _, e := range p.enums {
		for _, c := range p.constants(e) {
			p.claim(e.enum.Pos, c.name)
		}
	}
}

func (p *plan) useEnum(e *ynl.Enum, bits bool, size int, signed bool) {
	if e == nil || len(e.Entries) == 0 {
		return
	}
	k := enumKey{e, bits}
	t := p.enumOf[k]
	if t == nil {
		t = &enumType{enumKey: k, signed: signed}
		p.enumOf[k] = t
	}
	for _, n := range e.Entries {
		v := n.Value
		if bits {
			v = n.Bit()
		}
		for int64(v) >= 0 && size > 0 && size < 8 && v>>(8*size) != 0 {
			size *= 2
		}
	}
	t.size = max(t.size, size)
	t.signed = t.signed && signed
}

// constant is the constant of an enum's entry.
type constant struct {
	name  string
	entry string
	doc   string
	value uint64
}

func (p *plan) constants(e *enumType) []constant {
	var list []constant
	seen := map[string]bool{}
	for _, n := range e.enum.Entries {
		c := constant{name: goname.Entry(p.trim(e.enum.Name), p.trim(n.Name)), entry: n.Name, doc: n.Doc, value: n.Value}
		if e.bits {
			if !e.enum.IsFlags {
				c.name = e.name + strings.TrimPrefix(c.name, goname.Enum(p.trim(e.enum.Name)))
			}
			c.value = n.Bit()
		}
		if e.name != goname.Enum(p.trim(e.enum.Name)) && !e.bits {
			c.name = e.name + strings.TrimPrefix(c.name, goname.Enum(p.trim(e.enum.Name)))
		}
		for seen[c.name] {
			c.name += "_"
		}
		seen[c.name] = true
		list = append(list, c)
	}
	return list
}

func (p *plan) writeEnums(w *printer) {
	for _, e := range p.enums {
		list := p.constants(e)
		if e.bits {
			w.p("// %s are bits of the enum %s.", e.name, e.enum.Name)
		} else {
			w.p("// %s is a value of the enum %s.", e.name, e.enum.Name)
		}
		w.paragraph(e.enum.Doc)
		w.p("type %s %s\n", e.name, e.underlying())
		w.p("// The values of [%s].\nconst (", e.name)
		for _, c := range list {
			w.comment(c.doc)
			if e.signed || int64(c.value) < 0 {
				w.p("%s %s = %s", c.name, e.name, signedText(e, c.value))
			} else if e.bits {
				w.p("%s %s = %#x", c.name, e.name, c.value)
			} else {
				w.p("%s %s = %d", c.name, e.name, c.value)
			}
		}
		w.p(")\n")
		p.writeNames(w, e, list)
	}
}

func signedText(e *enumType, v uint64) string {
	if e.signed {
		return fmt.Sprint(int64(v))
	}
	// A negative number of an unsigned type, in two's complement.
	return fmt.Sprintf("%#x", v&(1<<(8*e.size)-1))
}

func (p *plan) writeNames(w *printer, e *enumType, list []constant) {
	table := goname.Unexported(e.name) + "Names"
	kind := "nl.Names"
	unmarshal := "nl.UnmarshalEnum"
	if e.bits {
		kind, unmarshal = "nl.Bits", "nl.UnmarshalFlags"
	}
	// Of several names of a value the last one is its name.
	byValue := map[uint64]constant{}
	for _, c := range list {
		if v := c.value; v != 0 || !e.bits {
			if e.size < 8 && !e.signed {
				v &= 1<<(8*e.size) - 1
			}
			c.value = v
			byValue[v] = c
		}
	}
	sorted := make([]constant, 0, len(byValue))
	for _, c := range byValue {
		sorted = append(sorted, c)
	}
	slices.SortFunc(sorted, func(a, b constant) int { return cmp.Compare(a.value, b.value) })
	w.p("var %s = %s{", table, kind)
	for _, c := range sorted {
		w.p("{Value: %#x, Name: %q},", c.value, c.entry)
	}
	w.p("}\n")
	w.p("// String names the value as the spec does.\nfunc (v %s) String() string { return %s.String(uint64(v)) }\n", e.name, table)
	w.p("// MarshalText writes what String does.\nfunc (v %s) MarshalText() ([]byte, error) { return %s.MarshalText(uint64(v)) }\n", e.name, table)
	w.p("// UnmarshalText reads a name or a number.\nfunc (v *%s) UnmarshalText(text []byte) error { return %s(%s, v, text) }\n", e.name, unmarshal, table)
	if e.bits {
		w.p("// Has reports whether all bits of f are set.\nfunc (v %s) Has(f %s) bool { return v&f == f }\n", e.name, e.name)
		w.p("// FlagNames are the names of the bits that are set.\nfunc (v %s) FlagNames() []string { return %s.FlagNames(uint64(v)) }\n", e.name, table)
	}
}
