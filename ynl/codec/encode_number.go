package codec

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"net/netip"
	"reflect"
	"strconv"
	"strings"

	"github.com/nlkit/nlkit/internal/integer"
	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/ynl"
)

// number is an integer: its sign and its distance from zero.
type number struct {
	Neg bool
	Abs uint64
	// Code says that it comes from a name: it is in two's complement, of the width
	// the spec's enum has it in, and not that of the attribute.
	Code bool
}

func (n number) String() string {
	s := strconv.FormatUint(n.Abs, 10)
	if n.Neg {
		s = "-" + s
	}
	return s
}

// bits is the number in two's complement.
func (n number) bits() uint64 {
	if n.Neg {
		return -n.Abs
	}
	return n.Abs
}

func signed(v int64) number {
	if v < 0 {
		return number{Neg: true, Abs: -uint64(v)}
	}
	return number{Abs: uint64(v)}
}

// plainNumber reads a value that is a number in Go or in JSON.
func plainNumber(v any) (number, bool) {
	switch v := v.(type) {
	case uint64:
		return number{Abs: v}, true
	case int64:
		return signed(v), true
	case int:
		return signed(int64(v)), true
	case json.Number:
		return parseNumber(v.String())
	case bool:
		if v {
			return number{Abs: 1}, true
		}
		return number{}, true
	case nil, string:
		return number{}, false
	}
	r := reflect.ValueOf(v)
	switch {
	case r.CanInt():
		return signed(r.Int()), true
	case r.CanUint():
		return number{Abs: r.Uint()}, true
	case r.CanFloat():
		return whole(r.Float())
	}
	return number{}, false
}

// whole takes a float for the integer it is. 2^53 is where floats stop to have
// all of them.
func whole(f float64) (number, bool) {
	if f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return number{}, false
	}
	return signed(int64(f)), true
}

// truncated takes a number for the integer it begins with, as Python does.
func truncated(v any) (number, bool) {
	var f float64
	switch v := v.(type) {
	case json.Number:
		var err error
		if f, err = v.Float64(); err != nil {
			return number{}, false
		}
	case float32:
		f = float64(v)
	case float64:
		f = v
	default:
		return number{}, false
	}
	return whole(math.Trunc(f))
}

// parseNumber reads a number as people and JSON write them.
func parseNumber(s string) (number, bool) {
	neg, abs, base, ok := integer.Parse(s)
	if ok {
		return number{Neg: neg, Abs: abs}, true
	}
	if base == 10 && strings.ContainsAny(s, ".eE") {
		if f, err := strconv.ParseFloat(s, 64); err == nil {
			return whole(f)
		}
	}
	return number{}, false
}

// meaning is what an integer stands for.
type meaning struct {
	enum   *ynl.Enum
	bits   bool
	hint   ynl.Hint
	attr   *ynl.Attr
	member *ynl.Member
}

// number reads a value where an integer is wanted.
func (e *encoder) number(v any, m meaning) (number, error) {
	if m.bits {
		if list, ok := listOf(v); ok {
			return e.sum(list, m)
		}
	}
	if n, ok := plainNumber(v); ok {
		return n, nil
	}
	if e.python {
		if n, ok := truncated(v); ok {
			return n, nil
		}
	}
	switch v := v.(type) {
	case string:
		return e.parse(v, m)
	case netip.Addr:
		if v.Is4() {
			b := v.As4()
			return number{Abs: uint64(binary.BigEndian.Uint32(b[:]))}, nil
		}
	case float64:
		return number{}, e.wrong("must be a whole number, not %v", v)
	}
	if m.enum != nil {
		return number{}, e.wrong("must be a name or a number of %s, not %s", m.enum.Name, describe(v))
	}
	return number{}, e.wrong("must be a whole number, not %s", describe(v))
}

// sum reads a list of names of bits. The Python client adds what is named twice.
func (e *encoder) sum(list []any, m meaning) (number, error) {
	var sum uint64
	for _, v := range list {
		n, err := e.number(v, m)
		if err != nil {
			return n, err
		}
		if e.python {
			sum += n.bits()
		} else {
			sum |= n.bits()
		}
	}
	return number{Abs: sum, Code: true}, nil
}

// parse reads a text where an integer is wanted. The Python client tries numbers
// before names. Numbers come before the hint in both dialects, so that "10" is
// ten even where people write hexadecimal.
func (e *encoder) parse(s string, m meaning) (number, error) {
	n, isNumber := parseNumber(s)
	if isNumber && e.python {
		return n, nil
	}
	if m.enum != nil {
		if entry := m.enum.Entry(s); entry != nil {
			if m.bits {
				return number{Abs: entry.Bit(), Code: true}, nil
			}
			return number{Abs: entry.Value, Code: true}, nil
		}
		if in, ok := strings.CutPrefix(s, "Unknown("); ok {
			if n, ok := parseNumber(strings.TrimSuffix(in, ")")); ok {
				if m.bits {
					return number{Abs: 1 << min(n.Abs, 63), Code: true}, nil
				}
				return n, nil
			}
		}
	}
	if isNumber {
		n.Code = m.bits && !n.Neg
		return n, nil
	}
	switch m.hint {
	case ynl.HintHex:
		if n, err := strconv.ParseUint(s, 16, 64); err == nil {
			return number{Abs: n}, nil
		}
	case ynl.HintIPv4, ynl.HintIP:
		if a, err := netip.ParseAddr(s); err == nil && a.Is4() {
			b := a.As4()
			return number{Abs: uint64(binary.BigEndian.Uint32(b[:]))}, nil
		}
	}
	if e.o.Lookup != nil {
		if n, ok := e.o.Lookup(m.attr, m.member, s); ok {
			return number{Abs: n}, nil
		}
	}
	if m.enum == nil {
		return number{}, e.wrong("must be a whole number, not %q", s)
	}
	var all []string
	for _, entry := range m.enum.Entries {
		all = append(all, entry.Name)
	}
	err := e.wrong("%s has no %q: it knows %s", m.enum.Name, s, shorten(all))
	err.Near = near.Names(s, all)
	return number{}, err
}

// shorten lists names, not too many.
func shorten(all []string) string {
	const most = 8
	if len(all) > most {
		return strings.Join(all[:most], ", ") + " and " + strconv.Itoa(len(all)-most) + " more"
	}
	return strings.Join(all, ", ")
}

// fit checks that a number fits an integer of a type, and returns its bytes'
// value.
func (e *encoder) fit(n number, t ynl.Type, size int) (uint64, error) {
	most := uint64(math.MaxUint64) >> (64 - 8*size)
	half := most>>1 + 1
	if n.Code && !n.Neg && (n.Abs <= most || -n.Abs <= half) {
		return n.Abs & most, nil
	}
	if t.IsSigned() {
		if n.Neg && n.Abs <= half || !n.Neg && n.Abs < half {
			return n.bits() & most, nil
		}
		return 0, e.wrong("%s does not fit: a %s is from -%d to %d", n, t, half, half-1)
	}
	if n.Neg || n.Abs > most {
		return 0, e.wrong("%s does not fit: a %s is from 0 to %d", n, t, most)
	}
	return n.Abs, nil
}

// appendInt appends an integer of some bytes.
func appendInt(dst []byte, v uint64, size int, order ynl.ByteOrder) []byte {
	var to binary.AppendByteOrder = binary.NativeEndian
	switch order {
	case ynl.BigEndian:
		to = binary.BigEndian
	case ynl.LittleEndian:
		to = binary.LittleEndian
	}
	switch size {
	case 1:
		return append(dst, byte(v))
	case 2:
		return to.AppendUint16(dst, uint16(v))
	case 4:
		return to.AppendUint32(dst, uint32(v))
	}
	return to.AppendUint64(dst, v)
}

// integer encodes an integer attribute.
func (e *encoder) integer(a *ynl.Attr, t ynl.Type, typ uint16, v any) error {
	n, err := e.number(v, meaning{enum: a.Enum, bits: a.IsBits(), hint: a.Hint, attr: a})
	if err != nil {
		return err
	}
	if err := e.inRange(a, n); err != nil {
		return err
	}
	size := t.Size()
	if size == 0 {
		size = 4
		if t == ynl.Sint && (n.Neg && n.Abs > 1<<31 || !n.Neg && n.Abs >= 1<<31) || t == ynl.Uint && n.Abs > math.MaxUint32 {
			size = 8
		}
	}
	bits, err := e.fit(n, t, size)
	if err != nil {
		return err
	}
	var buf [8]byte
	e.b.Attr(typ, appendInt(buf[:0], bits, size, a.ByteOrder))
	return nil
}

// inRange checks a number as the kernel will. The Python client leaves that to
// the kernel.
func (e *encoder) inRange(a *ynl.Attr, n number) error {
	if e.python || e.o.Unchecked {
		return nil
	}
	c := &a.Checks
	if c.Min.Set && c.Min.Cmp(n.Neg, n.Abs) < 0 || c.Max.Set && c.Max.Cmp(n.Neg, n.Abs) > 0 {
		switch {
		case !c.Max.Set:
			return e.wrong("%s is out of range: at least %s", n, c.Min)
		case !c.Min.Set:
			return e.wrong("%s is out of range: at most %s", n, c.Max)
		}
		return e.wrong("%s is out of range: %s to %s", n, c.Min, c.Max)
	}
	if c.FlagsMask != nil && n.bits()&^c.FlagsMask.Mask() != 0 {
		return e.wrong("0x%x has bits that are none of %s", n.bits(), c.FlagsMask.Name)
	}
	return nil
}

// listOf is a value's elements, where it is a list in any of Go's ways. Bytes
// are none.
func listOf(v any) ([]any, bool) {
	switch v := v.(type) {
	case []any:
		return v, true
	case Object, Raw, []byte, string, nil:
		return nil, false
	case netip.Addr, UUID:
		return nil, false
	}
	r := reflect.ValueOf(v)
	if r.Kind() != reflect.Slice || r.Type().Elem().Kind() == reflect.Uint8 {
		return nil, false
	}
	out := make([]any, r.Len())
	for i := range out {
		out[i] = r.Index(i).Interface()
	}
	return out, true
}
