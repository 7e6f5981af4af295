package golang

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/nlkit/nlkit/ynl"
)

// policyTag is what a field's second tag says of the values the kernel takes: what
// it makes of the spec is the policy of the attribute, which package sim checks
// requests against. Raw families have none, and of those that are older than their
// specs only what the spec says in so many words is known to be true.
//
//	policy:"min=1,max=65535"       a number
//	policy:"only=0..3|7"          a number that has a name
//	policy:"mask=0x3"              a number, or a bitfield32
//	policy:"min-len=4,max-len=16"  bytes or text, without its NUL
//	policy:"unterminated"          a text that need not end in NUL
func (p *plan) policyTag(f *field) string {
	if p.spec.IsRaw() {
		return ""
	}
	a := f.attr
	var parts []string
	say := func(word string, l ynl.Limit) {
		if l.Set && l.Known {
			parts = append(parts, word+"="+l.String())
		}
	}
	c := a.Checks
	typ := a.Type
	if typ == ynl.IndexedArray {
		return "" // what lies in it has no policy
	}
	switch {
	case typ == ynl.Bitfield32 || typ.IsInt() && (c.FlagsMask != nil || a.IsBits()):
		if mask := p.policyMask(a); mask != 0 {
			parts = append(parts, fmt.Sprintf("mask=%#x", mask))
		}
	case typ.IsInt():
		low, high, only := p.enumLimits(a)
		if only != "" && !c.Min.Set && !c.Max.Set {
			parts = append(parts, "only="+only)
			break
		}
		if c.Min.Set {
			low = c.Min
		}
		if c.Max.Set {
			high = c.Max
		}
		say("min", low)
		say("max", high)
	default:
		say("min-len", c.MinLen)
		say("max-len", c.MaxLen)
		say("exact-len", c.ExactLen)
		if c.UnterminatedOK {
			parts = append(parts, "unterminated")
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return ` policy:"` + strings.Join(parts, ",") + `"`
}

// byName reports whether the kernel's policies are made of the spec, names of
// values included: so it is for new families, and for older ones whose spec says
// how.
func (p *plan) byName() bool { return p.spec.Level == ynl.Genetlink || p.spec.SaysPolicy }

// policyMask are the bits that an attribute may have; 0 where they are not known.
func (p *plan) policyMask(a *ynl.Attr) uint64 {
	switch {
	case a.Checks.FlagsMask != nil:
		return a.Checks.FlagsMask.Mask()
	case a.Enum != nil && p.byName():
		return a.Enum.Mask()
	}
	return 0
}

// enumLimits are those that the names of an attribute's values set: the lowest
// and the highest where there is one for each number between them, and else the
// numbers.
func (p *plan) enumLimits(a *ynl.Attr) (low, high ynl.Limit, only string) {
	if a.Enum == nil || len(a.Enum.Entries) == 0 || !p.byName() {
		return low, high, ""
	}
	var values []int64
	for _, e := range a.Enum.Entries {
		values = append(values, int64(e.Value))
	}
	slices.Sort(values)
	values = slices.Compact(values)
	limit := func(v int64) ynl.Limit {
		if v < 0 {
			return ynl.Limit{Set: true, Known: true, Neg: true, Abs: -uint64(v)}
		}
		return ynl.Limit{Set: true, Known: true, Abs: uint64(v)}
	}
	first, last := values[0], values[len(values)-1]
	if last-first == int64(len(values)-1) {
		if first != 0 || a.Type.IsSigned() {
			low = limit(first)
		}
		return low, limit(last), ""
	}
	var runs []string
	for i := 0; i < len(values); {
		j := i
		for j+1 < len(values) && values[j] < math.MaxInt64 && values[j+1] == values[j]+1 {
			j++
		}
		run := strconv.FormatInt(values[i], 10)
		if j > i {
			run += ".." + strconv.FormatInt(values[j], 10)
		}
		runs = append(runs, run)
		i = j + 1
	}
	return low, high, strings.Join(runs, "|")
}
