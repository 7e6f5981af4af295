// Package codec encodes and decodes messages by the names of a spec.
//
// A [Layout] says what a payload is made of: a fixed header, and attributes of a
// set. [Layout.Decode] makes an [Object] of it, values by name in the order of
// the wire; [Layout.AppendJSON] writes it as JSON without anything in between;
// [Layout.Append] encodes what either has made, and whatever else in Go or JSON
// says the same.
//
// # Nothing is lost
//
// What the spec does not know is kept and shown: an attribute without a name is
// called by its number ("attr-60"), an enum's unknown value is a number, unknown
// bits of flags are a number beside the names, a sub-message of unknown format
// is its attributes by number or its bytes, and what stands behind the known
// members of a struct is kept as ":rest". A payload that is not what its
// attribute's type says is kept as bytes. An Object that was decoded encodes to
// the very bytes it came from, but for the padding between the attributes of the
// message itself, which becomes zeros. What a kernel sends need not be what it
// takes: [Options.Unchecked] is for that.
//
// # Values
//
//	u8 to u64, uint          uint64
//	s8 to s64, sint          int64
//	with an enum             string, its name; the number where it has none
//	flags                    Flags
//	flag                     true
//	string                   string; Raw where it is no UTF-8 or has a NUL inside
//	binary                   []byte
//	  with an address's hint netip.Addr, net.HardwareAddr, UUID
//	  with a struct          Object
//	  with a sub-type        []any
//	bitfield32               Object of "value" and "selector"
//	nest, sub-message        Object
//	nest-type-value          Object, or []any of them
//	indexed-array            Array
//	unknown                  []byte, or Object where it is a nest
//	not what its type says   Raw
//
// A multi-attr that stands several times is as many fields of that name.
package codec
