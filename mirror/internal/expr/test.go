package expr

import (
	"bytes"
	"net/netip"
	"slices"

	"github.com/nlkit/nlkit/ynl"
)

// equality is a test for one of several values, which are added one by one.
type equality interface {
	test
	add(c *compiler, f *field, literal token) error
}

// equality is the test of a field for equality, or for being in something.
func (f *field) equality(negated, in bool) equality {
	switch f.kind {
	case kindNumber:
		t := &numberTest{number: f.number, op: opIn}
		if negated {
			t.op = opNotIn
		}
		return t
	case kindText:
		return &textTest{not: negated}
	case kindAddr:
		return &addrTest{not: negated, in: in}
	case kindPrefix:
		return &prefixTest{not: negated, in: in, length: f.length, family: f.family}
	}
	return &bytesTest{not: negated}
}

// present holds for whatever is there.
type present struct{}

func (present) holds(_, _ []byte) bool { return true }

// operator of numbers.
type numberOp uint8

const (
	opIn numberOp = iota + 1
	opNotIn
	opLess
	opAtMost
	opMore
	opAtLeast
	opHas // all bits of it
)

var orders = map[string]numberOp{"<": opLess, "<=": opAtMost, ">": opMore, ">=": opAtLeast}

// numberTest compares a number with one, or with several.
type numberTest struct {
	number
	op   numberOp
	list []uint64 // negative ones in two's complement
}

func (t *numberTest) add(c *compiler, f *field, literal token) error {
	v, err := c.number(f, literal)
	t.list = append(t.list, v)
	return err
}

func (t *numberTest) holds(p, _ []byte) bool {
	v, ok := t.number.of(p)
	return ok && t.compare(v)
}

func (t *numberTest) compare(v uint64) bool {
	switch t.op {
	case opIn:
		return slices.Contains(t.list, v)
	case opNotIn:
		return !slices.Contains(t.list, v)
	case opHas:
		return v&t.list[0] == t.list[0]
	}
	less, equal := v < t.list[0], v == t.list[0]
	if t.signed {
		less = int64(v) < int64(t.list[0])
	}
	switch t.op {
	case opLess:
		return less
	case opAtMost:
		return less || equal
	case opMore:
		return !less && !equal
	}
	return !less
}

// textTest compares a text with some.
type textTest struct {
	not  bool
	list []string
}

func (t *textTest) add(_ *compiler, _ *field, literal token) error {
	t.list = append(t.list, literal.text)
	return nil
}

func (t *textTest) holds(p, _ []byte) bool {
	p = trimNUL(p)
	for _, s := range t.list {
		if string(p) == s {
			return !t.not
		}
	}
	return t.not
}

// bytesTest compares bytes with some.
type bytesTest struct {
	not  bool
	list [][]byte
}

func (t *bytesTest) add(c *compiler, f *field, literal token) error {
	b, err := c.bytes(f, literal)
	t.list = append(t.list, b)
	return err
}

func (t *bytesTest) holds(p, _ []byte) bool {
	for _, b := range t.list {
		if bytes.Equal(p, b) {
			return !t.not
		}
	}
	return t.not
}

// addrTest compares an address with prefixes: it is one of them, or lies within one.
type addrTest struct {
	not, in bool
	list    []netip.Prefix
}

func (t *addrTest) add(c *compiler, f *field, literal token) error {
	p, err := c.prefix(f, literal, t.in)
	t.list = append(t.list, p)
	return err
}

func (t *addrTest) holds(p, _ []byte) bool {
	addr, ok := netip.AddrFromSlice(p)
	if !ok {
		return false
	}
	for _, in := range t.list {
		if in.Contains(addr) {
			return !t.not
		}
	}
	return t.not
}

// prefixTest compares a prefix with some.
type prefixTest struct {
	not, in        bool
	length, family int  // where they are in the header
	all            bool // the whole of either address family is one of them
	list           []netip.Prefix
}

func (t *prefixTest) add(c *compiler, f *field, literal token) error {
	if literal.kind == tokenWord && literal.text == wordDefault {
		if t.in {
			return c.errorf(literal, "everything lies in default: write %s == default for the default route", f.name)
		}
		t.all = true
		return nil
	}
	p, err := c.prefix(f, literal, true)
	t.list = append(t.list, p)
	return err
}

// Numbers of address families (linux/socket.h).
const (
	familyInet  = 2
	familyInet6 = 10
)

func (t *prefixTest) holds(p, record []byte) bool {
	if max(t.length, t.family) >= len(record) {
		return false
	}
	bits := int(record[t.length])
	if p == nil {
		switch record[t.family] {
		case familyInet:
			p = zeros[:4]
		case familyInet6:
			p = zeros[:]
		default:
			return false
		}
	}
	addr, ok := netip.AddrFromSlice(p)
	if !ok || bits > addr.BitLen() {
		return false
	}
	if t.all && bits == 0 {
		return !t.not
	}
	for _, in := range t.list {
		if in.Contains(addr) && (in.Bits() == bits || t.in && in.Bits() < bits) {
			return !t.not
		}
	}
	return t.not
}

var zeros [16]byte

// network is an integer that is an address: its bytes are in the order of those.
func network(order ynl.ByteOrder) bool {
	return order == ynl.BigEndian || order == ynl.Native && hostIsBig
}
