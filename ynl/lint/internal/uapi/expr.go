package uapi

import (
	"strconv"
	"strings"
)

// Number is a value that a header gives a name to.
type Number struct {
	Place
	Value    uint64 // negative ones in two's complement of 64 bits
	Size     int    // of its type in C, in bytes: 4 or 8
	Unsigned bool
}

// Is reports whether the number is v, where both may be written as signed or as
// unsigned numbers of the number's size: -1 is 0xffffffff.
func (n Number) Is(v uint64) bool {
	if n.Value == v {
		return true
	}
	low := func(v uint64) bool { return v>>31 == 1<<33-1 || v>>32 == 0 }
	return n.Size == 4 && low(v) && uint32(n.Value) == uint32(v)
}

func (n Number) String() string {
	if int64(n.Value) < 0 && !n.Unsigned {
		return strconv.FormatInt(int64(n.Value), 10)
	}
	return strconv.FormatUint(n.Value, 10)
}

// cut gives a number the range of its type.
func (n Number) cut() Number {
	if n.Size == 4 {
		if n.Unsigned {
			n.Value = uint64(uint32(n.Value))
		} else {
			n.Value = uint64(int64(int32(n.Value)))
		}
	}
	return n
}

func truth(b bool) Number {
	n := Number{Size: 4}
	if b {
		n.Value = 1
	}
	return n
}

// binary operators and how strongly they bind.
var binary = map[string]int{
	"||": 2, "&&": 3, "|": 4, "^": 5, "&": 6, "==": 7, "!=": 7, "<": 8, ">": 8, "<=": 8, ">=": 8,
	"<<": 9, ">>": 9, "+": 10, "-": 10, "*": 11, "/": 11, "%": 11,
}

// expression reads a constant expression of operators that bind at least as
// strongly as min; ok is false where it is none.
func (p *parser) expression(min int) (Number, bool) {
	if !p.enter() {
		return Number{}, false
	}
	defer p.leave()
	left, ok := p.unary()
	for ok {
		op := p.peek()
		if op.is("?") && min <= 1 {
			return p.choice(left)
		}
		strength := 0
		if op.kind == kPunct {
			strength = binary[op.text]
		}
		if strength == 0 || strength < min {
			break
		}
		p.i++
		var right Number
		if right, ok = p.expression(strength + 1); ok {
			left, ok = apply(op.text, left, right)
		}
	}
	return left, ok
}

// choice reads what follows the "?" of a condition.
func (p *parser) choice(condition Number) (Number, bool) {
	p.i++
	yes, ok := p.expression(0)
	if !ok || !p.take(":") {
		return Number{}, false
	}
	no, ok := p.expression(1)
	if condition.Value != 0 {
		return yes, ok
	}
	return no, ok
}

// apply works out one operation by the rules for types in C.
func apply(op string, a, b Number) (Number, bool) {
	n := Number{Size: max(a.Size, b.Size)}
	n.Unsigned = a.Unsigned && a.Size == n.Size || b.Unsigned && b.Size == n.Size
	if op == "<<" || op == ">>" {
		n.Size, n.Unsigned = a.Size, a.Unsigned
	}
	if n.Unsigned && n.Size == 4 && op != "<<" && op != ">>" {
		a.Value, b.Value = uint64(uint32(a.Value)), uint64(uint32(b.Value))
	}
	less := int64(a.Value) < int64(b.Value)
	if n.Unsigned {
		less = a.Value < b.Value
	}
	switch op {
	case "+":
		n.Value = a.Value + b.Value
	case "-":
		n.Value = a.Value - b.Value
	case "*":
		n.Value = a.Value * b.Value
	case "/", "%":
		return divide(op, n, a, b)
	case "&":
		n.Value = a.Value & b.Value
	case "|":
		n.Value = a.Value | b.Value
	case "^":
		n.Value = a.Value ^ b.Value
	case "<<":
		if b.Value > 63 {
			return n, false
		}
		n.Value = a.Value << b.Value
	case ">>":
		if b.Value > 63 {
			return n, false
		}
		n.Value = uint64(int64(a.Value) >> b.Value)
		if n.Unsigned {
			n.Value = a.Value >> b.Value
		}
	case "==":
		return truth(a.Value == b.Value), true
	case "!=":
		return truth(a.Value != b.Value), true
	case "<":
		return truth(less), true
	case ">=":
		return truth(!less), true
	case ">":
		return truth(!less && a.Value != b.Value), true
	case "<=":
		return truth(less || a.Value == b.Value), true
	case "&&":
		return truth(a.Value != 0 && b.Value != 0), true
	case "||":
		return truth(a.Value != 0 || b.Value != 0), true
	}
	return n.cut(), true
}

func divide(op string, n, a, b Number) (Number, bool) {
	switch {
	case b.Value == 0:
		return n, false
	case n.Unsigned && op == "/":
		n.Value = a.Value / b.Value
	case n.Unsigned:
		n.Value = a.Value % b.Value
	case op == "/":
		n.Value = uint64(int64(a.Value) / int64(b.Value))
	default:
		n.Value = uint64(int64(a.Value) % int64(b.Value))
	}
	return n.cut(), true
}

// unary reads a value with what stands before it.
func (p *parser) unary() (Number, bool) {
	if !p.enter() {
		return Number{}, false
	}
	defer p.leave()
	t := p.next()
	switch {
	case t.is("-") || t.is("~") || t.is("+") || t.is("!"):
		n, ok := p.unary()
		switch t.text {
		case "-":
			n.Value = -n.Value
		case "~":
			n.Value = ^n.Value
		case "!":
			n = truth(n.Value == 0)
		}
		return n.cut(), ok
	case t.is("("):
		if n, isCast, ok := p.cast(); isCast {
			return n, ok
		}
		n, ok := p.expression(0)
		return n, ok && p.take(")")
	case t.is("sizeof") && !p.condition:
		return p.sizeof()
	case t.kind == kNumber:
		return number(t.text)
	case t.kind == kChar:
		return char(t.text)
	case t.kind == kIdent && p.condition:
		return Number{Size: 8}, true // a name that is no macro is 0 to #if
	case t.kind == kIdent:
		n, ok := p.u.numbers[t.text]
		return Number{Value: n.Value, Size: n.Size, Unsigned: n.Unsigned}, ok
	}
	return Number{}, false
}

// cast reads a type in parentheses, and the value behind it. isCast is false,
// and nothing read, where it is no type.
func (p *parser) cast() (n Number, isCast, ok bool) {
	if p.condition || !p.typeAhead() {
		return n, false, false
	}
	t := p.typeName()
	if t == nil || !p.take(")") {
		return n, true, false
	}
	n, ok = p.unary()
	if t.kind != integer {
		return n, true, false
	}
	if t.size < 4 {
		n.Value &= 1<<(8*t.size) - 1
		if t.signed && n.Value>>(8*t.size-1) == 1 {
			n.Value |= ^uint64(0) << (8 * t.size)
		}
	}
	n.Size, n.Unsigned = max(t.size, 4), !t.signed && t.size >= 4
	return n.cut(), true, ok
}

func (p *parser) sizeof() (Number, bool) {
	if !p.take("(") || !p.typeAhead() {
		return Number{}, false
	}
	t := p.typeName()
	if t == nil || !p.take(")") || t.sizeof() < 0 {
		return Number{}, false
	}
	return Number{Value: uint64(t.sizeof()), Size: 8, Unsigned: true}, true
}

// number reads an integer with its suffix.
func number(text string) (Number, bool) {
	digits := strings.TrimRight(text, "uUlL")
	suffix := strings.ToLower(text[len(digits):])
	v, err := strconv.ParseUint(digits, 0, 64)
	if digits == "" || err != nil || strings.ContainsAny(digits, "_oO") {
		return Number{}, false
	}
	n := Number{Value: v, Size: 4, Unsigned: strings.Contains(suffix, "u")}
	decimal := digits[0] != '0'
	if strings.Contains(suffix, "l") || v>>32 != 0 || v>>31 != 0 && decimal && !n.Unsigned {
		n.Size = 8
	} else if v>>31 != 0 {
		n.Unsigned = true
	}
	if v>>63 != 0 {
		n.Unsigned = true
	}
	return n, true
}

// char reads a character; escaped ones are of no use to a header.
func char(text string) (Number, bool) {
	if len(text) == 3 && text[1] != '\\' {
		return Number{Value: uint64(text[1]), Size: 4}, true
	}
	return Number{}, false
}
