package testtwin

import (
	"bytes"
	"iter"
	"math"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/internal/kmod/nlkittest"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Numbers of attributes that faults point at.
const (
	attrNest = 9 // of a fault
	attrText = 2 // of a fault
)

// attrAt finds the last attribute of a number among those that start at an offset
// of the message, as the kernel does, and returns where it starts.
func attrAt(msg wire.Message, off int, typ uint16) (at int, a wire.Attr) {
	at = -1
	for attr, err := range wire.Attrs(msg[off:]) {
		if err != nil {
			break
		}
		if attr.Type() == typ {
			at, a = off, attr
		}
		off += wire.Align(len(attr))
	}
	return at, a
}

// text is a text as C reads it: of the last attribute of a number, up to its NUL.
// The types of the package keep one that goes on behind a NUL as it is.
func text(call *nl.Incoming, typ uint16) nl.Opt[string] {
	at, a := attrAt(call.Message(), attrsOffset, typ)
	if at < 0 {
		return nl.Opt[string]{}
	}
	v, _, _ := bytes.Cut(a.Data(), []byte{0})
	return nl.Some(string(v))
}

// attrsOffset is where the attributes of a request start.
const attrsOffset = wire.HeaderLen + 4

// shapes are the policies that an error can tell.
var shapes = map[nlkittest.Shape]netlink.AttrPolicy{
	nlkittest.ShapeUnsignedRange: {Type: netlink.PolicyU32, HasUnsigned: true, MinU: 3, MaxU: 4000000000},
	nlkittest.ShapeSignedRange:   {Type: netlink.PolicyS64, HasSigned: true, MinS: -7, MaxS: 9},
	nlkittest.ShapeMask:          {Type: netlink.PolicyU16, HasMask: true, Mask: 0x00f3},
	nlkittest.ShapeText:          {Type: netlink.PolicyNulString, HasMaxLen: true, MaxLen: 12},
	nlkittest.ShapeBytes:         {Type: netlink.PolicyBinary, HasMinLen: true, MinLen: 2, HasMaxLen: true, MaxLen: 40},
	nlkittest.ShapeBits:          {Type: netlink.PolicyBitfield32, HasBitfield32Mask: true, Bitfield32Mask: 0xffff},
	nlkittest.ShapeNest:          {Type: netlink.PolicyNested},
	nlkittest.ShapeFlag:          {Type: netlink.PolicyFlag},
}

// Fail fails as it is asked to.
func (t *Twin) Fail(call *nl.Incoming, req *nlkittest.FailRequest) error {
	t.calls.Add(1)
	errno, ok := req.Errno.Get()
	switch {
	case !ok:
		return call.Missing(".errno")
	case netlink.Errno(errno) == netlink.EINTR:
		return call.Refuse(netlink.EINVAL, ".errno", "EINTR would not be answered")
	}
	e := &netlink.Error{Errno: netlink.Errno(errno)}
	msg := call.Message()
	if n, ok := req.BadAttr.Get(); ok {
		at := -1
		if n <= math.MaxUint16 {
			at, _ = attrAt(msg, attrsOffset, uint16(n))
		}
		if at < 0 {
			return call.Refuse(netlink.EINVAL, ".bad-attr", "the request has no such attribute")
		}
		e.HasOffset, e.Offset = true, at
	}
	nestAt, nest := attrAt(msg, attrsOffset, attrNest)
	if (req.BadInner || req.MissingNest) && nestAt < 0 {
		return call.Missing(".nest")
	}
	if req.BadInner {
		if len(nest.Data()) == 0 {
			return call.Refuse(netlink.EINVAL, ".nest", "the nest is empty")
		}
		e.HasOffset, e.Offset = true, nestAt+wire.AttrHeaderLen
	}
	e.Text = text(call, attrText).Value()
	e.Cookie = req.Cookie
	if shape, ok := req.Policy.Get(); ok {
		p := shapes[shape]
		e.Policy = &p
	}
	if n, ok := req.MissingType.Get(); ok {
		e.HasMissingType, e.MissingType = true, uint16(n)
	}
	if req.MissingNest {
		e.HasMissingNest, e.MissingNest = true, nestAt
	}
	return e
}

// Warn succeeds, and says something.
func (t *Twin) Warn(call *nl.Incoming, req *nlkittest.WarnRequest) error {
	t.calls.Add(1)
	said, ok := text(call, attrText).Get()
	if !ok {
		return call.Missing(".text")
	}
	call.Warn(said)
	if req.Cookie != nil {
		call.SetCookie(req.Cookie)
	}
	return nil
}

// FailDump is a dump that fails after some entries.
func (t *Twin) FailDump(call *nl.Incoming, req *nlkittest.FailDumpRequest) iter.Seq2[*nlkittest.Fault, error] {
	return func(yield func(*nlkittest.Fault, error) bool) {
		for i := range req.Entries.Value() {
			t.calls.Add(1)
			if !yield(&nlkittest.Fault{Index: nl.U32(i + 1)}, nil) {
				return
			}
		}
		t.calls.Add(1)
		if errno, ok := req.Errno.Get(); ok {
			yield(nil, &netlink.Error{Errno: netlink.Errno(errno), ExtAck: netlink.ExtAck{Text: text(call, attrText).Value()}})
		}
	}
}

// Need asks for what is missing.
func (t *Twin) Need(call *nl.Incoming, req *nlkittest.NeedRequest) error {
	t.calls.Add(1)
	if !req.ID.IsSet() {
		return call.Missing(".id")
	}
	if req.Inner == nil {
		return call.Missing(".inner")
	}
	if !req.Inner.ID.IsSet() {
		return call.Missing(".inner.id")
	}
	if req.Inner.Deep == nil {
		return call.Missing(".inner.deep")
	}
	return nil
}
