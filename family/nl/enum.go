package nl

import (
	"fmt"
	"math/bits"
	"reflect"
	"sort"
	"strconv"
	"strings"

	"github.com/nlkit/nlkit/internal/near"
)

// Name is a value that has a name.
type Name struct {
	Value uint64
	Name  string
}

// Names are the named values of an enum, the lowest first. Each is uint64(v) of
// its Go constant v, so that those below zero are in two's complement: of 64 bits
// where the type is signed, of the type's own width where it is not. Of several
// names for one value the last one is written; all are read.
type Names []Name

// Lookup returns the name of a value, and whether it has one.
func (n Names) Lookup(v uint64) (string, bool) {
	i := sort.Search(len(n), func(i int) bool { return n[i].Value > v }) - 1
	if i < 0 || n[i].Value != v {
		return "", false
	}
	return n[i].Name, true
}

// String returns the name of a value, and the number in decimal where it has
// none.
func (n Names) String(v uint64) string {
	if name, ok := n.Lookup(v); ok {
		return name
	}
	return strconv.FormatUint(v, 10)
}

// MarshalText writes a value as String does. It never fails.
func (n Names) MarshalText(v uint64) ([]byte, error) { return []byte(n.String(v)), nil }

// value finds a value by its name.
func (n Names) value(name string) (uint64, bool) {
	for i := range n {
		if n[i].Name == name {
			return n[i].Value, true
		}
	}
	return 0, false
}

// UnmarshalEnum reads a name, or a number as people write it, into a value of an
// enum's type.
func UnmarshalEnum[T Int](n Names, v *T, text []byte) error {
	s := string(text)
	if code, ok := n.value(s); ok {
		*v = T(code)
		return nil
	}
	return unmarshalNumber(n, v, s, "no name")
}

// unmarshalNumber reads a number into a value whose names s is none of.
func unmarshalNumber[T Int](n []Name, v *T, s, what string) error {
	// Numbers of unsigned types that are in two's complement are as String writes
	// them, so both signs are read for what they are.
	if u, err := parseUint(s); err == nil {
		if uint64(T(u)) != u {
			return fmt.Errorf("%s does not fit a %T, which has %d bits", s, *v, reflect.TypeFor[T]().Bits())
		}
		*v = T(u)
		return nil
	}
	if i, err := parseInt(s); err == nil {
		if int64(T(i)) != i || T(i) > 0 {
			return fmt.Errorf("%s does not fit a %T, which has %d bits", s, *v, reflect.TypeFor[T]().Bits())
		}
		*v = T(i)
		return nil
	}
	all := make([]string, len(n))
	for i := range n {
		all[i] = n[i].Name
	}
	hint := ""
	if names := near.Names(s, all); len(names) > 0 {
		hint = " (did you mean " + strings.Join(names, " or ") + "?)"
	}
	return fmt.Errorf("%q is %s of %T: want %s, or a number%s", s, what, *v, someOf(all), hint)
}

// parseUint reads a number as people write it: in decimal, or with 0x, 0o or 0b
// in front. Zeros in front of others say nothing.
func parseUint(s string) (uint64, error) { return strconv.ParseUint(s, baseOf(s), 64) }

// parseInt is parseUint for numbers that may be below zero.
func parseInt(s string) (int64, error) {
	return strconv.ParseInt(s, baseOf(strings.TrimPrefix(s, "-")), 64)
}

func baseOf(s string) int {
	if len(s) > 2 && s[0] == '0' && strings.IndexByte("xXoObB", s[1]) >= 0 {
		return 0
	}
	return 10
}

// someOf lists names, not too many.
func someOf(all []string) string {
	const most = 8
	switch {
	case len(all) == 0:
		return "a name"
	case len(all) > most:
		return strings.Join(all[:most], ", ") + " and " + strconv.Itoa(len(all)-most) + " more"
	}
	return strings.Join(all, ", ")
}

// Flags is what values that are sets of named bits implement.
type Flags interface {
	// FlagNames returns the names of the bits that are set, the lowest first;
	// those without a name are one number in hexadecimal at the end. It is empty,
	// and not nil, where none is set.
	FlagNames() []string
}

// Bits are the named bits of a set of flags, the lowest first. The values are
// masks of one bit each. Of several names for one bit the last one is written;
// all are read.
type Bits []Name

// Lookup returns the name of a bit, given as a mask, and whether it has one.
func (b Bits) Lookup(mask uint64) (string, bool) { return Names(b).Lookup(mask) }

// FlagNames returns the names of the bits in v as [Flags] has them.
func (b Bits) FlagNames(v uint64) []string {
	names := make([]string, 0, bits.OnesCount64(v))
	left := uint64(0)
	for ; v != 0; v &= v - 1 {
		bit := v & -v
		if name, ok := b.Lookup(bit); ok {
			names = append(names, name)
		} else {
			left |= bit
		}
	}
	if left != 0 {
		names = append(names, "0x"+strconv.FormatUint(left, 16))
	}
	return names
}

// String returns the names of the bits with a bar between them, "up|running|0x30",
// and "0" where no bit is set.
func (b Bits) String(v uint64) string {
	if v == 0 {
		return "0"
	}
	return strings.Join(b.FlagNames(v), "|")
}

// MarshalText writes a value as String does. It never fails.
func (b Bits) MarshalText(v uint64) ([]byte, error) { return []byte(b.String(v)), nil }

// UnmarshalFlags reads names of bits, and numbers, with bars or commas between
// them, into a value of a type of flags. An empty text is no bit at all.
func UnmarshalFlags[T Int](b Bits, v *T, text []byte) error {
	var sum T
	s := string(text)
	if strings.TrimSpace(s) == "" {
		*v = 0
		return nil
	}
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '|' || r == ',' }) {
		word = strings.TrimSpace(word)
		if code, ok := Names(b).value(word); ok {
			sum |= T(code)
			continue
		}
		var one T
		if err := unmarshalNumber(b, &one, word, "no bit"); err != nil {
			return err
		}
		sum |= one
	}
	*v = sum
	return nil
}
