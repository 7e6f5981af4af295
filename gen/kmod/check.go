package kmod

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/ynl"
)

// check is what the kernel's policy has for an attribute, and what it takes where
// a number in the policy does not do.
type check struct {
	base   *ynl.Attr
	root   *ynl.AttrSet
	policy string   // the initializer
	ranged string   // name of a range that the policy points to; may be empty
	limits [2]bound // of that range
	signed bool     // it is one of signed integers
	fn     string   // name of a function; may be empty
	body   []string // of that function
	oldFn  bool     // only kernels need the function that have no integers of 4 or 8 bytes
	conds  []string // as setPlan.cond has them
}

// bound is one end of a range.
type bound struct {
	text  string // as C has it
	known bool
	neg   bool
	abs   uint64
}

func (b bound) set() bool { return b.text != "" }

// short reports whether a policy has room for it: its limits have 16 bits, with
// a sign.
func (b bound) short() bool {
	return !b.set() || b.known && (b.neg && b.abs <= -math.MinInt16 || !b.neg && b.abs <= math.MaxInt16)
}

// limitText is a limit as C writes it.
func (p *plan) limitText(l ynl.Limit) string {
	if l.Symbol == "" {
		return number(l)
	}
	name, less, found := strings.Cut(l.Symbol, " - ")
	text := ""
	if c := p.spec.Const(name); c != nil {
		text = p.constName(c)
	} else {
		text = upper(name)
	}
	if found {
		return "(" + text + " - " + less + ")"
	}
	return text
}

// number is a number as C writes it: with a suffix where an int has no room.
func number(l ynl.Limit) string {
	switch {
	case !l.Neg && l.Abs > math.MaxInt64:
		return l.String() + "ULL"
	case l.Neg && l.Abs == 1<<63:
		return "S64_MIN"
	case l.Neg && l.Abs == 1<<31:
		return "S32_MIN"
	case !l.Neg && l.Abs > math.MaxUint32, l.Neg && l.Abs > 1<<31:
		return l.String() + "LL"
	case !l.Neg && l.Abs > math.MaxInt32:
		return l.String() + "U"
	}
	return l.String()
}

func (p *plan) bound(l ynl.Limit) bound {
	if !l.Set {
		return bound{}
	}
	return bound{p.limitText(l), l.Known, l.Neg && l.Abs != 0, l.Abs}
}

// enumBound is an enum's value as a bound: by name, where the module has the name.
func (p *plan) enumBound(e *ynl.Enum, n *ynl.Entry) bound {
	b := bound{known: true, abs: n.Value}
	if int64(n.Value) < 0 {
		b.neg, b.abs = true, -n.Value
	}
	b.text = number(ynl.Limit{Set: true, Known: true, Neg: b.neg, Abs: b.abs})
	if e.Header == "" {
		b.text = p.entryConst(e, n)
	}
	return b
}

// findCheck plans what a request's attribute is checked with, under a
// configuration.
func (p *plan) findCheck(f *field, cond string) {
	if c := p.checkOf[f.held]; c != nil {
		if !slices.Contains(c.conds, cond) {
			c.conds = append(c.conds, cond)
		}
		return
	}
	a := f.held
	c := &check{base: a, root: f.root, conds: []string{cond}}
	p.checkOf[a] = c
	p.checks = append(p.checks, c)
	switch a.Type {
	case ynl.Flag:
		c.policy = plainPolicy("NLA_FLAG")
	case ynl.Bitfield32:
		mask := fmt.Sprintf("%#x", uint32(math.MaxUint32))
		if e := a.Enum; e != nil && len(e.Entries) > 0 {
			mask = fmt.Sprintf("%#x", uint32(e.Mask()))
		} else if e := a.Checks.FlagsMask; e != nil {
			mask = fmt.Sprintf("%#x", uint32(e.Mask()))
		}
		c.policy = "NLA_POLICY_BITFIELD32(" + mask + ")"
	case ynl.String:
		p.stringCheck(c, a)
	case ynl.Binary:
		p.binaryCheck(c, a)
	case ynl.Nested:
		c.policy = plainPolicy("NLA_NESTED")
		if a.Nested != nil {
			c.policy = "NLA_POLICY_NESTED(%s)"
		}
	case ynl.NestTypeValue:
		c.policy = plainPolicy("NLA_NESTED")
	case ynl.IndexedArray:
		c.policy = plainPolicy("NLA_NESTED_ARRAY")
		if a.Sub == ynl.Nested && a.Nested != nil {
			c.policy = "NLA_POLICY_NESTED_ARRAY(%s)"
		}
	default:
		p.intCheck(c, a)
	}
}

func plainPolicy(typ string) string { return "{ .type = " + typ + ", }" }

// policyOf is the initializer of an attribute's policy. A subset may have other
// attributes in a nest than the set it is of.
func (p *plan) policyOf(f *field) string {
	c := p.checkOf[f.held]
	if strings.Contains(c.policy, "%s") && f.attr.Nested != nil {
		return fmt.Sprintf(c.policy, p.setOf[f.attr.Nested].policy.name)
	}
	return c.policy
}

func (p *plan) stringCheck(c *check, a *ynl.Attr) {
	typ := "NLA_NUL_STRING"
	if a.Checks.UnterminatedOK {
		typ = "NLA_STRING"
	}
	least, most := a.Checks.MinLen, a.Checks.MaxLen
	if a.Checks.ExactLen.Set {
		least, most = a.Checks.ExactLen, a.Checks.ExactLen
	}
	switch {
	case least.Set:
		// A policy has no least length of a text.
		c.fn = p.checkName("check", a)
		c.body = []string{
			fmt.Sprintf("if (strnlen(nla_data(attr), nla_len(attr)) < %s)", p.limitText(least)),
			"\treturn nlk_bad_length(attr, extack);",
			"return 0;",
		}
		length := ""
		if most.Set {
			length = ", " + p.limitText(most)
		}
		c.policy = fmt.Sprintf("NLA_POLICY_VALIDATE_FN(%s, %s%s)", typ, c.fn, length)
	case most.Set:
		c.policy = fmt.Sprintf("{ .type = %s, .len = %s, }", typ, p.limitText(most))
	default:
		c.policy = plainPolicy(typ)
	}
}

func (p *plan) binaryCheck(c *check, a *ynl.Attr) {
	k := a.Checks
	least, most := p.bound(k.MinLen), p.bound(k.MaxLen)
	switch {
	case a.Struct != nil && fixedSize(a):
		c.policy = fmt.Sprintf("NLA_POLICY_EXACT_LEN(sizeof(struct %s))", p.structTag(a.Struct))
	case k.ExactLen.Set:
		c.policy = fmt.Sprintf("NLA_POLICY_EXACT_LEN(%s)", p.limitText(k.ExactLen))
	case least.set() && most.set() && least.known && most.known && least.abs > most.abs:
		p.problem(a.Pos, "attribute %s: no length is at least %s and at most %s", a.Name, k.MinLen, k.MaxLen)
	case least.set() && most.set():
		c.policy = fmt.Sprintf("NLA_POLICY_RANGE(NLA_BINARY, %s, %s)", least.text, most.text)
		if !least.short() || !most.short() {
			p.pointer(c, a, "NLA_BINARY", least, most, false)
		}
	case least.set():
		c.policy = fmt.Sprintf("NLA_POLICY_MIN_LEN(%s)", least.text)
	case most.set():
		c.policy = fmt.Sprintf("{ .type = NLA_BINARY, .len = %s, }", most.text)
	default:
		c.policy = plainPolicy("NLA_BINARY")
	}
}

// checkName takes the name of a function or a range about an attribute's check.
func (p *plan) checkName(what string, a *ynl.Attr) string {
	return p.claim(a.Pos, p.setFunc(a.Set)+"_"+ident(a.Name)+"_"+what)
}

// pointer makes the policy one that points to a range, which has room for any.
func (p *plan) pointer(c *check, a *ynl.Attr, typ string, least, most bound, signed bool) {
	c.ranged = p.checkName("range", a)
	c.limits = [2]bound{least, most}
	c.signed = signed
	full := "NLA_POLICY_FULL_RANGE"
	if signed {
		full += "_SIGNED"
	}
	c.policy = fmt.Sprintf("%s(%s, NLK_RANGE(%s))", full, typ, c.ranged)
}

// extremes are the least and the largest value of a type.
func extremes(a *ynl.Attr) (least, most bound) {
	bits := 8 * a.Type.Size()
	if bits == 0 {
		bits = 64
	}
	if a.Type.IsSigned() {
		half := uint64(1) << (bits - 1)
		return bound{fmt.Sprintf("S%d_MIN", bits), true, true, half}, bound{fmt.Sprintf("S%d_MAX", bits), true, false, half - 1}
	}
	return bound{"0", true, false, 0}, bound{fmt.Sprintf("U%d_MAX", bits), true, false, math.MaxUint64 >> (64 - bits)}
}

// above reports whether a bound is known to be above another.
func above(a, b bound) bool {
	if !a.known || !b.known {
		return false
	}
	return ynl.Limit{Set: true, Known: true, Neg: b.neg, Abs: b.abs}.Cmp(a.neg, a.abs) > 0
}

func (p *plan) intCheck(c *check, a *ynl.Attr) {
	n := a.Type.Size()
	typ := "NLA_" + strings.ToUpper(a.Type.String())
	swapped := n > 1 && a.ByteOrder != ynl.Native
	if a.ByteOrder == ynl.BigEndian && (n == 2 || n == 4) {
		typ = fmt.Sprintf("NLK_BE%d", 8*n)
	} else if swapped {
		typ = fmt.Sprintf("NLA_U%d", 8*n)
	}
	two := a.Type == ynl.Uint || a.Type == ynl.Sint // of two lengths
	if mask, ok := maskOf(a); ok {
		text := fmt.Sprintf("%#x", mask)
		v := "v"
		if a.Type.IsSigned() && n > 0 {
			v = fmt.Sprintf("(u%d)v", 8*n) // without its sign, which would fill the upper bits
		}
		body := []string{fmt.Sprintf("if (%s & ~%s)", v, maskText(mask)), "\treturn nlk_bad_bits(attr, extack);"}
		switch {
		case swapped || a.Type.IsSigned() || mask > math.MaxUint32: // the policy's has 32 bits
			p.function(c, a, typ, body)
		case two:
			p.function(c, a, typ, body)
			c.policy, c.oldFn = fmt.Sprintf("NLK_POLICY_UINT(%s, NLA_POLICY_MASK(NLA_UINT, %s))", c.fn, text), true
		default:
			c.policy = fmt.Sprintf("NLA_POLICY_MASK(%s, %s)", typ, text)
		}
		return
	}
	lowest, highest := extremes(a)
	least, most := p.bound(a.Checks.Min), p.bound(a.Checks.Max)
	sparse := false
	if e := a.Enum; e != nil && len(e.Entries) > 0 {
		first, last := e.Entries[0], e.Entries[0]
		values := map[uint64]bool{}
		for _, n := range e.Entries {
			values[n.Value] = true
			if int64(n.Value) < int64(first.Value) {
				first = n
			}
			if int64(n.Value) >= int64(last.Value) {
				last = n
			}
		}
		sparse = last.Value-first.Value != uint64(len(values)-1)
		if !sparse {
			if !least.set() {
				least = p.enumBound(e, first)
			}
			if !most.set() {
				most = p.enumBound(e, last)
			}
		}
	}
	switch {
	case least.set() && above(least, highest), most.set() && above(lowest, most), above(least, most):
		p.problem(a.Pos, "attribute %s: no value of type %s is in the range that is asked for", a.Name, a.Type)
		return
	}
	if least.set() && !above(least, lowest) && least.known {
		least = bound{}
	}
	if most.set() && !above(highest, most) && most.known {
		most = bound{}
	}
	var body []string
	if least.set() {
		body = append(body, fmt.Sprintf("if (v < %s)", least.text), "\treturn nlk_out_of_range(attr, extack);")
	}
	if most.set() {
		body = append(body, fmt.Sprintf("if (v > %s)", most.text), "\treturn nlk_out_of_range(attr, extack);")
	}
	if least.set() && most.set() {
		body = []string{fmt.Sprintf("if (v < %s || v > %s)", least.text, most.text), "\treturn nlk_out_of_range(attr, extack);"}
	}
	if sparse {
		body = append(body, p.switchOf(a)...)
	}
	switch {
	case sparse:
		p.function(c, a, typ, body)
		return
	case len(body) == 0 && two:
		c.policy = fmt.Sprintf("NLK_POLICY_UINT(nlk_check_uint, %s)", plainPolicy(typ))
		return
	case len(body) == 0:
		c.policy = plainPolicy(typ)
		return
	case swapped:
		p.function(c, a, typ, body)
		return
	case !least.short() || !most.short():
		if !least.set() {
			least = lowest
		}
		if !most.set() {
			most = highest
		}
		p.pointer(c, a, typ, least, most, a.Type.IsSigned())
	case least.set() && most.set():
		c.policy = fmt.Sprintf("NLA_POLICY_RANGE(%s, %s, %s)", typ, least.text, most.text)
	case least.set():
		c.policy = fmt.Sprintf("NLA_POLICY_MIN(%s, %s)", typ, least.text)
	default:
		c.policy = fmt.Sprintf("NLA_POLICY_MAX(%s, %s)", typ, most.text)
	}
	if two {
		policy := c.policy
		p.function(c, a, typ, body)
		c.policy, c.oldFn = fmt.Sprintf("NLK_POLICY_UINT(%s, %s)", c.fn, policy), true
	}
}

// maskOf is the value with all bits that an attribute may have, if it is one of
// bits.
func maskOf(a *ynl.Attr) (uint64, bool) {
	e := a.Checks.FlagsMask
	if e == nil && a.IsBits() {
		e = a.Enum
	}
	if e == nil || len(e.Entries) == 0 {
		return 0, false
	}
	return e.Mask(), true
}

func maskText(mask uint64) string {
	if mask > math.MaxUint32 {
		return fmt.Sprintf("%#xULL", mask)
	}
	return fmt.Sprintf("(u64)%#x", mask)
}

// switchOf tells the values of an enum with gaps from others.
func (p *plan) switchOf(a *ynl.Attr) []string {
	body := []string{"switch (v) {"}
	var seen []uint64
	for _, n := range a.Enum.Entries {
		if !slices.Contains(seen, n.Value) {
			seen = append(seen, n.Value)
			body = append(body, fmt.Sprintf("case %s:", p.enumBound(a.Enum, n).text))
		}
	}
	return append(body, "\treturn 0;", "}", "return nlk_bad_enum(attr, extack);")
}

// function makes the policy one that calls a function, which has the value in v.
func (p *plan) function(c *check, a *ynl.Attr, typ string, body []string) {
	c.fn = p.checkName("check", a)
	c.body = nil
	if strings.HasPrefix(typ, "NLA_U") || strings.HasPrefix(typ, "NLK_BE") {
		// As the runtime has them: before 7.2 the kernel minds unsigned ones.
		typ = "NLK_FN_" + typ[len("NLA_"):]
	}
	t, get := valueOf(a)
	if a.Type == ynl.Uint || a.Type == ynl.Sint {
		c.body = []string{t + " v;", "", "if (nlk_check_uint(attr, extack))", "\treturn -EINVAL;", "v = " + get + ";"}
		c.policy = fmt.Sprintf("NLK_POLICY_UINT(%s, NLA_POLICY_VALIDATE_FN(%s, %s))", c.fn, typ, c.fn)
	} else {
		c.body = []string{t + " v = " + get + ";", ""}
		c.policy = fmt.Sprintf("NLA_POLICY_VALIDATE_FN(%s, %s)", typ, c.fn)
	}
	c.body = append(c.body, body...)
	if last := body[len(body)-1]; !strings.HasPrefix(last, "return") {
		c.body = append(c.body, "return 0;")
	}
}

// valueOf is an integer's type in the machine's byte order, and how it is read.
func valueOf(a *ynl.Attr) (typ, expr string) {
	n := 8 * a.Type.Size()
	sign := "u"
	if a.Type.IsSigned() {
		sign = "s"
	}
	switch {
	case a.Type == ynl.Uint:
		return "u64", "nlk_get_uint(attr)"
	case a.Type == ynl.Sint:
		return "s64", "nlk_get_sint(attr)"
	case n > 8 && a.ByteOrder == ynl.BigEndian:
		return fmt.Sprintf("%s%d", sign, n), fmt.Sprintf("be%d_to_cpu(nla_get_be%d(attr))", n, n)
	case n > 8 && a.ByteOrder == ynl.LittleEndian:
		return fmt.Sprintf("%s%d", sign, n), fmt.Sprintf("le%d_to_cpu(nla_get_le%d(attr))", n, n)
	}
	return fmt.Sprintf("%s%d", sign, n), fmt.Sprintf("nla_get_%s%d(attr)", sign, n)
}

// orderChecks sorts the checks as the spec has their attributes.
func (p *plan) orderChecks() {
	at := map[*ynl.AttrSet]int{}
	for i, s := range p.spec.Sets {
		at[s] = i
	}
	slices.SortStableFunc(p.checks, func(a, b *check) int {
		if a.root != b.root {
			return at[a.root] - at[b.root]
		}
		return int(a.base.ID) - int(b.base.ID)
	})
}
