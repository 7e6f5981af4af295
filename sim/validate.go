package sim

import (
	"bytes"
	"encoding/binary"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Texts of the kernel's own checks, to the letter: they are part of the answer,
// which the tests compare with the kernel's.
const (
	textFailed     = "Attribute failed policy validation"
	textUnknown    = "Unknown attribute type"
	textLeftover   = "bytes leftover after parsing attributes"
	textDepth      = "allowed policy recursion depth exceeded"
	textLength     = "invalid attribute length"
	textNeedNested = "NLA_F_NESTED is missing"
	textNoNested   = "NLA_F_NESTED not expected"
	textShortEntry = "Array element too short"
	textUnspec     = "Unsupported attribute"
	textBinary     = "binary attribute size out of range"
	textRange      = "integer out of range"
	textReserved   = "reserved bit set"
)

// maxNesting is how deep policies are followed.
const maxNesting = 10

// validation walks the attributes of a request. strict is NL_VALIDATE_STRICT,
// else NL_VALIDATE_LIBERAL.
type validation struct {
	msg    []byte
	ext    *netlink.ExtAck
	strict bool
}

// validate checks the request's attributes; nil checks nothing.
func (r *Request) validate(p Policy, strict bool) error {
	if p == nil {
		return nil
	}
	v := &validation{msg: r.msg, ext: &r.ext, strict: strict}
	if errno := v.attrs(r.payload, len(r.msg), p, 0); errno != 0 {
		return errno
	}
	return nil
}

// Check checks the attributes between two offsets of a message, strictly, the way
// a handler of the kernel does with what the policy of the operation says nothing
// about. The error is a [*netlink.Error] with all that the kernel tells, or nil.
func (p Policy) Check(msg wire.Message, off, end int) error {
	var ext netlink.ExtAck
	v := &validation{msg: msg, ext: &ext, strict: true}
	if errno := v.attrs(off, end, p, 0); errno != 0 {
		return &netlink.Error{Errno: errno, ExtAck: ext}
	}
	return nil
}

// attrs checks the attributes between two offsets of the message.
func (v *validation) attrs(off, end int, p Policy, depth int) netlink.Errno {
	if depth >= maxNesting {
		v.ext.Text = textDepth
		return netlink.EINVAL
	}
	for end-off >= wire.AttrHeaderLen {
		n := int(binary.NativeEndian.Uint16(v.msg[off:]))
		if n < wire.AttrHeaderLen || n > end-off {
			break
		}
		typ := int(wire.Attr(v.msg[off : off+n]).Type())
		switch {
		case typ > 0 && typ < len(p):
			if errno := v.attr(off, n, &p[typ], depth); errno != 0 {
				return errno
			}
		case v.strict:
			return v.fail(netlink.EINVAL, textUnknown, off, nil)
		}
		off = min(off+wire.Align(n), end)
	}
	if off < end {
		v.ext.Text = textLeftover // a warning where it is no error
		if v.strict {
			return netlink.EINVAL
		}
	}
	return 0
}

// fail fills the extended ACK. rule is nil where the policy is not told.
func (v *validation) fail(errno netlink.Errno, text string, off int, rule *Rule) netlink.Errno {
	v.ext.Text = text
	v.ext.HasOffset, v.ext.Offset = true, off
	v.ext.Policy = nil
	if rule != nil {
		if p, ok := rule.describe(); ok {
			v.ext.Policy = &p
		}
	}
	return errno
}

// attr checks one attribute of n bytes, header included, in the kernel's order.
func (v *validation) attr(off, n int, rule *Rule, depth int) netlink.Errno {
	a := wire.Attr(v.msg[off : off+n])
	value := a.Data()
	size := len(value)
	nest := rule.Kind == Nested || rule.Kind == NestedArray
	if v.strict {
		switch {
		case rule.Kind.fixed() && size != rule.Kind.minLen():
			return v.fail(netlink.EINVAL, textLength, off, rule)
		case nest && !a.IsNested():
			return v.fail(netlink.EINVAL, textNeedNested, off, rule)
		case !nest && rule.Kind != Unspec && a.IsNested():
			return v.fail(netlink.EINVAL, textNoNested, off, rule)
		}
	}
	failed := func(errno netlink.Errno) netlink.Errno { return v.fail(errno, textFailed, off, rule) }
	switch rule.Kind {
	case Reject:
		if rule.Text != "" {
			return v.fail(netlink.EINVAL, rule.Text, off, nil)
		}
		return failed(netlink.EINVAL)
	case Flag:
		if size > 0 {
			return failed(netlink.ERANGE)
		}
	case Uint, Sint:
		if size != 4 && size != 8 {
			return v.fail(netlink.EINVAL, textLength, off, rule)
		}
	case Bitfield32:
		if size != 8 {
			return failed(netlink.ERANGE)
		}
		if !bitsAllowed(a, uint32(rule.Mask)) {
			return failed(netlink.EINVAL)
		}
	case NulString, String:
		if errno := v.text(off, value, rule); errno != 0 {
			return errno
		}
	case Binary:
		if rule.Len > 0 && size > rule.Len {
			return failed(netlink.ERANGE)
		}
		if rule.ranged() && (size < rule.MinLen || rule.MaxLen > 0 && size > rule.MaxLen) {
			return v.fail(netlink.ERANGE, textBinary, off, rule)
		}
	case Nested, NestedArray:
		return v.nest(off, n, rule, depth)
	case Unspec:
		if v.strict {
			return v.fail(netlink.EINVAL, textUnspec, off, nil)
		}
		if size < rule.Len {
			return failed(netlink.ERANGE)
		}
	default:
		least := rule.Kind.minLen()
		if rule.Len > 0 {
			least = rule.Len
		}
		if size < least {
			return failed(netlink.ERANGE)
		}
	}
	return v.value(off, value, rule)
}

// value checks what an attribute of the right length says.
func (v *validation) value(off int, value []byte, rule *Rule) netlink.Errno {
	if rule.Valid != nil {
		if errno, text := rule.Valid(value); errno != 0 {
			return v.fail(errno, text, off, nil)
		}
		return 0
	}
	if rule.Range == nil && rule.Mask == 0 {
		return 0
	}
	u, s, ok := rule.Kind.number(value)
	switch {
	case !ok:
	case rule.Mask != 0:
		if u&^rule.Mask != 0 {
			return v.fail(netlink.EINVAL, textReserved, off, nil)
		}
	case !rule.Range.has(rule.Kind, u, s):
		return v.fail(netlink.ERANGE, textRange, off, rule)
	}
	return 0
}

// text checks a string. A missing NUL and a string that is too long have
// different numbers, in this order.
func (v *validation) text(off int, value []byte, rule *Rule) netlink.Errno {
	if rule.Kind == NulString {
		look := len(value)
		if rule.Len > 0 {
			look = min(look, rule.Len+1)
		}
		if bytes.IndexByte(value[:look], 0) < 0 {
			return v.fail(netlink.EINVAL, textFailed, off, rule)
		}
	}
	size := len(value)
	if size == 0 {
		return v.fail(netlink.ERANGE, textFailed, off, rule)
	}
	if value[size-1] == 0 {
		size--
	}
	if rule.Len > 0 && size > rule.Len {
		return v.fail(netlink.ERANGE, textFailed, off, rule)
	}
	return 0
}

// nest checks what lies in a nest. An empty one is fine.
func (v *validation) nest(off, n int, rule *Rule, depth int) netlink.Errno {
	size := n - wire.AttrHeaderLen
	if size == 0 {
		return 0
	}
	if size < wire.AttrHeaderLen {
		return v.fail(netlink.ERANGE, textFailed, off, rule)
	}
	if rule.Nested == nil {
		return 0
	}
	if rule.Kind == Nested {
		return v.attrs(off+wire.AttrHeaderLen, off+n, rule.Nested, depth+1)
	}
	// An array's entries are numbered by the sender; what follows the last whole
	// one is not looked at.
	at, end := off+wire.AttrHeaderLen, off+n
	for end-at >= wire.AttrHeaderLen {
		m := int(binary.NativeEndian.Uint16(v.msg[at:]))
		if m < wire.AttrHeaderLen || m > end-at {
			break
		}
		switch {
		case m == wire.AttrHeaderLen:
		case m < 2*wire.AttrHeaderLen:
			return v.fail(netlink.ERANGE, textShortEntry, at, nil)
		default:
			if errno := v.attrs(at+wire.AttrHeaderLen, at+m, rule.Nested, depth+1); errno != 0 {
				return errno
			}
		}
		at = min(at+wire.Align(m), end)
	}
	return 0
}

func bitsAllowed(a wire.Attr, mask uint32) bool {
	bits, err := a.Bitfield32()
	return err == nil && mask != 0 && bits.Selector&^mask == 0 && bits.Value&^mask == 0 && bits.Value&^bits.Selector == 0
}
