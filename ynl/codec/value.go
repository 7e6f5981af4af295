package codec

import (
	"github.com/nlkit/nlkit/ynl"
)

// Object is what a message, a nest or a struct holds: values by name, in the
// order they have on the wire. A name can be there several times.
type Object []Field

// Field is one named value. Name and Value are all that is needed to encode one;
// the rest tells where a decoded one came from, and lets it be encoded to the
// same bytes.
type Field struct {
	Name  string
	Value any // see the package's text for the types

	Attr   *ynl.Attr   // the attribute it is; nil for members, and where it is unknown
	Member *ynl.Member // the member of a struct it is; nil for attributes
	// Type is the attribute's type as it was received, with the flags in its two
	// highest bits. Zero means the one that the name calls for.
	Type uint16
	// Payload is the attribute's payload as it was received, where Value alone
	// would be encoded differently: a string with two NULs behind it, say. It
	// prevails over Value; set it to nil with a new Value.
	Payload []byte
}

// Get returns the first value of a name, and nil where there is none.
func (o Object) Get(name string) any {
	for i := range o {
		if o[i].Name == name {
			return o[i].Value
		}
	}
	return nil
}

// All returns all values of a name, in order.
func (o Object) All(name string) []any {
	var out []any
	for i := range o {
		if o[i].Name == name {
			out = append(out, o[i].Value)
		}
	}
	return out
}

// Has reports whether there is a field of that name.
func (o Object) Has(name string) bool {
	for i := range o {
		if o[i].Name == name {
			return true
		}
	}
	return false
}

// Flags are the names of the bits that are set, the lowest first. Bits without a
// name are one number at the end, in hexadecimal: "0x30".
type Flags []string

// Array is the value of an indexed array.
type Array []Element

// Element is one element of an indexed array.
type Element struct {
	Index   uint16
	Value   any
	Type    uint16 // as in Field
	Payload []byte // as in Field
}

// Raw is a payload that is not what its attribute's type says. In JSON it is
// {":hex": "0a0b"}, which is understood in place of any value.
type Raw []byte

// UUID is a universally unique identifier.
type UUID [16]byte
