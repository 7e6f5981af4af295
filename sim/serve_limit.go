package sim

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"

	"github.com/nlkit/nlkit/netlink"
)

// textEnum is what the code that is made of specs, the kernel's and that of "nlkit
// gen kmod", says of a number that has no name.
const textEnum = "invalid enum value"

// limits are what the tag "policy" of a generated field says of the values:
// "min=1,max=7", "mask=0x3", "only=0..3|7", "exact-len=6".
type limits struct {
	rule   Rule
	tag    attrTag
	bounds Range
	ranged bool
	only   [][2]int64 // runs of numbers
	least  int        // bytes of a text
}

// limit gives a rule what its tag says. What it does not understand it leaves out,
// as the tag is another package's.
func (r *Rule) limit(tag attrTag) {
	if tag.policy == "" {
		return
	}
	l := &limits{rule: *r, tag: tag, bounds: r.Kind.full()}
	for _, part := range strings.Split(tag.policy, ",") {
		word, value, _ := strings.Cut(part, "=")
		l.set(word, value)
	}
	*r = l.made()
}

func (l *limits) set(word, value string) {
	switch word {
	case "min", "max":
		if l.bounds.set(word == "max", value) {
			l.ranged = true
		}
	case "mask":
		if m, err := strconv.ParseUint(value, 0, 64); err == nil {
			l.rule.Mask = m
		}
	case "only":
		l.only = runs(value)
	case "min-len", "max-len", "exact-len":
		if n, err := strconv.ParseUint(value, 10, 16); err == nil {
			l.length(word, int(n))
		}
	case "unterminated":
		if l.rule.Kind == NulString {
			l.rule.Kind = String
		}
	}
}

// length bounds bytes, or a text.
func (l *limits) length(word string, n int) {
	r := &l.rule
	if r.Kind != Binary {
		if word != "min-len" {
			r.Len = n
		}
		if word != "max-len" {
			l.least = n
		}
		return
	}
	switch word {
	case "exact-len":
		r.MinLen, r.MaxLen = n, n
	case "min-len":
		r.MinLen = n
	default:
		r.MaxLen = n
	}
}

// made is the rule. What the kernel's policies cannot say is a function there, and
// here.
func (l *limits) made() Rule {
	r, kind := l.rule, l.rule.Kind
	if kind == Binary && r.MinLen == 0 {
		r.Len, r.MaxLen = r.MaxLen, 0
	}
	order := l.order()
	switch {
	case l.least > 0:
		least := l.least
		r.Valid = func(value []byte) (netlink.Errno, string) {
			if n := bytes.IndexByte(value, 0); n >= 0 {
				value = value[:n]
			}
			return refuse(len(value) < least, netlink.EINVAL, textLength)
		}
	case l.only != nil:
		only := l.only
		r.Valid = func(value []byte) (netlink.Errno, string) {
			u, s, _ := kind.number(order(value))
			if !kind.signed() {
				s = int64(u)
			}
			for _, run := range only {
				if s >= run[0] && s <= run[1] {
					return 0, ""
				}
			}
			return netlink.EINVAL, textEnum
		}
	case r.Mask != 0 && kind != Bitfield32 && (l.swapped() || kind.signed()):
		mask := r.Mask
		r.Mask = 0
		r.Valid = func(value []byte) (netlink.Errno, string) {
			u, _, _ := kind.number(order(value))
			return refuse(u&^mask != 0, netlink.EINVAL, textReserved)
		}
	case l.ranged && l.swapped():
		bounds := l.bounds
		r.Valid = func(value []byte) (netlink.Errno, string) {
			u, s, _ := kind.number(order(value))
			return refuse(!bounds.has(kind, u, s), netlink.ERANGE, textRange)
		}
	case l.ranged:
		bounds := l.bounds
		r.Range = &bounds
	}
	return r
}

func refuse(bad bool, errno netlink.Errno, text string) (netlink.Errno, string) {
	if bad {
		return errno, text
	}
	return 0, ""
}

// swapped reports whether the bytes of a number may not be in the machine's order.
func (l *limits) swapped() bool {
	return strings.HasSuffix(l.tag.typ, "be") || strings.HasSuffix(l.tag.typ, "le")
}

// order is what puts a number's bytes into the order that its kind is read in.
func (l *limits) order() func([]byte) []byte {
	big := binary.NativeEndian.Uint16([]byte{0, 1}) == 1
	same := func(b []byte) []byte { return b }
	switch {
	case !l.swapped(), l.rule.Kind == BE16, l.rule.Kind == BE32, strings.HasSuffix(l.tag.typ, "be") == big:
		return same
	}
	return func(b []byte) []byte {
		swapped := make([]byte, len(b))
		for i := range b {
			swapped[len(b)-1-i] = b[i]
		}
		return swapped
	}
}

// set moves an end of the range. It reports false for what is no number.
func (b *Range) set(upper bool, text string) bool {
	s, signed := strconv.ParseInt(text, 0, 64)
	u, unsigned := strconv.ParseUint(text, 0, 64)
	switch {
	case signed != nil && unsigned != nil:
		return false
	case upper:
		if signed == nil {
			b.MaxS = min(b.MaxS, s)
		}
		if unsigned == nil {
			b.MaxU = min(b.MaxU, u)
		}
	default:
		if signed == nil {
			b.MinS = max(b.MinS, s)
		}
		if unsigned == nil {
			b.MinU = max(b.MinU, u)
		}
	}
	return true
}

// has reports whether a number is in the range.
func (b *Range) has(k Kind, u uint64, s int64) bool {
	if k.signed() {
		return s >= b.MinS && s <= b.MaxS
	}
	return u >= b.MinU && u <= b.MaxU
}

// runs reads a list of numbers: "0..3|7".
func runs(list string) [][2]int64 {
	var all [][2]int64
	for _, run := range strings.Split(list, "|") {
		first, last, more := strings.Cut(run, "..")
		if !more {
			last = first
		}
		low, err := strconv.ParseInt(first, 0, 64)
		if err != nil {
			continue
		}
		if high, err := strconv.ParseInt(last, 0, 64); err == nil {
			all = append(all, [2]int64{low, high})
		}
	}
	return all
}
