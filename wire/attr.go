package wire

import (
	"encoding/binary"
	"iter"
	"slices"
)

// Bits of an attribute's type field.
const (
	// AttrNested marks an attribute whose value is attributes. Many families,
	// the older ones above all, nest without it.
	AttrNested uint16 = 0x8000
	// AttrNetByteOrder marks a value in network byte order. Only Netfilter uses it.
	AttrNetByteOrder uint16 = 0x4000
	// AttrTypeMask covers the type number itself.
	AttrTypeMask uint16 = 0x3fff
)

// Attr is one attribute, header and value without padding, as it lies in a
// buffer. It is a view: valid while the buffer is, and never copied by this
// package.
//
// [Attrs] yields attributes of at least [AttrHeaderLen] bytes. On a shorter
// slice the type is 0 and the value empty.
type Attr []byte

// Type returns the attribute's number, without the two flag bits.
func (a Attr) Type() uint16 {
	if len(a) < AttrHeaderLen {
		return 0
	}
	return binary.NativeEndian.Uint16(a[2:4]) & AttrTypeMask
}

// RawType returns the type field as it is, flag bits included.
func (a Attr) RawType() uint16 {
	if len(a) < AttrHeaderLen {
		return 0
	}
	return binary.NativeEndian.Uint16(a[2:4])
}

// length returns the length field as it is: of an attribute that Attrs yielded,
// len(a).
func (a Attr) length() int { return int(binary.NativeEndian.Uint16(a)) }

// IsNested reports whether the sender marked the value as nested attributes.
// A value may be nested without the mark: the family's definition decides.
func (a Attr) IsNested() bool { return a.RawType()&AttrNested != 0 }

// Data returns the value.
func (a Attr) Data() []byte {
	if len(a) < AttrHeaderLen {
		return nil
	}
	return a[AttrHeaderLen:]
}

// Attrs yields the value's attributes, as the function [Attrs] does.
func (a Attr) Attrs() iter.Seq2[Attr, error] { return Attrs(a.Data()) }

// Clone returns a copy that is the caller's.
func (a Attr) Clone() Attr { return slices.Clone(a) }

// Attrs yields the attributes in b, which must begin at an attribute header: a
// family's fixed header has to be cut off before.
//
//	for a, err := range wire.Attrs(payload) {
//		if err != nil {
//			return err
//		}
//		switch a.Type() {
//		...
//		}
//	}
//
// Where the bytes stop being attributes the last step yields a [*Malformed]
// that says where and why; all that stood before it has been yielded. Where an
// attribute occurs twice both are yielded: whether the last one wins or they
// form a list is the family's business.
func Attrs(b []byte) iter.Seq2[Attr, error] {
	// Small enough to be inlined with its loop body: then the walk allocates
	// nothing and costs what the same loop by hand does.
	return func(yield func(Attr, error) bool) {
		off := 0
		for len(b)-off >= AttrHeaderLen {
			n := int(binary.NativeEndian.Uint16(b[off:]))
			if n < AttrHeaderLen || n > len(b)-off {
				break
			}
			if !yield(Attr(b[off:off+n:off+n]), nil) {
				return
			}
			off = min(off+Align(n), len(b)) // the last one may lack its padding
		}
		if off < len(b) {
			yield(nil, attrFault(b, off))
		}
	}
}

// FindAttr returns the last attribute of type typ in b. The last one is what
// the kernel uses where an attribute occurs more than once. It reports false
// if there is none before the end of b or before malformed bytes.
func FindAttr(b []byte, typ uint16) (Attr, bool) {
	var found Attr
	for a, err := range Attrs(b) {
		if err == nil && a.Type() == typ {
			found = a
		}
	}
	return found, found != nil
}
